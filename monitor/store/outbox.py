"""Finished mails and what became of them.

A row is ``queued -> claimed (until) -> sent | uncertain | failed | suppressed``. A claim is a compare-and-set:
whoever changes the row has it, everybody else sees no row changed. A claim that ran out belongs to a program that
died: the mail may or may not have left.
"""

from __future__ import annotations

import zlib
from datetime import datetime

from sqlalchemy import ColumnElement, func, or_, update
from sqlmodel import Session, col, select

from monitor.store.tables import OutboxRow, ReceiptRow
from monitor.types.digests import Envelope
from monitor.types.ledger import Claim, OutboxState


def add(session: Session, digest_id: int, envelope: Envelope, at: datetime) -> None:
    """Queue a finished mail. Its Message-ID and bytes never change from here on."""
    session.add(
        OutboxRow(
            digest_id=digest_id, message_id=envelope.message_id, sender=envelope.sender, recipient=envelope.recipient,
            subject=envelope.subject, content=zlib.compress(envelope.content, 6),
            html=zlib.compress(envelope.html.encode(), 6), state="queued", created_at=at, next_attempt_at=at,
        )
    )  # fmt: skip


def due(session: Session, now: datetime, limit: int) -> list[int]:
    """Return the ids of mails to try now, oldest first; those of a claim that ran out are among them."""
    waiting = col(OutboxRow.state).in_(("queued", "uncertain")) & (col(OutboxRow.next_attempt_at) <= now)
    query = select(OutboxRow.id).where(or_(waiting, _abandoned(now))).order_by(col(OutboxRow.id)).limit(limit)
    return [outbox_id for outbox_id in session.exec(query) if outbox_id is not None]


def claim(session: Session, outbox_id: int, now: datetime, until: datetime) -> Claim | None:
    """Take one mail, or return ``None`` when somebody else has it. Counts as an attempt from this moment on."""
    free = or_(col(OutboxRow.state).in_(("queued", "uncertain")), _abandoned(now))
    taken = session.exec(
        update(OutboxRow)
        .where(col(OutboxRow.id) == outbox_id, free)
        .values(state="claimed", claimed_until=until, attempts=OutboxRow.attempts + 1)
    )
    if taken.rowcount != 1:
        return None
    row = session.get_one(OutboxRow, outbox_id, populate_existing=True)
    envelope = Envelope(
        row.message_id, row.sender, row.recipient, row.subject, zlib.decompress(row.content),
        zlib.decompress(row.html).decode(),
    )  # fmt: skip
    return Claim(outbox_id, envelope, row.attempts)


def release_claims(session: Session) -> int:
    """Free every claim and return how many there were. Only for a program that knows itself to be the only one."""
    freed = session.exec(
        update(OutboxRow).where(col(OutboxRow.state) == "claimed").values(state="queued", claimed_until=None)
    )
    return freed.rowcount


def settle(
    session: Session, outbox_id: int, state: OutboxState, at: datetime, *, code: str, text: str, next_at: datetime
) -> None:
    """Write what became of an attempt, with its receipt. ``next_at`` is when a mail that is not done is tried again."""
    row = session.get_one(OutboxRow, outbox_id)
    row.state = state
    row.claimed_until = None
    row.next_attempt_at = next_at
    session.add(row)
    session.add(ReceiptRow(outbox_id=outbox_id, at=at, outcome=state, code=code, text=text))


def _abandoned(now: datetime) -> ColumnElement[bool]:
    return (col(OutboxRow.state) == "claimed") & (col(OutboxRow.claimed_until) <= now)


def tally(session: Session) -> dict[str, int]:
    """Return how many mails there are in each state."""
    return dict(session.exec(select(OutboxRow.state, func.count()).group_by(OutboxRow.state)).all())


def last_answers(session: Session, limit: int) -> list[tuple[str, str, str]]:
    """Return the last answers that were not a plain success, as (recipient, state, text)."""
    query = (
        select(OutboxRow.recipient, ReceiptRow.outcome, ReceiptRow.text)
        .join(ReceiptRow, col(ReceiptRow.outbox_id) == col(OutboxRow.id))
        .where(ReceiptRow.outcome != "sent")
        .order_by(col(ReceiptRow.id).desc())
        .limit(limit)
    )
    return [(recipient, outcome, text) for recipient, outcome, text in session.exec(query)]
