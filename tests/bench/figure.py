"""What a benchmark says: figures, each beside its peer or limit of the same run and beside what is asked of it."""

from __future__ import annotations

import math
import operator
import re
import statistics
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from monitor.errors import MonitorError

DATA = Path(__file__).resolve().parents[3] / "shared" / "data"
"""The folder of real data beside the project; benchmarks that need it are left out where it is absent."""

LEAST_NOISE = 0.1
"""No two runs on one machine agree better than this."""

_ASKED = re.compile(r"(?:(ratio|gain|growth) )?(<=|>=) (\d+(?:\.\d+)?)")
_SIGNS = {"<=": operator.le, ">=": operator.ge}


class MissingError(MonitorError):
    """What a benchmark needs is not on this machine; the message says how to get it."""


@dataclass(frozen=True, slots=True)
class Figure:
    """One number. ``peer`` is what ``beside`` took or reached in the same run, in the same unit.

    ``asked`` bounds the number itself (``<= 5``), its ``ratio`` to the peer, the ``gain`` (the ratio turned round: how
    many times less than the peer) or its ``growth``: the exponent with which it grows with the size of the work.
    ``noise`` is by what share of the best round the others of this run lie above it. Raises ValueError for a bound that
    cannot be read, or that has nothing to be held against.
    """

    name: str
    measured: float
    unit: str
    peer: float | None = None
    beside: str = ""
    asked: str = ""
    growth: float | None = None
    noise: float = 0.0

    def __post_init__(self) -> None:
        if self.asked and (not _ASKED.fullmatch(self.asked) or self.judged is None):
            raise ValueError(f"{self.name}: nothing to hold against {self.asked!r}")

    @property
    def ratio(self) -> float | None:
        return None if self.peer is None else _times(self.measured, self.peer)

    @property
    def gain(self) -> float | None:
        return None if self.peer is None else _times(self.peer, self.measured)

    @property
    def judged(self) -> float | None:
        """The number that the bound is for, or, without a bound, the number itself."""
        kind = self._bound[0]
        number: float | None = getattr(self, kind) if kind else self.measured
        return number

    @property
    def holds(self) -> bool | None:
        """Whether it is as asked; ``None`` when nothing is asked."""
        _, sign, limit = self._bound
        return None if self.judged is None or not self.asked else _SIGNS[sign](self.judged, limit)

    @property
    def less_is_better(self) -> bool:
        """Whether a smaller ``judged`` is better; where nothing is asked, all but rates are costs."""
        return self._bound[1] == "<=" if self.asked else not self.unit.endswith("/s")

    @property
    def _bound(self) -> tuple[str, str, float]:
        found = _ASKED.fullmatch(self.asked)
        return (found[1] or "", found[2], float(found[3])) if found else ("", "<=", math.inf)


def _times(one: float, other: float) -> float:
    return one / other if other else math.inf


@dataclass(frozen=True, slots=True)
class Times:
    """Seconds of the best round, and how far the middle one lay above it, as a share."""

    best: float
    noise: float


def race(
    *works: Callable[[], object],
    before: Callable[[], object] = lambda: None,
    rounds: int = 3,
    clock: Callable[[], float] = time.process_time,
) -> list[Times]:
    """Return the times of several works that take turns, so that what else the machine does falls on all of them.

    Times are this process's processor seconds unless another clock is given; ``before`` runs ahead of each, unmeasured.
    """
    seconds: list[list[float]] = [[] for _ in works]
    for _ in range(rounds):
        for work, spent in zip(works, seconds, strict=True):
            before()
            began = clock()
            work()
            spent.append(clock() - began)
    return [Times(min(spent), statistics.median(spent) / min(spent) - 1) for spent in seconds]


def growth(sizes: Sequence[float], costs: Sequence[float]) -> float:
    """Return the exponent e of the power law ``cost ~ size ** e`` nearest to the costs: 0 flat, 1 in proportion."""
    return statistics.linear_regression([*map(math.log, sizes)], [*map(math.log, costs)]).slope


def worse(old: Iterable[Figure], new: Iterable[Figure]) -> Iterator[str]:
    """Yield what got worse from one run to a later one by more than the noise of both, and what is measured no more.

    What has a bound is compared in what the bound is for: a ratio to a peer means the same on another machine.
    """
    now = {figure.name: figure for figure in new}
    for before in old:
        after = now.get(before.name)
        if after is None:
            yield f"{before.name}: no longer measured"
            continue
        one, other = before.judged, after.judged
        if before.asked != after.asked or one is None or other is None:
            one, other = before.measured, after.measured
        noise = max(before.noise, after.noise, LEAST_NOISE)
        lost = other - one if after.less_is_better else one - other
        if lost > noise * abs(one):
            yield f"{before.name}: {one:.3g} -> {other:.3g} (noise {noise:.0%})"
