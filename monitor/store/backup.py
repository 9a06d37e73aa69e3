"""Copies of an SQLite database, taken while it is used, and put back.

The copy is SQLite's own online backup (https://www.sqlite.org/backup.html): one consistent state, whatever is
written meanwhile. A database server is backed up with its own tools.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable
from contextlib import closing, suppress
from datetime import datetime
from pathlib import Path

from monitor.errors import StoreError
from monitor.store.migrate import known_versions

_PAGES = 2_000
"""Pages copied at once: 8 MB, after which others may write."""


def sqlite_file(database: str) -> Path:
    """Return the file of an SQLite database. Raises StoreError for a database server."""
    if "://" not in database:
        return Path(database)
    scheme, _, path = database.partition(":///")
    if scheme.startswith("sqlite") and path:
        return Path(path)
    raise StoreError("a database server is backed up with its own tools: pg_dump, and pg_restore to put it back")


def copy(database: str, target: Path) -> None:
    """Write a checked copy of ``database`` to ``target``; a file that is there is replaced only by a whole copy.

    Raises StoreError when the copy cannot be written or is damaged.
    """
    source, part = sqlite_file(database), target.with_name(target.name + ".part")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        part.unlink(missing_ok=True)
        os.close(os.open(part, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
        with closing(_read_only(source)) as old, closing(sqlite3.connect(part)) as new:
            old.backup(new, pages=_PAGES, sleep=0.005)
            new.execute("PRAGMA journal_mode = DELETE")  # one file, nothing beside it
        check(part)
        _sync(part)
        part.replace(target)
        _sync(target.parent)
    except (OSError, sqlite3.Error) as error:
        raise StoreError(f"no backup could be written to {target}: {error}") from error
    finally:
        with suppress(OSError):
            part.unlink()


def check(path: Path) -> str:
    """Return the schema version of a database that is whole and ours. Raises StoreError saying what is wrong."""
    try:
        with closing(_read_only(path)) as database:
            found = [row[0] for row in database.execute("PRAGMA quick_check(3)")]
            if found != ["ok"]:
                raise StoreError(f"{path} is damaged ({found[0]}); restore a backup with `monitor restore`")
            if orphan := database.execute("PRAGMA foreign_key_check").fetchone():
                raise StoreError(f"{path} is damaged: a row of {orphan[0]} points to nothing; restore a backup")
            version = str(database.execute("SELECT version_num FROM alembic_version").fetchone()[0])
    except (sqlite3.Error, TypeError) as error:
        raise StoreError(f"{path} is no database of Paper Monitor ({error})") from error
    if version not in known_versions():
        raise StoreError(f"{path} has schema {version}, which this program does not know; install the newer one")
    return version


def put_back(copy_of: Path, database: str, at: datetime) -> Path | None:
    """Make a checked copy the database, and note that mails are to be held. Nobody may be using the database.

    Returns where the file that was there has gone. Raises StoreError when the copy is damaged or newer.
    """
    target = sqlite_file(database)
    check(copy_of)
    aside = target.with_name(f"{target.name}.before-restore-{at:%Y%m%d-%H%M%S}") if target.exists() else None
    part = target.with_name(target.name + ".part")
    try:
        with closing(_read_only(copy_of)) as old, closing(sqlite3.connect(part)) as new:
            old.backup(new)
            new.execute("CREATE TABLE IF NOT EXISTS marks (name VARCHAR PRIMARY KEY, at DATETIME, text VARCHAR)")
            new.execute(
                "INSERT OR REPLACE INTO marks (name, at, text) VALUES ('restore', ?, ?)",
                (f"{at:%Y-%m-%d %H:%M:%S.%f}", copy_of.name),
            )
            new.commit()
        _sync(part)
        if aside:
            _each_part(target, lambda file, ending: file.replace(f"{aside}{ending}"))
        part.replace(target)
        _sync(target.parent)
    except (OSError, sqlite3.Error) as error:
        raise StoreError(f"the backup could not be put back: {error}; the database is as it was") from error
    finally:
        with suppress(OSError):
            part.unlink()
    return aside


def _each_part(database: Path, act: Callable[[Path, str], object]) -> None:
    """Do something with the file and its journals: a journal left behind would belong to the wrong database."""
    for ending in ("", "-wal", "-shm"):
        file = Path(f"{database}{ending}")
        if file.exists():
            act(file, ending)


def _read_only(path: Path) -> sqlite3.Connection:
    return sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)


def _sync(path: Path) -> None:
    """Bring a file, or the names in a folder, to the disk itself."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
