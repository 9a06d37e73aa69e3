"""Linear learners on terms and axes: behind ``linear``, ``linear2`` and ``description``."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from monitor.matchers._axes import Vector
from monitor.matchers.parts import Weights
from monitor.matchers.space import Features, Space

_MOST_COLUMNS = 20_000
_CLOSELY = 10.0
_MOST_STEPS = 300


Side = tuple[Any, Vector, NDArray[Any]]
"""TF-IDF rows, axes, and how much each row weighs beside the others of its side."""


def separate(wanted: Side, others: Side, *, axes_scale: float, strength: float) -> tuple[Weights, NDArray[Any]]:
    """Return the weights that tell ``wanted`` rows from ``others``, and what each wanted row owes to itself.

    Either side weighs as much as the other in all. Only terms that stand in a wanted row get a weight. ``axes_scale``
    says how much the axes may say beside the terms, ``strength`` is C: how closely the rows are followed.
    """
    both = _stacked(wanted, others, axes_scale)
    learned, chances = _logistic(both, strength, tolerance=1e-4 if strength >= _CLOSELY else 1e-3)
    return both.slopes(learned), _learned_by_heart(both, chances, strength)[: wanted[0].shape[0]]


def separate_by_margin(wanted: Side, others: Side, *, axes_scale: float, strength: float) -> Weights:
    """Return the weights of a support vector machine with squared hinge loss (Fan et al. 2008, LIBLINEAR); see above.

    Rows well on their own side have no say in it, so that the many easy ones do not drown the few that are hard.
    """
    from scipy import sparse
    from sklearn.svm import LinearSVC

    both = _stacked(wanted, others, axes_scale)
    learned = LinearSVC(C=strength, tol=1e-3, max_iter=3_000, random_state=0)
    rows = sparse.hstack([both.terms, _full(both.axes)]).tocsr()
    return both.slopes(learned.fit(rows, both.labels, both.weights).coef_[0])


@dataclass(frozen=True, slots=True, eq=False)
class _Both:
    """Two sides as one: the terms in ``columns``, and the axes times ``axes_scale``."""

    columns: NDArray[np.intp]
    axes_scale: float
    terms: Any
    axes: Vector
    labels: NDArray[np.intp]
    weights: NDArray[Any]

    def slopes(self, learned: NDArray[Any]) -> Weights:
        terms, axes = learned[: len(self.columns)], self.axes_scale * learned[len(self.columns) :]
        return Weights(self.columns, terms.astype(np.float32), axes.astype(np.float32))


def _stacked(wanted: Side, others: Side, axes_scale: float) -> _Both:
    from scipy import sparse

    columns = _columns(wanted[0])
    terms = sparse.vstack([wanted[0], others[0]]).tocsr()[:, columns]
    axes = np.float32(axes_scale) * np.vstack([wanted[1], others[1]])
    labels = np.repeat([1, 0], [wanted[0].shape[0], others[0].shape[0]])
    weights = np.concatenate([side[2] / side[2].sum() for side in (wanted, others)]) * (len(labels) / 2)
    return _Both(columns, axes_scale, terms, axes, labels, weights)


def _logistic(both: _Both, strength: float, *, tolerance: float) -> tuple[NDArray[Any], NDArray[Any]]:
    """Return the slopes of a logistic regression with an L2 penalty, and the probability of each row.

    Found as scikit-learn finds them (L-BFGS, the same loss and the same tolerance), some three times as fast: the axes
    stay dense, and nothing is checked, copied or laid out anew.
    """
    from scipy.optimize import minimize
    from scipy.special import expit

    terms, axes, width = both.terms, both.axes, both.terms.shape[1]
    turned = terms.T
    share = both.weights / both.weights.sum()
    penalty = 1 / (strength * both.weights.sum())

    def raw(at: NDArray[Any]) -> NDArray[Any]:
        near = at.astype(np.float32)
        return np.asarray(terms @ near[:width] + axes @ near[width:-1] + near[-1], np.float64)

    def loss(at: NDArray[Any]) -> tuple[float, NDArray[Any]]:
        score, slopes = raw(at), np.append(at[:-1], 0.0)
        missed = share * (expit(score) - both.labels)
        near = missed.astype(np.float32)
        slope = np.concatenate([turned @ near, near @ axes, [missed.sum()]]) + penalty * slopes
        return float(share @ (np.logaddexp(0, score) - both.labels * score) + penalty / 2 * slopes @ slopes), slope

    options = {"maxiter": _MOST_STEPS, "gtol": tolerance, "ftol": 64 * np.finfo(float).eps, "maxls": 50}
    start = np.zeros(width + axes.shape[1] + 1)
    found = minimize(loss, start, method="L-BFGS-B", jac=True, options=options).x
    return found[:-1], np.asarray(expit(raw(found)))


def _learned_by_heart(both: _Both, chances: NDArray[Any], strength: float) -> NDArray[Any]:
    """Return how much of each wanted row's own score is there only because the row itself was learned from.

    In the dual of the regression a row adds its multiplier, C times weight times what is left to explain, times its own
    squared length (Jaakkola and Haussler 1999, "Probabilistic kernel regression models": the leave-one-out bound).
    """
    lengths = np.asarray(both.terms.multiply(both.terms).sum(axis=1)).ravel() + (both.axes**2).sum(axis=1)
    return np.asarray(strength * both.weights * (1 - chances) * lengths)


def against(space: Space, others: NDArray[np.intp], unliked: Features, share: float | NDArray[Any]) -> Side:
    """Return rows of the space, and the papers named as not wanted, each of which weighs ``share`` of all the rows."""
    from scipy import sparse

    rows = space.rows
    tfidf = sparse.vstack([rows.tfidf[others], unliked.tfidf]).tocsr()
    weights = np.concatenate([np.ones(len(others)), np.broadcast_to(share, len(unliked.papers)) * len(others)])
    return tfidf, np.vstack([rows.axes[others], unliked.axes]), weights


def _full(dense: Vector) -> Any:
    """Return a dense matrix as a sparse one without looking for zeros."""
    from scipy import sparse

    height, width = dense.shape
    columns = np.tile(np.arange(width, dtype=np.int32), height)
    return sparse.csr_matrix((dense.ravel(), columns, np.arange(height + 1, dtype=np.int32) * width), shape=dense.shape)


def _columns(rows: Any) -> NDArray[np.intp]:
    present = np.flatnonzero(np.bincount(rows.indices, minlength=rows.shape[1]))
    if len(present) > _MOST_COLUMNS:
        mass = np.bincount(rows.indices, rows.data, minlength=rows.shape[1])[present]
        present = np.sort(present[np.argsort(-mass, kind="stable")[:_MOST_COLUMNS]])
    return present.astype(np.intp)
