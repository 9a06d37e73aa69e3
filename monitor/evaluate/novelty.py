"""How well copies are told from other papers: figures over pairs, and over libraries checked by hand.

A file of pairs holds ``{"a": paper, "b": paper, "same": 0 or 1, "kind"?: text}`` a line, a library one paper a line
with ``"duplicate": true`` on second copies. A paper is ``{"title", "abstract"?, "authors"?, "year"?, "doi"?}``. Files
may be compressed (``.gz``, ``.xz``). Texts pass the same gate as those of a source, and words are weighed by all papers
of the file.

A pair is told as one work by the most that the program can say of it: ``same``, or ``related`` where a paper has no
abstract. It is linked by either answer: both papers are shown, the newer with a note, as companion papers should be.
"""

from __future__ import annotations

import gzip
import json
import lzma
import time
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TextIO

from monitor.errors import ParseError
from monitor.evaluate.rules import RULES
from monitor.ingest.identity import keys
from monitor.ingest.normalise import clean_entry
from monitor.novelty.near_duplicates import CopyIndex, compare
from monitor.novelty.pairs import Rarity, folded_words
from monitor.types.listings import Entry
from monitor.types.papers import Paper

FIRST_SEEN = datetime(2200, 1, 1, tzinfo=UTC)
"""When the papers of a file were first seen: later than any of them was published."""


@dataclass(frozen=True, slots=True)
class Pair:
    """Two papers, whether they are one work, and what kind of pair that is."""

    one: Paper
    two: Paper
    same: bool
    kind: str


@dataclass(frozen=True, slots=True)
class Agreement:
    """Precision, recall and their harmonic mean; a share of nothing is 0."""

    precision: float
    recall: float

    @property
    def f1(self) -> float:
        """The harmonic mean of precision and recall."""
        total = self.precision + self.recall
        return 2 * self.precision * self.recall / total if total else 0.0


@dataclass(frozen=True, slots=True)
class PairFigures:
    """What became of a file of pairs.

    ``kinds`` holds, by kind and by whether they are one work, how many pairs there are, which share of them was told as
    one work and which share was linked: recall where that is right, false alarms where not. ``rules`` is what other
    programs' rules say of the same pairs.
    """

    pairs: int
    told: Agreement
    linked: Agreement
    kinds: dict[tuple[str, bool], tuple[int, float, float]]
    pairs_per_s: float
    rules: dict[str, Agreement]


@dataclass(frozen=True, slots=True)
class LibraryFigures:
    """What became of a library: its flagged papers, those in a group of ours, and our groups without any flag."""

    papers: int
    flagged: int
    found: int
    groups: int
    without_flag: int
    ms_per_paper: float


def read_lines(path: Path) -> Iterator[dict[str, Any]]:
    """Yield the objects of a file, one a line. Raises ParseError for a file or a line that cannot be read."""
    number = 0
    try:
        with _opened(path) as lines:
            for line in lines:
                number += 1
                yield _object(line)
    except (OSError, EOFError, lzma.LZMAError, ValueError, RecursionError) as error:
        where = f"line {number} of {path}" if number else str(path)
        raise ParseError("", f"{where} cannot be read: {error}") from error


def _opened(path: Path) -> TextIO:
    if path.suffix == ".gz":
        return gzip.open(path, "rt", encoding="utf-8")
    return lzma.open(path, "rt", encoding="utf-8") if path.suffix == ".xz" else path.open(encoding="utf-8")


def _object(line: str) -> dict[str, Any]:
    row = json.loads(line)
    if not isinstance(row, dict):
        raise ValueError("it is not an object")  # noqa: TRY004  # what is wrong is the file, as with JSON's own errors
    return row


def paper_of(row: dict[str, Any], number: int, seen: datetime = FIRST_SEEN) -> Paper:
    """Return the paper in a row, cleaned as a source's entry is, with ``number`` as its id."""
    authors, year, doi = row.get("authors"), str(row.get("year") or ""), row.get("doi") or ""
    entry = Entry(
        title=str(row.get("title") or ""),
        abstract=str(row.get("abstract") or ""),
        authors=tuple(map(str, authors)) if isinstance(authors, list) else (str(authors or ""),),
        ids=(f"doi:{doi}",),
        published=datetime(int(year), 1, 1, tzinfo=UTC)
        if year.isdecimal() and 0 < int(year) < FIRST_SEEN.year
        else None,
    )
    cleaned = clean_entry(entry, FIRST_SEEN)
    return Paper(
        id=number, key=keys(cleaned, "")[0], title=cleaned.title, abstract=cleaned.abstract, first_seen=seen,
        authors=cleaned.authors, published=cleaned.published,
    )  # fmt: skip


# --- pairs ---------------------------------------------------------------------------------------------------------


def read_pairs(rows: Iterable[dict[str, Any]]) -> list[Pair]:
    """Return the pairs of a file, ``a`` as the newer paper. Raises ParseError for a row that holds none."""
    pairs = []
    for number, row in enumerate(rows, start=1):
        if not isinstance(row.get("a"), dict) or not isinstance(row.get("b"), dict) or row.get("same") not in (0, 1):
            raise ParseError("", f'pair {number} needs "a" and "b", which are papers, and "same", which is 0 or 1')
        one, two = paper_of(row["a"], 2 * number), paper_of(row["b"], 2 * number - 1)
        pairs.append(Pair(one, two, bool(row["same"]), str(row.get("kind") or ("same" if row["same"] else "other"))))
    return pairs


def judge_pairs(pairs: Sequence[Pair]) -> PairFigures:
    """Return how many pairs of one work are found, and how many others are taken for one."""
    rarity = rarity_of([paper for pair in pairs for paper in (pair.one, pair.two)])
    start = time.perf_counter()
    answers = [relation(pair.one, pair.two, rarity) for pair in pairs]
    spent = time.perf_counter() - start
    linked = [answer is not None for answer in answers]
    told = [_is_told(pair, answer) for pair, answer in zip(pairs, answers, strict=True)]
    kinds: dict[tuple[str, bool], list[int]] = defaultdict(list)
    for place, pair in enumerate(pairs):
        kinds[pair.kind, pair.same].append(place)
    return PairFigures(
        pairs=len(pairs),
        told=_agreement(pairs, told),
        linked=_agreement(pairs, linked),
        kinds={kind: (len(some), _share(told, some), _share(linked, some)) for kind, some in sorted(kinds.items())},
        pairs_per_s=len(pairs) / max(spent, 1e-9),
        rules={
            name: _agreement(pairs, [rule(pair.one, pair.two, rarity) for pair in pairs])
            for name, rule in RULES.items()
        },
    )


def pairs_json(figures: PairFigures) -> dict[str, object]:
    """Return the figures as ``monitor evaluate novelty --json`` prints them: of what is told, ``linked`` apart."""
    told, linked, kinds = figures.told, figures.linked, figures.kinds
    return {
        "precision": told.precision,
        "recall": told.recall,
        "f1": told.f1,
        "by_kind": {kind: shares[1] for (kind, is_same), shares in kinds.items() if is_same},
        "false_by_kind": {kind: shares[1] for (kind, is_same), shares in kinds.items() if not is_same},
        "linked": {
            "precision": linked.precision,
            "recall": linked.recall,
            "f1": linked.f1,
            "by_kind": {kind: shares[2] for (kind, is_same), shares in kinds.items() if is_same},
            "false_by_kind": {kind: shares[2] for (kind, is_same), shares in kinds.items() if not is_same},
        },
        "rules": {
            name: {"precision": one.precision, "recall": one.recall, "f1": one.f1}
            for name, one in figures.rules.items()
        },
        "pairs": figures.pairs,
        "pairs_per_s": figures.pairs_per_s,
    }


def relation(paper: Paper, older: Paper, rarity: Rarity) -> str | None:
    """Return ``same`` where a DOI or the whole text says so, else what the comparison says."""
    if paper.key == older.key and (paper.abstract or paper.key.startswith("doi:")):
        return "same"
    copy = compare(paper, older, rarity)
    return copy.relation if copy else None


def rarity_of(papers: Sequence[Paper]) -> Rarity:
    """Return how rare each word is among ``papers``, each text counted once."""
    rarity = Rarity()
    rarity.count(set(folded_words(text)) for text in {f"{paper.title} {paper.abstract}" for paper in papers})
    return rarity


def _is_told(pair: Pair, answer: str | None) -> bool:
    return answer == "same" or (answer is not None and not (pair.one.abstract and pair.two.abstract))


def _share(flags: Sequence[bool], places: Sequence[int]) -> float:
    return sum(flags[place] for place in places) / len(places)


def _agreement(pairs: Sequence[Pair], said: Sequence[bool]) -> Agreement:
    right = sum(pair.same and yes for pair, yes in zip(pairs, said, strict=True))
    return Agreement(right / max(1, sum(said)), right / max(1, sum(pair.same for pair in pairs)))


# --- libraries -----------------------------------------------------------------------------------------------------


def judge_library(rows: Sequence[dict[str, Any]]) -> LibraryFigures:
    """Return how a library's flags fit our groups: papers linked by what is found of each among the older ones.

    A flag means a second copy in some libraries and any copy in others, so a flagged paper is found when it is in a
    group, and a group is wrong when it holds no flag.
    """
    papers = [paper_of(row, number) for number, row in enumerate(rows)]
    start = time.perf_counter()
    index, by_key = CopyIndex(papers), {paper.key: paper.id for paper in reversed(papers)}
    group = list(range(len(papers)))
    for paper in papers:
        linked = {by_key[paper.key], *(copy.paper_id for copy in index.copies(paper))}
        joined = {group[one] for one in linked} | {paper.id}
        group = [min(joined) if one in joined else one for one in group]
    spent = time.perf_counter() - start
    sizes = Counter(group)
    flagged = [number for number, row in enumerate(rows) if row.get("duplicate") is True]
    groups = {one for one, size in sizes.items() if size > 1}
    return LibraryFigures(
        papers=len(papers),
        flagged=len(flagged),
        found=sum(group[number] in groups for number in flagged),
        groups=len(groups),
        without_flag=len(groups - {group[number] for number in flagged}),
        ms_per_paper=1000 * spent / max(1, len(papers)),
    )


def library_json(figures: LibraryFigures) -> dict[str, object]:
    """Return the figures as ``monitor evaluate novelty --json`` prints them for a library."""
    return asdict(figures)
