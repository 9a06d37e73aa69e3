"""A look at a database by a command that only checks: nothing is migrated, written, or loaded for it."""

from __future__ import annotations

import contextlib
import sqlite3
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, cast

if TYPE_CHECKING:
    from monitor.types.ledger import Suppression, SuppressionReason


def suppressions(database: str) -> tuple[Suppression, ...]:
    """Return who gets no mail, as an SQLite file says; nothing where there is no such file yet, or another database."""
    scheme, is_url, rest = database.partition("://")
    if is_url and not scheme.startswith("sqlite"):
        return ()
    path = Path(rest.removeprefix("/") if is_url else database)
    if not path.is_file():
        return ()
    try:
        with contextlib.closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)) as connection:
            rows = connection.execute("SELECT recipient, profile, reason, since, note FROM suppressions").fetchall()
    except sqlite3.Error:  # older than the list, or not ours: whoever opens it says so
        return ()
    from monitor.types.ledger import Suppression  # late: most installations have no database when they are checked

    return tuple(
        Suppression(recipient, profile, cast("SuppressionReason", reason), _moment(since), note)
        for recipient, profile, reason, since, note in rows
    )


def _moment(text: str) -> datetime:
    at = datetime.fromisoformat(text)
    return at if at.tzinfo else at.replace(tzinfo=UTC)
