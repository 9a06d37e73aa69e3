"""Which older paper a paper copies: the same work under another id, or one by the same people that says the same.

A pair is judged by one of two logistic regressions, because a model that expects authors errs where a source prints
none: one weighs text and authors, one weighs text alone. ``monitor.novelty.coefficients`` holds their weights, fitted
to arXiv papers printed by two sources and to revised arXiv papers by ``tests/bench/novelty.py``. That no figure of a
pair depends on the other candidates is on purpose: a margin over the next best one merges strangers as soon as the
search changes.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from monitor.novelty import records
from monitor.novelty.coefficients import TEXT, TEXT_AND_AUTHORS
from monitor.novelty.pairs import Print, Rarity, author_features, cosine, text_features
from monitor.novelty.search import WordIndex
from monitor.types.papers import Paper
from monitor.types.verdicts import Copy

_CANDIDATES = 10
_ALIKE = 0.12  # of 3,900 true pairs one is less alike, and half of the false ones are
_RELATED = 0.2
_SAME = 0.8
_SAME_BY_TEXT = 0.99


class CopyIndex:
    """The papers that a new one may be a copy of; about 400 bytes a paper beside the papers themselves."""

    def __init__(self, papers: Sequence[Paper] = ()) -> None:
        self._index = WordIndex(papers)

    def add(self, papers: Sequence[Paper]) -> None:
        """Take in more papers; later searches find them."""
        self._index.add(papers)

    def find(self, paper: Paper) -> Copy | None:
        """Return the older paper that ``paper`` most probably copies, or ``None``; see ``copies``."""
        return next(iter(self.copies(paper)), None)

    def copies(self, paper: Paper) -> list[Copy]:
        """Return the older papers that ``paper`` may copy, the most probable first.

        Older is what was first seen earlier or, at one time, has the smaller id; a paper is never a copy of its own
        id. ``same`` needs a probability of .8 with authors on both sides and .99 without. Where one of the two has no
        abstract the answer is at most ``related``. Two DOIs of publications are two works, whatever they say, and
        papers without a common author are never just ``related``.
        """
        rarity = self._index.rarity
        mine = Print.of(paper, rarity)
        candidates = self._index.candidates(paper, _CANDIDATES)
        found = (_copy(older.id, _Pair(mine, Print.of(older, rarity))) for older in candidates)
        return sorted(filter(None, found), key=lambda copy: -copy.probability)


def compare(paper: Paper, older: Paper, rarity: Rarity) -> Copy | None:
    """Return what ``paper`` is to ``older``, words weighed by ``rarity``; ``None`` for two works."""
    return _copy(older.id, _Pair(Print.of(paper, rarity), Print.of(older, rarity)))


@dataclass(frozen=True, slots=True)
class _Pair:
    """Two papers, the newer one first."""

    one: Print
    two: Print

    @property
    def has_authors(self) -> bool:
        return bool(self.one.surnames and self.two.surnames)

    @property
    def is_by_strangers(self) -> bool:
        """Whether both name their authors, and none in common."""
        return self.has_authors and not self.one.surnames & self.two.surnames

    @property
    def has_abstracts(self) -> bool:
        return bool(self.one.abstract and self.two.abstract)

    def probability(self) -> float:
        """The probability that the two are one work."""
        if not self.has_abstracts:
            return records.probability(self.one, self.two)
        if records.are_other_works(self.one, self.two) or cosine(self.one, self.two) < _ALIKE:
            return 0.0
        features = text_features(self.one, self.two)
        if self.has_authors:
            return TEXT_AND_AUTHORS.probability([*features, *author_features(self.one, self.two)])
        return TEXT.probability(features)

    def evidence(self) -> str:
        """What a reader is told: ``same title, 92 % of its abstract's words, same authors``."""
        one, two = self.one, self.two
        parts = ["same title"] if one.title == two.title else []
        if self.has_abstracts:
            words = {*one.abstract}
            parts.append(f"{math.floor(100 * len(words & {*two.abstract}) / len(words))} % of its abstract's words")
        if self.has_authors:
            parts.append(_authors(one.surnames, two.surnames))
        return ", ".join(parts)


def _authors(one: frozenset[str], two: frozenset[str]) -> str:
    shared = len(one & two)
    if one == two:
        return "same authors"
    return f"{shared or 'no'} author{'' if shared == 1 else 's'} in common"


def _copy(older: int, pair: _Pair) -> Copy | None:
    probability = pair.probability()
    surely = pair.has_abstracts and probability >= (_SAME if pair.has_authors else _SAME_BY_TEXT)
    if not surely and (probability < _RELATED or pair.is_by_strangers):
        return None
    return Copy(older, "same" if surely else "related", round(probability, 4), pair.evidence())
