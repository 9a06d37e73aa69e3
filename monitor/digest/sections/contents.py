"""The lines at the top: one a topic, so that a glance tells what came."""

from __future__ import annotations

from collections.abc import Mapping

from monitor.digest.facts import Facts, Selection
from monitor.digest.phrases import title_of
from monitor.types.digests import Contents, Section, Tally
from monitor.words import Words

LATE = "late"
"""The name by which the lines at the top point to what came late."""
MOST_LINES = 12
"""Topics named at the top; a profile with more tells the quiet ones in one line."""


def section(facts: Facts, selection: Selection, _summaries: Mapping[int, str]) -> Section | None:
    """Return one line for each topic of the profile, and one for what is rising."""
    say = facts.words
    topics = [topic.name for topic in facts.profile.topics]
    quiet = [name for name in topics if not selection.of_topic(name)]
    if len(topics) > MOST_LINES:
        topics = [name for name in topics if name not in quiet]
    tallies = [_topic(name, selection, say) for name in topics[:MOST_LINES]]
    unnamed = max(0, len(topics) - MOST_LINES)
    if len(facts.profile.topics) > MOST_LINES:
        tallies.append(Tally(say("other-topics", count=unnamed + len(quiet)), say("tally-others", busy=unnamed)))
    if facts.tells_trends:
        names = [say("quoted", text=trend.name) for trend in facts.trends if trend.kind != "paper"][:2]
        text = say.listed(names) if names else say("papers", count=len(facts.trends))
        tallies.append(Tally(say("rising"), text, "rising"))
    return Section("contents", (Contents(tuple(tallies), _lead(facts, selection)),))


def _lead(facts: Facts, selection: Selection) -> str:
    """Return how much of what was listed is in the digest; nothing where that would be no share."""
    chosen, read = len(selection.chosen), sum(batch.read for batch in facts.batches)
    if not 0 < chosen < read:
        return ""
    return facts.words("lead", papers=facts.words("papers", count=chosen), count=read)


def _topic(topic: str, selection: Selection, say: Words) -> Tally:
    here = selection.of_topic(topic)
    late = sum(one.is_late for one in here)
    revised = sum(one.verdict.kind == "revised" and not one.is_late for one in here)
    new = len(here) - revised - late
    counts = {"tally-new": new, "tally-revised": revised, "tally-late": late}
    parts = [say(name, count=count) for name, count in counts.items() if count]
    anchor = anchor_of(topic) if new or revised else LATE if late else ""
    return Tally(title_of(topic), say.listed(parts) if parts else say("tally-quiet"), anchor)


def anchor_of(topic: str) -> str:
    """Return the name by which the lines at the top point to a topic."""
    return "topic-" + "".join(char if char.isascii() and char.isalnum() else "-" for char in topic.lower())
