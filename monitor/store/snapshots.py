"""Answers of sources, kept whole so that they can be read again."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, update
from sqlmodel import Session, col, select

from monitor.store.tables import SightingRow, SnapshotRow
from monitor.types.listings import Answer, Listing

_PACKED = 4  # half the time of 6, for 6 % more bytes (measured on real listings)
Contents = tuple[tuple[str, str], ...]
"""The first key and the fingerprint of each entry of a listing, in its order."""


@dataclass(frozen=True, slots=True)
class Snapshot:
    """One kept answer, and what was read from it when it came; ``reason`` says why nothing could be."""

    id: int
    source: str
    batch: date
    answer: Answer
    contents: Contents
    announced: int
    reason: str = ""


def pack(body: bytes) -> bytes:
    """Return ``body`` as a snapshot keeps it. Other threads go on meanwhile: zlib lets go of the interpreter."""
    return gzip.compress(body, _PACKED, mtime=0)


def add(
    session: Session, source: str, answer: Answer, sha256: str, day: date, listing: Listing | None, *,
    packed: bytes | None = None, contents: Sequence[tuple[str, str]] = (), reason: str = "",
) -> int:  # fmt: skip
    """Keep an answer whole, with its figures or the reason it could not be read; returns the snapshot's id.

    ``day`` is the batch that it belongs to: the date that the source declares, else the day it was fetched. ``packed``
    is the body as ``pack`` gives it, for callers who did that beforehand.
    """
    body = pack(answer.body) if packed is None else packed
    row = SnapshotRow(
        source=source, url=answer.url, fetched_at=answer.fetched_at, modified_at=answer.modified_at,
        content_type=answer.content_type, sha256=sha256, body=body, size=len(body), batch=day,
        contents=pack(json.dumps(contents).encode()),
        state="read" if listing else "failed", reason=reason,
    )  # fmt: skip
    if listing:
        row.announced, row.read = listing.announced, len(listing.entries)
        row.oddities = [str(oddity) for oddity in listing.oddities[:100]]
    session.add(row)
    session.flush()
    assert row.id is not None
    return row.id


def kept(session: Session, source: str, since: datetime | None = None) -> Iterator[Snapshot]:
    """Give the snapshots of ``source`` whose bytes are still here, oldest first, one at a time."""
    query = select(SnapshotRow.id).where(SnapshotRow.source == source, SnapshotRow.body != b"")
    if since:
        query = query.where(SnapshotRow.fetched_at >= since)
    for snapshot_id in session.exec(query.order_by(col(SnapshotRow.id))).all():
        yield one(session, snapshot_id or 0)


def one(session: Session, snapshot_id: int) -> Snapshot:
    """Return a snapshot; the body of its answer is empty when its bytes were dropped."""
    row = session.get_one(SnapshotRow, snapshot_id)
    session.expunge(row)  # bodies are large: none is kept longer than it is looked at
    body = _unpacked(row.body)
    answer = Answer(row.url, body, row.fetched_at, row.content_type, row.modified_at)
    listed: Iterable[tuple[str, str]] = json.loads(_unpacked(row.contents) or b"[]")
    return Snapshot(
        snapshot_id,
        row.source,
        row.batch,
        answer,
        tuple((key, text) for key, text in listed),
        row.announced,
        row.reason,
    )


def showing(session: Session, paper_id: int, source: str) -> list[int]:
    """Return the snapshots of ``source`` that showed a paper and still have their bytes, newest first."""
    query = (
        select(SnapshotRow.id)
        .join(SightingRow, col(SightingRow.snapshot_id) == col(SnapshotRow.id))
        .where(SightingRow.paper_id == paper_id, SightingRow.source == source, SnapshotRow.body != b"")
        .order_by(col(SnapshotRow.id).desc())
    )
    return [snapshot_id for snapshot_id in session.exec(query) if snapshot_id]


def drop_bodies(session: Session, before: datetime, most_bytes: int) -> int:
    """Let go of the bytes of snapshots fetched before a moment, and of the oldest beyond ``most_bytes`` in all.

    Returns how many; what was read from them stays.
    """
    length = func.length(SnapshotRow.body)  # it stands at the head of a row: the bytes themselves are not read
    rows = session.exec(
        select(SnapshotRow.id, length, SnapshotRow.fetched_at).where(length > 0).order_by(col(SnapshotRow.id).desc())
    ).all()
    total, old = 0, []
    for snapshot_id, size, fetched_at in rows:
        total += size
        if fetched_at < before or total > most_bytes:
            old.append({"id": snapshot_id, "body": b"", "size": 0})
    if old:
        session.execute(update(SnapshotRow), old)
    return len(old)


def totals(session: Session) -> dict[str, tuple[int, int]]:
    """Return how many snapshots of each source have their bytes, and how many bytes those take."""
    query = select(SnapshotRow.source, func.count(), func.sum(SnapshotRow.size)).where(SnapshotRow.body != b"")
    return {name: (number, size) for name, number, size in session.exec(query.group_by(SnapshotRow.source))}


def _unpacked(packed: bytes) -> bytes:
    import zlib

    return zlib.decompress(packed, wbits=47) if packed else b""  # 47: gzip, or the zlib of older databases
