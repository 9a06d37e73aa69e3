"""Which channels are broken as a whole, and until when each rests."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import delete
from sqlmodel import Session, col, select

from monitor.store.tables import ChannelRow
from monitor.types.ledger import ChannelHealth


def all_health(session: Session) -> tuple[ChannelHealth, ...]:
    """Return how the channels fare that have ever failed as a whole, by name."""
    return tuple(_health(row) for row in session.exec(select(ChannelRow).order_by(col(ChannelRow.name))))


def health(session: Session, name: str) -> ChannelHealth:
    """Return how one channel fares."""
    row = session.get(ChannelRow, name)
    return _health(row) if row else ChannelHealth(name)


def failed(session: Session, name: str, at: datetime, until: datetime, reason: str) -> None:
    """Let a channel rest until a moment: its next mail would meet the same refusal."""
    row = session.get(ChannelRow, name) or ChannelRow(name=name)
    row.failures, row.failing_since = row.failures + 1, row.failing_since or at
    row.paused_until, row.reason = until, reason
    session.add(row)


def works(session: Session, name: str | None = None) -> None:
    """Note that a channel, or every channel, works or is to be tried at once."""
    gone = delete(ChannelRow)
    session.execute(gone if name is None else gone.where(col(ChannelRow.name) == name))


def _health(row: ChannelRow) -> ChannelHealth:
    return ChannelHealth(row.name, row.failures, row.failing_since, row.paused_until, row.reason)
