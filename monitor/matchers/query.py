"""The boolean language of ``query``: what a person may write, and which papers it holds for.

::

    ("diffusion model*" OR ddpm) AND (classif* OR title:representation) NOT medical
    "zero shot" NEAR/5 classif*      author:"A. Efros"      org:"ETH Zurich"      cat:cs.CV
    source:arxiv      after:2026-01-31

``AND``, ``OR`` and ``NOT`` are written in capitals; words that only stand side by side mean AND. NEAR binds closest,
then NOT, AND, OR; either side of a NEAR may be several words or phrases, joined by OR in parentheses. Words are
compared without case and accents and a hyphen counts as a blank, so ``zero-shot`` finds "Zero shot"; a plural is
another word, which is what ``*`` is for. A field before a parenthesis holds for all inside it. This module needs
nothing but the standard library: the settings room checks queries with it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import reduce
from operator import and_, or_
from typing import TYPE_CHECKING

from monitor.matchers.grammar import (
    After,
    And,
    Labelled,
    Leaf,
    Near,
    Node,
    Not,
    Or,
    Query,
    QueryError,
    Term,
    parse_query,
    parse_term,
)
from monitor.matchers.postings import TEXT_FIELDS, Postings, TextField, postings_of

if TYPE_CHECKING:
    from monitor.types.papers import Paper
    from monitor.types.verdicts import Reason

__all__ = [
    "Query",
    "QueryError",
    "evidence",
    "excluded_by",
    "exclusions",
    "holds",
    "matching",
    "parse_query",
    "parse_term",
    "said_in_titles",
    "term_hits",
]


def holds(query: Query, paper: Paper) -> bool:
    """Return whether ``query`` holds for ``paper``."""
    return bool(matching(query.root, postings_of(paper)))


def evidence(query: Query, paper: Paper) -> tuple[Reason, ...]:
    """Return the terms of ``query`` that ``paper`` holds, as written, with equal shares; terms under a NOT are none."""
    from monitor.types.verdicts import Reason  # late: what only reads queries does without

    postings = postings_of(paper)
    hits = [(leaf, where) for leaf in _leaves(query.root) if (where := _where(leaf, postings)) is not None]
    unique = dict.fromkeys((_written(leaf), where) for leaf, where in hits)
    return tuple(Reason("query", text, where, 1 / len(unique)) for text, where in unique)


def excluded_by(query: Query, paper: Paper) -> str | None:
    """Return the phrase under a NOT that keeps ``paper`` out whatever else it holds, as written, or ``None``."""
    postings = postings_of(paper)
    for node in exclusions(query):
        if matching(node, postings):
            held = (leaf for leaf in _leaves(node) if matching(leaf, postings))
            return next((_written(leaf) for leaf in held), query.text)
    return None


def said_in_titles(query: Query, postings: Postings) -> int:
    """Return the papers whose title holds a term of ``query`` that is not under a NOT."""
    terms = (leaf for leaf in _leaves(query.root) if isinstance(leaf, Term) and "title" in _fields(leaf))
    return reduce(or_, (postings.holding(term.words, "title") for term in terms), 0)


def exclusions(query: Query) -> tuple[Node, ...]:
    """Return what no paper may hold: the NOT parts that stand at the top, not the ones inside an OR."""
    parts = query.root.parts if isinstance(query.root, And) else (query.root,)
    return tuple(part.part for part in parts if isinstance(part, Not))


def term_hits(text_term: str, paper: Paper) -> TextField | None:
    """Return where ``paper`` holds a keyword (words in this order, ``*`` ends a word openly), title first, or ``None``.

    Raises QueryError when ``text_term`` holds no word.
    """
    return _text_field(parse_term(text_term), postings_of(paper))


def matching(node: Node, postings: Postings) -> int:
    """Return the papers for which ``node`` holds, as a set of ``monitor.matchers.postings``."""
    match node:
        case And(parts):
            return reduce(and_, (matching(part, postings) for part in parts))
        case Or(parts):
            return reduce(or_, (matching(part, postings) for part in parts))
        case Not(part):
            return postings.everything & ~matching(part, postings)
        case _:
            return _with_leaf(node, postings)


def _with_leaf(leaf: Leaf, postings: Postings) -> int:
    match leaf:
        case Term(words=words):
            return reduce(or_, (postings.holding(words, field) for field in _fields(leaf)))
        case Near():
            return reduce(or_, (_near(leaf, field, postings) for field in TEXT_FIELDS))
        case Labelled():
            return _labelled(leaf, postings)
        case After(day):
            return postings.since(day)


def _fields(term: Term) -> tuple[TextField, ...]:
    return (term.field,) if term.field else TEXT_FIELDS


def _near(node: Near, field: TextField, postings: Postings) -> int:
    left, right = ([term.words for term in side if field in _fields(term)] for side in (node.left, node.right))
    return postings.near(left, right, node.distance, field) if left and right else 0


def _labelled(node: Labelled, postings: Postings) -> int:
    if node.label == "author":
        return postings.by_author(node.text)
    if node.label == "org":
        return postings.by_institution(node.text)
    label = (node.text.rstrip("*").casefold(), node.text.endswith("*"))
    return postings.by_category(label) if node.label == "cat" else postings.by_source(label)


def _leaves(node: Node) -> Iterator[Leaf]:
    match node:
        case And(parts) | Or(parts):
            for part in parts:
                yield from _leaves(part)
        case Not():
            return
        case _:
            yield node


def _where(leaf: Leaf, postings: Postings) -> str | None:
    if isinstance(leaf, Term):
        return _text_field(leaf, postings)
    return "" if matching(leaf, postings) else None


def _text_field(term: Term, postings: Postings) -> TextField | None:
    return next((field for field in _fields(term) if postings.holding(term.words, field)), None)


def _written(leaf: Leaf) -> str:
    match leaf:
        case Term(text=text) | Labelled(text=text):
            return text
        case Near(left, right):
            return f"{_alternatives(left)} … {_alternatives(right)}"
        case After(day):
            return f"after {day.isoformat()}"


def _alternatives(terms: Iterable[Term]) -> str:
    return " or ".join(term.text for term in terms)
