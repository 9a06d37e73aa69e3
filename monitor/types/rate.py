"""How fast a server lets us go: as fast as we can, until it says otherwise."""

from __future__ import annotations

from collections import deque

_WINDOW = 60.0
_SLOWEST = 1 / 60
_RECOVERY = 1.1
"""The rate grows by a tenth with every minute of mails that were taken."""


class Rate:
    """Mails a second to one server. Unlimited at first; halved at each complaint about speed, and slowly recovering.

    Times are seconds of any clock that only moves forwards. It decides and never waits itself.
    """

    def __init__(self) -> None:
        self._limit: float | None = None
        self._free_at = 0.0
        self._recovers_at = 0.0
        self._fastest = 0.0
        self._taken: deque[float] = deque(maxlen=4096)

    @property
    def limit(self) -> float | None:
        """Mails a second, or ``None`` for as many as can be."""
        return self._limit

    def wait(self, now: float) -> float:
        """Return the seconds until the next mail may leave, and reserve its moment."""
        if self._limit is None:
            return 0.0
        at = max(now, self._free_at)
        self._free_at = at + 1 / self._limit
        return at - now

    def took(self, now: float) -> None:
        """Note that the server took a mail."""
        self._taken.append(now)
        if self._limit is None or now < self._recovers_at:
            return
        self._limit *= _RECOVERY
        self._recovers_at = now + _WINDOW
        if self._limit >= self._fastest:
            self._limit = None

    def complained(self, now: float) -> None:
        """Halve the rate: the server said that we are too fast. Complaints of mails under way at once count once."""
        if self._limit is not None and now < self._recovers_at - _WINDOW + 1:
            return
        if self._limit is None:
            self._fastest = max(self._lately(now), _SLOWEST)
        self._limit = max((self._limit or self._fastest) / 2, _SLOWEST)
        self._free_at = now + 1 / self._limit
        self._recovers_at = now + _WINDOW

    def _lately(self, now: float) -> float:
        """Return the mails a second of the last minute, as far as there were any."""
        recent = [at for at in self._taken if at > now - _WINDOW]
        return len(recent) / max(now - recent[0], 1.0) if recent else 1.0
