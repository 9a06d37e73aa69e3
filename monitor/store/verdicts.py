"""What each paper was to us, and when."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from typing import Any

from sqlalchemy import func
from sqlmodel import Session, col, select

from monitor.store.tables import VerdictRow
from monitor.types.verdicts import Change, Verdict


def add(session: Session, verdict: Verdict) -> int:
    """Write a verdict and return its id. Ids rise with time: a profile reads them in order, once."""
    row = VerdictRow(
        paper_id=verdict.paper_id, kind=verdict.kind, at=verdict.at, source=verdict.source, of=verdict.of,
        evidence=verdict.evidence, change=asdict(verdict.change) if verdict.change else None,
        first_story=verdict.first_story,
    )  # fmt: skip
    session.add(row)
    session.flush()
    assert row.id is not None
    return row.id


def between(session: Session, after: int, since: datetime) -> list[Verdict]:
    """Return the verdicts with an id above ``after`` that were made since a moment, oldest first."""
    rows = session.exec(
        select(VerdictRow).where(col(VerdictRow.id) > after, VerdictRow.at >= since).order_by(col(VerdictRow.id))
    )
    return [as_verdict(row) for row in rows]


def last_id(session: Session) -> int:
    """Return the highest id of a verdict, 0 when there is none."""
    return session.exec(select(func.max(VerdictRow.id))).one() or 0


def of_paper(session: Session, paper_id: int) -> list[Verdict]:
    """Return all that was said of one paper, oldest first."""
    rows = session.exec(select(VerdictRow).where(VerdictRow.paper_id == paper_id).order_by(col(VerdictRow.id)))
    return [as_verdict(row) for row in rows]


def tally(session: Session) -> dict[str, int]:
    """Return how many verdicts of each kind there are."""
    return dict(session.exec(select(VerdictRow.kind, func.count()).group_by(VerdictRow.kind)).all())


def as_verdict(row: VerdictRow) -> Verdict:
    """Return a row as a value."""
    assert row.id is not None
    kind: Any = row.kind
    return Verdict(
        paper_id=row.paper_id, kind=kind, at=row.at, id=row.id, source=row.source, of=row.of, evidence=row.evidence,
        change=_change(row.change) if row.change else None, first_story=row.first_story,
    )  # fmt: skip


def _change(stored: dict[str, Any]) -> Change:
    pairs = {name: tuple((old, new) for old, new in stored[name]) for name in ("edited", "numbers")}
    lists = {name: tuple(stored[name]) for name in ("added", "removed")}
    values: dict[str, Any] = stored | pairs | lists
    return Change(**values)
