"""From a score to a probability: how likely a reader of a topic would call a paper one of theirs.

Two steps, each measured by itself. *Listed* is the probability that a person who keeps a list on such a topic put the
paper on it: a logistic regression (Platt 1999) over 60 curated lists and some 24,000 papers each, with and without a
full store; its coefficients follow, and ``python -m tests.bench.matching --refit`` prints them anew. But such lists
miss most of what is on their topic. Some 230 papers were read by title, by one reader and not blindly, at seven
levels of that probability: at each, the odds of being on topic were at least ten times the odds of being listed.
``MISSED`` carries that over; it is a rough figure, which readers' own feedback should replace.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from monitor.matchers.parts import Scores

DEFAULT_THRESHOLD, SURER = 0.55, 0.225
"""A paper is sent when it is rather on topic than not, and with fifty examples when it is so much surer: who knows a
topic well can be choosier. Over the lists, 85 of 100 days with nothing relevant are silent then."""
MISSED = math.log(10)
"""What the log-odds of being on topic have over those of being on a curated list."""

ORDINARY_WEEK = 1_500.0
"""Papers a week where the store is too young to tell."""
_LEAST_A_WEEK = 0.05
_LOWEST, _HIGHEST = -2.0, 12.0
_BENDS = (3.0, 6.0)
_MOST_EXAMPLES = 50

_PRECISION = (0.12, 0.26, 0.37, 0.48, 0.57, 0.63, 0.70, 0.77, 0.86, 0.91, 1.0)
_THRESHOLD = (0.02, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.97)
"""From which probability on the mean probability of what is sent is such a precision, over the same lists."""

_PLAIN = (-8.315, 0.152, 0.829, 0.444, -0.121, 0.044)
_WITH_VOLUME = (-3.375, 0.195, 0.85, 0.364, -0.003, 0.085, 1.881, 0.12, -0.042)
"""Its constant was fitted as -3.525; raised, what is expected and what is seen come closer at each level."""


@dataclass(frozen=True, slots=True, eq=False)
class Situation:
    """What a probability rests on.

    ``score`` has one value a paper, in standard deviations above ordinary papers. ``prevalence`` is the share of all
    papers that belong, if the reader says.
    """

    score: Scores
    examples: int
    prevalence: float | None = None


def log_odds(situation: Situation) -> Scores:
    """Return the log-odds of each paper being on topic."""
    coefficients = _PLAIN if situation.prevalence is None else _WITH_VOLUME
    return np.asarray(design(situation) @ np.array(coefficients) + MISSED)


def design(situation: Situation) -> NDArray[np.float64]:
    """Return one row a paper: a constant, the score and its bends, examples, and the prevalence if known.

    The score beyond its last bend counts by itself only, so that a higher score is always a higher probability; beyond
    all scores that were fitted it hardly grows.
    """
    score = np.clip(situation.score, _LOWEST, _HIGHEST) + np.log1p(np.maximum(situation.score - _HIGHEST, 0))
    constant = np.ones_like(score)
    evidence = _evidence(situation.examples)
    bent = [np.minimum(score, bend) for bend in _BENDS]
    columns = [constant, score, *bent, evidence * constant, evidence * score]
    if situation.prevalence is not None:
        volume = math.log10(situation.prevalence)
        columns += [volume * constant, volume * evidence * constant, volume * bent[0]]
    return np.column_stack(columns)


def prevalence(a_week: float | None, papers_a_week: float | None) -> float | None:
    """Return which share of all papers belong, from how many a reader expects a week, if they say."""
    if a_week is None:
        return None
    return max(a_week, _LEAST_A_WEEK) / (papers_a_week or ORDINARY_WEEK)


def probability(of: Scores) -> Scores:
    """Return the probability that log-odds stand for."""
    return np.asarray(1 / (1 + np.exp(-np.clip(of, -30, 30))))


def listed(probabilities: Scores) -> Scores:
    """Return how likely papers with these probabilities stand on a curated list, which figures over lists need."""
    odds = probabilities / np.maximum(1 - probabilities, 1e-12) * math.exp(-MISSED)
    return np.asarray(odds / (1 + odds))


def threshold(wanted: float | None, precision: float | None, examples: int = 0) -> float:
    """Return the probability from which a paper is sent: the one asked for, or one that gives about ``precision``."""
    if wanted is not None:
        return wanted
    if precision is not None:
        return float(np.interp(precision, _PRECISION, _THRESHOLD))
    return DEFAULT_THRESHOLD + SURER * (_evidence(examples) / _evidence(_MOST_EXAMPLES)) ** 2


def _evidence(examples: int) -> float:
    return math.log1p(min(examples, _MOST_EXAMPLES))
