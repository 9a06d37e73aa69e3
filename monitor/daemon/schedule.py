"""APScheduler as a tick and nothing more: when it fires, the ledger says what is due.

Its own idea of time is not trusted: cron triggers fire twice or never around clock changes, and a late job is dropped
by default.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from datetime import timedelta

from apscheduler.schedulers.asyncio import AsyncIOScheduler

from monitor.engine.local import LocalEngine

Jobs = Mapping[str, tuple[timedelta, Callable[[], Awaitable[object]]]]


def ticking(jobs: Jobs, engine: LocalEngine) -> AsyncIOScheduler:
    """Return a started scheduler that hands each job to ``engine`` at once and then at its pause."""
    scheduler = AsyncIOScheduler(
        timezone="UTC", job_defaults={"misfire_grace_time": None, "coalesce": True, "max_instances": 1}
    )
    for name, (pause, job) in jobs.items():
        scheduler.add_job(_start, "interval", seconds=pause.total_seconds(), args=(engine, name, job), id=name)
    scheduler.start()
    for name, (_, job) in jobs.items():
        engine.start(name, job)
    return scheduler


async def _start(engine: LocalEngine, name: str, job: Callable[[], Awaitable[object]]) -> None:
    engine.start(name, job)
