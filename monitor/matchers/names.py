"""Whether two prints of a name can be one person: ``A. Efros`` and ``Alexei A. Efros`` can, ``B. Efros`` cannot."""

from __future__ import annotations

import re
from functools import lru_cache

from monitor.text import fold

_UNDECOMPOSED = str.maketrans(
    {"ø": "o", "Ø": "O", "ł": "l", "Ł": "L", "đ": "d", "Đ": "D", "ı": "i", "æ": "ae", "Æ": "AE"}
)
_SUFFIXES = frozenset({"jr", "sr", "ii", "iii", "iv"})
_GLUED_INITIALS = re.compile(r"\b[A-Z]{2,3}\b")


@lru_cache(maxsize=65536)
def parts(name: str) -> tuple[str, ...]:
    """Return a name's folded parts, surname last; ``Efros, Alexei A.`` is turned round and suffixes are dropped."""
    last, comma, first = name.partition(",")
    if comma and fold(first) not in _SUFFIXES:
        name = f"{first} {last}"
    if not name.isupper():
        name = _GLUED_INITIALS.sub(lambda found: " ".join(found[0]), name)
    folded = tuple(fold(name.translate(_UNDECOMPOSED)).split())
    return tuple(part for part in folded if part not in _SUFFIXES) or folded


def surname(name: str) -> str:
    """Return the folded last part of a name, by which prints of it can be looked up."""
    return parts(name)[-1] if parts(name) else ""


def same_author(wanted: str, printed: str) -> bool:
    """Return whether ``printed`` can be the person that ``wanted`` names.

    Surnames must be equal, accents and case aside. Given names may be missing or initials, but none may
    contradict another; a surname alone stands for everybody who bears it.
    """
    ours, theirs = parts(wanted), parts(printed)
    if not ours or not theirs or ours[-1] != theirs[-1]:
        return False
    fewer, more = sorted((ours[:-1], theirs[:-1]), key=len)
    if not fewer:
        return len(ours) == 1
    return _agree(fewer[0], more[0]) and _in_order(fewer[1:], more[1:])


def _agree(one: str, other: str) -> bool:
    return one == other or (min(len(one), len(other)) == 1 and one[0] == other[0])


def _in_order(fewer: tuple[str, ...], more: tuple[str, ...]) -> bool:
    rest = iter(more)
    return all(any(_agree(part, other) for other in rest) for part in fewer)
