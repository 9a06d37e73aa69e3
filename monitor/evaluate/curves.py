"""What a threshold trades: silence on days with nothing against hits on the others."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from monitor.evaluate.matching import Flags, Numbers, Outcome, Ranked

_NONE = (np.zeros(0), np.zeros(0))
THRESHOLDS = tuple(step / 20 for step in range(1, 20))


@dataclass(frozen=True, slots=True)
class Step:
    """One threshold: on which shares of all cases' days nothing is sent rightly, and a relevant paper is.

    ``silent`` is of the days without a relevant paper, ``day_hit`` of the others; ``None`` when there is no such day.
    """

    threshold: float
    silent: float | None
    day_hit: float | None


def curve(found: Sequence[Ranked], thresholds: Sequence[float] = THRESHOLDS) -> list[Step]:
    """Return what each threshold would do, whatever thresholds the topics have; rivals have none."""
    peaks = [_peaks(one) for one in found if isinstance(one, Outcome)]
    empty, full = (
        np.concatenate(days) if days else np.zeros(0) for days in (zip(*peaks, strict=True) if peaks else ((), ()))
    )
    return [Step(threshold, _share(empty < threshold), _share(full >= threshold)) for threshold in thresholds]


def _peaks(one: Outcome) -> tuple[Numbers, Numbers]:
    """Return the highest probability of each day without a relevant paper, and of a relevant one on the others."""
    scores = np.where(one.sendable, one.scores, 0.0)
    by_day: dict[date, list[int]] = defaultdict(list)
    for place, day in enumerate(one.days):
        by_day[day].append(place)
    empty, full = [], []
    for places in by_day.values():
        relevant = one.relevant[places]
        if relevant.any():
            full.append(scores[places][relevant].max())
        else:
            empty.append(scores[places].max())
    return np.array(empty), np.array(full)


def _share(flags: Flags) -> float | None:
    return float(flags.mean()) if len(flags) else None
