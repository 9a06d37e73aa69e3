"""Opening the database and bounding transactions."""

import re
import sqlite3
import threading
from contextlib import closing

import pytest
from sqlalchemy import inspect, text

from monitor.errors import StoreError
from monitor.store import migrate, sources
from monitor.store.engine import connect_to, open_store
from monitor.store.tables import SourceRow
from monitor.testing import NOON

FULL_TEXT = ("papers_text", "papers_fts", "papers_fts_insert", "papers_fts_update")


def pragma(store, name):
    with store.read() as session:
        return session.connection().exec_driver_sql(f"PRAGMA {name}").scalar()


def test_every_connection_keeps_what_it_promises(tmp_path):
    store = open_store(str(tmp_path / "a.db"))
    assert pragma(store, "journal_mode") == "wal"
    assert pragma(store, "foreign_keys") == 1
    assert pragma(store, "synchronous") == 2  # FULL
    store.close()


def schema(engine):
    """Everything that a database says of itself, in an order that does not depend on how it was made."""
    look = inspect(engine)
    return {
        table: (
            sorted((column["name"], str(column["type"]), column["nullable"]) for column in look.get_columns(table)),
            look.get_pk_constraint(table)["constrained_columns"],
            sorted(str(key) for key in look.get_foreign_keys(table)),
            sorted(
                (index["name"], tuple(index["column_names"]), bool(index["unique"]))
                for index in look.get_indexes(table)
            ),
            sorted((one["name"], tuple(one["column_names"])) for one in look.get_unique_constraints(table)),
        )
        for table in look.get_table_names()
    }


def test_a_fresh_schema_and_a_migrated_one_are_the_same(tmp_path):
    open_store(str(tmp_path / "fresh.db")).close()
    migrated = connect_to(str(tmp_path / "migrated.db"))
    migrate.upgrade(migrated)
    fresh = connect_to(str(tmp_path / "fresh.db"))
    assert schema(migrated) == schema(fresh)
    assert full_text(migrated) == full_text(fresh)
    migrated.dispose()
    fresh.dispose()


def full_text(engine):
    """The view, the index of words and its triggers, as they were written."""
    with engine.connect() as connection:
        named = connection.exec_driver_sql("SELECT name, sql FROM sqlite_master WHERE name IN (?, ?, ?, ?)", FULL_TEXT)
        return {name: re.sub(r"\s+", "", sql) for name, sql in named}


def test_the_stamp_of_a_fresh_schema_is_the_last_migration():
    from alembic.config import Config
    from alembic.script import ScriptDirectory

    config = Config()
    config.set_main_option("script_location", str(migrate.MIGRATIONS))
    assert ScriptDirectory.from_config(config).get_current_head() == migrate.HEAD


def test_d10_a_newer_schema_is_refused_with_both_versions(tmp_path):
    path = tmp_path / "a.db"
    open_store(str(path)).close()
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("UPDATE alembic_version SET version_num='9999'")
    with pytest.raises(StoreError, match=rf"9999.*{migrate.HEAD}"):
        open_store(str(path))


def test_another_programs_database_is_refused_and_left_alone(tmp_path):
    path = tmp_path / "a.db"
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("CREATE TABLE theirs (x)")
    with pytest.raises(StoreError, match="another program"):
        open_store(str(path))
    with closing(sqlite3.connect(path)) as connection, connection:
        assert [name for (name,) in connection.execute("SELECT name FROM sqlite_master")] == ["theirs"]


def test_d07_a_garbage_file_is_refused_and_never_made_anew(tmp_path):
    path = tmp_path / "a.db"
    path.write_bytes(b"this is not a database at all, but long enough" * 100)
    before = path.read_bytes()
    with pytest.raises(StoreError, match="not a database that can be used"):
        open_store(str(path))
    assert path.read_bytes() == before


def test_only_its_owner_may_read_a_new_database_and_what_lies_beside_it(tmp_path):
    store = open_store(str(tmp_path / "monitor.db"))
    with store.write() as session:
        session.execute(text("CREATE TABLE more (x)"))
        made = {path.name: path.stat().st_mode & 0o777 for path in tmp_path.iterdir()}
    store.close()
    assert {"monitor.db", "monitor.db-wal"} <= made.keys()
    assert set(made.values()) == {0o600}


def test_a_missing_folder_is_named(tmp_path):
    with pytest.raises(StoreError, match="nowhere"):
        open_store(str(tmp_path / "nowhere" / "a.db"))


def test_an_error_in_a_transaction_leaves_nothing_behind(store):
    with pytest.raises(RuntimeError), store.write() as session:
        sources.succeeded(session, "hf", NOON, NOON)
        session.flush()
        raise RuntimeError
    with store.read() as session:
        assert sources.health(session, "hf").last_ok_at is None


def test_no_update_is_lost_between_threads_that_read_and_then_write(store):
    with store.write() as session:
        session.add(SourceRow(name="hf"))

    def add():
        for _ in range(25):
            with store.write() as session:
                row = session.get_one(SourceRow, "hf")
                row.failures += 1
                session.add(row)

    threads = [threading.Thread(target=add) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with store.read() as session:
        assert sources.health(session, "hf").failures == 100


def test_a_reader_does_not_wait_for_a_writer(store):
    with store.write() as writer:
        writer.add(SourceRow(name="hf"))
        writer.flush()
        with store.read() as reader:
            assert sources.health(reader, "hf").last_ok_at is None


def test_a_statement_that_fails_takes_back_what_was_written_before_it(store):
    with pytest.raises(StoreError, match="nowhere"), store.write() as session:
        session.add(SourceRow(name="hf", failures=7))
        session.flush()
        session.connection().exec_driver_sql("INSERT INTO nowhere VALUES (1)")
    with store.read() as session:
        assert sources.health(session, "hf").failures == 0
