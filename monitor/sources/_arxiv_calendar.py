"""When arXiv announces: its deadlines, its holidays, and what was submitted for one day's announcement.

Submissions close at 14:00 US Eastern from Monday to Friday. What closed is announced at 20:00, a Friday's on Sunday,
and stands in the feeds of the next weekday (https://info.arxiv.org/help/availability.html). On a holiday there is no
deadline, so the feeds of the weekday after it are empty and what came in goes with the next deadline. arXiv's page on
its feeds calls those of the holiday itself empty; in 2025 they held what had closed the day before. So both days
may be silent, and neither has to be.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

_DAY = timedelta(days=1)
_DEADLINE = time(14)
_ZONE = "America/New_York"
_DECREED = {  # in arXiv's list for the year, and in no rule
    date(2026, 12, 29): "arXiv's winter break",
    date(2026, 12, 31): "arXiv's winter break",
}


def local_day(moment: datetime) -> date:
    """Return the day of an aware moment on arXiv's own calendar, US Eastern."""
    return moment.astimezone(ZoneInfo(_ZONE)).date()


def silence(day: date, holidays: Collection[date] = ()) -> str:
    """Return why the feeds of ``day`` may be empty, or ``""`` when papers are due; ``holidays`` adds to the known."""
    if day.weekday() >= 5:
        return f"{day:%A}"
    if name := _holiday(day, holidays):
        return f"a holiday: {name}"
    name = _holiday(_weekday_before(day), holidays)
    return f"the day after a holiday: {name}" if name else ""


def window(day: date, holidays: Collection[date] = ()) -> tuple[datetime, datetime] | None:
    """Return between which moments (UTC) the papers announced under ``day`` were submitted; ``None`` for none at all.

    The windows of all days follow upon each other without a gap.
    """
    closes = _weekday_before(day)
    if day.weekday() >= 5 or _holiday(closes, holidays):
        return None
    opens = _weekday_before(closes)
    while _holiday(opens, holidays):
        opens = _weekday_before(opens)
    return _deadline(opens), _deadline(closes)


def _deadline(day: date) -> datetime:
    return datetime.combine(day, _DEADLINE, ZoneInfo(_ZONE)).astimezone(UTC)


def _weekday_before(day: date) -> date:
    day -= _DAY
    while day.weekday() >= 5:
        day -= _DAY
    return day


def _holiday(day: date, more: Collection[date]) -> str:
    return _holidays(day.year).get(day, "set in monitor.yaml" if day in more else "")


@lru_cache(maxsize=64)
def _holidays(year: int) -> dict[date, str]:
    """Return the holidays of the United States that arXiv keeps; those on a weekend move to the nearest weekday."""
    kept = {
        date(year, 1, 1): "New Year",
        _nth(year, 1, weekday=0, number=3): "Martin Luther King Jr. Day",
        _observed(date(year, 6, 19)): "Juneteenth",
        _observed(date(year, 7, 4)): "Independence Day",
        _nth(year, 9, weekday=0, number=1): "Labor Day",
        _nth(year, 11, weekday=3, number=4): "Thanksgiving",
        _observed(date(year, 12, 25)): "Christmas",
    }
    return kept | {day: name for day, name in _DECREED.items() if day.year == year}


def _nth(year: int, month: int, *, weekday: int, number: int) -> date:
    first = date(year, month, 1)
    return first + timedelta(days=(weekday - first.weekday()) % 7 + 7 * (number - 1))


def _observed(day: date) -> date:
    return day + {5: -_DAY, 6: _DAY}.get(day.weekday(), timedelta())
