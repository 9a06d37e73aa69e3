"""Time and sleep as parameters: whoever needs the time is given a clock, and tests give a frozen one."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Protocol


class Clock(Protocol):
    """What tells the time and waits."""

    def now(self) -> datetime:
        """Return the present moment, aware, in UTC."""
        ...

    async def sleep(self, seconds: float) -> None:
        """Return after ``seconds``."""
        ...


class SystemClock:
    """The machine's own clock."""

    def now(self) -> datetime:
        """Return the present moment, aware, in UTC."""
        return datetime.now(UTC)

    async def sleep(self, seconds: float) -> None:
        """Return after ``seconds`` of real time."""
        import asyncio  # late: a command that only prints does without

        await asyncio.sleep(seconds)


class FrozenClock:
    """A clock that moves only when told; ``sleep`` moves it and returns at once."""

    def __init__(self, at: datetime) -> None:
        self._at = at.astimezone(UTC)

    def now(self) -> datetime:
        """Return the moment that the clock stands at, in UTC."""
        return self._at

    def set(self, at: datetime) -> None:
        """Move the clock to ``at``, forwards or backwards."""
        self._at = at.astimezone(UTC)

    async def sleep(self, seconds: float) -> None:
        """Move the clock on by ``seconds`` and return at once."""
        import asyncio

        self._at = datetime.fromtimestamp(self._at.timestamp() + seconds, UTC)
        await asyncio.sleep(0)
