"""Ten years of papers: ``python -m tests.bench.decade [--papers 3000000] [--folder /tmp]``.

Writes an installation's history straight into SQLite (papers with keys, prints, sightings and verdicts, a digest and a mail a
day for each of 100 readers, the snapshots of three sources every hour; no index of words, which has a benchmark of its own)
and prints what a start, a look at what is due, and tidying up cost then: seconds, and how much the process grew.
"""

from __future__ import annotations

import argparse
import asyncio
import multiprocessing
import resource
import sqlite3
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar

from monitor.app import App, open_app
from monitor.clock import FrozenClock
from monitor.jobs import agenda, deliver, prune
from monitor.settings.load import load_all
from monitor.store import digests, outbox
from monitor.store.engine import open_store

T = TypeVar("T")

END = datetime(2026, 3, 4, 8, 30, tzinfo=UTC)
DAYS = 3650
READERS = 100
_LIMIT = 0.1
_ABSTRACT = "We move one lantern along a known path. Depth comes out of its halo at forty metres of fog. " * 6
_SETTINGS = """\
database: monitor.db
profiles: profiles
sources: {journal: {kind: feed, url: "https://journal.example/feed.xml"}}
channel: {kind: file, path: outbox}
sender: {name: Paper Monitor, address: monitor@example.org}
"""


def written(folder: Path, papers: int, days: int = DAYS, readers: int = READERS) -> App:
    """An installation in ``folder`` that has read so many papers in so many days, up to ``END``."""
    (folder / "profiles").mkdir(parents=True)
    (folder / "monitor.yaml").write_text(_SETTINGS)
    for number in range(readers):
        text = f"to: [r{number}@example.org]\ntopics: {{a: {{query: lantern}}}}\n"
        (folder / "profiles" / f"p{number}.yaml").write_text(
            text + 'schedule: {days: daily, at: "08:00", timezone: UTC}\n'
        )
    open_store(str(folder / "monitor.db")).close()
    with closing(sqlite3.connect(folder / "monitor.db")) as base:
        base.executescript("PRAGMA synchronous = OFF; PRAGMA cache_size = -400000; PRAGMA foreign_keys = OFF;")
        triggers = base.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'").fetchall()
        for name, _ in triggers:
            base.execute(f"DROP TRIGGER {name}")
        _fill(base, papers, days, readers)
        for _, statement in triggers:
            base.execute(statement)
        base.commit()
    return opened(folder)


def opened(folder: Path) -> App:
    """The installation of a folder, on the morning after the last day."""
    loaded = load_all(folder / "monitor.yaml")
    return open_app(loaded.settings, loaded.profiles, clock=FrozenClock(END))


def _fill(base: sqlite3.Connection, papers: int, days: int, readers: int) -> None:
    per_day = -(-papers // days)
    numbers = range(1, papers + 1)
    _insert(base, "papers", ({
        "id": n, "key": f"arxiv:{n:09d}", "title": f"Lanterns in the fog, part {n}", "abstract": _ABSTRACT, "authors": '["Ada Bee"]',
        "categories": "[]", "sources": '["journal"]', "published_precision": "day", "language": "en", "version": 1,
        "first_seen": _at(days, n // per_day),
    } for n in numbers))  # fmt: skip
    _insert(
        base, "paper_keys", ({"key": f"{kind}:{n:09d}", "paper_id": n} for kind in ("arxiv", "text") for n in numbers)
    )
    _insert(
        base,
        "prints",
        ({"paper_id": n, "source": "journal", "fingerprint": f"{n:032x}", "seal": b"s" * 12} for n in numbers),
    )
    _insert(base, "verdicts", ({
        "id": n, "paper_id": n, "kind": "new", "at": _at(days, n // per_day), "source": "journal", "evidence": "",
        "arrival": "on time", "judged": 1,
    } for n in numbers))  # fmt: skip
    polls = range(1, 3 * 24 * days + 1)
    kept = 3 * 24 * 90
    _insert(base, "snapshots", ({
        "id": n, "source": f"s{n % 3}", "url": "https://journal.example", "fetched_at": _at(days, n // 72), "sha256": f"{n:064x}",
        "content_type": "", "contents": b"", "state": "read", "reason": "", "batch": "2026-03-04", "announced": 0, "read": 0, "oddities": "[]",
        "body": b"b" * 4_000 if len(polls) - n < kept else b"", "size": 4_000 if len(polls) - n < kept else 0,
    } for n in polls))  # fmt: skip
    _insert(base, "sightings", ({
        "paper_id": n, "snapshot_id": 1 + n % len(polls), "source": "journal", "seen_at": _at(days, n // per_day),
        "listed_on": _at(days, n // per_day)[:10],
    } for n in numbers))  # fmt: skip
    _insert(base, "subscriptions", ({
        "id": n + 1, "profile": f"p{n}", "recipient": f"r{n}@example.org", "started_at": _at(days, 0), "origin": "",
        "next_due_at": _at(days, days),
    } for n in range(readers)))  # fmt: skip
    mails = range(days * readers)
    _insert(base, "digests", ({
        "id": n + 1, "subscription_id": 1 + n % readers, "local_date": _at(days, n // readers)[:10], "kind": "daily",
        "composed_at": _at(days, n // readers), "fingerprint": "f", "subject": "s", "papers": 3, "state": "sent",
    } for n in mails))  # fmt: skip
    recent = 90 * readers
    _insert(base, "outbox", ({
        "id": n + 1, "digest_id": n + 1, "message_id": f"<{n}@example.org>", "sender": "monitor@example.org", "fingerprint": "f",
        "recipient": f"r{n % readers}@example.org", "subject": "s", "content": b"c" * 9_000 if len(mails) - n < recent else None,
        "tree": b"t" * 2_000, "channel": "", "state": "sent", "attempts": 1, "doubts": 0, "broken": 0, "priority": 0,
        "created_at": _at(days, n // readers), "next_attempt_at": _at(days, n // readers),
    } for n in mails))  # fmt: skip
    _insert(
        base,
        "receipts",
        ({"outbox_id": n + 1, "at": _at(days, n // readers), "outcome": "sent", "code": "", "text": ""} for n in mails),
    )
    _insert(base, "near_misses", ({
        "profile": f"p{n % readers}", "topic": "a", "verdict_id": n, "paper_id": n, "probability": 0.4, "threshold": 0.5,
    } for n in numbers[-30 * readers:]))  # fmt: skip


def _at(days: int, day: int) -> str:
    return f"{END - timedelta(days=days - day):%Y-%m-%d %H:%M:%S.%f}"


def _insert(base: sqlite3.Connection, table: str, rows: Iterator[dict[str, Any]]) -> None:
    first = next(rows)
    statement = f"INSERT INTO {table} ({', '.join(first)}) VALUES ({', '.join(f':{name}' for name in first)})"
    base.execute(statement, first)
    base.executemany(statement, rows)


LOOKS: dict[str, Callable[[App], object]] = {
    "whose digest is due": agenda.due,
    "mails that are due": lambda app: _read(app, outbox.due, app.clock.now(), 50),
    "mails due, counted": lambda app: _read(app, outbox.count_due, app.clock.now()),
    "channels with mails": lambda app: _read(app, outbox.channels_with_due, app.clock.now()),
    "subscriptions by their moment": lambda app: _read(app, digests.due, app.clock.now()),
    "a round of delivery": lambda app: asyncio.run(deliver.run(app)),
}
"""What a tick asks; each takes less than a tenth of a second however long the history is."""


def _read(app: App, ask: Callable[..., T], *more: object) -> T:
    with app.store.read() as session:
        return ask(session, *more)


def tidied(app: App) -> object:
    """What tidying up did."""
    return asyncio.run(prune.run(app))


def _timed(name: str, call: Callable[[], T]) -> tuple[float, T]:
    before, start = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, time.perf_counter()
    answer = call()
    seconds = time.perf_counter() - start
    grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
    print(f"{name:32s}{seconds * 1000:10.1f} ms{grown:8.1f} MB more", flush=True)
    return seconds, answer


def main() -> int:
    """Print the figures; exit status 1 when what a tick asks takes over a tenth of a second the second time."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--papers", type=int, default=3_000_000)
    parser.add_argument("--folder", type=Path, help="where to write it; a temporary folder is removed again")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(dir=asked.folder) as made:
        folder = Path(made, "installation")
        began = time.perf_counter()
        _write_elsewhere(folder, asked.papers)
        size = (folder / "monitor.db").stat().st_size / 1e9
        print(
            f"{asked.papers} papers, {DAYS * READERS} mails, {size:.1f} GB, written in {time.perf_counter() - began:.0f} s"
        )
        _, app = _timed("a start", lambda: opened(folder))
        slow = [name for name, look in LOOKS.items() if _slow(name, look, app)]
        _timed("tidying up", lambda: tidied(app))
        _timed("tidying up again", lambda: tidied(app))
    return 1 if slow else 0


def _write_elsewhere(folder: Path, papers: int) -> None:
    """Write the history in a process of its own, so that what it took there is not in the figures."""
    writer = multiprocessing.get_context("spawn").Process(target=_write, args=(folder, papers))
    writer.start()
    writer.join()


def _write(folder: Path, papers: int) -> None:
    written(folder, papers).store.close()


def _slow(name: str, look: Callable[[App], object], app: App) -> bool:
    times: Iterable[float] = [_timed(f"{name}{again}", lambda: look(app))[0] for again in ("", ", again")]
    return min(times) > _LIMIT


if __name__ == "__main__":
    raise SystemExit(main())
