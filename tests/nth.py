"""One whole round in which the n-th operation fails, or at which the program dies: then what a restart makes of it.

As SQLite tests itself (https://www.sqlite.org/testing.html, 3.1 to 3.3): deterministic, for every n. Operations are SQL
statements, commits, steps that change files, and calls over the network. A program that died does nothing more: every
later operation dies too, and the restart finds the files as they lay at that moment. At a commit the disk may also
fill up, and it stays full until the program is started again.

`python -m tests.nth [--of K/M]` tries every point (or the K-th of every M) and prints what was found.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import logging
import os
import random
import re
import resource
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, ExitStack, closing, contextmanager, nullcontext, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from functools import lru_cache, partial
from itertools import chain
from pathlib import Path
from typing import Any, Literal, Self

from monitor.app import App, open_app
from monitor.clock import FrozenClock
from monitor.errors import DeliveryError, FetchError
from monitor.ingest.fetch import Fetched, Validators
from monitor.jobs import audit, backup, cycle, learn, poll, signup, topics
from monitor.settings.load import load_all
from monitor.store import engine, outbox
from monitor.types.digests import Acceptance, Envelope
from monitor.types.listings import Answer, Request

How = Literal["fails", "dies", "fills"]
Kind = Literal["statement", "commit", "file", "network"]

SETTINGS = """\
database: monitor.db
profiles: profiles
sources:
  hf: {kind: hf_daily, base_url: "https://hf.example", days: 1}
  journal: {kind: feed, url: "https://journal.example/feed.xml"}
  dropped: {kind: snapshot, path: snapshots}
channel: {kind: file, path: outbox}
channels: {folder: {kind: file, path: folder}}
sender: {name: Paper Monitor, address: monitor@example.org}
backup: {folder: copies, every: 12h, keep: 2}
web: {base_url: "https://papers.example.org"}
"""
PROFILES = {
    "ada": "public: true\nto: [ada@example.org, ann@example.org]\ntopics: {lamps: {query: lanterns}}\n",
    "bea": "channel: folder\nto: [bea@example.org]\ntopics: {pots: {query: kettles, like: ['arXiv:2603.00001']}}\n",
}
_SCHEDULE = 'schedule: {days: daily, at: "08:00", timezone: UTC}\n'
_DAY = datetime(2026, 3, 4, 8, 30, tzinfo=UTC)
_AFTERWARDS = (timedelta(hours=3), timedelta(days=1))
"""When rounds come after the one that was disturbed: what failed is tried again by then, and then a digest is due."""
_TOKEN = re.compile(r"Number (\d+)")
_LIKED = 1
"""The paper that a topic names as liked: mails about other papers name it too."""


class Died(BaseException):
    """The program was killed here."""


@dataclass
class Points:
    """The operations of a program, counted in order; at the one numbered ``at`` something happens.

    It fails, or the program dies, or there is no space left, as ``full`` has it, for as long as ``disk`` stands open.
    """

    at: int | None = None
    how: How = "fails"
    active: bool = False
    stage: str = "opening"
    seen: list[tuple[str, Kind]] = field(default_factory=list)
    is_dead: bool = False
    full: Callable[[], AbstractContextManager[None]] = nullcontext
    disk: ExitStack = field(default_factory=ExitStack)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def begin(self, at: int | None, how: How) -> None:
        """Start counting anew."""
        self.at, self.how, self.seen, self.is_dead, self.stage, self.active = at, how, [], False, "opening", True

    def reach(self, kind: Kind, error: Exception) -> None:
        """Count one operation; raise ``error`` or Died when it is its turn."""
        if not self.active:
            return
        with self._lock:
            if self.is_dead:
                raise Died
            self.seen.append((self.stage, kind))
            if len(self.seen) - 1 != self.at:
                return
            self.is_dead = self.how == "dies"
        if self.how != "fills":
            raise Died if self.is_dead else error
        self.disk.enter_context(self.full())


_points = Points()


def _look_at_files(event: str, arguments: tuple[Any, ...]) -> None:
    """Python's own word on what is done to files, before it is done (PEP 578)."""
    if not _points.active:
        return
    writes = event == "open" and isinstance(arguments[2], int) and arguments[2] & (os.O_CREAT | os.O_TRUNC)
    if writes or event in ("os.rename", "os.remove", "os.mkdir"):
        _points.reach("file", OSError(5, "Input/output error", str(arguments[0])))


class _Cursor(sqlite3.Cursor):
    def execute(self, *arguments: Any) -> Self:
        _points.reach("statement", sqlite3.OperationalError("disk I/O error"))
        super().execute(*arguments)
        return self

    def executemany(self, *arguments: Any) -> Self:
        _points.reach("statement", sqlite3.OperationalError("disk I/O error"))
        super().executemany(*arguments)
        return self


_open: list[sqlite3.Connection] = []


class _Connection(sqlite3.Connection):
    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        _open.append(self)

    def cursor(self, *_arguments: Any) -> Any:
        return super().cursor(_Cursor)

    def execute(self, *arguments: Any) -> sqlite3.Cursor:
        found: sqlite3.Cursor = self.cursor().execute(*arguments)
        return found

    def commit(self) -> None:
        _points.reach("commit", sqlite3.OperationalError("disk I/O error"))
        super().commit()

    def rollback(self) -> None:
        if _points.is_dead:
            raise Died
        super().rollback()


@contextmanager
def hooked() -> Iterator[None]:
    """Let every SQLite connection made meanwhile, and every change of a file, be an operation that may fail."""
    sys.addaudithook(_look_at_files)
    whole, sync = sqlite3.dbapi2.connect, os.fsync

    def connect(*arguments: Any, **named: Any) -> Any:
        return whole(*arguments, **{**named, "factory": _Connection, "check_same_thread": False})

    def fsync(fd: Any) -> None:
        _points.reach("file", OSError(5, "Input/output error"))
        sync(fd)

    sqlite3.connect = sqlite3.dbapi2.connect = connect
    # One engine for a path: what SQLAlchemy compiled for one life is good for the next.
    engine._sqlite = lru_cache(open_engine := engine._sqlite)
    os.fsync, at_once, poll.AT_ONCE = fsync, poll.AT_ONCE, 1
    try:
        yield
    finally:
        sqlite3.connect = sqlite3.dbapi2.connect = whole
        engine._sqlite = open_engine
        os.fsync, poll.AT_ONCE = sync, at_once


def disturbed(work: Callable[[], object], at: int | None) -> list[tuple[str, Kind]]:
    """Do ``work`` and let the program die at operation ``at``; returns the operations, and lets go of its connections."""
    _points.begin(at, "dies")
    try:
        with suppress(Died):
            work()
    finally:
        _points.active = False
    _bury(None)
    return list(_points.seen)


class Site:
    """The network: answers from ``pages``, and mails kept in ``got``, which outlives the program."""

    lanes = 2

    def __init__(self, clock: FrozenClock) -> None:
        self.clock = clock
        self.pages: dict[str, bytes] = {}
        self.got: list[Envelope] = []

    async def fetch(self, source: str, request: Request, _validators: Validators) -> Fetched:
        _points.reach("network", FetchError(source, "the connection was reset"))
        body = next(page for part, page in self.pages.items() if part in request.url)
        return Fetched(Answer(request.url, body, self.clock.now()), Validators(etag=f'"{len(body)}"'))

    async def deliver(self, envelope: Envelope) -> Acceptance:
        _points.reach("network", DeliveryError("the connection was reset"))
        self.got.append(envelope)
        _points.reach("network", DeliveryError("no answer came", uncertain=True))
        return Acceptance("250", "kept")

    async def close(self) -> None:
        with suppress(ConnectionError):
            _points.reach("network", ConnectionError("the connection was reset"))


def _text(number: int, words: int = 40) -> str:
    draw = random.Random(number)
    return " ".join("".join(draw.choices("abcdefghiklmnoprstu", k=7)) for _ in range(words))


def _title(number: int) -> str:
    return f"{'Lanterns' if number % 2 else 'Kettles'} of {_text(number, 3).title()} Number {number}"


def _hf(numbers: Sequence[int], votes: int) -> bytes:
    made = [
        {
            "id": f"2603.{number:05}", "title": _title(number), "upvotes": votes * number, "authors": [{"name": "Ada L."}],
            "summary": f"On lanterns and kettles: {_text(-number)}.", "publishedAt": "2026-03-03T00:00:00.000Z",
        }
        for number in numbers
    ]  # fmt: skip
    return json.dumps(
        [{"paper": one, "title": one["title"], "publishedAt": one["publishedAt"]} for one in made]
    ).encode()


def _feed(numbers: Sequence[int], day: int) -> bytes:
    items = "".join(
        f"<item><guid>urn:{number}</guid><title>{_title(number)}</title><link>https://journal.example/{number}</link>"
        f"<description>On lanterns and kettles: {_text(-number)}.</description>"
        f"<pubDate>{day:02} Mar 2026 06:00:00 GMT</pubDate></item>"
        for number in numbers
    )
    return f"<rss version='2.0'><channel><title>J</title>{items}</channel></rss>".encode()


@dataclass
class Home:
    """An installation in a folder, its clock and its network."""

    folder: Path
    clock: FrozenClock
    site: Site

    def open(self) -> App:
        loaded = load_all(self.folder / "monitor.yaml")
        return open_app(
            loaded.settings, loaded.profiles, clock=self.clock, fetcher=self.site, channel=self.site,
            chance=random.Random(1),
        )  # fmt: skip

    def copied(self, folder: Path) -> Home:
        """The same installation in another folder, emptied before, with a clock and a network of its own."""
        shutil.rmtree(folder, ignore_errors=True)
        shutil.copytree(self.folder, folder, ignore=shutil.ignore_patterns("*-shm"))
        clock = FrozenClock(self.clock.now())
        site = Site(clock)
        site.pages, site.got = self.site.pages, list(self.site.got)
        return Home(folder, clock, site)


def prepared(folder: Path) -> Home:
    """An installation after its first day, with the second day's listings waiting, one of them a revision."""
    folder.mkdir()
    clock = FrozenClock(_DAY - timedelta(days=1))
    home = Home(folder, clock, Site(clock))
    (folder / "profiles").mkdir()
    (folder / "snapshots").mkdir()
    (folder / "monitor.yaml").write_text(SETTINGS)
    for name, text in PROFILES.items():
        (folder / f"profiles/{name}.yaml").write_text(text + _SCHEDULE)
    home.site.pages = {"hf.example": _hf(range(1, 5), 1), "journal.example": _feed((3, 4, 5), 3)}
    app = home.open()
    asyncio.run(round_of(app))
    public = next(one for one in app.profiles if one.public)
    signup.ask(app, public, "new@example.org", None)
    asyncio.run(app.close())
    home.site.pages = {"hf.example": _hf(range(3, 9), 2), "journal.example": _feed((5, 6, 9, 10), 4)}
    snapshot = "".join(
        f"{_title(one)}\narXiv: 2603.{one:05}\nOn lanterns and kettles: {_text(-one)}.\n\n" for one in (7, 11, 12)
    )
    (folder / "snapshots/two.txt").write_text(f"# date: 2026-03-04\n\n{snapshot}")
    clock.set(_DAY)
    return home


def _stage(name: str) -> None:
    _points.stage = name


async def round_of(app: App, *, is_start: bool = True) -> None:
    """All that the daemon does in a day, once, each job on its own as the daemon's are."""
    if is_start:
        with app.store.write() as session:
            outbox.release_claims(session)
    await cycle.run(app, _stage)
    for name, job in (("preparing", topics.prepare), ("learning", learn.run), ("copying", backup.run)):
        _stage(name)
        with suppress(Exception):  # the daemon notes it and goes on
            found = job(app)
            await found if asyncio.iscoroutine(found) else None


@dataclass(frozen=True)
class Outcome:
    """What a disturbed life came to: its operations, what readers got, and what is wrong."""

    seen: tuple[tuple[str, Kind], ...]
    papers: frozenset[tuple[str, int]]
    wrong: tuple[str, ...]
    repeated: int


def live(home: Home, folder: Path, at: int | None = None, how: How = "fails") -> Outcome:
    """Live one round in ``folder``, disturbed at operation ``at``, and go on until the next day undisturbed.

    A program that died, could not start, or had no space is started again; one at which something failed goes on as it is.
    """
    own = home.copied(folder)
    _points.begin(at, how)
    app = None
    try:
        app = own.open()
        asyncio.run(round_of(app))
    except (Exception, Died, BaseExceptionGroup):  # noqa: BLE001 - that is what was asked for
        pass
    finally:
        _points.active = False
        _points.disk.close()
    if _points.is_dead:  # nothing of its memory, its locks or its open files may help the next one
        shutil.copytree(folder, aside := folder.with_suffix(".dead"), ignore=shutil.ignore_patterns("*-shm"))
        _bury(app)
        shutil.rmtree(folder)
        aside.rename(folder)
    elif app and how == "fills":
        _bury(app)
    app = own.open() if app is None or how != "fails" else app
    for pause in _AFTERWARDS:
        own.clock.set(_DAY + pause)
        asyncio.run(round_of(app, is_start=how != "fails"))
    outcome = _judged(own, app, tuple(_points.seen))
    _bury(app)
    return outcome


def _bury(app: App | None) -> None:
    """Let go of every connection, whatever became of the program that had it."""
    _points.is_dead = False
    while _open:
        _open.pop().close()
    if app:
        app.store.close()


def _judged(home: Home, app: App, seen: tuple[tuple[str, Kind], ...]) -> Outcome:
    wrong = [str(one) for one in audit.run(app)]
    with closing(sqlite3.connect(home.folder / "monitor.db")) as raw, raw:
        if (found := raw.execute("PRAGMA integrity_check").fetchone()[0]) != "ok":
            wrong.append(found)
        if loose := raw.execute("SELECT id, state FROM outbox WHERE state NOT IN ('sent')").fetchall():
            wrong.append(f"not sent: {loose}")
    wrong += [f"left behind: {path.name}" for path in home.folder.rglob("*") if path.suffix in (".part", ".tmp")]
    mails = home.site.got + [_envelope(path) for path in sorted((home.folder / "folder").glob("*.eml"))]
    contents: dict[tuple[str, str], set[bytes]] = {}
    for mail in mails:
        contents.setdefault((mail.recipient, mail.message_id), set()).add(mail.content)
    wrong += [f"{name} came with other bytes" for name, bodies in contents.items() if len(bodies) > 1]
    got = Counter(
        (recipient, int(number))
        for (recipient, _), (body, *_) in ((name, tuple(bodies)) for name, bodies in contents.items())
        for number in _numbers(body)
    )
    wrong += [
        f"{recipient} got paper {number} {times} times" for (recipient, number), times in got.items() if times > 1
    ]
    return Outcome(seen, frozenset(got), tuple(wrong), len(mails) - len(contents))


@lru_cache(maxsize=1000)
def _numbers(content: bytes) -> frozenset[str]:
    """The papers that a mail announces."""
    part = message_from_bytes(content, policy=policy.default).get_body(("plain",))
    return frozenset(_TOKEN.findall(part.get_content() if part else "")) - {str(_LIKED)}


def _envelope(path: Path) -> Envelope:
    content = path.read_bytes()
    found = re.search(rb"^Message-ID: (\S+)", content, re.MULTILINE)
    return Envelope(found[1].decode() if found else "", "", "bea@example.org", "", content)


@dataclass(frozen=True)
class Found:
    """A point at which a promise was broken."""

    at: int
    how: How
    stage: str
    kind: Kind
    wrong: tuple[str, ...]

    def __str__(self) -> str:
        return f"operation {self.at}, a {self.kind} while {self.stage}, {self.how}: {'; '.join(self.wrong)}"


def _spread(found: Sequence[int], most: int) -> list[int]:
    """Up to ``most`` of them, evenly: the first among them."""
    return [found[at * len(found) // most] for at in range(most)] if most < len(found) else list(found)


@contextmanager
def a_small_disk() -> Iterator[Path]:
    """A disk in memory that is quickly filled, where this user may mount one; else a folder, in memory where possible."""
    place = "/dev/shm" if Path("/dev/shm").is_dir() else None
    with tempfile.TemporaryDirectory(dir=place) as made:
        mount = ["mount", "-t", "tmpfs", "-o", f"size={_SMALL}", "none", made]
        found = subprocess.run(mount, check=False, capture_output=True) if shutil.which("mount") else None
        is_mounted = found is not None and found.returncode == 0
        try:
            yield Path(made)
        finally:
            if is_mounted:
                subprocess.run(["umount", made], check=True)


@contextmanager
def without_space(folder: Path) -> Iterator[None]:
    """Fill the disk on which ``folder`` lies to the last byte, and make room again."""
    ballast = os.open(folder / "ballast", os.O_CREAT | os.O_WRONLY)
    try:
        room = os.statvfs(folder)
        with suppress(OSError):  # another thread was quicker
            os.posix_fallocate(ballast, 0, room.f_bavail * room.f_frsize)
        yield
    finally:
        os.close(ballast)
        (folder / "ballast").unlink()


@contextmanager
def without_growth(journal: Path) -> Iterator[None]:
    """Let no file of this program grow beyond what its ``journal`` is now."""
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (journal.stat().st_size if journal.exists() else 0, limits[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)


_SMALL = 48 << 20
_MAILING = ("delivering mail", "mailing confirmations")


class Lives:
    """An installation whose lives can be disturbed, and the one that was not, which the others are compared with."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder / "life"
        self._home = prepared(folder / "home")
        self.whole = live(self._home, self._folder)
        self.on_small_disk = os.path.ismount(folder)

    def points(self, stage: str = "", kind: Kind | None = None, most: int | None = None) -> list[int]:
        """The operations of a stage and kind, or of all; up to ``most`` of each kind in each stage, spread evenly."""
        alike: dict[tuple[str, Kind], list[int]] = {}
        for at, where in enumerate(self.whole.seen):
            if stage in ("", where[0]) and kind in (None, where[1]):
                alike.setdefault(where, []).append(at)
        return sorted(one for found in alike.values() for one in _spread(found, most or len(found)))

    def filled(self, points: Iterable[int], *, is_journal: bool) -> Iterator[Found]:
        """As ``disturbed``, where from each point on nothing can be written: at all, or beyond the journal's end."""
        journal = self._folder / "monitor.db-wal"
        _points.full = partial(without_growth, journal) if is_journal else partial(without_space, self._folder.parent)
        yield from self.disturbed(points, "fills")

    def disturbed(self, points: Iterable[int], how: How) -> Iterator[Found]:
        """Yield the points at which something got lost, came twice or is not as the undisturbed life left it."""
        for at in points:
            outcome = live(self._home, self._folder, at, how)
            wrong = list(outcome.wrong)
            wrong += [f"{reader} never got paper {one}" for reader, one in sorted(self.whole.papers - outcome.papers)]
            wrong += [f"{reader} got paper {one}, too" for reader, one in sorted(outcome.papers - self.whole.papers)]
            # Threads take turns as they like: the operation of this number need not be the undisturbed life's.
            stage, kind = outcome.seen[at] if at < len(outcome.seen) else self.whole.seen[at]
            if outcome.repeated > self._may_come_again(stage, kind, how):
                wrong.append(f"{outcome.repeated} mails came again")
            if wrong:
                yield Found(at, how, stage, kind, tuple(wrong))

    def _may_come_again(self, stage: str, kind: Kind, how: How) -> int:
        """A mail a lane when the program died before it could write what became of them; one that got no answer."""
        if stage not in _MAILING:
            return 0
        return int(kind == "network") if how == "fails" else Site.lanes


def main() -> None:
    """Try all points, or a part of them, and print those that broke a promise."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("--of", default="1/1", help="K/M: the K-th of every M points")
    part, parts = map(int, parser.parse_args().of.split("/"))
    logging.disable(logging.CRITICAL)
    start, broken = time.perf_counter(), 0
    with hooked(), a_small_disk() as folder:
        lives = Lives(folder)
        chosen = lives.points()[part - 1 :: parts]
        commits = [at for at in chosen if lives.whole.seen[at][1] == "commit"]
        full = [lives.filled(commits, is_journal=how) for how in (True, False) if how or lives.on_small_disk]
        for one in chain(lives.disturbed(chosen, "dies"), lives.disturbed(chosen, "fails"), *full):
            broken += 1
            print(one, flush=True)
    seconds = time.perf_counter() - start
    kinds = Counter(lives.whole.seen[at][1] for at in chosen)
    print(
        f"{len(chosen)} of {len(lives.whole.seen)} operations ({', '.join(f'{n} {kind}' for kind, n in kinds.items())}),"
    )
    print(f"each failed once and was died at once, and at each commit the disk was full {len(full)} times,")
    print(f"in {seconds:.0f} s: {broken} broke a promise")


if __name__ == "__main__":
    main()
