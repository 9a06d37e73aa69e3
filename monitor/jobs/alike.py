"""Find the papers that are like each new one, so that its page need not look for them."""

from __future__ import annotations

import asyncio

from monitor.app import App
from monitor.jobs.reports import Report
from monitor.store import alike

AT_ONCE = 200
"""Papers in one transaction; a program that dies goes on after the last one."""
MOST = 10_000
"""Papers in one round: a store that was filled before there were pages is caught up with in some rounds."""


async def run(app: App) -> Report:
    """Look for papers like those that came since the last time; nothing is done where there are no pages."""
    if app.settings.web is not None:
        for _ in range(MOST // AT_ONCE):
            if not await asyncio.to_thread(_find_some, app):
                break
    return Report()


def _find_some(app: App) -> bool:
    with app.store.read() as session:
        papers = alike.waiting(session, AT_ONCE)
        found = [pair for paper in papers for pair in alike.find(session, paper)]
    if papers:
        with app.store.write() as session:
            alike.keep(session, found)
            alike.note(session, papers[-1].id, app.clock.now())
    return len(papers) == AT_ONCE
