"""What digests of one run have in common, read once for many of them."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import Any, TypeVar

from monitor.app import App

T = TypeVar("T")


class Shared:
    """One moment, ``now``, and what was read at it for several subscriptions.

    It is let go after some of them, so that neither its age nor its size grows with the number of readers. What is one
    reader's alone (where a paper went, what they were sent) is here only while no other digest of theirs is made from
    it, which would change it.
    """

    def __init__(self, app: App) -> None:
        self.app = app
        self.now = app.clock.now()
        self._known: dict[Hashable, Any] = {}

    def once(self, key: Hashable, read: Callable[[], T]) -> T:
        """Return what ``read`` returns, or returned when ``key`` was asked for before."""
        if key not in self._known:
            self._known[key] = read()
        found: T = self._known[key]
        return found

    def know(self, key: Hashable, value: Any) -> None:
        """Keep what was read ahead, for whoever asks for ``key``."""
        self._known[key] = value
