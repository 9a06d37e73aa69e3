"""When a digest is due. The ledger decides, keyed by the reader's local date; a tick only asks."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from monitor.types.profiles import WEEKDAYS, Schedule

LATENESS = {"daily": timedelta(hours=12), "weekly": timedelta(days=3)}
"""A digest later than this is not sent any more: its papers roll into the next one."""


def kind_of(schedule: Schedule) -> str:
    """Return ``weekly`` for a schedule of one day a week, else ``daily``."""
    return "weekly" if len(schedule.days) == 1 else "daily"


def due_date(schedule: Schedule, now: datetime, last: date | None) -> date | None:
    """Return the local date of the digest that is due at ``now`` (aware), or ``None``.

    ``last`` is the local date of the subscription's last digest. The first one ever is due at once, so that a new
    reader sees what is coming. A time that the clock skips in spring is taken at the moment after the gap, one that
    it shows twice in autumn the first time.
    """
    zone = ZoneInfo(schedule.timezone)
    today = now.astimezone(zone).date()
    if last is None:
        return today
    lateness = LATENESS[kind_of(schedule)]
    for back in range(lateness.days + 2):
        day = today - timedelta(days=back)
        if day <= last:
            return None
        if WEEKDAYS[day.weekday()] in schedule.days and (late := now - moment(schedule, day)) >= timedelta():
            return day if late <= lateness else None
    return None


def moment(schedule: Schedule, day: date) -> datetime:
    """Return when the digest of a local date leaves, in UTC."""
    return datetime.combine(day, schedule.at, ZoneInfo(schedule.timezone)).astimezone(UTC)


def next_moment(schedule: Schedule, now: datetime, last: date | None) -> datetime:
    """Return when the next digest leaves, in UTC: ``now`` itself when one is due."""
    if due_date(schedule, now, last) is not None:
        return now
    start = now.astimezone(ZoneInfo(schedule.timezone)).date()
    days = (start + timedelta(days=ahead) for ahead in range(-1, 9))
    fitting = (day for day in days if WEEKDAYS[day.weekday()] in schedule.days and (last is None or day > last))
    return next(at for at in (moment(schedule, day) for day in fitting) if at > now)
