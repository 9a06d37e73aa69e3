"""The audit is silent over a ledger that kept its promises, and names each way in which one can be broken."""

import asyncio
import zlib
from contextlib import contextmanager

import pytest
from sqlalchemy import text

from monitor.jobs import audit, cycle
from monitor.store.engine import connect_to
from tests.unit.jobs.conftest import DIFFUSION, listing


def two_days(world):
    """Two days of digests, each with its own paper."""
    app = world.open(DIFFUSION)
    for day in range(2):
        world.pages["hf"] = listing(day + 1)
        asyncio.run(cycle.run(app))
        world.later(days=1)
    assert len(world.channel.delivered) == 2


@pytest.fixture
def kept(world):
    """An installation that kept its promises for two days."""
    return world.after(two_days).app


@contextmanager
def behind_the_back(app):
    """A connection that breaks the ledger with plain SQL, whatever the database itself would forbid."""
    engine = connect_to(app.settings.database)
    with engine.connect() as raw:
        if raw.dialect.name == "sqlite":
            raw.connection.cursor().execute("PRAGMA foreign_keys = OFF")  # before the transaction begins
        else:
            raw.exec_driver_sql("SET session_replication_role = replica")
        yield raw
        raw.commit()
    engine.dispose()


def test_a_ledger_that_kept_its_promises_has_no_violations(kept):
    assert audit.run(kept) == ()


@pytest.mark.parametrize(
    ("promise", "says", "breakage"),
    [
        (1, "was read and is no paper", "DELETE FROM paper_keys WHERE key LIKE 'arxiv:____.00002'"),
        (1, "no reason is given", "UPDATE snapshots SET state = 'failed', reason = '' WHERE id = 1"),
        (1, "never reached ada@example.org", "DELETE FROM placements WHERE verdict_id = 1"),
        (1, "was composed and has no mail", "DELETE FROM outbox WHERE id = 2"),
        (1, "no digest holds it", "UPDATE placements SET digest_id = NULL WHERE verdict_id = 1"),
        (2, "was sent to ada@example.org 2 times", "UPDATE placements SET paper_id = 1 WHERE verdict_id = 2"),
        (
            3,
            "two digests for",
            "UPDATE digests SET kind = 'weekly', local_date = (SELECT local_date FROM digests WHERE id = 1) WHERE id = 2",
        ),
        (3, "was composed at", "UPDATE digests SET local_date = '2020-01-01' WHERE id = 1"),
        (4, "by its bytes", "UPDATE outbox SET message_id = '<other@example.org>' WHERE id = 1"),
        (4, "0 receipts", "DELETE FROM receipts WHERE outbox_id = 1"),
        (
            4,
            "2 receipts",
            "INSERT INTO receipts (outbox_id, at, outcome, code, text) SELECT outbox_id, at, outcome, code, text FROM receipts WHERE outbox_id = 1",
        ),
        (4, "nobody settled it", "UPDATE outbox SET state = 'claimed', claimed_until = '2020-01-01' WHERE id = 1"),
        (4, "are damaged", "UPDATE outbox SET content = (SELECT contents FROM snapshots WHERE id = 1) WHERE id = 1"),
    ],
)
def test_each_way_to_break_a_promise_is_named(world, kept, promise, says, breakage):
    world.later(days=30)  # nothing waits for a place any more
    world.pages["hf"] = listing(9)
    asyncio.run(cycle.run(kept))
    with behind_the_back(kept) as raw:
        raw.exec_driver_sql(breakage)
    found = audit.run(kept)
    assert [one.promise for one in found if says in one.what] == [promise], found


def test_papers_that_became_one_after_they_were_sent_are_not_sent_twice(world, kept):
    with behind_the_back(kept) as raw:
        raw.exec_driver_sql("UPDATE papers SET merged_into = 1 WHERE id = 2")
        raw.commit()
        assert "2 times" in audit.run(kept)[0].what
        raw.exec_driver_sql(
            "INSERT INTO joins (paper_id, source, key, at, other_id, keys)"
            " VALUES (1, 'hf', 'doi:10.1/x', '2030-01-01 00:00:00', 2, '[]')"
        )
        raw.commit()
    assert audit.run(kept) == ()


def test_stored_bytes_are_read_whole(world, kept):
    with behind_the_back(kept) as raw:
        packed = raw.exec_driver_sql("SELECT content FROM outbox WHERE id = 1").scalar()
        cut = zlib.compress(zlib.decompress(packed).replace(b"Message-ID", b"X-Message-ID"))
        raw.execute(text("UPDATE outbox SET content = :cut WHERE id = 1"), {"cut": cut})
    assert [one.promise for one in audit.run(kept)] == [4]
