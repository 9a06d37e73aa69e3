"""kill -9 in the middle, then again: nothing lost, nothing twice."""

import random
import shutil
import signal
import sqlite3
import time
from contextlib import closing

import pytest


@pytest.fixture
def busy(installation, shared):
    for file in (shared / "seeds").glob("0*.txt"):
        shutil.copy(file, installation.home / "snapshots")
    profile = (installation.home / "profiles/ada.yaml").read_text()
    for name in ("bea", "cyd", "dot"):
        installation.write(f"profiles/{name}.yaml", profile.replace("ada@", f"{name}@"))
    return installation


def test_killed_at_any_moment_it_loses_nothing_and_sends_nothing_twice(busy):
    moments = random.Random(7)
    kills = 0
    for _ in range(12):
        process = busy.start("once", "--at", "2026-08-01T09:00")
        time.sleep(moments.uniform(0.6, 6.0))
        if process.poll() is None:
            process.send_signal(signal.SIGKILL)
            kills += 1
        process.communicate(timeout=20)
    busy.once("2026-08-01T09:30")
    assert kills >= 6
    with closing(sqlite3.connect(busy.home / "monitor.db")) as connection, connection:
        one = lambda sql: connection.execute(sql).fetchone()[0]  # noqa: E731
        assert one("PRAGMA integrity_check") == "ok"
        assert one("SELECT count(*) FROM papers") == 383
        assert one("SELECT count(*) FROM snapshots") == 5
        assert one("SELECT count(*) FROM digests") == 4
        assert one("SELECT count(*) FROM outbox WHERE state='sent'") == 4
        twice = "SELECT count(*) FROM (SELECT 1 FROM placements GROUP BY subscription_id, paper_id HAVING count(*) > 1)"
        assert one(twice) == 0
        lost = (
            "SELECT count(*) FROM digests d WHERE papers != "
            "(SELECT count(*) FROM placements p WHERE p.digest_id = d.id AND reason='sent')"
        )
        assert one(lost) == 0
    assert sorted(mail["To"] for mail in busy.mails()) == [
        f"{name}@example.org" for name in ("ada", "bea", "cyd", "dot")
    ]
