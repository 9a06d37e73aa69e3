"""Find the few papers that could be copies: an inverted index over each paper's rarest words."""

from __future__ import annotations

import math
from array import array
from collections import defaultdict
from collections.abc import Iterable

import numpy as np

from monitor.novelty.pairs import Rarity, folded_words
from monitor.types.papers import Paper

_RAREST_WORDS = 48
_TELLING = -math.log(0.05)
_LEAST = 0.05
_SAMPLE = 20_000


class WordIndex:
    """Papers by their title's words and their 48 rarest words, of those that fewer than 5 % of papers hold.

    Which words are rare is counted on an even sample of at most 20,000 papers, and again when the store has doubled.
    """

    def __init__(self, papers: Iterable[Paper] = ()) -> None:
        self._papers: list[Paper] = []
        self._ids: set[int] = set()
        self._take(papers)
        self._index_anew()

    def add(self, papers: Iterable[Paper]) -> None:
        """Take in more papers; one whose id is known stays as it was."""
        start = len(self._papers)
        self._take(papers)
        if len(self._papers) > 2 * self._indexed_anew_at:
            self._index_anew()
            return
        self.rarity.count(map(_words, self._papers[start:]))
        for row in range(start, len(self._papers)):
            self._post(row)

    def candidates(self, paper: Paper, limit: int) -> list[Paper]:
        """Return at most ``limit`` older papers, the one sharing most of ``paper``'s rare words first."""
        weights = {word: self.rarity.weights[word] ** 2 for word in self._kept(paper)}
        known = [word for word in weights if word in self._postings]
        if not known:
            return []
        rows = [np.frombuffer(self._postings[word], dtype=np.uint32) for word in known]
        values = np.repeat([weights[word] for word in known], [len(part) for part in rows])
        scores = np.bincount(np.concatenate(rows), weights=values)
        found = np.flatnonzero(scores >= _LEAST * sum(weights.values()))
        best = found[np.argsort(-scores[found], kind="stable")]
        older = (self._papers[row] for row in best if _is_older(self._papers[row], paper))
        return [candidate for candidate, _ in zip(older, range(limit), strict=False)]

    def _take(self, papers: Iterable[Paper]) -> None:
        for paper in papers:
            if paper.id not in self._ids:
                self._ids.add(paper.id)
                self._papers.append(paper)

    def _index_anew(self) -> None:
        self.rarity = Rarity()
        self._postings: dict[str, array[int]] = defaultdict(lambda: array("I"))
        self._indexed_anew_at = len(self._papers)
        self.rarity.count(map(_words, self._papers[:: 1 + len(self._papers) // _SAMPLE]))
        for row in range(len(self._papers)):
            self._post(row)

    def _post(self, row: int) -> None:
        for word in self._kept(self._papers[row]):
            self._postings[word].append(row)

    def _kept(self, paper: Paper) -> list[str]:
        known = self.rarity.weights
        title = folded_words(paper.title)
        words = dict.fromkeys((*title, *folded_words(paper.abstract)))  # a set's order would differ from run to run
        rare = [word for word in words if known[word] >= _TELLING]
        kept = (word for word in title if known[word] >= _TELLING)
        return list(dict.fromkeys((*kept, *sorted(rare, key=known.__getitem__, reverse=True)[:_RAREST_WORDS])))


def _words(paper: Paper) -> set[str]:
    return set(folded_words(f"{paper.title} {paper.abstract}"))


def _is_older(one: Paper, two: Paper) -> bool:
    return one.id != two.id and (one.first_seen, one.id) < (two.first_seen, two.id)
