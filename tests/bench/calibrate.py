"""Refit what monitor/matchers/calibration.py knows: how often papers with a score stand on a curated list."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from sklearn.linear_model import LogisticRegression

from monitor.evaluate import matching
from monitor.matchers import calibration
from monitor.types.papers import Paper

FOLDS, NEAREST, REST = 5, 1_500, 1_000
VOLUME_SHARE = {False: 0.5, True: 0.0}
"""Without a volume, cases weigh as the square root of how much they list, so that the median case comes out right."""


@dataclass(frozen=True, eq=False)
class Example:
    """One case: what its probabilities rest on, and which papers are listed."""

    level: str
    family: str
    situation: calibration.Situation
    relevant: np.ndarray[Any, Any]


def examples(found: Iterable[matching.Outcome], papers: Sequence[Paper]) -> Iterator[Example]:
    """Yield the cases in which the topic says anything at all."""
    for outcome in found:
        if outcome.judge.parts:
            situation = outcome.judge.situation_of(papers)
            listed = np.array([paper.key in outcome.case.relevant for paper in papers])
            yield Example(outcome.case.level, outcome.case.family, situation, listed)


def refit(cases: Sequence[Example]) -> None:
    """Print coefficients fitted on all cases, and figures of each level in which no family judges itself."""
    for volume in (False, True):
        drawn = [sample(case, volume=volume) for case in cases]
        print("_WITH_VOLUME =" if volume else "_PLAIN =", tuple(np.round(fit(cases, drawn, volume=volume), 3).tolist()))
        said: dict[int, Any] = {}
        families = sorted({case.family for case in cases})
        for held_out in (set(families[start::FOLDS]) for start in range(FOLDS)):
            inside = [number for number, case in enumerate(cases) if case.family not in held_out]
            fitted = fit([cases[number] for number in inside], [drawn[number] for number in inside], volume=volume)
            for number, case in enumerate(cases):
                if case.family in held_out:
                    rows = calibration.design(seen(case.situation, volume=volume))
                    said[number] = calibration.probability(rows @ fitted)
        show(cases, said)


def seen(situation: calibration.Situation, *, volume: bool, places: Any = slice(None)) -> calibration.Situation:
    return calibration.Situation(
        situation.score[places],
        situation.examples,
        situation.prevalence if volume else None,
    )


def sample(case: Example, *, volume: bool) -> tuple[Any, Any, Any]:
    """Return all listed papers, the nearest others and some of the rest, which stand for all of the rest."""
    draw = np.random.default_rng(0)
    listed = np.flatnonzero(case.relevant)
    others = np.setdiff1d(np.argsort(-case.situation.score, kind="stable")[:NEAREST], listed)
    rest = np.setdiff1d(np.arange(len(case.relevant)), np.concatenate([listed, others]))
    chosen = draw.choice(rest, min(REST, len(rest)), replace=False)
    places = np.concatenate([listed, others, chosen])
    weights = np.ones(len(places))
    weights[len(places) - len(chosen) :] = len(rest) / max(1, len(chosen))
    return calibration.design(seen(case.situation, volume=volume, places=places)), case.relevant[places], weights


def fit(cases: Sequence[Example], drawn: Sequence[tuple[Any, Any, Any]], *, volume: bool) -> Any:
    rows = np.vstack([one[0] for one in drawn])[:, 1:]
    labels = np.concatenate([one[1] for one in drawn])
    weights = np.concatenate(
        [one[2] / max(1, case.relevant.sum()) ** VOLUME_SHARE[volume] for case, one in zip(cases, drawn, strict=True)]
    )
    middle, spread = rows.mean(axis=0), rows.std(axis=0) + 1e-9
    learned = LogisticRegression(C=1.0, max_iter=1_000).fit(
        (rows - middle) / spread, labels, weights * len(weights) / weights.sum()
    )
    slopes = learned.coef_[0] / spread
    return np.concatenate([[learned.intercept_[0] - slopes @ middle], slopes])


def show(cases: Sequence[Example], said: dict[int, Any]) -> None:
    for level in matching.LEVELS:
        chosen = [number for number, case in enumerate(cases) if case.level == level]
        if not chosen:
            continue
        probabilities = np.concatenate([said[number] for number in chosen])
        listed = np.concatenate([cases[number].relevant for number in chosen])
        expected = [said[number].sum() / max(1, cases[number].relevant.sum()) for number in chosen]
        error = matching.calibration_error(probabilities, listed)
        print(f"  {level:12s} ece01 {error:.3f}  expected/seen {np.median(expected):.2f}")
