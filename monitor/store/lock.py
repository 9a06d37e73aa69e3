"""One process at a time on one SQLite file, and a sign that it lives.

The kernel drops the lock together with its holder, so a crash leaves nothing stale.
"""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from monitor.errors import StoreError

STOPPED = 120.0
"""Seconds without a beat after which a daemon is not well."""


class Heart:
    """Beats by the time of a file, so that others see that the process lives and its loop turns."""

    def __init__(self, path: Path | None) -> None:
        self._path = path

    def beat(self) -> None:
        """Say that all is well now."""
        if self._path is not None:
            os.utime(self._path)


def lock_file(database: str) -> Path | None:
    """Return the file whose lock means "somebody is at work", or ``None`` for a database server."""
    if "://" in database and not database.startswith("sqlite"):
        return None
    return Path(database.removeprefix("sqlite:///") + ".lock")


@contextmanager
def only_one(database: str) -> Iterator[Heart]:
    """Hold the lock of a database. Raises StoreError, naming the other process, when somebody has it.

    A database server keeps its own order among many processes: there, nothing is locked.
    """
    path = lock_file(database)
    if path is None:
        yield Heart(None)
        return
    with path.open("a+", encoding="ascii") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            file.seek(0)
            other = file.read(20).strip() or "unknown"
            raise StoreError(
                f"another Paper Monitor (process {other}) is at work on {database}; "
                "stop it first, or let it do the work"
            ) from None
        file.truncate(0)
        file.write(f"{os.getpid()}\n")
        file.flush()
        yield Heart(path)


def holder(database: str) -> str | None:
    """Return the number of the process that holds the lock of a database; ``None`` when nobody does."""
    path = lock_file(database)
    if path is None or not path.exists():
        return None
    with path.open("r", encoding="ascii") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            return file.read(20).strip() or "unknown"
    return None


def last_beat(database: str) -> float | None:
    """Return when the process that holds the lock beat last, in seconds since 1970; ``None`` when nobody holds it."""
    path = lock_file(database)
    return path.stat().st_mtime if path and holder(database) else None


def silent_for(database: str, now: datetime) -> float | None:
    """Return for how many seconds the process that holds the lock has not beaten; ``None`` when nobody holds it.

    On a database server, where nothing is locked, it is what the daemons of this machine told the database.
    """
    if lock_file(database) is None:
        from monitor.store import beats  # a file is looked at without SQLAlchemy

        return beats.silent_for(database)
    beat = last_beat(database)
    return None if beat is None else now.timestamp() - beat
