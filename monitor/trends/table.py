"""How many papers carry each term: day by day lately, and in the fading past before that, source by source.

The table is fed sheet by sheet: a day costs what its papers cost, however long the past is, and the memory is bounded
by the number of figures held. Time is counted in listing days, so weekends and holidays are no time at all.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import numpy.typing as npt

from monitor.trends.sheets import Sheet
from monitor.trends.terms import AUTHOR, IN_TITLE, NAME_LIKE, REPEATED, SEVERAL_WORDS, Flags, Hashes

Floats = npt.NDArray[np.float64]
Columns = npt.NDArray[np.int64]

RECENT = 40
"""Listing days that are kept day by day."""
HALF_LIFE = 120.0
"""Listing days after which a paper of the past counts half."""
MOST_FIGURES = 2_000_000
"""Counts held for terms, 4 bytes each; beyond that, terms that hardly any paper carries are forgotten first."""

_LATELY_HALF_LIFE = 60.0
_STRATA = 6
_KINDS = (0, IN_TITLE, NAME_LIKE, REPEATED)


@dataclass(frozen=True, slots=True)
class _Held:
    """A recent sheet, its terms as columns; ``counted`` are those columns, each once."""

    stratum: int
    paper_ids: npt.NDArray[np.int64]
    paper: npt.NDArray[np.int32]
    columns: npt.NDArray[np.int32]
    counted: npt.NDArray[np.int32]
    counts: npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Counts:
    """Papers by source and day: ``recent`` (source, day, term) ends with today, ``past`` (source, term) came before.

    ``papers`` and ``past_papers`` are the same of all papers, whatever terms they carry. ``ages`` is for how many
    listing days each source has been read.
    """

    recent: Floats
    past: Floats
    papers: Floats
    past_papers: Floats
    ages: npt.NDArray[np.int64]


class TermTable:
    """Counts of papers by term, fed with ``add``, oldest day first; ``days`` are the listing days so far."""

    def __init__(self, most_figures: int = MOST_FIGURES) -> None:
        self.days: list[date] = []
        self._most = most_figures
        self._sorted: Hashes = np.empty(0, np.uint32)
        self._columns: npt.NDArray[np.int32] = np.empty(0, np.int32)
        self._hashes: Hashes = np.empty(0, np.uint32)
        self._flags: Flags = np.empty(0, np.uint8)
        self._lately: Any = np.zeros((len(_KINDS), 0), np.float32)
        self._past: Any = np.zeros((0, 0), np.float32)
        self._past_papers = np.zeros(0)
        self._strata: dict[str, int] = {}
        self._begun: list[int] = []
        self._held: dict[int, list[_Held]] = {}

    # --- feeding ---

    def takes(self, day: date) -> bool:
        """Whether a sheet of ``day`` fits in: a day after all others, or one of them that gets more papers."""
        return not self.days or day > self.days[-1] or self._place(day) is not None

    def add(self, sheet: Sheet) -> None:
        """Count the papers of one sheet. Raises ValueError for a day that the table does not take."""
        if not self.takes(sheet.day):
            raise ValueError(f"{sheet.day} lies between days that were counted; begin a new table")
        if not self.days or sheet.day > self.days[-1]:
            self._next_day(sheet.day)
        place = self._place(sheet.day)
        assert place is not None
        self._hold(sheet, place)
        if self.terms * (len(self._lately) + len(self._past)) > self._most:
            self._forget()

    def _place(self, day: date) -> int | None:
        place = bisect_left(self.days, day)
        return place if place < len(self.days) and self.days[place] == day else None

    def _next_day(self, day: date) -> None:
        self.days.append(day)
        self._lately *= np.float32(0.5 ** (1 / _LATELY_HALF_LIFE))
        self._past *= np.float32(0.5 ** (1 / HALF_LIFE))
        self._past_papers *= 0.5 ** (1 / HALF_LIFE)
        for held in self._held.pop(len(self.days) - 1 - RECENT, ()):
            self._let_go(held, 1.0)

    def _hold(self, sheet: Sheet, place: int) -> None:
        columns = self._columns_of(sheet)
        counted, counts = np.unique(columns, return_counts=True)
        age = len(self.days) - 1 - place
        weight = 0.5 ** (age / _LATELY_HALF_LIFE)
        for row, kind in enumerate(_KINDS):
            marked, papers = np.unique(columns[sheet.flags & kind == kind], return_counts=True)
            self._lately[row, marked] += papers.astype(np.float32) * np.float32(weight)
        paper = np.repeat(np.arange(len(sheet.paper_ids), dtype=np.int32), np.diff(sheet.bounds))
        stratum = self._stratum(sheet.source, place)
        held = _Held(stratum, sheet.paper_ids, paper, columns, counted.astype(np.int32), counts.astype(np.float32))
        if age < RECENT:
            self._held.setdefault(place, []).append(held)
        else:
            self._let_go(held, 0.5 ** ((age - RECENT) / HALF_LIFE))

    def _let_go(self, held: _Held, weight: float) -> None:
        """Move a sheet that is no longer recent into the past."""
        self._past[held.stratum, held.counted] += held.counts * np.float32(weight)
        self._past_papers[held.stratum] += len(held.paper_ids) * weight

    def _stratum(self, source: str, place: int) -> int:
        """The place of a source's own past; sources beyond the sixth share one."""
        stratum = self._strata.setdefault(source, min(len(self._strata), _STRATA - 1))
        if stratum == len(self._begun):
            self._begun.append(place)
            self._past = np.vstack([self._past, np.zeros((1, self._past.shape[1]), np.float32)])
            self._past_papers = np.append(self._past_papers, 0.0)
        self._begun[stratum] = min(self._begun[stratum], place)
        return stratum

    def _columns_of(self, sheet: Sheet) -> npt.NDArray[np.int32]:
        """The columns of a sheet's terms; terms never seen get new ones."""
        hashes, first, back = np.unique(sheet.hashes, return_index=True, return_inverse=True)
        places = np.searchsorted(self._sorted, hashes)
        known = np.zeros(len(hashes), dtype=bool)
        inside = places < len(self._sorted)
        known[inside] = self._sorted[places[inside]] == hashes[inside]
        columns = np.empty(len(hashes), dtype=np.int32)
        columns[known] = self._columns[places[known]]
        new = np.flatnonzero(~known)
        columns[new] = np.arange(len(self._hashes), len(self._hashes) + len(new), dtype=np.int32)
        self._sorted = np.insert(self._sorted, places[new], hashes[new])
        self._columns = np.insert(self._columns, places[new], columns[new])
        self._hashes = np.concatenate([self._hashes, hashes[new]])
        self._flags = np.concatenate([self._flags, sheet.flags[first[new]]])
        self._make_room()
        return columns[back]

    def _make_room(self) -> None:
        """Have figures for all terms; a third more than needed, since to grow is to copy."""
        if self._lately.shape[1] < self.terms:
            more = self.terms * 4 // 3 - self._lately.shape[1]
            self._lately = np.pad(self._lately, ((0, 0), (0, more)))
            self._past = np.pad(self._past, ((0, 0), (0, more)))

    def _forget(self) -> None:
        """Keep the three quarters of the terms that most papers carry, of equals the newer ones."""
        weight = (self._lately[0] + self._past.sum(axis=0))[: self.terms]
        size = 3 * self._most // (4 * (len(self._lately) + len(self._past)))
        kept = np.sort(np.argsort(-weight, kind="stable")[:size])
        to = np.full(len(self._hashes), -1, dtype=np.int32)
        to[kept] = np.arange(len(kept), dtype=np.int32)
        self._hashes, self._flags = self._hashes[kept], self._flags[kept]
        self._lately, self._past = self._lately[:, kept], self._past[:, kept]
        order = np.argsort(self._hashes)
        self._sorted, self._columns = self._hashes[order], order.astype(np.int32)
        self._held = {place: [_moved(held, to) for held in some] for place, some in self._held.items()}

    # --- asking ---

    @property
    def terms(self) -> int:
        """How many terms the table holds."""
        return len(self._hashes)

    @property
    def size(self) -> int:
        """How many bytes the table holds."""
        arrays = [self._sorted, self._columns, self._hashes, self._flags, self._lately, self._past]
        held = [one for some in self._held.values() for one in some]
        arrays += [part for one in held for part in (one.paper_ids, one.paper, one.columns, one.counted, one.counts)]
        return sum(array.nbytes for array in arrays)

    def lately(self) -> tuple[Floats, Floats, Floats, Floats]:
        """Return by term how many papers carry it lately, in the title, like a name, and more than once.

        A paper counts half after 60 listing days.
        """
        papers, titles, names, repeated = self._lately[:, : self.terms]
        return papers, titles, names, repeated

    def columns(self, hashes: Collection[int]) -> dict[int, int]:
        """Return the columns of the terms that the table knows, by their hashes."""
        wanted = np.fromiter(hashes, dtype=np.uint32)
        places = np.minimum(np.searchsorted(self._sorted, wanted), max(0, len(self._sorted) - 1))
        return {
            int(value): int(self._columns[place])
            for value, place in zip(wanted, places, strict=True)
            if len(self._sorted) and self._sorted[place] == value
        }

    def hash_of(self, column: int) -> int:
        """Return the hash of a column's term."""
        return int(self._hashes[column])

    def are_authors(self) -> npt.NDArray[np.bool_]:
        """Return by term whether it is an author."""
        return np.asarray(self._flags & AUTHOR > 0)

    def are_single(self) -> npt.NDArray[np.bool_]:
        """Return by term whether it is one word."""
        return np.asarray(self._flags & SEVERAL_WORDS == 0)

    def counts(self, columns: Columns) -> Counts:
        """Return the counts of some terms."""
        at = np.full(len(self._hashes) + 1, -1, dtype=np.int32)
        at[columns] = np.arange(len(columns), dtype=np.int32)
        strata = len(self._begun)
        recent, papers = np.zeros((strata, RECENT, len(columns))), np.zeros((strata, RECENT))
        for place, held in self._recent():
            day = RECENT - len(self.days) + place
            places = at[held.counted]
            wanted = places >= 0
            recent[held.stratum, day, places[wanted]] += held.counts[wanted]
            papers[held.stratum, day] += len(held.paper_ids)
        past = self._past[:, columns].astype(np.float64)
        return Counts(recent, past, papers, self._past_papers, len(self.days) - np.array(self._begun, dtype=np.int64))

    def carrying(self, columns: Collection[int], days: int) -> dict[int, list[tuple[int, int]]]:
        """Return the papers of the last ``days`` listing days that carry each term: (day's place, id), newest first."""
        wanted = np.zeros(self.terms, dtype=bool)
        wanted[[*columns]] = True
        found: dict[int, list[tuple[int, int]]] = {column: [] for column in columns}
        for place, held in sorted(self._recent(), key=lambda one: -one[0]):
            if place >= len(self.days) - days:
                for mark in np.flatnonzero(wanted[held.columns])[::-1]:
                    found[int(held.columns[mark])].append((place, int(held.paper_ids[held.paper[mark]])))
        return {column: sorted(some, reverse=True) for column, some in found.items()}

    def _recent(self) -> Iterator[tuple[int, _Held]]:
        for place, some in self._held.items():
            for held in some:
                yield place, held


def _moved(held: _Held, to: npt.NDArray[np.int32]) -> _Held:
    columns, counted = to[held.columns], to[held.counted]
    stay, counted_stay = columns >= 0, counted >= 0
    return _Held(
        held.stratum, held.paper_ids, held.paper[stay], columns[stay], counted[counted_stay], held.counts[counted_stay]
    )
