"""One process at a time on one database file."""

import os
import subprocess
import sys
import time

import pytest

from monitor.errors import StoreError
from monitor.store import migrate
from monitor.store.engine import connect_to, open_store
from monitor.store.lock import last_beat, only_one

HOLD = "import sys\nfrom monitor.store.lock import only_one\nwith only_one(sys.argv[1]):\n    print('held', flush=True)\n    sys.stdin.read()"


@pytest.fixture
def holder(tmp_path):
    """Another process that holds the lock."""
    process = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(tmp_path / "a.db")], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "held\n"
    yield process
    process.kill()
    process.communicate()


def test_c25_the_second_one_is_refused_with_the_number_of_the_first(tmp_path, holder):
    with pytest.raises(StoreError, match=str(holder.pid)), only_one(str(tmp_path / "a.db")):
        pytest.fail("two processes hold one lock")


def test_c26_the_lock_of_a_killed_process_is_free(tmp_path, holder):
    holder.kill()
    holder.wait()
    with only_one(str(tmp_path / "a.db")):
        assert (tmp_path / "a.db.lock").read_text() == f"{os.getpid()}\n"


def test_others_see_the_heart_of_the_holder_beat_and_none_without_it(tmp_path):
    database = str(tmp_path / "a.db")
    assert last_beat(database) is None
    with only_one(database) as heart:
        os.utime(f"{database}.lock", (0, 0))
        assert last_beat(database) == 0
        heart.beat()
        assert last_beat(database) == pytest.approx(time.time(), abs=60)
    assert last_beat(database) is None


def test_d11_a_newer_release_does_not_change_the_schema_under_an_older_one_at_work(tmp_path, holder):
    path = str(tmp_path / "a.db")
    engine = connect_to(path)
    migrate.upgrade(engine, "0009")
    with pytest.raises(StoreError, match=f"process {holder.pid}.*older release"):
        open_store(path)
    holder.kill()
    holder.wait()
    open_store(path).close()
    engine.dispose()


def test_a_database_server_is_not_locked(tmp_path):
    with only_one("postgresql://host/name"), only_one("postgresql://host/name"):
        pass
