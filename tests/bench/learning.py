"""Features and topics beside the recipe of arxiv-sanity-lite, which refits all of both whenever anything is new.

    python -m tests.bench.learning [--store 10000] [--papers 1000] [--topics 100]

The recipe is ``monitor.evaluate.rivals.Svm``: its features are made anew over all papers, one plane is fitted for each
topic. Ours reads the new papers only; a topic has a description or five examples, as in ``tests.bench.bulk``.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from functools import partial
from itertools import cycle

from threadpoolctl import threadpool_limits

from monitor.evaluate.cases import Case
from monitor.evaluate.rivals import Corpus, Svm
from monitor.matchers.fusion import Examples, fit_topic
from monitor.matchers.space import Space, build_space
from monitor.types.papers import Paper
from monitor.types.profiles import Topic
from tests.bench.bulk import fitted, papers
from tests.bench.figure import Figure, growth, race
from tests.bench.table import show


def figures() -> Iterator[Figure]:
    """Ten thousand papers known, a thousand new; twenty topics."""
    yield from measured(10_000, 1_000, 20)


def measured(store: int, new: int, topics: int) -> Iterator[Figure]:
    known, came = papers(store, 0), papers(new, store)
    corpus = Corpus(known, came)
    with threadpool_limits(1):
        space = build_space(known)
        parts = iter([came[start::3] for start in range(3)])  # no paper is read twice
        ours, whole = race(lambda: space.features(next(parts)), lambda: Svm(corpus), rounds=2)
        cost = ours.best * new / len(came[::3])
        beside = f"refit over {store + new:,}, arxiv-sanity-lite's"
        yield Figure(f"features of {new:,} new papers", cost, "s", whole.best, beside, "gain >= 20", noise=ours.noise)
        plane = Svm(corpus)
        liked = [known[step * 31] for step in range(5)]
        case = Case("x", "5", "x", Topic("x"), tuple(one.key for one in liked), (), None, frozenset(), None)
        number = cycle(range(10**6))
        one, theirs = race(
            lambda: fit_topic(Topic(f"x{next(number)}", per_week=5), Examples(tuple(liked)), space),
            lambda: plane.fit(case),
        )
        beside = "arxiv-sanity-lite's plane"
        yield Figure(
            "a topic of 5 examples fitted",
            1000 * one.best,
            "ms",
            1000 * theirs.best,
            beside,
            "gain >= 10",
            noise=one.noise,
        )
        (many,) = race(lambda: fitted(known, space, topics), rounds=2)
        yield Figure(
            f"a topic of {topics} fitted in bulk",
            1000 * many.best / topics,
            "ms",
            1000 * theirs.best,
            beside,
            "gain >= 1000",
            noise=many.noise,
        )
        yield library(known, space)


def library(known: list[Paper], space: Space) -> Figure:
    sizes = (100, 500, 2_000)
    topic = Topic("library", per_week=5)
    costs = [race(partial(fit_topic, topic, Examples(tuple(known[:size])), space), rounds=1)[0].best for size in sizes]
    name = f"a library of {sizes[-1]:,} likes fitted"
    return Figure(name, costs[-1], "s", asked="growth <= 1", growth=growth(sizes, costs))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--store", type=int, default=10_000)
    parser.add_argument("--papers", type=int, default=1_000)
    parser.add_argument("--topics", type=int, default=100)
    options = parser.parse_args()
    show(measured(options.store, options.papers, options.topics))


if __name__ == "__main__":
    main()
