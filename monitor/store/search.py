"""Papers by their words: an index narrows down, and the one boolean language decides.

The index (SQLite FTS5, PostgreSQL's text search) finds all papers that can match; what it cannot say, such as a source
or a NEAR, it leaves out, and ``monitor.matchers.query`` settles each candidate. So a search means what the same line
means in a profile.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col

from monitor.store.papers import by_ids
from monitor.store.tables import MatchRow, PaperRow, SightingRow
from monitor.store.tables.full_text import WORDS
from monitor.store.words import Words, fts5, tsquery
from monitor.types.papers import Paper

_AT_ONCE = 50
_MOST_LOOKED_AT = 1_000
"""A page of results costs no more than this many papers read; the next page goes on from there."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is looked for: what the index of words is asked (``None`` for all papers), and the days of the listing.

    ``topic`` is (profile, topic) under which the papers must have come.
    """

    index: Words | None = None
    since: date | None = None
    until: date | None = None
    topic: tuple[str, str] | None = None


@dataclass(frozen=True, slots=True)
class Found:
    """Some papers, the newest first, and the paper to go on before, if there may be more."""

    papers: tuple[Paper, ...]
    further: int = 0


def find(
    session: Session, wanted: Wanted, holds: Callable[[Sequence[Paper]], Sequence[bool]], limit: int, before: int = 0
) -> Found:
    """Return up to ``limit`` papers for which ``holds`` is true, the newest first, from before the paper ``before``."""
    found: list[Paper] = []
    looked_at = 0
    while looked_at < _MOST_LOOKED_AT:
        ids: list[int] = list(session.scalars(_candidates(session, wanted, before).limit(_AT_ONCE)))
        known = by_ids(session, ids)
        papers = [known[paper_id] for paper_id in ids]
        for paper_id, paper, yes in zip(ids, papers, holds(papers), strict=True):
            before = paper_id
            if yes and paper.id == paper_id:  # one that became another paper is found as that
                found.append(paper)
            if len(found) == limit:
                return Found(tuple(found), before)
        looked_at += len(ids)
        if len(ids) < _AT_ONCE:
            return Found(tuple(found))
    return Found(tuple(found), before)


def meeting(session: Session, wanted: Wanted, ids: Sequence[int]) -> set[int]:
    """Return those of ``ids`` that are of the days and the topic that are wanted."""
    query, number = _narrowed(session, wanted, 0)
    return set(session.scalars(query.where(number.in_(ids))))


def _candidates(session: Session, wanted: Wanted, before: int) -> Any:
    """Return a query of the papers that may be meant, the newest first: each is found where the last one ended."""
    query, number = _narrowed(session, wanted, before)
    return query.order_by(number.desc())


def _narrowed(session: Session, wanted: Wanted, before: int) -> tuple[Any, Any]:
    query, number = holding(session, wanted.index)

    def among(some: Any, paper: Any) -> Any:
        # With words to look for, each paper that holds them is looked up; without, all papers would be.
        return some.where(paper == number).exists() if wanted.index else number.in_(some)

    if before:
        query = query.where(number < before)
    if wanted.since or wanted.until:
        first, last = wanted.since or date.min, wanted.until or date.max
        shown = sa.select(col(SightingRow.paper_id)).where(col(SightingRow.listed_on).between(first, last))
        query = query.where(among(shown, col(SightingRow.paper_id)))
    if wanted.topic:
        profile, topic = wanted.topic
        came = sa.select(col(MatchRow.paper_id)).where(col(MatchRow.profile) == profile, col(MatchRow.topic) == topic)
        query = query.where(among(came, col(MatchRow.paper_id)))
    return query, number


def holding(session: Session, words: Words | None) -> tuple[Any, Any]:
    """Return a query of the papers that the index finds, all of them without ``words``, and its column of their ids."""
    number: Any = col(PaperRow.id)
    if words is None:
        return sa.select(number), number
    if session.get_bind().dialect.name == "sqlite":
        number = sa.column("rowid")
        found = sa.text("papers_fts MATCH :index").bindparams(index=fts5(words))
        return sa.select(number).select_from(sa.table("papers_fts")).where(found), number
    found = sa.text(f"{WORDS} @@ to_tsquery('simple', :index)").bindparams(index=tsquery(words))
    return sa.select(number).where(found), number
