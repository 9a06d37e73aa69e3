"""Figures of the trends room on real data.

    python -m tests.bench.trends daily DATA     alarms, null, recall and doubling of ours, beside the rules of others
    python -m tests.bench.trends named DATA     when each known trend would have been told, and in which states
    python -m tests.bench.trends power DATA     planted phrases, 0 to 2 % of 24 papers a day
    python -m tests.bench.trends speed DATA     a listing day of 300 papers, with as many terms as the table holds
    python -m tests.bench.trends velocity DATA  share of papers flagged by upvotes, by month

``DATA`` is the folder of real data that lies beside the project (``shared/data``).
"""

from __future__ import annotations

import argparse
import json
import lzma
import random
import statistics
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np

from monitor.evaluate import trends as room
from monitor.trends.bursts import rises
from monitor.trends.sheets import sheet_of
from monitor.trends.states import today
from monitor.trends.table import MOST_FIGURES, TermTable
from monitor.trends.terms import AUTHOR, IN_TITLE, NAME_LIKE, REPEATED, SEVERAL_WORDS, Marks, term_hash, term_key
from monitor.trends.velocity import rising_papers
from monitor.types.papers import Sighting
from monitor.types.verdicts import Trend
from tests.bench.figure import DATA, Figure, MissingError

NAMED = (
    "o1", "r1", "deepseek r1", "grpo", "test-time scaling", "qwen3", "deep research", "mcp", "rlvr", "agentic",
    "agentic reinforcement learning", "vla", "vision-language-action", "world model", "coding agent",
)  # fmt: skip


def rows(data: Path) -> Iterator[dict[str, Any]]:
    with lzma.open(data / "hf_daily/hf_daily.jsonl.xz", "rt", encoding="utf-8") as lines:
        yield from map(json.loads, lines)


def stream(data: Path) -> room.Stream:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "hf.jsonl"
        with path.open("w") as out:
            out.writelines(
                json.dumps({key: row[key] for key in ("id", "day", "title", "abstract", "authors")}) + "\n"
                for row in rows(data)
            )
        return room.read_stream(path)


# --- what really rose ----------------------------------------------------------------------------------------------


@dataclass
class Topic:
    """Terms that share their papers, and the month from which their share was a multiple of the half year before."""

    month: int
    papers: set[int]
    terms: list[int] = field(default_factory=list)

    @property
    def start(self) -> date:
        return first_of(self.month)


def first_of(month: int) -> date:
    return date(month // 12, month % 12 + 1, 1)


def month_of(day: date) -> int:
    return day.year * 12 + day.month - 1


def oracle(found: room.Stream, ratio: float, least: int) -> list[Topic]:
    """Topics with ``least`` papers in three months and ``ratio`` times the share of the six months before.

    A topic is in the titles of 15 % of its papers, or written like a name; terms that share 60 % of their papers are
    one topic. It looks into the future, so it judges detectors and is none.
    """
    size = Counter(map(month_of, found.days))
    carriers: dict[int, dict[int, list[tuple[int, int]]]] = defaultdict(lambda: defaultdict(list))
    for place, (day, marks) in enumerate(zip(found.days, found.marks, strict=True)):
        for term, flags in zip(marks.hashes.tolist(), marks.flags.tolist(), strict=True):
            if not flags & AUTHOR:
                carriers[term][month_of(day)].append((place, flags))
    rose = [one for term, months in carriers.items() if (one := _rose(term, months, size, ratio, least))]
    topics: list[Topic] = []
    for one in sorted(rose, key=lambda one: -len(one.papers)):
        for topic in topics:
            shared = len(one.papers & topic.papers)
            if abs(topic.month - one.month) <= 3 and shared >= 0.6 * min(len(one.papers), len(topic.papers)):
                topic.terms += one.terms
                break
        else:
            topics.append(one)
    return topics


def _rose(
    term: int, months: dict[int, list[tuple[int, int]]], size: Counter[int], ratio: float, least: int
) -> Topic | None:
    for month in range(min(size) + 6, max(size) - 2):
        after = [one for later in range(month, month + 3) for one in months.get(later, ())]
        if len(after) < least:
            continue
        before = sum(len(months.get(earlier, ())) for earlier in range(month - 6, month))
        volume = sum(size[later] for later in range(month, month + 3)), sum(size[m] for m in range(month - 6, month))
        if len(after) / volume[0] < ratio * before / volume[1]:
            continue
        titles, names = (sum(flags & kind > 0 for _, flags in after) for kind in (IN_TITLE, NAME_LIKE))
        if titles >= max(2, 0.15 * len(after)) or (titles and names >= 0.6 * len(after)):
            return Topic(month, {place for place, _ in after}, [term])
    return None


def daily(data: Path) -> None:
    found = stream(data)
    print(f"{len(found.papers)} papers, {len(set(found.days))} listing days, {found.weeks:.0f} weeks")
    topics = {"all": oracle(found, 3, 12), "strong": oracle(found, 4, 20)}
    for rule in room.RULES:
        figures = room.judge(found, [], rule, nulls=3 if rule == "ours" else 1)
        print(
            f"{rule:9} alarms a week {figures.alarms_per_week:7.2f}  on permuted dates {figures.null_per_week:7.3f}  "
            f"doubled {figures.doubled:.2f}  {figures.ms_per_day:.1f} ms a day  {figures.megabytes:.1f} MB"
        )
        for name, some in topics.items():
            late = [day for topic in some if (day := _found(topic, figures.alarms)) is not None]
            within = sum(day <= 30 for day in late) / len(some)
            print(
                f"  {name} topics {len(some)}: found {len(late) / len(some):.2f}, within 30 days {within:.2f}, "
                f"median {statistics.median(late):.0f} days"
            )
        if rule == "ours":
            for alarm in figures.alarms:
                print(
                    f"    {alarm.day} {alarm.name}: {alarm.seen:g} seen, {alarm.expected:.1f} expected, q {alarm.q:.2g}"
                )


def _found(topic: Topic, alarms: tuple[room.Alarm, ...]) -> int | None:
    span = first_of(topic.month - 2), first_of(topic.month + 4)
    terms = {*topic.terms}
    days = [one.day for one in alarms if span[0] <= one.day <= span[1] and terms & {*one.terms}]
    return max(0, (days[0] - topic.start).days) if days else None


def named(data: Path) -> None:
    found = stream(data)
    papers = {paper.id: paper for paper in found.papers}
    table, states = TermTable(), defaultdict(list)
    latest: dict[tuple[str, date | None], Trend] = {}
    for sheet in found.sheets():
        table.add(sheet)
        for trend in today(table, lambda wanted: {key: papers[key] for key in wanted}, tuple(latest.values())):
            known = latest.get((trend.name, trend.begun))
            if known is None or known.state != trend.state:
                states[trend.name, *trend.also].append(f"{trend.day} {trend.state}")
            latest[trend.name, trend.begun] = trend
    for name in NAMED:
        own = f" {term_key(name)} "
        carried = (day for day, marks in zip(found.days, found.marks, strict=True) if term_hash(name) in marks.hashes)
        lines = [
            f"{names[0]}: {', '.join(some)}"
            for names, some in states.items()
            if any(own in f" {term_key(one)} " for one in names)
        ]
        print(f"{name} (first paper {min(carried, default='-')})", *lines[:3] or ["-"], sep="\n    ")


def power(data: Path) -> None:
    found = stream(data)
    phrase = term_hash("gauge echo")
    print("in the title / several times in the abstract -> found within 20 listing days, median")
    for in_title, repeated in ((1.0, 1.0), (0.5, 0.5), (0.3, 0.3), (0.2, 0.0)):
        delays = [_planted(found, seed, phrase, in_title, repeated) for seed in range(60)]
        known = [delay for delay in delays if delay]
        print(f"{in_title} / {repeated} -> {len(known) / len(delays):.2f}, {statistics.median(known):.0f} days")


def _planted(found: room.Stream, seed: int, phrase: int, in_title: float, repeated: float) -> int | None:
    per_day, history, after = 24, 120, 20
    chance, table = random.Random(seed), TermTable()
    start = chance.randrange(len(found.marks) - (history + after) * per_day)
    for place in range(history + after):
        sheet = []
        for number in range(per_day):
            marks = found.marks[start + place * per_day + number]
            if place >= history and chance.random() < 0.02:
                flags = SEVERAL_WORDS | (IN_TITLE | REPEATED if chance.random() < in_title else 0)
                flags |= REPEATED if chance.random() < repeated else 0
                marks = Marks(np.append(marks.hashes, np.uint32(phrase)), np.append(marks.flags, np.uint8(flags)))
            sheet.append(marks)
        ids = list(range(place * per_day + 1, (place + 1) * per_day + 1))
        table.add(sheet_of(date(2024, 1, 1) + timedelta(place), "", ids, sheet))
        if place >= history and any(table.hash_of(rise.column) == phrase for rise in rises(table)):
            return place - history + 1
    return None


def speed(data: Path) -> None:
    from monitor.trends.terms import read

    with lzma.open(data / "pool/papers.jsonl.xz", "rt", encoding="utf-8") as lines:
        papers = [json.loads(line) for _, line in zip(range(30_000), lines, strict=False)]
    texts = [(one["title"] or "", one["abstract"] or "", one["authors"] or ()) for one in papers]
    start = time.perf_counter()
    marks = [mark for at in range(0, len(texts), 200) for mark in read(texts[at : at + 200])]
    print(f"terms read: {1000 * (time.perf_counter() - start) / len(texts):.2f} ms a paper, once in its life")
    for most in (5 * 50_000, MOST_FIGURES):
        _fed(marks, TermTable(most))


def _fed(marks: list[Marks], table: TermTable) -> None:
    spent = []
    for place in range(len(marks) // 300):
        sheet = sheet_of(
            date(2024, 1, 1) + timedelta(place), "arxiv", range(300 * place + 1, 300 * place + 301),
            marks[300 * place : 300 * place + 300],
        )  # fmt: skip
        start = time.process_time()  # what others do on the machine is no time of ours
        table.add(sheet)
        rises(table)
        spent.append(time.process_time() - start)
    print(
        f"{len(spent)} listing days of 300 papers: median {1000 * statistics.median(spent):.0f} ms, last ten "
        f"{1000 * statistics.mean(spent[-10:]):.0f} ms, worst {1000 * max(spent):.0f} ms; {table.terms} terms, {table.size / 1e6:.0f} MB"
    )


def flagged(data: Path) -> dict[str, float]:
    """Return the share of each month's papers that reach the 90th percentile of papers of their age.

    One poll a paper, at 7:50 on its day.
    """
    seen, titles = [], {}
    for number, row in enumerate(rows(data)):
        day = date.fromisoformat(row["day"])
        at = datetime.combine(day, datetime.min.time(), UTC) + timedelta(hours=7, minutes=50)
        seen.append(Sighting(number, "hf", at, day, upvotes=row["upvotes"]))
        titles[number] = row["title"]
    months: dict[str, list[tuple[int, int]]] = {}
    for day in sorted({one.listed_on for one in seen})[40:]:
        now = datetime.combine(day, datetime.min.time(), UTC) + timedelta(hours=9)
        known = [one for one in seen if day - timedelta(days=70) < one.listed_on <= day]
        rising = {number for trend in rising_papers(known, titles, now, 0.9) for number in trend.paper_ids}
        here = [one for one in seen if one.listed_on == day]
        months.setdefault(f"{day:%Y-%m}", []).append((sum(one.paper_id in rising for one in here), len(here)))
    return {
        month: sum(count for count, _ in counts) / sum(size for _, size in counts) for month, counts in months.items()
    }


def velocity(data: Path) -> None:
    for month, share in flagged(data).items():
        print(month, f"{share:.3f}")


def figures() -> Iterator[Figure]:
    """Alarms over all days of Hugging Face's lists, beside those of the rule of others: mean + 3 deviations."""
    if not DATA.is_dir():
        raise MissingError(f"the shared real data is missing: {DATA}")
    found = stream(DATA)
    ours, theirs = (room.judge(found, [], rule, nulls=1) for rule in ("ours", "mean+3sd"))
    beside = "mean + 3 deviations, 14 days"
    yield Figure("alarms over everything", ours.alarms_per_week, "a week", theirs.alarms_per_week, beside, "<= 3")
    yield Figure("alarms on permuted dates", ours.null_per_week, "a week", theirs.null_per_week, beside, "<= 0.1")
    yield Figure("alarms followed by a doubling", ours.doubled or 0.0, "", theirs.doubled, beside, ">= 0.8")
    yield Figure("a listing day", ours.ms_per_day, "ms", asked="<= 50")
    shares = flagged(DATA).values()
    yield Figure("papers flagged by velocity, most in a month", max(shares), "", asked="<= 0.14")
    yield Figure("papers flagged by velocity, least in a month", min(shares), "", asked=">= 0.07")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    tasks = {"daily": daily, "named": named, "power": power, "speed": speed, "velocity": velocity}
    parser.add_argument("what", choices=tuple(tasks))
    parser.add_argument("data", type=Path)
    options = parser.parse_args()
    tasks[options.what](options.data)


if __name__ == "__main__":
    main()
