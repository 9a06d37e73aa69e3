"""Four weeks of a reader over real listings: a cold start, five likes, three lesses, a mute."""

from __future__ import annotations

import asyncio
import gzip
import hashlib
import json
import lzma
import shutil
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from email import message_from_bytes, policy
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from monitor import registry
from monitor.app import App, open_app
from monitor.clock import FrozenClock
from monitor.ingest.arrival import Reading
from monitor.jobs import cycle, judge, match, say
from monitor.jobs.heard import heard
from monitor.jobs.take import Taking, take
from monitor.jobs.topics import judge_of
from monitor.matchers.calibration import DEFAULT_THRESHOLD
from monitor.settings.values import ChannelSettings, ProfileSet, SenderSettings, Settings, SourceSettings
from monitor.store import papers
from monitor.testing import FakeFetcher, MemoryChannel, profile, topic
from monitor.types.listings import Answer, Request
from monitor.types.papers import Paper

pytestmark = pytest.mark.seeds

LIST = "GUI Agents Paper List"
READER = profile(
    topic("gui-agents", about="Agents that use a computer like a person does."),
    id="ada", to=("ada@example.org",), empty="skip",
)  # fmt: skip
BEGIN = date(2025, 5, 5)
A_DAY = 150
"""Papers of one day that are replayed: all that belong, and others by chance."""


def lines(path: Path) -> Iterator[dict[str, Any]]:
    with gzip.open(path, "rt") if path.suffix == ".gz" else lzma.open(path, "rt") as rows:
        yield from map(json.loads, rows)


@cache
def belonging(data: Path) -> frozenset[str]:
    """Return the keys of the papers of the reader's list."""
    lists = (row for path in sorted((data / "curated_profiles").glob("*.gz")) for row in lines(path))
    curated = next(row for row in lists if row["title"] == LIST)
    return frozenset(f"arxiv:{item[0]}" for item in curated["items"])


@cache
def days_of(data: Path, relevant: frozenset[str]) -> dict[date, list[str]]:
    """Return the papers of each day as lines of JSON: those that belong, and others by chance."""
    first: dict[str, str] = {}
    for row in lines(data / "arxiv_days/days.jsonl.gz"):
        for key in row["ids"]:
            first[key] = min(row["day"], first.get(key, "9"))
    days: dict[date, list[str]] = {}
    for key, day in first.items():
        days.setdefault(date.fromisoformat(day), []).append(key)
    wanted = {BEGIN + timedelta(days=number) for number in range(-14, 28)}
    chosen = {
        day: sorted(keys, key=lambda key: (f"arxiv:{key}" not in relevant, hashlib.md5(key.encode()).digest()))[:A_DAY]
        for day, keys in sorted(days.items())
        if day in wanted
    }
    needed = {key for keys in chosen.values() for key in keys}
    text = {
        row["id"]: json.dumps({name: row[name] for name in ("id", "title", "abstract", "authors")})
        for row in lines(data / "pool/papers.jsonl.xz")
        if row["id"] in needed
    }
    return {day: [text[key] for key in keys if key in text] for day, keys in chosen.items()}


class Month:
    """Two weeks of past, and the days that follow, in a folder of their own."""

    def __init__(self, folder: Path, shared: Path) -> None:
        self.relevant = belonging(shared / "data")
        self.days = days_of(shared / "data", self.relevant)
        self.clock = FrozenClock(datetime(2025, 5, 1, tzinfo=UTC))
        self.channel = MemoryChannel()
        self.source = SourceSettings(
            "arxiv", "jsonl", timedelta(hours=1), registry.load("sources", "jsonl").Options(path=str(folder))
        )
        settings = Settings(
            path=folder / "monitor.yaml", folder=folder, database=str(folder / "monitor.db"), profiles=folder, sources=(),
            channel=ChannelSettings("file", self.source.options), sender=SenderSettings(),
        )  # fmt: skip
        self.app: App = open_app(
            settings, ProfileSet(folder, (READER,)), clock=self.clock, fetcher=FakeFetcher(lambda _: b""),
            channel=self.channel,
        )  # fmt: skip

    def live(self, first: int, last: int) -> None:
        """Live through days of the replay: read, judge, mail."""
        for number in range(first, last):
            day = BEGIN + timedelta(days=number)
            at = datetime(day.year, day.month, day.day, 9, tzinfo=UTC)
            self.clock.set(at)
            if day in self.days:
                body = "\n".join(self.days[day]).encode()
                reading = Reading("past" if number < 0 else "poll", max_age=timedelta(days=9999))
                request = Request("file:arxiv", batch=day)
                take(self.app, self.source, Taking(request, Answer("file:arxiv", body, at), str(day), reading))
                asyncio.run(judge.run(self.app))
                asyncio.run(match.run(self.app))
            if number >= 0:
                asyncio.run(cycle.mail(self.app))

    def listed(self, first: int, last: int) -> list[Paper]:
        begin, end = (
            datetime(BEGIN.year, BEGIN.month, BEGIN.day, tzinfo=UTC) + timedelta(days=n) for n in (first, last)
        )
        with self.app.store.read() as session:
            return [paper for paper in papers.after(session, 0) if begin <= paper.first_seen < end]

    def probabilities(self, among: list[Paper], *, with_feedback: bool) -> list[float]:
        with self.app.store.read() as session:
            reader = heard(session, READER) if with_feedback else READER
            judged = judge_of(self.app, session, reader.topics[0]).judge(among)
        return [one.match.probability if one.stage in ("matched", "below") else 0.0 for one in judged]


@pytest.fixture(scope="module")
def past(tmp_path_factory: pytest.TempPathFactory, shared: Path) -> Path:
    """The folder of a month whose first two weeks have passed."""
    folder = tmp_path_factory.mktemp("past")
    month = Month(folder, shared)
    month.live(-14, 0)
    month.app.store.close()
    return folder


@pytest.fixture
def month(past: Path, tmp_path: Path, shared: Path) -> Iterator[Month]:
    """A month at its first day of mail."""
    shutil.copytree(past, tmp_path / "month")
    made = Month(tmp_path / "month", shared)
    yield made
    made.app.store.close()


def average_precision(relevant: list[bool], probabilities: list[float]) -> float:
    found, total = 0, 0.0
    ranked = sorted(zip(probabilities, relevant, strict=True), key=lambda pair: -pair[0])
    for place, (_, belongs) in enumerate(ranked, start=1):
        if belongs:
            found += 1
            total += found / place
    return total / max(found, 1)


def test_five_likes_three_lesses_and_a_mute_make_the_next_two_weeks_better(month: Month) -> None:
    month.live(0, 14)
    past = month.listed(-14, 14)
    before = dict(zip((paper.id for paper in past), month.probabilities(past, with_feedback=False), strict=True))
    liked = [paper for paper in past if paper.key in month.relevant][:5]
    ranked = sorted(past, key=lambda paper: -before[paper.id])
    unliked = [paper for paper in ranked if paper.key not in month.relevant and "GUI" not in paper.title][:3]
    for paper in liked:
        say.run(month.app, READER, "more", paper.key, "gui-agents")
    for paper in unliked:
        say.run(month.app, READER, "less", paper.key)
    say.run(month.app, READER, "mute", "survey")
    month.live(14, 28)

    coming = month.listed(14, 28)
    relevant = [paper.key in month.relevant for paper in coming]
    cold, warm = (month.probabilities(coming, with_feedback=given) for given in (False, True))
    assert sum(relevant) >= 20
    assert average_precision(relevant, warm) >= average_precision(relevant, cold) + 0.15
    right = [
        sum(p >= DEFAULT_THRESHOLD and is_right for p, is_right in zip(said, relevant, strict=True))
        for said in (cold, warm)
    ]
    assert right[1] >= 2 * right[0]


def test_days_without_a_paper_that_belongs_are_silent_and_a_muted_word_stays_out(month: Month) -> None:
    say.run(month.app, READER, "mute", "survey")
    month.live(0, 28)
    listed = month.listed(0, 28)
    busy = {paper.first_seen.date() for paper in listed if paper.key in month.relevant}
    quiet = {paper.first_seen.date() for paper in listed} - busy
    mailed = {
        message_from_bytes(one.content, policy=policy.default)["Date"].datetime.date()
        for one in month.channel.delivered
    }
    assert len(quiet) >= 5
    assert len(quiet & mailed) <= 0.15 * len(quiet)
    assert mailed & busy
    titles = {paper.title for paper in listed if "survey" in paper.title.lower()}
    sent = "".join(one.part("html") for one in month.channel.delivered)
    assert titles
    assert not [title for title in titles if title in sent]
