"""Reasons in words that a reader knows: what the topic says, or what the paper prints, never a stem and never a margin."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Any

import numpy as np

from monitor.matchers.parts import Weights
from monitor.matchers.terms import surfaces
from monitor.text import words
from monitor.types.papers import Paper
from monitor.types.verdicts import Reason

MOST_REASONS = 6
_LEAST_SHARE = 0.04
_LONGEST = 60


def shared_out(reasons: Iterable[Reason]) -> tuple[Reason, ...]:
    """Return the strongest reasons, strongest first, with shares that sum to 1; what says the same is said once."""
    unique: dict[tuple[str, ...], Reason] = {}
    for reason in sorted(reasons, key=lambda reason: -reason.share):
        if reason.share > 0 and not _said(reason, unique.values()):
            unique[reason.kind, reason.text.casefold()] = reason
    kept = list(unique.values())[:MOST_REASONS]
    total = sum(reason.share for reason in kept)
    shares = ((reason, round(reason.share / total, 3)) for reason in kept)
    return tuple(
        Reason(reason.kind, reason.text, reason.where, min(share, 1.0))
        for reason, share in shares
        if share >= _LEAST_SHARE
    )


def scaled(reasons: Sequence[Reason], weight: float) -> list[Reason]:
    """Return ``reasons`` with shares that sum to ``weight``, the part's own weight in the whole."""
    total = sum(reason.share for reason in reasons)
    if total <= 0 or weight <= 0:
        return []
    return [Reason(one.kind, one.text, one.where, one.share / total * weight) for one in reasons]


def strongest_terms(paper: Paper, row: Any, weights: Weights, names: Sequence[str], most: int) -> list[Reason]:
    """Return the terms that weigh most in a paper, as it prints them; a pair of words says what its words say."""
    columns, here, there = np.intersect1d(row.indices, weights.columns, assume_unique=True, return_indices=True)
    given = row.data[here] * weights.terms[there]
    ordered = [(names[columns[place]], float(given[place])) for place in np.argsort(-given, kind="stable")[: most * 4]]
    chosen: list[tuple[str, float]] = []
    for term, weight in sorted(ordered, key=lambda pair: -pair[1] * (1.5 if " " in pair[0] else 1.0)):
        if weight > 0 and len(chosen) < most and not any(set(term.split()) & set(other.split()) for other, _ in chosen):
            chosen.append((term, weight))
    return [
        Reason("phrase", text, where, weight)
        for term, weight in chosen
        for text, where in [printed(paper, term)]
        if text
    ]


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


def _said(reason: Reason, others: Iterable[Reason]) -> bool:
    ours = set(words(reason.text))
    return any(
        reason.kind in ("phrase", "about")
        and other.kind in ("phrase", "about", "query", "keyword")
        and ours <= set(words(other.text))
        for other in others
    )
