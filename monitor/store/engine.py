"""Opening the database and bounding transactions."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path
from threading import Lock
from typing import Any, TypeVar

from sqlalchemy import Connection, Engine, event, make_url
from sqlalchemy.exc import DatabaseError, IntegrityError, OperationalError
from sqlmodel import Session, create_engine

from monitor.errors import StoreError
from monitor.store.migrate import bring_up_to_date, take_turn
from monitor.store.plainly import Glance
from monitor.store.written import as_json, from_json

__all__ = ["Session", "Store", "connect_to", "open_store"]

T = TypeVar("T")

BUSY_SECONDS = 60.0
_PRAGMAS = (
    "journal_mode=WAL",
    "synchronous=FULL",  # a mail that we acted on must survive power loss
    "foreign_keys=ON",
    f"busy_timeout={int(BUSY_SECONDS * 1000)}",
)
_SESSION = (
    "timezone=UTC",
    f"lock_timeout={int(BUSY_SECONDS * 1000)}",
    # A machine that is cut off says nothing any more: what it holds is let go after half a minute, not after hours.
    "tcp_keepalives_idle=10",
    "tcp_keepalives_interval=5",
    "tcp_keepalives_count=4",
    "tcp_user_timeout=30000",
)
_CLIENT = {
    "connect_timeout": 10,
    "keepalives_idle": 10,
    "keepalives_interval": 5,
    "keepalives_count": 4,
    "tcp_user_timeout": 30_000,
}
_NEWEST = "SELECT pg_current_snapshot()::text"  # who is writing, and who was the last to begin
_PAUSES = (0.1, 0.2, 0.5, 1, 2, 4, 8, 15)  # seconds
_PASSING = ("08", "40", "53", "55P03", "57P0")  # cut off, deadlock or the like, no place, too long a wait, a stop
_READING: dict[str, dict[str, Any]] = {  # one state is seen from first to last
    "sqlite": {"begin": "DEFERRED"},
    "postgresql": {"isolation_level": "REPEATABLE READ"},
}


class Store:
    """A database that is open and up to date."""

    def __init__(self, engine: Engine, sleep: Callable[[float], None] = time.sleep) -> None:
        self._engine = engine
        self._sleep = sleep
        self._file = _identity(engine)
        self._watch: Any = None  # SQLite counts for each connection what all others commit: this one never writes
        self._watching = Lock()
        self._glance: tuple[Any, Glance] | None = None
        self._glancing = Lock()

    @contextmanager
    def read(self) -> Iterator[Session]:
        """Give a session that sees one consistent state; nothing is written."""
        with Session(self._engine, autoflush=False) as session:
            self._begin(session, _READING[self._engine.dialect.name])
            yield session
            session.rollback()

    @contextmanager
    def glance(self) -> Iterator[Session]:
        """Give a session as ``read`` does, for a few short questions (``Question``) and nothing else.

        On SQLite one connection answers all of them, one glance after another: to begin a transaction, and threads that
        wake each other at every row, cost several times what is asked.
        """
        if self.is_shared:
            with self.read() as session:
                yield session
            return
        with self._glancing:
            if self._glance is None:
                connection = self._engine.raw_connection()
                self._glance = connection, Glance(self._engine.dialect, connection)
            _, glance = self._glance
            glance.ask("BEGIN")
            try:
                yield glance
            finally:
                glance.ask("ROLLBACK")

    def run(self, work: Callable[[Session], T], *, alone: bool = True) -> T:
        """Return what ``work`` returns, written in one transaction as in ``write``; it is done again when cut off.

        For work that finds out by itself what it did before: a connection cut at the end leaves open whether it did.
        """
        for pause in _PAUSES:
            try:
                with self.write(alone=alone) as session:
                    return work(session)
            except StoreError as error:
                if not error.passing:
                    raise
                self._sleep(pause)
        with self.write(alone=alone) as session:
            return work(session)

    @contextmanager
    def write(self, *, alone: bool = True) -> Iterator[Session]:
        """Give a session whose work is committed at the end, all of it, or none when an error escapes.

        One writes at a time, on every kind of database: what was read in here is still so when it is committed. A
        database server lets others write meanwhile when not ``alone``; then only rows that are locked stay as read.
        Raises StoreError when the database is full, read-only, locked for over a minute, damaged or cut off, and when
        its file was deleted or replaced since it was opened: what is written now would be lost.
        """
        if _identity(self._engine) != self._file:
            raise StoreError(
                f"the file {self._engine.url.database} was deleted or replaced while it was used; "
                "nothing is written any more: restart Paper Monitor when the right file is there"
            )
        with Session(self._engine) as session:
            try:
                connection = self._begin(session, {})
                if alone:
                    take_turn(connection)
                yield session
                session.commit()
            except DatabaseError as error:
                session.rollback()
                if isinstance(error, IntegrityError):
                    raise
                raise StoreError(f"the database cannot be written: {error.orig}", passing=_is_passing(error)) from error

    def _begin(self, session: Session, options: dict[str, Any]) -> Connection:
        """Connect, again and again for a while: a server restarts, or has no place for one more connection.

        Only here nothing is done yet. A connection cut later takes the whole transaction back, and its job, which
        finds its work as it was, is run again by whoever runs jobs.
        """
        for pause in _PAUSES if self.is_shared else ():
            try:
                return session.connection(execution_options=options)
            except OperationalError:
                session.rollback()
                self._sleep(pause)
        return session.connection(execution_options=options)

    @property
    def is_shared(self) -> bool:
        """Whether a server holds the database, so that others may work with it at the same time."""
        return self._engine.dialect.name == "postgresql"

    def now(self) -> datetime:
        """Return the moment that a database server believes it to be, aware. Raises StoreError when it does not say."""
        try:
            with self._engine.connect() as connection:
                told: datetime = connection.exec_driver_sql("SELECT clock_timestamp()").scalar_one()
                return told
        except DatabaseError as error:
            raise StoreError(f"the database cannot be read: {error.orig}", passing=True) from error

    def version(self) -> object:
        """Return what is another value after every commit of anybody: what was read before may be out of date then."""
        with self._watching:
            if self.is_shared:
                with self._engine.connect() as connection:
                    return connection.exec_driver_sql(_NEWEST).scalar()
            if self._watch is None:
                self._watch = self._engine.raw_connection()
            cursor = self._watch.cursor()
            cursor.execute("PRAGMA data_version")
            found: object = cursor.fetchone()
            cursor.close()
            return found

    def close(self) -> None:
        """Let go of all connections."""
        if self._watch is not None:
            self._watch.close()
            self._watch = None
        if self._glance is not None:
            self._glance[0].close()
            self._glance = None
        self._engine.dispose()


def _is_passing(error: DatabaseError) -> bool:
    state = getattr(error.orig, "sqlstate", None)
    return error.connection_invalidated or (state is not None and state.startswith(_PASSING))


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
        raise StoreError(_unusable(engine, error)) from error
    except StoreError:
        engine.dispose()
        raise
    return Store(engine)


def _unusable(engine: Engine, error: DatabaseError) -> str:
    if engine.dialect.name == "sqlite":
        place = engine.url.database
        return f"{place} is not a database that can be used ({error.orig}); restore a backup, or name another file"
    place = engine.url.render_as_string(hide_password=True)
    return f"{place} cannot be used ({error.orig}); look after the server, or change `database:` in monitor.yaml"


def connect_to(database: str) -> Engine:
    """Return an engine whose every connection keeps our promises; nothing is looked at yet."""
    if "://" not in database:
        return _sqlite(Path(database))
    url = make_url(database)
    if url.get_backend_name() == "sqlite" and url.database:
        return _sqlite(Path(url.database))
    try:
        return create_engine(
            url,
            pool_pre_ping=True,
            json_serializer=as_json,
            connect_args={"options": " ".join(f"-c {one}" for one in _SESSION), **_CLIENT},
        )
    except ModuleNotFoundError as error:
        raise StoreError('PostgreSQL needs a driver: pip install "paper-monitor[postgres]"') from error


def _sqlite(path: Path) -> Engine:
    if not path.parent.is_dir():
        raise StoreError(f"the folder {path.parent} does not exist; make it, or change `database:` in monitor.yaml")
    with suppress(OSError):  # it is there already, or whoever may not write here is told so by what they try to write
        # It will hold people's addresses: SQLite would let everybody read it.
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
    options = {"timeout": BUSY_SECONDS, "check_same_thread": False}
    engine = create_engine(
        f"sqlite:///{path}", connect_args=options, json_serializer=as_json, json_deserializer=from_json
    )

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
