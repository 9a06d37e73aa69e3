"""The newest papers by how near their meaning is to a line: one matrix in memory, for the search of the pages.

The vectors are those of the operator's model, by which the matcher ``embeddings`` judges papers too: what it has read
is known at once, and the rest is made a few at a time, as it is asked for.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from monitor.matchers._axes import Vector
from monitor.matchers._encoder import Encoder
from monitor.matchers.embeddings import encoded
from monitor.types.papers import Paper

MOST = 20_000
"""Papers that are compared, the newest: 30 MB with a small model."""


class Meaning:
    """What papers mean. ``last`` is the id up to which they were taken in; ``waiting`` are those without a vector."""

    def __init__(self, encoder: Encoder, most: int = MOST) -> None:
        self.encoder = encoder
        self.most = most
        self.last = 0
        self.waiting: list[int] = []
        self._ids: list[int] = []
        self._rows: Vector | None = None

    def __len__(self) -> int:
        """Return how many papers have a vector."""
        return len(self._ids)

    def take_in(self, papers: Sequence[Paper], made: int) -> None:
        """Add papers, oldest first; at most ``made`` vectors are made for them, the others wait.

        What got none although it was its turn waits behind the others.

        Raises MonitorError when the model cannot be used.
        """
        rows = encoded(self.encoder, papers, made)
        known = np.asarray(rows.any(axis=1), bool)
        self._ids = [*self._ids, *(paper.id for paper, is_known in zip(papers, known, strict=True) if is_known)]
        self._rows = rows[known] if self._rows is None else np.vstack([self._rows, rows[known]])
        self._ids, self._rows = self._ids[-self.most :], self._rows[-self.most :]
        left = [paper.id for paper, is_known in zip(papers, known, strict=True) if not is_known]
        self.waiting = ([*left, *self.waiting] if made else [*self.waiting, *left])[-self.most :]
        self.last = max(self.last, *(paper.id for paper in papers), 0)

    def next_waiting(self, number: int) -> list[int]:
        """Return the newest papers that wait, and let them wait no longer: ``take_in`` is for them now."""
        taken = self.waiting[-number:] if number else []
        self.waiting = self.waiting[: len(self.waiting) - len(taken)]
        return taken

    def nearest(self, text: str, most: int) -> list[int]:
        """Return the ids of up to ``most`` papers, the nearest first; none where the model knows no word of ``text``.

        Raises MonitorError when the model cannot be used.
        """
        (asked,) = self.encoder.encode([text])
        if self._rows is None or not asked.any():
            return []
        return [self._ids[place] for place in np.argsort(-(self._rows @ asked), kind="stable")[:most].tolist()]
