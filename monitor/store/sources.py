"""How each source fares, when it is due, and what its addresses answered last."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete
from sqlmodel import Session, col, select

from monitor.store.tables import AddressRow, SourceRow
from monitor.types.ledger import SourceHealth


@dataclass(frozen=True, slots=True)
class LastAnswer:
    """What an address answered last: the hash of the body and the validators, byte-exact.

    ``moved_to`` is the address that took over for good, ``next_url`` the next page of the same listing.
    """

    sha256: str
    etag: str | None = None
    last_modified: str | None = None
    moved_to: str | None = None
    next_url: str | None = None


def health(session: Session, name: str) -> SourceHealth:
    """Return how the source ``name`` fares; one never asked is due at once."""
    row = session.get(SourceRow, name)
    return _health(row) if row else SourceHealth(name)


def all_health(session: Session, names: Collection[str]) -> list[SourceHealth]:
    """Return how the sources ``names`` fare, in their order."""
    rows = {row.name: row for row in session.exec(select(SourceRow))}
    return [_health(rows[name]) if name in rows else SourceHealth(name) for name in names]


def begun(session: Session, name: str, next_poll_at: datetime) -> None:
    """Note that a source is being asked: a program that dies meanwhile does not ask again before ``next_poll_at``."""
    row = _row(session, name)
    row.next_poll_at = next_poll_at
    session.add(row)


def succeeded(session: Session, name: str, at: datetime, next_poll_at: datetime) -> None:
    """Note that a source was read, and when it is due again."""
    row = _row(session, name)
    row.first_ok_at = row.first_ok_at or at
    row.last_ok_at, row.next_poll_at = at, next_poll_at
    row.failures, row.failing_since, row.last_error, row.gone = 0, None, "", None
    session.add(row)


def failed(session: Session, name: str, at: datetime, next_poll_at: datetime, reason: str) -> None:
    """Note that a source failed, why, and when it is tried again."""
    row = _row(session, name)
    row.failures += 1
    row.failing_since = row.failing_since or at
    row.last_error, row.next_poll_at = reason, next_poll_at
    session.add(row)


def gone(session: Session, name: str, at: datetime, settings: str, reason: str) -> None:
    """Note that a site took a source away for good: it is asked again only when its ``settings`` are others."""
    row = _row(session, name)
    row.failures += 1
    row.failing_since = row.failing_since or at
    row.last_error, row.gone, row.next_poll_at = reason, settings, None
    session.add(row)


def due_again(session: Session, name: str, at: datetime) -> None:
    """Note that a person wants a source asked at the next round, whatever it answered."""
    row = _row(session, name)
    row.next_poll_at, row.gone = at, None
    session.add(row)
    session.exec(delete(AddressRow).where(col(AddressRow.source) == name))


def last_answers(session: Session, source: str) -> dict[str, LastAnswer]:
    """Return what each address of ``source`` answered last, by URL."""
    rows = session.exec(select(AddressRow).where(AddressRow.source == source))
    return {row.url: LastAnswer(row.sha256, row.etag, row.last_modified, row.moved_to, row.next_url) for row in rows}


def remember_answer(session: Session, source: str, url: str, last: LastAnswer, at: datetime) -> None:
    """Note what an address answered. Belongs in the transaction that stores the answer's papers."""
    session.merge(
        AddressRow(
            source=source, url=url, sha256=last.sha256, etag=last.etag, last_modified=last.last_modified,
            moved_to=last.moved_to, next_url=last.next_url, answered_at=at,
        )
    )  # fmt: skip


def forget(session: Session, source: str, urls: Collection[str]) -> None:
    """Drop what addresses answered: they are asked again as if for the first time."""
    session.exec(delete(AddressRow).where(col(AddressRow.source) == source, col(AddressRow.url).in_(urls)))


def forget_answers(session: Session, before: datetime) -> int:
    """Drop what addresses said that nobody asked since a moment, such as the days and pages of a past year."""
    return session.exec(delete(AddressRow).where(col(AddressRow.answered_at) < before)).rowcount


def _row(session: Session, name: str) -> SourceRow:
    return session.get(SourceRow, name) or SourceRow(name=name)


def _health(row: SourceRow) -> SourceHealth:
    return SourceHealth(
        row.name, row.next_poll_at, row.last_ok_at, row.failures, row.failing_since, row.last_error,
        row.first_ok_at, row.gone,
    )  # fmt: skip
