"""A year of real listings through the real jobs: ``python -m tests.bench.year [days] [--most PAPERS]``.

Hugging Face's days and arXiv's (at most ``--most`` papers of each, 60 unless told) come over a fake network, twenty
profiles of all kinds of schedules read them, the clock is virtual and mails end in this process. Printed is what was
done, what `monitor audit` says, and how memory grew after the first month: in all, and for each thousand papers that
came since. It grows with the papers that are compared with: until 20,000 shape the space and eight months lie behind, and
for ever by the texts and rare words of each, in which copies are looked for.
"""

from __future__ import annotations

import argparse
import asyncio
import gzip
import json
import lzma
import os
import re
import sys
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from itertools import chain
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

from monitor.app import App, open_app
from monitor.channels import file as file_channel
from monitor.clock import FrozenClock
from monitor.daemon.memory import give_back, settle
from monitor.jobs import audit, cycle, learn, say
from monitor.settings.schedule import parse_schedule
from monitor.settings.schema import WrittenSchedule
from monitor.settings.values import ChannelSettings, ProfileSet, SenderSettings, Settings, SourceSettings
from monitor.sources import arxiv, hf_daily
from monitor.store import papers
from monitor.testing import FakeFetcher, MemoryChannel, profile, topic
from monitor.types.digests import Acceptance, Envelope
from monitor.types.profiles import Alerts, Profile
from tests.bench.figure import DATA, Figure, MissingError

FIRST = date(2025, 1, 1)
_HOURS = (7, 13, 19)
_WARM = 30
_WORDS = (
    "diffusion", "language model*", "reasoning", "agent*", "robot*", "video", "speech", "retrieval", "graph*",
    "reinforcement learning", "benchmark", "segmentation", "3D", "code", "multimodal", "quantiz*", "attention",
    "safety", "medical", "world model*",
)  # fmt: skip
_SCHEDULES = (
    "daily at 08:00 Europe/Berlin", "weekdays at 07:30 America/New_York", "daily at 08:00 and 18:00 Asia/Tokyo",
    "mondays 09:00 Australia/Lord_Howe", "monthly 08:00 UTC", "weekdays at 06:00 Pacific/Apia",
    "weekdays after arxiv by 12:00", "daily at 02:30 America/Santiago",
)  # fmt: skip


class Sink(MemoryChannel):
    """A channel that counts mails and lets them go: a year of them would look like a leak."""

    async def deliver(self, envelope: Envelope) -> Acceptance:
        """Take it."""
        self.delivered = [envelope]
        return Acceptance("kept", "taken")


class Year:
    """What both sites show at any hour of the year."""

    def __init__(self, clock: FrozenClock, most: int, *, pool: bool) -> None:
        self._clock = clock
        self._most = most
        self._hf: dict[str, list[dict[str, Any]]] = defaultdict(list)
        texts: dict[str, tuple[str, str]] = {}
        for row in _rows(DATA / "hf_daily" / "hf_daily.jsonl.xz"):
            self._hf[row["day"]].append(row)
            texts[row["id"]] = row["title"], row["abstract"]
        if pool:
            rows = _rows(DATA / "pool" / "papers.jsonl.xz")
            texts.update((row["id"], (row["title"], row["abstract"])) for row in rows if row["first"] >= "2024-12")
        self._arxiv: dict[str, list[tuple[str, str, str]]] = defaultdict(list)
        for row in _rows(DATA / "arxiv_days" / "days.jsonl.gz"):
            if row["src"] == "arxiv":
                self._arxiv[row["day"]] += [(one, *texts[one]) for one in row["ids"] if one in texts][:most]

    def answer(self, url: str) -> bytes:
        """What a site answers now."""
        today = self._clock.now().date().isoformat()
        asked = re.search(r"date=([\d-]+)", url)
        if asked:
            return _api(self._hf[asked[1]] if asked[1] <= today else [])
        return _feed(today, self._arxiv[today])


def _rows(path: Path) -> Iterator[dict[str, Any]]:
    with gzip.open(path, "rt") if path.suffix == ".gz" else lzma.open(path, "rt") as rows:
        yield from map(json.loads, rows)


def _api(rows: list[dict[str, Any]]) -> bytes:
    return json.dumps([
        {"paper": {"id": row["id"], "title": row["title"], "summary": row["abstract"], "upvotes": int(row.get("upvotes") or 0),
                   "publishedAt": row["published"], "authors": [{"name": f"{row.get('submitter', 'Ada')} Bee"}]}}
        for row in rows
    ]).encode()  # fmt: skip


def _feed(day: str, items: list[tuple[str, str, str]]) -> bytes:
    when = datetime.fromisoformat(f"{day}T00:00:00-05:00").strftime("%a, %d %b %Y %H:%M:%S %z")
    entries = "".join(
        f"<item><title>{escape(title)}</title><link>https://arxiv.org/abs/{one}</link>"
        f"<guid isPermaLink='false'>oai:arXiv.org:{one}v1</guid><category>cs.LG</category><pubDate>{when}</pubDate>"
        f"<description>arXiv:{one}v1 Announce Type: new Abstract: {escape(abstract)}</description></item>"
        for one, title, abstract in items
    )
    return (
        f"<rss version='2.0'><channel><title>cs</title><link>http://rss.arxiv.org/rss/cs</link>"
        f"<pubDate>{when}</pubDate>{entries}</channel></rss>"
    ).encode()


def profiles() -> Iterator[Profile]:
    """Twenty readers' profiles: many schedules, budgets and wishes, some with two readers."""
    for number, word in enumerate(_WORDS):
        written = parse_schedule(_SCHEDULES[number % len(_SCHEDULES)])
        yield profile(
            topic(word.rstrip("*").replace(" ", "-"), query=f'"{word}"', mute=("survey",) if number % 3 else ()),
            id=f"p-{number:02}", to=tuple(f"r{number}-{one}@example.org" for one in range(1 + number % 2)),
            schedule=WrittenSchedule.model_validate(written).schedule(), budget=4 + number % 9,
            empty="skip" if number % 4 == 0 else "explain", revisions=("sent", "all", "none")[number % 3],
            alerts=Alerts(trends=number % 5 == 0, probability=0.9 if number % 6 == 0 else None),
        )  # fmt: skip


def opened(folder: Path, most: int, *, pool: bool) -> App:
    """The installation, at the first hour of the year."""
    clock = FrozenClock(datetime(FIRST.year, FIRST.month, FIRST.day, tzinfo=UTC))
    year = Year(clock, most, pool=pool)
    every = timedelta(hours=4)
    sources = (
        SourceSettings("hf", "hf_daily", every, hf_daily.Options(days=2)),
        SourceSettings("arxiv", "arxiv", every, arxiv.Options(categories=("cs",))),
    )
    settings = Settings(
        path=folder / "monitor.yaml", folder=folder, database=str(folder / "monitor.db"), profiles=folder,
        sources=sources, channel=ChannelSettings("file", file_channel.Options(path=folder)),
        sender=SenderSettings(address="monitor@example.org"), snapshots_keep_mb=50,
    )  # fmt: skip
    return open_app(
        settings,
        ProfileSet(folder, tuple(profiles())),
        clock=clock,
        fetcher=FakeFetcher(year.answer, clock),
        channel=Sink(),
    )


def run(folder: Path, days: int, most: int = 60, *, pool: bool = True) -> dict[str, Any]:
    """Live through some days, and return what was done, what breaks a promise, and megabytes after a month and at the end."""
    app, began = opened(folder, most, pool=pool), time.perf_counter()
    done: Counter[str] = Counter()
    failures: Counter[str] = Counter()
    memory: list[tuple[float, int]] = []
    for number in range(days):
        for hour in _HOURS:
            at = datetime.combine(FIRST + timedelta(days=number), datetime.min.time(), UTC) + timedelta(hours=hour)
            app.clock.set(at)  # type: ignore[attr-defined]
            report = asyncio.run(cycle.run(app))
            done.update(report.counts)
            failures.update(f"{part}: {why[:80]}" for part, why in report.failures)
        app.fetcher.asked.clear()  # type: ignore[attr-defined]
        asyncio.run(learn.run(app))
        if number % 10 == 5:
            _speak(app)
        give_back()
        with app.store.read() as session:
            memory.append((_resident(), papers.count(session)))
        if number % 30 == 29:
            used, stored = memory[-1]
            told = f"day {number + 1}: {used:.0f} MB, {stored:,} papers, {sum(failures.values())} failures"
            print(told, file=sys.stderr, flush=True)
    (before, few), (after, stored) = memory[min(_WARM, days) - 1], memory[-1]
    found = audit.run(app)
    app.store.close()
    return {
        "days": days, "papers": stored, **{name: done[name] for name in ("matches", "digests", "mails sent")},
        "failures": dict(failures), "violations": [f"{one.promise}: {one.what}" for one in found],
        "MB after a month": round(before), "MB at the end": round(after),
        "MB a thousand papers since": round(1000 * (after - before) / max(1, stored - few), 1),
        "seconds": round(time.perf_counter() - began),
    }  # fmt: skip


def _speak(app: App) -> None:
    """Let a reader like and another dislike what came last."""
    with app.store.read() as session:
        last = papers.last_id(session)
        some = list(chain(papers.by_ids(session, {last, max(last - 7, 1)}).values()))
    for one, kind, reader in zip(some, ("more", "less"), app.profiles, strict=False):
        say.run(app, reader, "more" if kind == "more" else "less", one.key, "")


def _resident() -> float:
    return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 1e6


def figures() -> Iterator[Figure]:
    """Ten days of Hugging Face's listings and a few of arXiv's papers."""
    if not DATA.is_dir():
        raise MissingError(f"the shared real data is missing: {DATA}")
    with tempfile.TemporaryDirectory() as folder:
        lived = run(Path(folder), 10, 10, pool=False)
    yield Figure("10 days lived: broken promises", len(lived["violations"]), "", asked="<= 0")
    yield Figure("10 days lived: failures", sum(lived["failures"].values()), "", asked="<= 0")
    yield Figure("10 days lived", lived["seconds"], "s")


def main() -> None:
    """Live through a year, or as many days as asked."""
    asked = argparse.ArgumentParser()
    asked.add_argument("days", type=int, nargs="?", default=365)
    asked.add_argument("--most", type=int, default=60)
    given = asked.parse_args()
    settle()  # as the daemon does
    with tempfile.TemporaryDirectory() as folder:
        print(json.dumps(run(Path(folder), given.days, given.most), indent=1))


if __name__ == "__main__":
    main()
