"""Which older paper a paper copies: the same work under another id, or one by the same people that says the same.

A pair is judged by one of two logistic regressions, because a model that expects authors errs where a source prints
none: one weighs text and authors, one weighs text alone. ``monitor.novelty.coefficients`` holds their weights, fitted
to arXiv papers printed by two sources and to revised arXiv papers by ``tests/bench/novelty.py``. That no figure of a
pair depends on the other candidates is on purpose: a margin over the next best one merges strangers as soon as the
search changes.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

from monitor.novelty import records
from monitor.novelty.coefficients import TEXT, TEXT_AND_AUTHORS
from monitor.novelty.pairs import Print, Rarity, author_features, cosine, text_features
from monitor.novelty.search import SAMPLE, WordIndex
from monitor.types.papers import Paper
from monitor.types.verdicts import Copy

CANDIDATES = 10
"""So many papers, of those that share most rare words, are compared with one."""
_ALIKE = 0.12  # of 3,900 true pairs one is less alike, and half of the false ones are
_RELATED = 0.2
_SAME = 0.8
_SAME_BY_TEXT = 0.99


class CopyIndex:
    """The papers that a new one may be a copy of, their texts kept: for as many as there is memory for."""

    def __init__(self, papers: Iterable[Paper] = ()) -> None:
        self._papers: dict[int, Paper] = {}
        self._index = WordIndex()
        self.add(papers)

    def add(self, papers: Iterable[Paper]) -> None:
        """Take in more papers, which later searches find; one whose id is known stays as it was."""
        fresh = {paper.id: paper for paper in papers if paper.id not in self._papers}
        self._papers |= fresh
        if self._index.is_outgrown(len(fresh)):
            everything = list(self._papers.values())
            self._index = WordIndex(everything, everything[:: 1 + len(everything) // SAMPLE])
        else:
            self._index.add(fresh.values())

    def find(self, paper: Paper) -> Copy | None:
        """Return the older paper that ``paper`` most probably copies, or ``None``; see ``copies``."""
        return next(iter(self.copies(paper)), None)

    def copies(self, paper: Paper) -> list[Copy]:
        """Return the older papers that ``paper`` may copy, the most probable first; see the function ``copies``."""
        older = [self._papers[one] for one in self._index.candidates(paper, CANDIDATES)]
        return copies(paper, older, self._index.rarity)


def copies(paper: Paper, older: Iterable[Paper], rarity: Rarity) -> list[Copy]:
    """Return which of some older papers ``paper`` may copy, the most probable first, words weighed by ``rarity``.

    ``same`` needs a probability of .8 with authors on both sides and .99 without. Where one of the two has no abstract
    the answer is at most ``related``. Two DOIs of publications are two works, whatever they say, and papers without a
    common author are never just ``related``.
    """
    mine = Print.of(paper, rarity)
    found = (_copy(one.id, _Pair(mine, Print.of(one, rarity))) for one in older)
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
        alike = cosine(self.one, self.two)
        if alike < _ALIKE or records.are_other_works(self.one, self.two):
            return 0.0
        features = text_features(self.one, self.two, alike)
        if self.has_authors:
            return TEXT_AND_AUTHORS.probability([*features, *author_features(self.one, self.two, alike)])
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
