"""Whether a print of where a paper comes from can be the institution that a reader names.

``Univ. of Oxford`` is meant by ``University of Oxford``, and by ``Department of Physics, University of Oxford, UK``. An
acronym is nothing but itself: ``MIT`` stands for what is printed as MIT. ``York University`` is neither the University
of York nor New York University, and ``University of Hong Kong`` is not the Chinese University of Hong Kong: words stand
for a print that begins with them, or has them after a comma, a bracket, ``at`` or ``the``. One word alone may also end
such a part: ``DeepMind`` is Google DeepMind.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from itertools import pairwise
from typing import TYPE_CHECKING

from monitor.matchers.names import UNDECOMPOSED
from monitor.text import fold

if TYPE_CHECKING:
    from monitor.types.papers import Paper

_MOST_WORDS, _LONGEST = 60, 12
_PIECE = re.compile(r"[^\W_](?:['’][^\W_]|[^\W_])*|[,;:()\[\]/|@–—]|(?<=\s)-(?=\s)")
_BRACKETS = re.compile(r"[()\[\]]")
_WHOLE = {"univ": "university", "inst": "institute", "lab": "laboratory", "labs": "laboratory"} | {
    "laboratories": "laboratory", "dept": "department", "natl": "national", "ctr": "center", "centre": "center",
}  # fmt: skip
_SILENT, _OPENING = frozenset({"of", "and", "for", "the", "at"}), frozenset({"the", "at"})
_OF = "university of"


@lru_cache(maxsize=1 << 14)
def asked(wanted: str) -> frozenset[str]:
    """Return the forms of a name that a reader wrote; ``forms`` of a print that is meant has one of them."""
    parts = (part for piece in _BRACKETS.split(wanted) for part in [" ".join(_words(piece)[:_LONGEST])] if part)
    return frozenset(form for part in parts for form in (part, part.replace(" ", "")))


@lru_cache(maxsize=1 << 14)
def forms(printed: str) -> frozenset[str]:
    """Return the forms of a name for which a print can stand."""
    return frozenset(_forms(printed))


def words(printed: str) -> frozenset[str]:
    """Return the words of which the forms of a print are made: a form that it has is made of these alone."""
    parts = _parts(printed)
    plain = (word for part in parts for words in part for word in words.split())
    return frozenset(plain) | {"".join(part).replace(" ", "") for part in parts}


def institutions(wanted: str, paper: Paper) -> list[str]:
    """Return the institutions of a paper, as it prints them, that can be the one that a reader names."""
    names = asked(wanted)
    return [printed for printed in paper.institutions if not names.isdisjoint(forms(printed))]


def _forms(printed: str) -> Iterator[str]:
    parts = _parts(printed)
    for number, words in enumerate(parts):
        further = [word for part in parts[number:] for word in part][:_LONGEST]
        yield from (" ".join(further[:end]) for end in range(1, len(further) + 1))
        yield "".join(words).replace(" ", "")
        yield words[-1]


def _words(name: str) -> list[str]:
    return [word for part in _parts(name) for word in part]


def _parts(name: str) -> list[list[str]]:
    """Return the parts of a name that can stand for themselves, each as its folded words."""
    parts: list[list[str]] = [[]]
    pieces = [fold(piece.translate(UNDECOMPOSED)) for piece in _PIECE.findall(name)[:_MOST_WORDS]]
    for word, following in pairwise([*pieces, ""]):
        if not word or word in _OPENING:
            parts.append([])
        if word and word not in _SILENT:
            known = _WHOLE.get(word, word)
            is_of = known == "university" and (following == "of" or (not parts[-1] and following))
            parts[-1].append(_OF if is_of else known)
    return [part for part in parts if part]
