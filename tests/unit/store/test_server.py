"""What only a database server does: it restarts, cuts connections, has no place left, and serves many at once."""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from threading import Barrier, BrokenBarrierError

import psycopg
import pytest

from monitor.errors import StoreError
from monitor.store import mails, migrate, outbox, sources, upsert
from monitor.store.clock import ServerClock
from monitor.store.engine import Store, connect_to, open_store
from monitor.store.tables import HostRow, SourceRow
from monitor.testing import NOON
from monitor.types.ledger import Settlement
from tests.contract.test_engines import installation
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


def test_who_claims_does_not_wait_for_others_and_passes_over_what_they_take(store):
    queue(store, 1, 2, 3)
    with store.write() as slow, store.write(alone=False) as first, store.write(alone=False) as second:
        slow.add(SourceRow(name="hf"))
        slow.flush()
        assert [one.outbox_id for one in outbox.claim(first, "first", NOON, SOON, 2)] == [1, 2]
        assert [one.outbox_id for one in outbox.claim(second, "second", NOON, SOON, 2)] == [3]


def test_a_mail_that_is_being_claimed_is_not_given_up_for_the_next_digest(store):
    reader = queue(store, 1)
    with ThreadPoolExecutor(1) as pool:
        with store.write(alone=False) as session:
            outbox.claim(session, "us", NOON, SOON, 1)
            given_up = pool.submit(store.run, lambda session: outbox.withdraw(session, reader.id, NOON))
            while not waiting(store):
                pass
        assert given_up.result() == 0


def waiting(store):
    with store.read() as session:
        return session.connection().exec_driver_sql("SELECT count(*) FROM pg_locks WHERE NOT granted").scalar()


def deadlocked(store, other):
    """Two who count two sources in opposite order and wait for each other: the server breaks one of them off."""
    meeting = Barrier(2)

    def counting(names):
        def work(session):
            for name in names:
                session.get(SourceRow, name, with_for_update=True).failures += 1
                session.flush()
                with suppress(BrokenBarrierError):
                    meeting.wait(5)
                meeting.abort()  # who is done again does not wait

        return work

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(lambda each: each[0].run(counting(each[1]), alone=False), [(store, "ab"), (other, "ba")]))


def test_d13_a_transaction_that_the_server_breaks_off_for_another_is_done_again(store, database):
    other = open_store(database)
    with store.write() as session:
        session.add_all([SourceRow(name="a"), SourceRow(name="b")])
    deadlocked(store, other)
    with store.read() as session:
        assert [sources.health(session, name).failures for name in "ab"] == [2, 2]
    other.close()


def test_d12_what_became_of_a_mail_is_written_though_the_connection_is_cut(cluster, store):
    queue(store, 1)
    (mine,) = claims(store)
    tries = []

    def write(session):
        tries.append(outbox.settle(session, [Settlement(mine, "sent", NOON, "250", "ok", NOON)]))
        if len(tries) == 1:
            cluster.cut_all()

    store.run(write, alone=False)
    assert [one.lost for one in tries] == [(), ()]
    with store.read() as session:
        assert [(one.state, one.attempts) for one in mails.listed(session)] == [("sent", 1)]
        assert len(mails.receipts(session, 1)) == 1


class Server:
    """A server whose clock is three hours ahead of this machine's, and which may be away."""

    ahead: timedelta | None = timedelta(hours=3)

    def now(self):
        if self.ahead is None:
            raise StoreError("away", passing=True)
        return datetime.now(UTC) + self.ahead


def test_d16_where_clocks_differ_the_servers_counts_for_all(store, monkeypatch):
    assert abs(ServerClock(store).now() - datetime.now(UTC)) < timedelta(seconds=5)  # one machine, here
    server = Server()
    clock = ServerClock(server)  # type: ignore[arg-type]
    assert abs(clock.now() - server.now()) < timedelta(seconds=1)
    server.ahead = None
    monkeypatch.setattr(clock, "_asked", -1000.0)
    assert clock.now() - datetime.now(UTC) > timedelta(hours=2, minutes=59)  # as it was told last
    server.ahead = timedelta(hours=4)
    monkeypatch.setattr(clock, "_asked", -1000.0)
    assert abs(clock.now() - server.now()) < timedelta(seconds=1)


def test_d16_an_installation_on_a_server_goes_by_its_clock(tmp_path, database):
    app = installation(tmp_path, database)
    assert isinstance(app.clock, ServerClock)
    asyncio.run(app.close())


def test_d12_a_connection_that_breaks_in_the_middle_of_many_rows_is_a_passing_fault(cluster, store, monkeypatch):
    def cut(*asked):
        cluster.cut_all()
        return columns(*asked)

    rows = [{"site": str(number), "holder": "", "free_at": NOON} for number in range(upsert._COPIED)]
    columns = upsert._columns
    monkeypatch.setattr(upsert, "_columns", cut)
    with pytest.raises(StoreError) as told, store.write() as session:
        upsert.insert_all(session, HostRow, rows)
    assert told.value.passing
    monkeypatch.setattr(upsert, "_columns", columns)
    with store.write() as session:
        upsert.insert_all(session, HostRow, rows)
