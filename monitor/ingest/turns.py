"""Whose turn it is to ask a site: one at a time, in the order of asking, with a pause between two."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from datetime import datetime, timedelta
from typing import Protocol
from weakref import WeakValueDictionary

from monitor.clock import Clock

LONGEST_PAUSE = 60.0
"""Seconds; nobody asks for longer pauses between two requests, or is not heard."""
_MANY = 1000


class Turns(Protocol):
    """What hands out turns: in one process, or over all that share a store."""

    def turn(self, site: str, pause: float) -> AbstractAsyncContextManager[None]:
        """Return a context in which nobody else asks ``site``, ``pause`` seconds or more after the one before."""
        ...


class LocalTurns:
    """The turns of one process."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        # A gate lives as long as somebody holds it or waits for it: redirects can name any number of sites.
        self._gates: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()
        self._ended: dict[str, datetime] = {}

    @asynccontextmanager
    async def turn(self, site: str, pause: float) -> AsyncIterator[None]:
        """Wait for the turn at ``site`` and keep it; turns are given in the order in which they were asked for."""
        gate = self._gates.setdefault(site, asyncio.Lock())
        async with gate:
            await self._clock.sleep(self._wait(site, pause))
            try:
                yield
            finally:
                self._end(site)

    def _wait(self, site: str, pause: float) -> float:
        if site not in self._ended:
            return 0.0
        since = (self._clock.now() - self._ended[site]).total_seconds()
        return min(max(pause - since, 0.0), pause)  # a clock set back does not make the pause longer

    def _end(self, site: str) -> None:
        now = self._clock.now()
        self._ended[site] = now
        if len(self._ended) > _MANY:
            oldest = now - timedelta(seconds=LONGEST_PAUSE)
            self._ended = {other: at for other, at in self._ended.items() if at > oldest}
