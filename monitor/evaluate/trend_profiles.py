"""How many alarms concern one reader: those of which enough papers match a topic of theirs."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from statistics import mean

from monitor.evaluate.cases import Case, day_of, read_cases, read_papers
from monitor.matchers.fusion import Examples, build_space, fit_topic
from monitor.types.papers import Paper
from monitor.types.profiles import MINE


@dataclass(frozen=True, slots=True)
class Readers:
    """How many readers there are, and the alarms a week that concern one: on average, and the one with the most."""

    count: int
    mean_per_week: float
    most_per_week: float


def told(folder: Path, level: str | None, alarms: Sequence[Sequence[Paper]], weeks: float) -> Readers:
    """Return what becomes of alarms, each given by its papers, among the cases of an evaluation folder.

    A case is a reader with one topic, fitted to the papers that came before its ``after``. Raises as ``read_cases`` and
    ``read_papers`` do.
    """
    known = read_papers(folder)
    by_day: dict[date | None, list[Case]] = defaultdict(list)
    for case in read_cases(folder, known, level=level):
        by_day[case.after].append(case)
    counts = [
        count
        for after, cases in by_day.items()
        for count in _counts(cases, known, [*_before(known.values(), after)], alarms)
    ]
    return Readers(len(counts), mean(counts) / weeks, max(counts) / weeks)


def _before(papers: Iterable[Paper], day: date | None) -> Iterator[Paper]:
    return (paper for paper in papers if day is None or day_of(paper) < day)


def _counts(
    cases: Sequence[Case], known: Mapping[str, Paper], past: Sequence[Paper], alarms: Sequence[Sequence[Paper]]
) -> list[int]:
    """The number of alarms that concern each case, its topic fitted to the papers of the past."""
    space = build_space(past)
    papers = tuple({paper.id: paper for alarm in alarms for paper in alarm}.values())
    counts = []
    for case in cases:
        liked, unliked = (tuple(known[key] for key in keys) for keys in (case.examples, case.negatives))
        sent = fit_topic(case.topic, Examples(liked, unliked), space).decide(papers).sent if papers else ()
        theirs = {paper.id for paper, is_sent in zip(papers, sent, strict=True) if is_sent}
        counts.append(sum(len({paper.id for paper in alarm} & theirs) >= MINE for alarm in alarms))
    return counts
