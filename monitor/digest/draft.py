"""Two matchers in one digest: each places papers in turn, so that a reader's words tell which is better.

Team-draft interleaving (Radlinski, Kurup and Joachims 2008, "How does clickthrough data reflect retrieval quality?"):
in each round a coin says who picks first, and either picks its best paper that is not yet placed. Both rank the same
papers, all that either would send, so that neither gains by sending more; their teams differ by one paper at most.
"""

from __future__ import annotations

import random
from collections.abc import Sequence

from monitor.types.profiles import Profile


def teams_of(profile: Profile) -> tuple[str, ...]:
    """Return the names of the profile's own matcher and of the one tried against it; none without an experiment."""
    own, other = profile.topics[0].matchers, profile.experiment
    return ("+".join(own), "+".join(other)) if other else ()


def draft(rankings: Sequence[Sequence[int]], seed: str) -> dict[int, int]:
    """Return the number of the ranking that placed each item, the items in the order drawn.

    Both rankings hold the same items. The same ``seed`` gives the same draft.
    """
    chance = random.Random(seed)  # noqa: S311 - it tosses a coin, it guards nothing
    left = [iter(ranking) for ranking in rankings]
    placed: dict[int, int] = {}
    while len(placed) < len(rankings[0]):
        first = chance.randrange(2)
        for team in (first, 1 - first):
            best = next((item for item in left[team] if item not in placed), None)
            if best is not None:
                placed[best] = team
    return placed
