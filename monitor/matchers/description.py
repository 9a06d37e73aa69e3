"""``about``: a sentence in the reader's own words.

Two looks at it. One ranks papers by BM25 of its terms. The other takes the papers that fit it best as if they had
been liked, the best one most, and learns what sets them apart (pseudo-relevance feedback: Rocchio 1971; Croft and
Harper 1979), so that papers in other words are found too. With n examples named as wanted, both lose their voice as
(1 + n) to the power of -3/4, and faster when the examples contradict them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from monitor.matchers._regression import against, separate
from monitor.matchers.explain import common_to, scaled, strongest_terms
from monitor.matchers.parts import (
    NOTHING,
    Arrays,
    Examples,
    Line,
    Scores,
    Standard,
    Weights,
    line_of,
    named,
    of_name,
    product,
)
from monitor.matchers.space import Features, Space
from monitor.matchers.terms import runs, terms
from monitor.types.papers import Paper
from monitor.types.profiles import Topic
from monitor.types.verdicts import Reason

_FEEDBACK = 15
_TAKEN_BACK = 0.5
_LAST_WEIGHT = 0.3
_DECAY = 0.75
_AGREES, _TRUST = 3.0, 2.0
_TERMS_SHOWN, _SHOWN_FROM = 2, 3
_COMPANY = 0.5
_IN_TITLE = 2.0


@dataclass(frozen=True, slots=True, eq=False)
class Described:
    """The likeness of papers to a description."""

    columns: NDArray[np.intp]
    own: Standard
    own_voice: float
    near: Weights
    near_standard: Standard
    near_voice: float
    learned_from: Mapping[str, float]
    phrases: Phrases
    telling: NDArray[np.intp]
    names: Sequence[str]
    scale: Literal["similarity"] = "similarity"
    notes: tuple[str, ...] = ()

    def scores(self, features: Features) -> Scores:
        """Return the likeness of each paper, in standard deviations above ordinary papers times this part's voice."""
        own = self.own(product(features.bm25, self.columns, np.ones(len(self.columns), np.float32)))
        near = self.near_standard(self.near.apply(features.tfidf, features.axes))
        said, rest = self.own_voice * own + self.near_voice * near, self.rest(features)
        return said if rest is None else said + rest

    def line(self) -> Line:
        """Return the likeness of papers that were not learned from."""
        words = self.columns.astype(np.int32), np.ones(len(self.columns), np.float32)
        own = Line(NOTHING, words, np.zeros_like(self.near.axes), 0.0).in_units(self.own)
        return own.times(self.own_voice).plus(line_of(self.near, self.near_standard).times(self.near_voice))

    def rest(self, features: Features) -> Scores | None:
        """Return what is taken back of the likeness of papers that were learned from."""
        known = [(features.by_key[key], owed) for key, owed in self.learned_from.items() if key in features.by_key]
        if not known:
            return None
        found = np.zeros(len(features.papers))
        for place, owed in known:
            found[place] = -self.near_voice * owed / self.near_standard.deviation
        return found

    def arrays(self) -> Arrays:
        """Return all that was learned; phrases are the topic's."""
        return {
            "columns": self.columns,
            "own": self.own.array(),
            "standard": self.near_standard.array(),
            "voices": np.array([self.own_voice, self.near_voice]),
            "known": np.array(list(self.learned_from), np.str_),
            "owed": np.array(list(self.learned_from.values()), np.float64),
            "telling": self.telling,
        } | named("near", self.near.arrays())

    def reasons(self, features: Features, place: int) -> list[Reason]:
        """Return the description's phrases that the paper holds, in the reader's words, and what their company adds."""
        paper = features.papers[place]
        own = self.phrases.found_in(paper)
        company = strongest_terms(paper, features.terms_of(place), self.near, self.telling, self.names, _TERMS_SHOWN)
        return own + scaled(company, _COMPANY * (sum(reason.share for reason in own) or 1.0))


@dataclass(frozen=True, slots=True, eq=False)
class Phrases:
    """A description, ready to be found again: its words as written; its single terms with place and weight."""

    words: tuple[str, ...]
    singles: tuple[tuple[str, int, float], ...]

    @classmethod
    def of(cls, about: str, space: Space) -> Phrases:
        """Return the phrases of a description; one that is too common to count weighs least."""
        least = float(space.idf.min())
        columns = {term: space.vocabulary[term] for term, _ in runs(about) if term in space.vocabulary}
        weights = {term: float(space.idf[column]) for term, column in columns.items()}
        return cls(tuple(about.split()), tuple((term, place, weights.get(term, least)) for term, place in runs(about)))

    def found_in(self, paper: Paper) -> list[Reason]:
        """Return the longest runs of the description's terms that stand in the title, then what the abstract adds."""
        found: list[Reason] = []
        left = set(range(len(self.singles)))
        for where, text, weight in (("title", paper.title, _IN_TITLE), ("abstract", paper.abstract, 1.0)):
            for start, end in self._longest(text, left):
                left -= set(range(start, end))
                shown = " ".join(self.words[self.singles[start][1] : self.singles[end - 1][1] + 1])
                share = weight * sum(idf for _, _, idf in self.singles[start:end])
                found.append(Reason("about", shown.strip(".,;:!?()"), where, share))
        return found

    def _longest(self, text: str, left: set[int]) -> Iterator[tuple[int, int]]:
        held, known = _held(text)
        start = 0
        while start < len(self.singles):
            end, run = start, " "
            while end in left and (term := self.singles[end][0]) in known and f"{run}{term} " in held:
                end, run = end + 1, f"{run}{term} "
            if end > start:
                yield start, end
            start = max(end, start + 1)


@lru_cache(maxsize=4096)
def _held(text: str) -> tuple[str, frozenset[str]]:
    """Return the terms of a text, one after the other, and each; kept, as many topics look at the same papers."""
    held = [term for term, _ in runs(text)]
    return f" {' '.join(held)} ", frozenset(held)


def fit(topic: Topic, examples: Examples, space: Space) -> Described | None:
    """Return what the description says, or ``None`` when there is none or none of its words means anything here."""
    known = [term for term in dict.fromkeys(terms(topic.about)) if term in space.vocabulary]
    if not known:
        return None
    columns = np.array(sorted(space.vocabulary[term] for term in known), np.intp)
    rows = space.rows
    own = product(rows.bm25, columns, np.ones(len(columns), np.float32))
    best = _best(own, known, space)
    near, by_heart = _company(best, examples, space)
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
        columns=columns,
        own=own_standard,
        own_voice=voices[0],
        near=near,
        near_standard=near_standard,
        near_voice=voices[1],
        learned_from=_papers(best, by_heart, space),
        phrases=Phrases.of(topic.about, space),
        telling=common_to(rows.tfidf[best], _SHOWN_FROM),
        names=space.names,
    )


def restore(arrays: Arrays, topic: Topic, _examples: Examples, space: Space) -> Described:
    """Return what gave ``arrays``."""
    own_voice, near_voice = arrays["voices"].tolist()
    return Described(
        columns=arrays["columns"],
        own=Standard.restored(arrays["own"]),
        own_voice=own_voice,
        near=Weights.restored(of_name("near", arrays)),
        near_standard=Standard.restored(arrays["standard"]),
        near_voice=near_voice,
        learned_from=dict(zip(arrays["known"].tolist(), arrays["owed"].tolist(), strict=True)),
        phrases=Phrases.of(topic.about, space),
        telling=arrays["telling"],
        names=space.names,
    )


def _best(own: NDArray[np.float32], known: Sequence[str], space: Space) -> NDArray[np.intp]:
    """Return the rows that fit the description best, by its terms and by their place on the axes."""
    like = space.rows.axes @ space.on_axes(space.vector(known))
    return np.argsort(-(own / max(own.std(), 1e-6) + like / max(like.std(), 1e-6)), kind="stable")[:_FEEDBACK]


def _company(best: NDArray[np.intp], examples: Examples, space: Space) -> tuple[Weights, NDArray[np.float64]]:
    """Return what sets the rows that fit the description best apart from all others."""
    rows = space.rows
    weights = np.linspace(1, _LAST_WEIGHT, len(best))
    others = np.setdiff1d(rows.others, best)
    unliked = space.features(examples.unliked)
    return separate(
        (rows.tfidf[best], rows.axes[best], weights),
        against(space, others, unliked, 1 / len(best)),
        axes_scale=0.3,
        strength=3.0,
    )


def _papers(best: NDArray[np.intp], by_heart: NDArray[np.float64], space: Space) -> Mapping[str, float]:
    """Return, by key, what the store's papers that were learned from owe to themselves, as far as it is taken back.

    Half of it ranked best where the papers to judge were in the store already, as they are on every working day (mean
    average precision .215 against .208 with none and .213 with all of it; 110 descriptions in stores of 4,000).
    """
    owed = zip(best.tolist(), by_heart.tolist(), strict=True)
    return {space.papers[place].key: _TAKEN_BACK * amount for place, amount in owed if place < len(space.papers)}


def _voice(examples: Scores) -> float:
    """Return how loud a description is beside examples that it scores so: less for many, and less if it misses them."""
    count = len(examples)
    agreement = float((_TRUST + np.clip(examples / _AGREES, 0, 1).sum()) / (_TRUST + count))
    return float((1 + count) ** -_DECAY * agreement)
