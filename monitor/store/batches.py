"""The ledger of announcements: what each source announced under each date, and what came of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable
from datetime import date, datetime

from sqlalchemy import func
from sqlmodel import Session, col, select

from monitor.store.tables import BatchRow, SnapshotRow
from monitor.types.ledger import Batch, BatchState

_RECENT = 20


def count(session: Session, source: str, declared: date, at: datetime, found: Iterable[str]) -> None:
    """Add one reading of a batch to the ledger.

    ``found`` holds what became of each entry: kinds of verdict, and how each arrived. An address that is
    read again counts with the largest announcement that it showed, several addresses add up. Belongs after the
    snapshot, in the same transaction.
    """
    largest = (
        select(func.max(SnapshotRow.announced).label("announced"), func.max(SnapshotRow.read).label("read"))
        .where(SnapshotRow.source == source, SnapshotRow.batch == declared, SnapshotRow.state == "read")
        .group_by(col(SnapshotRow.url))
        .subquery()
    )
    announced, read = session.exec(select(func.sum(largest.c.announced), func.sum(largest.c.read))).one()
    row = _row(session, source, declared) or BatchRow(
        source=source, declared=declared, first_read_at=at, last_read_at=at
    )
    counted = Counter(found)
    row.last_read_at = at
    if row.state == "missed":
        row.state, row.note = "whole", "missed on its day and read afterwards"
    row.announced, row.read = announced or 0, read or 0
    row.new += counted["new"]
    row.revised += counted["revised"]
    row.late += counted["late"]
    row.past += counted["past"]
    row.flood += counted["flood"]
    session.add(row)


def announced(session: Session, source: str, declared: date) -> int:
    """Return what a batch announced, all readings together."""
    row = _row(session, source, declared)
    return row.announced if row else 0


def settle(session: Session, source: str, declared: date, state: BatchState, note: str) -> None:
    """Write what is thought of a batch that was counted."""
    row = _row(session, source, declared)
    if row:
        row.state, row.note = state, note
        session.add(row)


def add_copies(session: Session, source: str, declared: date, number: int, *, flood: bool = False) -> None:
    """Note that ``number`` papers counted as new turned out to be copies of older ones; a ``flood`` of them or not."""
    row = _row(session, source, declared)
    if not row:
        return
    if flood:
        row.flood += number
    else:
        row.new, row.copies = row.new - number, row.copies + number
    session.add(row)


def miss(session: Session, source: str, days: Collection[date], at: datetime, note: str) -> None:
    """Write batches that were announced and never read."""
    for day in days:
        if _row(session, source, day) is None:
            session.add(
                BatchRow(source=source, declared=day, first_read_at=at, last_read_at=at, state="missed", note=note)
            )


def days(session: Session, source: str) -> set[date]:
    """Return the dates under which ``source`` was read; those noted as missed are not among them."""
    query = select(col(BatchRow.declared)).where(BatchRow.source == source, BatchRow.state != "missed")
    return set(session.exec(query))


def open_days(session: Session, source: str) -> set[date]:
    """Return the dates whose announcement was still growing when it was read last."""
    query = select(col(BatchRow.declared)).where(BatchRow.source == source, BatchRow.state == "open")
    return set(session.exec(query))


def sizes(session: Session, source: str, before: date) -> list[int]:
    """Return what the last twenty batches before a date announced that were whole and not empty, newest first."""
    return _recent(session, source, before, BatchRow.announced)


def news(session: Session, source: str, before: date) -> list[int]:
    """Return how many papers were new in the last twenty batches before a date, newest first."""
    return _recent(session, source, before, BatchRow.new)


def between(session: Session, after: datetime | None, until: datetime, source: str | None = None) -> list[Batch]:
    """Return the batches that were read after one moment, up to another one, by source and date."""
    query = select(BatchRow).where(BatchRow.last_read_at <= until).order_by(BatchRow.source, col(BatchRow.declared))
    if after is not None:
        query = query.where(BatchRow.last_read_at > after)
    if source is not None:
        query = query.where(BatchRow.source == source)
    return [_batch(row) for row in session.exec(query)]


def last(session: Session, source: str, number: int) -> list[Batch]:
    """Return the last ``number`` batches of ``source`` by their dates, newest first."""
    query = select(BatchRow).where(BatchRow.source == source).order_by(col(BatchRow.declared).desc()).limit(number)
    return [_batch(row) for row in session.exec(query)]


def announced_since(session: Session, source: str, since: datetime) -> bool:
    """Return whether a batch of ``source`` that announced something was first read after ``since``."""
    query = select(BatchRow.id).where(BatchRow.source == source, BatchRow.first_read_at > since, BatchRow.announced > 0)
    return session.exec(query.limit(1)).first() is not None


def last_read(session: Session) -> datetime | None:
    """Return when anything was read last, by the clock of then; ``None`` when nothing was."""
    return session.exec(select(func.max(BatchRow.last_read_at))).one()


def _recent(session: Session, source: str, before: date, column: int) -> list[int]:
    query = (
        select(column)
        .where(BatchRow.source == source, BatchRow.declared < before, BatchRow.state == "whole", BatchRow.announced > 0)
        .order_by(col(BatchRow.declared).desc())
        .limit(_RECENT)
    )
    return list(session.exec(query))


def _row(session: Session, source: str, declared: date) -> BatchRow | None:
    return session.exec(select(BatchRow).where(BatchRow.source == source, BatchRow.declared == declared)).first()


def _batch(row: BatchRow) -> Batch:
    state: BatchState = row.state  # type: ignore[assignment]  # only states are written
    return Batch(
        row.source, row.declared, row.announced, row.read, row.new, row.revised, row.copies, row.last_read_at,
        row.late, row.past, state, row.note, row.first_read_at, row.flood,
    )  # fmt: skip
