"""Copies of the database on schedule, the newest few of them kept."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from pathlib import Path

from monitor.app import App
from monitor.jobs.reports import Report
from monitor.store import backup, marks

_NAME = "monitor-{:%Y%m%d-%H%M%S}.db"
_SOON = timedelta(minutes=1)
"""A tick may come this much before its time."""


async def run(app: App) -> Report:
    """Make a backup when one is due by the settings, and drop the oldest beyond what is to be kept.

    Raises StoreError when it cannot be written.
    """
    plan = app.settings.backup
    report = Report()
    if plan is None:
        return report
    with app.store.read() as session:
        last = marks.get(session, "backup")
    for left in plan.folder.glob("monitor-????????-??????.db.part*"):  # by a program that was killed: a whole database
        left.unlink(missing_ok=True)
    if last is None or app.clock.now() - last[0] >= plan.every - _SOON:
        await asyncio.to_thread(make, app, plan.folder / _NAME.format(app.clock.now()))
        report.counts["backups"] += 1
        for old in sorted(plan.folder.glob("monitor-????????-??????.db"))[: -plan.keep]:
            old.unlink(missing_ok=True)
    return report


def make(app: App, target: Path) -> None:
    """Write a checked copy of the database to ``target``. Raises StoreError when that fails."""
    backup.copy(app.settings.database, target)
    with app.store.write() as session:
        marks.put(session, "backup", app.clock.now(), str(target))
