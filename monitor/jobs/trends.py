"""See what is rising, once a listing day."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, time, timedelta

from monitor.app import App
from monitor.jobs.reports import Report
from monitor.store import batches, papers, trends
from monitor.trends.bursts import Document, rising_terms
from monitor.trends.velocity import rising_papers

HISTORY = timedelta(days=400)
VOTES = timedelta(days=90)
TOLD = timedelta(days=120)
"""Calendar days whose trends keep a like one silent: the 60 listing days of the method, and room for weekends."""
MOST = 20
"""Trends kept for a day; a reader sees a handful of them."""


async def run(app: App) -> Report:
    """Write what rises on the last day that any source declared, in place of what was written for it before."""
    return await asyncio.to_thread(_run, app)


def _run(app: App) -> Report:
    report = Report()
    now = app.clock.now()
    with app.store.read() as session:
        day = batches.latest_day(session)
        if day is None:
            return report
        listed = papers.first_listings(session, day - HISTORY)
        seen = papers.sightings(session, datetime.combine(day, time(), UTC) - VOTES)
        told = trends.before(session, day, TOLD)
    documents = [Document(first, paper.id, paper.title, paper.abstract) for first, paper in listed if first <= day]
    titles = {paper.id: paper.title for _, paper in listed}
    rising = [*rising_terms(documents, day, told), *rising_papers(seen, titles, now)]
    rising = sorted(rising, key=lambda trend: (trend.q, -trend.seen, trend.name))[:MOST]
    with app.store.write() as session:
        trends.replace_day(session, day, rising, now)
    report.counts["trends"] += len(rising)
    return report
