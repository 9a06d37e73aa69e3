"""``like`` and ``unlike``: what sets the named papers apart from all others, learned by logistic regression.

The regression sees the terms of the named papers and the axes of the space; few examples lean on the axes, many on
their own terms. Authors whom the wanted papers share with a new one count on top. Where the examples fall apart into
several interests, each has a regression of its own beside the one over all of them, and the nearest counts.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from itertools import count, takewhile
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from monitor.matchers._axes import Vector
from monitor.matchers._interests import interests
from monitor.matchers._regression import Side, against, separate
from monitor.matchers.explain import common_to, strongest_terms
from monitor.matchers.names import parts
from monitor.matchers.parts import Arrays, Examples, Line, Scores, Standard, Weights, line_of, named, of_name, without
from monitor.matchers.space import Features, Space
from monitor.types.papers import Paper
from monitor.types.profiles import Topic
from monitor.types.verdicts import Reason

_FEW, _SEVERAL = 8, 50
_AUTHOR, _MOST_AUTHORS = 0.3, 3
_TERMS_SHOWN, _SHOWN_FROM = 3, 2
_NEAR = 0.25
_TOP = 0.999

Separates = Callable[[Side, Side], Weights]


@dataclass(frozen=True, slots=True, eq=False)
class Learned:
    """The likeness of papers to the wanted examples, in standard deviations above ordinary papers."""

    liked: tuple[Paper, ...]
    weights: Weights
    standard: Standard
    authors: frozenset[tuple[str, ...]]
    axes: Vector
    telling: NDArray[np.intp]
    names: Sequence[str]
    interests: tuple[tuple[Weights, Standard], ...] = ()
    scale: Literal["similarity"] = "similarity"
    notes: tuple[str, ...] = field(default=())

    def scores(self, features: Features) -> Scores:
        """Return the likeness of each paper."""
        likeness = self.standard(self.weights.apply(features.tfidf, features.axes))
        if self.interests:
            each = [standard(weights.apply(features.tfidf, features.axes)) for weights, standard in self.interests]
            likeness = (likeness + np.max(each, axis=0)) / 2
        rest = self.rest(features)
        return likeness if rest is None else likeness + rest

    def line(self) -> Line | None:
        """Return the likeness without authors; distant interests are no sum, the nearest of them counts."""
        return None if self.interests else line_of(self.weights, self.standard)

    def rest(self, features: Features) -> Scores | None:
        """Return what shared authors add."""
        by_author = features.by_author
        shared = [by_author[author] for author in self.authors if author in by_author]
        if not shared:
            return None
        known = np.bincount(np.concatenate(shared), minlength=len(features.papers))
        return _AUTHOR * np.minimum(known, _MOST_AUTHORS)

    def arrays(self) -> Arrays:
        """Return all that was learned; papers and authors are the examples'."""
        found = {"standard": self.standard.array(), "near": self.axes, "telling": self.telling}
        for number, (weights, standard) in enumerate(self.interests):
            found |= named(f"interest{number}", weights.arrays() | {"standard": standard.array()})
        return found | named("whole", self.weights.arrays())

    def reasons(self, features: Features, place: int) -> list[Reason]:
        """Return the nearest example, the terms that speak for the paper as it prints them, and shared authors."""
        paper = features.papers[place]
        found = strongest_terms(paper, features.terms_of(place), self.weights, self.telling, self.names, _TERMS_SHOWN)
        near = self.axes @ features.axes[place]
        if len(near) and near.max() >= _NEAR:
            found.append(Reason("like", self.liked[int(near.argmax())].title, "", float(near.max())))
        shared = [author for author in paper.authors if parts(author) in self.authors]
        return found + [Reason("author", author, "", _AUTHOR) for author in shared[:_MOST_AUTHORS]]


def fit(_topic: Topic, examples: Examples, space: Space) -> Learned | None:
    """Return what the wanted examples have in common, or ``None`` when no paper is named as wanted."""
    return learn(examples, space, _separates)


def restore(arrays: Arrays, _topic: Topic, examples: Examples, space: Space) -> Learned:
    """Return what gave ``arrays``."""
    several = takewhile(bool, (of_name(f"interest{number}", arrays) for number in count()))
    return Learned(
        liked=examples.liked,
        weights=Weights.restored(of_name("whole", arrays)),
        standard=Standard.restored(arrays["standard"]),
        authors=_authors(examples),
        axes=arrays["near"],
        telling=arrays["telling"],
        names=space.names,
        interests=tuple((Weights.restored(one), Standard.restored(one["standard"])) for one in several),
    )


def _authors(examples: Examples) -> frozenset[tuple[str, ...]]:
    return frozenset(parts(author) for paper in examples.liked for author in paper.authors)


def _separates(wanted: Side, others: Side) -> Weights:
    count = wanted[0].shape[0]
    scale, strength = 0.5 if count <= _FEW else 0.3, 0.3 if count <= _SEVERAL else 10.0
    return separate(wanted, others, axes_scale=scale, strength=strength)[0]


def learn(examples: Examples, space: Space, separates: Separates) -> Learned | None:
    """Return what ``separates`` learns of the wanted examples, or ``None`` when there are none."""
    if not examples.liked:
        return None
    liked, unliked = space.features(examples.liked), space.features(examples.unliked)
    counts, against_counts = examples.weights(examples.liked), examples.weights(examples.unliked)
    others = without(space.rows.others, space, examples.liked)

    def learned(places: NDArray[np.intp]) -> tuple[Weights, Scores]:
        wanted = (liked.tfidf[places], liked.axes[places], counts[places])
        weights = separates(wanted, against(space, others, unliked, against_counts / len(places)))
        return weights, weights.apply(space.ordinary.tfidf, space.ordinary.axes)

    weights, ordinary = learned(np.arange(len(examples.liked)))
    standard = Standard.of(ordinary)
    divided = interests(liked.axes)
    return Learned(
        liked=examples.liked,
        weights=weights,
        standard=standard,
        authors=_authors(examples),
        axes=liked.axes,
        telling=common_to(liked.tfidf, _SHOWN_FROM),
        names=space.names,
        interests=tuple(_as_loud(*learned(places), standard(ordinary)) for places in divided if len(divided) > 1),
    )


def _as_loud(weights: Weights, ordinary: Scores, whole: Scores) -> tuple[Weights, Standard]:
    """Return an interest in units in which its best ordinary papers score as high as the best under the whole."""
    own = Standard.of(ordinary)
    louder = max(float(np.quantile(whole, _TOP)), 1.0) / max(float(np.quantile(own(ordinary), _TOP)), 1.0)
    return weights, Standard(own.mean, own.deviation / louder)
