"""What each paper was to us, and when."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy import func, update
from sqlmodel import Session, col, select

from monitor.store.plainly import Question
from monitor.store.tables import VerdictRow
from monitor.store.upsert import insert_all
from monitor.types.verdicts import UNANNOUNCED, Change, Verdict

_TABLE: Any = VerdictRow.__table__  # type: ignore[attr-defined]  # SQLModel makes it
_OF_PAPER = Question(sa.select(_TABLE).where(_TABLE.c.paper_id == sa.bindparam("id")).order_by(_TABLE.c.id))


def add(session: Session, verdicts: Sequence[Verdict], *, judged: bool) -> None:
    """Write verdicts. Ids rise with time: a profile reads them in order, once, and only when they are ``judged``."""
    rows = [
        {
            "paper_id": one.paper_id, "kind": one.kind, "at": one.at, "source": one.source, "of": one.of,
            "evidence": one.evidence, "change": asdict(one.change) if one.change else None,
            "first_story": one.first_story, "nearest": one.nearest, "arrival": one.arrival,
            "listed_on": one.listed_on, "last_listed": one.last_listed, "judged": judged,
        }
        for one in verdicts
    ]  # fmt: skip
    insert_all(session, VerdictRow, rows)


def unjudged(session: Session, limit: int) -> list[Verdict]:
    """Return the first ``limit`` verdicts that were not compared with the papers before them, oldest first."""
    query = select(VerdictRow).where(col(VerdictRow.judged).is_(False)).order_by(col(VerdictRow.id)).limit(limit)
    return [as_verdict(row) for row in session.exec(query)]


def judge(session: Session, verdicts: Sequence[Verdict]) -> None:
    """Write what the comparison says of verdicts that are in the store."""
    rows = [
        {
            "id": one.id, "kind": one.kind, "of": one.of, "evidence": one.evidence, "first_story": one.first_story,
            "nearest": one.nearest, "arrival": one.arrival, "judged": True,
        }
        for one in verdicts
    ]  # fmt: skip
    if rows:
        session.execute(update(VerdictRow), rows)


def between(session: Session, after: int, since: datetime) -> list[Verdict]:
    """Return the verdicts with an id above ``after`` that a profile reads, made since a moment, oldest first.

    Those are up to the first that is not judged, without those that are never announced.
    """
    rows = session.exec(
        select(VerdictRow)
        .where(col(VerdictRow.id) > after, col(VerdictRow.id) <= last_id(session))
        .where(VerdictRow.at >= since, col(VerdictRow.arrival).not_in(UNANNOUNCED))
        .order_by(col(VerdictRow.id))
    )
    return [as_verdict(row) for row in rows]


def outdated(session: Session, after: int, since: datetime) -> int:
    """Return how many verdicts with an id above ``after`` ``between`` leaves out because they were made earlier."""
    query = select(func.count()).where(col(VerdictRow.id) > after, col(VerdictRow.id) <= last_id(session))
    return session.exec(query.where(VerdictRow.at < since, col(VerdictRow.arrival).not_in(UNANNOUNCED))).one()


def last_id(session: Session) -> int:
    """Return the highest id of which all verdicts up to it are judged, 0 when there is none."""
    first = session.exec(select(func.min(VerdictRow.id)).where(col(VerdictRow.judged).is_(False))).one()
    if first is not None:
        return first - 1
    return session.exec(select(func.max(VerdictRow.id))).one() or 0


def of_paper(session: Session, paper_id: int) -> list[Verdict]:
    """Return all that was said of one paper, oldest first."""
    return [as_verdict(row) for row in _OF_PAPER(session, id=paper_id)]


def tally(session: Session) -> dict[str, int]:
    """Return how many verdicts of each kind there are."""
    return dict(session.exec(select(VerdictRow.kind, func.count()).group_by(VerdictRow.kind)).all())


def as_verdict(row: Any) -> Verdict:
    """Return a row of verdicts as a value."""
    return Verdict(
        paper_id=row.paper_id, kind=row.kind, at=row.at, id=row.id, source=row.source, of=row.of, evidence=row.evidence,
        change=_change(row.change) if row.change else None, first_story=row.first_story, nearest=row.nearest,
        arrival=row.arrival, listed_on=row.listed_on, last_listed=row.last_listed,
    )  # fmt: skip


def _change(stored: dict[str, Any]) -> Change:
    pairs = {name: tuple((old, new) for old, new in stored[name]) for name in ("edited", "numbers")}
    lists = {name: tuple(stored[name]) for name in ("added", "removed")}
    values: dict[str, Any] = stored | pairs | lists
    return Change(**values)
