"""Find papers by the boolean language of profiles, or by their meaning where there is a model."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import islice
from typing import TYPE_CHECKING

from monitor.app import App
from monitor.matchers.grammar import After, And, Labelled, Near, Node, Not, Or, Term, parse_query
from monitor.matchers.names import surname
from monitor.matchers.postings import Postings
from monitor.matchers.query import matching
from monitor.store import papers, search
from monitor.store.search import Found, Wanted
from monitor.store.words import AllOf, AnyOf, Held, Words
from monitor.types.papers import Paper

_AT_ONCE, _FURTHEST = 500, 2_000
_MADE = 64
"""Vectors that one search makes: a second of a small model's time."""
_FORMULA = 20
"""Words of a formula that may stand between those of a phrase."""
if TYPE_CHECKING:
    from sqlmodel import Session

    from monitor.matchers.meaning import Meaning

_PLAIN = re.compile(r"[a-z0-9]+")


@dataclass(frozen=True, slots=True)
class Search:
    """What a person looks for: a line in the language of ``query``, days, and a topic as (profile, topic)."""

    text: str = ""
    since: date | None = None
    until: date | None = None
    topic: tuple[str, str] | None = None


def run(app: App, wanted: Search, limit: int, before: int = 0) -> Found:
    """Return up to ``limit`` papers, the newest first, from before the paper ``before``. Raises QueryError."""
    root = parse_query(wanted.text).root if wanted.text else None

    def holds(some: Sequence[Paper]) -> list[bool]:
        found = matching(root, Postings(some)) if root else -1
        return [bool(found >> place & 1) for place in range(len(some))]

    index = index_of(root) if root else None
    with app.store.read() as session:
        return search.find(session, Wanted(index, wanted.since, wanted.until, wanted.topic), holds, limit, before)


def by_meaning(app: App, meaning: Meaning, wanted: Search, limit: int, passed: int = 0) -> Found:
    """Return ``limit`` papers of the days and the topic wanted, the nearest in meaning to its text first.

    ``passed`` is how many were shown before; it is what ``Found.further`` says to go on with. Raises MonitorError when
    the model cannot be used.
    """
    narrowed = Wanted(None, wanted.since, wanted.until, wanted.topic)
    with app.store.read() as session:
        _take_in(session, meaning)
        ids = meaning.nearest(wanted.text, _FURTHEST)
        found: dict[int, Paper] = {}
        for start in range(0, len(ids), _AT_ONCE):
            some = ids[start : start + _AT_ONCE]
            met = search.meeting(session, narrowed, some)
            known = papers.by_ids(session, met)
            found |= {known[one].id: known[one] for one in some if one in met}  # one that became another is that one
            if len(found) > passed + limit:
                break
    shown = tuple(found.values())[passed : passed + limit]
    return Found(shown, passed + limit if len(found) > passed + limit else 0)


def _take_in(session: Session, meaning: Meaning) -> None:
    """Let the newest papers be known by their meaning, and make some of the vectors that are missing."""
    start = max(meaning.last, papers.last_id(session) - meaning.most)
    fresh = papers.after(session, start)
    while some := list(islice(fresh, _AT_ONCE)):
        meaning.take_in(some, 0)
    if waiting := meaning.next_waiting(_MADE):
        known = papers.by_ids(session, waiting)
        meaning.take_in([known[one] for one in waiting if one in known], _MADE)


def index_of(node: Node) -> Words | None:
    """Return what the index of words can say of a query: it lets every match pass, and maybe more.

    ``None`` says nothing: all papers may match. The words of a phrase need only be near each other: the index sees more
    words in formulas than the language does.
    """
    match node:
        case And(parts):
            said = [one for part in parts if (one := index_of(part))]
            return AllOf(tuple(said)) if said else None
        case Or(parts):
            each = [one for part in parts if (one := index_of(part))]
            return AnyOf(tuple(each)) if len(each) == len(parts) else None
        case Term(words=words, field=field):
            return _held(words, (field,) if field else ("title", "abstract"))
        case Near(left, right):
            return index_of(And((Or(left), Or(right))))
        case Labelled(text=text, label="author"):
            return _held([(word, False) for word in surname(text).split()], ("authors",))
        case Not() | After() | Labelled():
            return None


def _held(words: Sequence[tuple[str, bool]], fields: tuple[str, ...]) -> Held | None:
    plain = tuple((word, is_open) for word, is_open in words if _PLAIN.fullmatch(word))
    return Held(plain, fields, within=_FORMULA) if plain else None
