"""Papers like a paper, found once, beforehand: those whose titles share most pairs of words that stand side by side."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from typing import Any

import sqlalchemy as sa
from sqlalchemy import bindparam, delete, func
from sqlmodel import Session

from monitor.store import marks
from monitor.store.plainly import Question, among, plainly
from monitor.store.portions import portions
from monitor.store.search import holding
from monitor.store.tables import AlikeRow, PaperRow
from monitor.store.upsert import insert_missing
from monitor.store.words import AnyOf, Held

KEPT = 6
"""Papers that are kept for each."""
_LOOKED_AT = 40
_MOST_PAIRS = 6
_COMMON = frozenset(
    """a an and are as at be by can do for from how in into is it of on or than that the their these this to toward
    towards using via we what when where which with without""".split()  # noqa: SIM905 - a list would fill the page
)
_WORD = re.compile(r"\w+")
_ALIKE: Any = AlikeRow.__table__  # type: ignore[attr-defined]  # SQLModel makes it
_PAPERS: Any = PaperRow.__table__  # type: ignore[attr-defined]
_STANDING = _PAPERS.c.merged_into.is_(None)
_BEST = [_ALIKE.c.shared.desc(), _ALIKE.c.other_id.desc()]
_TITLES = Question(sa.select(_PAPERS.c.id, _PAPERS.c.title).where(among(_PAPERS.c.id, "ids")))
_OF = Question(
    sa.select(_PAPERS.c.id, _PAPERS.c.title, _PAPERS.c.authors)
    .select_from(_ALIKE.join(_PAPERS, _PAPERS.c.id == _ALIKE.c.other_id))
    .where(_ALIKE.c.paper_id == bindparam("id"), _STANDING)
    .order_by(*_BEST)
    .limit(KEPT)
)


@dataclass(frozen=True, slots=True)
class Named:
    """A paper by what a line of a list says of it."""

    id: int
    title: str
    authors: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Pair:
    """Two papers whose titles share so many pairs of words."""

    paper_id: int
    other_id: int
    shared: int


def of(session: Session, paper_id: int) -> list[Named]:
    """Return the papers that are most like a paper, the likest first, as far as they have been looked for."""
    return [Named(number, title, tuple(authors)) for number, title, authors in _OF(session, id=paper_id)]


def waiting(session: Session, limit: int) -> list[Named]:
    """Return the first ``limit`` papers for which none have been looked for, in the order in which they came."""
    noted = marks.get(session, "alike")
    query = sa.select(_PAPERS.c.id, _PAPERS.c.title).where(_PAPERS.c.id > (int(noted[1]) if noted else 0))
    return [Named(*row) for row in plainly(session, query.order_by(_PAPERS.c.id).limit(limit))]


def find(session: Session, paper: Named) -> list[Pair]:
    """Return the papers that share most pairs of words with a title, of the newest that share any; the likest first."""
    wanted = _pairs(paper.title)
    telling = sorted(wanted, key=lambda pair: (-len(pair[0] + pair[1]), pair))  # long words are rare ones
    pairs = [pair for pair in telling if all(word.isascii() for word in pair)][:_MOST_PAIRS]
    if not pairs:
        return []
    asked = AnyOf(tuple(Held(((one, False), (other, False)), ("title",), within=0) for one, other in pairs))
    query, number = holding(session, asked)
    ids = list(session.scalars(query.order_by(number.desc()).limit(_LOOKED_AT)))
    titles = {row.id: _pairs(row.title) for row in _TITLES(session, ids=ids) if row.id != paper.id}
    found = [Pair(paper.id, other, len(wanted & said)) for other, said in titles.items() if wanted & said]
    return sorted(found, key=lambda pair: (-pair.shared, -pair.other_id))[:KEPT]


def _pairs(title: str) -> set[tuple[str, str]]:
    """Return the words of a title that stand side by side, common ones aside."""
    words = _WORD.findall(title.casefold())
    return {pair for pair in pairwise(words) if not _COMMON & set(pair)}


def keep(session: Session, found: Sequence[Pair]) -> None:
    """Write pairs, for both papers of each; a paper keeps its likest."""
    ways = [(one.paper_id, one.other_id, one.shared) for one in found]
    ways += [(other, paper, shared) for paper, other, shared in ways]
    insert_missing(
        session, AlikeRow, [{"paper_id": paper, "other_id": other, "shared": shared} for paper, other, shared in ways]
    )
    place = func.row_number().over(partition_by=_ALIKE.c.paper_id, order_by=_BEST).label("place")
    for some in portions({paper for paper, _, _ in ways}):
        of_some = sa.select(_ALIKE.c.paper_id, _ALIKE.c.other_id, place).where(_ALIKE.c.paper_id.in_(some))
        ranked = of_some.subquery()
        beyond = sa.select(ranked.c.paper_id, ranked.c.other_id).where(ranked.c.place > KEPT)
        session.execute(delete(AlikeRow).where(sa.tuple_(_ALIKE.c.paper_id, _ALIKE.c.other_id).in_(beyond)))


def note(session: Session, through: int, at: datetime) -> None:
    """Note that papers like each one up to the paper ``through`` have been looked for."""
    marks.put(session, "alike", at, str(through))


def forget_merged(session: Session) -> None:
    """Drop what is known of papers that became other ones."""
    merged = sa.select(_PAPERS.c.id).where(_PAPERS.c.merged_into.is_not(None))
    for column in (_ALIKE.c.paper_id, _ALIKE.c.other_id):
        session.execute(delete(AlikeRow).where(column.in_(merged)))
