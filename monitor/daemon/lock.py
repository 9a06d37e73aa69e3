"""One process at a time on one SQLite file.

The kernel drops the lock together with its holder, so a crash leaves nothing stale.
"""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from monitor.errors import StoreError


@contextmanager
def only_one(database: str) -> Iterator[None]:
    """Hold the lock of a database. Raises StoreError, naming the other process, when somebody has it.

    A database server keeps its own order among many processes: there, nothing is locked.
    """
    if "://" in database and not database.startswith("sqlite"):
        yield
        return
    path = Path(database.removeprefix("sqlite:///") + ".lock")
    with path.open("a+", encoding="ascii") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            file.seek(0)
            holder = file.read(20).strip() or "unknown"
            raise StoreError(
                f"another Paper Monitor (process {holder}) is at work on {database}; "
                "stop it first, or let it do the work"
            ) from None
        file.truncate(0)
        file.write(f"{os.getpid()}\n")
        file.flush()
        yield
