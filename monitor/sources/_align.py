"""Which line of text is whose abstract: titles and abstracts paired so that one odd line shifts nothing.

Units are pieces of text in the order of the page. A dynamic programme picks the pairs (title before abstract, never
crossing) with the highest total score; whatever is in no pair is odd. A pair scores by shape (an abstract is longer
and made of sentences; of 81,337 real titles none ends in a full stop) and by sharing rare words (a title's words come
back in its own abstract), so that after a lost or a stray line the next pair is whole again.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

_WORD = re.compile(r"[^\W_]+")
_FOR_VISITORS = re.compile(
    r"\b(?:sign (?:in|up)|log ?in|load(?:ing)? more|show more|read more|view all|click here|not found|comments?|"
    r"advertis\w+|sponsored|cookies?|error \d+)\b",
    re.IGNORECASE,
)
_STEM = 5  # letters of a word that are compared: "classifier" meets "classification"
_FULL_STOP = re.compile(r"[.!?][\"”’')\]}]*$")
_SENTENCES = re.compile(r"[a-z0-9)\]}][.] +[A-Z\"“]")
_REACH = 3  # a title's abstract is one of the next units; in between at most two stray ones
_SKIPPED = 2.0
_STRAY_APART = 0.3
_GENUINE_APART = 2.0
_SHARED_WORDS = 6.0
_LONGEST_TITLE = 400


@dataclass(frozen=True, slots=True)
class Unit:
    """One piece of text: a title or an abstract or neither, with the number of its first line (from 1)."""

    text: str
    line: int


def abstractness(text: str) -> float:
    """Return how much ``text`` has the shape of an abstract (above 0) rather than of a title (below 0)."""
    score = max(-4.0, min(4.0, 4.0 * math.log(max(len(text), 1) / 220)))
    if _FULL_STOP.search(text) and not text.endswith(("?", "!")):
        score += 3.0
    return score + (2.0 if _SENTENCES.search(text) else 0.0)


def _doubt_as_title(text: str) -> float:
    """Return what speaks against ``text`` as a title, where another line could be it."""
    if _FULL_STOP.search(text) and not text.endswith(("?", "!")):
        return 3.0
    return 1.5 if len(text.split()) < 3 or text == text.lower() or _FOR_VISITORS.search(text) else 0.0


def _apart(text: str, shape: float) -> float:
    """Return what it costs to call ``text`` a stray line inside a pair: more, the more it looks like a part of one."""
    if shape > 2:
        return _GENUINE_APART
    if _doubt_as_title(text):
        return _STRAY_APART
    return _STRAY_APART + (_GENUINE_APART - _STRAY_APART) * max(0.0, min(1.0, (len(text) - 25) / 40))


def pairs(units: Sequence[Unit]) -> list[tuple[int, int]]:
    """Return the places ``(title, abstract)`` in ``units`` of the best pairs, in order. Takes linear time."""
    judge = _Judge(units)
    best = [0.0] * (len(units) + _REACH + 2)
    partner: list[int | None] = [None] * len(units)
    for title in range(len(units) - 1, -1, -1):
        best[title] = best[title + 1] - _SKIPPED
        for abstract in range(title + 1, min(title + _REACH + 1, len(units))):
            gain = judge.gain(title, abstract)
            if gain is not None and gain + best[abstract + 1] > best[title]:
                best[title], partner[title] = gain + best[abstract + 1], abstract
    found: list[tuple[int, int]] = []
    place = 0
    while place < len(units):
        abstract_at = partner[place]
        if abstract_at is not None:
            found.append((place, abstract_at))
        place = place + 1 if abstract_at is None else abstract_at + 1
    return found


class _Judge:
    """Scores pairs; words that many units hold count little (inverse document frequency)."""

    def __init__(self, units: Sequence[Unit]) -> None:
        self._units = units
        self._shapes = [abstractness(unit.text) for unit in units]
        self._doubts = [_doubt_as_title(unit.text) for unit in units]
        self._apart = [_apart(unit.text, shape) for unit, shape in zip(units, self._shapes, strict=True)]
        self._stems = [frozenset(word[:_STEM] for word in _WORD.findall(unit.text.lower())) for unit in units]
        held = Counter(stem for stems in self._stems for stem in stems)
        self._weight = {stem: math.log(1 + len(units) / count) for stem, count in held.items()}
        sure = [len(unit.text) for unit, shape in zip(units, self._shapes, strict=True) if shape > 2]
        self._shortest = median(sure) / 12 if sure else 0.0

    def gain(self, title: int, abstract: int) -> float | None:
        """Return the score of a pair, or ``None`` where one of the two cannot be what it would have to be."""
        rise = self._shapes[abstract] - self._shapes[title]
        if rise < 1 or self._shapes[title] > 2 or len(self._units[title].text) > _LONGEST_TITLE:
            return None
        if len(self._units[abstract].text) < self._shortest:
            return None
        between = range(title + 1, abstract)
        apart = sum(_SKIPPED + self._apart[place] for place in between)
        return min(rise, 6.0) - self._doubts[title] + _SHARED_WORDS * self._shared(title, abstract) - apart

    def _shared(self, title: int, abstract: int) -> float:
        """Return in [0, 1] how much of the title's weight comes back in the abstract; few words prove little."""
        weights = [(self._weight[stem], stem in self._stems[abstract]) for stem in sorted(self._stems[title])]
        total = sum(weight for weight, _ in weights)
        return sum(weight for weight, is_there in weights if is_there) / (total + 4.0)
