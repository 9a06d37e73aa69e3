"""``like`` and ``unlike``: what sets the named papers apart from all others, learned by logistic regression.

The regression sees the terms of the named papers and the axes of the space; few examples lean on the axes, many on
their own terms. Authors whom the wanted papers share with a new one count on top.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from monitor.matchers._regression import against, separate
from monitor.matchers.explain import common_to, strongest_terms
from monitor.matchers.names import parts
from monitor.matchers.parts import Examples, Scores, Standard, Weights, without
from monitor.matchers.space import Features, Space, Vector
from monitor.types.papers import Paper
from monitor.types.profiles import Topic
from monitor.types.verdicts import Reason

_FEW, _SEVERAL = 8, 50
_AUTHOR, _MOST_AUTHORS = 0.3, 3
_TERMS_SHOWN, _SHOWN_FROM = 3, 2
_NEAR = 0.25


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
    scale: Literal["similarity"] = "similarity"
    notes: tuple[str, ...] = field(default=())

    def scores(self, features: Features) -> Scores:
        """Return the likeness of each paper."""
        likeness = self.standard(self.weights.apply(features.tfidf, features.axes))
        if not self.authors:
            return likeness
        known = [min(_MOST_AUTHORS, len(self.authors & authors)) for authors in features.postings.authors]
        return likeness + _AUTHOR * np.array(known)

    def reasons(self, features: Features, place: int) -> list[Reason]:
        """Return the nearest example, the terms that speak for the paper as it prints them, and shared authors."""
        paper = features.papers[place]
        found = strongest_terms(paper, features.tfidf[place], self.weights, self.telling, self.names, _TERMS_SHOWN)
        near = self.axes @ features.axes[place]
        if len(near) and near.max() >= _NEAR:
            found.append(Reason("like", self.liked[int(near.argmax())].title, "", float(near.max())))
        shared = [author for author in paper.authors if parts(author) in self.authors]
        return found + [Reason("author", author, "", _AUTHOR) for author in shared[:_MOST_AUTHORS]]


def fit(_topic: Topic, examples: Examples, space: Space) -> Learned | None:
    """Return what the wanted examples have in common, or ``None`` when no paper is named as wanted."""
    if not examples.liked:
        return None
    liked = space.features(examples.liked)
    unliked = space.features(examples.unliked)
    count = len(examples.liked)
    others = without(space.rows.others, space, examples.liked)
    weights, _ = separate(
        (liked.tfidf, liked.axes, np.ones(count)),
        against(space, others, unliked, 1 / count),
        axes_scale=0.5 if count <= _FEW else 0.3,
        strength=0.3 if count <= _SEVERAL else 10.0,
    )
    standard = Standard.of(weights.apply(space.ordinary.tfidf, space.ordinary.axes))
    authors = frozenset(parts(author) for paper in examples.liked for author in paper.authors)
    return Learned(
        examples.liked, weights, standard, authors, liked.axes, common_to(liked.tfidf, _SHOWN_FROM), space.names
    )
