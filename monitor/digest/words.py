"""The small phrases that digests are made of: counts, bylines, ages, likelihoods and why-lines."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

from monitor.text import shorten
from monitor.types.papers import Paper
from monitor.types.verdicts import Match, Reason

_MAX_REASONS = 4
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


def byline(authors: tuple[str, ...]) -> str:
    """Return two authors and how many more there are; empty where the source names none."""
    shown = ", ".join(authors[:2])
    more = len(authors) - 2
    return f"{shown} and {count(more, 'other')}" if more > 0 else shown


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
    """Return words for a probability, with the figure."""
    words = next(words for bound, words in _LIKELIHOODS if probability >= bound)
    return f"{words}, {probability:.0%}"


def why(match: Match) -> str:
    """Return why a paper is here, strongest reason first, in the reader's own terms."""
    reasons = [_reason(one) for one in match.reasons[:_MAX_REASONS]]
    return "; ".join(dict.fromkeys(filter(None, reasons))) or "near what you describe"


def _reason(reason: Reason) -> str:
    text = shorten(reason.text, 90)
    where = f" in the {reason.where}" if reason.where else ""
    match reason.kind:
        case "like":
            return f"close to “{text}”, which you like"
        case "author":
            return f"by {text}, whom you follow"
        case "category":
            return f"listed in {text}"
        case "about":
            return f"near your description: {text}" if text else ""
        case "query" | "keyword":
            return f"you ask for “{text}”{where and ', ' + where.strip()}"
        case _:
            return f"“{text}”{where}"
