"""One day of new papers for ever more profiles: match, compose, draw and store the mails, on one installation.

    python -m tests.bench.scale [--profiles 300,1000,3000] [--papers 1000] [--topics 1000] [--database postgresql]
                                [--workers 2] [--links] [--audit]

Each number of profiles runs in a process of its own. The store holds three thousand older papers and yesterday's
digest of every reader; each profile has one reader and follows one of ``--topics`` topics, no two alike, of which a
few are followed by many. Papers have twelve to thirty matches each among a topic's subject, and a digest holds twelve.
Times are the processor's. ``shared`` is what the installation does once, however many profiles there are: the space
is built and the topics are fitted. ``growth`` is the exponent of time with profiles between two lines, shared aside.
With ``--workers``, so many processes share the profiles by shards of five hundred, as workers do: each line has the
processor's time of all together, the wall's of the slowest and the memory of the largest. With ``--links``, each mail
has its reader's own links, five to a paper.
"""

from __future__ import annotations

import argparse
import asyncio
import itertools
import json
import math
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property, lru_cache
from pathlib import Path
from random import Random
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Engine, event
from threadpoolctl import threadpool_limits

from monitor.app import App
from monitor.daemon import memory
from monitor.jobs import audit, compose, match
from monitor.jobs.runs import in_runs
from monitor.jobs.topics import judge_of
from monitor.links import Links
from monitor.matchers.background import background
from monitor.settings.values import ProfileSet
from monitor.store import batches, verdicts
from monitor.store.tables import DigestRow, KeyRow, PaperRow, ProfileRow, SubscriptionRow
from monitor.store.upsert import insert_all, new_ids
from monitor.types.profiles import Profile, Topic
from monitor.types.verdicts import Verdict
from tests.bench.figure import Figure, growth
from tests.postgres import Cluster, programs
from tests.unit.jobs.conftest import World

OLD, SUBJECTS, A_BLOCK, A_SHARD = 3_000, 50, 10_000, 500
"""Papers of the past, what all papers are about, rows that are written at once to make an installation, and profiles
that a worker takes at a time."""


@dataclass(frozen=True)
class Readers(Sequence[Profile]):
    """Any number of profiles, each made when it is asked for: what they would take is not what is measured.

    A tenth of the topics has a third of the readers.
    """

    number: int
    topics: tuple[Topic, ...]

    @cached_property
    def follows(self) -> NDArray[np.intp]:
        """Which topic each profile follows: the same of the first thousand, however many come after them."""
        return (len(self.topics) * np.random.default_rng(0).random(self.number) ** 2).astype(np.intp)

    def __len__(self) -> int:
        return self.number

    def __getitem__(self, place: Any) -> Any:
        if not 0 <= place < self.number:
            raise IndexError(place)
        topic = self.topics[self.follows[place]]
        return Profile(f"p{place}", f"Papers of reader {place}", (f"r{place}@example.org",), (topic,), fingerprint="f")

    def shards(self, part: int, parts: int) -> Iterator[list[Profile]]:
        """Yield one of so many ``parts`` of all, as workers share them out: those who follow the same together."""
        in_order = in_runs(np.argsort(self.follows, kind="stable"), A_SHARD)
        for places in itertools.islice(in_order, part, None, parts):
            yield [self[int(place)] for place in places]


@lru_cache(maxsize=1)
def _words() -> tuple[list[str], list[float]]:
    ground = background()
    places = [place for place, term in enumerate(ground.terms) if " " not in term and term.isalpha()]
    return [ground.terms[place] for place in places], [float(ground.document_counts[place]) for place in places]


def subject(number: int) -> list[str]:
    """Return the six words that papers of a subject share."""
    return Random(-1 - number).sample(_words()[0], 6)


def _add_papers(app: App, first: int, number: int, at: datetime) -> None:
    """Write papers of ordinary words, each about one subject, as new: how they are read is not what is measured."""
    words, often = _words()
    made: list[dict[str, Any]] = []
    for paper in range(first, first + number):
        chance = Random(paper)
        about = subject(paper % SUBJECTS)
        said = chance.choices(words, often, k=130) + about * 3
        chance.shuffle(said)
        title = " ".join([*chance.sample(about, 4), *chance.choices(words, k=4)])
        made.append(
            {
                "id": paper + 1, "key": f"arxiv:{paper}", "title": title, "abstract": " ".join(said) + ".",
                "authors": [f"Ada Lovelace {paper}"], "author_ids": [], "categories": ["cs.LG"], "sources": ["hf"],
                "url": f"https://arxiv.org/abs/{paper}", "published": at, "upvotes": paper % 40, "first_seen": at,
            }
        )  # fmt: skip
    with app.store.write() as session:
        insert_all(session, PaperRow, made)
        insert_all(session, KeyRow, [{"key": one["key"], "paper_id": one["id"]} for one in made])
        verdicts.add(session, [Verdict(one["id"], "new", at, source="hf") for one in made], judged=True)


def topics(number: int) -> tuple[Topic, ...]:
    """Return topics, no two alike, each about one of the subjects."""
    words = _words()[0]
    made = []
    for place in range(number):
        about = " ".join([*subject(place % SUBJECTS), *Random(place).sample(words, 2)])
        made.append(Topic("followed", about=f"Papers about {about}.", per_week=100))
    return tuple(made)


def installation(folder: Path, database: str, options: argparse.Namespace, number: int) -> App:
    """Return an installation on the morning of a day: new papers are read, yesterday's digests have left."""
    world = World(folder, database)
    app: App = world.open()
    today = world.clock.now()
    past = today - timedelta(days=20)
    _add_papers(app, 0, OLD, past)
    _add_papers(app, OLD, options.papers, today)
    with app.store.write() as session:
        batches.count(session, "hf", today.date(), today, ["new"] * options.papers)
    readers = Readers(number, topics(options.topics))
    _yesterday(app, readers, today - timedelta(days=1))
    app.profiles = ProfileSet(folder, readers)  # type: ignore[arg-type]
    return app


def _yesterday(app: App, readers: Readers, at: datetime) -> None:
    for start in range(0, len(readers), A_BLOCK):
        some = range(start, min(len(readers), start + A_BLOCK))
        with app.store.write() as session:
            insert_all(
                session, ProfileRow, [{"id": f"p{one}", "fingerprint": "f", "matched_through": OLD} for one in some]
            )
            names = [
                {"profile": f"p{one}", "recipient": f"r{one}@example.org", "started_at": at, "origin": ""}
                for one in some
            ]
            keys = new_ids(session, SubscriptionRow, len(some))
            insert_all(session, SubscriptionRow, [{"id": key} | row for key, row in zip(keys, names, strict=True)])
            sent = {
                "local_date": at.date(), "kind": "daily", "composed_at": at, "fingerprint": "f", "subject": "Yesterday",
                "papers": 0, "state": "skipped",
            }  # fmt: skip
            ids = zip(new_ids(session, DigestRow, len(some)), keys, strict=True)
            insert_all(session, DigestRow, [{"id": key, "subscription_id": reader} | sent for key, reader in ids])


def measure(folder: Path, database: str, options: argparse.Namespace) -> dict[str, float]:
    """Return what one day costs an installation with ``options.alone`` profiles."""
    number = options.alone
    app = installation(folder, database, options, number)
    if options.links:
        app.links = Links("https://papers.example.org", ("k" * 43,))
    memory.keep()  # as a daemon does with what it has read at its start
    if options.workers > 1:
        return _shared_out(app, folder, options, number)
    times, marks = [], Counter[str]()
    before = _peak()
    began = time.perf_counter()
    with counted(app.store._engine, marks):
        times.append(time.process_time())
        _fit(app)
        times.append(time.process_time())
        matched = asyncio.run(match.run(app))
        times.append(time.process_time())
        composed = asyncio.run(compose.run(app))
        times.append(time.process_time())
    whole = time.perf_counter() - began
    assert (matched.failures, composed.failures) == ([], []), (matched.failures[:2], composed.failures[:2])
    assert composed.counts["digests"] == number, composed
    violations = len(audit.run(app)) if options.audit else 0
    assert not violations, audit.run(app)[:5]
    app.store.close()
    shared, matching, composing = (after - start for start, after in itertools.pairwise(times))
    return {
        "profiles": number, "shared": shared, "match": matching, "compose": composing, "wall": whole,
        "matches": matched.counts["matches"], "statements": marks["statements"], "mb": _peak(), "grown": _peak() - before,
    }  # fmt: skip


def _fit(app: App) -> None:
    """Build the space and fit all topics, or take what was learned from where it is kept."""
    with app.store.read() as session:
        for one in app.profiles.profiles.topics:  # type: ignore[attr-defined]
            judge_of(app, session, one)


def _shared_out(app: App, folder: Path, options: argparse.Namespace, number: int) -> dict[str, float]:
    """Return the same of several processes that work on one store."""
    shared = time.process_time()
    _fit(app)
    shared = time.process_time() - shared
    app.store.close()
    before, began = _peak(), time.perf_counter()
    command = [
        sys.executable,
        "-m",
        "tests.bench.scale",
        *sys.argv[1:],
        "--installed",
        str(folder),
        "--address",
        app.settings.database,
    ]
    works = [
        subprocess.Popen([*command, "--part", str(part)], stdout=subprocess.PIPE) for part in range(options.workers)
    ]
    told = [json.loads(work.communicate()[0]) for work in works]
    whole = time.perf_counter() - began
    assert sum(one["digests"] for one in told) == number, told
    whole_of = {name: sum(one[name] for one in told) for name in ("match", "compose", "matches", "statements")}
    peak = max(one["mb"] for one in told)
    shared += sum(one["shared"] for one in told)
    return {"profiles": number, "shared": shared, **whole_of, "wall": whole, "mb": peak, "grown": peak - before}


def work(folder: Path, options: argparse.Namespace) -> dict[str, float]:
    """Return what one of several workers did: every so many shards are its own."""
    app: App = World(folder, options.address).open()
    if options.links:
        app.links = Links("https://papers.example.org", ("k" * 43,))
    readers = Readers(options.alone, topics(options.topics))
    app.profiles = ProfileSet(folder, readers)  # type: ignore[arg-type]
    told, marks = Counter[str](), Counter[str]()
    memory.keep()
    began = time.process_time()
    _fit(app)
    told["shared"] = time.process_time() - began  # type: ignore[assignment]
    with counted(app.store._engine, marks):
        for shard in readers.shards(options.part, options.workers):
            for name, job in (("match", match), ("compose", compose)):
                began = time.process_time()
                report = asyncio.run(job.run(app, shard))
                assert report.failures == [], report.failures[:2]
                told[name] += time.process_time() - began  # type: ignore[assignment]
                told.update(report.counts)
    app.store.close()
    nothing = dict.fromkeys(("match", "compose", "matches", "digests"), 0)
    return {**nothing, **told, "statements": marks["statements"], "mb": _peak()}


@contextmanager
def counted(engine: Engine, marks: Counter[str]) -> Iterator[None]:
    """Count the statements that an engine runs; many rows of one statement are one."""

    def note(*_: object) -> None:
        marks["statements"] += 1

    event.listen(engine, "before_cursor_execute", note)
    yield
    event.remove(engine, "before_cursor_execute", note)


def _peak() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def _alone(options: argparse.Namespace) -> None:
    with tempfile.TemporaryDirectory(dir=options.folder) as folder, threadpool_limits(1):
        if options.installed:
            print(json.dumps(work(Path(options.installed), options)))
            return
        if options.database == "sqlite":
            print(json.dumps(measure(Path(folder), "", options)))
            return
        found = programs()
        assert found, "no PostgreSQL server is installed"
        cluster = Cluster(found)
        cluster.start()
        try:
            print(json.dumps(measure(Path(folder), cluster.new_database(), options)))
        finally:
            cluster.remove()


def figures() -> Iterator[Figure]:
    """A day of a thousand papers for up to four hundred profiles; 10,000 of them may take 10 s, what is shared aside."""
    sizes, costs, found = (100, 200, 400), [], {}
    for number in sizes:
        command = [sys.executable, "-m", "tests.bench.scale", "--topics", "20", "--alone", str(number)]
        found = json.loads(subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout)
        costs.append(found["match"] + found["compose"])
    most, rises = f"{sizes[-1]:,} profiles", growth(sizes, costs)
    further = statistics.linear_regression(sizes, costs).slope
    yield Figure("a day for each further profile", 1000 * further, "ms", asked="<= 1")
    yield Figure(f"a day for {most}", costs[-1], "s", asked="growth <= 1", growth=rises)
    yield Figure(f"statements a profile, {most}", found["statements"] / sizes[-1], "")
    yield Figure(f"memory of a day for {most}", found["mb"], "MB")


def main() -> None:
    """Print a line for each number of profiles."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--profiles", default="300,1000,3000")
    parser.add_argument("--papers", type=int, default=1_000)
    parser.add_argument("--topics", type=int, default=1_000)
    parser.add_argument("--database", choices=("sqlite", "postgresql"), default="sqlite")
    parser.add_argument("--audit", action="store_true", help="look for broken promises afterwards; not in the times")
    parser.add_argument("--folder", help="where the databases lie meanwhile")
    parser.add_argument("--workers", type=int, default=1)
    parser.add_argument("--links", action="store_true", help="mails have their readers' own links")
    parser.add_argument("--alone", type=int, help=argparse.SUPPRESS)
    parser.add_argument("--installed", help=argparse.SUPPRESS)
    parser.add_argument("--address", help=argparse.SUPPRESS)
    parser.add_argument("--part", type=int, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.alone:
        _alone(options)
        return
    print(f"{'profiles':>8s}{'shared s':>10s}{'match s':>9s}{'compose s':>11s}{'wall s':>8s}{'ms each':>9s}"
          f"{'matches':>9s}{'statements':>12s}{'MB':>7s}{'grown':>7s}{'growth':>8s}")  # fmt: skip
    last: tuple[float, float] | None = None
    for number in options.profiles.split(","):
        command = [sys.executable, "-m", "tests.bench.scale", *sys.argv[1:], "--alone", number]
        one = json.loads(subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout)
        own = one["match"] + one["compose"]
        growth = math.log(own / last[1]) / math.log(one["profiles"] / last[0]) if last else math.nan
        print(f"{one['profiles']:8.0f}{one['shared']:10.2f}{one['match']:9.2f}{one['compose']:11.2f}{one['wall']:8.1f}"
              f"{1000 * own / one['profiles']:9.2f}{one['matches']:9.0f}{one['statements'] / one['profiles']:12.3f}"
              f"{one['mb']:7.0f}{one['grown']:7.0f}{growth:8.2f}", flush=True)  # fmt: skip
        last = one["profiles"], own


if __name__ == "__main__":
    main()
