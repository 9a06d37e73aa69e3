"""Papers, their keys, texts and sightings."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from operator import attrgetter
from typing import Any

import sqlalchemy as sa
from sqlalchemy import ColumnElement, bindparam, func, or_, update
from sqlmodel import Session, col, select

from monitor.store.plainly import Question, among, plainly
from monitor.store.portions import portions
from monitor.store.tables import (
    JoinRow,
    KeyRow,
    PaperRow,
    PinRow,
    PrintRow,
    SightingRow,
    SnapshotRow,
    TextRow,
    VerdictRow,
)
from monitor.store.upsert import insert_all, insert_missing, new_ids, upsert
from monitor.text import fold
from monitor.types.findings import Finding, KnownPaper, Print, Showing
from monitor.types.papers import Paper, Picked, Sighting

_LISTS = ("authors", "author_ids", "institutions", "categories", "sources")
_FEW = 20
_AT_ONCE = 2_000
"""Titles for which the database may narrow the search; for more of them all titles are read once."""
_OURS = ("id", "merged_into")
"""Columns that a paper's own values never set."""


def unchanged(session: Session, source: str, seals: Mapping[str, bytes]) -> dict[str, int]:
    """Return which papers ``source`` prints exactly as it did last: of ``seals`` by key, those that are in the store.

    A key that a person pinned for this source is left out.
    """
    found: dict[str, int] = {}
    query = (
        select(KeyRow.key, PrintRow.paper_id, PrintRow.seal)
        .join(PrintRow, col(PrintRow.paper_id) == col(KeyRow.paper_id))
        .where(PrintRow.source == source)
    )
    for some in portions(seals):
        rows = session.connection().execute(query.where(col(KeyRow.key).in_(some)))
        found.update((key, paper_id) for key, paper_id, seal in rows if seals[key] == seal)
    for key in _pins(session, source, found):
        del found[key]
    return found


def known(session: Session, keys: Collection[str], source: str = "") -> dict[str, KnownPaper]:
    """Return the papers that carry any of ``keys``, by each key of theirs that was asked for.

    What a person pinned for ``source`` outweighs what the key says by itself.
    """
    owners = {row.key: row.paper_id for row in _in(session, KeyRow, "key", keys)} | _pins(session, source, keys)
    ids = set(owners.values())
    names: dict[int, set[str]] = {}
    for row in _in(session, KeyRow, "paper_id", ids):
        names.setdefault(row.paper_id, set()).add(row.key)
    prints: dict[int, dict[str, Print]] = {}
    for row in _in(session, PrintRow, "paper_id", ids):
        prints.setdefault(row.paper_id, {})[row.source] = Print(row.fingerprint, row.version, row.seal)
    papers = {
        row.id: KnownPaper(_paper(row), frozenset(names.get(row.id, ())), prints.get(row.id, {}))
        for row in _rows_of(session, ids)
    }
    return {key: papers[paper_id] for key, paper_id in owners.items()}


def record(session: Session, findings: Sequence[Finding], showing: Showing) -> list[int]:
    """Write what the entries of one snapshot mean and return the id of each one's paper.

    Papers, keys, prints, former texts, joins and sightings; all in few statements, however many entries there are.
    """
    ids = _write_papers(session, findings, showing.at)
    pairs = list(zip(ids, findings, strict=True))
    insert_missing(
        session, KeyRow, [{"key": key, "paper_id": paper_id} for paper_id, one in pairs for key in one.keys]
    )  # the first paper to carry a key keeps it
    prints = [
        {
            "paper_id": paper_id, "source": showing.source, "fingerprint": one.print.fingerprint,
            "version": one.print.version, "seal": one.print.seal,
        }
        for paper_id, one in pairs
    ]  # fmt: skip
    upsert(session, PrintRow, prints, ("fingerprint", "version", "seal"))
    _sight(session, showing, ids, [one.entry for one in findings])
    joins = {"source": showing.source, "at": showing.at, "other_id": None, "keys": [], "undone_at": None}
    insert_all(session, JoinRow, [joins | {"paper_id": paper_id, "key": one.by} for paper_id, one in pairs if one.by])
    for paper_id, one in pairs:
        for other in one.others:
            _merge(session, paper_id, other, showing, one.keys)
    return ids


def see_again(session: Session, seen: Mapping[int, Any], showing: Showing) -> None:
    """Write that papers were shown again just as before: ``seen`` maps their ids to entries with their figures."""
    _sight(session, showing, list(seen), list(seen.values()))
    figures = [
        {"paper": paper_id, "now": entry.upvotes} for paper_id, entry in seen.items() if entry.upvotes is not None
    ]
    if figures:
        table: Any = PaperRow.__table__  # type: ignore[attr-defined]  # SQLModel makes it
        changed = table.c.upvotes.is_distinct_from(bindparam("now"))
        statement = update(table).where(table.c.id == bindparam("paper"), changed).values(upvotes=bindparam("now"))
        session.connection().execute(statement, figures)


def absent(session: Session, ids: Collection[int], showing: Showing, since: date) -> dict[int, date]:
    """Return which of the papers ``ids`` the source of ``showing`` last listed before ``since``, and on which day.

    What the last answer from the same address held was never away: an answer that does not change is not read again.
    """
    url = select(SnapshotRow.url).where(SnapshotRow.id == showing.snapshot_id).scalar_subquery()
    before = session.exec(
        select(func.max(SnapshotRow.id)).where(
            SnapshotRow.source == showing.source, SnapshotRow.url == url, SnapshotRow.state == "read",
            col(SnapshotRow.id) < showing.snapshot_id,
        )
    ).one()  # fmt: skip
    last = func.max(SightingRow.listed_on)
    query = (
        select(SightingRow.paper_id, last, func.max(SightingRow.snapshot_id))
        .where(SightingRow.source == showing.source, SightingRow.snapshot_id != showing.snapshot_id)
        .group_by(col(SightingRow.paper_id))
        .having(last < since)
    )
    found: dict[int, date] = {}
    for some in portions(ids):
        rows = session.exec(query.where(col(SightingRow.paper_id).in_(some)))
        found.update((paper_id, day) for paper_id, day, snapshot in rows if snapshot != before)
    return found


def by_ids(session: Session, ids: Collection[int]) -> dict[int, Paper]:
    """Return papers by id; ids that are not here are left out, and a merged paper is given as what it became."""
    rows = {row.id: row for row in _rows_of(session, ids)}
    heirs = {row.merged_into for row in rows.values() if row.merged_into} - set(rows)
    rows |= {row.id: row for row in _rows_of(session, heirs)}
    return {wanted: _paper(rows[rows[wanted].merged_into or wanted]) for wanted in ids if wanted in rows}


def after(session: Session, paper_id: int, step: int = 1) -> Iterator[Paper]:
    """Yield the papers with an id above ``paper_id`` that ``step`` divides, oldest first, some at a time."""
    query = _whole().where(col(PaperRow.id) % step == 0).order_by(col(PaperRow.id)).limit(_AT_ONCE)
    while rows := plainly(session, query.where(col(PaperRow.id) > paper_id)).all():
        yield from map(_paper, rows)
        paper_id = rows[-1].id


def up_to(session: Session, paper_id: int, limit: int) -> list[Paper]:
    """Return the last ``limit`` papers with an id of at most ``paper_id``, oldest first."""
    rows = plainly(
        session, _whole().where(col(PaperRow.id) <= paper_id).order_by(col(PaperRow.id).desc()).limit(limit)
    ).all()
    return [_paper(row) for row in reversed(rows)]


def since(session: Session, moment: datetime) -> list[Paper]:
    """Return the papers first seen since a moment, oldest first."""
    query = _whole().where(PaperRow.first_seen >= moment)
    return [_paper(row) for row in plainly(session, query.order_by(col(PaperRow.first_seen), col(PaperRow.id)))]


def count(session: Session) -> int:
    """Return how many papers the store holds."""
    return session.exec(select(func.count()).select_from(PaperRow).where(col(PaperRow.merged_into).is_(None))).one()


def last_id(session: Session) -> int:
    """Return the highest id of a paper, 0 when there is none."""
    return session.exec(select(func.max(PaperRow.id))).one() or 0


def with_keys(session: Session, keys: Collection[str]) -> list[Paper]:
    """Return the papers that carry any of ``keys``, each once."""
    ids = {row.paper_id for row in _in(session, KeyRow, "key", keys)}
    return list(by_ids(session, ids).values())


def by_keys(session: Session, keys: Collection[str]) -> dict[str, Paper]:
    """Return the papers that carry any of ``keys``, by each key of theirs that was asked for."""
    owners = {row.key: row.paper_id for row in _in(session, KeyRow, "key", keys)}
    known = by_ids(session, set(owners.values()))
    return {key: known[paper_id] for key, paper_id in owners.items()}


def titled(session: Session, title: str) -> list[Paper]:
    """Return the papers whose title is ``title``, however it is spaced, cased or accented."""
    return bearing(session, {title}).get(fold(title), [])


def bearing(session: Session, wanted: Collection[str]) -> dict[str, list[Paper]]:
    """Return the papers that bear a title of ``wanted``, however spaced, cased or accented, by that title, folded."""
    if not wanted:
        return {}
    query = select(PaperRow.id, PaperRow.title).where(col(PaperRow.merged_into).is_(None)).order_by(col(PaperRow.id))
    if len(wanted) <= _FEW:
        query = query.where(or_(*(col(PaperRow.title).icontains(_plain_word(one), autoescape=True) for one in wanted)))
    titles = {fold(title) for title in wanted}
    rows = session.exec(query)
    owners = {paper_id: folded for paper_id, title in rows if paper_id and (folded := fold(title)) in titles}
    found: dict[str, list[Paper]] = {}
    for paper_id, paper in by_ids(session, owners).items():
        found.setdefault(owners[paper_id], []).append(paper)
    return found


def _plain_word(title: str) -> str:
    """Return the longest word without accents: the database does not fold them."""
    words = (word for word in fold(title).split() if word in title.casefold() and word.isascii())
    return max(words, key=len, default="")


def titles(session: Session) -> dict[int, str]:
    """Return the titles of all papers by their ids."""
    rows = session.exec(select(PaperRow.id, PaperRow.title).where(col(PaperRow.merged_into).is_(None)))
    return {paper_id: title for paper_id, title in rows if paper_id}


def containing(session: Session, words: str, limit: int) -> list[Paper]:
    """Return up to ``limit`` papers with every word of ``words`` in the title, newest first."""
    query = _whole().order_by(col(PaperRow.id).desc()).limit(limit)
    for word in words.split()[:20]:
        query = query.where(col(PaperRow.title).icontains(word, autoescape=True))
    return [_paper(row) for row in plainly(session, query)]


def first_listed(session: Session, after: int, limit: int) -> list[tuple[date, str, Paper]]:
    """Return the first ``limit`` papers with an id above ``after``: the day and the source that listed each first.

    Copies of other papers, and what was merged into another, are left out: nothing happened because a site lists its
    papers again under other ids.
    """
    copies = select(VerdictRow.paper_id).where(VerdictRow.kind == "near_duplicate")
    query = _whole().where(col(PaperRow.id) > after, col(PaperRow.id).not_in(copies))
    found = {row.id: _paper(row) for row in plainly(session, query.order_by(col(PaperRow.id)).limit(limit))}
    first: dict[int, tuple[date, str]] = {}
    for some in portions(found):
        for row in session.exec(select(SightingRow).where(col(SightingRow.paper_id).in_(some))):
            shown = row.listed_on, row.source
            first[row.paper_id] = min(first.get(row.paper_id, shown), shown)
    return [(*first[paper_id], paper) for paper_id, paper in found.items() if paper_id in first]


def sightings(session: Session, since: datetime) -> list[Sighting]:
    """Return the sightings since a moment, oldest first."""
    rows = session.execute(
        _sighted(SightingRow)
        .where(col(SightingRow.seen_at) >= since)
        .order_by(col(SightingRow.seen_at), col(SightingRow.paper_id))
    )
    return [
        Sighting(paper_id, row.source, row.seen_at, row.listed_on, row.rank, row.upvotes, row.comments, row.stars)
        for paper_id, row in rows
    ]


def picked(session: Session, ids: Collection[int]) -> dict[int, tuple[Picked, ...]]:
    """Return which sources list each of the papers ``ids``, the first one first."""
    day, votes = func.min(SightingRow.listed_on).label("day"), func.max(SightingRow.upvotes)
    query = _sighted(SightingRow.source, day, votes).group_by(_HEIR, col(SightingRow.source)).order_by(day)
    found: dict[int, list[Picked]] = {}
    for some in portions(ids):
        for paper_id, source, first, upvotes in plainly(session, query.where(_standing_for(some))):
            found.setdefault(paper_id, []).append(Picked(source, first, upvotes))
    return {paper_id: tuple(sources) for paper_id, sources in found.items()}


def sightings_of(session: Session, paper_id: int) -> list[Sighting]:
    """Return all sightings of one paper, oldest first."""
    rows = session.exec(select(SightingRow).where(SightingRow.paper_id == paper_id).order_by(col(SightingRow.seen_at)))
    return [
        Sighting(paper_id, row.source, row.seen_at, row.listed_on, row.rank, row.upvotes, row.comments, row.stars)
        for row in rows
    ]


_HEIR = func.coalesce(col(PaperRow.merged_into), col(PaperRow.id))


def _standing_for(ids: Collection[int]) -> ColumnElement[bool]:
    """Return what holds for papers ``ids`` and those that became one of them; each part has an index."""
    return col(PaperRow.id).in_(ids) & col(PaperRow.merged_into).is_(None) | col(PaperRow.merged_into).in_(ids)


def _sighted(*what: Any) -> Any:
    """Return a query of sightings, each with the paper that it stands for today."""
    return select(_HEIR, *what).join(PaperRow, col(PaperRow.id) == col(SightingRow.paper_id))


def _whole() -> Any:
    """Return a query of the papers that stand for themselves."""
    return sa.select(*_PAPER).where(col(PaperRow.merged_into).is_(None))


def _write_papers(session: Session, findings: Sequence[Finding], at: datetime) -> list[int]:
    ids = [one.paper.id for one in findings]
    new = [place for place, paper_id in enumerate(ids) if not paper_id]
    if new:
        for place, paper_id in zip(new, new_ids(session, PaperRow, len(new)), strict=True):
            ids[place] = paper_id
        insert_all(session, PaperRow, [{"id": ids[place], **_columns(findings[place].paper)} for place in new])
    former = [one.former for one in findings if one.kind == "revised" and one.former]
    insert_missing(
        session,
        TextRow,
        [
            {
                "paper_id": old.id, "version": old.version, "title": old.title, "abstract": old.abstract,
                "replaced_at": at,
            }
            for old in former
        ],
    )  # fmt: skip
    changed = [{"id": one.paper.id, **_columns(one.paper)} for one in findings if one.paper.id and one.is_changed]
    if changed:
        session.execute(update(PaperRow), changed)
    return ids


def _sight(session: Session, showing: Showing, ids: Sequence[int], entries: Sequence[Any]) -> None:
    insert_missing(
        session,
        SightingRow,
        [
            {
                "paper_id": paper_id, "rank": entry.rank, "upvotes": entry.upvotes, "comments": entry.comments,
                "stars": entry.stars,
            }
            for paper_id, entry in zip(ids, entries, strict=True)
        ],
        snapshot_id=showing.snapshot_id, source=showing.source, seen_at=showing.at, listed_on=showing.day,
    )  # fmt: skip


def _merge(session: Session, paper_id: int, other_id: int, showing: Showing, keys: Sequence[str]) -> None:
    """Let one paper take over the names of another, which from now on points to it; not against a person's word."""
    apart = (col(JoinRow.other_id) == other_id) & col(JoinRow.undone_at).is_not(None)
    if session.exec(select(JoinRow.id).where(JoinRow.paper_id == paper_id, apart)).first() is not None:
        return
    moved = list(session.exec(select(KeyRow.key).where(KeyRow.paper_id == other_id)))
    session.exec(update(KeyRow).where(col(KeyRow.paper_id) == other_id).values(paper_id=paper_id))
    session.exec(
        update(PaperRow)
        .where(or_(col(PaperRow.id) == other_id, col(PaperRow.merged_into) == other_id))
        .values(merged_into=paper_id)
    )
    by = next((key for key in keys if key in moved), "")
    session.add(JoinRow(paper_id=paper_id, source=showing.source, key=by, at=showing.at, other_id=other_id, keys=moved))


def _pins(session: Session, source: str, keys: Collection[str]) -> dict[str, int]:
    query = select(PinRow.key, PinRow.paper_id).where(PinRow.source == source)
    return {key: paper_id for key, paper_id in session.exec(query) if key in keys}


_COLUMNS = tuple(name for name in PaperRow.model_fields if name not in _OURS)
_VALUES = attrgetter(*_COLUMNS)
_FIELDS = tuple(name for name in PaperRow.model_fields if name != "merged_into")
_TABLE: Any = PaperRow.__table__  # type: ignore[attr-defined]  # SQLModel makes it
_PAPER = [_TABLE.c[name] for name in _FIELDS]
_BY_ID = Question(sa.select(*_PAPER, _TABLE.c.merged_into).where(among(_TABLE.c.id, "ids")))


def _columns(paper: Paper) -> dict[str, Any]:
    return dict(zip(_COLUMNS, _VALUES(paper), strict=True)) | {name: list(getattr(paper, name)) for name in _LISTS}


def _paper(row: Any) -> Paper:
    """Return a row of ``_PAPER`` as a value."""
    values = dict(zip(_FIELDS, row, strict=False))
    for name in _LISTS:
        values[name] = tuple(values[name])
    return Paper(**values)


def _rows_of(session: Session, ids: Collection[int]) -> Iterator[Any]:
    for some in portions(ids):
        yield from _BY_ID(session, ids=some)


def _in(session: Session, table: Any, column: str, values: Collection[Any]) -> Iterable[Any]:
    field = getattr(table, column)
    for some in portions(values):
        yield from session.exec(select(table).where(field.in_(some)))
