"""How well the whole search finds a paper's older print when no id helps: a store, and papers that arrive.

A folder holds ``store.jsonl``, papers already known with an ``id`` each, and ``queries.jsonl``, papers arriving with
``"partner"``, the id of their older print or ``null``, and a ``"kind"``. Found is what is linked to its partner, as
``same`` or ``related``, or to another paper of the store that is the ``same`` as the partner: a store that was put
together from several sources prints one work more than once. A false merge is a paper linked to any other one.
"""

from __future__ import annotations

import time
from collections import Counter, defaultdict
from dataclasses import asdict, dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

from monitor.errors import ParseError
from monitor.evaluate.novelty import FIRST_SEEN, paper_of, rarity_of, read_lines, relation
from monitor.evaluate.rules import TITLE_RULES, Titles
from monitor.novelty.near_duplicates import CopyIndex
from monitor.novelty.pairs import Rarity
from monitor.types.papers import Paper
from monitor.types.verdicts import Copy


@dataclass(frozen=True, slots=True)
class Query:
    """A paper that arrives, the store's number of its older print or ``None``, and what kind of case it is."""

    paper: Paper
    partner: int | None
    kind: str


@dataclass(frozen=True, slots=True)
class _Outcome:
    query: Query
    copy: Copy | None
    is_right: bool


@dataclass(frozen=True, slots=True)
class KindFigures:
    """The queries of one kind: how many have a partner, found it, found it as ``same``, and were linked elsewhere."""

    queries: int
    partners: int
    found: int
    same: int
    false_merges: int
    false_same: int

    @property
    def share(self) -> float | None:
        """The share of partners found, ``None`` where there are none to find."""
        return self.found / self.partners if self.partners else None


@dataclass(frozen=True, slots=True)
class RuleFigures:
    """What another program's rule finds of the same queries: the share of partners by kind, and false merges."""

    found: dict[str, float]
    false_merges: int


@dataclass(frozen=True, slots=True)
class StoreFigures:
    """What became of a folder, by kind, and what it cost; ``rules`` is what other programs' rules make of it."""

    store: int
    kinds: dict[str, KindFigures]
    seconds_to_index: float
    ms_per_query: float
    rules: dict[str, RuleFigures]


def read_folder(folder: Path) -> tuple[list[Paper], list[Query]]:
    """Return a folder's store and queries. Raises ParseError for a line that is none, OSError for a missing file."""
    numbers: dict[str, int] = {}
    store: list[Paper] = []
    for row in read_lines(folder / "store.jsonl"):
        number = numbers.setdefault(str(row.get("id")), len(numbers) + 1)
        store.append(paper_of(row, number))
    later = FIRST_SEEN + timedelta(days=1)
    queries = [
        Query(paper_of(row, len(store) + place, later), _partner(row, numbers), str(row.get("kind") or "all"))
        for place, row in enumerate(read_lines(folder / "queries.jsonl"), start=1)
    ]
    return store, queries


def judge_store(store: list[Paper], queries: list[Query]) -> StoreFigures:
    """Return how many arriving papers are linked to their older print, and how many to another paper."""
    start = time.perf_counter()
    index = CopyIndex(store)
    ready = time.perf_counter()
    answers = [(query, index.find(query.paper)) for query in queries]
    end = time.perf_counter()
    is_right = _Truth({paper.id: paper for paper in store}, rarity_of(store))
    by_kind: dict[str, list[_Outcome]] = defaultdict(list)
    for query, copy in answers:
        by_kind[query.kind].append(_Outcome(query, copy, is_right(query, copy.paper_id if copy else None)))
    return StoreFigures(
        store=len(store),
        kinds={kind: _figures(found) for kind, found in sorted(by_kind.items())},
        seconds_to_index=ready - start,
        ms_per_query=1000 * (end - ready) / max(1, len(queries)),
        rules={name: _ruled(store, queries, least, is_right) for name, least in TITLE_RULES.items()},
    )


@dataclass(frozen=True, slots=True)
class _Truth:
    """Whether a query was linked to its older print, or to another paper that is the same as that one."""

    papers: dict[int, Paper]
    rarity: Rarity

    def __call__(self, query: Query, linked: int | None) -> bool:
        partner = self.papers.get(query.partner) if query.partner else None
        return linked is not None and partner is not None and _is_one_work(partner, self.papers[linked], self.rarity)


def _ruled(store: list[Paper], queries: list[Query], least: float, is_right: _Truth) -> RuleFigures:
    """Return what the rule finds that takes titles for one which share so many of their words."""
    titles = Titles(least)
    for paper in store:
        titles.add(paper.title, paper.id)
    partners: Counter[str] = Counter()
    found: Counter[str] = Counter()
    wrong = 0
    for query in queries:
        linked = titles.find(query.paper.title)
        right = is_right(query, linked)
        partners[query.kind] += query.partner is not None
        found[query.kind] += right
        wrong += linked is not None and not right
    return RuleFigures({kind: found[kind] / number for kind, number in sorted(partners.items()) if number}, wrong)


def store_json(figures: StoreFigures) -> dict[str, object]:
    """Return the figures as ``monitor evaluate store --json`` prints them; ``merged`` counts ``same`` alone."""
    kinds = figures.kinds
    return {
        "found": {kind: one.share for kind, one in kinds.items() if one.share is not None},
        "missed": {kind: one.partners - one.found for kind, one in kinds.items() if one.partners},
        "false_merges": sum(one.false_merges for one in kinds.values()),
        "merged": {
            "found": {kind: one.same / one.partners for kind, one in kinds.items() if one.partners},
            "false_merges": sum(one.false_same for one in kinds.values()),
        },
        "rules": {name: asdict(one) for name, one in figures.rules.items()},
        "queries": sum(one.queries for one in kinds.values()),
        "store": figures.store,
        "ms_per_query": figures.ms_per_query,
    }


def _figures(outcomes: list[_Outcome]) -> KindFigures:
    right = [one.copy for one in outcomes if one.copy and one.is_right]
    wrong = [one.copy for one in outcomes if one.copy and not one.is_right]
    return KindFigures(
        queries=len(outcomes),
        partners=sum(one.query.partner is not None for one in outcomes),
        found=len(right),
        same=sum(copy.relation == "same" for copy in right),
        false_merges=len(wrong),
        false_same=sum(copy.relation == "same" for copy in wrong),
    )


def _is_one_work(partner: Paper, linked: Paper, rarity: Rarity) -> bool:
    return partner.id == linked.id or relation(partner, linked, rarity) == "same"


def _partner(row: dict[str, Any], numbers: dict[str, int]) -> int | None:
    partner = row.get("partner")
    if partner is not None and str(partner) not in numbers:
        raise ParseError("", f"a query names the partner {partner!r}, which is not in store.jsonl")
    return None if partner is None else numbers[str(partner)]
