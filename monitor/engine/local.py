"""Jobs in this process: one of a name at a time, failures noted, and a stop that lets running ones finish."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable

log = logging.getLogger(__name__)

FIRST_REST, LONGEST_REST = 10.0, 3600.0
"""Seconds that a job rests after failing once, and at most."""


class LocalEngine:
    """Runs jobs as tasks of the running loop and knows them all, so that stopping can wait for them.

    APScheduler cannot wait for running coroutines (its asyncio executor cancels them), so it only calls ``start`` here.
    """

    def __init__(self, time: Callable[[], float] = time.monotonic) -> None:
        self._time = time
        self._running: dict[str, asyncio.Task[None]] = {}
        self._failed: dict[str, tuple[int, float]] = {}
        self._stopping = False

    @property
    def failing(self) -> tuple[str, ...]:
        """The names of jobs whose last run ended in an error."""
        return tuple(sorted(self._failed))

    def start(self, name: str, job: Callable[[], Awaitable[object]]) -> bool:
        """Start a job and return whether it was started.

        It is not while one of this name runs, while the engine stops, and while a job that failed rests: for ten
        seconds after its first failure, twice as long after each further one, at most an hour.
        """
        times, until = self._failed.get(name, (0, 0.0))
        if self._stopping or name in self._running or (times and self._time() < until):
            return False
        task = asyncio.create_task(self._run(name, job), name=name)
        self._running[name] = task
        task.add_done_callback(lambda _task: self._running.pop(name, None))
        return True

    async def drain(
        self, seconds: float, must_wait: Callable[[], bool] = lambda: False, longest: float = 0.0
    ) -> tuple[str, ...]:
        """Take no more jobs, wait for the running ones, and return the names of those cancelled after ``seconds``.

        They get ``longest`` in all when ``must_wait`` says then that something is not to be broken off.
        """
        self._stopping = True
        running = dict(self._running)
        if not running:
            return ()
        _, late = await asyncio.wait(running.values(), timeout=seconds)
        if late and must_wait():
            _, late = await asyncio.wait(late, timeout=longest - seconds)
        for task in late:
            task.cancel()
        await asyncio.gather(*late, return_exceptions=True)
        return tuple(name for name, task in running.items() if task in late)

    async def _run(self, name: str, job: Callable[[], Awaitable[object]]) -> None:
        try:
            await job()
        except Exception:  # a job that fails must not end the daemon
            times = self._failed.get(name, (0, 0.0))[0] + 1
            rest = min(FIRST_REST * 2 ** (times - 1), LONGEST_REST)
            self._failed[name] = times, self._time() + rest
            log.exception("job %s failed %s and rests for %g s", name, "once" if times == 1 else f"{times} times", rest)
        else:
            self._failed.pop(name, None)
