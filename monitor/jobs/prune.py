"""Let go of what is only kept for a while."""

from __future__ import annotations

import asyncio
from datetime import timedelta

from monitor.app import App
from monitor.jobs.reports import Report
from monitor.store import alike, near_misses, outbox, snapshots, sources

_NEAR = timedelta(days=92)
"""A reader may still say "more like this" of what a mail of the last quarter named as a near miss."""
_ASKED = timedelta(days=90)
"""What an address answered is of no use when nobody asked it for so long."""


async def run(app: App, *, dry: bool = False) -> Report:
    """Drop the bytes of listings and mails that are too old or too many. What was read and sent is never forgotten.

    ``dry`` takes it back at once, and the report says what would be dropped.
    """
    return await asyncio.to_thread(_run, app, dry=dry)


def _run(app: App, *, dry: bool) -> Report:
    report = Report()
    with app.store.write() as session:
        now, settings = app.clock.now(), app.settings
        before = now - timedelta(days=settings.snapshots_keep_days)
        most = settings.snapshots_keep_mb * 1_000_000
        report.counts["snapshots dropped"] += snapshots.drop_bodies(session, before, most)
        report.counts["mails let go"] += outbox.drop_contents(session, now - timedelta(days=settings.mails_keep_days))
        near_misses.forget_before(session, now - _NEAR)
        sources.forget_answers(session, now - _ASKED)
        alike.forget_merged(session)
        if dry:
            session.rollback()
    return report
