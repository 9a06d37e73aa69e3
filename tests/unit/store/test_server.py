"""What only a database server does: it restarts, cuts connections, has no place left, and serves many at once."""

from concurrent.futures import ThreadPoolExecutor

import psycopg
import pytest

from monitor.errors import StoreError
from monitor.store import migrate, outbox, sources
from monitor.store.engine import Store, connect_to, open_store
from monitor.store.tables import SourceRow
from tests.unit.store.test_engine import schema
from tests.unit.store.test_outbox import SOON, claims, queue


@pytest.fixture
def database(cluster):
    """An empty database of the server."""
    url = cluster.new_database()
    yield url
    cluster.drop(url)


def count(store):
    with store.write() as session:
        row = session.get(SourceRow, "hf") or SourceRow(name="hf")
        row.failures += 1
        session.add(row)


def failures(store):
    with store.read() as session:
        return sources.health(session, "hf").failures


def test_a_fresh_schema_and_a_migrated_one_are_the_same(cluster, database):
    migrated, fresh = connect_to(database), connect_to(cluster.new_database())
    migrate.upgrade(migrated)
    migrate.bring_up_to_date(fresh)
    assert schema(migrated) == schema(fresh)
    migrated.dispose()
    fresh.dispose()


def test_several_that_start_at_once_make_the_schema_once(database):
    with ThreadPoolExecutor(4) as pool:
        for store in pool.map(open_store, [database] * 4):
            store.close()


def test_d12_a_server_that_restarts_is_waited_for(cluster, store, database):
    pauses = []

    def sleep(seconds):
        pauses.append(seconds)
        if len(pauses) == 2:
            cluster.start()

    patient = Store(connect_to(database), sleep)
    count(patient)
    cluster.stop()
    count(patient)
    assert failures(patient) == 2
    assert pauses == [0.1, 0.2]
    patient.close()


def test_d12_a_connection_cut_inside_a_transaction_takes_all_of_it_back_and_the_next_one_works(cluster, store):
    count(store)
    with pytest.raises(StoreError, match="cannot be written"), store.write() as session:
        session.add(SourceRow(name="other"))
        session.flush()
        cluster.cut_all()
    count(store)
    assert failures(store) == 2
    with store.read() as session:
        assert session.get(SourceRow, "other") is None


def test_d13_a_place_among_the_connections_is_waited_for(cluster, store, database):
    store.close()
    cluster.stop()
    cluster.start("max_connections=3", "superuser_reserved_connections=0", "max_wal_senders=0")
    others, pauses = [psycopg.connect(database) for _ in range(3)], []

    def sleep(seconds):
        pauses.append(seconds)
        others.pop().close()

    patient = Store(connect_to(database), sleep)
    try:
        count(patient)
        assert failures(patient) == 1
        assert pauses
    finally:
        patient.close()
        for other in others:
            other.close()
        cluster.stop()
        cluster.start()


def test_a_server_that_is_not_there_is_an_error_without_its_password(tmp_path):
    with pytest.raises(StoreError, match="look after the server") as caught:
        open_store(f"postgresql://monitor:secret@/monitor?host={tmp_path}")
    assert "secret" not in str(caught.value)


def test_every_commit_of_anybody_changes_the_version(store, database):
    other = open_store(database)
    before = store.version()
    assert store.version() == before
    count(other)
    assert store.version() != before
    other.close()


def test_claims_of_others_are_not_freed_at_a_start_but_run_out(store):
    queue(store, 1)
    assert len(claims(store)) == 1
    with store.write() as session:
        assert outbox.release_claims(session) == 0
    assert claims(store) == []
    assert len(claims(store, SOON)) == 1
