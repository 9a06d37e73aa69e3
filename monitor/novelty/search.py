"""Find the few papers that could be copies: an inverted index over each paper's rarest words."""

from __future__ import annotations

import math
from array import array
from collections import defaultdict
from collections.abc import Iterable
from itertools import islice

import numpy as np

from monitor.novelty.pairs import Rarity, folded_words
from monitor.types.papers import Paper

_RAREST_WORDS = 48
_TELLING = -math.log(0.05)
_LEAST = 0.05
SAMPLE = 20_000


class WordIndex:
    """Papers by their title's words and their 48 rarest words, of those that fewer than 5 % of papers hold.

    Which words are rare is counted on ``sample``, an even one of at most ``SAMPLE`` papers. It takes some 450 bytes a
    paper, and keeps no texts.
    """

    def __init__(self, papers: Iterable[Paper] = (), sample: Iterable[Paper] = ()) -> None:
        self.rarity = Rarity()
        self.rarity.count(map(_words, sample))
        self._known: set[int] = set()
        self._ids = array("q")
        self._seen = array("d")
        self._postings: dict[str, array[int]] = defaultdict(lambda: array("I"))
        for paper in papers:
            self._post(paper)
        self._at_first = len(self._ids)

    def __len__(self) -> int:
        return len(self._ids)

    def is_outgrown(self, more: int) -> bool:
        """Return whether it doubles with so many ``more``: then one should be made anew, with another sample."""
        return len(self) + more > 2 * self._at_first

    def add(self, papers: Iterable[Paper]) -> None:
        """Take in more papers; one whose id is known stays as it was."""
        fresh = {paper.id: paper for paper in papers if paper.id not in self._known}
        self.rarity.count(map(_words, fresh.values()))
        for paper in fresh.values():
            self._post(paper)

    def candidates(self, paper: Paper, limit: int) -> list[int]:
        """Return the ids of at most ``limit`` older papers, the one sharing most of ``paper``'s rare words first.

        Older is what was first seen earlier or, at one time, has the smaller id.
        """
        weights = {word: self.rarity.weights[word] ** 2 for word in self._kept(paper)}
        known = [word for word in weights if word in self._postings]
        if not known:
            return []
        rows = [np.frombuffer(self._postings[word], dtype=np.uint32) for word in known]
        values = np.repeat([weights[word] for word in known], [len(part) for part in rows])
        scores = np.bincount(np.concatenate(rows), weights=values)
        found = np.flatnonzero(scores >= _LEAST * sum(weights.values()))
        best = found[np.argsort(-scores[found], kind="stable")]
        this = paper.first_seen.timestamp(), paper.id
        older = (self._ids[row] for row in best if (self._seen[row], self._ids[row]) < this)
        return list(islice((one for one in older if one != paper.id), limit))

    def _post(self, paper: Paper) -> None:
        if paper.id in self._known:
            return
        self._known.add(paper.id)
        row = len(self._ids)
        self._ids.append(paper.id)
        self._seen.append(paper.first_seen.timestamp())
        for word in self._kept(paper):
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
