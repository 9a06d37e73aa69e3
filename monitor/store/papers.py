"""Papers, their keys, texts and sightings."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date, datetime
from typing import Any

from sqlalchemy import func
from sqlmodel import Session, col, select

from monitor.store.portions import portions
from monitor.store.tables import KeyRow, PaperRow, PrintRow, SightingRow, TextRow
from monitor.text import fold
from monitor.types.findings import Finding, KnownPaper, Print
from monitor.types.papers import Paper, Sighting

_LISTS = ("authors", "categories", "sources")


def known(session: Session, keys: Collection[str]) -> dict[str, KnownPaper]:
    """Return the papers that carry any of ``keys``, by each key of theirs that was asked for."""
    owners = {row.key: row.paper_id for row in _in(session, KeyRow, "key", keys)}
    ids = set(owners.values())
    names: dict[int, set[str]] = {}
    for row in _in(session, KeyRow, "paper_id", ids):
        names.setdefault(row.paper_id, set()).add(row.key)
    prints: dict[int, dict[str, Print]] = {}
    for row in _in(session, PrintRow, "paper_id", ids):
        prints.setdefault(row.paper_id, {})[row.source] = Print(row.fingerprint, row.version)
    papers = {
        row.id: KnownPaper(_paper(row), frozenset(names[row.id]), prints.get(row.id, {}))
        for row in _in(session, PaperRow, "id", ids)
    }
    return {key: papers[paper_id] for key, paper_id in owners.items()}


def record(session: Session, finding: Finding, source: str, snapshot_id: int, listed_on: date, at: datetime) -> int:
    """Write what one entry means and return the paper's id: the paper, its keys, the print, the sighting."""
    paper_id = _write_paper(session, finding, at)
    _add_keys(session, finding.keys, paper_id)
    session.merge(
        PrintRow(paper_id=paper_id, source=source, fingerprint=finding.print.fingerprint, version=finding.print.version)
    )
    entry = finding.entry
    session.merge(
        SightingRow(
            paper_id=paper_id, snapshot_id=snapshot_id, source=source, seen_at=at, listed_on=listed_on,
            rank=entry.rank, upvotes=entry.upvotes, comments=entry.comments, stars=entry.stars,
        )
    )  # fmt: skip
    session.flush()
    return paper_id


def by_ids(session: Session, ids: Collection[int]) -> dict[int, Paper]:
    """Return papers by id; ids that are not here are left out."""
    return {row.id: _paper(row) for row in _in(session, PaperRow, "id", ids)}


def after(session: Session, paper_id: int) -> list[Paper]:
    """Return all papers with an id above ``paper_id``, oldest first."""
    rows = session.exec(select(PaperRow).where(col(PaperRow.id) > paper_id).order_by(col(PaperRow.id)))
    return [_paper(row) for row in rows]


def up_to(session: Session, paper_id: int, limit: int) -> list[Paper]:
    """Return the last ``limit`` papers with an id of at most ``paper_id``, oldest first."""
    rows = session.exec(
        select(PaperRow).where(col(PaperRow.id) <= paper_id).order_by(col(PaperRow.id).desc()).limit(limit)
    ).all()
    return [_paper(row) for row in reversed(rows)]


def since(session: Session, moment: datetime) -> list[Paper]:
    """Return the papers first seen since a moment, oldest first."""
    query = select(PaperRow).where(PaperRow.first_seen >= moment)
    return [_paper(row) for row in session.exec(query.order_by(col(PaperRow.first_seen), col(PaperRow.id)))]


def count(session: Session) -> int:
    """Return how many papers the store holds."""
    return session.exec(select(func.count()).select_from(PaperRow)).one()


def last_id(session: Session) -> int:
    """Return the highest id of a paper, 0 when there is none."""
    return session.exec(select(func.max(PaperRow.id))).one() or 0


def with_keys(session: Session, keys: Collection[str]) -> list[Paper]:
    """Return the papers that carry any of ``keys``, each once."""
    ids = {row.paper_id for row in _in(session, KeyRow, "key", keys)}
    return list(by_ids(session, ids).values())


def titled(session: Session, title: str) -> list[Paper]:
    """Return the papers whose title is ``title``, however it is spaced, cased or accented."""
    wanted = fold(title)
    # The database does not fold accents, so it is only asked for a word that has none.
    plain = max((word for word in wanted.split() if word in title.casefold() and word.isascii()), key=len, default="")
    rows = session.exec(select(PaperRow).where(col(PaperRow.title).icontains(plain, autoescape=True)))
    return [_paper(row) for row in rows if fold(row.title) == wanted]


def containing(session: Session, words: str, limit: int) -> list[Paper]:
    """Return up to ``limit`` papers with every word of ``words`` in the title, newest first."""
    query = select(PaperRow).order_by(col(PaperRow.id).desc()).limit(limit)
    for word in words.split()[:20]:
        query = query.where(col(PaperRow.title).icontains(word, autoescape=True))
    return [_paper(row) for row in session.exec(query)]


def first_listings(session: Session, since: date) -> list[tuple[date, Paper]]:
    """Return each paper with the first day on which a source listed it, from ``since`` on, oldest first."""
    day = func.min(SightingRow.listed_on).label("day")
    firsts = select(SightingRow.paper_id, day).group_by(col(SightingRow.paper_id)).having(day >= since)
    days: dict[int, date] = dict(session.exec(firsts).all())
    papers = by_ids(session, days)
    return sorted(((days[key], paper) for key, paper in papers.items()), key=lambda pair: (pair[0], pair[1].id))


def sightings(session: Session, since: datetime) -> list[Sighting]:
    """Return the sightings since a moment, oldest first."""
    rows = session.exec(
        select(SightingRow)
        .where(SightingRow.seen_at >= since)
        .order_by(col(SightingRow.seen_at), col(SightingRow.paper_id))
    )
    return [
        Sighting(row.paper_id, row.source, row.seen_at, row.listed_on, row.rank, row.upvotes, row.comments, row.stars)
        for row in rows
    ]


def _write_paper(session: Session, finding: Finding, at: datetime) -> int:
    paper = finding.paper
    if not paper.id:
        row = PaperRow(**_columns(paper))
        session.add(row)
        session.flush()
        assert row.id is not None
        return row.id
    if finding.kind == "revised" and finding.former is not None:
        old = finding.former
        session.add(
            TextRow(paper_id=paper.id, version=old.version, title=old.title, abstract=old.abstract, replaced_at=at)
        )
    row = session.get_one(PaperRow, paper.id)
    for name, value in _columns(paper).items():
        if getattr(row, name) != value:
            setattr(row, name, value)
    return paper.id


def _add_keys(session: Session, keys: Iterable[str], paper_id: int) -> None:
    for key in keys:
        if session.get(KeyRow, key) is None:  # the first paper to carry a key keeps it
            session.add(KeyRow(key=key, paper_id=paper_id))


def _columns(paper: Paper) -> dict[str, Any]:
    names = (name for name in PaperRow.model_fields if name != "id")
    return {name: list(getattr(paper, name)) if name in _LISTS else getattr(paper, name) for name in names}


def _paper(row: PaperRow) -> Paper:
    assert row.id is not None
    values: dict[str, Any] = {name: getattr(row, name) for name in PaperRow.model_fields}
    return Paper(**(values | {name: tuple(values[name]) for name in _LISTS}))


def _in(session: Session, table: Any, column: str, values: Collection[Any]) -> Iterable[Any]:
    field = getattr(table, column)
    for some in portions(values):
        yield from session.exec(select(table).where(field.in_(some)))
