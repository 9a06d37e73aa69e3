"""The outbox as a person looks at it: what lies there, what was answered, and moving mails by hand."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from isal import isal_zlib
from sqlalchemy import update
from sqlmodel import Session, col, select

from monitor.store.outbox import envelope_of
from monitor.store.tables import DigestRow, OutboxRow, PlacementRow, ReceiptRow, SubscriptionRow
from monitor.types.digests import Envelope
from monitor.types.ledger import Mail, OutboxState, Receipt


def listed(session: Session, states: Collection[OutboxState] = (), limit: int = 50) -> list[Mail]:
    """Return mails, of any state or of ``states``, the newest first."""
    query = _mails().order_by(col(OutboxRow.id).desc()).limit(limit)
    return _read(session, query.where(col(OutboxRow.state).in_(states)) if states else query)


def sent(session: Session, profile: str) -> int:
    """Return how many mails of a profile have left."""
    query = (
        sa.select(sa.func.count())
        .select_from(OutboxRow)
        .join(DigestRow, col(DigestRow.id) == col(OutboxRow.digest_id))
        .join(SubscriptionRow, col(SubscriptionRow.id) == col(DigestRow.subscription_id))
    )
    return session.scalar(query.where(col(SubscriptionRow.profile) == profile, col(OutboxRow.state) == "sent")) or 0


def of_digest(session: Session, profile: str, local_date: date, recipient: str | None = None) -> list[Mail]:
    """Return the mails of a profile for one local date, of all its recipients or of one."""
    query = _mails().where(SubscriptionRow.profile == profile, DigestRow.local_date == local_date)
    return _read(session, query.where(SubscriptionRow.recipient == recipient) if recipient else query)


def one(session: Session, outbox_id: int) -> Mail | None:
    """Return one mail, or ``None`` when there is none of that number."""
    return next(iter(_read(session, _mails().where(OutboxRow.id == outbox_id))), None)


def by_message_id(session: Session, message_id: str) -> Mail | None:
    """Return the mail with a Message-ID (in its angle brackets), or ``None`` when it is not ours."""
    return next(iter(_read(session, _mails().where(OutboxRow.message_id == message_id))), None)


def envelope(session: Session, outbox_id: int) -> Envelope:
    """Return a mail as it was queued; without content when its bytes were let go."""
    return envelope_of(session.get_one(OutboxRow, outbox_id))


def tree(session: Session, outbox_id: int) -> bytes | None:
    """Return what a mail can be drawn from again, or ``None`` when nothing was kept."""
    return session.exec(select(OutboxRow.tree).where(OutboxRow.id == outbox_id)).one()


def receipts(session: Session, outbox_id: int) -> list[Receipt]:
    """Return what was answered to each attempt at a mail, oldest first."""
    rows = session.exec(select(ReceiptRow).where(ReceiptRow.outbox_id == outbox_id).order_by(col(ReceiptRow.id)))
    return [Receipt(row.at, row.outcome, row.code, row.text) for row in rows]


def papers_in(session: Session, ids: Collection[int]) -> dict[int, list[tuple[int, int]]]:
    """Return for each of some mails the papers in it, as (id of the digest, id of the paper)."""
    query = (
        select(OutboxRow.id, PlacementRow.digest_id, PlacementRow.paper_id)
        .join(PlacementRow, col(PlacementRow.digest_id) == col(OutboxRow.digest_id))
        .where(col(OutboxRow.id).in_(ids))
        .order_by(col(PlacementRow.verdict_id))
    )
    found: dict[int, list[tuple[int, int]]] = {}
    for outbox_id, digest, paper_id in session.exec(query):
        found.setdefault(outbox_id or 0, []).append((digest or 0, paper_id))
    return found


def move(session: Session, ids: Collection[int], state: OutboxState, *, out_of: Collection[OutboxState]) -> list[int]:
    """Put mails that are in one of the states ``out_of`` into another one; returns the ids of those that moved."""
    moved = session.exec(
        update(OutboxRow)
        .where(col(OutboxRow.id).in_(ids), col(OutboxRow.state).in_(out_of))
        .values(state=state)
        .returning(col(OutboxRow.id))
    )
    return sorted(found for (found,) in moved.all())


def send_again(session: Session, ids: Collection[int], at: datetime, *, out_of: Collection[OutboxState]) -> list[int]:
    """Queue mails for ``at``, as if nothing had been tried; returns the ids of those that are queued now.

    Those whose papers went into a later digest are not among them: they would tell it twice. One that had left gets a
    receipt, so that the account of what left still adds up.
    """
    left = set(session.exec(select(OutboxRow.id).where(col(OutboxRow.id).in_(ids), OutboxRow.state == "sent")))
    there = sa.select(col(DigestRow.id)).where(col(DigestRow.state) != "withdrawn")
    moved = session.exec(
        update(OutboxRow)
        .where(col(OutboxRow.id).in_(ids), col(OutboxRow.state).in_(out_of), col(OutboxRow.digest_id).in_(there))
        .values(state="queued", next_attempt_at=at, created_at=at, doubts=0, broken=0, claimed_until=None)
        .returning(col(OutboxRow.id))
    )
    again = sorted(found for (found,) in moved.all())
    session.add_all(ReceiptRow(outbox_id=found, at=at, outcome="asked for") for found in again if found in left)
    return again


def give_bytes(session: Session, outbox_id: int, content: bytes) -> None:
    """Give a mail whose bytes were let go its bytes back."""
    packed = isal_zlib.compress(content)
    session.execute(update(OutboxRow).where(col(OutboxRow.id) == outbox_id).values(content=packed))


def _mails() -> Any:
    kept = col(OutboxRow.content).is_not(None)
    return (
        sa.select(
            col(OutboxRow.id), col(SubscriptionRow.profile), col(OutboxRow.recipient), col(DigestRow.local_date),
            col(OutboxRow.subject), col(OutboxRow.state), col(OutboxRow.attempts), col(OutboxRow.created_at),
            col(OutboxRow.next_attempt_at), col(OutboxRow.channel), col(OutboxRow.message_id),
            col(OutboxRow.fingerprint), kept, col(DigestRow.subscription_id),
        )
        .join(DigestRow, col(DigestRow.id) == col(OutboxRow.digest_id))
        .join(SubscriptionRow, col(SubscriptionRow.id) == col(DigestRow.subscription_id))
    )  # fmt: skip


def _read(session: Session, query: Any) -> list[Mail]:
    return [Mail(*found) for found in session.execute(query).all()]
