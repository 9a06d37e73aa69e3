"""Let go of what is only kept for a while."""

from __future__ import annotations

import asyncio
from datetime import timedelta

from monitor.app import App
from monitor.jobs.reports import Report
from monitor.store import sources


async def run(app: App) -> Report:
    """Drop the raw bytes of listings that are older than ``snapshots_keep_days``. What was sent is never forgotten."""
    return await asyncio.to_thread(_run, app)


def _run(app: App) -> Report:
    report = Report()
    with app.store.write() as session:
        before = app.clock.now() - timedelta(days=app.settings.snapshots_keep_days)
        report.counts["snapshots dropped"] += sources.drop_bodies(session, before)
    return report
