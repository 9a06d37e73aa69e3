"""Readers who chose for themselves: sign-ups waiting to be confirmed, and what each subscription asks for."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from monitor.types.profiles import Schedule


@dataclass(frozen=True, slots=True)
class Reader:
    """One subscription as its person has it: ``is_ours`` when it came from the pages and not from a profile's file.

    ``schedule`` is the person's own, ``None`` for the profile's. Nothing is composed before ``paused_until``.
    """

    id: int
    profile: str
    recipient: str
    is_ours: bool = False
    schedule: Schedule | None = None
    paused_until: date | None = None


@dataclass(frozen=True, slots=True)
class Signup:
    """A wish that waits for a confirmation from the address itself.

    Without ``subscription`` it is a new one; with it, that subscription moves to ``address``. ``mailed_at`` is when
    the confirmation left.
    """

    id: int
    profile: str
    address: str
    asked_at: datetime
    schedule: Schedule | None = None
    subscription: int | None = None
    mailed_at: datetime | None = None
    confirmed_at: datetime | None = None
