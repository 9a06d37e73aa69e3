"""Whether examples are of one subject or of several, by where they lie on the axes of the space.

They are divided along their principal direction (Boley 1998, "Principal direction divisive partitioning"), the sides
are settled as k-means settles them, and each side is divided again. A division counts when papers of different sides
are at most half as alike as papers of one side. Sixty lists that people keep, each on one subject, were left whole with
1, 5, 20 and all of their papers as examples; of pairs of such lists half were told apart.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from monitor.matchers._axes import Vector

_LEAST = 2
_APART = 0.5
_ROUNDS = 10

Places = NDArray[np.intp]


def interests(axes: Vector) -> list[Places]:
    """Return the examples of each interest, by place; ``axes`` has a unit row an example. One interest has them all."""
    return _divided(axes, np.arange(len(axes)))


def _divided(axes: Vector, places: Places) -> list[Places]:
    here = axes[places]
    side = _sides(here)
    if min(side.sum(), (~side).sum()) < _LEAST or not _are_apart(here, side):
        return [places]
    return [*_divided(axes, places[side]), *_divided(axes, places[~side])]


def _sides(rows: Vector) -> NDArray[np.bool_]:
    if len(rows) < 2 * _LEAST:
        return np.ones(len(rows), bool)
    centred = rows - rows.mean(axis=0)
    side = centred @ np.linalg.svd(centred, full_matrices=False)[2][0] > 0
    for _ in range(_ROUNDS):
        if side.all() or not side.any():
            break
        one, other = rows[side].mean(axis=0), rows[~side].mean(axis=0)
        nearer = rows @ (one - other) > (one @ one - other @ other) / 2
        if np.array_equal(nearer, side):
            break
        side = nearer
    return np.asarray(side, bool)


def _are_apart(rows: Vector, side: NDArray[np.bool_]) -> bool:
    across = rows[side].mean(axis=0) @ rows[~side].mean(axis=0)
    return bool(across <= _APART * (_alike(rows[side]) + _alike(rows[~side])) / 2)


def _alike(rows: Vector) -> float:
    """Return the mean cosine over pairs of different rows."""
    total, number = rows.sum(axis=0), len(rows)
    return float((total @ total - number) / (number * (number - 1)))
