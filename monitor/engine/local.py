"""Jobs in this process: one of a name at a time, failures noted, and a stop that lets running ones finish."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable

log = logging.getLogger(__name__)


class LocalEngine:
    """Runs jobs as tasks of the running loop and knows them all, so that stopping can wait for them.

    APScheduler cannot wait for running coroutines (its asyncio executor cancels them), so it only calls ``start`` here.
    """

    def __init__(self) -> None:
        self._running: dict[str, asyncio.Task[None]] = {}
        self._stopping = False

    def start(self, name: str, job: Callable[[], Awaitable[object]]) -> bool:
        """Start a job unless one of this name is running or the engine stops; returns whether it was started."""
        if self._stopping or name in self._running:
            return False
        task = asyncio.create_task(self._run(name, job), name=name)
        self._running[name] = task
        task.add_done_callback(lambda _task: self._running.pop(name, None))
        return True

    async def drain(self, seconds: float) -> tuple[str, ...]:
        """Take no more jobs, wait for the running ones, and return the names of those cancelled after ``seconds``."""
        self._stopping = True
        running = dict(self._running)
        if not running:
            return ()
        _, late = await asyncio.wait(running.values(), timeout=seconds)
        for task in late:
            task.cancel()
        await asyncio.gather(*late, return_exceptions=True)
        return tuple(name for name, task in running.items() if task in late)

    @staticmethod
    async def _run(name: str, job: Callable[[], Awaitable[object]]) -> None:
        try:
            await job()
        except Exception:  # a job that fails must not end the daemon; its next tick tries again
            log.exception("job %s failed", name)
