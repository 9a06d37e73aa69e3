"""The terms of papers: runs of one to three words that could name something, read many papers at a time.

A term is known by its hash: the words' own, mixed in their order. 32 bits are enough: of a million terms in memory two
in ten thousand share theirs, and what a reader is told is looked up in the papers themselves.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from hashlib import blake2b
from typing import Any

import numpy as np
import numpy.typing as npt

from monitor.text import fold, latex_to_text
from monitor.trends.boilerplate import BROAD_ENDINGS, BROAD_NAMES, BROAD_WORDS, GRAMMAR_WORDS, HANGING_WORDS, STOP_WORDS

IN_TITLE, NAME_LIKE, SEVERAL_WORDS, REPEATED, AUTHOR = 1, 2, 4, 8, 16
Hashes = npt.NDArray[np.uint32]
Flags = npt.NDArray[np.uint8]

_LONGEST = 3
_NEARLY_ALWAYS = 0.8
_BREAK = r"https?://\S+|www\.\S+|[.,;:!?](?=\s|$)|[()\[\]{}\"“”«»|<>=]|\s[-–—/]+\s|[–—]"
_COMPOUND = r"[^\W_]+(?:[-/'’.][^\W_]+)*[+#]*"
_TOKEN = re.compile(f"{_BREAK}|{_COMPOUND}")
_IS_COMPOUND = re.compile(rf"(?!https?://|www\.){_COMPOUND}")
_APOSTROPHE = re.compile(r"['’](?:d|ll|m|re|s|t|ve)\b")
_PART = re.compile(r"[^\W_]+(?:\.\d+)*[+#]*")
_QUANTITY = re.compile(r"\d[\d.]*(?:[kKmMbBtTxX]|th|st|nd|rd)?")
_DIMENSION = re.compile(r"\d[dD]")
_YEAR = re.compile(r"(?:19|20)\d\d")
_JOINING = frozenset({"of", "with", "as", "in"})
_MOST_CHARACTERS = 20_000  # of one text: a paper has 2,000, an attack has more
_MOST_AUTHORS = 100
_BEGINS, _ENDS, _ALONE, _NAME, _BINDS = 1, 2, 4, 8, 16
_MIX = np.uint64(0x9E3779B97F4A7C15)


@dataclass(frozen=True, slots=True)
class Marks:
    """The terms of one paper: their hashes, each once, and for each the sum of its flags."""

    hashes: Hashes
    flags: Flags


@dataclass(frozen=True, slots=True)
class _Word:
    """A part of a compound; ``bits`` say what it may do in a term, ``joint`` is the blank or hyphen before it."""

    key: str
    surface: str
    joint: str
    bits: int
    hash: int


@dataclass(frozen=True, slots=True)
class _Runs:
    """All runs of words that could name something: the text each stands in, where, its length, hash and flags."""

    text: npt.NDArray[np.int64]
    start: npt.NDArray[np.int64]
    length: npt.NDArray[np.int64]
    hashes: Hashes
    flags: Flags


def read(papers: Sequence[tuple[str, str, Sequence[str]]]) -> list[Marks]:
    """Return the terms of papers, each given by its title, abstract and authors.

    Plurals are folded and hyphens open. Words that only praise or bind do not stand at either end, unless a hyphen ties
    them in (``on-policy distillation``); no term begins or ends within a compound but with a name (``R1`` in
    ``DeepSeek-R1``, not ``of-thought``). Words that are or hold a year are left out: conferences burst by the calendar.
    Authors are terms of their own kind, by their folded names.
    """
    words, runs = _runs([text for title, abstract, _authors in papers for text in (title, abstract)])
    del words
    paper = runs.text // 2
    order = np.lexsort((runs.hashes, paper))
    paper, hashes, flags = paper[order], runs.hashes[order], runs.flags[order]
    first = np.ones(len(order), dtype=bool)
    first[1:] = (paper[1:] != paper[:-1]) | (hashes[1:] != hashes[:-1])
    starts = np.flatnonzero(first)
    joined: npt.NDArray[Any] = np.bitwise_or.reduceat(flags, starts) if len(starts) else flags
    often = np.diff(np.append(starts, len(order))) > 1
    joined = (joined | np.where(often, REPEATED, 0)).astype(np.uint8)
    paper, hashes = paper[starts], hashes[starts]
    bounds = np.searchsorted(paper, np.arange(len(papers) + 1))
    return [
        _with_authors(hashes[bounds[place] : bounds[place + 1]], joined[bounds[place] : bounds[place + 1]], authors)
        for place, (_title, _abstract, authors) in enumerate(papers)
    ]


def prints(title: str, abstract: str, wanted: Iterable[int]) -> dict[int, list[str]]:
    """Return how a paper prints terms, by their hashes: each print as often as it stands there."""
    words, runs = _runs([title, abstract])
    found: dict[int, list[str]] = {}
    for place in np.flatnonzero(np.isin(runs.hashes, np.fromiter(wanted, dtype=np.uint32))):
        start, length = int(runs.start[place]), int(runs.length[place])
        run = words[start : start + length]
        surface = "".join(word.joint + word.surface for word in run)[len(run[0].joint) :]
        found.setdefault(int(runs.hashes[place]), []).append(surface)
    return found


def whole(name: str, texts: Iterable[str]) -> str:
    """Return a term's name with the words that nearly always stand beside it in ``texts``, as they are printed there.

    ``Diffusion Large Language`` is a fragment where ``Models`` follows it in four places of five.
    """
    clauses = [clause for text in texts for clause in _clauses(text)]
    for _ in range(_LONGEST):
        before, after = _beside(term_key(name).split(), clauses)
        if not before + after:
            break
        name = before + name + after
    return name


def _beside(keys: Sequence[str], clauses: Sequence[Sequence[_Word]]) -> tuple[str, str]:
    """Return what stands before a term and after it in nearly all its places, joined to it; both may be empty."""
    size, places = len(keys), 0
    found: dict[tuple[bool, str], Counter[str]] = defaultdict(Counter)
    for words in clauses:
        for at in range(len(words) - size + 1):
            if [word.key for word in words[at : at + size]] == keys:
                places += 1
                if at and words[at - 1].bits & _BEGINS:
                    found[False, words[at - 1].key][words[at - 1].surface + words[at].joint] += 1
                if at + size < len(words) and words[at + size].bits & _ENDS:
                    found[True, words[at + size].key][words[at + size].joint + words[at + size].surface] += 1
    printed = {
        is_after: prints.most_common(1)[0][0]
        for (is_after, _), prints in found.items()
        if prints.total() >= _NEARLY_ALWAYS * places
    }
    return printed.get(False, ""), printed.get(True, "")


def _clauses(text: str) -> Iterator[list[_Word]]:
    words: list[_Word] = []
    for token in _tokens(text):
        parts = _compound(token)
        if not parts:
            yield words
            words = []
        words.extend(parts)
    yield words


def _tokens(text: str) -> list[str]:
    return _TOKEN.findall(_APOSTROPHE.sub("", latex_to_text(text[:_MOST_CHARACTERS])))


def term_key(text: str) -> str:
    """Return the words of a term as they are compared: lower-case, hyphens open, plurals folded."""
    return " ".join(word.key for word in _words_of(text))


def term_hash(text: str) -> int:
    """Return the hash under which ``read`` files a term printed as ``text``."""
    return _mixed(_words_of(text))


def _mixed(words: Iterable[_Word]) -> int:
    total = 0
    for word in words:
        total = (total * int(_MIX) + word.hash) % 2**64
    return total >> 32


def term_hashes(text: str) -> list[int]:
    """Return the hashes under which ``read`` files a term: its own, or its parts' where it is too long to file."""
    words = _words_of(text)
    if len(words) <= _LONGEST:
        return [term_hash(text)]
    return [_mixed(words[at : at + _LONGEST]) for at in range(len(words) - _LONGEST + 1)]


def author_hash(name: str) -> int:
    """Return the hash under which ``read`` files an author."""
    return _hash(f"author:{fold(name)}") >> 32


def _with_authors(hashes: Hashes, flags: Flags, authors: Sequence[str]) -> Marks:
    names = np.unique(np.array([author_hash(name) for name in authors[:_MOST_AUTHORS]], dtype=np.uint32))
    kinds = np.full(len(names), AUTHOR | NAME_LIKE | IN_TITLE | SEVERAL_WORDS, dtype=np.uint8)
    return Marks(np.concatenate([hashes, names]), np.concatenate([flags, kinds]))


def _runs(texts: Sequence[str]) -> tuple[list[_Word], _Runs]:
    """Return the words of all texts, and their runs; every second text, from the first on, is a title."""
    words: list[_Word] = []
    clause_of: list[int] = []
    text_of: list[int] = []
    clause = 0
    for place, text in enumerate(texts):
        clause += 1
        for token in _tokens(text):
            parts = _compound(token)
            if not parts:
                clause += 1
            words.extend(parts)
            clause_of.extend([clause] * len(parts))
        text_of.extend([place] * (len(words) - len(text_of)))
    shouted = np.array([text.isupper() for text in texts], dtype=bool)
    size = len(words)
    bits = np.fromiter((word.bits for word in words), dtype=np.uint8, count=size)
    own = np.fromiter((word.hash for word in words), dtype=np.uint64, count=size)
    return words, _joined(bits, own, np.array(clause_of, dtype=np.int64), np.array(text_of, dtype=np.int64), shouted)


def _joined(
    bits: Flags,
    own: npt.NDArray[np.uint64],
    clause: npt.NDArray[np.int64],
    text: npt.NDArray[np.int64],
    shouted: npt.NDArray[np.bool_],
) -> _Runs:
    parts: list[tuple[npt.NDArray[np.int64], int, npt.NDArray[np.uint64], Flags]] = []
    total, bound = np.zeros_like(own), np.ones(len(bits), dtype=bool)
    named: npt.NDArray[Any] = np.zeros_like(bits)
    size = len(own)
    for length in range(1, _LONGEST + 1):
        last = np.arange(length - 1, size)
        first = last - length + 1
        if not len(last):
            break
        total = total[: len(last)] * _MIX + own[last]
        named = named[: len(last)] | (bits[last] & _NAME)
        whole = (bits[first] & _BEGINS > 0) & (bits[last] & _ENDS > 0) & (clause[first] == clause[last])
        bound = bound[: len(last)] & ((bits[last - 1] & _BINDS > 0) if length > 2 else True)
        valid = np.flatnonzero(whole & bound & ((bits[last] & _ALONE > 0) if length == 1 else True))
        is_name = (named[valid] > 0) & ~shouted[text[first[valid]]]
        several = SEVERAL_WORDS if length > 1 else 0
        marks = np.where(text[first[valid]] % 2 == 0, IN_TITLE, 0) | np.where(is_name, NAME_LIKE, 0) | several
        parts.append((first[valid], length, total[valid] >> np.uint64(32), marks.astype(np.uint8)))
    starts = np.concatenate([np.empty(0, np.int64), *(part[0] for part in parts)])
    return _Runs(
        text=text[starts],
        start=starts,
        length=np.repeat([part[1] for part in parts], [len(part[0]) for part in parts]).astype(np.int64),
        hashes=np.concatenate([np.empty(0, np.uint64), *(part[2] for part in parts)]).astype(np.uint32),
        flags=np.concatenate([np.empty(0, np.uint8), *(part[3] for part in parts)]),
    )


def _words_of(text: str) -> list[_Word]:
    return [word for token in _TOKEN.findall(_APOSTROPHE.sub("", text)) for word in _compound(token)]


@lru_cache(maxsize=1 << 14)
def _compound(token: str) -> tuple[_Word, ...]:
    """Return the words of a compound, none of what ends a clause."""
    if not _IS_COMPOUND.fullmatch(token):
        return ()
    parts = [part for part in _PART.findall(token) if not _YEAR.search(part)]
    return tuple(_word(part, place, len(parts)) for place, part in enumerate(parts))


def _word(part: str, place: int, of: int) -> _Word:
    folded = part.casefold()
    key, is_name = _singular(folded), _is_name(part)
    stops = of == 1 and bool(_QUANTITY.fullmatch(part) or key in STOP_WORDS or folded in STOP_WORDS)
    begins = is_name or (place == 0 and not stops and not part.isdigit() and not (of == 1 and folded.endswith("ly")))
    ends = is_name or (place == of - 1 and not stops and folded not in HANGING_WORDS)
    broad = key in BROAD_WORDS or folded.endswith(BROAD_ENDINGS)
    alone = (is_name and folded not in BROAD_NAMES) or (
        not is_name and of == 1 and len(key) > 1 and key.isalpha() and not broad
    )
    binds = of > 1 or folded not in GRAMMAR_WORDS - _JOINING
    flags = ((begins, _BEGINS), (ends, _ENDS), (alone, _ALONE), (is_name, _NAME), (binds, _BINDS))
    return _Word(key, part, "-" if place else " ", sum(bit for holds, bit in flags if holds), _hash(key))


def _hash(text: str) -> int:
    return int.from_bytes(blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8).digest(), "big")


def _is_name(part: str) -> bool:
    """Whether a word looks like a name wherever it stands: a capital after its first letter, or letters with digits."""
    if _QUANTITY.fullmatch(part) or _DIMENSION.fullmatch(part):
        return False
    return any(char.isalpha() for char in part) and any(char.isupper() or char.isdigit() for char in part[1:])


def _singular(word: str) -> str:
    """Plain plural folding; wrong now and then, but equally for every print of a word."""
    if len(word) > 4 and word.endswith("ies"):
        return word[:-3] + "y"
    if len(word) > 3 and word.endswith("s") and not word.endswith(("ss", "us", "is")):
        return word[:-1]
    return word
