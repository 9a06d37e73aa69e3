"""``about``: a sentence in the reader's own words.

Two looks at it. One ranks papers by BM25 of its terms. The other takes the papers that fit it best as if they had been liked, the best
one most, and learns what sets them apart (pseudo-relevance feedback: Rocchio 1971; Croft and Harper 1979), so that papers in
other words are found too. With n examples named as wanted, both lose their voice as (1 + n) to the power of -3/4, and
faster when the examples contradict them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from monitor.matchers._regression import against, separate
from monitor.matchers.explain import strongest_terms
from monitor.matchers.parts import Examples, Scores, Standard, Weights, product
from monitor.matchers.space import Features, Space, Vector
from monitor.matchers.terms import surfaces, terms
from monitor.types.profiles import Topic
from monitor.types.verdicts import Reason

_FEEDBACK = 15
_LAST_WEIGHT = 0.3
_DECAY = 0.75
_AGREES, _TRUST = 3.0, 2.0
_TERMS_SHOWN = 2
_EXPANSION_SHARE = 0.5


@dataclass(frozen=True, slots=True, eq=False)
class Described:
    """The likeness of papers to a description; ``coverage`` says how much of its meaning a paper names."""

    columns: NDArray[np.intp]
    own: Standard
    own_voice: float
    near: Weights
    near_standard: Standard
    near_voice: float
    idf: Vector
    phrases: tuple[tuple[str, str], ...]
    names: Sequence[str]
    scale: Literal["similarity"] = "similarity"
    notes: tuple[str, ...] = ()

    def scores(self, features: Features) -> Scores:
        """Return the likeness of each paper, in standard deviations above ordinary papers times this part's voice."""
        own = self.own(product(features.bm25, self.columns, np.ones(len(self.columns), np.float32)))
        near = self.near_standard(self.near.apply(features.tfidf, features.axes))
        return self.own_voice * own + self.near_voice * near

    def coverage(self, features: Features) -> Scores:
        """Return the share of the description's idf that each paper holds, in [0, 1]."""
        held = features.tfidf.copy()
        held.data = np.ones_like(held.data)
        return np.asarray(product(held, self.columns, self.idf / self.idf.sum()), np.float64)

    def reasons(self, features: Features, place: int) -> list[Reason]:
        """Return the description's phrases that the paper holds, in the reader's words, and what their company adds."""
        paper = features.papers[place]
        held = {"title": set(terms(paper.title)), "abstract": set(terms(paper.abstract))}
        found = []
        weight = dict(zip((self.names[column] for column in self.columns), self.idf.tolist(), strict=True))
        for term, text in self.phrases:
            where = next((field for field in ("title", "abstract") if term in held[field]), None)
            if where and term in weight:
                found.append(Reason("about", text, where, weight[term] * (2.0 if where == "title" else 1.0)))
        total = sum(reason.share for reason in found) or 1.0
        learned = strongest_terms(paper, features.tfidf[place], self.near, self.names, _TERMS_SHOWN)
        sum_learned = sum(reason.share for reason in learned) or 1.0
        return found + [
            Reason(one.kind, one.text, one.where, one.share / sum_learned * total * _EXPANSION_SHARE) for one in learned
        ]


def fit(topic: Topic, examples: Examples, space: Space) -> Described | None:
    """Return what the description says, or ``None`` when there is none or none of its words means anything here."""
    known = [term for term in dict.fromkeys(terms(topic.about)) if term in space.vocabulary]
    if not known:
        return None
    columns = np.array(sorted(space.vocabulary[term] for term in known), np.intp)
    rows = space.rows
    own = product(rows.bm25, columns, np.ones(len(columns), np.float32))
    near = _company(own, known, examples, space)
    own_standard = Standard.of(own[rows.reference])
    near_standard = Standard.of(near.apply(space.ordinary.tfidf, space.ordinary.axes))
    voices = 0.5, 1.0
    if examples.liked:
        liked = space.features(examples.liked)
        looks = (
            own_standard(product(liked.bm25, columns, np.ones(len(columns), np.float32))),
            near_standard(near.apply(liked.tfidf, liked.axes)),
        )
        voices = _voice(looks[0]), _voice(looks[1])
    return Described(
        columns,
        own_standard,
        voices[0],
        near,
        near_standard,
        voices[1],
        space.idf[columns],
        _phrases(topic.about),
        space.names,
    )


def _company(own: NDArray[np.float32], known: Sequence[str], examples: Examples, space: Space) -> Weights:
    """Return what sets the papers that fit the description best apart from all others."""
    rows = space.rows
    like = rows.axes @ space.on_axes(space.vector(known))
    best = np.argsort(-(own / max(own.std(), 1e-6) + like / max(like.std(), 1e-6)), kind="stable")[:_FEEDBACK]
    weights = np.linspace(1, _LAST_WEIGHT, len(best))
    others = np.setdiff1d(rows.others, best)
    unliked = space.features(examples.unliked)
    return separate(
        (rows.tfidf[best], rows.axes[best], weights),
        against(space, others, unliked, 1 / len(best)),
        axes_scale=0.3,
        strength=3.0,
    )


def _voice(examples: Scores) -> float:
    """Return how loud a description is beside examples that it scores so: less for many, and less if it misses them."""
    count = len(examples)
    agreement = float((_TRUST + np.clip(examples / _AGREES, 0, 1).sum()) / (_TRUST + count))
    return float((1 + count) ** -_DECAY * agreement)


def _phrases(about: str) -> tuple[tuple[str, str], ...]:
    return tuple(dict(surfaces(about)).items())
