"""What the pages of papers show: the papers of a span of days in their order, and what stands beside each.

A page asks a handful of questions in the same words each time, so the words are put together once.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy import bindparam, func
from sqlmodel import Session, col, select

from monitor.store.papers import by_ids
from monitor.store.plainly import Question, among
from monitor.store.portions import portions
from monitor.store.tables import MatchRow, PaperRow, SightingRow, VerdictRow
from monitor.types.papers import Paper, Picked

_PAPERS: Any = PaperRow.__table__  # type: ignore[attr-defined]  # SQLModel makes it
_SIGHTINGS: Any = SightingRow.__table__  # type: ignore[attr-defined]
_VERDICTS: Any = VerdictRow.__table__  # type: ignore[attr-defined]
_MATCHES: Any = MatchRow.__table__  # type: ignore[attr-defined]


def _asked_around() -> Any:
    before = sa.select(func.max(_SIGHTINGS.c.listed_on)).where(_SIGHTINGS.c.listed_on < bindparam("first"))
    after = sa.select(func.min(_SIGHTINGS.c.listed_on)).where(_SIGHTINGS.c.listed_on > bindparam("last"))
    return sa.select(before.scalar_subquery(), after.scalar_subquery())


def _asked_listed() -> Any:
    merged = sa.select(_PAPERS.c.id, _PAPERS.c.merged_into).where(_PAPERS.c.merged_into.is_not(None))
    heirs = merged.cte("merged").prefix_with("MATERIALIZED")  # few; the papers themselves are not looked at
    heir = func.coalesce(heirs.c.merged_into, _SIGHTINGS.c.paper_id)
    votes, rank = func.max(_SIGHTINGS.c.upvotes), func.min(_SIGHTINGS.c.rank)
    return (
        sa.select(heir, func.count().over())
        .select_from(_SIGHTINGS.outerjoin(heirs, heirs.c.id == _SIGHTINGS.c.paper_id))
        .where(_SIGHTINGS.c.listed_on.between(bindparam("first"), bindparam("last")))
        .group_by(heir)
        .order_by(func.coalesce(votes, 0).desc(), rank, heir)
        .limit(bindparam("most"))
        .offset(bindparam("skip"))
    )


def _asked_seen() -> Any:
    heir = func.coalesce(_PAPERS.c.merged_into, _PAPERS.c.id)
    itself = among(_PAPERS.c.id, "ids") & _PAPERS.c.merged_into.is_(None)
    day = sa.type_coerce(func.min(_SIGHTINGS.c.listed_on), _SIGHTINGS.c.listed_on.type)
    at = sa.type_coerce(func.min(_SIGHTINGS.c.seen_at), _SIGHTINGS.c.seen_at.type)
    return (
        sa.select(heir, _SIGHTINGS.c.source, _SIGHTINGS.c.upvotes, day, at)
        .select_from(_SIGHTINGS.join(_PAPERS, _PAPERS.c.id == _SIGHTINGS.c.paper_id))
        .where(itself | among(_PAPERS.c.merged_into, "ids"))  # each part has an index
        .group_by(heir, _SIGHTINGS.c.source, _SIGHTINGS.c.upvotes)
        .order_by(day, at)
    )


def _asked_standing() -> Any:
    last = sa.select(func.max(_VERDICTS.c.id)).where(among(_VERDICTS.c.paper_id, "ids")).group_by(_VERDICTS.c.paper_id)
    return sa.select(_VERDICTS.c.paper_id, _VERDICTS.c.kind, _VERDICTS.c.arrival).where(_VERDICTS.c.id.in_(last))


def _asked_topics() -> Any:
    shown = among(_MATCHES.c.profile, "profiles") & (_MATCHES.c.withheld == "")
    query = sa.select(_MATCHES.c.paper_id, _MATCHES.c.profile, _MATCHES.c.topic)
    return query.where(among(_MATCHES.c.paper_id, "ids"), shown).order_by(_MATCHES.c.probability.desc())


_LAST_DAY = Question(sa.select(func.max(_SIGHTINGS.c.listed_on)))
_AROUND, _LISTED = Question(_asked_around()), Question(_asked_listed())
_SEEN, _STANDING, _TOPICS = Question(_asked_seen()), Question(_asked_standing()), Question(_asked_topics())
_COPIES = Question(
    sa.select(_VERDICTS.c.paper_id, _VERDICTS.c.evidence)
    .where(_VERDICTS.c.of == bindparam("id"))
    .order_by(_VERDICTS.c.id)
)


@dataclass(frozen=True, slots=True)
class Seen:
    """Which sources list a paper, the first one first, and when each count of upvotes was first seen, oldest first."""

    sources: tuple[Picked, ...] = ()
    votes: tuple[tuple[datetime, int], ...] = ()


def last_day(session: Session) -> date | None:
    """Return the last day under which a source listed papers."""
    found: date | None = _LAST_DAY(session)[0][0]
    return found


def around(session: Session, first: date, last: date) -> tuple[date | None, date | None]:
    """Return the nearest day with papers before ``first``, and the nearest one after ``last``."""
    ((before, after),) = _AROUND(session, first=first, last=last)
    return before, after


def listed(session: Session, first: date, last: date, limit: int, skip: int = 0) -> tuple[list[Paper], int]:
    """Return the papers listed from one day to another, the most upvoted first, and how many there are in all."""
    rows = _LISTED(session, first=first, last=last, most=limit, skip=skip)
    known = by_ids(session, [paper_id for paper_id, _ in rows])
    return [known[paper_id] for paper_id, _ in rows], rows[0][1] if rows else 0


def newest(session: Session, limit: int) -> list[Paper]:
    """Return the papers that came last, the newest first."""
    whole = select(PaperRow.id).where(col(PaperRow.merged_into).is_(None))
    ids = [found for found in session.exec(whole.order_by(col(PaperRow.id).desc()).limit(limit)) if found]
    known = by_ids(session, ids)
    return [known[paper_id] for paper_id in ids]


def seen(session: Session, ids: Collection[int]) -> dict[int, Seen]:
    """Return where each paper was listed, and how its upvotes grew, by paper."""
    found: dict[int, list[Any]] = {}
    for some in portions(ids):
        for paper_id, *row in _SEEN(session, ids=some):
            found.setdefault(paper_id, []).append(row)
    return {paper_id: _seen(rows) for paper_id, rows in found.items()}


def _seen(rows: Sequence[tuple[str, int | None, date, datetime]]) -> Seen:
    days: dict[str, date] = {}
    most: dict[str, int | None] = {}
    votes: dict[int, datetime] = {}
    for source, upvotes, day, at in rows:
        days.setdefault(source, day)
        most.setdefault(source, upvotes)
        if upvotes is not None:
            votes[upvotes] = min(at, votes.get(upvotes, at))
            most[source] = max(upvotes, most[source] or 0)
    track = sorted((at, count) for count, at in votes.items())
    return Seen(tuple(Picked(source, day, most[source]) for source, day in days.items()), tuple(track))


def standing(session: Session, ids: Collection[int]) -> dict[int, tuple[str, str]]:
    """Return the kind and the arrival of the last verdict on each paper, by paper."""
    found: dict[int, tuple[str, str]] = {}
    for some in portions(ids):
        rows = _STANDING(session, ids=some)
        found.update((paper_id, (kind, arrival)) for paper_id, kind, arrival in rows)
    return found


def topics(session: Session, ids: Collection[int], profiles: Collection[str]) -> dict[int, list[tuple[str, str]]]:
    """Return under which topics of ``profiles`` papers came, as (profile, topic), the most probable first, by paper."""
    found: dict[int, dict[tuple[str, str], None]] = {}
    for some in portions(ids):
        for paper_id, profile, topic in _TOPICS(session, ids=some, profiles=profiles):
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
    rows = _COPIES(session, id=paper_id)
    if not rows:
        return []
    known = by_ids(session, [one for one, _ in rows])
    return [(known[one], evidence) for one, evidence in rows if known[one].id != paper_id]
