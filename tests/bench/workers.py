"""Workers on one PostgreSQL database and one mail server: how much faster several are, and what kill -9 costs.

    python -m tests.bench.workers speed [--mails 10000] [--workers 8] [--delay 20]
    python -m tests.bench.workers kill [--minutes 5] [--workers 4] [--readers 2000] [--every 3]

``speed`` queues mails and counts the seconds until 1 worker, 2 workers and so on up to ``--workers`` have sent them to
a server that takes ``--delay`` ms for each of its answers; none may be lost, none come twice. ``kill`` lets workers
read, match, compose and send, kills a random one again and again, starts another, and asks `monitor audit` at the end.
"""

from __future__ import annotations

import argparse
import asyncio
import random
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from pathlib import Path

import psycopg

from monitor.store import digests, outbox
from monitor.store.engine import open_store
from monitor.testing import envelope
from tests.bench.figure import Figure, MissingError
from tests.postgres import Cluster, programs

PROFILE = """\
to: [{to}]
schedule: {{days: daily, at: "00:00", timezone: UTC}}
topics:
  lanterns: {{query: 'lantern*'}}
"""
SETTINGS = """\
database: "{database}"
engine: {{kind: procrastinate, profiles: 5, mails: 20}}
sources:
  dropped: {{kind: snapshot, path: snapshots, every: 1m}}
channel: {{kind: email, host: 127.0.0.1, port: {port}, connections: 4}}
sender: {{name: Paper Monitor, address: monitor@example.org}}
"""


class Sink:
    """A mail server in a thread of its own that takes everything, ``delay`` seconds for each answer."""

    def __init__(self, delay: float = 0.0) -> None:
        self.delay = delay
        self.port = 0
        self.taken: Counter[tuple[str, bytes]] = Counter()
        self._ready = threading.Event()
        self._thread = threading.Thread(target=lambda: asyncio.run(self._listen()), daemon=True)
        self._thread.start()
        self._ready.wait()

    def close(self) -> None:
        """Stop listening."""
        self._loop.call_soon_threadsafe(self._stop.set)
        self._thread.join()

    async def _listen(self) -> None:
        self._loop, self._stop = asyncio.get_running_loop(), asyncio.Event()
        server = await asyncio.start_server(self._serve, "127.0.0.1", 0, limit=10_000_000)
        self.port = server.sockets[0].getsockname()[1]
        self._ready.set()
        await self._stop.wait()
        server.close()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        async def say(answer: bytes) -> None:
            await asyncio.sleep(self.delay)
            writer.write(answer + b"\r\n")

        try:
            await say(b"220 sink")
            while line := await reader.readline():
                verb = line[:4].upper().strip()
                if verb == b"DATA":
                    await say(b"354 go on")
                    message = await reader.readuntil(b"\r\n.\r\n")
                    self.taken[str(message_from_bytes(message)["Message-ID"]), message] += 1
                await say({b"EHLO": b"250-sink\r\n250 8BITMIME", b"QUIT": b"221 bye"}.get(verb, b"250 ok"))
        except (OSError, asyncio.IncompleteReadError, asyncio.CancelledError):
            pass
        finally:
            writer.close()


@dataclass
class Crew:
    """Some workers of one installation."""

    home: Path
    roles: tuple[str, ...] = ()
    at_work: list[subprocess.Popen[bytes]] = field(default_factory=list)

    def command(self, *arguments: str) -> list[str]:
        return [str(Path(sys.executable).with_name("monitor")), "--config", str(self.home / "monitor.yaml"), *arguments]

    def start(self, number: int) -> None:
        """Let more workers begin."""
        roles = [word for role in self.roles for word in ("--role", role)]
        for _ in range(number):
            with (self.home / "workers.log").open("ab") as log:
                self.at_work.append(subprocess.Popen(self.command("worker", *roles), stdout=log, stderr=log))

    def kill(self, number: int) -> None:
        """Kill the worker of that number, without a warning."""
        worker = self.at_work.pop(number)
        worker.kill()
        worker.wait()

    def stop(self) -> None:
        """End all workers as a service manager does."""
        for worker in self.at_work:
            worker.terminate()
        for worker in self.at_work:
            worker.wait(90)
        self.at_work.clear()


def states(database: str) -> dict[str, int]:
    """Return how many mails there are in each state."""
    with psycopg.connect(database) as connection:
        return dict(connection.execute("SELECT state, count(*) FROM outbox GROUP BY state").fetchall())


def age(database: str) -> None:
    """Let as much time pass as claims last, and as workers need to count as dead; none may be at work."""
    with psycopg.connect(database) as connection:
        connection.execute("UPDATE outbox SET claimed_until = now() - interval '1 hour' WHERE state = 'claimed'")
        connection.execute("UPDATE procrastinate_workers SET last_heartbeat = now() - interval '1 hour'")


def end_rests(database: str) -> None:
    """Let orders that broke off rest no longer."""
    with psycopg.connect(database) as connection:
        connection.execute("UPDATE procrastinate_jobs SET scheduled_at = now() WHERE status = 'todo'")


def make_installation(home: Path, database: str, port: int, *, readers: int, profiles: int) -> None:
    """Write an installation whose digests are due today: ``readers`` people over so many profiles."""
    open_store(database).close()
    (home / "snapshots").mkdir()
    (home / "profiles").mkdir()
    (home / "monitor.yaml").write_text(SETTINGS.format(database=database, port=port))
    for profile in range(profiles):
        to = ", ".join(f"reader{number}@example.org" for number in range(profile, readers, profiles))
        (home / f"profiles/p{profile:03d}.yaml").write_text(PROFILE.format(to=to))
    words = random.Random(7)
    listing = [f"# date: {datetime.now(UTC).date()}", ""]
    for number in range(6):
        text = " ".join("".join(words.choices("abcdefghiklmnoprstu", k=7)) for _ in range(40))
        listing += [f"Lanterns {text[:40]}", f"arXiv: 2603.9{number:04d}", f"A lantern of {text}.", ""]
    (home / "snapshots/today.txt").write_text("\n".join(listing))


def kill_for(crew: Crew, database: str, seconds: float, every: float, readers: int) -> int:
    """Kill a random worker again and again and start another, then let the last ones finish; returns the kills.

    It begins when the first mail is queued.
    """
    while not states(database):
        time.sleep(0.2)
    chance, kills, until = random.Random(3), 0, time.monotonic() + seconds
    while time.monotonic() < until:
        time.sleep(every * chance.uniform(0.5, 1.5))
        crew.kill(chance.randrange(len(crew.at_work)))
        crew.start(1)
        kills += 1
    while crew.at_work:
        crew.kill(0)
        kills += 1
    age(database)
    crew.start(2)
    until = time.monotonic() + 60 + readers / 10
    while states(database).get("sent", 0) < readers and time.monotonic() < until:
        end_rests(database)
        time.sleep(1)
    crew.stop()
    return kills


def _queue(database: str, number: int) -> None:
    store = open_store(database)
    now = datetime.now(UTC)
    with store.write() as session:
        state = digests.begin(session, "p000", "reader@example.org", now)
        for one in range(number):
            day = now.date() + timedelta(days=one)
            daily = digests.Composed(state.id, day, "daily", now, fingerprint="f", subject="s", state="queued")
            (digest,) = digests.add(session, [daily])
            outbox.add(session, {digest: outbox.Finished.of(envelope(one))}, now)
    store.close()


def figures() -> Iterator[Figure]:
    """Five hundred mails to a server that takes 20 ms for each answer, by one worker and by two."""
    folder = programs()
    if folder is None:
        raise MissingError("PostgreSQL is missing: apt-get install postgresql")
    cluster, mails = Cluster(folder), 500
    cluster.start()
    try:
        one, two = speeds(cluster, mails, 2, 0.02)
    finally:
        cluster.remove()
    rate = mails / two.seconds
    yield Figure("mails of two workers", rate, "mails/s", mails / one.seconds, "one worker", "ratio >= 1.7")
    yield Figure("mails lost or sent twice", one.lost + one.twice + two.lost + two.twice, "mails", asked="<= 0")


@dataclass(frozen=True)
class Speed:
    """What so many workers took for the mails, and what went wrong."""

    workers: int
    seconds: float
    lost: int
    twice: int


def speeds(cluster: Cluster, mails: int, workers: int, delay: float) -> Iterator[Speed]:
    """Let ever more workers deliver the same mails."""
    for number in [count for count in (1, 2, 4, 8, 16) if count <= workers]:
        with tempfile.TemporaryDirectory() as folder:
            sink, database = Sink(delay), cluster.new_database()
            make_installation(Path(folder), database, sink.port, readers=1, profiles=1)
            _queue(database, mails)
            crew = Crew(Path(folder), ("deliver",))
            crew.start(number)
            while not sink.taken:
                time.sleep(0.01)
            began = time.perf_counter()
            while states(database).get("sent", 0) < mails:
                time.sleep(0.1)
            spent = time.perf_counter() - began
            crew.stop()
            sink.close()
            yield Speed(number, spent, mails - len(sink.taken), sum(sink.taken.values()) - len(sink.taken))


def speed(cluster: Cluster, mails: int, workers: int, delay: float) -> None:
    """Print the seconds that each number of workers takes for the same mails."""
    first = 0.0
    for one in speeds(cluster, mails, workers, delay):
        first = first or one.seconds
        print(
            f"{one.workers:2d} workers: {mails / one.seconds:6.0f} mails/s, {one.seconds:6.1f} s, "
            f"{first / one.seconds:4.2f} times one; {one.lost} lost, {one.twice} twice",
            flush=True,
        )


def kill(cluster: Cluster, minutes: float, workers: int, readers: int, every: float) -> None:
    """Print what became of the mails of workers that were killed again and again."""
    with tempfile.TemporaryDirectory() as folder:
        sink, database = Sink(0.02), cluster.new_database()
        make_installation(Path(folder), database, sink.port, readers=readers, profiles=50)
        crew = Crew(Path(folder))
        crew.start(workers)
        kills = kill_for(crew, database, minutes * 60, every, readers)
        audit = subprocess.run(crew.command("audit"), capture_output=True, text=True, check=False)
        ids = Counter(key for key, _ in sink.taken)
        print(f"{kills} kills; mails: {states(database)}; {readers - len(ids)} readers without a mail")
        again = sum(sink.taken.values()) - len(ids)
        print(f"{again} sent again after a kill between the server's 250 and our commit, {len(sink.taken) - len(ids)} of them with other bytes")  # fmt: skip
        print(f"audit (exit status {audit.returncode}): {audit.stdout.strip()}")
        shutil.copy(Path(folder) / "workers.log", "/tmp/workers.log")


def main() -> None:
    """Start a PostgreSQL server of the test's own and measure on it."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=("speed", "kill"))
    parser.add_argument("--mails", type=int, default=10_000)
    parser.add_argument("--workers", type=int, default=8)
    parser.add_argument("--delay", type=float, default=20.0, help="milliseconds")
    parser.add_argument("--minutes", type=float, default=5.0)
    parser.add_argument("--readers", type=int, default=2000)
    parser.add_argument("--every", type=float, default=3.0, help="seconds between kills")
    asked = parser.parse_args()
    folder = programs()
    if folder is None:
        sys.exit("no PostgreSQL server is installed: apt-get install postgresql")
    cluster = Cluster(folder)
    cluster.start()
    try:
        if asked.what == "speed":
            speed(cluster, asked.mails, asked.workers, asked.delay / 1000)
        else:
            kill(cluster, asked.minutes, asked.workers, asked.readers, asked.every)
    finally:
        cluster.remove()


if __name__ == "__main__":
    main()
