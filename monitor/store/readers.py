"""Subscriptions as their people have them, sign-ups that wait, and what was done on the pages."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime, time
from functools import lru_cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy import delete, func, update
from sqlmodel import Session, col, select

from monitor.store import suppressions
from monitor.store.portions import portions
from monitor.store.tables import (
    ActionRow,
    BounceRow,
    DigestRow,
    FeedbackRow,
    OutboxRow,
    SignupRow,
    SubscriptionRow,
    SuppressionRow,
)
from monitor.types.profiles import Schedule, Weekday
from monitor.types.readers import Reader, Signup

_AT_ONCE = 5_000
_SUBSCRIPTIONS = SubscriptionRow.metadata.tables["subscriptions"].c
_READERS = (
    _SUBSCRIPTIONS.id, _SUBSCRIPTIONS.profile, _SUBSCRIPTIONS.recipient, _SUBSCRIPTIONS.origin, _SUBSCRIPTIONS.schedule,
    _SUBSCRIPTIONS.paused_until,
)  # fmt: skip

# --- subscriptions -------------------------------------------------------------------------------------------------


def reader(session: Session, subscription_id: int) -> Reader | None:
    """Return one subscription, or ``None`` when there is none, or its person had it deleted."""
    row = session.get(SubscriptionRow, subscription_id)
    return _reader(row) if row and row.recipient else None


def choosers(session: Session, ids: Collection[int] | None = None) -> dict[tuple[str, str], Reader]:
    """Return the subscriptions whose person chose something, or came by the pages, by profile and recipient.

    All of them, or those with these ids.
    """
    chosen = (
        (col(SubscriptionRow.origin) == "web")
        | col(SubscriptionRow.schedule).is_not(None)
        | col(SubscriptionRow.paused_until).is_not(None)
    )
    query = sa.select(*_READERS).where(chosen, col(SubscriptionRow.recipient) != "")
    query = query.execution_options(yield_per=_AT_ONCE)  # there may be millions
    some = [query] if ids is None else [query.where(col(SubscriptionRow.id).in_(each)) for each in portions(ids)]
    return {(row.profile, row.recipient): _reader(row) for each in some for row in session.execute(each)}


def join(session: Session, profile: str, recipient: str, schedule: Schedule | None, at: datetime) -> int:
    """Write that a person of the pages reads ``profile`` and return the subscription's id; again, the new schedule."""
    same = func.lower(SubscriptionRow.recipient) == recipient.lower()
    row = session.exec(select(SubscriptionRow).where(SubscriptionRow.profile == profile, same)).first()
    row = row or SubscriptionRow(profile=profile, recipient=recipient, started_at=at, origin="web")
    row.schedule, row.paused_until, row.next_due_at = _stored(schedule), None, None
    session.add(row)
    session.flush()
    assert row.id is not None
    return row.id


def choose(session: Session, subscription_id: int, schedule: Schedule | None) -> None:
    """Write when a person wants the digests of one subscription."""
    row = session.get_one(SubscriptionRow, subscription_id)
    row.schedule, row.next_due_at = _stored(schedule), None
    session.add(row)


def pause(session: Session, subscription_id: int, until: date | None) -> None:
    """Write that nothing is composed before a date, or that the pause is over."""
    row = session.get_one(SubscriptionRow, subscription_id)
    row.paused_until, row.next_due_at = until, None
    session.add(row)


def move(session: Session, subscription_id: int, address: str) -> bool:
    """Give a subscription another address; returns False when that address has a subscription of the profile."""
    row = session.get_one(SubscriptionRow, subscription_id)
    same = func.lower(SubscriptionRow.recipient) == address.lower()
    other = session.exec(select(SubscriptionRow).where(SubscriptionRow.profile == row.profile, same)).first()
    if other is not None and other.id != row.id:
        return False
    row.recipient, row.next_due_at = address, None
    session.add(row)
    return True


def all_of(session: Session, recipient: str) -> list[Reader]:
    """Return all subscriptions of one address."""
    same = func.lower(SubscriptionRow.recipient) == recipient.lower()
    return [_reader(row) for row in session.exec(select(SubscriptionRow).where(same))]


def listed(session: Session, limit: int) -> list[Reader]:
    """Return subscriptions, the newest first."""
    query = select(SubscriptionRow).where(SubscriptionRow.recipient != "").order_by(col(SubscriptionRow.id).desc())
    return [_reader(row) for row in session.exec(query.limit(limit))]


def forget(session: Session, recipient: str) -> None:
    """Remove an address, all mails to it and all words of its person; the ledger keeps nameless rows."""
    key = suppressions.key(recipient)
    ids = [one.id for one in all_of(session, recipient)]
    digests = select(DigestRow.id).where(col(DigestRow.subscription_id).in_(ids))
    mails = update(OutboxRow).where(col(OutboxRow.digest_id).in_(digests) | (func.lower(OutboxRow.recipient) == key))
    session.execute(mails.where(col(OutboxRow.state).in_(("queued", "held"))).values(state="suppressed"))
    session.execute(mails.values(recipient="", content=None, tree=None))
    session.execute(delete(BounceRow).where(col(BounceRow.recipient) == key))
    session.execute(delete(SuppressionRow).where(col(SuppressionRow.recipient) == key))
    session.execute(delete(SignupRow).where(func.lower(SignupRow.address) == key))
    session.execute(delete(FeedbackRow).where(func.lower(FeedbackRow.recipient) == key))
    for one in ids:  # a row's profile says nothing about anybody, and keeps the placements that promise 2 is proved by
        nameless = {"recipient": "", "schedule": None, "paused_until": None, "profile": f"forgotten-{one}"}
        session.execute(update(SubscriptionRow).where(col(SubscriptionRow.id) == one).values(**nameless))


# --- sign-ups ------------------------------------------------------------------------------------------------------


def ask(session: Session, signup: Signup, mailbox: str, limit: datetime) -> int:
    """Write a wish and return its id. Its confirmation is mailed unless the mailbox was mailed one since ``limit``.

    ``mailbox`` is the address without what its owner may vary: case, dots, a ``+tag``.
    """
    recent = select(func.count()).where(SignupRow.mailbox == mailbox, SignupRow.asked_at > limit)
    row = SignupRow(
        profile=signup.profile, address=signup.address, mailbox=mailbox, subscription=signup.subscription,
        schedule=_stored(signup.schedule), asked_at=signup.asked_at, is_due=not session.exec(recent).one(),
    )  # fmt: skip
    session.add(row)
    session.flush()
    assert row.id is not None
    return row.id


def due(session: Session, since: datetime, limit: int) -> list[Signup]:
    """Return the sign-ups whose confirmation has not left, oldest first, and not those from before ``since``."""
    query = select(SignupRow).where(col(SignupRow.is_due), SignupRow.asked_at > since)
    return [_signup(row) for row in session.exec(query.order_by(col(SignupRow.id)).limit(limit))]


def mailed(session: Session, signup_id: int, at: datetime | None) -> None:
    """Note that a confirmation has left, or (``None``) that it never will."""
    session.execute(update(SignupRow).where(col(SignupRow.id) == signup_id).values(mailed_at=at, is_due=False))


def signup(session: Session, signup_id: int) -> Signup | None:
    """Return one sign-up, or ``None`` when there is none, or none any more."""
    row = session.get(SignupRow, signup_id)
    return _signup(row) if row else None


def confirm(session: Session, signup_id: int, at: datetime) -> bool:
    """Note a confirmation; returns whether it is the first one, which alone counts."""
    first = col(SignupRow.confirmed_at).is_(None)
    done = session.execute(
        update(SignupRow).where(col(SignupRow.id) == signup_id, first).values(confirmed_at=at, is_due=False)
    )
    return bool(done.rowcount)  # type: ignore[attr-defined]


def drop_signups(session: Session, before: datetime) -> None:
    """Forget the wishes from before a moment, confirmed or not."""
    session.execute(delete(SignupRow).where(col(SignupRow.asked_at) < before))


# --- what was done -------------------------------------------------------------------------------------------------


def note(session: Session, who: str, what: str, of: str, at: datetime) -> None:
    """Write one line of the audit log: who did what, to which thing."""
    session.add(ActionRow(at=at, who=who, what=what, of=of))


def notes(session: Session, limit: int) -> list[tuple[datetime, str, str, str]]:
    """Return the last lines of the audit log as (when, who, what, of), the newest first."""
    rows = session.exec(select(ActionRow).order_by(col(ActionRow.id).desc()).limit(limit))
    return [(row.at, row.who, row.what, row.of) for row in rows]


def _reader(row: Any) -> Reader:
    return Reader(row.id, row.profile, row.recipient, row.origin == "web", _schedule(row.schedule), row.paused_until)


def _signup(row: SignupRow) -> Signup:
    assert row.id is not None
    return Signup(
        row.id, row.profile, row.address, row.asked_at, _schedule(row.schedule), row.subscription, row.mailed_at,
        row.confirmed_at,
    )  # fmt: skip


def _stored(schedule: Schedule | None) -> dict[str, Any] | None:
    if schedule is None:
        return None
    return {
        "days": list(schedule.days), "at": [f"{at:%H:%M}" for at in schedule.at], "timezone": schedule.timezone,
    }  # fmt: skip


def _schedule(stored: dict[str, Any] | None) -> Schedule | None:
    if stored is None:
        return None
    return _as_schedule(tuple(stored["days"]), tuple(stored["at"]), stored["timezone"])


@lru_cache(maxsize=10_000)
def _as_schedule(days: tuple[Weekday, ...], at: tuple[str, ...], zone: str) -> Schedule:
    """Return a schedule, one object for all who chose the same."""
    return Schedule(days, tuple(time.fromisoformat(text) for text in at), zone)
