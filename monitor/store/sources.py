"""When each source is due, what its addresses answered last, and what it announced."""

from __future__ import annotations

import zlib
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, update
from sqlmodel import Session, col, select

from monitor.store.tables import AddressRow, BatchRow, SnapshotRow, SourceRow
from monitor.types.ledger import Batch, SourceHealth
from monitor.types.listings import Answer, Listing


@dataclass(frozen=True, slots=True)
class LastAnswer:
    """What an address answered last: the hash of the body and the validators, byte-exact."""

    sha256: str
    etag: str | None = None
    last_modified: str | None = None


def health(session: Session, name: str) -> SourceHealth:
    """Return how the source ``name`` fares; one never asked is due at once."""
    row = session.get(SourceRow, name)
    return _health(row) if row else SourceHealth(name)


def all_health(session: Session, names: Collection[str]) -> list[SourceHealth]:
    """Return how the sources ``names`` fare, in their order."""
    rows = {row.name: row for row in session.exec(select(SourceRow))}
    return [_health(rows[name]) if name in rows else SourceHealth(name) for name in names]


def succeeded(session: Session, name: str, at: datetime, next_poll_at: datetime) -> None:
    """Note that a source was read, and when it is due again."""
    session.merge(SourceRow(name=name, next_poll_at=next_poll_at, last_ok_at=at))


def failed(session: Session, name: str, at: datetime, next_poll_at: datetime, reason: str) -> SourceHealth:
    """Note that a source failed, why, and when it is tried again; returns how it fares now."""
    row = session.get(SourceRow, name) or SourceRow(name=name)
    row.failures += 1
    row.failing_since = row.failing_since or at
    row.last_error = reason
    row.next_poll_at = next_poll_at
    session.add(row)
    return _health(row)


def last_answers(session: Session, source: str) -> dict[str, LastAnswer]:
    """Return what each address of ``source`` answered last, by URL."""
    rows = session.exec(select(AddressRow).where(AddressRow.source == source))
    return {row.url: LastAnswer(row.sha256, row.etag, row.last_modified) for row in rows}


def remember_answer(session: Session, source: str, url: str, last: LastAnswer) -> None:
    """Note what an address answered. Belongs in the transaction that stores the answer's papers."""
    session.merge(
        AddressRow(source=source, url=url, sha256=last.sha256, etag=last.etag, last_modified=last.last_modified)
    )


def add_snapshot(
    session: Session, source: str, answer: Answer, sha256: str, listing: Listing | None, day: date, reason: str = ""
) -> int:
    """Keep an answer whole, with its figures or the reason it could not be read; returns the snapshot's id.

    ``day`` is the batch that it belongs to: the date that the source declares, else the day it was fetched.
    """
    row = SnapshotRow(
        source=source, url=answer.url, fetched_at=answer.fetched_at, modified_at=answer.modified_at,
        content_type=answer.content_type, sha256=sha256, body=zlib.compress(answer.body, 6),
        state="read" if listing else "failed", reason=reason, batch=day,
    )  # fmt: skip
    if listing:
        row.announced, row.read = listing.announced, len(listing.entries)
        row.oddities = [str(oddity) for oddity in listing.oddities[:100]]
    session.add(row)
    session.flush()
    assert row.id is not None
    return row.id


def drop_bodies(session: Session, before: datetime) -> int:
    """Let go of the bytes of snapshots fetched before a moment, and return how many; what was read from them stays."""
    old = (col(SnapshotRow.fetched_at) < before) & (col(SnapshotRow.body) != b"")
    return session.exec(update(SnapshotRow).where(old).values(body=b"")).rowcount


def snapshot(session: Session, snapshot_id: int) -> Answer:
    """Return the answer kept in a snapshot, byte for byte, so that it can be read again."""
    row = session.get_one(SnapshotRow, snapshot_id)
    return Answer(row.url, zlib.decompress(row.body), row.fetched_at, row.content_type, row.modified_at)


def count_batch(session: Session, source: str, declared: date, at: datetime, found: Collection[str]) -> None:
    """Add one reading of a batch to the ledger. ``found`` holds the kind of verdict of each entry.

    An address that is read again counts with the largest announcement that it showed, several addresses add up.
    Belongs after ``add_snapshot``, in the same transaction.
    """
    largest = (
        select(func.max(SnapshotRow.announced).label("announced"), func.max(SnapshotRow.read).label("read"))
        .where(SnapshotRow.source == source, SnapshotRow.batch == declared, SnapshotRow.state == "read")
        .group_by(col(SnapshotRow.url))
        .subquery()
    )
    announced, read = session.exec(select(func.sum(largest.c.announced), func.sum(largest.c.read))).one()
    row = session.exec(select(BatchRow).where(BatchRow.source == source, BatchRow.declared == declared)).first()
    row = row or BatchRow(source=source, declared=declared, first_read_at=at, last_read_at=at)
    kinds = list(found)
    row.last_read_at = at
    row.announced, row.read = announced, read
    row.new += kinds.count("new")
    row.revised += kinds.count("revised")
    row.copies += kinds.count("near_duplicate")
    session.add(row)


def batches_between(session: Session, after: datetime | None, until: datetime) -> list[Batch]:
    """Return the batches that were read after one moment, up to another one, by source and date."""
    query = select(BatchRow).where(BatchRow.last_read_at <= until).order_by(BatchRow.source, col(BatchRow.declared))
    if after is not None:
        query = query.where(BatchRow.last_read_at > after)
    return [
        Batch(row.source, row.declared, row.announced, row.read, row.new, row.revised, row.copies, row.last_read_at)
        for row in session.exec(query)
    ]


def latest_listing_day(session: Session) -> date | None:
    """Return the last day that any source declared, or ``None`` before the first listing."""
    return session.exec(select(func.max(col(BatchRow.declared)))).one()


def _health(row: SourceRow) -> SourceHealth:
    return SourceHealth(row.name, row.next_poll_at, row.last_ok_at, row.failures, row.failing_since, row.last_error)
