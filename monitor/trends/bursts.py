"""Terms and authors that more papers carry than their own past explains, at a stated rate of false alarms.

The counts of the last few listing days are tested against a Gamma-Poisson prediction from an exponentially fading past,
source by source, and the share of false alarms is held by Benjamini and Hochberg (1995) over all terms that can name a
topic. A second rule, for new names, asks for less: hardly a paper before, and four within twenty listing days, or three
that write it like a name.

A term can name a topic when papers carry it in their titles and come back to it in their abstracts, or write it like a
name: words of style ("cheap", "along the axis") stand once and in passing, as Church and Gale (1995) found. Filtering
before the test, not after it, doubles what can be found.

Below some 15 papers a listing day expect only large bursts: the limit is volume, not the test.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from monitor.trends.table import HALF_LIFE, RECENT, Columns, Counts, Floats, TermTable

Flags = npt.NDArray[np.bool_]

_LEAST_LATELY = 2.0
_PRIOR_COUNT = 0.25
_LEAST_RATIO = 3.0
_GROWTH = 1.5
_RATE, _AUTHORS_RATE = 0.12, 0.05
_TITLE_SHARE, _ONE_TITLE, _TITLES = 0.1, 0.7, 1.5
_REPEATED, _REPEATED_RUN, _REPEATED_LONE = 0.35, 0.1, 0.3
_CORRELATED_WINDOWS, _PLAIN_WORD = 1.5, 2.0
_EMERGING_DAYS, _EMERGING_PAPERS, _EMERGING_NAMES, _EMERGING_RATE = 20, 4, 3, 0.25


@dataclass(frozen=True, slots=True)
class Plan:
    """What a history of so many listing days can bear: windows, papers and days needed in one, false discoveries.

    A new installation gets short windows and, for their little power, twice the false discoveries: its q says so.
    """

    windows: tuple[int, ...]
    papers: int
    days: int
    rate: float = 0.05
    emerging: bool = False

    @classmethod
    def of(cls, history: int) -> Plan | None:
        """Return the plan for a table of ``history`` listing days, ``None`` while there are too few."""
        if history >= 60:
            return cls((10, _EMERGING_DAYS, RECENT), 5, 3, rate=_RATE, emerging=True)
        if history >= 20:
            return cls(tuple(window for window in (3, 5, 10, 20) if 2 * window <= history), 5, 3)
        windows = tuple(window for window in (2, 3, 4, 5) if 2 * window <= history)
        return cls(windows, 4, 2, rate=0.1) if history >= 6 else None

    def of_authors(self) -> Plan:
        """Return the plan for authors: each is new some day, and many a name is that of several."""
        return replace(self, rate=min(self.rate, _AUTHORS_RATE), emerging=False)


@dataclass(frozen=True, slots=True)
class Rise:
    """A term on the table's last day: papers seen and expected in ``window`` listing days, their share of all papers.

    ``papers`` are the ids of those that carry it within the window, newest first; ``days`` its papers on each of the
    last 40 listing days.
    """

    column: int
    q: float
    seen: float
    expected: float
    share: float
    window: int
    papers: tuple[int, ...]
    days: Floats
    is_new: bool = False


@dataclass(frozen=True, slots=True)
class Test:
    """One window's figures, one a term: papers seen and expected, and the probability of as many by chance."""

    window: int
    p: Floats
    seen: Floats
    expected: Floats
    papers: float


def rises(table: TermTable) -> list[Rise]:
    """Return the terms and authors that rise on the last day of ``table``, the most certain first.

    Nothing rises before the sixth listing day.
    """
    plan = Plan.of(len(table.days))
    if plan is None:
        return []
    authors = table.are_authors()
    able = topical(table)
    found = [*_rises(table, plan, able & ~authors), *_rises(table, plan.of_authors(), able & authors)]
    return sorted(found, key=lambda rise: (rise.q, -rise.seen, table.hash_of(rise.column)))


def topical(table: TermTable) -> Flags:
    """Return which terms can name a topic, by how the papers of late carry them."""
    papers, titles, names, repeated = table.lately()
    single = table.are_single()
    often = repeated >= np.where(single, _REPEATED, _REPEATED_RUN) * papers
    in_title = (titles >= _TITLES) & (often | (titles >= 0.5 * papers))
    in_title |= ~single & (titles >= _ONE_TITLE) & (repeated >= _REPEATED_LONE * papers)
    named = (titles >= _ONE_TITLE) & (titles >= 0.03 * papers) & (names >= 0.6 * papers)
    return np.asarray((papers >= _LEAST_LATELY) & ((in_title & (titles >= _TITLE_SHARE * papers)) | named))


def _rises(table: TermTable, plan: Plan, able: Flags) -> Iterator[Rise]:
    family = np.flatnonzero(able)
    if not family.size:
        return
    counts = table.counts(family)
    tests = [test(counts, window) for window in plan.windows]
    p = np.array([one.p for one in tests])
    plain = table.are_single()[family] & ~_are_names(table, family)  # "axis", "rank": they need more evidence
    scale = np.where(plain, _PLAIN_WORD, 1) * _CORRELATED_WINDOWS
    q = false_discovery_rates(np.minimum(1, p.min(axis=0) * scale))
    best = p.argmin(axis=0)
    least = np.where(_are_names(table, family), _EMERGING_NAMES, _EMERGING_PAPERS)
    new = (q <= _EMERGING_RATE) & _emerging(counts, plan, least)
    today = counts.recent[:, -1].sum(axis=0) > 0
    likely = np.flatnonzero(((q <= plan.rate) | new) & today)
    chosen = [tests[plan.windows.index(_EMERGING_DAYS)] if new[place] else tests[best[place]] for place in likely]
    carried = table.carrying([int(family[place]) for place in likely], RECENT)
    for place, one in zip(likely, chosen, strict=True):
        papers = [pair for pair in carried[int(family[place])] if pair[0] >= len(table.days) - one.window]
        needed = least[place] if new[place] else plan.papers
        seen, expected = float(one.seen[place]), float(one.expected[place])
        if seen >= max(needed, _LEAST_RATIO * expected) and len({day for day, _ in papers}) >= plan.days:
            yield Rise(
                int(family[place]), float(q[place]), seen, expected, seen / one.papers, one.window,
                tuple(paper_id for _, paper_id in papers), counts.recent[:, :, place].sum(axis=0), bool(new[place]),
            )  # fmt: skip


def test(counts: Counts, window: int) -> Test:
    """Return mid-p of the negative-binomial tail: what a Gamma-Poisson model predicts if a term had grown by half.

    The prediction is from each source's own past, and a source counts from when it has been read for twice the window:
    what it always listed is no news because it is new to us.
    """
    held = counts.ages >= 2 * window
    before = RECENT - window
    fading = 0.5 ** (np.arange(before - 1, -1, -1) / HALF_LIFE)
    older = 0.5 ** (before / HALF_LIFE)
    past = np.einsum("d,sdt->st", fading, counts.recent[held, :before]) + older * counts.past[held]
    past_papers = counts.papers[held, :before] @ fading + older * counts.past_papers[held]
    papers = counts.papers[held, before:].sum(axis=1)
    seen = counts.recent[held, before:].sum(axis=(0, 1))
    mean, excess = predicted(past, past_papers, papers)
    p = np.ones(len(seen))
    more = np.flatnonzero((mean > 0) & (seen > _GROWTH * mean))  # the others are no news, however unlikely
    p[more] = tail(seen[more], _GROWTH * mean[more], _GROWTH**2 * excess[more])
    return Test(window, p, seen, mean, max(float(papers.sum()), 1.0))


def predicted(past: Floats, past_papers: Floats, papers: Floats) -> tuple[Floats, Floats]:
    """Return how many of the ``papers`` of each source carry each term, and by how much that varies beyond Poisson.

    ``past`` (source, term) counts those of ``past_papers`` (source) that did. Sources add up, each from its own past;
    one without a past adds nothing.
    """
    mean, excess = np.zeros(past.shape[1]), np.zeros(past.shape[1])
    total = max(float(papers.sum()), 1.0)
    for stratum in np.flatnonzero((papers > 0) & (past_papers > 0)):
        count = past[stratum] + _PRIOR_COUNT * papers[stratum] / total
        usual = max(float(past[stratum].mean()) / past_papers[stratum], 1e-9)
        share = papers[stratum] / (past_papers[stratum] + min(_PRIOR_COUNT / usual, past_papers[stratum] / 4))
        mean += share * count
        excess += share**2 * count
    return mean, excess


def tail(seen: Floats, mean: Floats, excess: Floats) -> Floats:
    """Return the probability of as many papers or more, half of that of exactly as many left out (mid-p).

    The distribution is negative-binomial with the given mean, and a variance that exceeds it by ``excess``.
    """
    from scipy.special import betainc

    size = np.maximum(mean**2 / np.maximum(excess, 1e-12), 1e-9)
    chance = np.clip(excess / np.maximum(mean + excess, 1e-12), 1e-12, 1.0)
    as_many, more = (betainc(np.maximum(seen + one, 1e-9), size, chance) for one in (0, 1))
    return np.asarray((np.where(seen > 0, as_many, 1.0) + more) / 2)


def _are_names(table: TermTable, columns: Columns) -> Flags:
    papers, _, names, _ = (figures[columns] for figures in table.lately())
    return np.asarray(names >= 0.6 * papers)


def _emerging(counts: Counts, plan: Plan, least: npt.NDArray[np.int64]) -> Flags:
    """New names: hardly a paper in all history before the last 20 listing days, and ``least`` since."""
    if not plan.emerging:
        return np.zeros(counts.past.shape[1], dtype=bool)
    before = counts.past.sum(axis=0) + counts.recent[:, : RECENT - _EMERGING_DAYS].sum(axis=(0, 1))
    held = counts.ages >= 2 * _EMERGING_DAYS
    return np.asarray((before <= 1) & (counts.recent[held, -_EMERGING_DAYS:].sum(axis=(0, 1)) >= least))


def false_discovery_rates(p: Floats) -> Floats:
    """Benjamini-Hochberg adjusted p-values (JRSS B 57, 1995): the rate at which each test passes, never above 1."""
    order = np.argsort(p, kind="stable")
    scaled = p[order] * len(p) / np.arange(1, len(p) + 1)
    rates = np.empty(len(p))
    rates[order] = np.minimum(1, np.minimum.accumulate(scaled[::-1])[::-1])
    return rates
