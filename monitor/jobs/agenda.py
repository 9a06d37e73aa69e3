"""Whose digest may be due: kept in the store as moments, so that a tick looks at those alone, of however many.

The moments are a shortcut and never the truth: what is due comes from the ledger. They are made anew for profiles that
changed, for all at a start, and when the clock was set back.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from monitor.app import App
from monitor.digest.due import due_slot, next_moment
from monitor.jobs.runs import in_runs
from monitor.jobs.subscribers import as_chosen, in_wave, wanted
from monitor.settings.values import ProfileSet
from monitor.store import digests
from monitor.types.ledger import Slot, SubscriptionState
from monitor.types.profiles import Profile, Schedule

_NEVER = datetime(9999, 1, 1, tzinfo=UTC)
_NO_DATE = timedelta(days=1)
_SET_BACK = timedelta(minutes=1)
_AT_ONCE = 10_000
"""Subscriptions that begin in one statement: those of all profiles are in memory at no time."""


def due(app: App, shard: Sequence[Profile] | None = None) -> list[tuple[Profile, SubscriptionState]]:
    """Return the subscriptions whose digest is due now but for an announcement that it waits for, profile by profile.

    Only those of the profiles in ``shard`` are looked at, all when absent; those that were for nothing are not looked
    at again before their next moment.
    """
    now = app.clock.now()
    _bring_up_to_date(app, now)
    ready: list[tuple[Profile, SubscriptionState]] = []
    later: dict[int, datetime] = {}
    known: dict[tuple[Schedule, Slot | None], datetime | None] = {}
    with app.store.read() as session:
        states = digests.due(session, now, None if shard is None else [one.id for one in shard])
        for state, profile, gets_mail in as_chosen(session, app.profiles if shard is None else shard, states, now):
            if profile is None:
                later[state.id] = _NEVER
                continue
            own = in_wave(profile, state.recipient, app.settings.spread)
            last = state.last if gets_mail else _today(own.schedule, now)
            if (own.schedule, last) not in known:
                known[own.schedule, last] = _next(own.schedule, now, last)
            at = known[own.schedule, last]
            if at is None:
                ready.append((own, state))
            else:
                later[state.id] = at
    if later:
        with app.store.write() as session:
            digests.plan(session, later)
    return ready


def profiles_due(app: App) -> set[str]:
    """Return the ids of the profiles of which a digest may be due now, and of those that want alerts."""
    now = app.clock.now()
    _bring_up_to_date(app, now)
    with app.store.read() as session:
        due = digests.profiles_due(session, now)
    return due.union(one.id for one in app.profiles if one.alerts.trends or one.alerts.of_papers)


def _next(schedule: Schedule, now: datetime, last: Slot | None) -> datetime | None:
    """Return when to look again, ``None`` when a digest is due now."""
    if due_slot(schedule, now, last) is not None:
        return None
    return next_moment(schedule, now, last) or now + _NO_DATE


def _today(schedule: Schedule, now: datetime) -> Slot:
    """Return the last digest of today: who gets no mail now is looked at again when the next one is due."""
    return Slot(now.astimezone(ZoneInfo(schedule.timezone)).date(), len(schedule.at))


def _bring_up_to_date(app: App, now: datetime) -> None:
    agenda, profiles = app.agenda, app.profiles
    was_set_back = agenda.looked_at is not None and now < agenda.looked_at - _SET_BACK
    old = None if was_set_back else agenda.profiles
    if old is not profiles:
        changed = None if old is None else set(_changed(old, profiles))
        with app.store.write() as session:
            some = (one for one in profiles if changed is None or one.id in changed)
            for run in in_runs(wanted(session, some, now), _AT_ONCE):
                digests.begin_all(session, [(one.profile.id, one.recipient) for one in run], now)
            digests.look_again(session, changed)
    agenda.profiles, agenda.looked_at = profiles, now


def _changed(old: ProfileSet, new: ProfileSet) -> Iterator[str]:
    """Yield the ids of profiles that came, went, or are for others or at other times than before."""
    before, after = _facts(old), _facts(new)
    yield from (one for one in before.keys() | after.keys() if before.get(one) != after.get(one))


def _facts(profiles: ProfileSet) -> dict[str, tuple[object, ...]]:
    return {one.id: (one.to, one.schedule, one.public) for one in profiles}
