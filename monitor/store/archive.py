"""Digests of the past, as they were sent."""

from __future__ import annotations

import zlib
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import func
from sqlmodel import Session, col, select

from monitor.store.tables import DigestRow, OutboxRow, SubscriptionRow


@dataclass(frozen=True, slots=True)
class Issue:
    """One digest that was mailed: for which day, under which subject, with how many papers."""

    id: int
    local_date: date
    composed_at: datetime
    subject: str
    papers: int


@dataclass(frozen=True, slots=True)
class Kept:
    """What was kept of a mail: its bytes, while they are, and the digest that they can be drawn from again."""

    content: bytes | None
    tree: bytes | None


def of_reader(session: Session, subscription_id: int, limit: int) -> list[Issue]:
    """Return the digests that one subscription got, the newest first."""
    query = select(DigestRow).where(DigestRow.subscription_id == subscription_id).order_by(col(DigestRow.id).desc())
    return [_issue(row) for row in session.exec(_mailed(query).limit(limit))]


def of_profile(session: Session, profile: str, limit: int) -> list[Issue]:
    """Return a digest of ``profile`` for each day on which any reader got one, the newest first."""
    mailed = _mailed(select(func.min(DigestRow.id)))
    firsts = (
        mailed.join(SubscriptionRow, col(SubscriptionRow.id) == col(DigestRow.subscription_id))
        .where(SubscriptionRow.profile == profile, col(OutboxRow.tree).is_not(None))
        .group_by(col(DigestRow.local_date))
        .order_by(col(DigestRow.local_date).desc())
        .limit(limit)
    )
    ids = list(session.exec(firsts))
    rows = session.exec(select(DigestRow).where(col(DigestRow.id).in_(ids)).order_by(col(DigestRow.local_date).desc()))
    return [_issue(row) for row in rows]


def composed(session: Session, subscription_id: int, at: datetime) -> Kept | None:
    """Return the mail that a subscription got in one second, or ``None``."""
    query = select(OutboxRow).join(DigestRow, col(DigestRow.id) == col(OutboxRow.digest_id))
    span = col(DigestRow.composed_at).between(at, at + timedelta(seconds=1))
    row = session.exec(query.where(DigestRow.subscription_id == subscription_id, span)).first()
    return _kept(row) if row else None


def of_digest(session: Session, digest_id: int) -> Kept | None:
    """Return the mail of a digest, or ``None``."""
    row = session.exec(select(OutboxRow).where(OutboxRow.digest_id == digest_id)).first()
    return _kept(row) if row else None


def _mailed(query: Any) -> Any:
    return query.join(OutboxRow, col(OutboxRow.digest_id) == col(DigestRow.id))


def _kept(row: OutboxRow) -> Kept:
    return Kept(zlib.decompress(row.content) if row.content else None, row.tree)


def _issue(row: DigestRow) -> Issue:
    return Issue(row.id or 0, row.local_date, row.composed_at, row.subject, row.papers)
