"""Terms that more papers carry than their own past explains, at a stated rate of false alarms.

``rising_terms`` tests, for the listing day asked for, the counts of the last few listing days against a Gamma-Poisson
prediction from an exponentially fading past, and holds the share of false alarms by Benjamini and Hochberg (1995). A
second rule, ``emerging``, finds new names: hardly a paper before, four within twenty listing days. A term is judged
only if it can name a topic: papers carry it in their titles, or it is written like a name. Filtering before the test,
not after it, doubles what can be found.

Below some 15 papers a listing day expect only large bursts: the limit is volume, not the test.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_matrix
from scipy.special import betainc

from monitor.trends.terms import IN_TITLE, NAME_LIKE, SEVERAL_WORDS, marks, term_key, terms
from monitor.types.verdicts import Trend

Floats = npt.NDArray[np.float64]
Rows = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]

_LEAST_PAPERS = 3
_HALF_LIFE, _PRIOR_COUNT = 120.0, 0.5
_LEAST_RATIO = 2.5
_CORRELATED_WINDOWS, _PLAIN_WORD = 1.5, 10.0
_TOPICAL_DAYS = 120
_EMERGING_DAYS, _EMERGING_PAPERS, _EMERGING_RATE = 20, 4, 0.25
_COOLDOWN, _TOLD_OVERLAP, _TOLD_DAYS = 30, 0.35, 60
_ONE_TOPIC = 0.6
_SERIES = 30


@dataclass(frozen=True, slots=True)
class Document:
    """One paper on the day on which it was listed."""

    day: date
    paper_id: int
    title: str
    abstract: str


@dataclass(frozen=True, slots=True)
class _Plan:
    """What a history of so many listing days can bear: windows, papers and days needed in one, false discoveries.

    A new installation gets short windows and, for their little power, twice the false discoveries: its q says so.
    """

    windows: tuple[int, ...]
    papers: int
    days: int
    rate: float = 0.05
    emerging: bool = False

    @classmethod
    def of(cls, history: int) -> _Plan | None:
        if history >= 60:
            return cls((10, _EMERGING_DAYS, 40), 5, 3, emerging=True)
        if history >= 20:
            return cls(tuple(window for window in (3, 5, 10, 20) if 2 * window <= history), 5, 3)
        windows = tuple(window for window in (2, 3, 4, 5) if 2 * window <= history)
        return cls(windows, 4, 2, rate=0.1) if history >= 6 else None


@dataclass(frozen=True, slots=True)
class _Test:
    """One window's figures, one a term: papers seen and expected, and the probability of as many by chance."""

    window: int
    p: Floats
    seen: Floats
    expected: Floats


@dataclass(frozen=True, slots=True)
class _Rise:
    """A term on the day asked for; ``rows`` are the papers that carry it within its window, newest first."""

    column: int
    key: str
    q: float
    seen: float
    expected: float
    window: int
    rows: Rows


def rising_terms(documents: Sequence[Document], day: date, told: Sequence[Trend] = ()) -> tuple[Trend, ...]:
    """Return the terms that rise on ``day``, most certain first, from documents up to and including ``day`` alone.

    Nothing rises on a day that lists nothing, nor before the sixth listing day. ``told`` are trends that the reader
    knows: a term is silent for 30 listing days after it was told, and one that shares 35 % of its papers with a trend
    told within 60 adds nothing. Who replays many days builds one ``TermTable`` and asks it.
    """
    return TermTable(documents).rising(day, told)


class TermTable:
    """Which of the documents carry which term, read once for any number of days."""

    def __init__(self, documents: Sequence[Document]) -> None:
        first: dict[int, Document] = {}
        for document in sorted(documents, key=lambda document: (document.day, document.paper_id)):
            first.setdefault(document.paper_id, document)
        self._documents = list(first.values())
        self._days = sorted({document.day for document in self._documents})
        places = {day: place for place, day in enumerate(self._days)}
        self._day_of = np.array([places[document.day] for document in self._documents], dtype=np.int64)
        self._read()

    def _read(self) -> None:
        """Fill the matrices, papers by terms, with the terms of three papers or more: rarer ones can never rise."""
        parts = [marks(document.title, document.abstract) for document in self._documents]
        keys = np.concatenate([np.empty(0, np.int64), *(part[0] for part in parts)])
        flags = np.concatenate([np.empty(0, np.uint8), *(part[1] for part in parts)])
        rows = np.repeat(np.arange(len(parts)), [len(part[0]) for part in parts])
        hashes, columns, counts = np.unique(keys, return_inverse=True, return_counts=True)
        kept = counts >= _LEAST_PAPERS
        self._hashes = hashes[kept]
        held = kept[columns]
        rows, columns, flags = rows[held], (np.cumsum(kept) - 1)[columns[held]], flags[held]
        self._papers, self._titles, self._names, several = (
            csr_matrix((given.astype(np.float64), (rows, columns)), shape=(len(parts), len(self._hashes)))
            for given in (flags >= 0, flags & IN_TITLE > 0, flags & NAME_LIKE > 0, flags & SEVERAL_WORDS > 0)
        )
        self._by_term = self._papers.tocsc()
        self._is_single = _sums(several) == 0

    def rising(self, day: date, told: Sequence[Trend] = ()) -> tuple[Trend, ...]:
        """Return what ``rising_terms`` does."""
        history = bisect_right(self._days, day)
        plan = _Plan.of(history)
        if plan is None or self._days[history - 1] != day:
            return ()
        rises = sorted(self._rises(history - 1, plan), key=lambda rise: (rise.q, -rise.key.count(" "), rise.key))
        fresh = [rise for rise in rises if not self._is_told(rise, told, history - 1)]
        return tuple(self._trend(rise, others, history - 1) for rise, others in _topics(fresh))

    # --- which terms rise ---

    def _rises(self, today: int, plan: _Plan) -> Iterator[_Rise]:
        family = self._topical(today)
        if not family.size:
            return
        tests = [self._test(today, window, family) for window in plan.windows]
        p = np.array([test.p for test in tests])
        scale = np.where(self._is_plain_word(today, family), _PLAIN_WORD, 1) * _CORRELATED_WINDOWS
        q = _false_discovery_rates(np.minimum(1, p.min(axis=0) * scale))
        best = p.argmin(axis=0)
        new_names = (q <= _EMERGING_RATE) & self._emerging(today, family) & plan.emerging
        for place in np.flatnonzero((q <= plan.rate) | new_names):
            test = tests[best[place]]
            needed = _EMERGING_PAPERS if new_names[place] else plan.papers
            if new_names[place]:
                test = tests[plan.windows.index(_EMERGING_DAYS)]
            rows = self._carrying(int(family[place]), today, test.window)
            days = {*self._day_of[rows].tolist()}
            bursts = test.seen[place] >= _LEAST_RATIO * test.expected[place]
            if bursts and today in days and len(days) >= plan.days and len(rows) >= needed:
                figures = float(test.seen[place]), float(test.expected[place])
                yield _Rise(
                    int(family[place]),
                    self._key(int(family[place]), rows),
                    float(q[place]),
                    *figures,
                    test.window,
                    rows,
                )

    def _topical(self, today: int) -> Rows:
        """Columns that can name a topic: enough papers lately that say it in their title or write it as a name."""
        lately = self._since(today, _TOPICAL_DAYS)
        papers, titles = _sums(self._papers[lately]), _sums(self._titles[lately])
        in_title = (titles >= 2) & (titles >= 0.1 * papers)
        named = (titles >= 1) & (titles >= 0.03 * papers) & (_sums(self._names[lately]) >= 0.6 * papers)
        return np.flatnonzero((papers >= _LEAST_PAPERS) & (in_title | named))

    def _is_plain_word(self, today: int, columns: Rows) -> Flags:
        """Single words that are not written like a name: "axis", "cheap", "rank"; they need ten times the evidence."""
        lately = self._since(today, _TOPICAL_DAYS)
        papers, names = _sums(self._papers[lately])[columns], _sums(self._names[lately])[columns]
        return np.asarray((names < 0.6 * papers) & self._is_single[columns])

    def _test(self, today: int, window: int, columns: Rows) -> _Test:
        """Mid-p of the negative-binomial tail: what a Gamma-Poisson model predicts from a fading past."""
        now, before = self._since(today, window), slice(0, self._since(today, window).start)
        fading = 0.5 ** ((today - window - self._day_of[before]) / _HALF_LIFE)
        count, papers = (fading @ self._papers[before])[columns], float(fading.sum())
        prior = min(_PRIOR_COUNT / max(count.mean() / papers, 1e-9), papers / 4)
        seen, size = _sums(self._papers[now])[columns], now.stop - now.start
        share = size / (papers + prior + size)
        tail, beyond = (betainc(np.maximum(seen + more, 1e-9), count + _PRIOR_COUNT, share) for more in (0, 1))
        return _Test(window, (tail + beyond) / 2, seen, size * (count + _PRIOR_COUNT) / (papers + prior))

    def _emerging(self, today: int, columns: Rows) -> Flags:
        """New names: hardly a paper in all history before the last 20 listing days, and four since."""
        lately = self._since(today, _EMERGING_DAYS)
        before = _sums(self._papers[: lately.start])[columns]
        return (before <= 1) & (_sums(self._papers[lately])[columns] >= _EMERGING_PAPERS)

    # --- looking things up ---

    def _since(self, today: int, days: int) -> slice:
        """Rows of the last ``days`` listing days up to ``today``."""
        start, end = np.searchsorted(self._day_of, (today - days + 1, today + 1))
        return slice(int(start), int(end))

    def _carrying(self, column: int, today: int, days: int) -> Rows:
        """Rows of the last ``days`` listing days that carry a term, newest first."""
        start, end = self._by_term.indptr[column : column + 2]
        rows = self._by_term.indices[start:end]
        span = self._since(today, days)
        return np.asarray(rows[(rows >= span.start) & (rows < span.stop)][::-1], dtype=np.int64)

    def _key(self, column: int, rows: Rows) -> str:
        document = self._documents[rows[0]]
        return next(key for key in terms(document.title, document.abstract) if hash(key) == self._hashes[column])

    def _columns(self, trend: Trend) -> list[int]:
        hashes = [hash(term_key(name)) for name in (trend.name, *trend.also)]
        places = np.searchsorted(self._hashes, hashes)
        return [
            int(place)
            for place, value in zip(places, hashes, strict=True)
            if place < len(self._hashes) and self._hashes[place] == value
        ]

    # --- what readers are told ---

    def _is_told(self, rise: _Rise, told: Sequence[Trend], today: int) -> bool:
        recent = {*self._carrying(rise.column, today, _EMERGING_DAYS).tolist()}
        for trend in told:
            age = today + 1 - bisect_right(self._days, trend.day)
            if trend.kind != "term" or age < 0 or age >= _TOLD_DAYS:
                continue
            columns = self._columns(trend)
            if rise.column in columns and age < _COOLDOWN:
                return True
            known = {row for column in columns for row in self._carrying(column, today, _EMERGING_DAYS).tolist()}
            if rise.column not in columns and len(recent & known) >= _TOLD_OVERLAP * len(recent):
                return True
        return False

    def _trend(self, rise: _Rise, others: Sequence[_Rise], today: int) -> Trend:
        rows = self._carrying(rise.column, today, _SERIES)
        first = max(0, today - _SERIES + 1)
        per_day = np.bincount(self._day_of[rows] - first, minlength=today - first + 1)
        variants = (self._surface(other) for other in others if not _is_part(other.key, rise.key))
        return Trend(
            kind="term",
            name=self._surface(rise),
            day=self._days[today],
            seen=rise.seen,
            expected=round(rise.expected, 4),
            q=rise.q,
            days=rise.window,
            series=tuple(per_day.astype(float).tolist()),
            paper_ids=tuple(self._documents[row].paper_id for row in rise.rows),
            also=tuple(dict.fromkeys(variants)),
        )

    def _surface(self, rise: _Rise) -> str:
        """The term as most of its papers print it."""
        documents = (self._documents[row] for row in rise.rows)
        prints = Counter(terms(document.title, document.abstract)[rise.key].surface for document in documents)
        return min(prints, key=lambda surface: (-prints[surface], surface))


def _topics(rises: Sequence[_Rise]) -> list[tuple[_Rise, list[_Rise]]]:
    """Rises, strongest first, each with the later ones that share 60 % of the smaller side's papers with it."""
    topics: list[tuple[_Rise, list[_Rise]]] = []
    for rise in rises:
        papers = {*rise.rows.tolist()}
        for leader, others in topics:
            theirs = {*leader.rows.tolist()}
            if len(papers & theirs) >= _ONE_TOPIC * min(len(papers), len(theirs)):
                others.append(rise)
                break
        else:
            topics.append((rise, []))
    return topics


def _is_part(key: str, whole: str) -> bool:
    return f" {key} " in f" {whole} "


def _sums(matrix: Any) -> Floats:
    return np.asarray(matrix.sum(axis=0)).ravel()


def _false_discovery_rates(p: Floats) -> Floats:
    """Benjamini-Hochberg adjusted p-values (JRSS B 57, 1995): the rate at which each test passes, never above 1."""
    order = np.argsort(p, kind="stable")
    scaled = p[order] * len(p) / np.arange(1, len(p) + 1)
    rates = np.empty(len(p))
    rates[order] = np.minimum(1, np.minimum.accumulate(scaled[::-1])[::-1])
    return rates
