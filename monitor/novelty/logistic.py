"""A logistic regression as plain numbers."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Logistic:
    """Weights for raw figures (no scaling left to do) and what is added to their sum."""

    intercept: float
    weights: tuple[float, ...]

    def probability(self, figures: Sequence[float]) -> float:
        """Return the probability; ``figures`` are as many as the weights, else ``ValueError``."""
        total = self.intercept + sum(weight * figure for weight, figure in zip(self.weights, figures, strict=True))
        return 1 / (1 + math.exp(-max(-50.0, min(50.0, total))))
