"""What every kind of matcher gets and gives.

A kind is a file with ``fit(topic, examples, space) -> Part | None``: ``None`` when the topic says nothing that this
kind understands. ``fusion`` adds what the parts say: similarities first, turned into a probability by
``calibration``, then log-odds on top.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Literal, Protocol

import numpy as np
from numpy.typing import NDArray

from monitor.matchers._axes import Vector
from monitor.matchers.space import Features, Space
from monitor.types.papers import Paper
from monitor.types.verdicts import Reason

Scores = NDArray[np.float64]
Arrays = dict[str, NDArray[Any]]
"""What was learned, by name: numbers and text, nothing that runs when it is read."""


@dataclass(frozen=True, slots=True)
class Examples:
    """The papers that a topic names as wanted and not wanted, found by the caller. An abstract may be missing.

    ``faded`` says, by a paper's key, how much what was said long ago still counts: between 0 and 1, the full 1 for
    all that are not in it.
    """

    liked: tuple[Paper, ...] = ()
    unliked: tuple[Paper, ...] = ()
    faded: Mapping[str, float] = field(default_factory=dict)

    def weights(self, papers: Sequence[Paper]) -> Scores:
        """Return how much each of some examples counts."""
        return np.array([self.faded.get(paper.key, 1.0) for paper in papers])


class Part(Protocol):
    """One way of looking at papers, fitted to one topic."""

    @property
    def scale(self) -> Literal["similarity", "log-odds"]:
        """Whether scores are standard deviations above ordinary papers, or log-odds that speak for themselves."""

    @property
    def notes(self) -> tuple[str, ...]:
        """What the reader should know about this part of the topic, such as that its words are unknown."""

    def scores(self, features: Features) -> Scores:
        """Return one score a paper."""

    def line(self) -> Line | None:
        """Return the scores as one sum that many topics can be asked for at once; ``None`` when they are none."""

    def rest(self, features: Features) -> Scores | None:
        """Return what the scores of papers have beyond the line, or ``None`` when no paper has anything."""

    def arrays(self) -> Arrays | None:
        """Return what was learned, from which the kind's ``restore`` makes the part again; ``None`` when it is little.

        A kind whose parts give arrays has ``restore(arrays, topic, examples, space) -> Part``.
        """

    def reasons(self, features: Features, place: int) -> list[Reason]:
        """Return why one paper scores as it does; a share is a weight beside the part's other reasons."""


@dataclass(frozen=True, slots=True, eq=False)
class Standard:
    """Mean and deviation of ordinary papers under some score, to give scores of all kinds one unit."""

    mean: float
    deviation: float

    @classmethod
    def of(cls, ordinary: NDArray[Any]) -> Standard:
        """Return the standard that a score of ordinary papers sets."""
        return cls(float(ordinary.mean()), max(float(ordinary.std()), 1e-6))

    @classmethod
    def restored(cls, array: NDArray[Any]) -> Standard:
        """Return the standard that gave ``array``."""
        return cls(*array.tolist())

    def array(self) -> NDArray[Any]:
        """Return both numbers."""
        return np.array([self.mean, self.deviation])

    def __call__(self, raw: NDArray[Any]) -> Scores:
        """Return ``raw`` in standard deviations above the mean."""
        return np.asarray((raw - self.mean) / self.deviation, np.float64)


@dataclass(frozen=True, slots=True, eq=False)
class Weights:
    """A linear score: one weight a term (few are not zero) and one an axis. ``columns`` are in order."""

    columns: NDArray[np.intp]
    terms: Vector
    axes: Vector

    @classmethod
    def restored(cls, arrays: Arrays) -> Weights:
        """Return the weights that gave ``arrays``."""
        return cls(arrays["columns"].astype(np.intp), arrays["terms"], arrays["axes"])

    def arrays(self) -> Arrays:
        """Return columns, terms and axes."""
        return {"columns": self.columns.astype(np.int32), "terms": self.terms, "axes": self.axes}

    def apply(self, tfidf: Any, axes: Vector) -> NDArray[Any]:
        """Return the score of each row."""
        return np.asarray(product(tfidf, self.columns, self.terms) + axes @ self.axes)

    def of(self, columns: NDArray[Any]) -> Vector:
        """Return the weights of some terms, by column; 0 for one that has none."""
        return weights_of(columns, self.columns, self.terms)


@dataclass(frozen=True, slots=True, eq=False)
class Line:
    """A score that is one sum over a paper's terms, its words as BM25 weighs them, and its axes.

    ``terms`` and ``words`` are columns, in order, with a weight each.
    """

    terms: tuple[NDArray[np.int32], Vector]
    words: tuple[NDArray[np.int32], Vector]
    axes: Vector
    constant: float

    def in_units(self, standard: Standard) -> Line:
        """Return the line in standard deviations above ordinary papers."""
        return replace(self, constant=self.constant - standard.mean).times(1 / standard.deviation)

    def times(self, voice: float) -> Line:
        """Return the line, louder or lower."""
        by = np.float32(voice)
        return Line(
            (self.terms[0], self.terms[1] * by),
            (self.words[0], self.words[1] * by),
            self.axes * by,
            self.constant * voice,
        )

    def plus(self, other: Line) -> Line:
        """Return the sum of both."""
        return Line(
            _added(self.terms, other.terms),
            _added(self.words, other.words),
            self.axes + other.axes,
            self.constant + other.constant,
        )


NOTHING: tuple[NDArray[np.int32], Vector] = (np.zeros(0, np.int32), np.zeros(0, np.float32))


def line_of(weights: Weights, standard: Standard) -> Line:
    """Return a score of terms and axes, in standard deviations above ordinary papers, as a line."""
    return Line((weights.columns.astype(np.int32), weights.terms), NOTHING, weights.axes, 0.0).in_units(standard)


def _added(
    one: tuple[NDArray[np.int32], Vector], other: tuple[NDArray[np.int32], Vector]
) -> tuple[NDArray[np.int32], Vector]:
    if not len(one[0]) or not len(other[0]):
        return one if len(one[0]) else other
    columns = np.union1d(one[0], other[0])
    return columns, weights_of(columns, *one) + weights_of(columns, *other)


def weights_of(columns: NDArray[Any], known: NDArray[Any], weights: Vector) -> Vector:
    """Return the weights of ``columns``, looked up among ``known`` ones, which are in order; 0 for all others."""
    if not len(known):
        return np.zeros(len(columns), np.float32)
    places = np.minimum(np.searchsorted(known, columns), len(known) - 1)
    found: Vector = np.where(known[places] == columns, weights[places], np.float32(0))
    return found


_FEW_ROWS = 16


def product(matrix: Any, columns: NDArray[np.intp], weights: Vector) -> NDArray[Any]:
    """Return ``matrix`` times a weight for each of some of its columns, which are in order."""
    if matrix.shape[0] <= _FEW_ROWS:  # a few rows hold few terms: looking those up beats filling a whole column
        held = np.asarray(matrix.data * weights_of(matrix.indices, columns, weights))
        sums = np.concatenate([np.zeros(1), np.cumsum(held, dtype=np.float64)])[matrix.indptr]
        few: NDArray[Any] = np.diff(sums).astype(np.float32)
        return few
    column = np.zeros(matrix.shape[1], np.float32)
    column[columns] = weights
    said: NDArray[Any] = matrix @ column
    return said


def named(name: str, arrays: Arrays) -> Arrays:
    """Return arrays of one thing among those of others."""
    return {f"{name}.{one}": array for one, array in arrays.items()}


def of_name(name: str, arrays: Arrays) -> Arrays:
    """Return the arrays that ``named`` gave this name; none for a name that was not given."""
    return {one.removeprefix(f"{name}."): array for one, array in arrays.items() if one.startswith(f"{name}.")}


def without(places: NDArray[np.intp], space: Space, papers: Sequence[Paper]) -> NDArray[np.intp]:
    """Return ``places`` of the space's rows without those that are ``papers``."""
    return np.setdiff1d(places, space.places(papers), assume_unique=True)
