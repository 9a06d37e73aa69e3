"""The schema's version: made fresh, brought up to date, or refused.

A fresh database gets the whole schema at once and is stamped; an older one goes through alembic's steps. A test
builds both ways and compares. Alembic is loaded only when there is something to migrate.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, text
from sqlalchemy.exc import DatabaseError

from monitor.errors import StoreError
from monitor.store import lock
from monitor.store.tables import Row

HEAD = "0018"
_LOCK = 0x70617065727300  # "papers": the number under which those who write to one database take turns
MIGRATIONS = Path(__file__).resolve().parent / "migrations"


def bring_up_to_date(engine: Engine) -> None:
    """Make the schema of ``engine`` the one that this program writes.

    Raises StoreError when the database belongs to another program or to a newer version of this one, and when an older
    one that somebody is at work on would be changed.
    """
    if _version(engine) != HEAD:
        with _alone(engine):
            _bring_up_to_date(engine)


def take_turn(connection: Connection) -> None:
    """Wait until nobody else writes, and let nobody write until the transaction ends.

    SQLite does so by itself. PostgreSQL would let two of us read and then write what the other made untrue; writing is
    short here and sending is outside of it, so one at a time costs less than finding out afterwards.
    """
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_LOCK})")


@contextmanager
def _alone(engine: Engine) -> Iterator[None]:
    """Hold the turn to write while other connections make or change the schema: several workers start at once."""
    if engine.dialect.name == "sqlite":
        yield
        return
    with engine.connect() as connection:
        take_turn(connection)
        yield


def _bring_up_to_date(engine: Engine) -> None:
    version = _version(engine)
    if version == HEAD:  # somebody else was quicker
        return
    if version is None:
        _make_fresh(engine)
    elif version in known_versions():
        _refuse_beside_another(engine, version)
        _copy_aside(engine, version)
        upgrade(engine)
    else:
        raise StoreError(
            f"the database has schema {version}, this program knows schemas up to {HEAD}; "
            "install the newer Paper Monitor, or restore an older backup"
        )


def _refuse_beside_another(engine: Engine, version: str) -> None:
    """Raise StoreError when an older release is at work: it must not find another schema under its feet."""
    other = lock.holder(engine.url.database) if engine.dialect.name == "sqlite" and engine.url.database else None
    if other and other != str(os.getpid()):
        raise StoreError(
            f"another Paper Monitor (process {other}) is at work on {engine.url.database}, which has "
            f"schema {version} of an older release; stop it first, then this one brings the database to schema {HEAD}"
        )


def upgrade(engine: Engine, to: str = "head") -> None:
    """Run alembic's steps up to ``to`` in one transaction.

    Foreign keys are off meanwhile: rebuilding a table with them on would delete the rows that point to it.
    """
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    is_sqlite = engine.dialect.name == "sqlite"
    with engine.connect() as connection:
        if is_sqlite:  # before the transaction begins: inside one this pragma does nothing
            _driver(connection).execute("PRAGMA foreign_keys=OFF")
        config.attributes["connection"] = connection
        command.upgrade(config, to)
        if is_sqlite and connection.exec_driver_sql("PRAGMA foreign_key_check").fetchall():
            raise StoreError("migrating would break references between tables; nothing was changed; please report this")
        connection.commit()
        connection.invalidate()  # the next user gets a connection with foreign keys on


def _version(engine: Engine) -> str | None:
    with engine.connect() as connection:
        tables = set(engine.dialect.get_table_names(connection))
        if "alembic_version" in tables:
            return str(connection.execute(text("SELECT version_num FROM alembic_version")).scalar())
        if tables:
            raise StoreError(f"{engine.url.database} holds tables of another program; name another file in `database:`")
        return None


def _make_fresh(engine: Engine) -> None:
    with engine.begin() as connection:
        Row.metadata.create_all(connection)
        # The words of alembic's own table, so that it finds its stamp.
        connection.exec_driver_sql(
            "CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL,"
            " CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num))"
        )
        connection.execute(text("INSERT INTO alembic_version VALUES (:head)"), {"head": HEAD})


def is_current(database: str) -> bool:
    """Return whether a database is there, with the schema that this program writes; nothing is written for it."""
    if "://" not in database and not Path(database).exists():
        return False
    engine = create_engine(database if "://" in database else f"sqlite:///{database}")
    try:
        return _version(engine) == HEAD
    except (StoreError, DatabaseError):
        return False
    finally:
        engine.dispose()


def known_versions() -> set[str]:
    """Return the schema versions that this program can read or bring up to date."""
    return {path.name.split("_")[0] for path in (MIGRATIONS / "versions").glob("[0-9]*.py")}


def _copy_aside(engine: Engine, version: str) -> None:
    if engine.dialect.name == "sqlite" and engine.url.database:
        path = Path(engine.url.database)
        with engine.connect() as connection:
            _driver(connection).execute("PRAGMA wal_checkpoint(TRUNCATE)")
        shutil.copy2(path, path.with_name(f"{path.name}.schema-{version}.bak"))


def _driver(connection: Connection) -> Any:
    return connection.connection.driver_connection
