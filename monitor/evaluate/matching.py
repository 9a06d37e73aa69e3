"""How well topics find their papers: figures over cases with known answers, ours beside the rivals' recipes.

Answers come from lists that people keep, and such lists leave out most of what is on their topic. Calibration is
therefore measured on ``calibration.listed``: the probability that a list names the paper, which is what the answers
can tell. Precision is an underestimate for the same reason. Papers of a case's ``after`` and later are never seen in
fitting ours.
"""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from monitor.errors import MonitorError
from monitor.evaluate.cases import Case, day_of
from monitor.evaluate.rivals import RIVALS, Corpus, Rival
from monitor.matchers.calibration import listed
from monitor.matchers.fusion import Examples, Space, TopicJudge, build_space, fit_topic
from monitor.types.papers import Paper

OURS = "ours"
METHODS = (OURS, *RIVALS)
LEVELS = ("description", "1", "5", "20", "history")
_BINS = 10
_LEAST_SHOWN = 0.1
_NDCG_AT = 20

Flags = NDArray[np.bool_]
Numbers = NDArray[np.float64]
Figures = dict[str, float | None]


@dataclass(frozen=True, slots=True, eq=False)
class Ranked:
    """How one method ranks the candidates of one case: a score and an answer for each, and what it took."""

    case: Case
    scores: Numbers
    relevant: Flags
    fit_ms: float
    score_ms: float


@dataclass(frozen=True, slots=True, eq=False)
class Outcome(Ranked):
    """What one case came to with ours: scores are probabilities.

    ``sendable`` are the candidates that no rule withholds, ``sent`` those over the threshold; each has its day.
    """

    judge: TopicJudge
    candidates: tuple[Paper, ...]
    sendable: Flags
    sent: Flags
    days: tuple[date, ...]


# --- the loop ------------------------------------------------------------------------------------------------------


def run(
    papers: dict[str, Paper], cases: Sequence[Case], methods: Sequence[str] = (OURS,)
) -> Iterator[tuple[str, Case, Ranked | None]]:
    """Yield what each case comes to with each method, or ``None`` where the method's recipe cannot do it.

    Cases with the same ``after`` share one space and one corpus. Raises MonitorError for papers without any words and a
    case without a paper to judge.
    """
    by_day: dict[date | None, list[Case]] = defaultdict(list)
    for case in cases:
        by_day[case.after].append(case)
    for after, group in by_day.items():
        known = [paper for paper in papers.values() if after is None or day_of(paper) < after]
        coming = [paper for paper in papers.values() if after is not None and day_of(paper) >= after]
        if OURS in methods:
            space = build_space(known)
            for case in group:
                yield OURS, case, _outcome(case, space, papers, _candidates(case, papers, known, coming))
        corpus = Corpus(known, coming)
        for name in methods:
            if name != OURS:
                rival = RIVALS[name](corpus)
                for case in group:
                    yield name, case, _ranked(case, rival, corpus, _candidates(case, papers, known, coming))


def compare(
    papers: dict[str, Paper], cases: Sequence[Case], methods: Sequence[str], told: Callable[[str], None]
) -> dict[str, dict[str, list[Ranked]]]:
    """Return what ``run`` yields by method and level, telling each finished case; a recipe may have none at a level."""
    levels = _in_order({case.level for case in cases})
    found: dict[str, dict[str, list[Ranked]]] = {method: {level: [] for level in levels} for method in methods}
    for method, case, ranked in run(papers, cases, methods):
        told(f"{method}: {case.name}")
        if ranked is not None:
            found[method][case.level].append(ranked)
    return found


def outcomes(papers: dict[str, Paper], cases: Sequence[Case]) -> Iterator[Outcome]:
    """Yield what each case comes to with ours."""
    for _, _, found in run(papers, cases):
        if isinstance(found, Outcome):
            yield found


def _candidates(
    case: Case, papers: dict[str, Paper], known: Sequence[Paper], coming: Sequence[Paper]
) -> tuple[Paper, ...]:
    if case.candidates is not None:
        chosen: Iterable[Paper] = (papers[name] for name in case.candidates)
    else:
        chosen = known if case.after is None else coming
    candidates = tuple(paper for paper in chosen if paper.key not in case.known)
    if not candidates:
        raise MonitorError(f"case {case.name!r} has no paper to judge")
    return candidates


def _outcome(case: Case, space: Space, papers: dict[str, Paper], candidates: tuple[Paper, ...]) -> Outcome:
    space.features(candidates[:1])
    examples = Examples(tuple(papers[name] for name in case.examples), tuple(papers[name] for name in case.negatives))
    start = time.perf_counter()
    judge = fit_topic(case.topic, examples, space)
    fitted = time.perf_counter()
    decided = judge.decide(candidates)
    end = time.perf_counter()
    return Outcome(
        case,
        decided.probabilities,
        _answers(case, candidates),
        1000 * (fitted - start),
        1000 * (end - fitted),
        judge,
        candidates,
        decided.open,
        decided.sent,
        tuple(day_of(paper) for paper in candidates),
    )


def _ranked(case: Case, rival: Rival, corpus: Corpus, candidates: tuple[Paper, ...]) -> Ranked | None:
    places = corpus.places([paper.key for paper in candidates])
    start = time.perf_counter()
    scorer = rival.fit(case)
    fitted = time.perf_counter()
    if scorer is None:
        return None
    scores = scorer(places)
    end = time.perf_counter()
    return Ranked(case, scores, _answers(case, candidates), 1000 * (fitted - start), 1000 * (end - fitted))


def _answers(case: Case, candidates: Sequence[Paper]) -> Flags:
    return np.array([paper.key in case.relevant for paper in candidates], bool)


# --- the figures ---------------------------------------------------------------------------------------------------


def table(found: Iterable[Ranked]) -> dict[str, Figures]:
    """Return the figures of each level, the levels in order."""
    groups: dict[str, list[Ranked]] = defaultdict(list)
    for one in found:
        groups[one.case.level].append(one)
    return {level: figures(groups[level]) for level in _in_order(groups)}


def _in_order(levels: Collection[str]) -> list[str]:
    """Return levels by how much they tell of a topic, unknown ones last."""
    return [*(level for level in LEVELS if level in levels), *sorted(set(levels) - set(LEVELS))]


def figures(found: Sequence[Ranked]) -> Figures:
    """Return a level's figures: means over cases for rankings, pooled counts for papers and days, medians of times.

    What has no meaning is ``None``: everything of no cases, and all but rankings and times of a rival.
    """
    ranked = [one.relevant[ranking(one.scores)] for one in found]
    ours = [one for one in found if isinstance(one, Outcome)]
    return {
        "cases": len(found),
        "ap": _mean([average_precision(flags) for flags in ranked]),
        "ndcg20": _mean([ndcg(flags, _NDCG_AT) for flags in ranked]),
        "rprec": _mean([r_precision(flags) for flags in ranked]),
        **(_decisions(ours) if ours else _NO_DECISIONS),
        "fit_ms": _median([one.fit_ms for one in found]),
        "score_ms": _median([one.score_ms for one in found]),
    }


_NO_DECISIONS: Figures = dict.fromkeys(("ece01", "expected_over_seen", "silent", "day_hit", "precision", "recall"))


def _decisions(found: Sequence[Outcome]) -> Figures:
    silent, hit = (np.concatenate(flags) for flags in zip(*map(days, found), strict=True))
    return {
        "ece01": calibration_error(
            np.concatenate([listed(one.scores) for one in found]), np.concatenate([one.relevant for one in found])
        ),
        "expected_over_seen": _median([listed(one.scores).sum() / max(1, one.relevant.sum()) for one in found]),
        "silent": float(silent.mean()) if len(silent) else None,
        "day_hit": float(hit.mean()) if len(hit) else None,
        "precision": _share([one.relevant[one.sent] for one in found]),
        "recall": _share([one.sent[one.relevant] for one in found]),
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


def days(outcome: Outcome) -> tuple[Flags, Flags]:
    """Return for each day without a relevant paper whether nothing is sent, and for each other one whether one is."""
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
    return np.array(silent, bool), np.array(hit, bool)


def _mean(values: Sequence[float | None]) -> float | None:
    known = [value for value in values if value is not None]
    return float(np.mean(known)) if known else None


def _median(values: Sequence[float]) -> float | None:
    return float(np.median(values)) if values else None


def _share(flags: Sequence[Flags]) -> float:
    joined = np.concatenate(flags) if flags else np.zeros(0, bool)
    return float(joined.mean()) if len(joined) else 0.0
