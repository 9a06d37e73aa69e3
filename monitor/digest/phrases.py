"""The small phrases that digests are made of, in the reader's language: bylines, ages, likelihoods and why-lines."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta

from monitor.text import shorten
from monitor.types.papers import Paper, Picked
from monitor.types.profiles import WEEKDAYS, Schedule, Weekday
from monitor.types.verdicts import Match, Reason
from monitor.words import Words

SURE = 0.95
_MAX_LEADS, _MAX_EACH = 3, 2  # kinds of reason, and reasons of one kind: more is not read
_LIKELIHOODS = (0.85, 0.65, 0.45)
_PLACE = 60
_MONDAY = date(2024, 1, 1)


def name_of(topic: str) -> str:
    """Return a topic's name in words: ``diffusion-classifiers`` becomes ``diffusion classifiers``."""
    return topic.replace("-", " ").replace("_", " ").strip()


def title_of(topic: str) -> str:
    """Return a topic's name as a heading: ``diffusion-classifiers`` becomes ``Diffusion classifiers``."""
    return name_of(topic)[:1].upper() + name_of(topic)[1:]


def days(say: Words, names: Sequence[Weekday]) -> str:
    """Return the days of a schedule as people say them: ``every day``, ``on weekdays``, ``on Mon and Thu``."""
    if len(names) == len(WEEKDAYS):
        return say("days-all")
    if tuple(names) == WEEKDAYS[:5]:
        return say("days-weekdays")
    dates = (_MONDAY + timedelta(days=WEEKDAYS.index(name)) for name in names)
    return say("days-some", days=say.listed(say.date("weekday", one) for one in dates))


def schedule(say: Words, of: Schedule) -> str:
    """Return when digests leave, as people say it: ``on weekdays at 08:00 and 18:00 (Europe/Berlin)``."""
    which = days(say, of.days)
    if of.monthly:
        which = say("days-first") if len(of.days) == len(WEEKDAYS) else say("days-first-of", days=which)
    hours = say.listed(f"{hour:%H:%M}" for hour in of.at)
    if of.after:
        when = say("hours-after", source=of.after, hours=hours, by=f"{of.by:%H:%M}")
    else:
        when = say("hours-at", hours=hours)
    return say("schedule", days=which, hours=when, timezone=of.timezone)


def byline(say: Words, paper: Paper) -> str:
    """Return two authors and how many more there are, and where they work; empty where the source names neither."""
    shown = ", ".join(paper.authors[:2])
    more = len(paper.authors) - 2
    people = say("byline-more", authors=shown, count=more) if more > 0 else shown
    return " · ".join(filter(None, (people, places(say, paper))))


def places(say: Words, paper: Paper) -> str:
    """Return a paper's first institution and how many more there are; empty where no source names one."""
    first, more = shorten(next(iter(paper.institutions), ""), _PLACE), len(paper.institutions) - 1
    return say("places-more", place=first, count=more) if more > 0 else first


def picked(say: Words, sources: Sequence[Picked]) -> str:
    """Return who lists a paper, and how much later than the first: ``arxiv, then hf 3 days later``."""
    parts = [one.source for one in sources[:1]]
    for one in sources[1:]:
        later = (one.day - sources[0].day).days
        parts.append(say("picked-later", source=one.source, days=later) if later else one.source)
    return ", ".join(parts)


def age(say: Words, paper: Paper, now: datetime) -> str:
    """Return how long ago the paper came out, or else when we first saw it."""
    if paper.published is None:
        return say("age-first-seen", day=say.date("day", paper.first_seen.date()))
    days = (now.date() - paper.published.date()).days
    if days <= 0:
        return say("age-today")
    if days < 60:
        return say("age-yesterday") if days == 1 else say("age-days", count=days)
    return say("age-month", month=say.date("month", paper.published.date()))


def likelihood(say: Words, probability: float) -> str:
    """Return words for a probability, with the figure; near certainty is not claimed to the percent."""
    share = say("share", share=round(probability, 2)) if probability < SURE else say("share-over", share=SURE)
    return say(f"likelihood-{1 + sum(probability >= bound for bound in _LIKELIHOODS)}", share=share)


def why(say: Words, match: Match) -> str:
    """Return why a paper is here, strongest kind of reason first, in the reader's own terms."""
    grouped: dict[str, dict[str, str]] = {}
    for reason in match.reasons:
        lead = "query" if reason.kind == "keyword" else reason.kind
        if lead not in grouped and len(grouped) == _MAX_LEADS:
            continue
        told = grouped.setdefault(lead, {})  # what was found, once, and where
        if len(told) < _MAX_EACH:
            told.setdefault(_said(say, reason), reason.where)
    return "; ".join(say(f"reason-{lead}", what=_placed(say, told)) for lead, told in grouped.items()) or say(
        "why-near"
    )


def _said(say: Words, reason: Reason) -> str:
    text = shorten(reason.text, 90)
    return text if reason.kind in ("follow", "author", "institution", "category") else say("quoted", text=text)


def _placed(say: Words, told: Mapping[str, str]) -> str:
    """Return what was found, with where: ``“ddpm” and “denois*” in the title``."""
    places = list(dict.fromkeys(told.values()))
    texts = [(place, say.listed(text for text, where in told.items() if where == place)) for place in places]
    return say.listed(say("said-in", where=place, text=text) if place else text for place, text in texts)
