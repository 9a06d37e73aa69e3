"""Where the words of many texts stand, so that phrases with open words and NEAR cost a few operations a batch.

All texts lie in one row, ``GAP`` empty places apart. A set of places is an ``int`` whose bit *i* stands for the *i*-th
place of the row: a phrase is what remains of its words' places, each shifted back by its turn, and what is near is
found by spreading one set over the distance. Work grows with the length of the texts times the words asked for.
"""

from __future__ import annotations

import re
from array import array
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable, Sequence
from functools import lru_cache, reduce
from operator import or_

GAP = 100
"""The furthest that words can be from each other and still be near."""
Word = tuple[str, bool]
"""A folded word, and whether it is open at its end (``classif*``)."""

_KEPT = 64
_HELD = re.compile(rb"[^\0]")


def beginning(stem: str, vocabulary: Sequence[str]) -> Sequence[str]:
    """Return the words of a sorted ``vocabulary`` that begin with ``stem``."""
    return vocabulary[bisect_left(vocabulary, stem) : bisect_left(vocabulary, f"{stem}\U0010ffff")]


class Places:
    """The places of all words in some texts, whose words are folded and stand between blanks."""

    def __init__(self, texts: Sequence[str]) -> None:
        self._starts: list[int] = []
        self._of: dict[str, array[int]] = defaultdict(lambda: array("L"))
        end = 0
        for text in texts:
            self._starts.append(end)
            words = text.split()
            for place, word in enumerate(words, end):
                self._of[word].append(place)
            end += (len(words) + GAP + 7) // 8 * 8  # a text begins with a byte of its own
        self._bytes = end // 8
        self._vocabulary = sorted(self._of)
        self._standing = lru_cache(_KEPT)(self._lookup)  # as long as the texts: not for every word ever asked for

    def holding(self, phrase: Sequence[Word]) -> int:
        """Return the texts that hold ``phrase``, as a set of their numbers."""
        return self._texts(self._beginnings(phrase))

    def near(self, left: Iterable[Sequence[Word]], right: Iterable[Sequence[Word]], distance: int) -> int:
        """Return the texts in which a phrase of ``left`` and one of ``right`` begin at two places near each other.

        ``distance`` is how many words further, at most ``GAP``; either may come first.
        """
        ones = reduce(or_, map(self._beginnings, left))
        others = reduce(or_, map(self._beginnings, right))
        return self._texts(ones & _following(others, distance) | others & _following(ones, distance))

    def _beginnings(self, phrase: Sequence[Word]) -> int:
        places = -1
        for turn, word in enumerate(phrase):
            if not places:
                break
            places &= self._standing(word) >> turn
        return places

    def _lookup(self, word: Word) -> int:
        text, is_open = word
        row = bytearray(self._bytes)
        for one in beginning(text, self._vocabulary) if is_open else [text]:
            for place in self._of.get(one, ()):
                row[place >> 3] |= 1 << (place & 7)
        return int.from_bytes(row, "little")

    def _texts(self, places: int) -> int:
        row = places.to_bytes(self._bytes, "little")
        found, at = 0, 0
        while held := _HELD.search(row, at):
            number = bisect_right(self._starts, held.start() * 8) - 1
            found |= 1 << number
            at = self._starts[number + 1] // 8 if number + 1 < len(self._starts) else len(row)
        return found


def _following(places: int, distance: int) -> int:
    """Return the places from one to ``distance`` after those of ``places``."""
    spread, reach = places << 1, 1
    while reach < distance:
        step = min(reach, distance - reach)
        spread |= spread << step
        reach += step
    return spread
