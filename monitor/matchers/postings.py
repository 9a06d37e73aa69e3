"""Folded words of papers, turned round: which papers hold a word, a phrase or a name.

A set of papers is an ``int`` whose bit *i* stands for the *i*-th paper, so that AND, OR and NOT of whole batches are
one operation each. Work grows with the length of the text and of the question, whatever either says: nothing
backtracks.
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from functools import cached_property, lru_cache, reduce
from operator import and_, or_
from typing import TYPE_CHECKING, Literal, TypeVar

from monitor.matchers import institutions
from monitor.matchers.names import bylines, parts, surname
from monitor.matchers.places import Places, Word, beginning
from monitor.text import author_id, latex_to_text

if TYPE_CHECKING:
    from monitor.types.papers import Paper

TextField = Literal["title", "abstract"]
Words = tuple[Word, ...]
T = TypeVar("T")
TEXT_FIELDS: tuple[TextField, TextField] = ("title", "abstract")

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
        self._phrases: dict[tuple[Words, TextField], int] = {}

    def holding(self, words: Words, field: TextField) -> int:
        """Return the papers whose ``field`` holds ``words`` one after the other."""
        key = (words, field)
        if key not in self._phrases:
            self._phrases[key] = self._holding(words, field)
        return self._phrases[key]

    def title(self, place: int) -> str:
        """Return one paper's title, folded: equal for two prints of one title."""
        return self._texts["title"][place]

    def near(self, left: Sequence[Words], right: Sequence[Words], distance: int, field: TextField) -> int:
        """Return the papers in whose ``field`` one of ``left`` and one of ``right`` begin near each other."""
        return self._places[field].near(left, right, distance)

    def since(self, day: date) -> int:
        """Return the papers published on ``day`` or later; the day first seen stands in for an unknown one."""
        return reduce(or_, (papers for published, papers in self._days.items() if published >= day), 0)

    def by_author(self, name: str) -> int:
        """Return the papers with an author whose printed name can be ``name``, or who has it as id."""
        bearing = range(len(self.papers)) if author_id(name) else self._surnames.get(surname(name), ())
        return sum(1 << place for place in bearing if bylines(name, self.papers[place]))

    def by_institution(self, name: str) -> int:
        """Return the papers of an institution whose printed name can be ``name``."""
        wanted = institutions.asked(name)
        bearing = {printed for form in wanted for printed in self._bearing(form)}
        meant = (printed for printed in bearing if not wanted.isdisjoint(institutions.forms(printed)))
        return reduce(or_, (self._institutions[printed] for printed in meant), 0)

    def by_category(self, label: Word) -> int:
        """Return the papers in a category equal to ``label``, under it (``cs``: ``cs.CV``) or beginning so."""
        return _labelled(label, self._categories)

    def by_source(self, label: Word) -> int:
        """Return the papers that a source of this name listed."""
        return _labelled(label, self._sources)

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
        return {field: _turned_round([text.split() for text in texts]) for field, texts in self._texts.items()}

    @cached_property
    def _vocabulary(self) -> dict[TextField, list[str]]:
        return {field: sorted(words) for field, words in self._words.items()}

    @cached_property
    def _places(self) -> dict[TextField, Places]:
        return {field: Places(texts) for field, texts in self._texts.items()}

    @cached_property
    def _categories(self) -> dict[str, int]:
        return _turned_round([map(str.casefold, paper.categories) for paper in self.papers])

    @cached_property
    def _sources(self) -> dict[str, int]:
        return _turned_round([map(str.casefold, paper.sources) for paper in self.papers])

    @cached_property
    def _institutions(self) -> dict[str, int]:
        return _turned_round([paper.institutions for paper in self.papers])

    @cached_property
    def _homes(self) -> dict[str, list[str]]:
        """The institutions as they are printed, by each of their words: all their forms would take a gigabyte."""
        found: dict[str, list[str]] = defaultdict(list)
        for printed in self._institutions:
            for word in institutions.words(printed):
                found[word].append(printed)
        return found

    @cached_property
    def _days(self) -> dict[date, int]:
        return _turned_round([[(paper.published or paper.first_seen).date()] for paper in self.papers])

    @cached_property
    def _surnames(self) -> dict[str, list[int]]:
        found: dict[str, list[int]] = defaultdict(list)
        for place, paper in enumerate(self.papers):
            for last in {surname(author) for author in paper.authors}:
                found[last].append(place)
        return found

    def _bearing(self, form: str) -> Sequence[str]:
        """Return the institutions that have the rarest word of ``form``."""
        return min((self._homes.get(word, ()) for word in form.split()), key=len, default=())

    def _holding(self, words: Words, field: TextField) -> int:
        candidates = reduce(and_, (self._with_word(word, field) for word in words), self.everything)
        if len(words) == 1 or not candidates:
            return candidates
        if any(is_open for _, is_open in words[:-1]):
            return self._places[field].holding(words)
        texts = self._texts[field]
        needle = f" {' '.join(word for word, _ in words)}{'' if words[-1][1] else ' '}"
        return sum(1 << place for place in members(candidates) if needle in texts[place])

    def _with_word(self, word: Word, field: TextField) -> int:
        text, is_open = word
        held = self._words[field]
        if not is_open:
            return held.get(text, 0)
        return reduce(or_, (held[one] for one in beginning(text, self._vocabulary[field])), 0)


@lru_cache(maxsize=1024)
def postings_of(paper: Paper) -> Postings:
    """Return the postings of one paper, kept for the next question about it."""
    return Postings((paper,))


def _turned_round(carried: Sequence[Iterable[T]]) -> dict[T, int]:
    places: dict[T, list[int]] = defaultdict(list)
    for place, held in enumerate(carried):
        for one in set(held):
            places[one].append(place)
    return {one: reduce(or_, (1 << place for place in found)) for one, found in places.items()}


def _labelled(label: Word, carried: dict[str, int]) -> int:
    wanted, is_open = label
    prefix = wanted if is_open else f"{wanted}."
    return reduce(or_, (papers for one, papers in carried.items() if one == wanted or one.startswith(prefix)), 0)
