"""Reasons in words that a reader knows: what the topic says or what the paper prints, no stem and no margin."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from monitor.matchers.parts import Weights, weights_of
from monitor.matchers.terms import runs, surfaces
from monitor.types.papers import Paper
from monitor.types.verdicts import Reason

MOST_REASONS = 6
_LEAST_SHARE = 0.04
_LONGEST = 60
_PAIR = 1.5
_EVERYWHERE = frozenset(
    {
        "approach", "art", "baseline", "code", "dataset", "demonstrate", "evaluate", "existing", "experiment",
        "extensive", "framework", "improve", "introduce", "large", "method", "model", "new", "novel", "outperform",
        "paper", "performance", "present", "problem", "propose", "proposed", "recent", "result", "show",
        "significantly", "state", "study", "task", "work",
    }
)  # fmt: skip


def shared_out(reasons: Iterable[Reason]) -> tuple[Reason, ...]:
    """Return the strongest reasons, strongest first, with shares that sum to 1 or a little less.

    What the reader wrote comes before what was learned: a learned term that only repeats the reader's words is left
    out.
    """
    kept: list[Reason] = []
    said: set[str] = set()
    for reason in sorted(reasons, key=lambda reason: (reason.kind == "phrase", -reason.share)):
        ours = _terms(reason.text) if reason.kind not in ("like", "category") else frozenset()
        repeats = ours & said if reason.kind == "phrase" else reason.kind == "about" and ours <= said
        if reason.share > 0 and not repeats:
            kept.append(reason)
            said |= ours
    kept = sorted(kept, key=lambda reason: -reason.share)[:MOST_REASONS]
    total = sum(reason.share for reason in kept)
    shared = (replace(reason, share=math.floor(1000 * reason.share / total) / 1000) for reason in kept)
    return tuple(reason for reason in shared if reason.share >= _LEAST_SHARE)


def scaled(reasons: Sequence[Reason], weight: float) -> list[Reason]:
    """Return ``reasons`` with shares that sum to ``weight``, the part's own weight in the whole."""
    total = sum(reason.share for reason in reasons)
    if total <= 0 or weight <= 0:
        return []
    return [Reason(one.kind, one.text, one.where, one.share / total * weight) for one in reasons]


def strongest_terms(
    paper: Paper,
    row: tuple[NDArray[Any], NDArray[Any]],
    weights: Weights,
    telling: NDArray[np.intp],
    names: Sequence[str],
    most: int,
) -> list[Reason]:
    """Return the terms among ``telling`` that weigh most in a paper, as it prints them; a pair stands for its words.

    ``row`` is the paper's terms, by column, and what each weighs in it.
    """
    told = weights_of(row[0], telling, np.ones(len(telling), np.float32)) > 0
    columns = row[0][told]
    speaking = weights.of(columns) * row[1][told]
    ordered = [(names[columns[place]], float(speaking[place])) for place in np.argsort(-speaking, kind="stable")]
    return [
        Reason("phrase", text, where, weight)
        for term, weight in _apart(ordered[: most * 6], most)
        for text, where in [printed(paper, term)]
        if text
    ]


def common_to(rows: Any, least: int) -> NDArray[np.intp]:
    """Return the columns that at least ``least`` of some rows hold, or half of them where there are fewer."""
    wanted = max(1, min(least, rows.shape[0] // 2))
    return np.flatnonzero(np.bincount(rows.indices, minlength=rows.shape[1]) >= wanted)


def _apart(ordered: Sequence[tuple[str, float]], most: int) -> list[tuple[str, float]]:
    """Return the heaviest terms that share no word, none of them made of words that every paper uses."""
    chosen: list[tuple[str, float]] = []
    for term, weight in sorted(ordered, key=lambda pair: -pair[1] * (_PAIR if " " in pair[0] else 1.0)):
        pieces = set(term.replace("-", " ").split())
        taken = any(pieces & set(other.replace("-", " ").split()) for other, _ in chosen)
        if weight > 0 and not taken and not pieces & _EVERYWHERE and len(chosen) < most:
            chosen.append((term, weight))
    return chosen


def printed(paper: Paper, term: str) -> tuple[str, str]:
    """Return ``term`` in the words of the paper, and where it stands first; two empty strings when it is not there."""
    return _printed(paper.title, paper.abstract).get(term, ("", ""))


@lru_cache(maxsize=2048)
def _printed(title: str, abstract: str) -> dict[str, tuple[str, str]]:
    found: dict[str, tuple[str, str]] = {}
    for where, text in (("title", title), ("abstract", abstract)):
        for term, surface in surfaces(text):
            if len(surface) <= _LONGEST:
                found.setdefault(term, (surface, where))
    return found


@lru_cache(maxsize=8192)
def _terms(text: str) -> frozenset[str]:
    return frozenset(term for term, _ in runs(text))
