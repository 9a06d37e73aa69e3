"""A copy while the database is used, put back with mails held."""

import asyncio
import sqlite3
import threading
from contextlib import closing
from dataclasses import replace
from datetime import timedelta

import pytest

from monitor.errors import StoreError
from monitor.jobs import audit, backup, cycle, deliver
from monitor.settings.values import BackupSettings
from monitor.store import backup as store_backup
from monitor.store import marks, papers, sources
from tests.unit.jobs.conftest import listing

run = asyncio.run


@pytest.fixture
def database(tmp_path):
    """A file: what copies of a database server are made with is its own."""
    return str(tmp_path / "monitor.db")


def count(database):
    with closing(sqlite3.connect(database)) as raw, raw:
        return raw.execute("SELECT count(*) FROM papers").fetchone()[0]


def test_a_copy_is_whole_while_others_write(world, tmp_path):
    app = world.open()
    world.pages["hf"] = listing(1, 2, 3)
    run(cycle.run(app))
    stop = threading.Event()

    def write():
        number = 0
        while not stop.is_set():
            number += 1
            with app.store.write() as session:
                marks.put(session, "operator told", world.clock.now(), str(number))

    writer = threading.Thread(target=write)
    writer.start()
    try:
        for number in range(5):
            backup.make(app, tmp_path / f"copy-{number}.db")
    finally:
        stop.set()
        writer.join()
    assert [count(tmp_path / f"copy-{number}.db") for number in range(5)] == [3] * 5
    assert (tmp_path / "copy-0.db").stat().st_mode & 0o777 == 0o600
    assert not list(tmp_path.glob("*.part"))


def test_copies_are_made_on_schedule_and_the_oldest_go(world, tmp_path):
    app = world.open()
    app.settings = replace(app.settings, backup=BackupSettings(tmp_path / "copies", timedelta(hours=12), keep=2))
    made = []
    for _ in range(30):
        made.append(run(backup.run(app)).counts["backups"])
        world.later(hours=2)
    assert sum(made) == 5
    assert made[:7] == [1, 0, 0, 0, 0, 0, 1]
    assert len(list((tmp_path / "copies").iterdir())) == 2


def test_without_a_plan_there_is_no_copy(world):
    assert run(backup.run(world.open())).counts["backups"] == 0


def test_c24_after_a_restore_mails_are_held_until_a_person_confirms(world, tmp_path):
    app = world.open()
    world.pages["hf"] = listing(1)
    run(cycle.run(app))
    backup.make(app, tmp_path / "copy.db")
    world.later(days=1)
    world.pages["hf"] = listing(2)
    run(cycle.run(app))
    assert len(world.channel.delivered) == 2
    app.store.close()
    aside = store_backup.put_back(tmp_path / "copy.db", app.settings.database, world.clock.now())
    assert (count(app.settings.database), count(aside)) == (1, 2)

    app = world.open()
    held = run(cycle.run(app))
    assert len(world.channel.delivered) == 2
    assert any(part == "mails are held" and "copy.db" in why for part, why in held.failures)
    with app.store.write() as session:
        marks.drop(session, "restore")
    run(deliver.run(app))
    assert len(world.channel.delivered) == 3
    assert audit.run(app) == ()


def test_d07_a_damaged_copy_is_refused_and_nothing_changes(world, tmp_path):
    app = world.open()
    world.pages["hf"] = listing(1)
    run(cycle.run(app))
    backup.make(app, tmp_path / "copy.db")
    whole = (tmp_path / "copy.db").read_bytes()
    app.store.close()
    for damaged in (
        whole[: len(whole) // 2],
        b"SQLite format 3\x00" + whole[16:4096] + bytes(len(whole) - 4096),
        b"no",
    ):
        (tmp_path / "copy.db").write_bytes(damaged)
        with pytest.raises(StoreError, match=r"damaged|no database of Paper Monitor"):
            store_backup.put_back(tmp_path / "copy.db", app.settings.database, world.clock.now())
    assert count(app.settings.database) == 1


def test_d10_a_copy_from_a_newer_program_is_refused(world, tmp_path):
    app = world.open()
    backup.make(app, tmp_path / "copy.db")
    with closing(sqlite3.connect(tmp_path / "copy.db")) as raw, raw:
        raw.execute("UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(StoreError, match="9999"):
        store_backup.put_back(tmp_path / "copy.db", app.settings.database, world.clock.now())


def test_a_copy_that_cannot_be_written_leaves_the_last_one(world, tmp_path):
    app = world.open()
    backup.make(app, tmp_path / "copy.db")
    before = (tmp_path / "copy.db").read_bytes()
    (tmp_path / "copy.db.part").mkdir()
    with pytest.raises(StoreError, match="no backup could be written"):
        backup.make(app, tmp_path / "copy.db")
    assert (tmp_path / "copy.db").read_bytes() == before


@pytest.mark.parametrize("how", ["deleted", "replaced"])
def test_d06_a_database_that_is_gone_is_written_no_more(world, how):
    app = world.open()
    file = world.tmp_path / "monitor.db"
    file.rename(file.with_suffix(".away"))
    if how == "replaced":
        file.write_bytes(b"")
    with pytest.raises(StoreError, match="deleted or replaced"), app.store.write() as session:
        sources.forget_answers(session, world.clock.now())
    with app.store.read() as session:
        assert papers.count(session) == 0


def test_a_database_server_is_backed_up_with_its_own_tools():
    with pytest.raises(StoreError, match="pg_dump"):
        store_backup.sqlite_file("postgresql://db/monitor")
