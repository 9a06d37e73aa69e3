"""The small phrases that digests are made of: counts, bylines, ages, likelihoods and why-lines."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime

from monitor.text import shorten
from monitor.types.papers import Paper, Picked
from monitor.types.profiles import WEEKDAYS, Schedule, Weekday
from monitor.types.verdicts import Match, Reason, ReasonKind

_MAX_LEADS, _MAX_EACH = 3, 2  # kinds of reason, and reasons of one kind: more is not read
SURE = 0.95
_LIKELIHOODS = ((0.85, "almost surely yours"), (0.65, "likely yours"), (0.45, "probably yours"), (0.0, "maybe yours"))


def count(number: int, one: str, many: str = "") -> str:
    """Return ``1 paper``, ``3 papers``, ``1,204 papers``."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def listed(parts: Iterable[str], joint: str = "and") -> str:
    """Return ``a``, ``a and b`` or ``a, b and c``."""
    *firsts, last = list(parts) or [""]
    return f"{', '.join(firsts)} {joint} {last}" if firsts else last


def day(moment: date) -> str:
    """Return a date as people write it: ``Fri 20 Nov``."""
    return f"{moment:%a} {moment.day} {moment:%b}"


def days(names: Sequence[Weekday]) -> str:
    """Return the days of a schedule as people say them: ``every day``, ``on weekdays``, ``on Mon and Thu``."""
    if len(names) == len(WEEKDAYS):
        return "every day"
    if tuple(names) == WEEKDAYS[:5]:
        return "on weekdays"
    return "on " + listed(name.title() for name in names)


def schedule(of: Schedule) -> str:
    """Return when digests leave, as people say it: ``on weekdays at 08:00 and 18:00 (Europe/Berlin)``."""
    which = days(of.days)
    if of.monthly:
        which = "on the first of each month" if len(of.days) == len(WEEKDAYS) else f"{which}, the first of each month,"
    hours = listed(f"{hour:%H:%M}" for hour in of.at)
    when = f"after {of.after}, from {hours} to {of.by:%H:%M}" if of.after else f"at {hours}"
    return f"{which} {when} ({of.timezone})"


def byline(authors: tuple[str, ...]) -> str:
    """Return two authors and how many more there are; empty where the source names none."""
    shown = ", ".join(authors[:2])
    more = len(authors) - 2
    return f"{shown} and {count(more, 'other')}" if more > 0 else shown


def picked(sources: Sequence[Picked]) -> str:
    """Return who lists a paper, and how much later than the first: ``arxiv, then hf 3 days later``."""
    parts = [one.source for one in sources[:1]]
    for one in sources[1:]:
        later = (one.day - sources[0].day).days
        parts.append(f"then {one.source} {count(later, 'day')} later" if later else one.source)
    return ", ".join(parts)


def age(paper: Paper, now: datetime) -> str:
    """Return how long ago the paper came out, or else when we first saw it."""
    if paper.published is None:
        return f"first seen {day(paper.first_seen.date())}"
    days = (now.date() - paper.published.date()).days
    if days <= 0:
        return "out today"
    if days < 60:
        return "out yesterday" if days == 1 else f"{days} days old"
    return f"from {paper.published:%B %Y}"


def likelihood(probability: float) -> str:
    """Return words for a probability, with the figure; near certainty is not claimed to the percent."""
    words = next(words for bound, words in _LIKELIHOODS if probability >= bound)
    return f"{words}, {probability:.0%}" if probability < SURE else f"{words}, over {SURE:.0%}"


def why(match: Match) -> str:
    """Return why a paper is here, strongest kind of reason first, in the reader's own terms."""
    grouped: dict[str, list[str]] = {}
    for reason in match.reasons:
        lead, said = _LEADS[reason.kind], _said(reason)
        if lead not in grouped and len(grouped) == _MAX_LEADS:
            continue
        if said not in grouped.setdefault(lead, []) and len(grouped[lead]) < _MAX_EACH:
            grouped[lead].append(said)
    return "; ".join(f"{lead} {listed(said)}" for lead, said in grouped.items()) or "near what you describe"


def _said(reason: Reason) -> str:
    text = shorten(reason.text, 90)
    if reason.kind in ("author", "category"):
        return text
    return f"“{text}” in the {reason.where}" if reason.where else f"“{text}”"


_LEADS: dict[ReasonKind, str] = {
    "query": "you ask for",
    "keyword": "you ask for",
    "author": "you follow",
    "category": "listed in",
    "like": "close to what you like:",
    "about": "near your description:",
    "phrase": "it says",
}
