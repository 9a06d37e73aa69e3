"""For whom digests are made: those whom profiles name, those who came by the pages, and what each of them chose."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date, datetime
from zoneinfo import ZoneInfo

from monitor.store import readers, suppressions
from monitor.store.engine import Session
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
            if not {(suppressions.key(recipient), scope) for scope in ("", profile.id)}.isdisjoint(unwanted):
                continue  # `monitor status` and `monitor check` say so
            reader = chosen.get((profile.id, recipient))
            own = with_hours(profile, reader.schedule if reader else None)
            if not is_paused(reader, own, now):
                yield Subscription(own, recipient)


def with_hours(profile: Profile, schedule: Schedule | None) -> Profile:
    """Return ``profile`` with the days, hours and zone of one reader; its quiet dates stay."""
    if schedule is None:
        return profile
    hours = replace(
        profile.schedule, days=schedule.days, at=schedule.at, timezone=schedule.timezone, monthly=False, after=""
    )
    return replace(profile, schedule=hours)


def is_paused(reader: Reader | None, profile: Profile, now: datetime) -> bool:
    """Return whether a reader wants nothing yet, by the date on their wall."""
    until: date | None = reader.paused_until if reader else None
    return until is not None and now.astimezone(ZoneInfo(profile.schedule.timezone)).date() < until
