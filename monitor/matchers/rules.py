"""``query``, ``keywords``, ``authors``, ``institutions``, ``categories``: evidence written down as a rule.

Each piece speaks in log-odds, so that pieces add (Good 1950, weights of evidence). Without a description or examples
they start from ``ALONE``, the odds of a paper of which nothing speaks: a query that holds then gives .9, an author
.85, a keyword of weight 1 gives .6 in an abstract and .75 in a title, and two keywords more than one. A category
tips the scales and is weak on its own, unless the topic names nothing else: then it is what the reader asks for. An
institution asks for all that it writes, as an author does; beside a description or examples it tips the scales only,
because large ones write of everything.
What a reader follows is sure: no threshold keeps it out, only what withholds a paper whatever else it has.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

import numpy as np

from monitor.matchers.institutions import institutions
from monitor.matchers.names import bylines, parts
from monitor.matchers.parts import Examples, Scores
from monitor.matchers.postings import Postings, members, postings_of
from monitor.matchers.query import Query, evidence, matching, parse_query, parse_term, said_in_titles, term_hits
from monitor.matchers.space import Features, Space
from monitor.text import author_id
from monitor.types.papers import Paper
from monitor.types.profiles import Keyword, Topic
from monitor.types.verdicts import Reason

ALONE = -2.4
UNLIKE, STRONG = -3.5, 2.0
"""How far a description can speak against a paper for which a rule speaks, and what such a rule says at least."""
_QUERY, _QUERY_IN_ABSTRACT = 4.6, 2.4
_AUTHOR = 4.2
_INSTITUTION, _INSTITUTION_BESIDE = 4.2, 1.5
_FOLLOW = 30.0
_KEYWORD, _KEYWORD_IN_TITLE = 2.8, 3.5
_CATEGORY, _OTHER_CATEGORY, _ONLY_CATEGORY = 0.7, -0.7, 3.4


@dataclass(frozen=True, slots=True, eq=False)
class Rules:
    """The rules of one topic.

    ``alone`` says that it has neither description nor examples, ``only_categories`` that there is no other way in at
    all.
    """

    query: Query | None
    keywords: tuple[Keyword, ...]
    authors: tuple[str, ...]
    institutions: tuple[str, ...]
    categories: tuple[str, ...]
    follow: tuple[str, ...]
    alone: bool
    only_categories: bool
    scale: Literal["log-odds"] = "log-odds"
    notes: tuple[str, ...] = field(default=())

    def scores(self, features: Features) -> Scores:
        """Return the log-odds that the rules add for each paper."""
        postings = features.postings
        found = np.zeros(len(features.papers))
        if self.query:
            held = matching(self.query.root, postings)
            found[list(members(held))] += _QUERY
            if not self.alone:
                found[list(members(held & ~said_in_titles(self.query, postings)))] -= _QUERY - _QUERY_IN_ABSTRACT
        for keyword in self.keywords:
            _add_keyword(found, keyword, postings)
        if self.authors:
            written = [postings.by_author(author) for author in self.authors]
            found[list(members(_either(written)))] += _AUTHOR
        if self.institutions:
            written = [postings.by_institution(name) for name in self.institutions]
            found[list(members(_either(written)))] += self._of_institution
        if self.categories:
            found += self._of_categories(features)
        followed = _either([_followed(one, postings) for one in self.follow])
        found[list(members(followed))] += _FOLLOW
        return found

    @property
    def _of_institution(self) -> float:
        return _INSTITUTION if self.alone else _INSTITUTION_BESIDE

    def line(self) -> None:
        """Return nothing: rules are no sum of terms."""

    def rest(self, _features: Features) -> None:
        """Return nothing, as there is no line."""

    def arrays(self) -> None:
        """Return nothing: the topic itself says it all."""

    def reasons(self, features: Features, place: int) -> list[Reason]:
        """Return the rules that hold for one paper, as the reader wrote them."""
        paper = features.papers[place]
        return [
            *self._follow_reasons(paper), *self._query_reasons(paper), *self._keyword_reasons(paper),
            *self._name_reasons(paper),
        ]  # fmt: skip

    def _follow_reasons(self, paper: Paper) -> list[Reason]:
        held = [one for one in self.follow if _followed(one, postings_of(paper))]
        return [Reason("follow", _as_printed(one, paper), "", _FOLLOW / len(held)) for one in held]

    def _query_reasons(self, paper: Paper) -> list[Reason]:
        if self.query is None or not matching(self.query.root, Postings((paper,))):
            return []
        return [Reason(one.kind, one.text, one.where, one.share * _QUERY) for one in evidence(self.query, paper)]

    def _keyword_reasons(self, paper: Paper) -> list[Reason]:
        hits = ((keyword, term_hits(keyword.text, paper)) for keyword in self.keywords)
        return [
            Reason("keyword", keyword.text, where, _keyword_weight(keyword, where)) for keyword, where in hits if where
        ]

    def _name_reasons(self, paper: Paper) -> list[Reason]:
        authors = dict.fromkeys(name for author in self.authors for name in bylines(author, paper))
        found = [Reason("author", name, "", _AUTHOR / len(authors)) for name in authors]
        places = dict.fromkeys(name for wanted in self.institutions for name in institutions(wanted, paper))
        found += [Reason("institution", name, "", self._of_institution / len(places)) for name in places]
        category = next((one for one in paper.categories if _within(one, self.categories)), None)
        weight = _ONLY_CATEGORY if self.only_categories else _CATEGORY
        return [*found, Reason("category", category, "", weight)] if category else found

    def _of_categories(self, features: Features) -> Scores:
        postings = features.postings
        inside = _either([postings.by_category((category.casefold(), False)) for category in self.categories])
        places = list(members(inside))
        known = np.array([bool(paper.categories) for paper in features.papers])
        found = np.where(known, _OTHER_CATEGORY, 0.0)
        found[places] = _ONLY_CATEGORY if self.only_categories else _CATEGORY
        return found


def fit(topic: Topic, examples: Examples, _space: Space) -> Rules | None:
    """Return the rules that a topic writes down, or ``None`` when it has none.

    Raises QueryError when the query cannot be read.
    """
    if not any((topic.query, topic.keywords, topic.authors, topic.institutions, topic.categories, topic.follow)):
        return None
    alone = not (topic.about or examples.liked)
    only_categories = alone and not (topic.query or topic.keywords or topic.authors or topic.institutions)
    query = parse_query(topic.query) if topic.query else None
    return Rules(
        query, topic.keywords, topic.authors, topic.institutions, topic.categories, topic.follow, alone, only_categories
    )


def _followed(what: str, postings: Postings) -> int:
    """Return the papers by an author whom ``what`` names in full, of such an institution, or that hold it as a term.

    One word alone is a term and no surname: too many people share one.
    """
    by = postings.by_author(what) if author_id(what) or len(parts(what)) > 1 else 0
    return by if author_id(what) else by | postings.by_institution(what) | matching(parse_term(what), postings)


def _as_printed(what: str, paper: Paper) -> str:
    return next(iter(bylines(what, paper)), what) if author_id(what) else what


def _add_keyword(found: Scores, keyword: Keyword, postings: Postings) -> None:
    words = parse_term(keyword.text).words
    title = postings.holding(words, "title")
    found[list(members(title))] += _keyword_weight(keyword, "title")
    found[list(members(postings.holding(words, "abstract") & ~title))] += _keyword_weight(keyword, "abstract")


def _keyword_weight(keyword: Keyword, where: str) -> float:
    return keyword.weight * (_KEYWORD_IN_TITLE if where == "title" else _KEYWORD)


def _either(sets: Sequence[int]) -> int:
    union = 0
    for one in sets:
        union |= one
    return union


def _within(category: str, wanted: Sequence[str]) -> bool:
    lowered = category.casefold()
    return any(lowered == one.casefold() or lowered.startswith(f"{one.casefold()}.") for one in wanted)
