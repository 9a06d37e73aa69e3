"""The two lines by which a mail is chosen from a list: the subject and the preheader."""

from __future__ import annotations

from monitor.digest.facts import Facts, Selection
from monitor.digest.phrases import name_of
from monitor.text import one_line, shorten

MAX_SUBJECT = 78


def subject(facts: Facts, selection: Selection) -> str:
    """Return what is inside, in at most 78 characters: ``3 new on diffusion classifiers, 1 revised``; else nothing."""
    say = facts.words
    new = [one for one in selection.chosen if one.verdict.kind != "revised"]
    revised = len(selection.chosen) - len(new)
    found = [topic.name for topic in facts.profile.topics if any(one.best.topic == topic.name for one in new)]
    parts: list[str] = []
    if len(found) > 1:
        parts.append(say("subject-new-and-others", count=len(new), topic=name_of(found[0]), others=len(found) - 1))
    elif new:
        parts.append(say("subject-new", count=len(new), topic=name_of(found[0])))
    if revised:
        parts.append(say("subject-revised", count=revised))
    if facts.tells_trends:
        begin = [one for one in facts.trends if one.kind != "paper" and one.state in ("emerging", "rising")]
        parts += [say("subject-rising", name=trend.name) for trend in begin[:1]]
    return _fitting(parts)


def quiet_subject(facts: Facts) -> str:
    """Return the subject of a digest with nothing inside, in at most 78 characters."""
    say = facts.words
    quiet = say("subject-quiet", profile=facts.profile.name, day=say.date("day", facts.local_date))
    return shorten(one_line(quiet), MAX_SUBJECT)


def preheader(facts: Facts, selection: Selection) -> str:
    """Return the line that a mail client shows beside the subject: the best titles."""
    titles = [shorten(one.paper.title, 70) for one in selection.chosen[:2]]
    return " · ".join(titles) or facts.words("preheader-quiet")


def _fitting(parts: list[str]) -> str:
    line = shorten(one_line(parts[0]), MAX_SUBJECT) if parts else ""
    for part in parts[1:]:
        if len(line) + 2 + len(part) <= MAX_SUBJECT:
            line += f", {one_line(part)}"
    return line
