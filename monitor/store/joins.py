"""Which sources and papers became one, by which key, and how a person takes that back."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, update
from sqlmodel import Session, col, select

from monitor.store.plainly import Question
from monitor.store.tables import JoinRow, KeyRow, PaperRow, PinRow, PrintRow, SightingRow
from monitor.types.papers import Paper


@dataclass(frozen=True, slots=True)
class Join:
    """What ``source`` says went to a paper because of ``key``; with ``other_id``, two papers became one."""

    id: int
    paper_id: int
    source: str
    key: str
    at: datetime
    other_id: int | None = None
    undone_at: datetime | None = None


_KEYS = Question(select(KeyRow.key).where(KeyRow.paper_id == bindparam("id")))


def keys_of(session: Session, paper_id: int) -> list[str]:
    """Return all names of a paper, in alphabetical order."""
    return sorted(key for (key,) in _KEYS(session, id=paper_id))


def of_paper(session: Session, paper_id: int) -> list[Join]:
    """Return all joins of a paper, those that were taken back among them, oldest first."""
    rows = session.exec(select(JoinRow).where(JoinRow.paper_id == paper_id).order_by(col(JoinRow.id)))
    return [
        Join(row.id, row.paper_id, row.source, row.key, row.at, row.other_id, row.undone_at) for row in rows if row.id
    ]


def take_back_merge(session: Session, join: Join, at: datetime) -> int:
    """Give a merged paper its names back and return its id. The two are not merged again."""
    row = session.get_one(JoinRow, join.id)
    assert row.other_id is not None
    session.exec(update(KeyRow).where(col(KeyRow.key).in_(row.keys)).values(paper_id=row.other_id))
    session.exec(update(PaperRow).where(col(PaperRow.id) == row.other_id).values(merged_into=None))
    row.undone_at = at
    session.add(row)
    return row.other_id


def split_off(session: Session, join: Join, paper: Paper, keys: Collection[str], at: datetime) -> int:
    """Make ``paper`` out of what one source says, and return its id: that source's print and sightings go to it.

    ``keys`` lead to it from now on whenever that source gives them; other sources are not touched.
    """
    values = {name: getattr(paper, name) for name in PaperRow.model_fields if name not in ("id", "merged_into")}
    lists = {name: list(values[name]) for name in ("authors", "author_ids", "institutions", "categories", "sources")}
    row = PaperRow(**(values | lists))
    session.add(row)
    session.flush()
    assert row.id is not None
    if session.get(KeyRow, paper.key) is None:
        session.add(KeyRow(key=paper.key, paper_id=row.id))
    for table in (PrintRow, SightingRow):
        theirs = (col(table.paper_id) == join.paper_id) & (col(table.source) == join.source)
        session.exec(update(table).where(theirs).values(paper_id=row.id))
    for key in keys:
        session.merge(PinRow(source=join.source, key=key, paper_id=row.id))
    former = session.get_one(PaperRow, join.paper_id)
    former.sources = [name for name in former.sources if name != join.source]
    taken = session.get_one(JoinRow, join.id)
    taken.undone_at = at
    session.add_all((former, taken))
    return row.id


def has_key(session: Session, key: str) -> bool:
    """Whether a paper is named ``key``."""
    return session.exec(select(PaperRow.id).where(PaperRow.key == key)).first() is not None
