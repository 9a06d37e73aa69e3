"""Two papers side by side: what they share, as figures that a logistic regression weighs.

Words are folded (``monitor.text.fold``) and weighted by how rare they are; see ``Rarity``.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any

from monitor.novelty.common_words import SHARES, UNKNOWN_SHARE
from monitor.text import fold
from monitor.types.papers import Paper

_BACKGROUND_PAPERS = 2000
_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
_NO_SURNAME = re.compile(
    r"(?<=\w\w)(?:[ .]+[A-Z]\b\.?)+(?=\s*$)|(?<=[a-z])\s[A-Z]{2,3}\s*$|\s(?:[JS]r\.?|I{2,3}|IV)\s*$"
)
"""What may follow a surname: ``Lewis G. F.``, ``Lewis GF``, ``Davis Jr.``"""
_SHINGLE = 3
_RAREST = 8.0
_LETTERS = bytes(byte if chr(byte).isalnum() else 32 for byte in bytes(range(128)).lower()) + b" " * 128


def folded_words(text: str) -> list[str]:
    """Return ``fold(text).split()``, ten times faster for plain ASCII, which most abstracts are."""
    if text.isascii() and not any(char in text for char in "\\{$~`"):
        return text.encode().translate(_LETTERS).decode().split()
    return fold(text).split()


class Rarity:
    """How much a shared word says, from the papers counted so far and, while they are few, from abstracts at large.

    The counts are mixed with 2,000 imagined papers that hold words as abstracts do in general, so that an
    installation's first ten papers are judged as sensibly as its hundred-thousandth.
    """

    def __init__(self) -> None:
        self._papers = 0
        self._holding: Counter[str] = Counter()
        self.weights: Mapping[str, float] = _Weights(self.share)
        """The inverse document frequency of any word, natural logarithm."""

    def count(self, papers: Iterable[Iterable[str]]) -> None:
        """Count papers, each as the different words that it holds."""
        for words in papers:
            self._papers += 1
            self._holding.update(words)
        self.weights = _Weights(self.share)

    def share(self, word: str) -> float:
        """Return the expected share of papers that hold ``word``, in (0, 1)."""
        imagined = _BACKGROUND_PAPERS * SHARES.get(word, UNKNOWN_SHARE)
        return (self._holding.get(word, 0) + imagined) / (self._papers + _BACKGROUND_PAPERS)


class _Weights(dict[str, float]):
    """Weights by word, each worked out once: a search looks up the same words over and over."""

    def __init__(self, share: Callable[[str], float]) -> None:
        super().__init__()
        self._share = share

    def __missing__(self, word: str) -> float:
        weight = self[word] = -math.log(self._share(word))
        return weight


@dataclass(frozen=True)
class Print:
    """A paper as it is compared: folded words of title and abstract, their weights, its numbers, its authors' surnames.

    ``weights`` holds the rarity of each word, ``vector`` its TF-IDF weight in the whole text, term frequency damped to
    ``1 + log``, and ``length`` is the length of that vector.
    """

    paper: Paper
    title: tuple[str, ...]
    abstract: tuple[str, ...]
    weights: Mapping[str, float]
    vector: Mapping[str, float]
    length: float

    @classmethod
    def of(cls, paper: Paper, rarity: Rarity) -> Print:
        """Return what is compared of ``paper``, words weighed by ``rarity``."""
        title, abstract = tuple(folded_words(paper.title)), tuple(folded_words(paper.abstract))
        words, known = Counter(title + abstract), rarity.weights
        weights = {word: known[word] for word in words}
        repeated = {word: (1 + math.log(times)) * weights[word] for word, times in words.items() if times > 1}
        vector = weights | repeated
        length = math.sqrt(math.fsum(value * value for value in vector.values())) or 1.0
        return cls(paper, title, abstract, weights, vector, length)

    @cached_property
    def name(self) -> str:
        """What stands before the title's colon, folded; empty without one."""
        before, colon, _ = self.paper.title.partition(":")
        return fold(before) if colon else ""

    @cached_property
    def numbers(self) -> frozenset[str]:
        """The numbers of the abstract as they are printed."""
        return frozenset(_NUMBER.findall(self.paper.abstract))

    @cached_property
    def surnames(self) -> frozenset[str]:
        """The surnames of all authors."""
        return surnames(self.paper.authors)

    @cached_property
    def first_author(self) -> frozenset[str]:
        """The surname of the first author, empty where there is none."""
        return surnames(self.paper.authors[:1])

    @property
    def year(self) -> int | None:
        """The year of publication."""
        return self.paper.published.year if self.paper.published else None

    @property
    def doi(self) -> str:
        """The DOI where the paper goes by one."""
        return self.paper.key.removeprefix("doi:") if self.paper.key.startswith("doi:") else ""

    @cached_property
    def shingles(self) -> frozenset[tuple[str, ...]]:
        """Runs of three words of the abstract (Broder 1997)."""
        return frozenset(zip(*(self.abstract[start:] for start in range(_SHINGLE)), strict=False))

    def mass(self, words: Iterable[str]) -> float:
        """Return the summed weight of these of its words, whatever their order."""
        return math.fsum(map(self.weights.__getitem__, words))


def surnames(authors: Iterable[str]) -> frozenset[str]:
    """Return the folded surnames: the last word before a comma, else the last that is no initial and no ``Jr.``."""
    return frozenset(filter(None, map(_surname, authors)))


@lru_cache(maxsize=1 << 14)
def _surname(name: str) -> str:
    last = name.rpartition(" ")[2]
    if len(last) > 2 and last.isascii() and last.isalpha() and last[1:].islower() and "," not in name:
        return last.lower()  # as most names are: what follows would say the same
    parts = fold(_NO_SURNAME.sub("", name.partition(",")[0])).split()
    return parts[-1] if parts else ""


def cosine(one: Print, two: Print) -> float:
    """Return the cosine of two papers' TF-IDF vectors."""
    words = one.vector.keys() & two.vector.keys()
    return math.fsum(one.vector[word] * two.vector[word] for word in words) / (one.length * two.length)


def jaccard(one: AbstractSet[Any], two: AbstractSet[Any]) -> float:
    """Return the shared part of the union, 0 for two empty sets."""
    union = len(one | two)
    return len(one & two) / union if union else 0.0


def overlap(one: AbstractSet[Any], two: AbstractSet[Any]) -> float:
    """Return the shared part of the smaller set, 0 when one is empty."""
    smaller = min(len(one), len(two))
    return len(one & two) / smaller if smaller else 0.0


TEXT_FEATURES = (
    "title jaccard", "title containment", "cosine", "abstract containment", "abstract jaccard",
    "shingles of the shorter", "shingles of the longer", "root of shingles of the shorter",
    "root of shingles of the longer", "numbers jaccard", "numbers in common", "same name before the colon",
    "one name before the colon", "other name before the colon", "length ratio", "same first word",
    "rarest shared word", "cosine x title", "cosine x abstract",
)  # fmt: skip
AUTHOR_FEATURES = (
    "surnames jaccard", "surnames containment", "surnames x cosine", "surnames in common", "same first author",
    "surnames x title told",
)  # fmt: skip


def text_features(one: Print, two: Print, alike: float) -> list[float]:
    """Return the figures named in ``TEXT_FEATURES``; both papers need an abstract, and ``alike`` is their cosine."""
    titles = frozenset(one.title), frozenset(two.title)
    title_jaccard = jaccard(*titles)
    containment, abstract_jaccard = _weighted(frozenset(one.abstract), frozenset(two.abstract), one, two)
    shared = (one.weights[word] for word in one.weights.keys() & two.weights.keys())
    lengths = sorted((len(one.abstract), len(two.abstract)))
    return [
        title_jaccard,
        _weighted(*titles, one, two)[0],
        alike,
        containment,
        abstract_jaccard,
        *_shingle_shares(one.shingles, two.shingles),
        jaccard(one.numbers, two.numbers),
        math.log1p(len(one.numbers & two.numbers)),
        *_names(one.name, two.name),
        lengths[0] / max(1, lengths[1]),
        float(one.title[:1] == two.title[:1]),
        min(_RAREST, max(shared, default=0.0)),
        alike * title_jaccard,
        alike * abstract_jaccard,
    ]


def author_features(one: Print, two: Print, alike: float) -> list[float]:
    """Return the figures named in ``AUTHOR_FEATURES``; ``alike`` is the cosine of the two."""
    shared = jaccard(one.surnames, two.surnames)
    return [
        shared,
        overlap(one.surnames, two.surnames),
        shared * alike,
        math.log1p(len(one.surnames & two.surnames)),
        float(bool(one.first_author) and one.first_author == two.first_author),
        shared * max(_told(one, two), _told(two, one)),
    ]


def _told(one: Print, two: Print) -> float:
    """Return the part of one paper's title, by weight, that the other's whole text holds: old names are still told."""
    title = frozenset(one.title)
    return one.mass(title & two.weights.keys()) / (one.mass(title) or 1.0)


def _weighted(words: frozenset[str], others: frozenset[str], one: Print, two: Print) -> tuple[float, float]:
    """Containment in the lighter set and Jaccard, words weighted by rarity."""
    shared, first, second = one.mass(words & others), one.mass(words), two.mass(others)
    return shared / (min(first, second) or 1.0), shared / (first + second - shared or 1.0)


def _shingle_shares(one: frozenset[Any], two: frozenset[Any]) -> list[float]:
    shared = len(one & two)
    shares = [shared / max(1, size) for size in sorted((len(one), len(two)))]
    return [*shares, *map(math.sqrt, shares)]


def _names(one: str, two: str) -> list[float]:
    """Whether the names before the titles' colons are equal, given once, different."""
    return [float(bool(one) and one == two), float(bool(one) != bool(two)), float(bool(one and two) and one != two)]
