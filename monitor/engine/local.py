"""Jobs in this process: one of a name at a time, failures noted, and a stop that lets running ones finish."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, Sequence
from datetime import timedelta
from functools import partial

from monitor.app import App
from monitor.engine import Do, Order, finished, rest_after

log = logging.getLogger(__name__)


def open_engine(app: App, do: Do) -> LocalEngine:  # noqa: ARG001 - any database will do
    """Return an engine that does orders in this process."""
    return LocalEngine(do=do)


async def _refuse(order: Order) -> None:
    raise NotImplementedError(order.job)


class LocalEngine:
    """Runs jobs as tasks of the running loop and knows them all, so that stopping can wait for them.

    APScheduler cannot wait for running coroutines (its asyncio executor cancels them), so it only calls ``start`` here.
    """

    def __init__(self, time: Callable[[], float] = time.monotonic, do: Do = _refuse) -> None:
        self._time = time
        self._do = do
        self._running: dict[str, asyncio.Task[None]] = {}
        self._failed: dict[str, tuple[int, float]] = {}
        self._stopping = asyncio.Event()

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
        if self._stopping.is_set() or name in self._running or (times and self._time() < until):
            return False
        task = asyncio.create_task(self._run(name, job), name=name)
        self._running[name] = task
        task.add_done_callback(lambda _task: self._running.pop(name, None))
        return True

    async def run(self) -> None:
        """Return when the engine stops; orders are done as they are put."""
        await self._stopping.wait()

    async def put(self, orders: Sequence[Order]) -> int:
        """Start what is not running or resting; who ticks puts again what rests."""
        return sum(self.start(order.key, partial(self._do, order)) for order in orders)

    async def tick(self, duty: str, every: timedelta, orders: Sequence[Order]) -> int:  # noqa: ARG002 - nobody else ticks
        """Put the orders of a duty."""
        return await self.put(orders)

    async def drain(
        self, seconds: float, must_wait: Callable[[], bool] = lambda: False, longest: float = 0.0
    ) -> tuple[str, ...]:
        """Take no more jobs, wait for the running ones, and return the names of those cancelled after ``seconds``.

        They get ``longest`` in all when ``must_wait`` says then that something is not to be broken off.
        """
        self._stopping.set()
        return await finished(dict(self._running), seconds, must_wait, longest)

    async def _run(self, name: str, job: Callable[[], Awaitable[object]]) -> None:
        try:
            await job()
        except Exception:  # a job that fails must not end the daemon
            times = self._failed.get(name, (0, 0.0))[0] + 1
            rest = rest_after(times)
            self._failed[name] = times, self._time() + rest
            log.exception("job %s failed %s and rests for %g s", name, "once" if times == 1 else f"{times} times", rest)
        else:
            self._failed.pop(name, None)
