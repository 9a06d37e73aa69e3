"""What readers are told of rising terms: one trend a topic, named as its papers print it, and not twice."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass

from monitor.trends.bursts import Rise, rises
from monitor.trends.table import TermTable
from monitor.trends.terms import author_hash, prints, term_hash, term_key
from monitor.types.papers import Paper
from monitor.types.verdicts import Trend

Texts = Callable[[Collection[int]], Mapping[int, Paper]]
"""Gives papers by their ids, those that it has."""

COOLDOWN, TOLD_DAYS = 30, 60
"""Listing days for which a term is silent after it was told, and for which what shares its papers is no news."""

_TOLD_OVERLAP, _AGAIN = 0.75, 2.0
_ONE_TOPIC, _SAME_NAME = 0.6, 0.75
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
    its share of papers has doubled; one that shares 35 % of its papers with a trend told within 60 adds nothing.
    """
    fresh = [rise for rise in rises(table) if not _is_told(table, rise, told)]
    topics = _topics(fresh)
    papers = texts({paper_id for topic in topics for rise in topic.rises for paper_id in rise.papers})
    return tuple(_trend(table, topic, papers) for topic in topics)


def hashes_of(trend: Trend) -> list[int]:
    """Return the hashes of a trend's terms or authors, the name's first."""
    find = author_hash if trend.kind == "author" else term_hash
    return [find(name) for name in (trend.name, *trend.also)]


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
        elif age < TOLD_DAYS and _shared(table, rise, hashes) >= _TOLD_OVERLAP:
            return True
    return False


def _shared(table: TermTable, rise: Rise, hashes: Sequence[int]) -> float:
    """The part of a rise's papers of late that carry one of other terms."""
    columns = [*table.columns(hashes).values()]
    carried = table.carrying([rise.column, *columns], _OVERLAP_DAYS)
    own = {paper_id for _, paper_id in carried[rise.column]}
    known = {paper_id for column in columns for _, paper_id in carried[column]}
    return len(own & known) / max(1, len(own))


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
    """The term as most of its papers print it, or the author's name."""
    own = table.hash_of(rise.column)
    known = [papers[paper_id] for paper_id in rise.papers if paper_id in papers]
    if table.are_authors()[rise.column]:
        spelled = [name for paper in known for name in paper.authors if author_hash(name) == own]
    else:
        spelled = [print_ for paper in known for print_ in {*prints(paper.title, paper.abstract, [own]).get(own, ())}]
    counted = Counter(spelled)
    return min(counted, key=lambda one: (-counted[one], one), default="")


def _is_part(key: str, whole: str) -> bool:
    return f" {key} " in f" {whole} "
