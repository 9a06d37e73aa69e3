"""How well topics find their papers: figures over cases with known answers.

A folder holds ``papers.jsonl`` and ``cases.jsonl``, one object a line (design: "Evaluation folder"). A case is a
topic as a reader would write it, the papers known to belong to it, and the papers to judge. Papers of ``after`` and
later are never seen in fitting.

Answers come from lists that people keep, and such lists leave out most of what is on their topic. Calibration is
therefore measured on ``calibration.listed``: the probability that a list names the paper, which is what the answers
can tell. Precision is an underestimate for the same reason.
"""

from __future__ import annotations

import json
import time
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from monitor.matchers.calibration import listed
from monitor.matchers.fusion import Examples, Space, TopicJudge, build_space, fit_topic
from monitor.types.papers import Paper
from monitor.types.profiles import Topic
from monitor.types.verdicts import Judgement

LEVELS = ("description", "1", "5", "20", "history")
_BINS = 10
_LEAST_SHOWN = 0.1
_NDCG_AT = 20

Flags = NDArray[np.bool_]
Numbers = NDArray[np.float64]


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


@dataclass(frozen=True, slots=True, eq=False)
class Outcome:
    """What one case came to: a probability, an answer, whether it would be sent and a day for each candidate."""

    case: Case
    judge: TopicJudge
    probabilities: Numbers
    relevant: Flags
    sent: Flags
    days: tuple[date, ...]
    fit_ms: float
    score_ms: float


# --- the folder ----------------------------------------------------------------------------------------------------


def read_papers(folder: Path) -> dict[str, Paper]:
    """Return the folder's papers by id."""
    rows = _rows(folder / "papers.jsonl")
    return {row["id"]: _paper(number, row) for number, row in enumerate(rows, start=1)}


def read_cases(folder: Path, *, level: str | None = None, limit: int | None = None) -> list[Case]:
    """Return the folder's cases, of one level if asked, the first ``limit`` of each level."""
    found: dict[str, list[Case]] = defaultdict(list)
    for row in _rows(folder / "cases.jsonl"):
        case = _case(row)
        if level in (None, case.level) and (limit is None or len(found[case.level]) < limit):
            found[case.level].append(case)
    return [case for cases in found.values() for case in cases]


def _rows(path: Path) -> Iterator[dict[str, Any]]:
    with path.open(encoding="utf-8") as lines:
        for line in lines:
            yield json.loads(line)


def _paper(number: int, row: dict[str, Any]) -> Paper:
    seen = datetime.fromisoformat(row["published"]).replace(tzinfo=UTC)
    return Paper(
        id=number,
        key=row["id"],
        title=row["title"],
        abstract=row["abstract"] or "",
        first_seen=seen,
        authors=tuple(row.get("authors") or ()),
        categories=tuple(row.get("categories") or ()),
        published=seen,
    )


def _case(row: dict[str, Any]) -> Case:
    return Case(
        name=row["case"],
        level=row["level"],
        family=row["family"],
        topic=Topic(
            name=row["case"],
            about=row["about"] or "",
            query=row.get("query") or "",
            per_week=row.get("weekly_volume"),
        ),
        examples=tuple(row["examples"]),
        negatives=tuple(row["negatives"]),
        candidates=None if row["candidates"] is None else tuple(row["candidates"]),
        relevant=frozenset(row["relevant"]),
        after=date.fromisoformat(row["after"]) if row["after"] else None,
    )


# --- the loop ------------------------------------------------------------------------------------------------------


def outcomes(papers: dict[str, Paper], cases: Sequence[Case]) -> Iterator[Outcome]:
    """Yield what each case comes to; cases with the same ``after`` share one space."""
    by_day: dict[date | None, list[Case]] = defaultdict(list)
    for case in cases:
        by_day[case.after].append(case)
    for after, group in by_day.items():
        past = [paper for paper in papers.values() if after is None or _day(paper) < after]
        space = build_space(past)
        coming = tuple(paper for paper in papers.values() if after is None or _day(paper) >= after)
        for case in group:
            yield _outcome(case, space, papers, coming)


def _outcome(case: Case, space: Space, papers: dict[str, Paper], coming: tuple[Paper, ...]) -> Outcome:
    chosen = coming if case.candidates is None else tuple(papers[name] for name in case.candidates)
    known = {*case.examples, *case.negatives}
    candidates = tuple(paper for paper in chosen if paper.key not in known)
    space.features(candidates[:1])
    examples = Examples(tuple(papers[name] for name in case.examples), tuple(papers[name] for name in case.negatives))
    start = time.perf_counter()
    judge = fit_topic(case.topic, examples, space)
    fitted = time.perf_counter()
    judgements = judge.judge(candidates)
    end = time.perf_counter()
    return Outcome(
        case,
        judge,
        np.array([one.match.probability for one in judgements]),
        np.array([paper.key in case.relevant for paper in candidates]),
        np.array([_is_sent(one) for one in judgements]),
        tuple(_day(paper) for paper in candidates),
        1000 * (fitted - start),
        1000 * (end - fitted),
    )


def _is_sent(judgement: Judgement) -> bool:
    return judgement.stage == "matched"


def _day(paper: Paper) -> date:
    return (paper.published or paper.first_seen).date()


# --- the figures ---------------------------------------------------------------------------------------------------


def table(found: Iterable[Outcome]) -> dict[str, dict[str, float | None]]:
    """Return the figures of each level, the levels in order."""
    by_level: dict[str, list[Outcome]] = defaultdict(list)
    for outcome in found:
        by_level[outcome.case.level].append(outcome)
    order = [*(level for level in LEVELS if level in by_level), *sorted(by_level.keys() - set(LEVELS))]
    return {level: figures(by_level[level]) for level in order}


def figures(found: Sequence[Outcome]) -> dict[str, float | None]:
    """Return a level's figures: means over cases for rankings, pooled counts for what is sent, medians of times."""
    ranked = [outcome.relevant[ranking(outcome.probabilities)] for outcome in found]
    quiet = [days(outcome) for outcome in found]
    return {
        "cases": len(found),
        "ap": _mean([average_precision(flags) for flags in ranked]),
        "ndcg20": _mean([ndcg(flags, _NDCG_AT) for flags in ranked]),
        "rprec": _mean([r_precision(flags) for flags in ranked]),
        "ece01": calibration_error(
            np.concatenate([listed(outcome.probabilities) for outcome in found]),
            np.concatenate([outcome.relevant for outcome in found]),
        ),
        "expected_over_seen": float(
            np.median([listed(outcome.probabilities).sum() / max(1, outcome.relevant.sum()) for outcome in found])
        ),
        "silent": _mean([silent for silent, _ in quiet]),
        "day_hit": _mean([hit for _, hit in quiet]),
        "precision": _share([outcome.relevant[outcome.sent] for outcome in found]),
        "recall": _share([outcome.sent[outcome.relevant] for outcome in found]),
        "fit_ms": float(np.median([outcome.fit_ms for outcome in found])),
        "score_ms": float(np.median([outcome.score_ms for outcome in found])),
    }


def ranking(scores: Numbers) -> NDArray[np.intp]:
    """Return the places of ``scores``, highest first; ties stay in the order given."""
    return np.argsort(-scores, kind="stable")


def average_precision(ranked: Flags) -> float:
    """Return the mean, over relevant papers, of the precision down to each; 0 when none is relevant."""
    hits = np.cumsum(ranked)
    return float((hits / np.arange(1, len(ranked) + 1))[ranked].mean()) if ranked.any() else 0.0


def ndcg(ranked: Flags, depth: int) -> float:
    """Return the normalised discounted cumulative gain of the first ``depth`` (Järvelin and Kekäläinen 2002)."""
    discounts = 1 / np.log2(np.arange(2, depth + 2))
    ideal = discounts[: min(depth, int(ranked.sum()))].sum()
    top = ranked[:depth]
    return float(discounts[: len(top)][top].sum() / ideal) if ideal else 0.0


def r_precision(ranked: Flags) -> float:
    """Return the precision of as many papers as are relevant."""
    wanted = int(ranked.sum())
    return float(ranked[:wanted].mean()) if wanted else 0.0


def calibration_error(probabilities: Numbers, relevant: Flags, least: float = _LEAST_SHOWN) -> float:
    """Return the expected calibration error over pairs of at least ``least`` (ten equal bins; Naeini et al. 2015)."""
    shown = probabilities >= least
    if not shown.any():
        return 0.0
    bins = np.minimum((probabilities[shown] * _BINS).astype(int), _BINS - 1)
    said = np.bincount(bins, probabilities[shown], _BINS)
    seen = np.bincount(bins, relevant[shown], _BINS)
    return float(np.abs(said - seen).sum() / shown.sum())


def days(outcome: Outcome) -> tuple[float | None, float | None]:
    """Return on which share of days without a relevant paper nothing is sent, and of the others a relevant one.

    Either is ``None`` when there is no such day.
    """
    by_day: dict[date, list[int]] = defaultdict(list)
    for place, day in enumerate(outcome.days):
        by_day[day].append(place)
    silent, hit = [], []
    for places in by_day.values():
        relevant, sent = outcome.relevant[places], outcome.sent[places]
        if relevant.any():
            hit.append(bool((relevant & sent).any()))
        else:
            silent.append(not sent.any())
    return _mean(silent), _mean(hit)


def _mean(values: Sequence[float | None]) -> float | None:
    known = [value for value in values if value is not None]
    return float(np.mean(known)) if known else None


def _share(flags: Sequence[Flags]) -> float:
    joined = np.concatenate(flags) if flags else np.zeros(0, bool)
    return float(joined.mean()) if len(joined) else 0.0
