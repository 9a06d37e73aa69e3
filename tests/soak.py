"""The real daemon, killed at random moments, before a mail server that keeps every byte.

`python -m tests.soak [--kills 1000] [--seed 1]` prints how many mails were lost, came again and came changed.

Each life is a process of its own that runs what `monitor run` runs, with faster ticks, on a clock that is set to a later
day each time; it is forked from one that has imported the program, so that starting takes milliseconds and kills are
spread over reading, matching, composing and sending rather than over imports. Kills are SIGKILL to a process id.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import json
import os
import random
import re
import signal
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from pathlib import Path

from monitor.clock import SystemClock
from tests import nth
from tests.smtp import ScriptedServer, serving

FIRST_DAY = datetime(2026, 3, 4, 9, tzinfo=UTC)
READERS = ("ada", "bea", "cyd", "dot")
_MOST_BEHIND = 7
"""Days that pass before one has to end: papers that no profile could look at for two weeks are old ones, and not sent."""
PAPERS = 3
"""A day's; every reader follows what they are about."""
_SETTINGS = """\
database: monitor.db
profiles: profiles
sources: {{dropped: {{kind: snapshot, path: snapshots}}}}
channel: {{kind: email, host: 127.0.0.1, port: {port}, tls: none, connections: 1}}
sender: {{name: Paper Monitor, address: monitor@example.org}}
"""
_PROFILE = """\
to: [{name}@example.org]
schedule: {{days: daily, at: "08:00", timezone: UTC}}
budget: 60
topics: {{lamps: {{query: lanterns}}}}
"""
_ANNOUNCED = re.compile(r"^\* \[[^]]*\] Lanterns No(\d+)", re.MULTILINE)


class Sink(ScriptedServer):
    """A mail server that keeps what it took, and calls ``then`` once at a step of the conversation.

    Steps are the verbs (before they are answered; ``.`` when the message is kept), ``inside`` the message, of which the
    rest is not read, and ``answered``, when 250 was said to it.
    """

    step = ""
    then: Callable[[], None] = staticmethod(lambda: None)

    def _answer(self, verb: str) -> str | bytes:
        self._reach(verb)
        return super()._answer(verb)

    async def _say(self, verb: str, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        if verb == "DATA" and self.step == "inside":
            writer.write(b"354 end with a dot\r\n")
            await reader.readexactly(100)
            self._reach("inside")
            return False
        goes_on = await super()._say(verb, reader, writer)
        if verb == ".":
            self._reach("answered")
        return goes_on

    def _reach(self, step: str) -> None:
        if step == self.step:
            self.step = ""
            self.then()

    @property
    def mails(self) -> list[tuple[str, str, bytes]]:
        """What came, as (recipient, Message-ID, bytes)."""
        heads = (message_from_bytes(one, policy=policy.default) for one in self.messages)
        return [(str(head["To"]), str(head["Message-ID"]), one) for head, one in zip(heads, self.messages, strict=True)]


@contextlib.contextmanager
def sink() -> Iterator[Sink]:
    """Run a server in a thread of its own."""
    server, ready, loop = Sink(), threading.Event(), asyncio.new_event_loop()
    done = asyncio.Event()

    async def run() -> None:
        async with serving(server):
            ready.set()
            await done.wait()

    thread = threading.Thread(target=lambda: loop.run_until_complete(run()))
    thread.start()
    ready.wait()
    try:
        yield server
    finally:
        loop.call_soon_threadsafe(done.set)
        thread.join()
        loop.close()


@dataclass
class Farm:
    """An installation, and the process from which its daemons are forked."""

    folder: Path
    process: subprocess.Popen[str]
    day: int = 0

    @property
    def database(self) -> Path:
        return self.folder / "monitor.db"

    def put_listing(self) -> None:
        """Let the next day come, with papers of its own."""
        self.day += 1
        numbers = range(self.day * PAPERS, (self.day + 1) * PAPERS)
        date = (FIRST_DAY + timedelta(days=self.day)).date()
        papers = "\n\n".join(
            f"Lanterns No{number} {_words(number, 3).title()}\narXiv: 2603.{number + 10000}\n"
            f"{_words(-number - 1, 40).capitalize()}." for number in numbers
        )  # fmt: skip
        path = self.folder / f"snapshots/{date}.txt"
        path.with_suffix(".draft").write_text(f"# date: {date}\n\n{papers}\n")
        path.with_suffix(".draft").rename(path)

    def start(self, minutes: float = 0) -> int:
        """Start a daemon, so many minutes after nine o'clock; returns its process id."""
        at = FIRST_DAY + timedelta(days=self.day, minutes=minutes)
        assert self.process.stdin
        assert self.process.stdout
        self.process.stdin.write(f"{at.isoformat()} {self.folder}\n")
        self.process.stdin.flush()
        return int(self.process.stdout.readline())

    def ended(self) -> int:
        """Wait for the end of the daemon; returns the signal that ended it, 0 for none."""
        assert self.process.stdout
        return int(self.process.stdout.readline())

    def one(self, sql: str) -> int:
        """A number out of the ledger; 0 while there is none."""
        with contextlib.closing(sqlite3.connect(self.database, timeout=10)) as raw:
            try:
                return int(raw.execute(sql).fetchone()[0] or 0)
            except sqlite3.OperationalError:
                return 0

    def release_held(self) -> int:
        """Let go, as `monitor outbox release --all` does, of mails on which daemons died three times; returns how many."""
        held = self.one("SELECT count(*) FROM outbox WHERE state = 'held'")
        if held:
            self.run("outbox", "release", "--all")
        return held

    def run(self, *arguments: str) -> str:
        """What a command prints."""
        program = [str(Path(sys.executable).with_name("monitor")), "--config", str(self.folder / "monitor.yaml")]
        return subprocess.run([*program, *arguments], capture_output=True, text=True, check=False).stdout

    @property
    def is_done(self) -> bool:
        """Whether the day's digest of each reader was sent and nothing else waits."""
        date = (FIRST_DAY + timedelta(days=self.day)).date()
        sent = f"SELECT count(*) FROM digests d JOIN outbox o ON o.digest_id = d.id WHERE o.state = 'sent' AND d.local_date = '{date}'"
        return self.one(sent) == len(READERS) and not self.one("SELECT count(*) FROM outbox WHERE state = 'claimed'")


def _words(seed: int, number: int) -> str:
    draw = random.Random(seed)
    return " ".join("".join(draw.choices("abcdefghiklmnoprstu", k=7)) for _ in range(number))


@contextlib.contextmanager
def forker() -> Iterator[subprocess.Popen[str]]:
    """Run the process from which daemons are forked."""
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.soak", "--fork"],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
        env={**os.environ, "OMP_NUM_THREADS": "1"},  # a team of threads does not survive a fork
    )  # fmt: skip
    try:
        yield process
    finally:
        process.communicate()


def farm(folder: Path, port: int, process: subprocess.Popen[str]) -> Farm:
    """Make an installation that mails to ``port`` of this machine."""
    (folder / "profiles").mkdir()
    (folder / "snapshots").mkdir()
    (folder / "monitor.yaml").write_text(_SETTINGS.format(port=port))
    for name in READERS:
        (folder / f"profiles/{name}.yaml").write_text(_PROFILE.format(name=name))
    return Farm(folder, process)


class Later(SystemClock):
    """The machine's clock, set to another day."""

    ahead = timedelta()

    def now(self) -> datetime:
        return super().now() + self.ahead


def fork_daemons() -> None:
    """Fork a daemon for each moment and folder that come in; say its process id, and what signal ended it."""
    from monitor import app
    from monitor.daemon import duties, service

    with tempfile.TemporaryDirectory() as made:  # whatever is imported or read when it is first used, is now
        nth.prepared(Path(made) / "warm")
    often = {name: replace(duties.LOCAL[name], every=timedelta(milliseconds=100)) for name in ("read", "mail")}
    duties.LOCAL = {**duties.LOCAL, **often}
    for line in sys.stdin:
        child = os.fork()
        if not child:
            at, _, folder = line.strip().partition(" ")
            Later.ahead = datetime.fromisoformat(at) - datetime.now(UTC)
            app.SystemClock = Later  # type: ignore[attr-defined]
            asyncio.run(service.serve(Path(folder) / "monitor.yaml"))
            os._exit(0)
        print(child, flush=True)
        _, status = os.waitpid(child, 0)
        print(os.WTERMSIG(status) if os.WIFSIGNALED(status) else 0, flush=True)


@dataclass
class Figures:
    """What became of a soak."""

    kills: int = 0
    seconds: float = 0.0
    days: int = 0
    mails: int = 0
    again: int = 0
    changed: int = 0
    held: int = 0
    lost: list[str] = field(default_factory=list)
    twice: list[str] = field(default_factory=list)
    audit: list[str] = field(default_factory=list)
    where: dict[str, int] = field(default_factory=dict)

    def __str__(self) -> str:
        return (
            f"{self.kills} kills in {self.seconds:.0f} s, over {self.days} days: {self.mails} mails, {len(self.lost)} papers "
            f"lost, {len(self.twice)} sent twice, {self.again} mails came again with the same bytes, {self.changed} with "
            f"others; {self.held} were held for a person, who let them go; audit: {len(self.audit)} violations\nkilled {self.where}"
        )


def finish(one: Farm, seconds: float = 60) -> bool:
    """Let a daemon live until all is sent; returns whether that happened in time."""
    child = one.start(minutes=600)
    end = time.monotonic() + seconds
    while not one.is_done and time.monotonic() < end:
        time.sleep(0.02)
    os.kill(child, signal.SIGTERM)
    one.ended()
    return one.is_done


def _state(one: Farm) -> str:
    """How far the day had got when a daemon was killed."""
    date = (FIRST_DAY + timedelta(days=one.day)).date()
    if not one.one(f"SELECT count(*) FROM batches WHERE declared = '{date}'"):
        return "before the listing was read"
    made = one.one(f"SELECT count(*) FROM digests WHERE local_date = '{date}'")
    if not made:
        return "before a digest was made"
    sent = one.one(
        f"SELECT count(*) FROM digests d JOIN outbox o ON o.digest_id = d.id WHERE d.local_date = '{date}' AND o.state = 'sent'"
    )
    return "before a mail was sent" if not sent else "between mails" if sent < len(READERS) else "when all was sent"


def soak(folder: Path, kills: int, seed: int = 1) -> Figures:
    """Kill so many daemons, let the last one finish, and return what readers got."""
    chance, figures, began = random.Random(seed), Figures(), time.monotonic()
    with sink() as server, forker() as process:
        one = farm(folder, server.port, process)
        for _ in range(2):  # the second knows how long a life takes that has nothing to import
            one.put_listing()
            start = time.monotonic()
            finish(one)
        typical = time.monotonic() - start
        lives, behind = 0, 0
        while figures.kills < kills:
            if lives == 0 or (behind < _MOST_BEHIND and chance.random() < 0.5):
                one.put_listing()
                lives, behind = 0, behind + 1
            child = one.start(minutes=10 * lives)
            lives += 1
            time.sleep(chance.uniform(0, typical))
            os.kill(child, signal.SIGKILL)
            figures.kills += one.ended() == signal.SIGKILL
            where = _state(one)
            figures.where[where] = figures.where.get(where, 0) + 1
            behind = 0 if where == "when all was sent" else behind
            figures.held += one.release_held()
            typical *= {"before the listing was read": 1.1, "when all was sent": 0.85}.get(where, 1.0)
        for _ in range(2):  # papers that come after a day's digest was made are in the next one
            one.put_listing()
            if not finish(one):
                figures.lost.append("the last digests: the daemon did not send them")
        _count(figures, one, server)
    figures.days, figures.seconds = one.day, time.monotonic() - began
    return figures


def _count(figures: Figures, one: Farm, server: Sink) -> None:
    contents: dict[tuple[str, str], list[bytes]] = {}
    for recipient, message_id, content in server.mails:
        contents.setdefault((recipient, message_id), []).append(content)
    figures.mails = len(contents)
    figures.again = sum(len(bodies) - 1 for bodies in contents.values())
    figures.changed = sum(len(set(bodies)) - 1 for bodies in contents.values())
    got: dict[str, list[int]] = {f"{name}@example.org": [] for name in READERS}
    for (recipient, _), bodies in contents.items():
        part = message_from_bytes(bodies[0], policy=policy.default).get_body(("plain",))
        got[recipient] += [int(found) for found in _ANNOUNCED.findall(part.get_content() if part else "")]
    wanted = set(range(PAPERS, one.day * PAPERS))
    figures.lost += [
        f"{number} for {name}" for name, numbers in got.items() for number in sorted(wanted - set(numbers))
    ]
    figures.twice += [
        f"{number} for {name}" for name, numbers in got.items() for number in set(numbers) if numbers.count(number) > 1
    ]
    figures.audit = [str(found) for found in json.loads(one.run("audit", "--json"))]
    if one.one("SELECT integrity_check != 'ok' FROM pragma_integrity_check"):
        figures.audit.append("the database is damaged")


def main() -> None:
    """Kill a daemon again and again, and print what became of the mails."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("--kills", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--fork", action="store_true", help=argparse.SUPPRESS)
    told = parser.parse_args()
    if told.fork:
        fork_daemons()
        return
    with tempfile.TemporaryDirectory() as made:
        print(soak(Path(made), told.kills, told.seed))


if __name__ == "__main__":
    main()
