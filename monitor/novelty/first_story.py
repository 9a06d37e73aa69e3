"""How far a paper stands from everything that came before it.

The score is one minus the mean cosine with the five nearest papers of the last 180 days (TF-IDF); readers are told
only where it lies among the scores of the last 60 days' papers, for raw values mean nothing to anyone. It finds what
is unusual for these sources. It does not find the beginnings of trends: the first papers of later trends score like
any other (measured on 20 of them).
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import chain, groupby
from typing import Any
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from monitor.novelty.pairs import folded_words
from monitor.types.papers import Paper
from monitor.types.verdicts import COMPARED_DAYS

MEMORY = timedelta(days=COMPARED_DAYS)
"""A paper is compared with those first seen so long before it."""
_ENOUGH, _LEAST_SPAN = 100, timedelta(days=30)
_LATELY = timedelta(days=60)
KEPT = MEMORY + _LATELY  # the last 60 days' papers are measured as they were on their day
_NEAREST = 5
_MOST_PAST, _MOST_JUDGED = 20_000, 1_000
_ROWS = 200  # at a time, so that 20,000 columns take 16 MB
_COLUMNS = 2**20
_TELLING = math.log(10)  # words of more than a tenth of the papers cost ten times the rest and say next to nothing
Numbers = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Story:
    """``score`` in [0, 1] is the share of the last 60 days' papers that are less unlike the past than this one.

    ``nearest`` is the id of the paper of the past that is most like it.
    """

    score: float
    nearest: int


class Past:
    """The papers of the last eight months, kept between batches: what came is added, and weighed anew once a day."""

    def __init__(self, papers: Sequence[Paper] = ()) -> None:
        self._papers = list(papers)
        self._rows: dict[int, int] = {}  # of the papers whose words are counted, by id
        self._counts: Any = None
        self._standard: _Standard | None = None

    def add(self, papers: Sequence[Paper]) -> None:
        """Take in more papers."""
        self._papers += papers

    def stories(self, papers: Sequence[Paper]) -> dict[int, Story]:
        """Return the story of each paper by its id, against the papers first seen before it.

        There is none while fewer than 100 papers of the past count, or these span less than 30 days.
        """
        found: dict[int, Story] = {}
        in_order = sorted(papers, key=lambda paper: paper.first_seen)
        for moment, together in groupby(in_order, key=lambda paper: paper.first_seen):
            if self._standard is None or self._standard.day != moment.date():
                self._standard = self._made(moment)
            if self._standard:
                found |= self._standard.stories(list(together))
        return found

    def _made(self, moment: datetime) -> _Standard | None:
        """Return what the papers of a day (UTC) are measured against, or ``None`` while the past is too short."""
        self._papers = [paper for paper in self._papers if paper.first_seen >= moment - KEPT]
        past = [paper for paper in self._papers if paper.first_seen < moment]
        past.sort(key=lambda paper: (paper.first_seen, paper.id))
        within = sum(paper.first_seen >= moment - MEMORY for paper in past)
        if within < _ENOUGH or moment - past[0].first_seen < _LEAST_SPAN:
            return None
        step = 1 + len(past) // _MOST_PAST
        past = [paper for paper in past if paper.id % step == 0]  # the same ones on the next day
        return _Standard.of(past, self._counts_of(past), moment)

    def _counts_of(self, papers: Sequence[Paper]) -> Any:
        """Return the word counts of ``papers``, a row each; only those that the last day did not count are new work."""
        from scipy import sparse

        missing = [paper for paper in papers if paper.id not in self._rows]
        if missing:
            self._rows |= {paper.id: len(self._rows) + place for place, paper in enumerate(missing)}
            more = _counted(missing)
            self._counts = more if self._counts is None else sparse.vstack([self._counts, more], format="csr")
        self._counts = self._counts[np.array([self._rows[paper.id] for paper in papers])]
        self._rows = {paper.id: row for row, paper in enumerate(papers)}
        return self._counts


@dataclass(frozen=True, slots=True)
class _Standard:
    """What the papers of one day are measured against: the past in columns, and how strange its last papers were."""

    day: date
    ids: tuple[int, ...]
    seen: Numbers
    memory: float
    rarity: Numbers
    columns: Any
    usual: Numbers

    @classmethod
    def of(cls, past: Sequence[Paper], counts: Any, moment: datetime) -> _Standard:
        """Return the standard that ``past`` sets, oldest first.

        Its last papers are measured against what came before them; while most came at once, against all the others.
        """
        holding = np.bincount(counts.indices, minlength=_COLUMNS)
        rarity = np.log((1 + len(past)) / (1 + holding))
        rarity[rarity < _TELLING] = 0
        rows = _weighted(counts, rarity)
        columns, seen = rows.T.tocsr(), _moments(past)
        known = moment - past[0].first_seen  # while it is short, all are measured against equally short pasts
        recent = min(_LATELY, known / 4)
        memory = min(MEMORY, known - recent).total_seconds()
        windows = _windows(seen, seen, memory)
        lately = np.flatnonzero((windows[:, 1] - windows[:, 0] >= _ENOUGH) & (seen >= (moment - recent).timestamp()))
        if len(lately) < _ENOUGH:
            lately, windows = np.arange(len(past)), np.tile([0, len(past)], (len(past), 1))
            memory = MEMORY.total_seconds()
        judged = np.array(_thinned([*lately], _MOST_JUDGED))
        usual, _ = _strangeness(rows[judged], columns, windows[judged], judged)
        return cls(moment.date(), tuple(paper.id for paper in past), seen, memory, rarity, columns, np.sort(usual))

    def stories(self, papers: Sequence[Paper]) -> dict[int, Story]:
        """Return the story of each paper by its id."""
        windows = _windows(self.seen, _moments(papers), self.memory)
        scores, nearest = _strangeness(_weighted(_counted(papers), self.rarity), self.columns, windows)
        below, up_to = np.searchsorted(self.usual, scores, "left"), np.searchsorted(self.usual, scores, "right")
        shares = (below + up_to) / (2 * len(self.usual))
        return {
            paper.id: Story(round(float(share), 4), self.ids[place])
            for paper, share, place in zip(papers, shares, nearest, strict=True)
        }


def _moments(papers: Sequence[Paper]) -> Numbers:
    return np.array([paper.first_seen.timestamp() for paper in papers])


def _windows(seen: Numbers, moments: Numbers, memory: float) -> NDArray[np.intp]:
    """Return for each moment where its past begins and ends in ``seen``: so many seconds before it."""
    return np.stack([np.searchsorted(seen, moments - memory), np.searchsorted(seen, moments)], axis=1)


def _thinned(rows: list[Any], most: int) -> list[Any]:
    """An even selection of at most ``most`` rows, the last one kept."""
    return rows[:: -(1 + (len(rows) - 1) // most)][::-1]


def _counted(papers: Iterable[Paper]) -> Any:
    """Word counts, one row a paper; words share a million columns by their hash, so that none is ever unknown.

    Scikit-learn's HashingVectorizer does the same, and takes 50 MB of a daemon to import.
    """
    from scipy import sparse

    rows = [
        Counter(crc32(word.encode(errors="surrogatepass")) % _COLUMNS for word in folded_words(text))
        for text in (f"{paper.title} {paper.abstract}" for paper in papers)
    ]
    starts = np.cumsum([0, *map(len, rows)], dtype=np.int32)
    columns = np.fromiter(chain.from_iterable(rows), np.int32, starts[-1])
    values = np.fromiter(chain.from_iterable(row.values() for row in rows), np.float64, starts[-1])
    found = sparse.csr_matrix((values, columns, starts), shape=(len(rows), _COLUMNS))
    found.sort_indices()
    return found


def _weighted(counts: Any, rarity: Numbers) -> Any:
    """TF-IDF rows of unit length, term frequency damped, common words left out."""
    rows = counts.copy()
    rows.data = ((1 + np.log(rows.data)) * rarity[rows.indices]).astype(np.float32)
    rows.eliminate_zeros()
    lengths = np.sqrt(np.asarray(rows.multiply(rows).sum(axis=1)).ravel())
    rows.data /= np.repeat(np.where(lengths > 0, lengths, 1), np.diff(rows.indptr)).astype(np.float32)
    return rows


def _strangeness(
    rows: Any, columns: Any, windows: NDArray[np.intp], own: NDArray[np.intp] | None = None
) -> tuple[Numbers, NDArray[np.intp]]:
    """One minus the mean of the five highest cosines with the columns of each row's window, and which is highest.

    ``own`` is each row's own column, which is left out.
    """
    scores, nearest = [], []
    for start in range(0, rows.shape[0], _ROWS):
        cosines = (rows[start : start + _ROWS] @ columns).toarray()
        for row, (first, end) in zip(cosines, windows[start : start + _ROWS], strict=True):
            row[:first] = row[end:] = -1
        if own is not None:
            cosines[np.arange(len(cosines)), own[start : start + _ROWS]] = -1
        scores.append(1 - np.partition(cosines, -_NEAREST, axis=1)[:, -_NEAREST:].mean(axis=1))
        nearest.append(cosines.argmax(axis=1))
    return np.concatenate(scores), np.concatenate(nearest)
