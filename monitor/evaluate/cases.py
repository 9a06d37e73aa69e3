"""Topics with known answers, read from a folder.

A folder holds ``papers.jsonl`` and ``cases.jsonl``, one object a line (design: "Evaluation folder"); either may be
compressed (``.gz``, ``.xz``). A case is a topic as a reader would write it, the papers known to belong to it, and the
papers to judge. Papers of ``after`` and later are never examples, and their answers are never seen in fitting.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from monitor.errors import MonitorError, ParseError
from monitor.evaluate.novelty import read_lines
from monitor.types.papers import Paper
from monitor.types.profiles import Topic

_ENDINGS = ("", ".gz", ".xz")


@dataclass(frozen=True, slots=True)
class Case:
    """One topic with known answers; see the module. Papers are named by id."""

    name: str
    level: str
    family: str
    topic: Topic
    examples: tuple[str, ...]
    negatives: tuple[str, ...]
    candidates: tuple[str, ...] | None
    relevant: frozenset[str]
    after: date | None

    @property
    def known(self) -> frozenset[str]:
        """The papers whose answers the topic is told, which are never judged."""
        return frozenset((*self.examples, *self.negatives))


def read_papers(folder: Path) -> dict[str, Paper]:
    """Return the folder's papers by id; a date without a zone is UTC.

    Raises ParseError, with the line, for one that is no paper or has the id of another.
    """
    path = _existing(folder, "papers.jsonl")
    papers: dict[str, Paper] = {}
    for number, row in enumerate(read_lines(path), start=1):
        try:
            paper = _paper(number, row, papers)
        except (KeyError, TypeError, ValueError) as error:
            raise _unreadable(path, number, error) from error
        papers[paper.key] = paper
    return papers


def read_cases(
    folder: Path,
    papers: Collection[str],
    *,
    level: str | None = None,
    limit: int | None = None,
    matchers: Sequence[str] = (),
) -> list[Case]:
    """Return the folder's cases over ``papers``, of one level if asked, the first ``limit`` of each level.

    ``matchers`` are those of the topics, the usual ones when none is named.

    Raises ParseError, with the line, for one that is no case, names a paper that is not there or gives an answer
    away, and MonitorError when nothing is left.
    """
    path = _existing(folder, "cases.jsonl")
    found: dict[str, list[Case]] = defaultdict(list)
    for number, row in enumerate(read_lines(path), start=1):
        try:
            case = _case(row)
            _check(case, papers)
        except (KeyError, TypeError, ValueError) as error:
            raise _unreadable(path, number, error) from error
        if limit is None or len(found[case.level]) < limit:
            found[case.level].append(case)
    chosen = [
        replace(case, topic=replace(case.topic, matchers=tuple(matchers) or case.topic.matchers))
        for name, cases in found.items()
        if level in (None, name)
        for case in cases
    ]
    if not chosen:
        there = f"; it has {', '.join(found)}" if found else ""
        raise MonitorError(f"{path} has no case" + (f" of level {level!r}" if level else "") + there)
    return chosen


def day_of(paper: Paper) -> date:
    """Return the day (UTC) on which a paper came out."""
    return (paper.published or paper.first_seen).date()


def _existing(folder: Path, name: str) -> Path:
    for ending in _ENDINGS:
        if (folder / f"{name}{ending}").is_file():
            return folder / f"{name}{ending}"
    raise MonitorError(f"{folder} is no folder of cases: it has no {name}")


def _unreadable(path: Path, number: int, error: Exception) -> ParseError:
    reason = f"{error} is missing" if isinstance(error, KeyError) else str(error)
    return ParseError(str(path), f"line {number}: {reason}")


def _paper(number: int, row: dict[str, Any], others: Collection[str]) -> Paper:
    if _text(row, "id") in others:
        raise ValueError(f"a second paper has the id {row['id']!r}")
    day = datetime.fromisoformat(_text(row, "published"))
    seen = day.astimezone(UTC) if day.tzinfo else day.replace(tzinfo=UTC)
    return Paper(
        id=number,
        key=_text(row, "id"),
        title=_text(row, "title"),
        abstract=_text(row, "abstract"),
        first_seen=seen,
        authors=_texts(row, "authors"),
        categories=_texts(row, "categories"),
        published=seen,
    )


def _case(row: dict[str, Any]) -> Case:
    after = row.get("after")
    name = _text(row, "case")
    return Case(
        name=name,
        level=_text(row, "level"),
        family=_text(row, "family"),
        topic=Topic(name=name, about=_text(row, "about"), query=_text(row, "query"), per_week=_volume(row)),
        examples=_texts(row, "examples"),
        negatives=_texts(row, "negatives"),
        candidates=None if row.get("candidates") is None else _texts(row, "candidates"),
        relevant=frozenset(_texts(row, "relevant")),
        after=None if after is None else date.fromisoformat(after),
    )


_REQUIRED = frozenset(("id", "title", "published", "case", "level"))


def _text(row: dict[str, Any], name: str) -> str:
    value = row[name] if name in _REQUIRED else row.get(name)
    if value is None and name not in _REQUIRED:
        return ""
    if not isinstance(value, str):
        raise TypeError(f"{name!r} is no text")
    return value


def _texts(row: dict[str, Any], name: str) -> tuple[str, ...]:
    values = row.get(name) or []
    if not isinstance(values, list) or not all(isinstance(value, str) for value in values):
        raise TypeError(f"{name!r} is no list of texts")
    return tuple(values)


def _volume(row: dict[str, Any]) -> float | None:
    value = row.get("weekly_volume")
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value < math.inf:
        raise ValueError("'weekly_volume' is no number of papers a week")
    return float(value)


def _check(case: Case, papers: Collection[str]) -> None:
    for name in _named(case):
        if name not in papers:
            raise ValueError(f"there is no paper {name!r}")
    given = sorted(case.relevant & case.known)
    if given:
        raise ValueError(f"{given[0]!r} is both known and to be found")


def _named(case: Case) -> Iterator[str]:
    yield from case.examples
    yield from case.negatives
    yield from case.candidates or ()
    yield from sorted(case.relevant)
