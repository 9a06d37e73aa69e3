"""Whose turn it is to ask a site that wants pauses, over all processes that share the store."""

from __future__ import annotations

from datetime import datetime

from sqlmodel import Session

from monitor.store.tables import HostRow


def take(session: Session, site: str, holder: str, now: datetime, until: datetime) -> datetime | None:
    """Take the turn at ``site`` up to ``until`` and return ``None``, or return when it is free again.

    A holder that dies loses its turn at ``until``.
    """
    row = session.get(HostRow, site) or HostRow(site=site, free_at=now)
    if row.free_at > now and row.holder != holder:
        return row.free_at
    row.holder, row.free_at = holder, until
    session.add(row)
    return None


def give_back(session: Session, site: str, holder: str, free_at: datetime) -> None:
    """End a turn: the site may be asked again from ``free_at`` on. A turn that ran out meanwhile is another's."""
    row = session.get(HostRow, site)
    if row and row.holder == holder:
        row.holder, row.free_at = "", free_at
        session.add(row)
