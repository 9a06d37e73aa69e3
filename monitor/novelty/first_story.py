"""How far a paper stands from everything that came before it.

The score is one minus the mean cosine with the five nearest papers of the last 180 days (TF-IDF); readers are told
only where it lies among the scores of the last 60 days' papers, for raw values mean nothing to anyone. It finds what
is unusual for these sources. It does not find the beginnings of trends: the first papers of later trends score like
any other (measured on 20 of them).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import numpy as np

from monitor.novelty.pairs import folded_words
from monitor.types.papers import Paper

_ENOUGH = 100
_MEMORY = timedelta(days=180)
_LATELY = timedelta(days=60)
_NEAREST = 5
_MOST_PAST, _MOST_JUDGED = 20_000, 1_000
_ROWS = 200  # at a time, so that 20,000 columns take 16 MB


def first_story(papers: Sequence[Paper], past: Sequence[Paper]) -> list[float | None]:
    """Return for each paper the share, in [0, 1], of the last 60 days' papers that are less unlike the past than it is.

    ``past`` may be longer than the 180 days that count, and may hold the papers themselves; what was first seen after
    the newest of ``papers`` is left out. All are ``None`` while fewer than 100 papers of the past count.
    """
    if not papers:
        return []
    now, own = max(paper.first_seen for paper in papers), {paper.id for paper in papers}
    known = [paper for paper in past if paper.id not in own and now - _MEMORY <= paper.first_seen <= now]
    if len(known) < _ENOUGH:
        return [None] * len(papers)
    known = _thinned(sorted(known, key=lambda paper: (paper.first_seen, paper.id)), _MOST_PAST)
    lately = [row for row, paper in enumerate(known) if paper.first_seen >= now - _LATELY]
    judged = _thinned(lately if len(lately) >= _ENOUGH else [*range(len(known))], _MOST_JUDGED)
    vectors = _vectors([*known, *papers])
    usual = np.sort(_strangeness(vectors, judged, len(known)))
    scores = _strangeness(vectors, [*range(len(known), len(known) + len(papers))], len(known))
    below, up_to = np.searchsorted(usual, scores, "left"), np.searchsorted(usual, scores, "right")
    return [round(float(rank), 4) for rank in (below + up_to) / (2 * len(usual))]


def _thinned(rows: list[Any], most: int) -> list[Any]:
    """An even selection of at most ``most`` rows, the last one kept."""
    return rows[:: -(1 + (len(rows) - 1) // most)][::-1]


def _vectors(papers: Sequence[Paper]) -> Any:
    from sklearn.feature_extraction.text import TfidfVectorizer

    vectorizer = TfidfVectorizer(
        analyzer=lambda paper: folded_words(f"{paper.title} {paper.abstract}"), sublinear_tf=True, dtype=np.float32
    )
    return vectorizer.fit_transform(papers)


def _strangeness(vectors: Any, rows: list[int], known: int) -> np.ndarray[Any, np.dtype[np.float32]]:
    """One minus the mean of the five highest cosines with the first ``known`` rows, not with itself."""
    columns = vectors[:known].T.tocsr()
    parts = []
    for start in range(0, len(rows), _ROWS):
        part = np.array(rows[start : start + _ROWS])
        cosines = (vectors[part] @ columns).toarray()
        inside = part < known
        cosines[np.flatnonzero(inside), part[inside]] = -1
        parts.append(1 - np.partition(cosines, -_NEAREST, axis=1)[:, -_NEAREST:].mean(axis=1))
    return np.concatenate(parts)
