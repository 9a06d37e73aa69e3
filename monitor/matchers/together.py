"""Many topics asked about the same papers at once.

What most topics learned is one sum over a paper's terms and axes. Some hundred topics are stacked into one sparse
matrix, whose product with the papers says how alike each paper is to each topic; only what may pass a topic's
threshold is then judged in full, with its reasons. Memory grows with the papers and a block of topics, not with all
topics.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from monitor.matchers._axes import Vector
from monitor.matchers.fusion import TopicJudge
from monitor.matchers.parts import Line, Scores
from monitor.matchers.space import Features
from monitor.types.verdicts import Judgement

BLOCK = 256
"""Topics of one product: for a thousand papers, a megabyte of scores."""

Kept = list[tuple[int, Judgement]]


def kept_by(judges: Sequence[TopicJudge], features: Features, most: int | None = None, near: int = 0) -> Iterator[Kept]:
    """Yield for each judge, in order, what it sends and what a muted word alone withholds, with the papers' places.

    With ``near``, each also gives up to so many that fall just short.

    All judges share the space that ``features`` belong to. With ``most``, only so many of each topic come, the most
    probable first; else they come in the order of the papers.
    """
    for start in range(0, len(judges), BLOCK):
        block = judges[start : start + BLOCK]
        likeness = _likeness([judge.line for judge in block], features)
        for judge, row in zip(block, likeness, strict=True):
            yield _best(list(judge.kept(features, row, near)), most)


def _best(found: Kept, most: int | None) -> Kept:
    if most is None or len(found) <= most:
        return found
    return sorted(found, key=lambda one: (-one[1].match.probability, one[0]))[:most]


def _likeness(lines: Sequence[Line | None], features: Features) -> Iterator[Scores | None]:
    """Yield the likeness of all papers to each topic; ``None`` for a topic whose likeness is no one sum."""
    known = [line for line in lines if line is not None]
    scores = iter(likeness(known, features)) if known else iter(())
    return (None if line is None else next(scores) for line in lines)


def likeness(lines: Sequence[Line], features: Features) -> NDArray[np.float32]:
    """Return topics x papers: how alike each paper is to each topic, in standard deviations above ordinary papers."""
    terms, words = features.turned
    found = (_stacked([line.terms for line in lines], terms.shape[0]) @ terms).toarray()
    if any(len(line.words[0]) for line in lines):
        found += _stacked([line.words for line in lines], words.shape[0]) @ words
    found += np.vstack([line.axes for line in lines]) @ features.axes.T
    found += np.array([line.constant for line in lines], np.float32)[:, None]
    return np.asarray(found, np.float32)


def _stacked(rows: Sequence[tuple[NDArray[np.int32], Vector]], width: int) -> Any:
    from scipy import sparse

    starts = np.concatenate([[0], np.cumsum([len(columns) for columns, _ in rows])]).astype(np.int32)
    values = np.concatenate([weights for _, weights in rows])
    columns = np.concatenate([columns for columns, _ in rows])
    return sparse.csr_matrix((values, columns, starts), shape=(len(rows), width))
