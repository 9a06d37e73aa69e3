"""Whether what came is news, comes late, or is from before we watched. Pure."""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Literal

from monitor.types.verdicts import Arrival

FIRST_LOOK = timedelta(days=7)
"""What a source shows at its first reading is news when it is not older than this: the rest is its past."""
LONG_ABSENCE = timedelta(days=180)
"""A paper that a source did not list for so long, and lists again, has resurfaced."""
_FLOOD = 5
_SMALL = 50
_ENOUGH = 5
_COPIES = 20


@dataclass(frozen=True, slots=True)
class Reading:
    """Why an answer was asked for: a poll, a missed announcement, or the past; ``is_first`` of its source or not.

    ``is_daily`` says that the source announces by the day. ``max_age`` is how long ago a paper may have been published
    to be announced at all.
    """

    purpose: Literal["poll", "missed", "past"] = "poll"
    is_first: bool = False
    is_daily: bool = False
    max_age: timedelta = timedelta(days=30)


def arrival(published: datetime | None, day: date, at: datetime, reading: Reading) -> Arrival:
    """Return how a paper arrives that is listed under ``day`` and read ``at`` (aware UTC).

    At the first reading of a source, what it announced over a week ago is its past.
    """
    if reading.purpose == "past":
        return "past"
    if published is not None and at - published > reading.max_age:
        return "past"
    if reading.is_first and _age(published, day, at, reading) > FIRST_LOOK:
        return "past"
    return "late" if reading.purpose == "missed" else "on time"


def _age(published: datetime | None, day: date, at: datetime, reading: Reading) -> timedelta:
    """Return how old an item is as news: since its announcement where there is one, else since its own date."""
    return at.date() - day if reading.is_daily or published is None else at - published


def is_flood(new: int, usual: Sequence[int]) -> bool:
    """Whether ``new`` papers at once are a feed that was moved or rebuilt, and not news.

    ``usual`` holds the numbers of new papers of the listings before. More than five times their median is a flood, once
    there are five listings to go by; up to fifty papers never are.
    """
    return len(usual) >= _ENOUGH and new > max(_SMALL, _FLOOD * statistics.median(usual))


def is_copied_flood(copies: int, new: int) -> bool:
    """Whether a source lists everything anew: half or more of its ``new`` papers, and at least 20, are ``copies``.

    Those are papers that surely say what it listed before under another name.
    """
    return copies >= _COPIES and 2 * copies >= new
