"""How many mails may leave now through one server, and to one domain of recipients, over all who share the store.

A virtual schedule (GCRA, ITU-T I.371): each mail moves the moment up to which the pace is spent. What nobody used is
there for a while and then lost, so that the mails of a quiet hour do not leave in one second.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

from sqlmodel import Session, col, select

from monitor.store.tables import HostRow
from monitor.store.upsert import insert_missing

SAVED = timedelta(seconds=15)
"""So much of the pace may be used at once: longer than the pause between two rounds."""
_MINUTE = timedelta(minutes=1)


def domain(recipient: str) -> str:
    """Return the domain of an address, in small letters."""
    return recipient.rpartition("@")[2].lower()


class Pace:
    """The pace of one channel, kept from all others until the transaction of ``session`` ends.

    ``limits`` are mails a minute by domain; an empty domain is the server itself.
    """

    def __init__(self, session: Session, channel: str, limits: Mapping[str, int], now: datetime) -> None:
        self._session = session
        self._limits = limits
        self._now = now
        self._rows = _rows(session, channel, limits, now)
        self._free = {one: _free(row, limits[one], now) for one, row in self._rows.items()}

    def room(self) -> dict[str, int]:
        """Return how many mails may leave now by each of the limits."""
        return {one: int((self._now - at) / (_MINUTE / self._limits[one])) for one, at in self._free.items()}

    def spend(self, recipients: Iterable[str]) -> None:
        """Note that mails to ``recipients`` leave now."""
        number = Counter(each for recipient in recipients for each in ("", domain(recipient)))
        for one, row in self._rows.items():
            row.free_at = self._free[one] + number[one] * _MINUTE / self._limits[one]
            self._session.add(row)


def _free(row: HostRow, limit: int, now: datetime) -> datetime:
    """Return the moment up to which a pace is spent; one in the future was written before a clock was set back."""
    return max(min(row.free_at, now), now - max(SAVED, _MINUTE / limit))


def _rows(session: Session, channel: str, limits: Mapping[str, int], now: datetime) -> dict[str, HostRow]:
    sites = {f"mail {channel} {one}": one for one in limits}
    rows = [{"site": site, "holder": ""} for site in sites]
    insert_missing(session, HostRow, rows, free_at=now - _MINUTE)
    query = select(HostRow).where(col(HostRow.site).in_(sites)).order_by(col(HostRow.site)).with_for_update()
    return {sites[row.site]: row for row in session.exec(query)}
