"""How often one place may ask for something that costs: a bucket for each, refilled with time."""

from __future__ import annotations

import ipaddress
from collections import OrderedDict
from threading import Lock

from monitor.clock import Clock

_MOST_PLACES = 10_000


class Limits:
    """Buckets of ``burst`` asks that refill evenly over ``seconds``; the places asked for last are remembered."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._buckets: OrderedDict[tuple[str, str], tuple[float, float]] = OrderedDict()
        self._lock = Lock()

    def allows(self, what: str, place: str, burst: int, seconds: float, *, cost: int = 1) -> bool:
        """Return whether ``place`` may do ``what`` now, and count it as ``cost``. A clock set back refills nothing."""
        key, now = (what, place), self._clock.now().timestamp()
        with self._lock:
            level, at = self._buckets.pop(key, (float(burst), now))
            level = min(float(burst), level + max(0.0, now - at) * burst / seconds)
            allowed = level >= 1
            self._buckets[key] = (level - cost * allowed, now)
            while len(self._buckets) > _MOST_PLACES:
                self._buckets.popitem(last=False)
        return allowed


def place_of(host: str) -> str:
    """Return where a client is: its IPv4 address, or the /64 of its IPv6 one, which is what one household has."""
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return host
    if isinstance(address, ipaddress.IPv6Address):
        return str(ipaddress.ip_network((address, 64), strict=False))
    return str(address)
