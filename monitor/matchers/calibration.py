"""From a score to a probability."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from monitor.matchers.parts import Scores

DEFAULT_THRESHOLD = 0.3


@dataclass(frozen=True, slots=True, eq=False)
class Situation:
    """What a probability rests on. ``score`` and ``coverage`` have one value a paper."""

    score: Scores
    coverage: Scores
    examples: int
    has_about: bool
    top: float


def design(situation: Situation) -> NDArray[np.float64]:
    score = situation.score
    n = np.log1p(min(situation.examples, 50))
    one = np.ones_like(score)
    cov = situation.coverage
    return np.column_stack(
        [
            score,
            np.maximum(score - 3, 0),
            cov,
            cov * score,
            n * score,
            n * one,
            one * situation.top,
            one * (not situation.has_about),
            one,
        ]
    )


COEFFICIENTS = np.array([1.2, 0.0, 2.0, 0, 0, 0, 0, 0, -6.0])


def log_odds(situation: Situation) -> Scores:
    return np.asarray(design(situation) @ COEFFICIENTS)


def probability(log_odds: Scores) -> Scores:
    return np.asarray(1 / (1 + np.exp(-np.clip(log_odds, -30, 30))))


def threshold(wanted: float | None, precision: float | None) -> float:
    if wanted is not None:
        return wanted
    return DEFAULT_THRESHOLD if precision is None else precision
