"""What the papers that a topic likes have in common, and the topic does not name."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from monitor.app import App
from monitor.jobs.examples import examples_of
from monitor.jobs.heard import heard
from monitor.matchers.institutions import asked, forms
from monitor.matchers.names import same_author
from monitor.store import papers
from monitor.text import fold
from monitor.trends.terms import AUTHOR, prints, read, term_key
from monitor.types.papers import Paper
from monitor.types.profiles import Profile, Topic

MOST = 8
"""Suggestions for one topic and key: a reader picks some of them."""
_PAST = 3_000
_SURE = 10.83
"""From here on (G², one degree of freedom) chance alone gives a term so often once in a thousand terms."""


_Named = Literal["authors", "institutions"]


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A line for ``key`` of a topic: in how many of its liked papers that stands, and in which share of all others."""

    topic: str
    key: Literal["keywords", "authors", "institutions"]
    text: str
    liked: int
    of: int
    usual: float


def run(app: App, profile: Profile) -> list[Suggestion]:
    """Return what to add to each topic of ``profile``, by the papers that its file and its readers like."""
    with app.store.read() as session:
        past = papers.up_to(session, papers.last_id(session), _PAST)
        topics = heard(session, profile).topics
        liked = [(topic, examples_of(session, topic).liked) for topic in topics]
    return [one for topic, likes in liked for one in suggestions(topic, likes, past)]


def suggestions(topic: Topic, liked: Sequence[Paper], past: Sequence[Paper]) -> list[Suggestion]:
    """Return the phrases and names that ``liked`` has more often than ``past``, and that ``topic`` does not say.

    The surest first, by the log-likelihood ratio (Dunning 1993, "Accurate methods for the statistics of surprise and
    coincidence"); each stands in two liked papers at least.
    """
    names = {one.key for one in liked}
    others = [one for one in past if one.key not in names]
    return [one for found in (_phrases, _authors, _institutions) for one in found(topic, liked, others)]


def _phrases(topic: Topic, liked: Sequence[Paper], past: Sequence[Paper]) -> Iterator[Suggestion]:
    ours, theirs = _counted(liked), _counted(past)
    common = {term: number for term, number in ours.items() if number > 1}
    sure = {term: _g2(number, len(liked), theirs[term], len(past)) for term, number in common.items()}
    best = [term for term in sure if sure[term] >= _SURE]
    printed = _printed(liked, best)
    best.sort(key=lambda term: (-round(sure[term], 6), -len(printed.get(term, "")), term))  # of equals the whole phrase
    said = f" {term_key(' '.join(_written(topic)))} "
    kept: list[str] = []
    for term in best:
        key = term_key(printed.get(term, ""))
        told = [said, *(f" {one} " for one in kept)]
        if not key or any(f" {key} " in one for one in told) or any(f" {one} " in f" {key} " for one in kept):
            continue
        kept.append(key)
        yield Suggestion(topic.name, "keywords", printed[term], common[term], len(liked), _share(theirs[term], past))
        if len(kept) == MOST:
            return


def _authors(topic: Topic, liked: Sequence[Paper], past: Sequence[Paper]) -> list[Suggestion]:
    wanted = (*topic.authors, *topic.follow)
    ours, theirs = ([paper.authors for paper in some] for some in (liked, past))
    found = _names(topic, "authors", ours, theirs)
    return [one for one in found if not any(same_author(name, one.text) for name in wanted)][:MOST]


def _institutions(topic: Topic, liked: Sequence[Paper], past: Sequence[Paper]) -> list[Suggestion]:
    told = frozenset(form for name in (*topic.institutions, *topic.follow) for form in asked(name))
    ours, theirs = ([paper.institutions for paper in some] for some in (liked, past))
    return [one for one in _names(topic, "institutions", ours, theirs) if told.isdisjoint(forms(one.text))][:MOST]


def _names(
    topic: Topic, key: _Named, liked: Sequence[tuple[str, ...]], past: Sequence[tuple[str, ...]]
) -> list[Suggestion]:
    """Return the names that liked papers carry more often than others do."""
    ours = Counter(folded for names in liked for folded in set(map(fold, names)))
    theirs = Counter(folded for names in past for folded in set(map(fold, names)))
    printed = {fold(name): name for names in liked for name in names}
    return [
        Suggestion(topic.name, key, printed[name], number, len(liked), _share(theirs[name], past))
        for name, number in ours.most_common()
        if number > 1 and _g2(number, len(liked), theirs[name], len(past)) >= _SURE
    ]


def _written(topic: Topic) -> list[str]:
    keywords = (one.text for one in topic.keywords)
    return [part.replace("*", "") for part in (topic.about, topic.query, *keywords, *topic.follow, *topic.mute)]


def _counted(some: Sequence[Paper]) -> Counter[int]:
    found: Counter[int] = Counter()
    for marks in read([(one.title, one.abstract, ()) for one in some]):
        found.update(marks.hashes[(marks.flags & AUTHOR) == 0].tolist())
    return found


def _printed(some: Sequence[Paper], wanted: Sequence[int]) -> dict[int, str]:
    """Return how most papers print each term."""
    found: dict[int, Counter[str]] = {}
    for one in some:
        for term, surfaces in prints(one.title, one.abstract, wanted).items():
            found.setdefault(term, Counter()).update(surface.lower() for surface in surfaces)
    return {term: min(each, key=lambda text: (-each[text], text)) for term, each in found.items()}


def _share(number: int, some: Sequence[object]) -> float:
    return number / len(some) if some else 0.0


def _g2(ours: int, of: int, theirs: int, among: int) -> float:
    """Return how surely a term is more frequent among ours than among theirs; 0 when it is less."""
    if not among or ours * among <= theirs * of:
        return 0.0
    whole = (ours + theirs) / (of + among)
    return 2 * (
        _log(ours, of, ours / of)
        + _log(theirs, among, theirs / among)
        - _log(ours, of, whole)
        - _log(theirs, among, whole)
    )


def _log(seen: int, of: int, share: float) -> float:
    return (seen * math.log(share) if seen else 0.0) + ((of - seen) * math.log(1 - share) if of > seen else 0.0)
