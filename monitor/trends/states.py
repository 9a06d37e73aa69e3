"""How a rise goes on: emerging, rising, peaking, fading.

The last ten listing days are compared with the thirty before, source by source and by shares of all papers: a weekend,
a holiday, a batch that is late or a source that fails bring fewer papers, not a smaller share, and change nothing. A
state holds for at least five listing days, and gives way to evidence alone.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

import numpy as np

from monitor.trends.bursts import predicted, tail
from monitor.trends.table import RECENT, Counts, TermTable
from monitor.trends.topics import SERIES, Texts, age_of, hashes_of, rising_terms
from monitor.types.verdicts import Trend, TrendState

FOLLOWED = 120
"""Listing days for which a rise is followed; by then its height is the past against which a new one is measured."""

KNOWN = timedelta(days=400)
"""Calendar days for which a rise that was told is remembered: a second one must be twice as high."""

_NOW = 10
_HOLDS = 5
_SURE, _BACK, _HALVED = 0.05, 0.02, 0.6
_ESTABLISHED_DAYS, _ESTABLISHED = 20, 6.0


def today(table: TermTable, texts: Texts, told: Sequence[Trend] = ()) -> tuple[Trend, ...]:
    """Return what rises on the table's last day: rises that were told before, in their states, then those that begin.

    ``told`` are the rises of terms and authors of former days, each as it stood last.
    """
    going = followed(table, told)
    latest = {(one.kind, one.name, one.begun): one for one in (*told, *going)}
    begin = rising_terms(table, texts, tuple(latest.values()))
    names = {(one.kind, one.name) for one in begin}  # a second rise takes the place of the first
    return (*(one for one in going if (one.kind, one.name) not in names), *begin)


def followed(table: TermTable, told: Sequence[Trend]) -> tuple[Trend, ...]:
    """Return what became of the rises that were told before the table's last day and have not faded.

    Each in its state on that day, with its figures and papers of the same window as when it was told.
    """
    last = table.days[-1]
    going = [one for one in told if one.day < last and one.state != "fading" and 0 < age_of(table, one) < FOLLOWED]
    terms = [one for one in going if one.kind != "paper"]
    columns = table.columns({term for one in terms for term in hashes_of(one)})
    known = [(one, some[0]) for one in terms if (some := [columns[term] for term in hashes_of(one) if term in columns])]
    if not known:
        return ()
    counts = table.counts(np.array(sorted({column for _, column in known}), dtype=np.int64))
    places = {column: place for place, column in enumerate(sorted({column for _, column in known}))}
    carried = table.carrying(list(places), RECENT)
    return tuple(_today(table, one, counts, places[column], carried[column]) for one, column in known)


def _today(table: TermTable, trend: Trend, counts: Counts, place: int, carried: Sequence[tuple[int, int]]) -> Trend:
    state = _state(table, trend, counts, place)
    series = counts.recent[:, :, place].sum(axis=0)
    recent = [paper_id for day, paper_id in carried if day >= len(table.days) - trend.days]
    papers = max(1.0, float(counts.papers[:, -trend.days :].sum()))
    return replace(
        trend,
        day=table.days[-1],
        state=state,
        since=trend.since if state == trend.state else table.days[-1],
        seen=float(series[-trend.days :].sum()),
        share=max(trend.share, round(float(series[-trend.days :].sum()) / papers, 6)),
        series=tuple(series[-min(SERIES, len(table.days)) :].tolist()),
        paper_ids=tuple(recent) or trend.paper_ids,
    )


def _state(table: TermTable, trend: Trend, counts: Counts, place: int) -> TrendState:
    held = len(table.days) - bisect_right(table.days, trend.since or trend.day)
    if held < _HOLDS:
        return trend.state
    recent = counts.recent[:, :, [place]]
    now, before = recent[:, -_NOW:].sum(axis=(0, 1)), recent[:, :-_NOW].sum(axis=1)
    mean, excess = predicted(before, counts.papers[:, :-_NOW].sum(axis=1), counts.papers[:, -_NOW:].sum(axis=1))
    more, less = float(tail(now, mean, excess)[0]), 1 - float(tail(now, mean, excess)[0])
    if now[0] <= _HALVED * mean[0] and less < _SURE and trend.state != "emerging":
        return "fading"
    if trend.state == "emerging":
        grown = recent[:, -_ESTABLISHED_DAYS:].sum() >= _ESTABLISHED
        return "rising" if grown else "fading" if less < _SURE else "emerging"
    if trend.state == "peaking":
        return "rising" if more < _BACK else "peaking"
    return "rising" if more < 0.5 else "peaking"
