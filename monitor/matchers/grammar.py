"""How a query is written: its tree, and the reader that makes one from text. ``query`` says what it means."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Final, Literal, NoReturn, cast

from monitor.errors import MonitorError
from monitor.matchers.places import GAP, Word
from monitor.matchers.postings import TEXT_FIELDS, TextField, folded
from monitor.registry import did_you_mean
from monitor.text import shorten

MAX_CHARACTERS = 10_000
MAX_DEPTH = 50
MAX_WORDS = 500
_MAX_TERM = 1_000
_LEAST_STEM = 2
_MOST_SHOWN = 60

Label = Literal["author", "cat", "source"]
_LABELS: Final = ("author", "cat", "source")
_FIELDS: Final = (*TEXT_FIELDS, *_LABELS, "after")


class QueryError(MonitorError):
    """A query cannot be read. ``column`` counts characters from 1; ``hint`` proposes what to write instead."""

    def __init__(self, message: str, column: int, hint: str = "") -> None:
        self.message = message
        self.column = column
        self.hint = hint
        super().__init__(f"column {column}: {message}" + (f"; {hint}" if hint else ""))


@dataclass(frozen=True, slots=True)
class Term:
    """A word or phrase, in title or abstract or in the one ``field`` that is named. ``text`` is what was written."""

    text: str
    words: tuple[Word, ...]
    field: TextField | None = None


@dataclass(frozen=True, slots=True)
class Labelled:
    """A name that a paper carries beside its text: an author, a category or a source."""

    text: str
    label: Label


@dataclass(frozen=True, slots=True)
class After:
    """Papers published on ``day`` or later; the day on which a paper was first seen stands in for an unknown one."""

    day: date


@dataclass(frozen=True, slots=True)
class Near:
    """Two terms in the same field that begin at most ``distance`` words apart, in either order.

    Each side is a term, or several of which any will do.
    """

    left: tuple[Term, ...]
    right: tuple[Term, ...]
    distance: int


@dataclass(frozen=True, slots=True)
class And:
    """All parts hold."""

    parts: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Or:
    """At least one part holds."""

    parts: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Not:
    """The part does not hold."""

    part: Node


Leaf = Term | Labelled | After | Near
Node = Leaf | And | Or | Not


@dataclass(frozen=True, slots=True)
class Query:
    """A query, read. ``text`` is what was written."""

    text: str
    root: Node


# --- reading -------------------------------------------------------------------------------------------------------

_TOKEN = re.compile(
    r"""\s*(?:(?P<open>\()|(?P<close>\))|"(?P<phrase>[^"]*)"|(?P<field>[A-Za-z_]+):(?!/)|(?P<word>[^\s()"]+)|(?P<odd>\S))"""
)
_NEAR = re.compile(r"NEAR(?:/.*)?")
_FOREIGN_NEAR = re.compile(r"(?:near|adj|within|w)/[0-9]+", re.IGNORECASE)
_NEAR_DEFAULT = 10
_NUMBER = re.compile(r"[0-9]{1,3}")
_QUOTES = str.maketrans("“”„«»", '"""""')
_FOREIGN = {"and": "AND", "&&": "AND", "&": "AND", "or": "OR", "||": "OR", "|": "OR", "not": "NOT", "!": "NOT"}


@dataclass(frozen=True, slots=True)
class _Token:
    kind: str
    text: str
    column: int


@lru_cache(maxsize=4096)
def parse_query(text: str) -> Query:
    """Return ``text``, read.

    Raises QueryError, with the column and a proposal, when it cannot be read, or when it is longer than 10,000
    characters, deeper than 50 parentheses or made of more than 500 words.
    """
    return Query(text, _Reader(text).read())


@lru_cache(maxsize=16384)
def parse_term(text: str) -> Term:
    """Return a keyword or mute term, read: all of ``text`` is one phrase.

    Raises QueryError when it holds no word, is too long, or has a ``*`` elsewhere than at the end of a word.
    """
    _check_length(text)
    return _term(text, 1, None)


def _check_length(text: str) -> None:
    if len(text) > MAX_CHARACTERS:
        message = f"{len(text):,} characters are more than the {MAX_CHARACTERS:,} that a query may have"
        raise QueryError(message, MAX_CHARACTERS + 1, "split the topic in two")


def _tokens(text: str) -> list[_Token]:
    _check_length(text)
    found = []
    for match in _TOKEN.finditer(text.rstrip().translate(_QUOTES)):
        kind = cast("str", match.lastgroup)
        token = _Token(kind, match[kind], match.start(kind) + (0 if kind == "phrase" else 1))
        if kind == "odd":
            raise QueryError("this quotation mark is never closed", token.column, 'write "phrase", marked at both ends')
        found.append(_operator(token) if kind == "word" else token)
    return found


def _operator(token: _Token) -> _Token:
    if token.text in ("AND", "OR", "NOT"):
        return _Token(token.text, token.text, token.column)
    if _NEAR.fullmatch(token.text):
        return _Token("NEAR", token.text, token.column)
    if token.text in _FOREIGN:
        hint = f'write {_FOREIGN[token.text]}, or "{token.text}" for the word'
        raise QueryError(f"{_shown(token.text)} is not an operator", token.column, hint)
    if _FOREIGN_NEAR.fullmatch(token.text):
        hint = f'write NEAR/{token.text.partition("/")[2][:3]}, or "{shorten(token.text, _MOST_SHOWN)}" for the word'
        raise QueryError(f"{_shown(token.text)} is not an operator", token.column, hint)
    if token.text.startswith("-") and len(token.text) > 1:
        hint = f"write NOT {shorten(token.text[1:], _MOST_SHOWN)}"
        raise QueryError(f"{_shown(token.text)} is not how to exclude a word", token.column, hint)
    return token


def _term(text: str, column: int, field: TextField | None) -> Term:
    if len(text) > _MAX_TERM:
        message = f"{len(text):,} characters are more than the {_MAX_TERM:,} that a word or phrase may have"
        raise QueryError(message, column, "write a few telling words of it")
    words: list[Word] = []
    for piece in re.split(r"\s+", text.strip()):
        words += _words(piece, column)
    if not words:
        raise QueryError(f"there is no word in {_shown(text)}", column, 'write a word or a "phrase"')
    return Term(text, tuple(words), field)


def _words(piece: str, column: int) -> list[Word]:
    bare = piece.rstrip(".,;:!?'\"")
    is_open = bare.endswith("*")
    stem = bare.rstrip("*")
    if "*" in stem:
        hint = f"write {shorten(stem.split('*')[0], _MOST_SHOWN) or 'classif'}*"
        raise QueryError(f"'*' in {_shown(piece)} does not stand at the end of a word", column, hint)
    found = folded(stem)
    if is_open and (not found or len(found[-1]) < _LEAST_STEM):
        hint = f"write at least {_LEAST_STEM} letters before '*'"
        raise QueryError(f"{_shown(piece)} would hold for nearly every paper", column, hint)
    return [(word, is_open and place == len(found) - 1) for place, word in enumerate(found)]


class _Reader:
    """Recursive descent, one method a rule, loosest first."""

    def __init__(self, text: str) -> None:
        self._rest = _tokens(text)[::-1]
        self._end = len(text) + 1
        self._words = 0

    def read(self) -> Node:
        if not self._rest:
            raise QueryError("the query is empty", 1, "write words to look for, or leave the key out")
        node = self._any(None, 0)
        if self._rest:
            self._fail("this parenthesis was never opened", "take it out, or open one before it")
        return node

    def _any(self, field: str | None, depth: int) -> Node:
        parts = [self._all(field, depth)]
        while self._next() == "OR":
            self._rest.pop()
            parts.append(self._all(field, depth))
        return parts[0] if len(parts) == 1 else Or(tuple(parts))

    def _all(self, field: str | None, depth: int) -> Node:
        parts = [self._close_by(field, depth)]
        while self._next() not in ("OR", "close", ""):
            if self._next() == "AND":
                self._rest.pop()
            parts.append(self._close_by(field, depth))
        return parts[0] if len(parts) == 1 else And(tuple(parts))

    def _close_by(self, field: str | None, depth: int) -> Node:
        node = self._one(field, depth)
        if self._next() != "NEAR":
            return node
        token = self._rest.pop()
        left, right = _side(node), _side(self._one(field, depth))
        if left is None or right is None:
            hint = 'write "one phrase" NEAR/5 word, or (one OR other) NEAR/5 word'
            raise QueryError("NEAR joins words or phrases, or several joined by OR", token.column, hint)
        if self._next() == "NEAR":
            self._fail("NEAR joins two sides only", "write (a NEAR b) AND (b NEAR c)")
        return Near(left, right, _distance(token))

    def _one(self, field: str | None, depth: int) -> Node:
        kind = self._next()
        if depth > MAX_DEPTH:
            self._fail(f"more than {MAX_DEPTH} levels of parentheses and NOT", "take out those that change nothing")
        if kind == "open":
            return self._inside(field, depth)
        if kind == "NOT":
            self._rest.pop()
            return Not(self._close_by(field, depth + 1))
        if kind == "field":
            return self._one(self._field(), depth + 1)
        if kind not in ("word", "phrase"):
            what = f"{_shown(self._rest[-1].text)} stands" if self._rest else "the query ends"
            self._fail(f"{what} where a word should be", "write a word on both sides of an operator, and none in ()")
        return self._leaf(self._rest.pop(), field)

    def _inside(self, field: str | None, depth: int) -> Node:
        opened = self._rest.pop()
        node = self._any(field, depth + 1)
        if self._next() != "close":
            raise QueryError("this parenthesis is never closed", opened.column, "write ')' where it should end")
        self._rest.pop()
        return node

    def _field(self) -> str:
        token = self._rest.pop()
        name = token.text.lower()
        if name not in _FIELDS:
            hint = f'{did_you_mean(name, _FIELDS)} (put words with a colon in "quotation marks")'
            raise QueryError(f"there is no field {_shown(token.text)}", token.column, hint)
        return name

    def _leaf(self, token: _Token, field: str | None) -> Leaf:
        if field == "after":
            self._count(1, token)
            return After(_date(token))
        text_field = None if field in _LABELS else cast("TextField | None", field)
        term = _term(token.text, token.column, text_field)
        self._count(len(term.words), token)
        if field == "author" and "*" in token.text:
            hint = "write the surname, or all of the name; initials are enough for given names"
            raise QueryError("a name has no open end", token.column + token.text.index("*"), hint)
        return Labelled(token.text, cast("Label", field)) if field in _LABELS else term

    def _count(self, words: int, token: _Token) -> None:
        self._words += words
        if self._words > MAX_WORDS:
            raise QueryError(f"more than {MAX_WORDS} words", token.column, "use wildcards, or split the topic in two")

    def _next(self) -> str:
        return self._rest[-1].kind if self._rest else ""

    def _fail(self, message: str, hint: str) -> NoReturn:
        raise QueryError(message, self._rest[-1].column if self._rest else self._end, hint)


def _side(node: Node) -> tuple[Term, ...] | None:
    """Return the terms of which one side of a NEAR is made, or ``None`` when it is anything else."""
    if isinstance(node, Term):
        return (node,)
    sides = [_side(part) for part in node.parts] if isinstance(node, Or) else [None]
    return tuple(term for side in sides if side for term in side) if all(sides) else None


def _distance(token: _Token) -> int:
    _, slash, written = token.text.partition("/")
    distance = _NEAR_DEFAULT if not slash else int(written) if _NUMBER.fullmatch(written) else 0
    if not 1 <= distance <= GAP:
        raise QueryError(f"{_shown(token.text)} has no distance in words", token.column, f"write NEAR/1 to NEAR/{GAP}")
    return distance


def _date(token: _Token) -> date:
    try:
        return date.fromisoformat(token.text)
    except ValueError:
        raise QueryError(f"{_shown(token.text)} is not a date", token.column, "write after:YYYY-MM-DD") from None


def _shown(text: str) -> str:
    return repr(shorten(text, _MOST_SHOWN))
