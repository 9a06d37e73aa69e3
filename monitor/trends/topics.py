"""What readers are told of rising terms: one trend a topic, named as its papers print it, and not twice."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass

from monitor.trends.boilerplate import GRAMMAR_WORDS
from monitor.trends.bursts import Rise, rises
from monitor.trends.table import TermTable
from monitor.trends.terms import author_hash, prints, term_hashes, term_key, whole
from monitor.types.papers import Paper
from monitor.types.verdicts import Trend

Texts = Callable[[Collection[int]], Mapping[int, Paper]]
"""Gives papers by their ids, those that it has."""

COOLDOWN, TOLD_DAYS = 30, 60
"""Listing days for which a term is silent after it was told, and for which what shares its papers is no news."""

_TOLD_OVERLAP, _TOLD_BREADTH, _AGAIN = 0.75, 0.5, 2.0
_ONE_TOPIC, _SAME_NAME, _PIECE_OVERLAP = 0.6, 0.75, 0.5
_OVERLAP_DAYS = 20
SERIES = 30
"""Listing days whose counts a trend shows."""


@dataclass(frozen=True, slots=True)
class _Topic:
    """Rises that share their papers; the first one leads."""

    rises: tuple[Rise, ...]

    @property
    def leader(self) -> Rise:
        return self.rises[0]


def rising_terms(table: TermTable, texts: Texts, told: Sequence[Trend] = ()) -> tuple[Trend, ...]:
    """Return the topics and authors that rise on the last day of ``table``, the most certain first.

    ``told`` are trends that the reader knows: a term is silent for 30 listing days after it was told, and then until
    its share of papers has doubled. One that says the same of the same papers as a trend told within 60 adds nothing;
    a narrow one within a broad one does, as a method within its field.
    """
    fresh = [rise for rise in rises(table) if not _is_told(table, rise, told)]
    topics = _topics(fresh)
    papers = texts({paper_id for topic in topics for rise in topic.rises for paper_id in rise.papers})
    trends = (_trend(table, topic, papers) for topic in topics)
    return tuple(trend for trend in trends if not _says_again(table, trend, told))


def hashes_of(trend: Trend) -> list[int]:
    """Return the hashes of a trend's terms or authors, the name's first."""
    names = (trend.name, *trend.also)
    if trend.kind == "author":
        return [author_hash(name) for name in names]
    return [one for name in names for one in term_hashes(name)]


def age_of(table: TermTable, trend: Trend) -> int:
    """Return how many listing days ago a rise began to be told; negative for one of the future."""
    if not table.days or trend.day > table.days[-1]:
        return -1
    return len(table.days) - bisect_right(table.days, trend.begun or trend.day)


def _is_told(table: TermTable, rise: Rise, told: Sequence[Trend]) -> bool:
    own = table.hash_of(rise.column)
    for trend in told:
        age = age_of(table, trend)
        if trend.kind == "paper" or age < 0:
            continue
        hashes = hashes_of(trend)
        if own in hashes:
            if age < COOLDOWN or rise.share < _AGAIN * trend.share:
                return True
        elif age < TOLD_DAYS and _is_same(table, rise, hashes):
            return True
    return False


def _is_same(table: TermTable, rise: Rise, hashes: Sequence[int]) -> bool:
    """Whether most papers of a rise carry one of other terms lately, and many papers of those are its own."""
    columns = [*table.columns(hashes).values()]
    carried = table.carrying([rise.column, *columns], _OVERLAP_DAYS)
    own = {paper_id for _, paper_id in carried[rise.column]}
    known = {paper_id for column in columns for _, paper_id in carried[column]}
    shared = len(own & known)
    return shared >= _TOLD_OVERLAP * max(1, len(own)) and shared >= _TOLD_BREADTH * len(known)


def _says_again(table: TermTable, trend: Trend, told: Sequence[Trend]) -> bool:
    """Whether a name is a told one in other words ("reasoning in LLMs") or a piece of one that is about its papers."""
    own, papers = _words(trend), {*trend.paper_ids}
    for known in told:
        age, words = age_of(table, known), _words(known)
        if known.kind != trend.kind or age < 0 or not own <= words:
            continue
        if own == words and (age < COOLDOWN or trend.share < _AGAIN * known.share):
            return True
        columns = table.columns(hashes_of(known)).values()
        theirs = {paper_id for some in table.carrying(columns, trend.days).values() for _, paper_id in some}
        if age < TOLD_DAYS and len(papers & theirs) >= _PIECE_OVERLAP * len(papers):
            return True
    return False


def _words(trend: Trend) -> frozenset[str]:
    return frozenset(term_key(trend.name).split()) - GRAMMAR_WORDS - {"model"}


def _topics(found: Sequence[Rise]) -> list[_Topic]:
    """Rises, strongest first, each with the later ones that share 60 % of the smaller side's papers with it."""
    topics: list[list[Rise]] = []
    for rise in found:
        papers = {*rise.papers}
        for topic in topics:
            theirs = {*topic[0].papers}
            if len(papers & theirs) >= _ONE_TOPIC * min(len(papers), len(theirs)):
                topic.append(rise)
                break
        else:
            topics.append([rise])
    return [_Topic(tuple(topic)) for topic in topics]


def _trend(table: TermTable, topic: _Topic, papers: Mapping[int, Paper]) -> Trend:
    leader = topic.leader
    names = [_name(table, rise, papers) for rise in topic.rises]
    name, also = _best_name(topic, names)
    sources = Counter(source for paper_id in leader.papers if paper_id in papers for source in papers[paper_id].sources)
    today = table.days[-1]
    return Trend(
        kind="author" if table.are_authors()[leader.column] else "term",
        name=name,
        day=today,
        seen=leader.seen,
        expected=round(leader.expected, 4),
        q=leader.q,
        days=leader.window,
        series=tuple(leader.days[-min(SERIES, len(table.days)) :].tolist()),
        paper_ids=leader.papers,
        also=also,
        state="emerging" if leader.is_new else "rising",
        since=today,
        begun=today,
        share=round(leader.share, 6),
        sources=tuple(source for source, _ in sources.most_common()),
    )


def _best_name(topic: _Topic, names: Sequence[str]) -> tuple[str, tuple[str, ...]]:
    """Return a topic's name and its other names: of terms that are parts of each other, the longest that fits."""
    leader = topic.leader
    fitting = [
        name
        for rise, name in zip(topic.rises, names, strict=True)
        if _is_part(term_key(names[0]), term_key(name))
        and len({*rise.papers} & {*leader.papers}) >= _SAME_NAME * len(leader.papers)
    ]
    best = max(fitting, key=lambda name: len(term_key(name).split()), default=names[0])
    others = (name for name in names if not _is_part(term_key(name), term_key(best)))
    return best, tuple(dict.fromkeys(others))


def _name(table: TermTable, rise: Rise, papers: Mapping[int, Paper]) -> str:
    """The term as most of its papers print it, with what they always print beside it; or the author's name."""
    own = table.hash_of(rise.column)
    known = [papers[paper_id] for paper_id in rise.papers if paper_id in papers]
    if table.are_authors()[rise.column]:
        spelled = [name for paper in known for name in paper.authors if author_hash(name) == own]
    else:
        spelled = [print_ for paper in known for print_ in {*prints(paper.title, paper.abstract, [own]).get(own, ())}]
    counted = Counter(spelled)
    name = min(counted, key=lambda one: (-counted[one], one), default="")
    texts = [text for paper in known for text in (paper.title, paper.abstract)]
    return name if table.are_authors()[rise.column] else whole(name, texts)


def _is_part(key: str, longer: str) -> bool:
    return f" {key} " in f" {longer} "
