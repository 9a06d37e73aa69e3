"""The terms of a paper: runs of one to three words that could name something."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from monitor.text import latex_to_text
from monitor.trends.boilerplate import BROAD_ENDINGS, BROAD_WORDS, STOP_WORDS

IN_TITLE, NAME_LIKE, SEVERAL_WORDS = 1, 2, 4
_LONGEST = 3
_CLAUSE = re.compile(r"[.,;:!?](?=\s|$)|[()\[\]{}\"“”«»|<>=]|\s[-–—/]+\s|[–—]|https?://\S+|www\.\S+")
_COMPOUND = re.compile(r"[^\W_]+(?:[-/'’.][^\W_]+)*[+#]*")
_PART = re.compile(r"[^\W_]+(?:\.\d+)*[+#]*")
_QUANTITY = re.compile(r"\d[\d.]*(?:[kKmMbBtTxX]|th|st|nd|rd)?")
_DIMENSION = re.compile(r"\d[dD]")
_YEAR = re.compile(r"(?:19|20)\d\d")
_MOST_CHARACTERS = 20_000  # of one text: a paper has 2,000, an attack has more


@dataclass(frozen=True, slots=True)
class Term:
    """A run of words as a paper prints it; ``flags`` adds up ``IN_TITLE``, ``NAME_LIKE`` and ``SEVERAL_WORDS``."""

    surface: str
    flags: int


@dataclass(frozen=True, slots=True)
class _Word:
    """A part of a compound, and whether a term may begin or end with it; ``joint`` is the blank or hyphen before it."""

    key: str
    surface: str
    joint: str
    is_name: bool
    begins: bool
    ends: bool


def terms(title: str, abstract: str) -> dict[str, Term]:
    """Return the terms of a paper by their key: lower-case, hyphens open, plurals folded.

    Words that only praise or bind do not stand at either end, unless a hyphen ties them in (``on-policy
    distillation``); no term begins or ends within a compound but with a name (``R1`` in ``DeepSeek-R1``, not
    ``of-thought``). Words that are or hold a year are left out: conferences and contests burst by the calendar.
    """
    found: dict[str, Term] = {}
    for flag, text in ((IN_TITLE, title), (0, abstract)):
        shouted = text.isupper()
        for key, surface, is_name in _runs(text[:_MOST_CHARACTERS]):
            flags = flag | (NAME_LIKE if is_name and not shouted else 0) | (SEVERAL_WORDS if " " in key else 0)
            known = found.get(key)
            found[key] = Term(known.surface, known.flags | flags) if known else Term(surface, flags)
    return found


def term_key(text: str) -> str:
    """Return the key under which ``terms`` files a term printed as ``text``."""
    return " ".join(word.key for clause in _CLAUSE.split(text) for word in _words(clause))


@lru_cache(maxsize=32_768)
def marks(title: str, abstract: str) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.uint8]]:
    """Return the hashes of a paper's terms and their flags: 3 kB a paper, so that tomorrow needs not read it again."""
    found = terms(title, abstract)
    keys = np.fromiter(map(hash, found), dtype=np.int64, count=len(found))
    return keys, np.fromiter((term.flags for term in found.values()), dtype=np.uint8, count=len(found))


def _runs(text: str) -> Iterator[tuple[str, str, bool]]:
    for clause in _CLAUSE.split(latex_to_text(text)):
        words = list(_words(clause))
        for start, first in enumerate(words):
            for end in range(start + 1, min(start + _LONGEST, len(words)) + 1) if first.begins else ():
                run = words[start:end]
                if run[-1].ends and (len(run) > 1 or _can_stand_alone(first)):
                    surface = "".join(word.joint + word.surface for word in run)[len(first.joint) :]
                    yield " ".join(word.key for word in run), surface, any(word.is_name for word in run)


def _words(clause: str) -> Iterator[_Word]:
    for compound in _COMPOUND.finditer(clause):
        parts = [part for part in _PART.findall(compound[0]) if not _YEAR.search(part)]
        for place, part in enumerate(parts):
            key, is_name = _singular(part.casefold()), _is_name(part)
            is_inside = len(parts) > 1
            stops = (_QUANTITY.fullmatch(part) or key in STOP_WORDS or part.casefold() in STOP_WORDS) and not is_inside
            begins = is_name or (place == 0 and not stops and not part.isdigit())
            yield _Word(
                key, part, "-" if place else " ", is_name, begins, is_name or (place == len(parts) - 1 and not stops)
            )


def _is_name(part: str) -> bool:
    """Whether a word looks like a name wherever it stands: a capital after its first letter, or letters with digits."""
    if _QUANTITY.fullmatch(part) or _DIMENSION.fullmatch(part):
        return False
    return any(char.isalpha() for char in part) and any(char.isupper() or char.isdigit() for char in part[1:])


def _can_stand_alone(word: _Word) -> bool:
    if word.is_name:
        return True
    broad = word.key in BROAD_WORDS or word.surface.casefold().endswith(BROAD_ENDINGS)
    return len(word.key) > 1 and word.key.isalpha() and not broad


def _singular(word: str) -> str:
    """Plain plural folding; wrong now and then, but equally for every print of a word."""
    if len(word) > 4 and word.endswith("ies"):
        return word[:-3] + "y"
    if len(word) > 3 and word.endswith("s") and not word.endswith(("ss", "us", "is")):
        return word[:-1]
    return word
