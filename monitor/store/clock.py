"""The one clock of all who share a database server: its own."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta

from monitor.clock import SystemClock
from monitor.errors import StoreError
from monitor.store.engine import Store

_AGAIN = 60.0
"""Seconds after which the server is asked again how late it is."""


class ServerClock(SystemClock):
    """Tells the time of a database server, so that machines whose clocks differ agree on what is due and what ran out.

    Between two questions it goes by this machine's steady clock, which nobody sets. Raises StoreError when the server
    never said the time; one that went away is asked again later.
    """

    def __init__(self, store: Store) -> None:
        self._store = store
        self._asked = -_AGAIN
        self._ahead = 0.0
        self._ask()

    def now(self) -> datetime:
        """Return the present moment, aware, in UTC."""
        if time.monotonic() - self._asked >= _AGAIN:
            try:
                self._ask()
            except StoreError:
                self._asked = time.monotonic()
        return datetime.fromtimestamp(0, UTC) + timedelta(seconds=time.monotonic() + self._ahead)

    def _ask(self) -> None:
        before = time.monotonic()
        told = self._store.now().timestamp()
        self._asked = time.monotonic()
        self._ahead = told - (before + self._asked) / 2
