"""Where jobs run: ``local`` in this process, ``procrastinate`` in as many processes as share a PostgreSQL database.

A kind is one module with ``open_engine(app, do)``, checked by ``tests/contract/test_engines.py``. What is to be done is
an order: the name of a job and a shard of the profiles, never a single mail. ``do`` does one, and may be asked to do
the same one again: every job finds out from the ledger what is left of it.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Literal, Protocol, cast

from monitor import registry

if TYPE_CHECKING:
    from monitor.app import App

NOT_KINDS: frozenset[str] = frozenset()

FIRST_REST, LONGEST_REST = 10.0, 3600.0
"""Seconds that an order rests after it broke off once, and at most."""


Queue = Literal["poll", "match", "compose", "deliver"]

TOGETHER: tuple[tuple[Queue, ...], ...] = (("poll", "match"), ("compose",), ("deliver",))
"""Queues of which one process does one order at a time: they share what it keeps in memory. Others go on beside."""


@dataclass(frozen=True, slots=True)
class Order:
    """A job to be done, for the profiles whose places are from ``first`` up to but not ``end``; empty is no bound.

    ``number`` tells orders apart that share the rows of the outbox. Where workers are fewer than orders, those of a
    higher ``priority`` come first.
    """

    job: str
    queue: Queue = "poll"
    first: str = ""
    end: str = ""
    number: int = 0
    priority: int = 0

    @property
    def key(self) -> str:
        """What no other order that waits or is being done has: its job, and its shard."""
        shard = f" {self.first}..{self.end}" if self.first or self.end else ""
        return f"{self.job}{shard}" + (f" {self.number}" if self.number else "")


Do = Callable[[Order], Awaitable[object]]


class Engine(Protocol):
    """What has orders done."""

    async def run(self) -> None:
        """Do orders until drained; a fault of the database is waited for."""
        ...

    async def put(self, orders: Sequence[Order]) -> int:
        """Have orders done soon and return how many of them are new: one that waits or is being done stays alone.

        One that fails, or whose worker dies, is done again after a rest: ten seconds after the first time, twice as
        long after each further one, at most an hour. The others go on.
        """
        ...

    async def tick(self, duty: str, every: timedelta, orders: Sequence[Order]) -> int:
        """Put the orders of a duty that comes again and again, if nobody else did within ``every``."""
        ...

    async def drain(
        self, seconds: float, must_wait: Callable[[], bool] = lambda: False, longest: float = 0.0
    ) -> tuple[str, ...]:
        """Begin no more orders, wait for those being done, and return the keys of those broken off after ``seconds``.

        They get ``longest`` in all when ``must_wait`` says then that something is not to be broken off. What is
        broken off is done again.
        """
        ...


class EngineKind(Protocol):
    """The shape of a module in this room."""

    def open_engine(self, app: App, do: Do) -> Engine:
        """Return an engine. Raises StoreError when it cannot work on the app's database."""
        ...


def rest_after(times: int) -> float:
    """Return the seconds that an order rests that broke off so many times in a row."""
    rest: float = FIRST_REST * 2 ** min(times - 1, 20)
    return min(rest, LONGEST_REST)


async def finished(
    running: Mapping[str, asyncio.Task[None]], seconds: float, must_wait: Callable[[], bool], longest: float
) -> tuple[str, ...]:
    """Wait for what runs, break off what is late, and return the names of that; see ``Engine.drain``."""
    if not running:
        return ()
    _, late = await asyncio.wait(running.values(), timeout=seconds)
    if late and must_wait():
        _, late = await asyncio.wait(late, timeout=longest - seconds)
    for task in late:
        task.cancel()
    await asyncio.gather(*late, return_exceptions=True)
    return tuple(name for name, task in running.items() if task in late)


def open_engine(kind: str, app: App, do: Do) -> Engine:
    """Return an engine of a kind. Raises StoreError when it cannot work on the app's database."""
    module = cast("EngineKind", registry.load("engine", kind))
    return module.open_engine(app, do)
