"""How the queue of workers that share a database fares."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class QueueState:
    """One queue: orders that wait, are being done, and rest after they broke off; ``lag`` is seconds of waiting."""

    name: str
    waiting: int
    doing: int
    resting: int
    lag: float


@dataclass(frozen=True, slots=True)
class RestingOrder:
    """An order that broke off so many times, and until when it rests."""

    key: str
    times: int
    until: datetime


@dataclass(frozen=True, slots=True)
class QueueOverview:
    """How the queues fare, and which orders rest; a process counts among ``workers`` for each group of its queues."""

    queues: tuple[QueueState, ...] = ()
    workers: int = 0
    resting: tuple[RestingOrder, ...] = ()
