"""Disks that are full, slow, read-only or mixed up, and programs that die while they change the schema."""

import os
import resource
import shutil
import sqlite3
import tempfile
import threading
from contextlib import closing
from functools import partial
from pathlib import Path

import pytest

from monitor.errors import StoreError
from monitor.store import backup, engine, marks, migrate
from monitor.store.engine import connect_to, open_store
from monitor.testing import NOON
from tests import nth


def put(store, text):
    with store.write() as session:
        marks.put(session, "operator told", NOON, text)


def kept(path):
    store = open_store(str(path))
    with store.read() as session:
        found = marks.get(session, "operator told")
    store.close()
    return found and found[1]


def in_a_child(work):
    """Do ``work`` in a process of its own; returns the words of its StoreError, or what it returned."""
    reading, writing = os.pipe()
    child = os.fork()
    if not child:
        try:
            said = str(work())
        except BaseException as error:  # noqa: BLE001 - a child of a test run must never come back
            said = f"{type(error).__name__}: {error}"
        os.write(writing, said.encode()[:4000])
        os._exit(0)
    os.close(writing)
    with os.fdopen(reading) as pipe:
        said = pipe.read()
    os.waitpid(child, 0)
    return said


def test_d01_a_lock_that_is_held_for_a_moment_is_waited_for(tmp_path):
    store = open_store(str(tmp_path / "a.db"))
    other = sqlite3.connect(tmp_path / "a.db", check_same_thread=False, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    threading.Timer(0.3, lambda: other.execute("COMMIT")).start()
    put(store, "waited")
    store.close()
    other.close()
    assert kept(tmp_path / "a.db") == "waited"


def test_d01_a_lock_that_stays_is_an_error_that_says_so_and_loses_nothing(tmp_path, monkeypatch):
    monkeypatch.setattr(engine, "_PRAGMAS", (*engine._PRAGMAS[:3], "busy_timeout=50"))
    store = open_store(str(tmp_path / "a.db"))
    put(store, "before")
    other = sqlite3.connect(tmp_path / "a.db", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(StoreError, match="locked"):
        put(store, "meanwhile")
    other.execute("ROLLBACK")
    other.close()
    put(store, "after")
    store.close()
    assert kept(tmp_path / "a.db") == "after"


@pytest.mark.parametrize("pages", range(6))
def test_d02_d03_no_space_for_a_page_of_the_journal_leaves_what_was_committed(tmp_path, pages):
    path = tmp_path / "a.db"
    store = open_store(str(path))
    put(store, "before")
    store.close()

    def full():
        inner = open_store(str(path))
        resource.setrlimit(resource.RLIMIT_FSIZE, (4096 * pages + 2000,) * 2)
        put(inner, "x" * 20_000)
        return "written"

    assert "StoreError: the database cannot be written" in in_a_child(full)
    assert kept(path) == "before"
    assert backup.check(path) == migrate.HEAD


def test_d04_a_file_that_is_read_only_is_named(tmp_path):
    with tempfile.TemporaryDirectory(dir="/dev/shm" if Path("/dev/shm").is_dir() else None) as made:
        path = Path(made) / "a.db"
        open_store(str(path)).close()
        path.chmod(0o444)
        Path(made).chmod(0o555)

        def somebody():
            if os.getuid() == 0:
                os.setgid(65534)
                os.setuid(65534)
            store = open_store(str(path))
            put(store, "never")
            return "written"

        said = in_a_child(somebody)
        Path(made).chmod(0o755)
    assert said.startswith("StoreError")
    assert "readonly" in said or "read-only" in said


def test_d07_a_damaged_page_is_found_and_named(tmp_path):
    path = tmp_path / "a.db"
    open_store(str(path)).close()
    whole = bytearray(path.read_bytes())
    whole[4096 * 3 : 4096 * 3 + 200] = b"\xff" * 200
    path.write_bytes(whole)
    with pytest.raises(StoreError, match=r"damaged|no database of Paper Monitor"):
        backup.check(path)


def test_d08_a_file_whose_journal_is_gone_is_whole_or_refused(tmp_path):
    store = open_store(str(tmp_path / "a.db"))
    put(store, "in the file")
    with closing(sqlite3.connect(tmp_path / "a.db")) as raw, raw:
        raw.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    put(store, "in the journal alone")
    shutil.copy(tmp_path / "a.db", tmp_path / "moved.db")
    store.close()
    assert kept(tmp_path / "moved.db") == "in the file"
    assert backup.check(tmp_path / "moved.db") == migrate.HEAD


def test_c18_killed_inside_a_migration_the_next_start_ends_it(tmp_path):
    old = tmp_path / "old.db"
    made = connect_to(str(old))
    migrate.upgrade(made, "0008")
    made.dispose()
    with nth.hooked():
        shutil.copy(old, tmp_path / "whole.db")
        whole = nth.disturbed(partial(_open, tmp_path / "whole.db"), None)
        points = range(0, len(whole), 2)
        for at in points:
            shutil.copy(old, path := tmp_path / f"{at}.db")
            nth.disturbed(partial(_open, path), at)
    assert len(whole) > 25
    for at in points:
        path = tmp_path / f"{at}.db"
        open_store(str(path)).close()
        assert backup.check(path) == migrate.HEAD
        assert path.with_name(f"{at}.db.schema-0008.bak").exists()


def _open(path):
    open_store(str(path)).close()
