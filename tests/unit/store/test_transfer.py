"""An SQLite database moved to a server: all of it, resumed where it was broken off, compared, and in use afterwards."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from monitor.errors import StoreError
from monitor.store import marks, sources, transfer
from monitor.store.engine import connect_to, open_store
from monitor.store.tables import PaperRow, Row
from monitor.testing import NOON, envelope
from tests.unit.store.test_outbox import claims, queue


@pytest.fixture
def url(cluster):
    made = cluster.new_database()
    yield made
    cluster.drop(made)


@pytest.fixture
def old(tmp_path, monkeypatch):
    """A database with some rows of many kinds; blocks are small."""
    monkeypatch.setattr(transfer, "_BLOCK", 3)
    path = str(tmp_path / "monitor.db")
    store = open_store(path)
    queue(store, *range(7), tree=b"{}")
    with store.write() as session:
        marks.put(session, "backup", NOON, "Ünïcode \U0001f3ee")
        sources.failed(session, "hf", NOON, NOON + timedelta(hours=1), "refused")
        rows = [paper(number) for number in range(1, 6)]
        session.add_all(rows)
        session.flush()
        rows[0].merged_into = 5  # a later one
    store.close()
    return path


def paper(number):
    return PaperRow(id=number, key=f"arxiv:{number}", title="Lanterns", abstract="", authors=["Ada"], first_seen=NOON)


def counts(database):
    engine = connect_to(database)
    with engine.connect() as connection:
        found = {
            table.name: connection.execute(select(func.count()).select_from(table)).scalar()
            for table in Row.metadata.sorted_tables
        }
    engine.dispose()
    return found


def test_everything_arrives_and_is_compared(old, url):
    found = transfer.transfer(old, url)
    assert {one.table: one.rows for one in found} == counts(old) == counts(url)
    assert counts(url)["outbox"] == 7
    assert len({one.sha256 for one in found if one.rows}) == sum(bool(one.rows) for one in found)


def test_the_copy_is_used_like_the_original(old, url):
    transfer.transfer(old, url)
    store = open_store(url)
    claimed = claims(store)
    assert [one.envelope for one in claimed] == [envelope(number) for number in range(7)]
    queue(store, 30)  # numbered after those that came
    with store.read() as session:
        assert marks.get(session, "backup") == (NOON, "Ünïcode \U0001f3ee")
        assert session.get_one(PaperRow, 1).merged_into == 5
    store.close()


def test_a_copy_that_was_broken_off_goes_on_where_it_was(old, url):
    seen = []

    def broken(table, rows):
        seen.append(table)
        if table == "outbox" and seen.count("outbox") == 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        transfer.transfer(old, url, broken)
    again = []
    transfer.transfer(old, url, lambda table, rows: again.append((table, rows)))
    assert [(table, rows) for table, rows in again if table == "outbox"] == [("outbox", 1)]
    assert "digests" not in dict(again)
    assert counts(url) == counts(old)


def test_a_database_that_holds_something_is_left_alone(old, url):
    store = open_store(url)
    queue(store, 1)
    store.close()
    with pytest.raises(StoreError, match="not empty"):
        transfer.transfer(old, url)
    assert counts(url)["outbox"] == 1


def test_what_was_changed_behind_the_copys_back_is_found(old, url):
    def meddle(table, rows):
        if table == "outbox":
            engine = connect_to(url)
            with engine.begin() as connection:
                connection.exec_driver_sql("UPDATE digests SET subject = 'another'")
            engine.dispose()

    with pytest.raises(StoreError, match="digests has 7 rows here and 7 there, or others"):
        transfer.transfer(old, url, meddle)


def test_only_a_server_is_copied_to(old, tmp_path):
    with pytest.raises(StoreError, match="monitor backup"):
        transfer.transfer(old, str(tmp_path / "other.db"))
