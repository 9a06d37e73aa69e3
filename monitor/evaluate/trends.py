"""How well rises are found: dated documents, replayed day by day as if live, beside the rules of other programs.

An alarm that is raised on documents whose dates were permuted is false by construction, whatever one thinks of its
words: that figure needs no labels. With labels (``gold``), a term is found when an alarm names it from a month before
its rise to its end. An alarm was right to be raised when the term's share of papers in the 60 days after it is at least
twice that in the 180 days before the tested window.
"""

from __future__ import annotations

import random
import time
from bisect import bisect_left
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import groupby
from pathlib import Path
from statistics import mean, median
from typing import Any

from monitor.errors import ParseError
from monitor.evaluate.novelty import read_lines
from monitor.evaluate.trend_rivals import growth_ratio, mean_and_deviation
from monitor.text import one_line
from monitor.trends.sheets import Sheet, sheet_of
from monitor.trends.states import KNOWN, today
from monitor.trends.table import TermTable
from monitor.trends.terms import Marks, read, term_hash, term_key
from monitor.trends.topics import hashes_of
from monitor.types.papers import Paper
from monitor.types.verdicts import Trend

_PORTION = 200
_EARLY = timedelta(days=31)
_AFTER, _BEFORE = timedelta(days=60), timedelta(days=180)
_LEAST_AFTER = 20


@dataclass(frozen=True, slots=True)
class Stream:
    """Dated documents, oldest first: papers, the day each was listed on, and the terms of each."""

    papers: tuple[Paper, ...]
    days: tuple[date, ...]
    marks: tuple[Marks, ...]

    def permuted(self, seed: int) -> Stream:
        """Return the same documents with their dates permuted at random: as many on each day, and nothing rises."""
        order = list(range(len(self.papers)))
        random.Random(seed).shuffle(order)  # noqa: S311 - a fixed order, not a secret one
        return Stream(tuple(self.papers[one] for one in order), self.days, tuple(self.marks[one] for one in order))

    def sheets(self) -> Iterable[Sheet]:
        """Yield what was listed on each day."""
        for day, some in groupby(range(len(self.days)), lambda one: self.days[one]):
            places = list(some)
            yield sheet_of(day, "", [self.papers[one].id for one in places], [self.marks[one] for one in places])

    @property
    def weeks(self) -> float:
        """How many weeks the documents span."""
        return ((self.days[-1] - self.days[0]).days + 1) / 7


@dataclass(frozen=True, slots=True)
class Rise:
    """A term that is known to have risen, from one day to another."""

    term: str
    start: date
    end: date


@dataclass(frozen=True, slots=True)
class Alarm:
    """A term that a rule calls rising on a day; ``before`` is when the papers that raised the alarm begin."""

    day: date
    terms: tuple[int, ...]
    before: date
    name: str = ""
    q: float = 0.0
    seen: float = 0.0
    expected: float = 0.0
    papers: tuple[Paper, ...] = ()
    is_author: bool = False


@dataclass(frozen=True, slots=True)
class TrendFigures:
    """What became of a file under one rule; ``recall`` and ``median_delay_days`` are ``None`` without gold.

    Alarms are of terms and authors; those of ``authors`` are given apart as well.
    """

    alarms_per_week: float
    null_per_week: float
    recall: float | None
    median_delay_days: float | None
    within_30_days: float | None
    doubled: float | None
    ms_per_day: float
    alarms: tuple[Alarm, ...]
    megabytes: float = 0.0
    terms: int = 0
    authors: AuthorFigures | None = None


@dataclass(frozen=True, slots=True)
class AuthorFigures:
    """The alarms that name an author; ``doubled`` is ``None`` without any."""

    alarms_per_week: float
    null_per_week: float
    doubled: float | None


Rule = Callable[[Stream], tuple[list[Alarm], list[float], TermTable | None]]


def read_stream(path: Path) -> Stream:
    """Return the documents of a file. Raises ParseError for a line that is no dated document."""
    rows = sorted(enumerate(read_lines(path), start=1), key=lambda one: (str(one[1].get("day")), one[0]))
    found: dict[str, tuple[Paper, date]] = {}
    for number, row in rows:
        day = _day(row.get("day"), number, path)
        key = str(row.get("id") or f"line {number}")
        found.setdefault(key, (_paper(row, number, day), day))
    if not found:
        raise ParseError("", f"{path} holds no documents")
    papers, days = zip(*sorted(found.values(), key=lambda one: (one[1], one[0].id)), strict=True)
    return Stream(papers, days, tuple(_marks(papers)))


def read_gold(path: Path) -> list[Rise]:
    """Return the known rises of a file. Raises ParseError for a line that is none."""
    return [
        Rise(str(row.get("term") or ""), _day(row.get("from"), number, path), _day(row.get("to"), number, path))
        for number, row in enumerate(read_lines(path), start=1)
    ]


def judge(stream: Stream, gold: Sequence[Rise], rule: str = "ours", nulls: int = 3) -> TrendFigures:
    """Return the figures of one rule, ``ours`` or a name of ``RULES``, with ``nulls`` permutations of the dates."""
    apply = RULES[rule]
    alarms, spent, table = apply(stream)
    null = [one for seed in range(nulls) for one in apply(stream.permuted(seed))[0]]
    delays = [delay for rise in gold if (delay := _delay(rise, alarms)) is not None]
    right = _doubled(stream, alarms)
    return TrendFigures(
        alarms_per_week=len(alarms) / stream.weeks,
        null_per_week=len(null) / max(nulls, 1) / stream.weeks,
        recall=len(delays) / len(gold) if gold else None,
        median_delay_days=median(delays) if delays else None,
        within_30_days=sum(delay <= 30 for delay in delays) / len(gold) if gold else None,
        doubled=mean(right) if right else None,
        ms_per_day=1000 * median(spent),
        alarms=tuple(alarms),
        megabytes=table.size / 1e6 if table else 0.0,
        terms=table.terms if table else 0,
        authors=_of_authors(stream, alarms, null, nulls) if any(paper.authors for paper in stream.papers) else None,
    )


def _of_authors(stream: Stream, alarms: Sequence[Alarm], null: Sequence[Alarm], nulls: int) -> AuthorFigures:
    found, by_chance = ([one for one in some if one.is_author] for some in (alarms, null))
    right = _doubled(stream, found)
    return AuthorFigures(
        len(found) / stream.weeks, len(by_chance) / max(nulls, 1) / stream.weeks, mean(right) if right else None
    )


def figures_json(figures: TrendFigures) -> dict[str, object]:
    """Return the figures as ``monitor evaluate trends --json`` prints them."""
    return {
        "alarms_per_week": figures.alarms_per_week,
        "null_per_week": figures.null_per_week,
        "recall": figures.recall,
        "median_delay_days": figures.median_delay_days,
        "within_30_days": figures.within_30_days,
        "doubled": figures.doubled,
        "ms_per_day": figures.ms_per_day,
        "megabytes": figures.megabytes,
        "terms": figures.terms,
        "authors": asdict(figures.authors) if figures.authors else None,
        "alarms": [
            {"day": one.day.isoformat(), "term": one.name, "q": one.q, "seen": one.seen, "expected": one.expected}
            for one in figures.alarms
        ],
    }


def told(stream: Stream) -> tuple[list[Trend], list[float], TermTable]:
    """Return what a reader would have been told who is told of everything, the seconds of each day, and the table."""
    papers = {paper.id: paper for paper in stream.papers}

    def texts(wanted: Iterable[int]) -> Mapping[int, Paper]:
        return {paper_id: papers[paper_id] for paper_id in wanted}

    table, begun, spent = TermTable(), [], []
    latest: dict[tuple[str, date | None], Trend] = {}
    for sheet in stream.sheets():
        start = time.perf_counter()
        table.add(sheet)
        for trend in today(table, texts, tuple(latest.values())):
            latest[trend.name, trend.begun] = trend
            begun += [trend] if trend.begun == sheet.day else []
        latest = {key: one for key, one in latest.items() if one.begun and sheet.day - one.begun < KNOWN}
        spent.append(time.perf_counter() - start)
    return begun, spent, table


def _ours(stream: Stream) -> tuple[list[Alarm], list[float], TermTable]:
    found, spent, table = told(stream)
    papers = {paper.id: paper for paper in stream.papers}
    return [_alarm(trend, table, papers) for trend in found], spent, table


def _alarm(trend: Trend, table: TermTable, papers: Mapping[int, Paper]) -> Alarm:
    days = table.days
    place = bisect_left(days, trend.day)
    known = table.columns(hashes_of(trend))
    hashes = tuple(term for term in hashes_of(trend) if term in known)
    before = days[max(0, place - trend.days + 1)]
    carried = tuple(papers[paper_id] for paper_id in trend.paper_ids)
    is_author = trend.kind == "author"
    return Alarm(trend.day, hashes, before, trend.name, trend.q, trend.seen, trend.expected, carried, is_author)


def _theirs(rule: Callable[[Sequence[Sheet]], Iterable[tuple[date, int, date, float, float]]]) -> Rule:
    def apply(stream: Stream) -> tuple[list[Alarm], list[float], None]:
        start = time.perf_counter()
        sheets = list(stream.sheets())
        alarms = [
            Alarm(day, (term,), before, seen=seen, expected=expected)
            for day, term, before, seen, expected in rule(sheets)
        ]
        return alarms, [(time.perf_counter() - start) / len(sheets)], None

    return apply


RULES: Mapping[str, Rule] = {
    "ours": _ours,
    "mean+3sd": _theirs(mean_and_deviation),
    "growth": _theirs(growth_ratio),
}
"""Ours; a count above mean and three deviations of 14 days, as Huginn's peak detector; five days against twenty."""


def _delay(rise: Rise, alarms: Sequence[Alarm]) -> float | None:
    """Days from a rise's start to the first alarm that names it, never below 0; ``None`` when there is none."""
    own, key = term_hash(rise.term), f" {term_key(rise.term)} "
    for alarm in alarms:
        named = own in alarm.terms or key in f" {term_key(alarm.name)} "
        if named and rise.start - _EARLY <= alarm.day <= rise.end:
            return max(0.0, float((alarm.day - rise.start).days))
    return None


def _doubled(stream: Stream, alarms: Sequence[Alarm]) -> list[bool]:
    """Whether each alarm's term doubled its share; alarms with hardly any days after them are left out."""
    carriers: dict[int, list[date]] = {alarm.terms[0]: [] for alarm in alarms}
    for day, marks in zip(stream.days, stream.marks, strict=True):
        for term in marks.hashes.tolist():
            if term in carriers:
                carriers[term].append(day)

    def share(term: int, first: date, last: date) -> float:
        papers = bisect_left(stream.days, last) - bisect_left(stream.days, first)
        return (bisect_left(carriers[term], last) - bisect_left(carriers[term], first) + 0.5) / (papers + 1)

    tomorrow = timedelta(days=1)
    return [
        share(alarm.terms[0], alarm.day + tomorrow, alarm.day + _AFTER)
        >= 2 * share(alarm.terms[0], alarm.before - _BEFORE, alarm.before)
        for alarm in alarms
        if (stream.days[-1] - alarm.day).days >= _LEAST_AFTER
    ]


def _marks(papers: Sequence[Paper]) -> list[Marks]:
    found: list[Marks] = []
    for start in range(0, len(papers), _PORTION):
        found += read([(paper.title, paper.abstract, paper.authors) for paper in papers[start : start + _PORTION]])
    return found


def _paper(row: dict[str, Any], number: int, day: date) -> Paper:
    title, abstract = (one_line(str(row.get(part) or ""), 20_000) for part in ("title", "abstract"))
    seen = datetime(day.year, day.month, day.day, tzinfo=UTC)
    authors = row.get("authors")
    names = tuple(one_line(str(name), 200) for name in authors) if isinstance(authors, list) else ()
    return Paper(number, f"line:{number}", title, abstract, seen, authors=names)


def _day(value: object, number: int, path: Path) -> date:
    try:
        return date.fromisoformat(str(value)[:10])
    except ValueError as error:
        raise ParseError("", f'line {number} of {path} has no date such as "2026-03-04": {value!r}') from error
