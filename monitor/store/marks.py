"""When something last happened to the installation as a whole: a backup, a restore, a mail to its operator.

``configuration`` stands while an edit cannot be used, with what is wrong in it; ``message key`` holds the secret that
Message-IDs are made with since its first mail, and ``alike`` the last paper for which papers like it were looked for.
"""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from sqlmodel import Session

from monitor.store.tables import MarkRow
from monitor.store.upsert import insert_missing

Name = Literal["backup", "restore", "operator told", "configuration", "message key", "alike"]


def put(session: Session, name: Name, at: datetime, text: str = "") -> None:
    """Note that it happened; the time before is forgotten."""
    session.merge(MarkRow(name=name, at=at, text=text))


def once(session: Session, name: Name, at: datetime, text: str) -> str:
    """Return what is noted for ``name``; when nothing is, note ``text``. All who do so at once get the same."""
    insert_missing(session, MarkRow, [{"name": name, "at": at, "text": text}])
    return session.get_one(MarkRow, name).text


def get(session: Session, name: Name) -> tuple[datetime, str] | None:
    """Return when it happened last, and what was noted; ``None`` when it never did."""
    row = session.get(MarkRow, name)
    return (row.at, row.text) if row else None


def drop(session: Session, name: Name) -> bool:
    """Forget it; returns whether there was anything."""
    row = session.get(MarkRow, name)
    if row:
        session.delete(row)
    return row is not None
