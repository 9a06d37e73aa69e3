"""Linear learners on terms and axes: behind ``linear``, ``linear2`` and ``description``."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from sklearn.linear_model import LogisticRegression
from sklearn.svm import LinearSVC

from monitor.matchers.parts import Weights
from monitor.matchers.space import Features, Space, Vector

_MOST_COLUMNS = 20_000
_CLOSELY = 10.0


Side = tuple[Any, Vector, NDArray[Any]]
"""TF-IDF rows, axes, and how much each row weighs beside the others of its side."""


def separate(wanted: Side, others: Side, *, axes_scale: float, strength: float) -> tuple[Weights, NDArray[Any]]:
    """Return the weights that tell ``wanted`` rows from ``others``, and what each wanted row owes to itself.

    Either side weighs as much as the other in all. Only terms that stand in a wanted row get a weight. ``axes_scale``
    says how much the axes may say beside the terms, ``strength`` is C: how closely the rows are followed.
    """
    both = _stacked(wanted, others, axes_scale)
    tolerance = 1e-4 if strength >= _CLOSELY else 1e-3
    learned = LogisticRegression(C=strength, tol=tolerance, max_iter=300).fit(both.rows, both.labels, both.weights)
    own = _learned_by_heart(learned, both.rows[: wanted[0].shape[0]], both.weights, strength)
    return both.slopes(learned.coef_[0]), own


def separate_by_margin(wanted: Side, others: Side, *, axes_scale: float, strength: float) -> Weights:
    """Return the weights of a support vector machine with squared hinge loss (Fan et al. 2008, LIBLINEAR); see above.

    Rows well on their own side have no say in it, so that the many easy ones do not drown the few that are hard.
    """
    both = _stacked(wanted, others, axes_scale)
    learned = LinearSVC(C=strength, tol=1e-3, max_iter=3_000, random_state=0)
    return both.slopes(learned.fit(both.rows, both.labels, both.weights).coef_[0])


@dataclass(frozen=True, slots=True, eq=False)
class _Both:
    """Two sides as one matrix: the terms in ``columns``, then the axes."""

    columns: NDArray[np.intp]
    axes_scale: float
    rows: Any
    labels: NDArray[np.intp]
    weights: NDArray[Any]

    def slopes(self, learned: NDArray[Any]) -> Weights:
        terms, axes = learned[: len(self.columns)], self.axes_scale * learned[len(self.columns) :]
        return Weights(self.columns, terms.astype(np.float32), axes.astype(np.float32))


def _stacked(wanted: Side, others: Side, axes_scale: float) -> _Both:
    columns = _columns(wanted[0])
    terms = sparse.vstack([wanted[0], others[0]]).tocsr()[:, columns]
    rows = sparse.hstack([terms, _full(axes_scale * np.vstack([wanted[1], others[1]]))]).tocsr()
    labels = np.repeat([1, 0], [wanted[0].shape[0], others[0].shape[0]])
    weights = np.concatenate([side[2] / side[2].sum() for side in (wanted, others)]) * (len(labels) / 2)
    return _Both(columns, axes_scale, rows, labels, weights)


def _learned_by_heart(learned: Any, wanted: Any, weights: NDArray[Any], strength: float) -> NDArray[Any]:
    """Return how much of each wanted row's own score is there only because the row itself was learned from.

    In the dual of the regression a row adds its multiplier, C times weight times what is left to explain, times its own
    squared length (Jaakkola and Haussler 1999, "Probabilistic kernel regression models": the leave-one-out bound).
    """
    unexplained = 1 - learned.predict_proba(wanted)[:, 1]
    lengths = np.asarray(wanted.multiply(wanted).sum(axis=1)).ravel()
    return np.asarray(strength * weights[: wanted.shape[0]] * unexplained * lengths)


def against(space: Space, others: NDArray[np.intp], unliked: Features, share: float | NDArray[Any]) -> Side:
    """Return rows of the space, and the papers named as not wanted, each of which weighs ``share`` of all the rows."""
    rows = space.rows
    tfidf = sparse.vstack([rows.tfidf[others], unliked.tfidf]).tocsr()
    weights = np.concatenate([np.ones(len(others)), np.broadcast_to(share, len(unliked.papers)) * len(others)])
    return tfidf, np.vstack([rows.axes[others], unliked.axes]), weights


def _full(dense: Vector) -> Any:
    """Return a dense matrix as a sparse one without looking for zeros."""
    height, width = dense.shape
    columns = np.tile(np.arange(width, dtype=np.int32), height)
    return sparse.csr_matrix((dense.ravel(), columns, np.arange(height + 1, dtype=np.int32) * width), shape=dense.shape)


def _columns(rows: Any) -> NDArray[np.intp]:
    present = np.unique(rows.indices)
    if len(present) > _MOST_COLUMNS:
        mass = np.bincount(rows.indices, rows.data, minlength=rows.shape[1])[present]
        present = np.sort(present[np.argsort(-mass, kind="stable")[:_MOST_COLUMNS]])
    return present.astype(np.intp)
