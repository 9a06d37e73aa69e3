"""The rules by which other programs call a term rising, on the same counts as ours."""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from math import sqrt

from monitor.trends.sheets import Sheet

Found = tuple[date, int, date, float, float]
"""Day, hash of the term, first day of the papers that raised the alarm, papers seen and expected."""

_MEAN_DAYS, _DEVIATIONS = 14, 3.0
_NOW_DAYS, _BEFORE_DAYS, _GROWTH, _LEAST = 5, 20, 3.0, 3
_COOLDOWN = 30


def mean_and_deviation(sheets: Sequence[Sheet]) -> Iterator[Found]:
    """Yield terms with more papers in a day than the mean and three deviations of the 14 days before: Huginn's rule."""
    days: deque[Counter[int]] = deque(maxlen=_MEAN_DAYS)
    total: Counter[int] = Counter()
    squares: Counter[int] = Counter()
    for sheet, counts in _counted(sheets):
        if len(days) == _MEAN_DAYS:
            for term, count in counts.items():
                mean = total[term] / _MEAN_DAYS
                deviation = sqrt(max(0.0, squares[term] / _MEAN_DAYS - mean**2))
                if count > mean + _DEVIATIONS * deviation:
                    yield sheet.day, term, sheet.day, float(count), mean
            old = days[0]
            total.subtract(old)
            squares.subtract({term: count**2 for term, count in old.items()})
        days.append(counts)
        total.update(counts)
        squares.update({term: count**2 for term, count in counts.items()})


def growth_ratio(sheets: Sequence[Sheet]) -> Iterator[Found]:
    """Yield terms with three times the papers a day in five days that they had in the twenty before, three at least.

    A term that was told is silent for 30 days.
    """
    days: deque[Counter[int]] = deque(maxlen=_NOW_DAYS + _BEFORE_DAYS)
    told: dict[int, int] = {}
    dates: list[date] = []
    for place, (sheet, counts) in enumerate(_counted(sheets)):
        days.append(counts)
        dates.append(sheet.day)
        if len(days) < _NOW_DAYS + _BEFORE_DAYS:
            continue
        recent = list(days)
        now = _sum(recent[_BEFORE_DAYS:])
        before = _sum(recent[:_BEFORE_DAYS])
        for term in counts:
            usual = before[term] * _NOW_DAYS / _BEFORE_DAYS
            grown = now[term] >= max(_LEAST, _GROWTH * usual)
            if grown and place - told.get(term, -_COOLDOWN) >= _COOLDOWN:
                told[term] = place
                yield sheet.day, term, dates[-_NOW_DAYS], float(now[term]), usual


def _sum(counters: Iterable[Counter[int]]) -> Counter[int]:
    total: Counter[int] = Counter()
    for one in counters:
        total.update(one)
    return total


def _counted(sheets: Sequence[Sheet]) -> Iterator[tuple[Sheet, Counter[int]]]:
    for sheet in sheets:
        yield sheet, Counter(sheet.hashes.tolist())
