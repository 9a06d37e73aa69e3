"""Opening the database and bounding transactions."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Lock
from typing import Any

from sqlalchemy import Engine, event, make_url
from sqlalchemy.exc import DatabaseError
from sqlmodel import Session, create_engine

from monitor.errors import StoreError
from monitor.store.migrate import bring_up_to_date

__all__ = ["Session", "Store", "connect_to", "open_store"]

BUSY_SECONDS = 60.0
_PRAGMAS = (
    "journal_mode=WAL",
    "synchronous=FULL",  # a mail that we acted on must survive power loss
    "foreign_keys=ON",
    f"busy_timeout={int(BUSY_SECONDS * 1000)}",
)


_VERSION = {
    "sqlite": "PRAGMA data_version",  # on a connection that never writes itself
    "postgresql": "SELECT pg_snapshot_xmax(pg_current_snapshot())",
}


class Store:
    """A database that is open and up to date."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._file = _identity(engine)
        self._watch: Any = None
        self._watching = Lock()

    @contextmanager
    def read(self) -> Iterator[Session]:
        """Give a session that sees one consistent state; nothing is written."""
        with Session(self._engine, autoflush=False) as session:
            if self._engine.dialect.name == "sqlite":
                session.connection(execution_options={"begin": "DEFERRED"})
            yield session
            session.rollback()

    @contextmanager
    def write(self) -> Iterator[Session]:
        """Give a session whose work is committed at the end, all of it, or none when an error escapes.

        Raises StoreError when the database is full, read-only, locked for over a minute or damaged, and when its file
        was deleted or replaced since it was opened: what is written now would be lost.
        """
        if _identity(self._engine) != self._file:
            raise StoreError(
                f"the file {self._engine.url.database} was deleted or replaced while it was used; "
                "nothing is written any more: restart Paper Monitor when the right file is there"
            )
        with Session(self._engine) as session:
            try:
                yield session
                session.commit()
            except DatabaseError as error:
                session.rollback()
                if isinstance(error.orig, sqlite3.OperationalError | sqlite3.DatabaseError) and not _is_constraint(
                    error
                ):
                    raise StoreError(f"the database cannot be written: {error.orig}") from error
                raise

    def version(self) -> object:
        """Return what is another value after every commit of anybody: what was read before may be out of date then."""
        with self._watching:
            if self._watch is None:
                self._watch = self._engine.raw_connection()
            cursor = self._watch.cursor()
            cursor.execute(_VERSION[self._engine.dialect.name])
            found: object = cursor.fetchone()
            cursor.close()
            return found

    def close(self) -> None:
        """Let go of all connections."""
        if self._watch is not None:
            self._watch.close()
            self._watch = None
        self._engine.dispose()


def _identity(engine: Engine) -> tuple[int, int] | None:
    """Return what tells the file of an SQLite database from every other one; ``None`` when it is gone."""
    path = engine.url.database
    if engine.dialect.name != "sqlite" or not path:
        return None
    try:
        found = Path(path).stat()
    except OSError:
        return None
    return found.st_dev, found.st_ino


def _is_constraint(error: DatabaseError) -> bool:
    return isinstance(error.orig, sqlite3.IntegrityError)


def open_store(database: str) -> Store:
    """Return the store at ``database``: a path of an SQLite file, or an SQLAlchemy URL.

    A missing file is made, an older schema is brought up to date (after a copy of the file is put beside it).
    Raises StoreError when the file is not ours, is damaged, or was written by a newer version.
    """
    engine = connect_to(database)
    try:
        bring_up_to_date(engine)
    except DatabaseError as error:
        engine.dispose()
        raise StoreError(
            f"{database} is not a database that can be used ({error.orig}); restore a backup, or name another file"
        ) from error
    except StoreError:
        engine.dispose()
        raise
    return Store(engine)


def connect_to(database: str) -> Engine:
    """Return an engine whose every connection keeps our promises; nothing is looked at yet."""
    if "://" not in database:
        return _sqlite(Path(database))
    url = make_url(database)
    if url.get_backend_name() == "sqlite" and url.database:
        return _sqlite(Path(url.database))
    return create_engine(url, pool_pre_ping=True)


def _sqlite(path: Path) -> Engine:
    if not path.parent.is_dir():
        raise StoreError(f"the folder {path.parent} does not exist; make it, or change `database:` in monitor.yaml")
    engine = create_engine(f"sqlite:///{path}", connect_args={"timeout": BUSY_SECONDS, "check_same_thread": False})

    @event.listens_for(engine, "connect")
    def prepare(connection: Any, _record: object) -> None:
        # The driver's own transaction handling begins too late: two read-then-write transactions would fail at once.
        connection.isolation_level = None
        cursor = connection.cursor()
        for pragma in _PRAGMAS:
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    @event.listens_for(engine, "begin")
    def begin(connection: Any) -> None:
        kind = connection.get_execution_options().get("begin", "IMMEDIATE")
        connection.exec_driver_sql(f"BEGIN {kind}")

    return engine
