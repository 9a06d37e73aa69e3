"""The one space in which all topics and papers of an installation are compared.

A paper is three rows: TF-IDF (1 + log tf, smooth idf, unit length), BM25 weights (Robertson and Zaragoza 2009, k1
1.2, b .75), and its place on the main axes of the TF-IDF rows (LSA: Deerwester et al. 1990; by randomised SVD, Halko
et al. 2011, seeded). How common terms are is counted over the store's newest papers and, with the weight of
``BACKGROUND_PAPERS`` papers, over the background that is shipped, so that the first day's eight papers are weighed as
sensibly as the hundred thousandth.
"""

from __future__ import annotations

from bisect import bisect
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cache, cached_property
from itertools import repeat
from typing import Any

import numpy as np
from numpy.typing import NDArray

from monitor.matchers._axes import SEED, Axes, Vector, axes_of
from monitor.matchers._encoder import Encoder
from monitor.matchers.background import Background, background
from monitor.matchers.postings import Postings, postings_of
from monitor.matchers.terms import counts
from monitor.types.papers import Paper

Row = tuple[NDArray[np.int32], Vector]
"""Columns, in order, and how often the term of each stands in a paper."""

MOST_PAPERS = 20_000
"""Only so many of the newest papers shape the space: time and memory do not grow with the store."""
BACKGROUND_PAPERS = 3_000
_MOST_TERMS = 200_000
_TOO_COMMON = 0.3
_K1, _B = 1.2, 0.75
_FEW = 1_000
"""A store of fewer papers has no say in the axes: they would hardly differ, and finding them takes a second."""
_OTHERS, _REFERENCE = 2_500, 5_000
_MOST_KEPT, _KEPT_BETWEEN = 2 * MOST_PAPERS, 5_000
_MOST_COUNTED = 10_000
_RATE_DAYS, _LEAST_RATE_DAYS = 28, 14
_BACKGROUND_PAPER = Paper(0, "", "", "", datetime.min.replace(tzinfo=UTC))


@dataclass(frozen=True, eq=False)
class Features:
    """Papers, read: row *i* of each matrix is ``papers[i]``. ``postings`` answers questions about exact words."""

    papers: tuple[Paper, ...]
    tfidf: Any
    bm25: Any
    axes: Vector
    postings: Postings

    def only(self, place: int) -> Features:
        """Return one of the papers alone, kept for the next topic that asks for it."""
        if place not in self._alone:
            rows = slice(place, place + 1)
            paper = self.papers[place]
            self._alone[place] = Features(
                (paper,), self.tfidf[rows], self.bm25[rows], self.axes[rows], postings_of(paper)
            )
        return self._alone[place]

    def terms_of(self, place: int) -> tuple[NDArray[np.int32], Vector]:
        """Return one paper's terms, by column, and what each weighs in it."""
        rows = slice(self.tfidf.indptr[place], self.tfidf.indptr[place + 1])
        return self.tfidf.indices[rows], self.tfidf.data[rows]

    @cached_property
    def _alone(self) -> dict[int, Features]:
        return {}

    @cached_property
    def by_key(self) -> dict[str, int]:
        """Where each paper stands, by its key."""
        return {paper.key: place for place, paper in enumerate(self.papers)}

    @cached_property
    def by_author(self) -> dict[tuple[str, ...], list[int]]:
        """Where each author's papers stand, by name as ``names.parts`` reads it."""
        found: dict[tuple[str, ...], list[int]] = {}
        for place, authors in enumerate(self.postings.authors):
            for author in authors:
                found.setdefault(author, []).append(place)
        return found

    @cached_property
    def turned(self) -> tuple[Any, Any]:
        """The TF-IDF and BM25 rows as columns, for products with many topics."""
        return self.tfidf.T.tocsr(), self.bm25.T.tocsr()


@dataclass(eq=False)
class Space:
    """A shared vocabulary with its statistics.

    ``rows`` are the store's papers, filled up with background while they are few: ``reference`` says what is ordinary,
    and ``others`` are examples of what a topic is not. ``encoder`` makes vectors where the operator supplies a model.
    """

    vocabulary: dict[str, int]
    idf: Vector
    papers: tuple[Paper, ...]
    _axes: Axes
    _mean_length: float
    _bm25_idf: Vector
    rows: Rows
    _read: dict[tuple[Paper, ...], Features] = field(default_factory=dict)
    _counted: dict[tuple[str, str], Row] = field(default_factory=dict)
    encoder: Encoder | None = None

    def features(self, papers: Sequence[Paper]) -> Features:
        """Return ``papers`` in this space, one row each, in order, kept for the next topic that asks for the same."""
        key = tuple(papers)
        found = self._read.pop(key, None)
        if found is None:
            self._make_room(_MOST_KEPT - len(key))
            matrix = _matrix([self._row(paper) for paper in papers], len(self.vocabulary))
            tfidf = _tfidf(matrix, self.idf)
            bm25 = _bm25(matrix, self._bm25_idf, self._mean_length)
            found = Features(key, tfidf, bm25, self._axes.places(tfidf), Postings(papers))
        self._read[key] = found
        return found

    def let_go(self) -> None:
        """Keep read only what was asked for last: all topics of a round ask for the same, the next one for others.

        What was read of a paper takes some 10 KB, four times its text.
        """
        self._make_room(_KEPT_BETWEEN)

    def _row(self, paper: Paper) -> Row:
        """Return a paper's counts; examples come again with each change of their topic and are read once."""
        place = self._places.get(paper.key)
        if place is not None and _texts(self.papers[place]) == _texts(paper):
            start, end = self.rows.counts.indptr[place : place + 2]
            return self.rows.counts.indices[start:end], self.rows.counts.data[start:end]
        row = self._counted.pop(_texts(paper), None) or _row(counts(*_texts(paper)), self.vocabulary)
        self._counted[_texts(paper)] = row
        if len(self._counted) > _MOST_COUNTED:
            del self._counted[next(iter(self._counted))]
        return row

    def _make_room(self, most: int) -> None:
        kept = list(self._read)  # others may read meanwhile
        while kept and sum(map(len, kept)) > most:
            self._read.pop(kept.pop(0), None)

    def places(self, papers: Sequence[Paper]) -> NDArray[np.intp]:
        """Return the rows that are ``papers``; those that the space was not built from are left out."""
        rows = self._places
        return np.array(sorted(rows[paper.key] for paper in papers if paper.key in rows), np.intp)

    @cached_property
    def _places(self) -> dict[str, int]:
        return {paper.key: place for place, paper in enumerate(self.papers)}

    @cached_property
    def ordinary(self) -> Features:
        """Some thousand papers of all kinds: what a score is compared with. Background rows stand without a text."""
        rows, places = self.rows, self.rows.reference
        papers = tuple(self.papers[place] if place < len(self.papers) else _BACKGROUND_PAPER for place in places)
        return Features(papers, rows.tfidf[places], rows.bm25[places], rows.axes[places], Postings(papers))

    @cached_property
    def papers_a_week(self) -> float | None:
        """How many papers a week came lately, or ``None`` before two weeks have passed."""
        if not self.papers:
            return None
        newest = self.papers[-1].first_seen
        days = min(_RATE_DAYS, (newest - self.papers[0].first_seen).days)
        if days < _LEAST_RATE_DAYS:
            return None
        return sum((newest - paper.first_seen).days < days for paper in self.papers) * 7 / days

    def vector(self, wanted: Sequence[str]) -> Vector:
        """Return the unit TF-IDF row of some terms, dense; all zero when none of them is known."""
        row: Vector = np.zeros(len(self.vocabulary), np.float32)
        for term in wanted:
            if term in self.vocabulary:
                row[self.vocabulary[term]] = self.idf[self.vocabulary[term]]
        length = float(np.linalg.norm(row))
        return np.asarray(row / length, np.float32) if length else row

    def on_axes(self, vector: Vector) -> Vector:
        """Return where a TF-IDF row lies on the axes, at unit length."""
        return self._axes.place(vector)

    @cached_property
    def names(self) -> list[str]:
        """The terms, by column."""
        return list(self.vocabulary)


@dataclass(frozen=True, slots=True, eq=False)
class Rows:
    """What a space was built from: papers, then background. ``others`` and ``reference`` are row numbers."""

    counts: Any
    tfidf: Any
    bm25: Any
    axes: Vector
    others: NDArray[np.intp]
    reference: NDArray[np.intp]


def build_space(papers: Sequence[Paper]) -> Space:
    """Return the space of a store's papers; of more than ``MOST_PAPERS``, the ones first seen last shape it.

    The same papers give the same space, whatever their order. Takes about half a millisecond a paper.
    """
    from scipy import sparse

    kept = tuple(sorted(papers, key=lambda paper: (paper.first_seen, paper.id, paper.key))[-MOST_PAPERS:])
    ground = background()
    read = [counts(paper.title, paper.abstract) for paper in kept]
    vocabulary, share = _vocabulary(read, ground)
    counted = _matrix([_row(bag, vocabulary) for bag in read], len(vocabulary))
    del read  # a hundred times what is kept of it
    moved = np.array([vocabulary.get(term, -1) for term in ground.terms], np.int32)
    matrix = sparse.vstack([counted, _bags(ground, moved, len(vocabulary), BACKGROUND_PAPERS - len(kept))]).tocsr()
    total = len(kept) + ground.papers
    held = share * total
    idf = (np.log((1 + total) / (1 + held)) + 1).astype(np.float32)
    bm25_idf = np.log(1 + (total - held + 0.5) / (held + 0.5)).astype(np.float32)
    tfidf = _tfidf(matrix, idf)
    mean_length = float(matrix.sum() / max(1, matrix.shape[0]))
    draw = np.random.default_rng(SEED)
    axes = axes_of(tfidf, held, draw) if len(kept) >= _FEW else _axes_of_background().among(moved)
    rows = Rows(
        matrix,
        tfidf,
        _bm25(matrix, bm25_idf, mean_length),
        axes.places(tfidf),
        np.sort(draw.permutation(matrix.shape[0])[:_OTHERS]),
        np.sort(draw.permutation(matrix.shape[0])[:_REFERENCE]),
    )
    return Space(vocabulary, idf, kept, axes, mean_length, bm25_idf, rows)


def _vocabulary(read: Sequence[Counter[str]], ground: Background) -> tuple[dict[str, int], NDArray[np.float64]]:
    """Return the terms worth a column, in alphabetical order, and the share of papers that hold each."""
    ours: Counter[str] = Counter()
    for paper in read:
        ours.update(paper.keys())
    known, held = _places_of_background(), ground.document_counts * (BACKGROUND_PAPERS / ground.papers)
    total = len(read) + BACKGROUND_PAPERS
    least_single, least_pair = (1, 1) if len(read) < 100 else (2, 3) if len(read) < 2_000 else (2, 4)
    new = []
    for term, papers in ours.items():
        if term in known:
            held[known[term]] += papers
        elif papers >= (least_pair if " " in term else least_single):
            new.append(term)
    new.sort()  # the longest that other threads wait while a space is built
    named = sorted([*ground.terms, *new])  # which is but to merge them
    between = np.array([bisect(ground.terms, term) for term in new], np.intp)
    shares = np.insert(held, between, [ours[term] for term in new]) / total
    common = np.flatnonzero(shares <= _TOO_COMMON)
    chosen = np.sort(common[np.argsort(-shares[common], kind="stable")[:_MOST_TERMS]])
    return {named[place]: column for column, place in enumerate(chosen.tolist())}, shares[chosen]


def _texts(paper: Paper) -> tuple[str, str]:
    return paper.title, paper.abstract


def _row(bag: Counter[str], vocabulary: dict[str, int]) -> Row:
    columns = np.fromiter(map(vocabulary.get, bag, repeat(-1)), np.int32, len(bag))
    order = np.argsort(columns)[np.count_nonzero(columns < 0) :]
    return columns[order], np.fromiter(bag.values(), np.float32, len(bag))[order]


def _matrix(rows: Sequence[Row], width: int) -> Any:
    from scipy import sparse

    starts = np.cumsum([0, *(len(columns) for columns, _ in rows)], dtype=np.int32)
    columns = np.concatenate([np.zeros(0, np.int32), *(columns for columns, _ in rows)])
    values = np.concatenate([np.zeros(0, np.float32), *(values for _, values in rows)])
    return sparse.csr_matrix((values, columns, starts), shape=(len(rows), width))


def _bags(ground: Background, moved: NDArray[np.int32], width: int, wanted: int) -> Any:
    """Return some of the background's bags, where the term in column *i* has moved to ``moved[i]``, or fell out: -1."""
    from scipy import sparse

    bags = ground.bags[: max(0, wanted)].tocoo()
    columns = moved[bags.col]
    kept = columns >= 0
    entries = (bags.data[kept], (bags.row[kept], columns[kept]))
    return sparse.csr_matrix(entries, shape=(bags.shape[0], width), dtype=np.float32)


def _with_data(matrix: Any, data: Vector) -> Any:
    """Return a matrix of other figures in the same places, of which there is one copy for all."""
    from scipy import sparse

    return sparse.csr_matrix((data, matrix.indices, matrix.indptr), shape=matrix.shape)


def _tfidf(matrix: Any, idf: Vector) -> Any:
    weighted = _with_data(matrix, (1 + np.log(matrix.data)) * idf[matrix.indices])
    lengths = np.sqrt(np.asarray(weighted.multiply(weighted).sum(axis=1)).ravel())
    weighted.data /= np.repeat(np.where(lengths > 0, lengths, 1), np.diff(weighted.indptr)).astype(np.float32)
    return weighted


def _bm25(matrix: Any, idf: Vector, mean_length: float) -> Any:
    lengths = np.asarray(matrix.sum(axis=1)).ravel() / max(mean_length, 1.0)
    damping = np.repeat(_K1 * (1 - _B + _B * lengths), np.diff(matrix.indptr)).astype(np.float32)
    return _with_data(matrix, matrix.data * (_K1 + 1) / (matrix.data + damping) * idf[matrix.indices])


@cache
def _places_of_background() -> dict[str, int]:
    return {term: place for place, term in enumerate(background().terms)}


@cache
def _axes_of_background() -> Axes:
    """Return the axes of the background's terms: what every small store is looked at along, found once a process."""
    ground = background()
    width = len(ground.terms)
    matrix = _bags(ground, np.arange(width, dtype=np.int32), width, BACKGROUND_PAPERS)
    held = ground.document_counts.astype(np.float64)
    idf = (np.log((1 + ground.papers) / (1 + held)) + 1).astype(np.float32)
    return axes_of(_tfidf(matrix, idf), held, np.random.default_rng(SEED))
