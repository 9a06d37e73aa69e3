"""How other programs tell that two prints are one paper, to be measured on the same cases as ours.

``title``: the same title, whatever its case, blanks and accents.
``jaccard``: titles that share seven of ten words (as merge tools for alerts do).
``cosine``: texts at a TF-IDF cosine of one half or more (as feed readers with a filter for duplicates do).
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Callable

from monitor.novelty.pairs import Print, Rarity, cosine, folded_words, jaccard
from monitor.types.papers import Paper

ALIKE_TITLES = 0.7
TITLE_RULES = {"title": 1.0, "jaccard": ALIKE_TITLES}
"""Rules on titles alone, by the share of their words that two titles must have in common."""
_ALIKE_TEXTS = 0.5

PairRule = Callable[[Paper, Paper, Rarity], bool]


def same_title(one: Paper, two: Paper, _rarity: Rarity) -> bool:
    """Whether the titles are equal."""
    return folded_words(one.title) == folded_words(two.title)


def like_titles(one: Paper, two: Paper, _rarity: Rarity) -> bool:
    """Whether the titles share seven of ten words."""
    return jaccard({*folded_words(one.title)}, {*folded_words(two.title)}) >= ALIKE_TITLES


def like_texts(one: Paper, two: Paper, rarity: Rarity) -> bool:
    """Whether the cosine of the texts is one half or more."""
    return cosine(Print.of(one, rarity), Print.of(two, rarity)) >= _ALIKE_TEXTS


RULES: dict[str, PairRule] = {"title": same_title, "jaccard": like_titles, "cosine": like_texts}


class Titles:
    """Titles by their words: finds the one that shares most with another, from a least Jaccard coefficient on."""

    def __init__(self, least: float) -> None:
        self._least = least
        self._words: list[tuple[frozenset[str], int]] = []
        self._rows: dict[str, list[int]] = defaultdict(list)

    def add(self, title: str, name: int) -> None:
        """Take in a title under a name."""
        words = frozenset(folded_words(title))
        for word in words:
            self._rows[word].append(len(self._words))
        self._words.append((words, name))

    def find(self, title: str) -> int | None:
        """Return the name of the title most like this one, the first of several, or ``None``."""
        words = frozenset(folded_words(title))
        # What shares seven of ten words holds one of any four: the four rarest lead to the fewest.
        spare = len(words) - math.ceil(self._least * len(words)) + 1
        rarest = sorted(words, key=lambda word: (len(self._rows.get(word, ())), word))[:spare]
        rows = sorted({row for word in rarest for row in self._rows.get(word, ())})
        shares = {row: jaccard(words, self._words[row][0]) for row in rows}
        best = max(shares, key=shares.__getitem__, default=None)
        return self._words[best][1] if best is not None and shares[best] >= self._least else None
