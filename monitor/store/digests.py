"""One row for each subscription, local date and kind; and where each match of a subscription went."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy import ColumnElement, func
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col, select

from monitor.errors import ConflictError
from monitor.store.plainly import plainly
from monitor.store.portions import portions
from monitor.store.tables import DigestRow, PaperRow, PlacementRow, SubscriptionRow
from monitor.store.upsert import insert_all, insert_missing, new_ids
from monitor.types.ledger import Drafted, Placement, Slot, SubscriptionState

ALERT = "alert:"
"""How the kinds of digests begin that leave at once; what the alert is about follows."""


def subscription(session: Session, profile: str, recipient: str) -> SubscriptionState | None:
    """Return the ledger's word on a subscription, or ``None`` before it has begun."""
    return next(
        _states(session, col(SubscriptionRow.profile) == profile, col(SubscriptionRow.recipient) == recipient), None
    )


def subscriptions(
    session: Session, profiles: Collection[str] | None = None
) -> dict[tuple[str, str], SubscriptionState]:
    """Return the ledger's word on every subscription that has begun, by profile and recipient; or on those of some."""
    if profiles is None:
        return {(state.profile, state.recipient): state for state in _states(session)}
    some = (col(SubscriptionRow.profile).in_(portion) for portion in portions(profiles))
    return {(state.profile, state.recipient): state for where in some for state in _states(session, where)}


def due(session: Session, now: datetime, profiles: Collection[str] | None = None) -> list[SubscriptionState]:
    """Return the ledger's word on the subscriptions that are to be looked at by ``now``, profile by profile.

    Found by the index of moments, however many others there are; those of some ``profiles`` by that of profiles,
    however many others are due.
    """
    asked = [agenda(now)] if profiles is None else [_agenda_of(some, now) for some in portions(profiles)]
    ids = [found for query in asked for found in session.scalars(query)]
    found = [state for some in portions(ids) for state in _states(session, col(SubscriptionRow.id).in_(some))]
    return sorted(found, key=lambda state: (state.profile, state.id))


def profiles_due(session: Session, now: datetime) -> set[str]:
    """Return the profiles of the subscriptions that are to be looked at by ``now``."""
    ids = agenda(now).subquery()
    query = sa.select(col(SubscriptionRow.profile)).where(col(SubscriptionRow.id).in_(sa.select(ids.c.id)))
    return set(session.scalars(query.distinct()))


def agenda(now: datetime) -> Any:
    """Return the query for the ids of the subscriptions that are to be looked at by ``now``."""
    ids, at = sa.select(col(SubscriptionRow.id)), col(SubscriptionRow.next_due_at)
    return sa.union_all(ids.where(at.is_(None)), ids.where(at <= now))  # an OR would read the whole table


def _agenda_of(profiles: Sequence[str], now: datetime) -> Any:
    """Return the same of some profiles; of moments worked out for each row SQLite does not take the index."""
    its = SubscriptionRow.metadata.tables["subscriptions"].c
    at = func.coalesce(its.next_due_at, sa.literal(now, its.next_due_at.type))
    return sa.select(its.id).where(its.profile.in_(profiles), at <= now)


def plan(session: Session, moments: Mapping[int, datetime]) -> None:
    """Write from when on subscriptions, given by id, are to be looked at."""
    rows = [{"id": key, "next_due_at": at} for key, at in moments.items()]
    if rows:
        session.execute(sa.update(SubscriptionRow), rows)


def look_again(session: Session, profiles: Collection[str] | None) -> None:
    """Have the subscriptions of some profiles, or all, looked at by the next tick."""
    every = sa.update(SubscriptionRow).values(next_due_at=None).where(col(SubscriptionRow.next_due_at).is_not(None))
    wheres = [sa.true()] if profiles is None else [col(SubscriptionRow.profile).in_(p) for p in portions(profiles)]
    for where in wheres:
        session.execute(every.where(where))


def begin_all(session: Session, wanted: Collection[tuple[str, str]], at: datetime) -> None:
    """Let subscriptions, by profile and recipient, begin ``at`` a moment, those that have not begun."""
    rows = [{"profile": profile, "recipient": recipient} for profile, recipient in wanted]
    insert_missing(session, SubscriptionRow, rows, started_at=at, origin="")


def _states(session: Session, *where: ColumnElement[bool]) -> Iterator[SubscriptionState]:
    """Yield subscriptions. A digest that was withdrawn has had its day, and told nobody anything."""
    told = _last(DigestRow.composed_at, col(DigestRow.state) != "withdrawn")
    one = SubscriptionRow.metadata.tables["subscriptions"].c
    last = _last(DigestRow.local_date), _last(DigestRow.kind), told
    query = sa.select(one.id, one.profile, one.recipient, one.started_at, *last).where(*where)
    for key, profile, recipient, started_at, day, kind, at in plainly(session, query):
        slot = None if day is None else Slot.of(day, kind)
        yield SubscriptionState(key, profile, recipient, started_at, slot, at)


def _last(column: Any, *where: ColumnElement[bool]) -> Any:
    """Return the query for what the last digest of a subscription says; an alert has no place in the schedule.

    It goes back through the index of local dates to the first that fits, however many there were before.
    """
    its = col(DigestRow.subscription_id) == col(SubscriptionRow.id)
    query = sa.select(column).where(its, col(DigestRow.kind).not_like(f"{ALERT}%"), *where)
    return query.order_by(col(DigestRow.local_date).desc(), col(DigestRow.id).desc()).limit(1).scalar_subquery()


def begin(session: Session, profile: str, recipient: str, at: datetime) -> SubscriptionState:
    """Return the ledger's word on a subscription; one never seen begins ``at``."""
    if subscription(session, profile, recipient) is None:
        session.add(SubscriptionRow(profile=profile, recipient=recipient, started_at=at))
        session.flush()
    state = subscription(session, profile, recipient)
    assert state is not None
    return state


@dataclass(frozen=True, slots=True)
class Composed:
    """A digest for the ledger, with where each match went."""

    subscription_id: int
    local_date: date
    kind: str
    at: datetime
    fingerprint: str
    subject: str
    state: str
    placements: tuple[Placement, ...] = ()

    @property
    def papers(self) -> int:
        """How many papers it holds."""
        return sum(one.reason == "sent" for one in self.placements)


def last_id(session: Session) -> int:
    """Return the id of the digest that was written last, 0 before the first."""
    return session.scalar(select(func.max(DigestRow.id))) or 0


def check_unchanged(session: Session, composed: Sequence[Composed], last: int) -> None:
    """Raise ConflictError when who is to get one of the digests has got another one after that with id ``last``.

    Needs the turn to write, so that what it finds holds until the digests are written.
    """
    others = (
        select(SubscriptionRow.recipient)
        .join(DigestRow, col(DigestRow.subscription_id) == col(SubscriptionRow.id))
        .where(col(DigestRow.id) > last)
    )
    for some in portions([one.subscription_id for one in composed]):
        theirs = select(SubscriptionRow.recipient).where(col(SubscriptionRow.id).in_(some))
        if found := session.scalars(others.where(col(SubscriptionRow.recipient).in_(theirs)).limit(1)).first():
            raise ConflictError(f"{found} got another digest while this one was composed")


def add(session: Session, composed: Sequence[Composed]) -> list[int]:
    """Write digests and where their matches went, and return the digests' ids.

    Raises ConflictError when one of them is there already: the caller's whole transaction then counts for nothing.
    """
    ids = new_ids(session, DigestRow, len(composed))
    rows = [
        {
            "id": key, "subscription_id": one.subscription_id, "local_date": one.local_date, "kind": one.kind,
            "composed_at": one.at, "fingerprint": one.fingerprint, "subject": one.subject, "papers": one.papers,
            "state": one.state,
        }
        for key, one in zip(ids, composed, strict=True)
    ]  # fmt: skip
    try:
        insert_all(session, DigestRow, rows)
    except IntegrityError as error:
        days = sorted({one.local_date for one in composed})
        raise ConflictError(f"there is a digest for {days[0]} to {days[-1]} already") from error
    placed = [
        {
            "subscription_id": one.subscription_id, "verdict_id": each.verdict_id, "paper_id": each.paper_id,
            "digest_id": key if each.reason == "sent" else None, "reason": each.reason, "placed_at": one.at,
            "team": each.team,
        }
        for key, one in zip(ids, composed, strict=True)
        for each in one.placements
    ]  # fmt: skip
    insert_all(session, PlacementRow, placed)
    return ids


def sent_to(session: Session, recipient: str, paper_ids: Collection[int]) -> dict[int, datetime]:
    """Return which of ``paper_ids`` a person has been sent, in whatever profile, and when last."""
    return sent_to_each(session, [recipient], paper_ids)[recipient]


def sent_to_each(
    session: Session, recipients: Collection[str], paper_ids: Collection[int]
) -> dict[str, dict[int, datetime]]:
    """Return which of ``paper_ids`` each person has been sent, in whatever profile, and when last."""
    today = func.coalesce(col(PaperRow.merged_into), col(PaperRow.id))  # sent before it was merged: sent all the same
    query = (
        select(SubscriptionRow.recipient, today, func.max(PlacementRow.placed_at))
        .join(SubscriptionRow, col(SubscriptionRow.id) == col(PlacementRow.subscription_id))
        .join(PaperRow, col(PaperRow.id) == col(PlacementRow.paper_id))
        .where(PlacementRow.reason == "sent")
        .group_by(col(SubscriptionRow.recipient), today)
    )
    found: dict[str, dict[int, datetime]] = {recipient: {} for recipient in recipients}
    for people in portions(found):
        theirs = query.where(col(SubscriptionRow.recipient).in_(people))
        for some in portions(paper_ids):
            for recipient, paper_id, at in session.exec(theirs.where(today.in_(some))):
                found[recipient][paper_id] = at
    return found


def drafted(session: Session, profile: str) -> list[Drafted]:
    """Return the papers that the matchers of experiments placed in the digests of ``profile``, oldest first."""
    today = func.coalesce(col(PaperRow.merged_into), col(PaperRow.id))
    query = (
        select(col(DigestRow.local_date), col(PlacementRow.placed_at), today, col(PlacementRow.team))
        .join(DigestRow, col(DigestRow.id) == col(PlacementRow.digest_id))
        .join(SubscriptionRow, col(SubscriptionRow.id) == col(PlacementRow.subscription_id))
        .join(PaperRow, col(PaperRow.id) == col(PlacementRow.paper_id))
        .where(SubscriptionRow.profile == profile, PlacementRow.team != "")
        .order_by(col(DigestRow.id), col(PlacementRow.verdict_id))
    )
    return [Drafted(*row) for row in session.exec(query)]


def alerts(session: Session, subscription_id: int) -> dict[str, datetime]:
    """Return when each alert of a subscription was composed, by its kind."""
    query = select(DigestRow.kind, DigestRow.composed_at).where(
        DigestRow.subscription_id == subscription_id, col(DigestRow.kind).startswith(ALERT)
    )
    return dict(session.exec(query).all())


def tally(session: Session) -> dict[str, int]:
    """Return how many digests there are in each state."""
    return dict(session.exec(select(DigestRow.state, func.count()).group_by(DigestRow.state)).all())


def fates(session: Session, profile: str, recipient: str, paper_id: int) -> list[str]:
    """Return where a paper went for one subscription, in words, oldest first."""
    query = (
        select(PlacementRow, col(DigestRow.local_date))
        .join(SubscriptionRow, col(SubscriptionRow.id) == col(PlacementRow.subscription_id))
        .join(DigestRow, col(DigestRow.id) == col(PlacementRow.digest_id), isouter=True)
        .where(SubscriptionRow.profile == profile, SubscriptionRow.recipient == recipient)
        .where(PlacementRow.paper_id == paper_id)
        .order_by(col(PlacementRow.placed_at))
    )
    return [
        f"left out on {row.placed_at:%Y-%m-%d}: {row.reason}"
        if row.digest_id is None
        else f"in the digest of {local_date}"
        for row, local_date in session.exec(query)
    ]
