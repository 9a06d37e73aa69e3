"""How a query is written: its tree, and the reader that makes one from text. ``query`` says what it means."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Final, Literal, cast

from monitor.errors import MonitorError
from monitor.matchers.places import GAP, Word
from monitor.matchers.postings import TEXT_FIELDS, TextField, folded
from monitor.registry import nearest
from monitor.text import shorten
from monitor.words import DEFAULT, Fact, Words, speak

MAX_CHARACTERS = 10_000
MAX_DEPTH = 50
MAX_WORDS = 500
_MAX_TERM = 1_000
_LEAST_STEM = 2
_MOST_SHOWN = 60

Label = Literal["author", "cat", "org", "source"]
_LABELS: Final = ("author", "cat", "org", "source")
_FIELDS: Final = (*TEXT_FIELDS, *_LABELS, "after")


class QueryError(MonitorError):
    """A query cannot be read. ``column`` counts characters from 1.

    ``name`` and ``facts`` are those of the catalogues' messages ``query-<name>``, and ``query-<name>-hint`` which
    proposes what to write instead.
    """

    def __init__(self, name: str, column: int, **facts: Fact) -> None:
        self.name = name
        self.column = column
        self.facts = facts
        super().__init__(name, column)

    def __str__(self) -> str:
        return f"column {self.column}: {self.said(speak(DEFAULT))}"

    @property
    def message(self) -> str:
        """What is wrong, in English."""
        return speak(DEFAULT)(f"query-{self.name}", **self.facts)

    @property
    def hint(self) -> str:
        """What to write instead, in English."""
        return speak(DEFAULT)(f"query-{self.name}-hint", **self.facts)

    def said(self, say: Words) -> str:
        """Return what is wrong and what to write instead, in the reader's language."""
        return "; ".join(say(f"query-{self.name}{part}", **self.facts) for part in ("", "-hint"))


@dataclass(frozen=True, slots=True)
class Term:
    """A word or phrase, in title or abstract or in the one ``field`` that is named. ``text`` is what was written."""

    text: str
    words: tuple[Word, ...]
    field: TextField | None = None


@dataclass(frozen=True, slots=True)
class Labelled:
    """A name that a paper carries beside its text: an author, an institution, a category or a source."""

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
        raise QueryError("long", MAX_CHARACTERS + 1, length=len(text), most=MAX_CHARACTERS)


def _tokens(text: str) -> list[_Token]:
    _check_length(text)
    found = []
    for match in _TOKEN.finditer(text.rstrip().translate(_QUOTES)):
        kind = cast("str", match.lastgroup)
        token = _Token(kind, match[kind], match.start(kind) + (0 if kind == "phrase" else 1))
        if kind == "odd":
            raise QueryError("open-quote", token.column)
        found.append(_operator(token) if kind == "word" else token)
    return found


def _operator(token: _Token) -> _Token:
    if token.text in ("AND", "OR", "NOT"):
        return _Token(token.text, token.text, token.column)
    if _NEAR.fullmatch(token.text):
        return _Token("NEAR", token.text, token.column)
    if token.text in _FOREIGN:
        raise _foreign(token, _FOREIGN[token.text])
    if _FOREIGN_NEAR.fullmatch(token.text):
        raise _foreign(token, f"NEAR/{token.text.partition('/')[2][:3]}")
    if token.text.startswith("-") and len(token.text) > 1:
        raise QueryError("minus", token.column, what=_shown(token.text), word=shorten(token.text[1:], _MOST_SHOWN))
    return token


def _foreign(token: _Token, ours: str) -> QueryError:
    word = shorten(token.text, _MOST_SHOWN)
    return QueryError("operator", token.column, what=_shown(token.text), ours=ours, word=word)


def _term(text: str, column: int, field: TextField | None) -> Term:
    if len(text) > _MAX_TERM:
        raise QueryError("long-term", column, length=len(text), most=_MAX_TERM)
    words: list[Word] = []
    for piece in re.split(r"\s+", text.strip()):
        words += _words(piece, column)
    if not words:
        raise QueryError("no-word", column, what=_shown(text))
    return Term(text, tuple(words), field)


def _words(piece: str, column: int) -> list[Word]:
    bare = piece.rstrip(".,;:!?'\"")
    is_open = bare.endswith("*")
    stem = bare.rstrip("*")
    if "*" in stem:
        begin = shorten(stem.split("*")[0], _MOST_SHOWN) or "classif"
        raise QueryError("star", column, what=_shown(piece), begin=begin)
    found = folded(stem)
    if is_open and (not found or len(found[-1]) < _LEAST_STEM):
        raise QueryError("broad", column, what=_shown(piece), least=_LEAST_STEM)
    return [(word, is_open and place == len(found) - 1) for place, word in enumerate(found)]


class _Reader:
    """Recursive descent, one method a rule, loosest first."""

    def __init__(self, text: str) -> None:
        self._rest = _tokens(text)[::-1]
        self._end = len(text) + 1
        self._words = 0

    def read(self) -> Node:
        if not self._rest:
            raise QueryError("empty", 1)
        node = self._any(None, 0)
        if self._rest:
            raise self._wrong("not-opened")
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
            raise QueryError("near-sides", token.column)
        if self._next() == "NEAR":
            raise self._wrong("near-two")
        return Near(left, right, _distance(token))

    def _one(self, field: str | None, depth: int) -> Node:
        kind = self._next()
        if depth > MAX_DEPTH:
            raise self._wrong("deep", most=MAX_DEPTH)
        if kind == "open":
            return self._inside(field, depth)
        if kind == "NOT":
            self._rest.pop()
            return Not(self._close_by(field, depth + 1))
        if kind == "field":
            return self._one(self._field(), depth + 1)
        if kind not in ("word", "phrase"):
            raise self._wrong("operand", what=_shown(self._rest[-1].text)) if self._rest else self._wrong("end")
        return self._leaf(self._rest.pop(), field)

    def _inside(self, field: str | None, depth: int) -> Node:
        opened = self._rest.pop()
        node = self._any(field, depth + 1)
        if self._next() != "close":
            raise QueryError("not-closed", opened.column)
        self._rest.pop()
        return node

    def _field(self) -> str:
        token = self._rest.pop()
        name = token.text.lower()
        if name not in _FIELDS:
            near = nearest(name, _FIELDS)
            facts = {"meant": near} if near else {"known": ", ".join(sorted(_FIELDS))}
            raise QueryError("field-near" if near else "field", token.column, what=_shown(token.text), **facts)
        return name

    def _leaf(self, token: _Token, field: str | None) -> Leaf:
        if field == "after":
            self._count(1, token)
            return After(_date(token))
        text_field = None if field in _LABELS else cast("TextField | None", field)
        term = _term(token.text, token.column, text_field)
        self._count(len(term.words), token)
        if field in ("author", "org") and "*" in token.text:
            raise QueryError("open-name", token.column + token.text.index("*"))
        return Labelled(token.text, cast("Label", field)) if field in _LABELS else term

    def _count(self, words: int, token: _Token) -> None:
        self._words += words
        if self._words > MAX_WORDS:
            raise QueryError("words", token.column, most=MAX_WORDS)

    def _next(self) -> str:
        return self._rest[-1].kind if self._rest else ""

    def _wrong(self, name: str, **facts: Fact) -> QueryError:
        return QueryError(name, self._rest[-1].column if self._rest else self._end, **facts)


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
        raise QueryError("distance", token.column, what=_shown(token.text), most=GAP)
    return distance


def _date(token: _Token) -> date:
    try:
        return date.fromisoformat(token.text)
    except ValueError:
        raise QueryError("date", token.column, what=_shown(token.text)) from None


def _shown(text: str) -> str:
    return repr(shorten(text, _MOST_SHOWN))
