"""Jobs in as many processes as share a PostgreSQL database, by the package procrastinate.

Orders are put inside our own transactions. An order that fails is put back for later by procrastinate; one whose
worker died, or could not write that it was done, is found here: procrastinate itself would leave it "doing" for ever.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any

from procrastinate import App as Procrastinate
from procrastinate import BaseRetryStrategy, JobContext, PsycopgConnector, RetryDecision, SyncPsycopgConnector
from procrastinate.exceptions import ConnectorException
from procrastinate.jobs import Job

from monitor.app import App
from monitor.engine import TOGETHER, Do, Order, finished, rest_after
from monitor.errors import MonitorError, StoreError
from monitor.store import queue
from monitor.store.engine import Session
from monitor.store.queue import ALIVE

log = logging.getLogger(__name__)

_AGAIN = 5.0
"""Seconds after which a worker whose database went away tries again."""
_ROLES = {"poll": ("poll",), "match": ("match",), "deliver": ("compose", "deliver"), "web": ()}


class _BrokenOffError(MonitorError):
    """The worker stopped while it did this order."""


def open_engine(app: App, do: Do) -> ProcrastinateEngine:
    """Return an engine that shares its orders with all who use the app's database.

    Raises StoreError when that is not a PostgreSQL database.
    """
    if not queue.place(app.settings.database):
        raise StoreError("only a PostgreSQL database is shared by workers; with any other one use `monitor run`")
    app.store.run(queue.install)
    return ProcrastinateEngine(app, do, ALIVE)


class _Rests(BaseRetryStrategy):
    def __init__(self, now: Callable[[], datetime]) -> None:
        self._now = now

    def get_retry_decision(self, *, exception: BaseException, job: Job) -> RetryDecision:
        """Put an order back: at once when the worker stopped, after a rest when it failed."""
        rest = 0.0 if isinstance(exception, _BrokenOffError) else rest_after(job.attempts + 1)
        return RetryDecision(retry_at=self._now() + timedelta(seconds=rest))


class ProcrastinateEngine:
    """Does the orders of the app's roles, one at a time of each group of queues, and finds those that were left."""

    def __init__(self, app: App, do: Do, alive: timedelta) -> None:
        self._app = app
        self._do = do
        self._alive = alive
        self._queues = {name for role in app.settings.roles for name in _ROLES[role]}
        self._stopping = asyncio.Event()
        self._running: dict[int, tuple[str, asyncio.Task[None]]] = {}
        self._ids: set[int] = set()
        self._strays: set[int] = set()
        self._puts = Procrastinate(connector=SyncPsycopgConnector())  # never opened: our own connection is given to it
        self._put_task = self._puts.task(name="order")(self._one)
        connector = PsycopgConnector(conninfo=queue.place(app.settings.database), min_size=1, max_size=6)
        self._works = Procrastinate(connector=connector)
        self._works.task(name="order", pass_context=True, retry=_Rests(app.clock.now))(self._one)

    async def run(self) -> None:
        """Do orders until drained; when the database goes away, its return is waited for."""
        while not self._stopping.is_set():
            try:
                async with self._works.open_async():
                    await self._until_stopped()
            except (ConnectorException, OSError) as error:
                log.warning("the queue cannot be reached: %s", error)
            with suppress(TimeoutError):
                await asyncio.wait_for(self._stopping.wait(), _AGAIN)

    async def _until_stopped(self) -> None:
        """Return when the engine stops, or when one of its workers cannot go on."""
        beat = self._alive.total_seconds() / 3
        groups = [[name for name in group if name in self._queues] for group in TOGETHER]
        workers = [
            asyncio.create_task(
                self._works.run_worker_async(
                    queues=group, concurrency=1, install_signal_handlers=False, delete_jobs="successful",
                    update_heartbeat_interval=beat, stalled_worker_timeout=self._alive.total_seconds(),
                )
            )
            for group in groups
            if group
        ]  # fmt: skip
        stopped = asyncio.create_task(self._stopping.wait())
        rescuing = asyncio.create_task(self._rescue(beat))
        await asyncio.wait([*workers, stopped, rescuing], return_when=asyncio.FIRST_COMPLETED)
        for task in (*workers, stopped, rescuing):
            task.cancel()
        for outcome in await asyncio.gather(*workers, stopped, rescuing, return_exceptions=True):
            if isinstance(outcome, Exception):
                log.warning("a worker cannot go on: %s", outcome)

    async def put(self, orders: Sequence[Order]) -> int:
        """Put the orders that neither wait nor are being done, in a transaction of ours."""
        return await asyncio.to_thread(self._app.store.run, lambda session: self._put(session, orders))

    async def tick(self, duty: str, every: timedelta, orders: Sequence[Order]) -> int:
        """Put the orders of a duty, if this worker is the first in ``every`` to do so."""
        pause = every * 0.9  # ticks of one worker come a little early or late

        def work(session: Session) -> int:
            is_due = queue.due(session, duty, self._app.clock.now(), pause)
            return self._put(session, orders) if is_due else 0

        return await asyncio.to_thread(self._app.store.run, work)

    def _put(self, session: Session, orders: Sequence[Order]) -> int:
        there = queue.busy(session, [order.key for order in orders])
        new = [order for order in orders if order.key not in there]
        jobs = [
            self._put_task.configure(queue=one.queue, lock=one.key, priority=one.priority).make_new_job(**asdict(one))
            for one in new
        ]
        if jobs:
            self._puts.job_manager.batch_defer_jobs(jobs, connection=queue.driver(session))
        return len(jobs)

    async def drain(
        self, seconds: float, must_wait: Callable[[], bool] = lambda: False, longest: float = 0.0
    ) -> tuple[str, ...]:
        """Take no more orders, wait for those being done, and put back those that are late."""
        self._stopping.set()
        return await finished(dict(self._running.values()), seconds, must_wait, longest)

    async def _one(self, context: JobContext, /, **written: Any) -> None:
        order = Order(**written)
        if self._stopping.is_set():
            raise _BrokenOffError(order.key)
        assert context.job.id is not None
        if context.job.worker_id is not None:
            self._ids.add(context.job.worker_id)
        task = asyncio.create_task(self._done(order))
        self._running[context.job.id] = order.key, task
        try:
            await asyncio.wait([task])
        finally:
            del self._running[context.job.id]
        if task.cancelled():
            raise _BrokenOffError(order.key)
        if error := task.exception():
            rest = rest_after(context.job.attempts + 1)
            log.error("job %s failed and rests for %g s", order.key, rest, exc_info=error)
            raise error

    async def _done(self, order: Order) -> None:
        await self._do(order)

    async def _rescue(self, pause: float) -> None:
        """Put back, again and again, what died workers left, and what this one did and could not write down."""
        manager = self._works.job_manager
        while True:
            await asyncio.sleep(pause)
            for job in await manager.get_stalled_jobs(seconds_since_heartbeat=self._alive.total_seconds()):
                rest = rest_after(job.attempts + 1)
                log.warning("the worker that did %s is gone; it is done again in %g s", job.lock, rest)
                with suppress(ConnectorException):  # somebody else was quicker
                    await manager.retry_job(job, retry_at=self._app.clock.now() + timedelta(seconds=rest))
            for job_id in await asyncio.to_thread(self._left):
                with suppress(ConnectorException):
                    await manager.retry_job_by_id_async(job_id, retry_at=self._app.clock.now())

    def _left(self) -> set[int]:
        """Return the jobs that the database took this worker to be doing a while ago and now, and that it is not."""
        with self._app.store.read() as session:
            believed = {job for worker in self._ids for job in queue.doing(session, worker)} - set(self._running)
        left, self._strays = believed & self._strays, believed
        return left
