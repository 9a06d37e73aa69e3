"""Whether two prints of a name can be one person: ``A. Efros`` and ``Alexei A. Efros`` can, ``B. Efros`` cannot.

Where a source gives an author's ORCID or OpenReview id, a reader may ask for that instead of a name.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

from monitor.text import author_id, fold

if TYPE_CHECKING:
    from monitor.types.papers import Paper

UNDECOMPOSED = str.maketrans(
    {"ø": "o", "Ø": "O", "ł": "l", "Ł": "L", "đ": "d", "Đ": "D", "ı": "i", "æ": "ae", "Æ": "AE"}
)
_SUFFIXES = frozenset({"jr", "sr", "ii", "iii", "iv"})
_GLUED_INITIALS = re.compile(r"\b[A-Z]{2,3}\b(?=.*[\s.-]\S)")  # not the last word: some print surnames in capitals
_COMPOUND = re.compile(r"\s*([^\W\d_]{2,})[-\u2010-\u2013]([^\W\d_]{2,})\s")


@lru_cache(maxsize=1 << 14)
def parts(name: str) -> tuple[str, ...]:
    """Return a name's folded parts, surname last; ``Efros, Alexei A.`` is turned round and suffixes are dropped."""
    name = _turned(name)
    if not name.isupper():
        name = _GLUED_INITIALS.sub(lambda found: " ".join(found[0]), name)
    folded = tuple(fold(name.translate(UNDECOMPOSED)).split())
    return tuple(part for part in folded if part not in _SUFFIXES) or folded


def _turned(name: str) -> str:
    """Return a name with the surname last, also when it was printed as ``Efros, Alexei A.``."""
    last, comma, first = name.partition(",")
    return f"{first} {last}" if comma and fold(first) not in _SUFFIXES else name


def surname(name: str) -> str:
    """Return the folded last part of a name, by which prints of it can be looked up."""
    return parts(name)[-1] if parts(name) else ""


def same_author(wanted: str, printed: str) -> bool:
    """Return whether ``printed`` can be the person that ``wanted`` names.

    Surnames must be equal, accents and case aside. Given names may be missing or initials, but none may
    contradict another: ``Wei-Lin`` can be ``Weilin`` or ``W.``, and is not ``Wei``. A surname alone stands for
    everybody who bears it.
    """
    ours, theirs = _whole(wanted, parts(printed)), _whole(printed, parts(wanted))
    if ours is None or theirs is None:
        return False
    if not ours or not theirs or ours[-1] != theirs[-1]:
        return False
    fewer, more = sorted((ours[:-1], theirs[:-1]), key=len)
    if not fewer:
        return len(ours) == 1
    return _agree(fewer[0], more[0]) and _in_order(fewer[1:], more[1:])


def bylines(wanted: str, paper: Paper) -> list[str]:
    """Return the authors of a paper, as it prints them, who can be the one that a name or an id asks for."""
    known = author_id(wanted)
    if known:
        return [name for name, one in zip(paper.authors, paper.author_ids, strict=False) if one == known]
    return [name for name in paper.authors if same_author(wanted, name)]


def _whole(name: str, other: tuple[str, ...]) -> tuple[str, ...] | None:
    """Return a name's parts, a hyphened given name in one where ``other`` has it so; ``None`` if it has half."""
    own, compound = parts(name), _COMPOUND.match(_turned(name))
    if not compound or len(own) < 3 or len(other) < 2:
        return own
    if other[0] == own[0] + own[1]:
        return (own[0] + own[1], *own[2:])
    return None if len(other) == 2 and other[0] == own[0] else own


def _agree(one: str, other: str) -> bool:
    return one == other or (min(len(one), len(other)) == 1 and one[0] == other[0])


def _in_order(fewer: tuple[str, ...], more: tuple[str, ...]) -> bool:
    rest = iter(more)
    return all(any(_agree(part, other) for other in rest) for part in fewer)
