"""Logistic regression on terms and axes: the learner behind ``linear`` and ``description``."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from sklearn.linear_model import LogisticRegression

from monitor.matchers.parts import Weights
from monitor.matchers.space import Features, Space, Vector

_MOST_COLUMNS = 20_000
_CLOSELY = 10.0


def separate(
    wanted: tuple[Any, Vector, NDArray[Any]],
    others: tuple[Any, Vector, NDArray[Any]],
    *,
    axes_scale: float,
    strength: float,
) -> tuple[Weights, NDArray[Any]]:
    """Return the weights that tell ``wanted`` rows from ``others``, and what each wanted row owes to itself.

    Both are (TF-IDF rows, axes, weight of each row); either side weighs as much as the other in all. Only terms that
    stand in a wanted row get a weight. ``axes_scale`` says how much the axes may say beside the terms, ``strength``
    is C: how closely the rows are followed.
    """
    columns = _columns(wanted[0])
    stacked = sparse.vstack([wanted[0], others[0]]).tocsr()[:, columns]
    axes = np.vstack([wanted[1], others[1]])
    rows = sparse.hstack([stacked, _full(axes_scale * axes)]).tocsr()
    labels = np.repeat([1, 0], [wanted[0].shape[0], others[0].shape[0]])
    weights = np.concatenate([side[2] / side[2].sum() for side in (wanted, others)]) * (len(labels) / 2)
    tolerance = 1e-4 if strength >= _CLOSELY else 1e-3
    learned = LogisticRegression(C=strength, tol=tolerance, max_iter=300).fit(rows, labels, weights)
    slopes = learned.coef_[0]
    found = Weights(
        columns, slopes[: len(columns)].astype(np.float32), (axes_scale * slopes[len(columns) :]).astype(np.float32)
    )
    return found, _learned_by_heart(learned, rows[: wanted[0].shape[0]], weights, strength)


def _learned_by_heart(learned: Any, wanted: Any, weights: NDArray[Any], strength: float) -> NDArray[Any]:
    """Return how much of each wanted row's own score is there only because the row itself was learned from.

    In the dual of the regression a row adds its multiplier, C times weight times what is left to explain, times its own
    squared length (Jaakkola and Haussler 1999, "Probabilistic kernel regression models": the leave-one-out bound).
    """
    unexplained = 1 - learned.predict_proba(wanted)[:, 1]
    lengths = np.asarray(wanted.multiply(wanted).sum(axis=1)).ravel()
    return np.asarray(strength * weights[: wanted.shape[0]] * unexplained * lengths)


def against(
    space: Space, others: NDArray[np.intp], unliked: Features, share: float
) -> tuple[Any, Vector, NDArray[Any]]:
    """Return rows of the space, and the papers named as not wanted, each of which weighs ``share`` of all the rows."""
    rows = space.rows
    tfidf = sparse.vstack([rows.tfidf[others], unliked.tfidf]).tocsr()
    weights = np.concatenate([np.ones(len(others)), np.full(len(unliked.papers), share * len(others))])
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
