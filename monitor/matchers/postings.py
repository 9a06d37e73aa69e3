"""Folded words of papers, turned round: which papers hold a word, a phrase or a name.

A set of papers is an ``int`` whose bit *i* stands for the *i*-th paper, so that AND, OR and NOT of whole batches are
one operation each. Work grows with the length of the text and of the question, whatever either says: nothing
backtracks.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property, lru_cache, reduce
from operator import and_, or_
from typing import Literal

from monitor.matchers.names import parts, same_author, surname
from monitor.text import latex_to_text
from monitor.types.papers import Paper

TextField = Literal["title", "abstract"]
TEXT_FIELDS: tuple[TextField, TextField] = ("title", "abstract")
Word = tuple[str, bool]
"""A folded word, and whether it is open at its end (``classif*``)."""

_COMMAND = re.compile(r"\\[A-Za-z]+|[\\{}$~^_]")
_UNSPACED = "\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff"
_WORD = re.compile(rf"[{_UNSPACED}]|[^\W_{_UNSPACED}]+(?:[+#]{{1,2}}(?![^\W_]))?")


def folded(text: str) -> list[str]:
    """Return the words of ``text`` as they are compared: no accents, no case, hyphens as blanks, ``C++`` whole.

    Each character of a script that is written without blanks is a word of its own.
    """
    plain = _COMMAND.sub(" ", latex_to_text(text))
    if not plain.isascii():
        decomposed = unicodedata.normalize("NFKD", plain)
        plain = "".join(char for char in decomposed if not unicodedata.combining(char))
    return _WORD.findall(plain.casefold())


def members(papers: int) -> Iterator[int]:
    """Yield the places of the papers in a set, first one first."""
    while papers:
        lowest = papers & -papers
        yield lowest.bit_length() - 1
        papers ^= lowest


class Postings:
    """A batch of papers that can be asked which of them hold something. Built once and shared by all topics."""

    def __init__(self, papers: Sequence[Paper]) -> None:
        self.papers = tuple(papers)
        self.everything = (1 << len(self.papers)) - 1
        self._phrases: dict[tuple[tuple[Word, ...], TextField], int] = {}

    def holding(self, words: tuple[Word, ...], field: TextField) -> int:
        """Return the papers whose ``field`` holds ``words`` one after the other."""
        key = (words, field)
        if key not in self._phrases:
            self._phrases[key] = self._holding(words, field)
        return self._phrases[key]

    def title(self, place: int) -> str:
        """Return one paper's title, folded: equal for two prints of one title."""
        return self._texts["title"][place]

    def positions(self, words: tuple[Word, ...], field: TextField, place: int) -> list[int]:
        """Return where in one paper's ``field``, counted in words from 0, each occurrence of ``words`` begins."""
        tokens = self._texts[field][place].split()
        starts = range(len(tokens) - len(words) + 1)
        return [start for start in starts if _stands_at(words, tokens, start)]

    def by_author(self, name: str) -> int:
        """Return the papers with an author whose printed name can be ``name``."""
        return sum(
            1 << place
            for place in self._surnames.get(surname(name), ())
            if any(same_author(name, author) for author in self.papers[place].authors)
        )

    def by_category(self, label: Word) -> int:
        """Return the papers in a category equal to ``label``, under it (``cs``: ``cs.CV``) or beginning so."""
        return self._labelled(label, (paper.categories for paper in self.papers))

    def by_source(self, label: Word) -> int:
        """Return the papers that a source of this name listed."""
        return self._labelled(label, (paper.sources for paper in self.papers))

    def _labelled(self, label: Word, carried: Iterable[tuple[str, ...]]) -> int:
        wanted, is_open = label
        return sum(
            1 << place
            for place, labels in enumerate(carried)
            if any(_is_label(one.casefold(), wanted, is_open=is_open) for one in labels)
        )

    @cached_property
    def authors(self) -> list[frozenset[tuple[str, ...]]]:
        """The authors of each paper, as ``names.parts`` reads them."""
        return [frozenset(map(parts, paper.authors)) for paper in self.papers]

    @cached_property
    def _texts(self) -> dict[TextField, list[str]]:
        return {
            "title": [f" {' '.join(folded(paper.title))} " for paper in self.papers],
            "abstract": [f" {' '.join(folded(paper.abstract))} " for paper in self.papers],
        }

    @cached_property
    def _words(self) -> dict[TextField, dict[str, int]]:
        return {field: _turned_round(texts) for field, texts in self._texts.items()}

    @cached_property
    def _vocabulary(self) -> dict[TextField, list[str]]:
        return {field: sorted(words) for field, words in self._words.items()}

    @cached_property
    def _surnames(self) -> dict[str, list[int]]:
        found: dict[str, list[int]] = defaultdict(list)
        for place, paper in enumerate(self.papers):
            for last in {surname(author) for author in paper.authors}:
                found[last].append(place)
        return found

    def _holding(self, words: tuple[Word, ...], field: TextField) -> int:
        candidates = reduce(and_, (self._with_word(word, field) for word in words), self.everything)
        if len(words) == 1 or not candidates:
            return candidates
        texts = self._texts[field]
        if any(is_open for _, is_open in words[:-1]):
            return sum(1 << place for place in members(candidates) if self.positions(words, field, place))
        needle = f" {' '.join(word for word, _ in words)}{'' if words[-1][1] else ' '}"
        return sum(1 << place for place in members(candidates) if needle in texts[place])

    def _with_word(self, word: Word, field: TextField) -> int:
        text, is_open = word
        if not is_open:
            return self._words[field].get(text, 0)
        vocabulary = self._vocabulary[field]
        found = 0
        for place in range(bisect_left(vocabulary, text), len(vocabulary)):
            if not vocabulary[place].startswith(text):
                break
            found |= self._words[field][vocabulary[place]]
        return found


@lru_cache(maxsize=1024)
def postings_of(paper: Paper) -> Postings:
    """Return the postings of one paper, kept for the next question about it."""
    return Postings((paper,))


def _turned_round(texts: Sequence[str]) -> dict[str, int]:
    places: dict[str, list[int]] = defaultdict(list)
    for place, text in enumerate(texts):
        for word in set(text.split()):
            places[word].append(place)
    return {word: reduce(or_, (1 << place for place in found)) for word, found in places.items()}


def _stands_at(words: tuple[Word, ...], tokens: Sequence[str], start: int) -> bool:
    return all(
        tokens[start + offset].startswith(text) if is_open else tokens[start + offset] == text
        for offset, (text, is_open) in enumerate(words)
    )


def _is_label(label: str, wanted: str, *, is_open: bool) -> bool:
    return label == wanted or label.startswith(wanted if is_open else f"{wanted}.")
