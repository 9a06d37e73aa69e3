"""A day of new papers against many topics: the product of the matrices alone, our scores, and all of it.

    python -m tests.bench.bulk [--papers 1000] [--store 10000] [--fitted 200]

Papers are made of words drawn from the background's own counts, so that rows are as full as real ones. Topics are
fitted to them, half by a description and half by five examples; each is copied until there are enough, arrays and
all. ``bare`` is scipy's product of the same stacked sparse matrices and nothing else; ``scores`` ends in a number for
each paper and topic; ``whole`` ends in the ten best of each topic over its threshold, with reasons.
"""

from __future__ import annotations

import argparse
import tracemalloc
from collections.abc import Callable, Iterator, Sequence
from copy import deepcopy
from dataclasses import replace
from datetime import timedelta
from functools import partial
from typing import Any

import numpy as np
from threadpoolctl import threadpool_limits

from monitor.matchers import together
from monitor.matchers.background import background
from monitor.matchers.fusion import Examples, TopicJudge, build_space, fit_topic
from monitor.testing import NOON
from monitor.types.papers import Paper
from monitor.types.profiles import Topic
from tests.bench.figure import Figure, growth, race
from tests.bench.table import show

_WORDS = 130


def figures() -> Iterator[Figure]:
    """A thousand papers and up to two thousand topics."""
    yield from measured(1_000, 3_000, 60, (200, 650, 2_000))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--papers", type=int, default=1_000)
    parser.add_argument("--store", type=int, default=10_000)
    parser.add_argument("--fitted", type=int, default=200)
    options = parser.parse_args()
    show(measured(options.papers, options.store, options.fitted, (1_000, 3_000, 10_000)))


def measured(new: int, store: int, topics: int, sizes: Sequence[int]) -> Iterator[Figure]:
    with threadpool_limits(1):  # as the program runs: one order of sums, and no thread that spins
        space = build_space(papers(store, 0))
        features = space.features(papers(new, store))
        assert features.turned
        judges = fitted(papers(store, 0), space, topics)
        costs = []
        for size in sizes:
            many = [copied(judges[place % len(judges)]) for place in range(size)]
            bare, scores, whole = race(*(partial(way, many, features) for way in (product_alone, scored, kept)))
            costs.append(whole.best)
        name, beside = f"{new:,} papers x {size:,} topics", "the bare product"
        yield Figure(f"{name}, scored", scores.best, "s", bare.best, beside, "ratio <= 2", noise=scores.noise)
        yield Figure(
            f"{name}, ten best explained",
            whole.best,
            "s",
            bare.best,
            beside,
            "ratio <= 4",
            growth(sizes, costs),
            whole.noise,
        )
        yield Figure("memory of the scores", peak(partial(scored, many, features)), "MB")


def papers(count: int, first: int) -> list[Paper]:
    """Return papers of single terms and pairs, each about a subject of its own: some of its words come often."""
    ground = background()
    draw = np.random.default_rng(first)
    singles = [place for place, term in enumerate(ground.terms) if " " not in term]
    share = ground.document_counts[singles] / ground.document_counts[singles].sum()
    made = []
    for number in range(first, first + count):
        drawn = draw.choice(singles, _WORDS, p=share)
        subject = draw.choice(singles, 6)
        words = [ground.terms[place] for place in np.concatenate([drawn, np.repeat(subject, 3)])]
        draw.shuffle(words)
        title, seen = " ".join(ground.terms[place] for place in subject), NOON + timedelta(minutes=number)
        made.append(Paper(number + 1, f"arxiv:{number}", title, " ".join(words), seen))
    return made


def fitted(store: list[Paper], space: Any, count: int) -> list[TopicJudge]:
    judges = []
    for number in range(count):
        paper = store[number * 7 % len(store)]
        about = f"{paper.title} {' '.join(paper.abstract.split()[:12])}"
        topic = Topic(f"t{number}", about=about if number % 2 else "", per_week=5)
        liked = () if number % 2 else tuple(store[(number * 31 + step) % len(store)] for step in range(5))
        judges.append(fit_topic(topic, Examples(liked), space))
    return judges


def copied(judge: TopicJudge) -> TopicJudge:
    return replace(judge, line=deepcopy(judge.line))


def product_alone(judges: list[TopicJudge], features: Any) -> None:
    turned = features.turned[0]
    for start in range(0, len(judges), together.BLOCK):
        lines = [judge.line for judge in judges[start : start + together.BLOCK] if judge.line]
        assert (together._stacked([line.terms for line in lines], turned.shape[0]) @ turned).nnz


def scored(judges: list[TopicJudge], features: Any) -> None:
    for start in range(0, len(judges), together.BLOCK):
        lines = [judge.line for judge in judges[start : start + together.BLOCK] if judge.line]
        assert together.likeness(lines, features).shape[1] == len(features.papers)


def kept(judges: list[TopicJudge], features: Any) -> int:
    return sum(map(len, together.kept_by(judges, features, 10)))


def peak(work: Callable[[], object]) -> float:
    """Return the most memory that some work took beyond what was there, in MB."""
    tracemalloc.start()
    work()
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return most / 1e6


if __name__ == "__main__":
    main()
