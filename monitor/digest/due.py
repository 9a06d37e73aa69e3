"""When a digest is due. The ledger decides, keyed by the reader's local date; a tick only asks."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from monitor.types.ledger import Cadence, Slot
from monitor.types.profiles import WEEKDAYS, Schedule

LATENESS: dict[Cadence, timedelta] = {
    "daily": timedelta(hours=12),
    "weekly": timedelta(days=3),
    "monthly": timedelta(days=3),
}
"""A digest later than this is not sent any more: its papers roll into the next one, which says so."""

_AHEAD = 800
"""How many days ahead a digest is looked for: two years of a monthly schedule with all its quiet dates."""


def cadence(schedule: Schedule) -> Cadence:
    """Return how often a schedule comes: one day a week is ``weekly``."""
    if schedule.monthly:
        return "monthly"
    return "weekly" if len(schedule.days) == 1 else "daily"


def due_slot(schedule: Schedule, now: datetime, last: Slot | None, *, announced: bool = True) -> Slot | None:
    """Return which digest is due at ``now`` (aware), or ``None``.

    ``last`` is the subscription's last one. The first one ever is due at once, so that a new reader sees what is
    coming. Of several that were missed, the latest is due and the others roll into it. A time that the clock skips in
    spring is taken at the moment after the gap, one that it shows twice in autumn the first time. ``announced`` says
    whether the source that the schedule waits for has announced something since ``last``.
    """
    today = now.astimezone(ZoneInfo(schedule.timezone)).date()
    if last is None:
        return Slot(today, max(1, sum(moment(schedule, Slot(today, n + 1)) <= now for n in range(len(schedule.at)))))
    lateness = LATENESS[cadence(schedule)]
    for slot in _backwards(schedule, today, lateness.days + 2):
        if slot <= last:
            return None
        late = now - moment(schedule, slot)
        if late >= timedelta():
            waits = schedule.after and not announced and now < _at(schedule, slot.day, schedule.by)
            return slot if late <= lateness and not waits else None
    return None


def missed(schedule: Schedule, last: Slot | None, slot: Slot) -> tuple[date, ...]:
    """Return the local dates whose digests did not leave in time, between ``last`` and the one that leaves now."""
    if last is None:
        return ()
    between = (one for one in _backwards(schedule, slot.day, (slot.day - last.day).days + 1) if last < one < slot)
    return tuple(sorted({one.day for one in between}))


def moment(schedule: Schedule, slot: Slot) -> datetime:
    """Return when a digest leaves, in UTC."""
    return _at(schedule, slot.day, schedule.at[slot.number - 1]) + schedule.delay


def next_moment(schedule: Schedule, now: datetime, last: Slot | None) -> datetime | None:
    """Return when the next digest leaves, in UTC: ``now`` itself when one is due; ``None`` when no date is left."""
    if last is None or due_slot(schedule, now, last) is not None:
        return now
    start = now.astimezone(ZoneInfo(schedule.timezone)).date() - timedelta(days=1)
    days = (start + timedelta(days=ahead) for ahead in range(_AHEAD))
    coming = (Slot(day, number) for day in days if _falls_on(schedule, day) for number in _numbers(schedule))
    ahead = (moment(schedule, slot) for slot in coming if slot > last)
    return next((at for at in ahead if at > now), None)


def _backwards(schedule: Schedule, today: date, days: int) -> Iterator[Slot]:
    for day in (today - timedelta(days=back) for back in range(days)):
        if _falls_on(schedule, day):
            yield from (Slot(day, number) for number in reversed(_numbers(schedule)))


def _numbers(schedule: Schedule) -> range:
    return range(1, len(schedule.at) + 1)


def _falls_on(schedule: Schedule, day: date) -> bool:
    if not _is_open(schedule, day):
        return False
    earlier = (day.replace(day=number) for number in range(1, day.day))
    return not schedule.monthly or not any(_is_open(schedule, other) for other in earlier)


def _is_open(schedule: Schedule, day: date) -> bool:
    quiet = any(first <= day <= last for first, last in schedule.quiet)
    return WEEKDAYS[day.weekday()] in schedule.days and not quiet


def _at(schedule: Schedule, day: date, clock: time) -> datetime:
    return datetime.combine(day, clock, ZoneInfo(schedule.timezone)).astimezone(UTC)
