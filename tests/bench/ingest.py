"""From bytes to committed papers, beside feedparser alone and beside the database's own limit.

    python -m tests.bench.ingest [--papers 100000]

Every line is a ratio of two times taken in the same run, the best of three each.
"""

from __future__ import annotations

import argparse
import asyncio
import gc
import hashlib
import io
import random
import sqlite3
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import feedparser

from monitor.app import App, open_app
from monitor.clock import SystemClock
from monitor.ingest.addresses import canonical_url, id_in
from monitor.ingest.arrival import Reading
from monitor.ingest.decide import decide, keyed_entries, seal
from monitor.jobs import poll
from monitor.jobs.take import Taking, take
from monitor.settings.values import ChannelSettings, ProfileSet, SenderSettings, Settings, SourceSettings
from monitor.sources import feed
from monitor.store import papers, snapshots
from monitor.testing import NOON, FakeFetcher, MemoryChannel
from monitor.text import fold
from monitor.types.findings import Showing
from monitor.types.listings import Answer, Entry, Listing, Request

URL = "https://journal.example/feed"
CHANCE = random.Random(7)
WORDS = ["".join(CHANCE.choices("abcdefghilmnoprstuvw", k=CHANCE.randint(3, 10))) for _ in range(8000)]


def text(count: int) -> str:
    return " ".join(CHANCE.choices(WORDS, k=count))


def rss(count: int) -> bytes:
    items = "".join(
        f"<item><title>{text(9)}</title><link>https://journal.example/{n}</link><guid>j{n}</guid>"
        f"<description>{text(170)} p &lt; 0.05</description><author>Ada Bee, Carl Dee</author>"
        f"<pubDate>Fri, 20 Nov 2026 0{n % 10}:00:00 +0000</pubDate></item>"
        for n in range(count)
    )
    return f"<?xml version='1.0'?><rss version='2.0'><channel><title>t</title>{items}</channel></rss>".encode()


def atom(count: int) -> bytes:
    entries = "".join(
        f"<entry><title>{text(9)}</title><link href='https://journal.example/{n}'/><id>urn:j{n}</id>"
        f"<summary>{text(170)} p &lt; 0.05</summary><author><name>Ada Bee</name></author>"
        f"<author><name>Carl Dee</name></author><updated>2026-11-20T0{n % 10}:00:00Z</updated></entry>"
        for n in range(count)
    )
    head = "<?xml version='1.0'?><feed xmlns='http://www.w3.org/2005/Atom'><title>t</title>"
    return f"{head}{entries}</feed>".encode()


def best(work: Callable[[], object], before: Callable[[], object] = lambda: None, rounds: int = 3) -> float:
    seconds = float("inf")
    for _ in range(rounds):
        before()
        for cache in (fold, canonical_url, id_in):  # no round lives on what the one before has looked at
            cache.cache_clear()
        began = time.perf_counter()
        work()
        seconds = min(seconds, time.perf_counter() - began)
    return seconds


def open_here(folder: Path, source: SourceSettings, body: bytes) -> App:
    settings = Settings(
        path=folder / "monitor.yaml", folder=folder, database=str(folder / "monitor.db"), profiles=folder,
        sources=(source,), channel=ChannelSettings("file", feed.Options(url=URL)), sender=SenderSettings(),
    )  # fmt: skip
    fetcher = FakeFetcher(lambda _: body, SystemClock())
    return open_app(settings, ProfileSet(folder, ()), fetcher=fetcher, channel=MemoryChannel())


def fresh(source: SourceSettings, body: bytes, folder: Path | None = None) -> App:
    return open_here(folder or Path(tempfile.mkdtemp(prefix="bench-")), source, body)


def line(name: str, ours: float, theirs: float, of: str, asked: str) -> None:
    sys.stdout.write(f"{name:<44} {ours:>8.3f} s {theirs:>8.3f} s  {ours / theirs:>6.2f} x {of:<34} {asked}\n")


def way(name: str, body: bytes) -> None:
    source = SourceSettings("journal", "feed", timedelta(hours=1), feed.Options(url=URL))
    answer = Answer(URL, body, NOON, "application/xml")
    theirs = best(lambda: feedparser.parse(io.BytesIO(body)))
    bare = best(lambda: feedparser.parse(io.BytesIO(body), sanitize_html=False, resolve_relative_uris=False))
    apps: list[App] = []
    taking = Taking(Request(URL), answer, hashlib.sha256(body).hexdigest(), Reading(), address=URL)
    ours = best(lambda: take(apps[-1], source, taking), lambda: apps.append(fresh(source, body)))
    line(f"{name}, 2,000 entries to committed papers", ours, theirs, "feedparser.parse", "<= 2")
    line("", ours, bare, "feedparser.parse without cleaning", "")
    parsing = best(lambda: feed.parse(feed.Options(url=URL), answer))
    line(f"{name}, 2,000 entries parsed", parsing, bare, "feedparser.parse without cleaning", "")


def unchanged() -> None:
    body = rss(2000)
    source = SourceSettings("journal", "feed", timedelta(0), feed.Options(url=URL))
    app = fresh(source, body)
    turn = asyncio.Event()
    turn.set()
    asyncio.run(poll.poll(app, source, turn))
    ours = best(lambda: asyncio.run(poll.poll(app, source, turn)))
    line("a body that did not change, polled", ours, best(lambda: hashlib.sha256(body)), "its hash", "no parse")


def upsert(count: int) -> None:
    source = SourceSettings("journal", "feed", timedelta(hours=1), feed.Options(url=URL))
    app = fresh(source, b"")
    entries = tuple(
        Entry(text(9), text(170), ("Ada Bee",), (f"arxiv:26{n // 10**5 % 12 + 1:02d}.{n % 10**5:05d}",))
        for n in range(count)
    )
    keyed = keyed_entries(Listing(entries), "journal")
    with app.store.write() as session:
        showing = Showing("journal", _snapshot(session, "first"), NOON.date(), NOON)
        papers.record(session, [decide(entry, names, "journal", {}, NOON) for entry, names in keyed], showing)
    seals = {names[0]: seal(entry) for entry, names in keyed}

    def again() -> None:
        with app.store.write() as session:
            showing = Showing("journal", _snapshot(session, str(time.time())), NOON.date(), NOON)
            known = papers.unchanged(session, "journal", seals)
            assert len(known) == count
            papers.see_again(session, {known[names[0]]: entry for entry, names in keyed}, showing)

    ours = best(again)
    limit = best(lambda: _raw(entries))
    line(f"{count:,} known, unchanged papers", ours, limit, f"raw upsert ({count / limit:,.0f} rows/s)", "<= 2")


def _snapshot(session: Any, sha256: str) -> int:
    return snapshots.add(session, "journal", Answer(URL, b"", NOON), sha256, NOON.date(), Listing(()))


RAW: list[sqlite3.Connection] = []


def _raw(entries: tuple[Entry, ...]) -> None:
    """What SQLite takes at most: two executemany, the upsert of the same papers and their sightings; one commit."""
    if not RAW:
        RAW.append(sqlite3.connect(Path(tempfile.mkdtemp(prefix="bench-")) / "raw.db", isolation_level=None))
        RAW[0].executescript(
            "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;"
            "CREATE TABLE papers (key TEXT PRIMARY KEY, title TEXT, abstract TEXT, hash BLOB);"
            "CREATE TABLE sightings (paper_id INTEGER, snapshot_id INTEGER, source TEXT, seen_at TEXT, listed_on TEXT,"
            " rank INTEGER, upvotes INTEGER, comments INTEGER, stars INTEGER, PRIMARY KEY (paper_id, snapshot_id));"
            "CREATE INDEX ix_sightings_listed_on ON sightings (listed_on)"
        )
    RAW[0].execute("BEGIN IMMEDIATE")
    RAW[0].executemany(
        "INSERT INTO papers VALUES (?,?,?,?) ON CONFLICT (key) DO UPDATE SET title=excluded.title, "
        "abstract=excluded.abstract, hash=excluded.hash WHERE hash<>excluded.hash",
        ((entry.ids[0], entry.title, entry.abstract, b"h" * 12) for entry in entries),
    )
    snapshot = RAW[0].total_changes
    RAW[0].executemany(
        "INSERT INTO sightings VALUES (?,?,?,?,?,?,?,?,?) ON CONFLICT DO NOTHING",
        (
            (n, snapshot, "journal", "2026-03-04 12:00:00.000000", "2026-03-04", entry.rank, entry.upvotes, None, None)
            for n, entry in enumerate(entries)
        ),
    )
    RAW[0].execute("COMMIT")


def blocked() -> None:
    body = atom(2000)
    source = SourceSettings("journal", "feed", timedelta(hours=1), feed.Options(url=URL))
    app = fresh(source, body)
    gaps: list[float] = []

    async def both() -> None:
        turn = asyncio.Event()
        turn.set()
        work = asyncio.create_task(poll.poll(app, source, turn))
        while not work.done():
            began = time.perf_counter()
            await asyncio.sleep(0.005)
            gaps.append(time.perf_counter() - began - 0.005)
        await work

    asyncio.run(both())
    sys.stdout.write(
        f"longest time the loop waited while 2,000 entries were read: {max(gaps) * 1000:.0f} ms (<= 100)\n"
    )


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--papers", type=int, default=100_000)
    chosen = parser.parse_args()
    gc.freeze()  # as the daemon does
    sys.stdout.write(f"{'':<44} {'ours':>10} {'theirs':>10}\n")
    way("RSS", rss(2000))
    way("Atom", atom(2000))
    unchanged()
    upsert(chosen.papers)
    blocked()


if __name__ == "__main__":
    main()
