"""What each part of ours comes to alone: joining them should never cost much against the best of them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from monitor.evaluate.matching import Outcome, Ranked, average_precision, ranking
from monitor.matchers.fusion import asked, blocks
from monitor.registry import load


@dataclass(frozen=True, slots=True)
class Alone:
    """Mean average precision over one level's cases: of all parts joined, and of each part that had a say alone."""

    joined: float
    parts: Mapping[str, float]

    @property
    def gain(self) -> float:
        """By how much joining is better than the best part; under 0 when it is worse."""
        return self.joined - max(self.parts.values(), default=0.0)


def alone(found: Mapping[str, Sequence[Ranked]]) -> dict[str, Alone]:
    """Return the figures of each level's cases with ours; a part counts 0 in a case of which it knows nothing."""
    return {level: _level([one for one in cases if isinstance(one, Outcome)]) for level, cases in found.items()}


def _level(outcomes: Sequence[Outcome]) -> Alone:
    totals: dict[str, float] = defaultdict(float)
    for one in outcomes:
        for kind, precision in _parts(one):
            totals[kind] += precision
    number = max(1, len(outcomes))
    joined = sum(average_precision(one.relevant[ranking(one.scores)]) for one in outcomes) / number
    return Alone(joined, {kind: total / number for kind, total in sorted(totals.items())})


def _parts(outcome: Outcome) -> Iterable[tuple[str, float]]:
    judge = outcome.judge
    for kind in asked(judge.topic.matchers):
        part = load("matchers", kind).fit(judge.topic, judge.examples, judge.space)
        if part is not None:
            scores = [part.scores(judge.space.features(block)) for block in blocks(outcome.candidates)]
            yield kind, average_precision(outcome.relevant[ranking(np.concatenate(scores))])
