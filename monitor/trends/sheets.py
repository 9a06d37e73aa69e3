"""What one source was the first to list on one day: its papers and their terms, in a few bytes that the store keeps."""

from __future__ import annotations

import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby

import numpy as np
import numpy.typing as npt

from monitor.trends.terms import Flags, Hashes, Marks, read

_PORTION = 200
"""Papers read at a time: more would need more memory and save no time."""


@dataclass(frozen=True, slots=True)
class Document:
    """One paper on the day on which it was first listed, by ``source``."""

    day: date
    paper_id: int
    title: str
    abstract: str
    source: str = ""
    authors: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Sheet:
    """The papers that ``source`` was the first to list on ``day``; paper ``n`` has the marks ``bounds[n:n + 2]``."""

    day: date
    source: str
    paper_ids: npt.NDArray[np.int64]
    bounds: npt.NDArray[np.int64]
    hashes: Hashes
    flags: Flags

    def packed(self) -> bytes:
        """Return all but day and source as bytes, some 700 a paper."""
        sizes = np.diff(self.bounds).astype(np.uint32)
        head = np.array([len(self.paper_ids)], dtype=np.uint32)
        parts = (head, self.paper_ids.astype(np.int64), sizes, self.hashes, self.flags)
        return zlib.compress(b"".join(part.tobytes() for part in parts), 1)

    @classmethod
    def unpacked(cls, day: date, source: str, packed: bytes) -> Sheet:
        """Return the sheet that ``packed`` made."""
        data = zlib.decompress(packed)
        papers = int(np.frombuffer(data, np.uint32, 1)[0])
        paper_ids = np.frombuffer(data, np.int64, papers, 4)
        sizes = np.frombuffer(data, np.uint32, papers, 4 + 8 * papers)
        bounds = np.concatenate([[0], np.cumsum(sizes, dtype=np.int64)])
        marks, at = int(bounds[-1]), 4 + 12 * papers
        hashes = np.frombuffer(data, np.uint32, marks, at)
        return cls(day, source, paper_ids, bounds, hashes, np.frombuffer(data, np.uint8, marks, at + 4 * marks))

    def carrying(self, term: int) -> int:
        """Return how many papers carry the term of a hash."""
        return int(np.count_nonzero(self.hashes == np.uint32(term)))

    def after(self, paper_id: int) -> Sheet:
        """Return this sheet with the papers whose ids are above ``paper_id`` alone."""
        kept = self.paper_ids > paper_id
        sizes = np.diff(self.bounds)
        marks = np.repeat(kept, sizes)
        bounds = np.concatenate([[0], np.cumsum(sizes[kept])])
        return Sheet(self.day, self.source, self.paper_ids[kept], bounds, self.hashes[marks], self.flags[marks])

    def joined(self, later: Sheet) -> Sheet:
        """Return this sheet with the papers of a later one of the same day and source."""
        return Sheet(
            self.day,
            self.source,
            np.concatenate([self.paper_ids, later.paper_ids]),
            np.concatenate([self.bounds, self.bounds[-1] + later.bounds[1:]]),
            np.concatenate([self.hashes, later.hashes]),
            np.concatenate([self.flags, later.flags]),
        )


def sheets(documents: Sequence[Document]) -> Iterator[Sheet]:
    """Yield the sheets of documents, oldest day first; a paper given twice counts on its first day alone."""
    first: dict[int, Document] = {}
    for one in sorted(documents, key=lambda one: (one.day, one.source, one.paper_id)):
        first.setdefault(one.paper_id, one)
    for (day, source), some in groupby(first.values(), lambda one: (one.day, one.source)):
        group = list(some)
        marks: list[Marks] = []
        for start in range(0, len(group), _PORTION):
            marks += read([(one.title, one.abstract, one.authors) for one in group[start : start + _PORTION]])
        yield sheet_of(day, source, [one.paper_id for one in group], marks)


def sheet_of(day: date, source: str, paper_ids: Sequence[int], marks: Sequence[Marks]) -> Sheet:
    """Return the sheet of papers whose terms are known."""
    return Sheet(
        day,
        source,
        np.array(paper_ids, dtype=np.int64),
        np.cumsum([0, *(len(one.hashes) for one in marks)]),
        np.concatenate([one.hashes for one in marks]),
        np.concatenate([one.flags for one in marks]),
    )
