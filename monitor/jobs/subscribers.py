"""For whom digests are made: those whom profiles name, those who came by the pages, and what each of them chose."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta
from hashlib import blake2b
from zoneinfo import ZoneInfo

from monitor.store import readers, suppressions
from monitor.store.engine import Session
from monitor.types.ledger import SubscriptionState
from monitor.types.profiles import Profile, Schedule, Subscription
from monitor.types.readers import Reader


def wanted(session: Session, profiles: Iterable[Profile], now: datetime) -> Iterator[Subscription]:
    """Yield the subscriptions that get mail now, each with its person's own hours.

    Who unsubscribed, bounced or pauses is left out, and so is who came by the pages for a profile that is not public
    any more.
    """
    chosen = readers.choosers(session)
    unwanted = {(one.recipient, one.profile) for one in suppressions.of_all(session)}
    ours: dict[str, list[str]] = {}
    for one in chosen.values():
        if one.is_ours:
            ours.setdefault(one.profile, []).append(one.recipient)
    for profile in profiles:
        for recipient in dict.fromkeys((*profile.to, *(ours.get(profile.id, ()) if profile.public else ()))):
            own, gets_mail = _own(profile, recipient, chosen.get((profile.id, recipient)), unwanted, now)
            if gets_mail:
                yield Subscription(own, recipient)


def as_chosen(
    session: Session, profiles: Iterable[Profile], states: Collection[SubscriptionState], now: datetime
) -> Iterator[tuple[SubscriptionState, Profile | None, bool]]:
    """Yield some subscriptions, each with its profile at its person's hours, and whether it gets mail now.

    The profile is ``None`` where it is gone, or does not have this reader any more.
    """
    by_id = {profile.id: (profile, frozenset(profile.to)) for profile in profiles}
    chosen = readers.choosers(session, [state.id for state in states])
    unwanted = suppressions.among(session, [state.recipient for state in states]).keys()
    for state in states:
        profile, named = by_id.get(state.profile, (None, frozenset[str]()))
        reader = chosen.get((state.profile, state.recipient))
        is_ours = profile is not None and profile.public and reader is not None and reader.is_ours
        if profile is None or not (state.recipient in named or is_ours):
            yield state, None, False
        else:
            yield state, *_own(profile, state.recipient, reader, unwanted, now)


def _own(
    profile: Profile, recipient: str, reader: Reader | None, unwanted: Collection[tuple[str, str]], now: datetime
) -> tuple[Profile, bool]:
    """Return a profile at its reader's hours, and whether they get mail now: `monitor status` names who does not."""
    own = with_hours(profile, reader.schedule if reader else None)
    name = suppressions.key(recipient)
    is_unwanted = (name, "") in unwanted or (name, profile.id) in unwanted
    return own, not is_unwanted and not is_paused(reader, own, now)


def with_hours(profile: Profile, schedule: Schedule | None) -> Profile:
    """Return ``profile`` with the days, hours and zone of one reader; its quiet dates stay."""
    if schedule is None:
        return profile
    hours = replace(
        profile.schedule, days=schedule.days, at=schedule.at, timezone=schedule.timezone, monthly=False, after=""
    )
    return replace(profile, schedule=hours)


def in_wave(profile: Profile, recipient: str, spread: timedelta) -> Profile:
    """Return ``profile`` as one reader gets it: at a moment of their own, always the same, within ``spread``.

    What leaves at 08:00 in one zone would leave in one second else, and a mail server takes no such wave.
    """
    if not spread:
        return profile
    place = int.from_bytes(blake2b(f"{profile.id} {recipient}".encode(), digest_size=8).digest())
    delay = timedelta(seconds=place % int(spread.total_seconds()))
    return replace(profile, schedule=replace(profile.schedule, delay=delay))


def is_paused(reader: Reader | None, profile: Profile, now: datetime) -> bool:
    """Return whether a reader wants nothing yet, by the date on their wall."""
    until: date | None = reader.paused_until if reader else None
    return until is not None and now.astimezone(ZoneInfo(profile.schedule.timezone)).date() < until
