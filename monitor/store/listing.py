"""What the pages of papers show: the papers of a span of days in their order, and what stands beside each."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy import func
from sqlmodel import Session, col, select

from monitor.store.papers import by_ids, standing_for
from monitor.store.portions import portions
from monitor.store.tables import MatchRow, PaperRow, SightingRow, VerdictRow
from monitor.store.verdicts import as_verdict
from monitor.types.papers import Paper
from monitor.types.verdicts import Verdict

_HEIR = func.coalesce(col(PaperRow.merged_into), col(PaperRow.id))
_DAY = col(SightingRow.listed_on)


def last_day(session: Session) -> date | None:
    """Return the last day under which a source listed papers."""
    return session.exec(select(func.max(SightingRow.listed_on))).one()


def around(session: Session, first: date, last: date) -> tuple[date | None, date | None]:
    """Return the nearest day with papers before ``first``, and the nearest one after ``last``."""
    before = select(func.max(SightingRow.listed_on)).where(first > _DAY)
    after = select(func.min(SightingRow.listed_on)).where(last < _DAY)
    return session.exec(before).one(), session.exec(after).one()


def listed(session: Session, first: date, last: date, limit: int, skip: int = 0) -> tuple[list[Paper], int]:
    """Return the papers listed from one day to another, the most upvoted first, and how many there are in all."""
    span = _DAY.between(first, last)
    votes, rank = func.max(SightingRow.upvotes), func.min(SightingRow.rank)
    query = (
        sa.select(_HEIR, votes)
        .join(PaperRow, col(PaperRow.id) == col(SightingRow.paper_id))
        .where(span)
        .group_by(_HEIR)
        .order_by(func.coalesce(votes, 0).desc(), rank, _HEIR)
    )
    ids = [paper_id for paper_id, _ in session.execute(query.limit(limit).offset(skip))]
    total = session.exec(select(func.count(func.distinct(SightingRow.paper_id))).where(span)).one()
    known = by_ids(session, ids)
    return [known[paper_id] for paper_id in ids], total


def newest(session: Session, limit: int) -> list[Paper]:
    """Return the papers that came last, the newest first."""
    whole = select(PaperRow.id).where(col(PaperRow.merged_into).is_(None))
    ids = [found for found in session.exec(whole.order_by(col(PaperRow.id).desc()).limit(limit)) if found]
    known = by_ids(session, ids)
    return [known[paper_id] for paper_id in ids]


def votes(session: Session, ids: Collection[int]) -> dict[int, list[tuple[datetime, int]]]:
    """Return when each count of upvotes was first seen, oldest first, by paper."""
    table: Any = SightingRow.__table__  # type: ignore[attr-defined]  # SQLModel makes it
    first = func.min(SightingRow.seen_at)
    counted = col(SightingRow.upvotes).is_not(None)
    query: Any = (
        sa.select(_HEIR, col(SightingRow.upvotes), sa.type_coerce(first, table.c.seen_at.type))
        .join(PaperRow, col(PaperRow.id) == col(SightingRow.paper_id))
        .where(counted)
        .group_by(_HEIR, col(SightingRow.upvotes))
        .order_by(first)
    )
    found: dict[int, list[tuple[datetime, int]]] = {}
    for some in portions(ids):
        for paper_id, upvotes, at in session.execute(query.where(standing_for(some))):
            found.setdefault(paper_id, []).append((at, upvotes))
    return found


def verdicts_of(session: Session, ids: Collection[int]) -> dict[int, Verdict]:
    """Return the last word on each paper, by paper."""
    found: dict[int, Verdict] = {}
    for some in portions(ids):
        last = (
            select(func.max(VerdictRow.id)).where(col(VerdictRow.paper_id).in_(some)).group_by(col(VerdictRow.paper_id))
        )
        rows = session.exec(select(VerdictRow).where(col(VerdictRow.id).in_(last)))
        found.update((row.paper_id, as_verdict(row)) for row in rows)
    return found


def topics(session: Session, ids: Collection[int], profiles: Collection[str]) -> dict[int, list[tuple[str, str]]]:
    """Return under which topics of ``profiles`` papers came, as (profile, topic), the most probable first, by paper."""
    found: dict[int, dict[tuple[str, str], None]] = {}
    for some in portions(ids):
        query = select(MatchRow.paper_id, MatchRow.profile, MatchRow.topic).where(
            col(MatchRow.paper_id).in_(some), col(MatchRow.profile).in_(profiles), MatchRow.withheld == ""
        )
        for paper_id, profile, topic in session.exec(query.order_by(col(MatchRow.probability).desc())):
            found.setdefault(paper_id, {})[profile, topic] = None
    return {paper_id: list(named) for paper_id, named in found.items()}


def of_topic(session: Session, profile: str, topic: str, limit: int, before: int = 0) -> list[tuple[int, Paper]]:
    """Return the papers that came under a topic, with the number of the match to go on from; the newest first.

    An empty ``topic`` stands for all of the profile.
    """
    query = select(func.max(MatchRow.id), MatchRow.paper_id).where(MatchRow.profile == profile, MatchRow.withheld == "")
    query = query.where(MatchRow.topic == topic) if topic else query
    query = query.where(col(MatchRow.id) < before) if before else query
    rows: Any = session.exec(
        query.group_by(col(MatchRow.paper_id)).order_by(func.max(MatchRow.id).desc()).limit(limit)
    ).all()
    known = by_ids(session, [paper_id for _, paper_id in rows])
    return [(number, known[paper_id]) for number, paper_id in rows]


def topic_days(session: Session, profile: str, topic: str, since: datetime) -> list[datetime]:
    """Return when the papers of a topic were judged since a moment, oldest first."""
    query = (
        select(VerdictRow.at)
        .join(MatchRow, col(MatchRow.verdict_id) == col(VerdictRow.id))
        .where(MatchRow.profile == profile, MatchRow.topic == topic, MatchRow.withheld == "", VerdictRow.at >= since)
    )
    return list(session.exec(query.order_by(col(VerdictRow.at))))


def copies_of(session: Session, paper_id: int) -> list[tuple[Paper, str]]:
    """Return the papers that were found to copy a paper, with the evidence."""
    rows = session.exec(select(VerdictRow).where(VerdictRow.of == paper_id).order_by(col(VerdictRow.id))).all()
    known = by_ids(session, [row.paper_id for row in rows])
    return [(known[row.paper_id], row.evidence) for row in rows if known[row.paper_id].id != paper_id]
