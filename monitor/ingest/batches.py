"""What the ledger says of an announcement: whole, open, rightly silent or suspect; and which were missed. Pure."""

from __future__ import annotations

import statistics
from collections.abc import Callable, Collection, Sequence
from datetime import UTC, date, datetime, time, timedelta

from monitor.types.ledger import BatchState

LOOK_BACK = timedelta(days=30)
"""Announcements missed longer ago are left to ``monitor backfill``."""
_SHRUNKEN = 0.25
_ENOUGH = 5
_NOTABLE = 8


def weigh(
    announced: int, usual: Sequence[int], silence: str, *, is_open: bool, is_daily: bool
) -> tuple[BatchState, str]:
    """Return the state of an announcement of ``announced`` papers, and why in a few words.

    ``usual`` holds the sizes of the last whole ones, ``silence`` says why none was due (or is empty), ``is_open``
    that its day is not over, and ``is_daily`` that the source announces by the day. Empty where something was due, or
    under a quarter of the median of five or more, is suspect.
    """
    if silence and announced == 0:
        return "silent", silence
    if is_open:
        return "open", "its day is not over"
    if announced == 0 and (is_daily or any(usual)):
        return "suspect", "empty, though papers were due" if is_daily else "empty, though it held papers before"
    if is_daily and not silence and len(usual) >= _ENOUGH:
        median = statistics.median(usual)
        if median >= _NOTABLE and announced < _SHRUNKEN * median:
            return "suspect", f"{announced} papers where {median:.0f} are usual"
    return "whole", silence


def is_open(day: date, at: datetime) -> bool:
    """Whether ``day`` (UTC) is not over at a moment."""
    return at < datetime.combine(day, time(), UTC) + timedelta(days=1)


def missed(known: Collection[date], since: date, today: date, silence: Callable[[date], str]) -> tuple[date, ...]:
    """Return the days between ``since`` and yesterday on which an announcement was due and none was read, in order.

    A day before the newest one that was read is missed at once; one after it only when it is two days gone, because
    sources are late now and then.
    """
    newest = max(known, default=since)
    first = max(since, today - LOOK_BACK)
    days = (first + timedelta(days=number) for number in range((today - first).days))
    return tuple(
        day
        for day in days
        if day not in known and not silence(day) and (day < newest or today - day >= timedelta(days=2))
    )
