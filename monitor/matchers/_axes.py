"""The main axes of papers' terms, along which papers that use other words for one thing lie close to each other.

LSA (Deerwester et al. 1990) by randomised SVD (Halko, Martinsson and Tropp 2011), seeded.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Vector = NDArray[np.float32]

SEED = 20_261_121
_AXES_SMALL, _AXES, _SMALL = 64, 128, 5_000
_MOST_ROWS, _MOST_TERMS = 10_000, 40_000
_ROUNDS, _SPARE = 3, 10


@dataclass(frozen=True, slots=True, eq=False)
class Axes:
    """Where terms lie: row *i* of ``weights`` is the term in column ``columns[i]``, ascending; all others lie at zero.

    Most terms of a large store do: with a row for each of them this would be the largest thing in memory.
    """

    columns: NDArray[np.intp]
    weights: Vector

    def places(self, tfidf: Any) -> Vector:
        """Return where papers lie, at unit length, by their TF-IDF rows."""
        return unit(tfidf[:, self.columns] @ self.weights)

    def place(self, tfidf: Vector) -> Vector:
        """Return where one dense TF-IDF row lies, at unit length."""
        values = tfidf[self.columns]
        held = np.flatnonzero(values)
        found: Vector = unit((self.weights[held].T @ values[held])[None, :])[0]
        return found

    def among(self, moved: NDArray[np.int32]) -> Axes:
        """Return these axes for a vocabulary in which the term in column *i* stands in ``moved[i]``, or nowhere: -1."""
        columns = moved[self.columns].astype(np.intp)
        order = np.argsort(columns)[np.count_nonzero(columns < 0) :]
        return Axes(columns[order], self.weights[order])


def axes_of(tfidf: Any, held: NDArray[np.float64], draw: np.random.Generator) -> Axes:
    """Return the axes of papers by their TF-IDF rows; terms too rare to have company lie at zero.

    ``held`` says how many papers hold each term.
    """
    rows = np.sort(draw.permutation(tfidf.shape[0])[:_MOST_ROWS])
    columns = np.sort(np.argsort(-held, kind="stable")[:_MOST_TERMS])
    number = _AXES_SMALL if tfidf.shape[0] < _SMALL else _AXES
    return Axes(columns, np.ascontiguousarray(main_axes(tfidf[rows][:, columns], number).T))


def main_axes(matrix: Any, number: int) -> Vector:
    """Return the ``number`` first right singular vectors of a sparse float32 matrix, as rows.

    They are those of scikit-learn's ``randomized_svd`` with three iterations, whose import takes 50 MB of a daemon.
    """
    from scipy import linalg

    turned = matrix.shape[0] < matrix.shape[1]
    tall = matrix.T if turned else matrix
    drawn = np.random.RandomState(SEED).normal(size=(tall.shape[1], number + _SPARE)).astype(np.float32)
    for _ in range(_ROUNDS):
        drawn = linalg.lu(tall @ drawn, permute_l=True, check_finite=False)[0]
        drawn = linalg.lu(tall.T @ drawn, permute_l=True, check_finite=False)[0]
    basis = linalg.qr(tall @ drawn, mode="economic", check_finite=False)[0]
    left, _, right = linalg.svd(basis.T @ tall, full_matrices=False)
    papers, terms = (right, (basis @ left).T) if turned else ((basis @ left).T, right)
    largest = papers[np.arange(len(papers)), np.abs(papers).argmax(axis=1)]  # else the signs hang on the library
    found: Vector = (terms * np.sign(largest)[:, None])[:number]
    return found


def unit(rows: NDArray[Any]) -> Vector:
    """Return the rows at unit length; rows of zeros stay."""
    lengths = np.linalg.norm(rows, axis=1, keepdims=True)
    return np.asarray(rows / np.where(lengths > 0, lengths, 1), np.float32)
