"""Workers that share a PostgreSQL database, killed at random: nothing lost, nothing twice."""

import subprocess
import time

from tests.bench.workers import Crew, Sink, kill_for, make_installation, states


def alive(crew):
    said = subprocess.run(crew.command("status", "--alive"), capture_output=True, text=True, check=False)
    return said.returncode, said.stdout


def test_workers_killed_at_any_moment_lose_nothing_and_the_ledger_adds_up(tmp_path, cluster):
    database, sink = cluster.new_database(), Sink(0.02)
    make_installation(tmp_path, database, sink.port, readers=120, profiles=12)
    crew = Crew(tmp_path)
    assert alive(crew) == (1, "no daemon is at work\n")
    try:
        crew.start(3)
        assert kill_for(crew, database, seconds=6, every=1.5, readers=120) >= 4
        assert alive(crew) == (1, "no daemon is at work\n")  # the last ones ended in order
        crew.start(1)
        while alive(crew)[0]:
            time.sleep(0.2)
    finally:
        while crew.at_work:
            crew.kill(0)
    assert states(database) == {"sent": 120}
    ids = {key for key, _ in sink.taken}
    assert len(ids) == len(sink.taken) == 120  # what a kill made leave again was the same, byte for byte
    audit = subprocess.run(crew.command("audit"), capture_output=True, text=True, check=False)
    assert audit.returncode == 0, audit.stdout + audit.stderr
    status = subprocess.run(crew.command("status"), capture_output=True, text=True, check=False)
    assert "120 sent" in status.stdout
    sink.close()
