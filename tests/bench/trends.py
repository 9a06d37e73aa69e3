"""Figures of the trends room on real data.

    python -m tests.bench.trends daily DATA     alarms a week, on real and on permuted dates, and days of known trends
    python -m tests.bench.trends power DATA     planted phrases found in short samples of the daily lists
    python -m tests.bench.trends velocity DATA  share of papers called rising, by month

``DATA`` is the folder of real data that lies beside the project (``shared/data``).
"""

from __future__ import annotations

import argparse
import json
import lzma
import random
import statistics
import time
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from monitor.trends.bursts import Document, TermTable, rising_terms
from monitor.trends.velocity import rising_papers
from monitor.types.papers import Sighting
from monitor.types.verdicts import Trend

NAMED = (
    "deepseek-r1", "r1", "o1", "grpo", "qwen3", "deep research", "deep research agent", "mcp", "rlvr", "vla",
    "world model", "agentic", "on-policy distillation", "agent skill", "openclaw",
)  # fmt: skip


def rows(data: Path) -> Iterator[dict[str, Any]]:
    with lzma.open(data / "hf_daily/hf_daily.jsonl.xz", "rt", encoding="utf-8") as lines:
        yield from map(json.loads, lines)


def documents(data: Path) -> list[Document]:
    found: dict[str, Document] = {}
    for row in rows(data):
        text = (" ".join((row[part] or "").split()) for part in ("title", "abstract"))
        found.setdefault(row["id"], Document(date.fromisoformat(row["day"]), len(found) + 1, *text))
    return list(found.values())


def permuted(papers: list[Document], seed: int) -> list[Document]:
    days = [paper.day for paper in papers]
    random.Random(seed).shuffle(days)
    return [Document(day, one.paper_id, one.title, one.abstract) for day, one in zip(days, papers, strict=True)]


def replay(papers: list[Document]) -> tuple[list[Trend], list[float]]:
    """All alarms of a reader who is told each of them, and the seconds that each day took."""
    table = TermTable(papers)
    told: list[Trend] = []
    spent: list[float] = []
    for day in sorted({paper.day for paper in papers}):
        known = [trend for trend in told if day - trend.day < timedelta(days=120)]
        start = time.perf_counter()
        told += table.rising(day, known)
        spent.append(time.perf_counter() - start)
    return told, spent


def daily(data: Path) -> None:
    papers = documents(data)
    days = len({paper.day for paper in papers})
    start = time.perf_counter()
    TermTable(papers)
    print(f"{len(papers)} papers on {days} listing days; table read in {time.perf_counter() - start:.1f} s")
    told, spent = replay(papers)
    print(f"alarms a week {5 * len(told) / days:.2f}, ms a day median {1000 * statistics.median(spent):.1f}, ", end="")
    print(f"worst {1000 * max(spent):.0f}")
    nulls = [5 * len(replay(permuted(papers, seed))[0]) / days for seed in range(3)]
    print("alarms a week on permuted dates", [round(null, 3) for null in nulls])
    for name in NAMED:
        when = [trend.day for trend in told if name in {one.casefold() for one in (trend.name, *trend.also)}]
        print(f"{name:24} {when[0] if when else '-'}")
    doubled = [later_share(papers, trend) for trend in told]
    print(f"alarms followed by a share twice that of before: {statistics.mean(doubled):.2f}")
    for trend in told:
        print(
            trend.day,
            trend.name,
            f"{trend.seen:g} in {trend.days} days, {trend.expected:.1f} expected",
            f"q {trend.q:.2g}",
        )


def later_share(papers: list[Document], trend: Trend) -> bool:
    """Whether the term's share in the three months around and after the alarm is twice that of the six before."""

    def share(first: timedelta, last: timedelta) -> float:
        span = [one for one in papers if trend.day + first <= one.day < trend.day + last]
        carried = sum(trend.name.casefold() in f"{one.title} {one.abstract}".casefold() for one in span)
        return (carried + 0.5) / (len(span) + 1)

    after = share(timedelta(days=-30), timedelta(days=60))
    return after >= 2 * share(timedelta(days=-210), timedelta(days=-30))


def planted(papers: list[Document], days: list[date], count: int, chance: random.Random) -> list[Document]:
    """``count`` papers of ``days``, one at least of the last day, with an invented phrase, two of them in the title."""
    out = list(papers)
    places = [at for at, paper in enumerate(out) if paper.day in days]
    today = chance.choice([at for at in places if out[at].day == days[-1]])
    for number, at in enumerate([today, *chance.sample([place for place in places if place != today], count - 1)]):
        one = out[at]
        title = f"{one.title} with Gauge Echo" if number < 2 else one.title
        out[at] = Document(one.day, one.paper_id, title, f"{one.abstract} We rely on gauge echo throughout.")
    return out


def power(data: Path) -> None:
    papers = documents(data)
    by_day: dict[date, list[Document]] = {}
    for paper in papers:
        by_day.setdefault(paper.day, []).append(paper)
    days = sorted(by_day)
    print("listing days, papers a day, planted in the last days -> found, other alarms, alarms on permuted dates")
    for history, last, count in ((6, 2, 5), (10, 3, 5), (10, 4, 5), (10, 4, 6), (15, 4, 6), (20, 5, 6), (40, 5, 6)):
        hits, others, null = [], [], []
        for seed in range(40):
            chance = random.Random(seed)
            start = chance.randrange(len(days) - history)
            span = days[start : start + history]
            sample = [paper for day in span for paper in chance.sample(by_day[day], min(8, len(by_day[day])))]
            sample = planted(sample, span[-last:], count, chance)
            names = [trend.name.casefold() for trend in rising_terms(sample, span[-1])]
            hits.append(any("gauge" in name for name in names))
            others.append(sum("gauge" not in name for name in names))
            null.append(len(rising_terms(permuted(sample, seed), span[-1])))
        figures = " ".join(f"{statistics.mean(values):.2f}" for values in (hits, others, null))
        print(f"{history:3} 8 {count} in {last} -> {figures}")


def velocity(data: Path) -> None:
    """One poll a paper, at 7:50 on its day: how many are called rising (nominal .05 of those with upvotes enough)."""
    seen, titles = [], {}
    for number, row in enumerate(rows(data)):
        day = date.fromisoformat(row["day"])
        at = datetime.combine(day, datetime.min.time(), UTC) + timedelta(hours=7, minutes=50)
        seen.append(Sighting(number, "hf", at, day, upvotes=row["upvotes"]))
        titles[number] = row["title"]
    months: dict[str, list[tuple[int, int]]] = {}
    spent = []
    for day in sorted({one.listed_on for one in seen})[40::3]:
        now = datetime.combine(day, datetime.min.time(), UTC) + timedelta(hours=9)
        known = [one for one in seen if day - timedelta(days=70) < one.listed_on <= day]
        start = time.perf_counter()
        rising = {number for trend in rising_papers(known, titles, now) for number in trend.paper_ids}
        spent.append(time.perf_counter() - start)
        today = [one for one in seen if one.listed_on == day]
        months.setdefault(f"{day:%Y-%m}", []).append((sum(one.paper_id in rising for one in today), len(today)))
    for month, counts in months.items():
        print(month, f"{sum(count for count, _ in counts) / sum(size for _, size in counts):.3f}")
    print(f"{1000 * statistics.median(spent):.0f} ms a call")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=("daily", "power", "velocity"))
    parser.add_argument("data", type=Path)
    options = parser.parse_args()
    {"daily": daily, "power": power, "velocity": velocity}[options.what](options.data)


if __name__ == "__main__":
    main()
