"""From bytes to committed papers, beside feedparser alone, beside objects merged one by one, and beside the database's limit.

python -m tests.bench.ingest [--papers 100000]
"""

from __future__ import annotations

import argparse
import asyncio
import hashlib
import io
import random
import sqlite3
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import feedparser
from sqlmodel import Field, Session, SQLModel, create_engine

from monitor.app import App, open_app
from monitor.clock import SystemClock
from monitor.daemon import memory
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
from tests.bench.figure import Figure, race
from tests.bench.table import show

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


def forget() -> None:
    """No round lives on what the one before has looked at."""
    for cache in (fold, canonical_url, id_in):
        cache.cache_clear()


def open_here(folder: Path, source: SourceSettings, body: bytes) -> App:
    settings = Settings(
        path=folder / "monitor.yaml", folder=folder, database=str(folder / "monitor.db"), profiles=folder,
        sources=(source,), channel=ChannelSettings("file", feed.Options(url=URL)), sender=SenderSettings(),
    )  # fmt: skip
    fetcher = FakeFetcher(lambda _: body, SystemClock())
    return open_app(settings, ProfileSet(folder, ()), fetcher=fetcher, channel=MemoryChannel())


def fresh(source: SourceSettings, body: bytes, folder: Path | None = None) -> App:
    return open_here(folder or Path(tempfile.mkdtemp(prefix="bench-")), source, body)


def way(name: str, body: bytes) -> Iterator[Figure]:
    source = SourceSettings("journal", "feed", timedelta(hours=1), feed.Options(url=URL))
    answer = Answer(URL, body, NOON, "application/xml")
    taking = Taking(Request(URL), answer, hashlib.sha256(body).hexdigest(), Reading(), address=URL)
    apps: list[App] = []

    def before() -> None:
        forget()
        apps.append(fresh(source, body))

    ours, parsing, theirs, bare = race(
        lambda: take(apps[-1], source, taking),
        lambda: feed.parse(feed.Options(url=URL), answer),
        lambda: feedparser.parse(io.BytesIO(body)),
        lambda: feedparser.parse(io.BytesIO(body), sanitize_html=False, resolve_relative_uris=False),
        before=before,
    )
    whole = f"{name}, 2,000 entries to committed papers"
    yield Figure(whole, ours.best, "s", theirs.best, "feedparser.parse", "ratio <= 2", noise=ours.noise)
    plain = "feedparser.parse without cleaning"
    yield Figure(f"{name}, 2,000 entries parsed", parsing.best, "s", bare.best, plain, noise=parsing.noise)


def unchanged() -> Figure:
    body = rss(2000)
    source = SourceSettings("journal", "feed", timedelta(0), feed.Options(url=URL))
    app = fresh(source, body)
    turn = asyncio.Event()
    turn.set()
    asyncio.run(poll.poll(app, source, turn))
    ours, whole = race(
        lambda: asyncio.run(poll.poll(app, source, turn)),
        lambda: feed.parse(feed.Options(url=URL), Answer(URL, body, NOON)),
    )
    name = "2,000 entries that did not change, polled"
    return Figure(name, ours.best, "s", whole.best, "to parse them", "gain >= 20", noise=ours.noise)


def printed(count: int) -> tuple[Entry, ...]:
    return tuple(
        Entry(text(9), text(170), ("Ada Bee",), (f"arxiv:26{n // 10**5 % 12 + 1:02d}.{n % 10**5:05d}",))
        for n in range(count)
    )


def known(app: App, entries: tuple[Entry, ...]) -> Callable[[], None]:
    """Write papers, and return what meets them again unchanged, in one transaction."""
    keyed = keyed_entries(Listing(entries), "journal")
    with app.store.write() as session:
        showing = Showing("journal", _snapshot(session, "first"), NOON.date(), NOON)
        papers.record(session, [decide(entry, names, "journal", {}, NOON) for entry, names in keyed], showing)
    seals = {names[0]: seal(entry) for entry, names in keyed}

    def again() -> None:
        with app.store.write() as session:
            showing = Showing("journal", _snapshot(session, str(time.time())), NOON.date(), NOON)
            unchanged = papers.unchanged(session, "journal", seals)
            assert len(unchanged) == len(entries)
            papers.see_again(session, {unchanged[names[0]]: entry for entry, names in keyed}, showing)

    return again


def upsert(count: int) -> Iterator[Figure]:
    source = SourceSettings("journal", "feed", timedelta(hours=1), feed.Options(url=URL))
    few, many = printed(2_000), printed(count)
    again, merged = race(known(fresh(source, b""), few), merging(few))
    beside = "SQLModel's merge, one by one"
    yield Figure("2,000 known papers met again", again.best, "s", merged.best, beside, "gain >= 20", noise=again.noise)
    again, limit = race(known(fresh(source, b""), many), lambda: _raw(many))
    beside = f"raw executemany ({count / limit.best:,.0f} rows/s)"
    yield Figure(
        f"{count:,} known papers met again", again.best, "s", limit.best, beside, "ratio <= 3", noise=again.noise
    )


def merging(entries: tuple[Entry, ...]) -> Callable[[], None]:
    """Return the straight way: one object for each paper, merged by its key; one commit."""
    database = create_engine(f"sqlite:///{tempfile.mkdtemp(prefix='bench-')}/merge.db")
    SQLModel.metadata.create_all(database, tables=[Merged.__table__])  # type: ignore[attr-defined]

    def merge() -> None:
        with Session(database) as session:
            for entry in entries:
                session.merge(Merged(key=entry.ids[0], title=entry.title, abstract=entry.abstract))
            session.commit()

    merge()
    return merge


class Merged(SQLModel, table=True):
    """A paper as one would write it down first."""

    key: str = Field(primary_key=True)
    title: str
    abstract: str


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


def blocked() -> Figure:
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
    return Figure("longest wait of the loop while 2,000 are read", max(gaps) * 1000, "ms", asked="<= 100")


def figures() -> Iterator[Figure]:
    """Feeds, polls and the store, with 20,000 known papers."""
    yield from measured(20_000)


def measured(known_papers: int) -> Iterator[Figure]:
    memory.keep()  # as the daemon does
    yield from way("RSS", rss(2000))
    yield from way("Atom", atom(2000))
    yield unchanged()
    yield from upsert(known_papers)
    yield blocked()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--papers", type=int, default=100_000)
    show(measured(parser.parse_args().papers))


if __name__ == "__main__":
    main()
