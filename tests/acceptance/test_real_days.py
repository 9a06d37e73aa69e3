"""Months of real listings, replayed in order: nothing is announced twice, nothing is lost."""

from __future__ import annotations

import gzip
import hashlib
import json
import lzma
import re
import tarfile
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from monitor import registry
from monitor.app import App, open_app
from monitor.clock import FrozenClock
from monitor.ingest.arrival import Reading
from monitor.jobs.take import Taking, take
from monitor.settings.values import ChannelSettings, ProfileSet, SenderSettings, Settings, SourceSettings
from monitor.store import papers
from monitor.testing import NOON, FakeFetcher, MemoryChannel
from monitor.types.listings import Answer, Request

pytestmark = pytest.mark.seeds


class Replay:
    """An empty installation that takes one answer after the other."""

    def __init__(self, folder: Path) -> None:
        settings = Settings(
            path=folder / "monitor.yaml", folder=folder, database=str(folder / "monitor.db"), profiles=folder,
            sources=(), channel=ChannelSettings("file", source("feed", url="https://a.example").options),
            sender=SenderSettings(),
        )  # fmt: skip
        self.app: App = open_app(
            settings, ProfileSet(folder, ()), clock=FrozenClock(NOON), fetcher=FakeFetcher(lambda _: b""),
            channel=MemoryChannel(),
        )  # fmt: skip

    def take(self, where: SourceSettings, body: bytes, at: datetime, url: str) -> tuple[str, ...]:
        reading = Reading(max_age=timedelta(days=10_000))
        answer = Answer(url, body, at)
        return take(self.app, where, Taking(Request(url), answer, hashlib.sha256(body).hexdigest(), reading)).found

    def announced(self) -> Counter[int]:
        with self.app.store.read() as session:
            rows = session.connection().exec_driver_sql("SELECT paper_id FROM verdicts WHERE kind = 'new'")
            return Counter(paper_id for (paper_id,) in rows)

    def keys(self, prefix: str) -> set[str]:
        with self.app.store.read() as session:
            rows = session.connection().exec_driver_sql(f"SELECT key FROM paper_keys WHERE key LIKE '{prefix}%'")
            return {key for (key,) in rows}

    def count(self) -> int:
        with self.app.store.read() as session:
            return papers.count(session)


@pytest.fixture
def replay(tmp_path: Path) -> Iterator[Replay]:
    made = Replay(tmp_path)
    yield made
    made.app.store.close()


def source(kind: str, name: str = "", **options: Any) -> SourceSettings:
    module = registry.load("sources", kind)
    return SourceSettings(name or kind.replace("_", "-"), kind, timedelta(hours=1), module.Options(**options))


def lines(path: Path) -> Iterator[dict[str, Any]]:
    with gzip.open(path, "rt") if path.suffix == ".gz" else lzma.open(path, "rt") as rows:
        yield from map(json.loads, rows)


def noon(day: str) -> datetime:
    return datetime.fromisoformat(f"{day}T12:00:00+00:00")


def test_nothing_of_414_days_of_hugging_face_is_announced_twice_or_lost(replay: Replay, shared: Path) -> None:
    days: dict[str, list[dict[str, Any]]] = {}
    for row in lines(shared / "data/hf_daily/hf_daily.jsonl.xz"):
        days.setdefault(row["day"], []).append(row)
    assert len(days) == 414
    hf = source("hf_daily")
    for day, rows in sorted(days.items()):
        posts = [{"paper": {"id": row["id"], "title": row["title"], "summary": row["abstract"]}} for row in rows]
        replay.take(hf, json.dumps(posts).encode(), noon(day), f"https://hf.example/api/daily_papers?date={day}")
    ids = {f"arxiv:{row['id']}" for rows in days.values() for row in rows}
    assert replay.keys("arxiv:") == ids
    assert replay.count() == len(ids)
    assert set(replay.announced().values()) == {1}


def test_an_item_of_a_feed_polled_178_times_is_announced_once(replay: Replay, shared: Path) -> None:
    feed = source("feed", url="https://clips.example/feed.xml")
    with tarfile.open(shared / "data/polled_feed/feed_versions_A.tar.xz") as archive:
        polls = {member.name: archive.extractfile(member) for member in archive.getmembers() if member.isfile()}
        bodies = {name: opened.read() for name, opened in polls.items() if opened}
    assert len(bodies) == 178
    titles: set[str] = set()
    found: Counter[str] = Counter()
    for name, body in sorted(bodies.items()):
        stamp = re.search(r"@(\d{4}-\d\d-\d\d)T(\d\d)(\d\d)(\d\d)", name)
        assert stamp
        at = datetime.fromisoformat(f"{stamp[1]}T{stamp[2]}:{stamp[3]}:{stamp[4]}").replace(tzinfo=UTC)
        found.update(replay.take(feed, body, at, "https://clips.example/feed.xml"))
        listing = registry.load("sources", "feed").parse(
            feed.options, Answer("https://clips.example/feed.xml", body, at)
        )
        titles |= {" ".join(entry.title.split()) for entry in listing.entries}
    announced = replay.announced()
    assert set(announced.values()) == {1}
    assert sum(announced.values()) == replay.count()
    with replay.app.store.read() as session:
        kept = {" ".join(paper.title.split()) for paper in papers.after(session, 0)}
    assert len(kept) >= 0.99 * len(titles)


def test_no_id_of_two_arxiv_archives_is_announced_twice_though_they_repeat_a_third(
    replay: Replay, shared: Path
) -> None:
    text = {row["id"]: row for row in lines(shared / "data/pool/papers.jsonl.xz")}
    sources = {name: source("jsonl", name, path="/nowhere") for name in ("arxiv", "arxiv2")}
    rows = sorted(lines(shared / "data/arxiv_days/days.jsonl.gz"), key=lambda row: row["day"])
    repeats = sum(count - 1 for name in sources for count in _times(rows, name).values())
    assert repeats == 29_531  # of 131,673 rows; 22,935 of them within one day
    del rows[len(rows) // 2 :]  # the second half of the days is like the first, and takes as long
    for row in rows:
        listed = [text[key] | {"id": f"arXiv:{key}"} for key in row["ids"] if key in text]
        body = "\n".join(json.dumps(_line(paper)) for paper in listed).encode()
        if listed:
            replay.take(sources[row["src"]], body, noon(row["day"]), f"file:{row['src']}-{row['day']}.jsonl")
    ids = {f"arxiv:{key}" for row in rows for key in row["ids"] if key in text}
    assert replay.keys("arxiv:") == ids
    assert replay.count() == len(ids)
    assert set(replay.announced().values()) == {1}


def _times(rows: list[dict[str, Any]], name: str) -> Counter[str]:
    return Counter(key for row in rows if row["src"] == name for key in row["ids"])


def _line(paper: dict[str, Any]) -> dict[str, Any]:
    return {name: paper[name] for name in ("id", "title", "abstract", "authors")}
