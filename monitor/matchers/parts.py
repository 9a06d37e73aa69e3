"""What every kind of matcher gets and gives.

A kind is a file with ``fit(topic, examples, space) -> Part | None``: ``None`` when the topic says nothing that this
kind understands. ``fusion`` adds what the parts say: similarities first, turned into a probability by
``calibration``, then log-odds on top.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol

import numpy as np
from numpy.typing import NDArray

from monitor.matchers.space import Features, Space, Vector
from monitor.types.papers import Paper
from monitor.types.verdicts import Reason

Scores = NDArray[np.float64]


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

    def __call__(self, raw: NDArray[Any]) -> Scores:
        """Return ``raw`` in standard deviations above the mean."""
        return np.asarray((raw - self.mean) / self.deviation, np.float64)


@dataclass(frozen=True, slots=True, eq=False)
class Weights:
    """A linear score: one weight a term (few are not zero) and one an axis."""

    columns: NDArray[np.intp]
    terms: Vector
    axes: Vector

    def apply(self, tfidf: Any, axes: Vector) -> NDArray[Any]:
        """Return the score of each row."""
        return np.asarray(product(tfidf, self.columns, self.terms) + axes @ self.axes)


def product(matrix: Any, columns: NDArray[np.intp], weights: Vector) -> NDArray[Any]:
    """Return ``matrix`` times a weight for each of some of its columns."""
    column = np.zeros(matrix.shape[1], np.float32)
    column[columns] = weights
    return np.asarray(matrix @ column)


def without(places: NDArray[np.intp], space: Space, papers: Sequence[Paper]) -> NDArray[np.intp]:
    """Return ``places`` of the space's rows without those that are ``papers``."""
    return np.setdiff1d(places, space.places(papers), assume_unique=True)
