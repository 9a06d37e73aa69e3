"""See what is rising, once a listing day."""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Mapping
from datetime import UTC, date, datetime, time, timedelta

from monitor.app import App
from monitor.jobs.reports import Report
from monitor.store import papers, trends
from monitor.store.engine import Session
from monitor.trends.sheets import Document, Sheet, sheets
from monitor.trends.states import KNOWN, today
from monitor.trends.table import TermTable
from monitor.trends.velocity import rising_papers
from monitor.types.papers import Paper
from monitor.types.verdicts import Trend

HISTORY = timedelta(days=1000)
"""How far back terms are counted; what is older has faded to a fiftieth."""
VOTES = timedelta(days=90)
MOST = 20
"""Rises that may begin on a day; a reader sees a handful of them."""
_AT_ONCE = 2000


async def run(app: App) -> Report:
    """Write what rises on the last day that any source declared, in place of what was written for it before."""
    return await asyncio.to_thread(_run, app)


def _run(app: App) -> Report:
    report = Report()
    now = app.clock.now()
    with app.store.read() as session:
        last = papers.last_id(session)
    while _count_terms(app):
        pass
    table = _table(app, now.date() + timedelta(days=1))
    if not table.days:
        app.terms.seen = last
        return report
    day = table.days[-1]
    with app.store.read() as session:
        told = trends.told(session, day, KNOWN)
        rising = [*_terms(session, table, told), *_papers(session, day, now)]
    with app.store.write() as session:
        trends.replace_day(session, day, rising, now)
    app.terms.seen = last
    report.counts["trends"] += len(rising)
    return report


def _terms(session: Session, table: TermTable, told: list[Trend]) -> list[Trend]:
    """What became of former rises, and the strongest of those that begin."""

    def texts(wanted: Collection[int]) -> Mapping[int, Paper]:
        return papers.by_ids(session, wanted)

    found = today(table, texts, told)
    begin = [trend for trend in found if trend.begun == trend.day]
    return [*(trend for trend in found if trend.begun != trend.day), *begin[:MOST]]


def _papers(session: Session, day: date, now: datetime) -> list[Trend]:
    seen = papers.sightings(session, datetime.combine(day, time(), UTC) - VOTES)
    known = papers.by_ids(session, {one.paper_id for one in seen})
    return list(rising_papers(seen, {key: paper.title for key, paper in known.items()}, now)[:MOST])


def _count_terms(app: App) -> bool:
    """Count the terms of some papers that are not counted yet; returns whether there may be more."""
    with app.store.read() as session:
        new = papers.first_listed(session, trends.counted_through(session), _AT_ONCE)
    made = list(sheets([_document(day, source, paper) for day, source, paper in new]))
    with app.store.write() as session:
        for sheet in made:
            former = trends.sheet(session, sheet.day, sheet.source)
            whole = Sheet.unpacked(sheet.day, sheet.source, former).joined(sheet) if former else sheet
            trends.put_sheet(session, sheet.day, sheet.source, whole.packed(), int(whole.paper_ids.max()))
    return len(new) == _AT_ONCE


def _document(day: date, source: str, paper: Paper) -> Document:
    return Document(day, paper.id, paper.title, paper.abstract, source, paper.authors)


def _table(app: App, until: date) -> TermTable:
    """The counts up to a day: those kept from the last round and what came since, or all that the store has."""
    kept = app.terms
    with app.store.read() as session:
        through = trends.counted_through(session)
        packed = trends.sheets(session, since=until - HISTORY, until=until, after=kept.through)
        found = [Sheet.unpacked(*one).after(kept.through) for one in packed]
        if kept.table is None or not all(map(kept.table.takes, (sheet.day for sheet in found))):
            kept.table = TermTable()
            packed = trends.sheets(session, since=until - HISTORY, until=until)
            found = [Sheet.unpacked(*one) for one in packed]
    for sheet in found:
        kept.table.add(sheet)
    kept.through = through
    return kept.table
