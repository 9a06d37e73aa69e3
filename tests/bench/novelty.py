"""Figures of the novelty room on real data: copies, revisions, first stories, speed.

    python tests/bench/novelty.py copies  DATA [--write monitor/novelty/coefficients.py]
    python tests/bench/novelty.py revisions DATA
    python tests/bench/novelty.py stories DATA
    python tests/bench/novelty.py speed DATA

``DATA`` is the folder of real data that lies beside the project (``shared/data``). ``copies`` judges every pair by a model that has not
seen its paper (five folds) and, with ``--write``, fits on all pairs and writes the coefficients that we ship.
"""

from __future__ import annotations

import argparse
import gzip
import json
import lzma
import random
import statistics
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np

from monitor.novelty.first_story import first_story
from monitor.novelty.near_duplicates import CopyIndex
from monitor.novelty.pairs import AUTHOR_FEATURES, TEXT_FEATURES, Print, Rarity, author_features, text_features
from monitor.novelty.revision import compare
from monitor.novelty.search import WordIndex
from monitor.text import sentences
from monitor.types.papers import Paper

OLD, NEW = datetime(2020, 1, 1, tzinfo=UTC), datetime(2024, 1, 1, tzinfo=UTC)
ALIKE = 0.12
FOLDS = 5
FRESH = 5000


def lines(path: Path) -> Iterator[dict[str, Any]]:
    opener = {".gz": gzip.open, ".xz": lzma.open}[path.suffix]
    with opener(path, "rt", encoding="utf-8") as rows:
        yield from map(json.loads, rows)


# --- copies --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Corpus:
    """``key`` of a paper is its hidden arXiv id: what has one key is one work."""

    store: list[Paper]
    queries: list[Paper]
    kinds: list[str]


def names(value: Any) -> tuple[str, ...]:
    return tuple(name.strip() for name in (value.split(",") if isinstance(value, str) else value or ()))


def corpus(data: Path) -> Corpus:
    store: list[Paper] = []
    queries: list[tuple[str, Paper]] = []

    def keep(key: str, row: dict[str, Any], authors: Any = None, kind: str = "") -> None:
        paper = Paper(
            id=len(store) + len(queries) + 1, key=key, title=row["title"], abstract=row["abstract"] or "",
            first_seen=NEW if kind else OLD, authors=names(authors),
        )  # fmt: skip
        if kind:
            queries.append((kind, paper))
        else:
            store.append(paper)

    crossed = set()
    for item in lines(data / "cross_source/pairs.jsonl.xz"):
        if item["title_differs"] or item["abstract_differs"]:
            crossed.add(item["id"])
            keep(item["id"], item["a"])
            keep(item["id"], item["b"], kind="cross")
    for item in lines(data / "revisions/revised.jsonl.gz"):
        old, new = ({"title": item[f"title_{age}"], "abstract": item[f"abstract_{age}"]} for age in ("old", "new"))
        keep(item["id"], old, item["authors"])
        keep(item["id"], new, item["authors"], "renamed" if item["title_jaccard"] < 0.4 else "revised")
    for index, item in enumerate(lines(data / "revisions/others.jsonl.gz")):
        keep(item["id"], item, item["authors"], "fresh" if index % 2 else "")
    pool = [item for item in lines(data / "pool/papers.jsonl.xz") if item["id"] not in crossed and item["abstract"]]
    for index, item in enumerate(pool):
        keep(item["id"], item, item.get("authors"), "fresh" if index >= len(pool) - FRESH else "")
    random.Random(0).shuffle(queries)
    return Corpus(store, [paper for _, paper in queries], [kind for kind, _ in queries])


@dataclass(frozen=True)
class Pairs:
    """Candidate pairs: figures with the large store's word counts and with none, and what is true of each pair."""

    figures: np.ndarray[Any, Any]
    small: np.ndarray[Any, Any]
    true: np.ndarray[Any, Any]
    query: np.ndarray[Any, Any]
    authors: np.ndarray[Any, Any]

    @property
    def ambiguous(self) -> np.ndarray[Any, Any]:
        """Other ids by the same people that say nearly the same: resubmissions and extensions, fit for no side."""
        alike = (self.figures[:, 2] >= 0.6) | (self.figures[:, 0] >= 0.6)
        return ~self.true & (self.figures[:, 20] >= 0.5) & alike


def figures(one: Paper, two: Paper, rarity: Rarity) -> list[float]:
    mine, other = Print.of(one, rarity), Print.of(two, rarity)
    return [*text_features(mine, other), *author_features(mine, other)]


def candidate_pairs(cases: Corpus) -> Pairs:
    index, nothing = WordIndex(cases.store), Rarity()
    rows: list[tuple[list[float], list[float], bool, int, bool]] = []
    found: Counter[str] = Counter()
    for number, query in enumerate(cases.queries):
        candidates = index.candidates(query, 10)
        found[cases.kinds[number]] += any(other.key == query.key for other in candidates)
        for other in candidates:
            large = figures(query, other, index.rarity)
            if large[2] >= ALIKE:
                known = bool(query.authors and other.authors)
                rows.append((large, figures(query, other, nothing), query.key == other.key, number, known))
    totals = Counter(cases.kinds)
    print("partner among 10 candidates:", {kind: round(found[kind] / totals[kind], 4) for kind in found if kind != "fresh"})
    return Pairs(*map(np.array, zip(*rows, strict=True)))


def fit(figures: np.ndarray[Any, Any], true: np.ndarray[Any, Any]) -> tuple[float, np.ndarray[Any, Any]]:
    """Intercept and weights for raw figures."""
    from sklearn.linear_model import LogisticRegression

    mean, scale = figures.mean(axis=0), figures.std(axis=0) + 1e-9
    model = LogisticRegression(C=1, max_iter=5000).fit((figures - mean) / scale, true)
    weights = model.coef_[0] / scale
    return float(model.intercept_[0] - weights @ mean), weights


def fit_both(pairs: Pairs, rows: np.ndarray[Any, Any]) -> list[tuple[float, np.ndarray[Any, Any]]]:
    """The model of text and the model of text and authors, each fitted to both word counts.

    The data give a revised paper one list of authors for both versions; real prints cut and misspell theirs. Without a fifth of
    the true pairs losing part of what their authors share, the model throws out every copy with a shortened list.
    """
    text, kept = len(TEXT_FEATURES), rows & pairs.authors
    chance = np.random.default_rng(0)
    cut = np.flatnonzero(pairs.true[kept] & (chance.random(kept.sum()) < 0.2))
    part, misspelt = chance.uniform(0.2, 1, len(cut)), chance.random(len(cut)) < 0.3
    texts, both = [], []
    for counts in (pairs.figures, pairs.small):
        texts.append(counts[rows, :text])
        seen = counts[kept]
        seen[cut, text] *= part
        seen[cut, text + 1] *= np.where(misspelt, part, 1)
        seen[cut, text + 2] *= part
        both.append(seen)
    return [fit(np.vstack(texts), np.tile(pairs.true[rows], 2)), fit(np.vstack(both), np.tile(pairs.true[kept], 2))]


def probabilities(pairs: Pairs, *, small: bool = False) -> np.ndarray[Any, Any]:
    """Each pair's two probabilities (text; text and authors) by models that have not seen its paper."""
    fold = np.random.default_rng(0).integers(0, FOLDS, pairs.query.max() + 1)[pairs.query]
    counts, text = pairs.small if small else pairs.figures, len(TEXT_FEATURES)
    out = np.zeros((len(pairs.true), 2))
    for number in range(FOLDS):
        models = fit_both(pairs, (fold != number) & ~pairs.ambiguous)
        for column, (intercept, weights) in enumerate(models):
            width = len(weights)
            out[fold == number, column] = intercept + counts[fold == number, :width] @ weights
    assert text + len(AUTHOR_FEATURES) == counts.shape[1]
    return 1 / (1 + np.exp(-out))


def judged(cases: Corpus, pairs: Pairs, score: np.ndarray[Any, Any], least: np.ndarray[Any, Any]) -> str:
    """One row of the table: what a rule finds by kind, its precision and what it merges wrongly."""
    best: dict[int, int] = {}
    for row in np.flatnonzero(score >= least):
        query = int(pairs.query[row])
        if query not in best or score[row] > score[best[query]]:
            best[query] = int(row)
    totals = Counter(cases.kinds)
    right = Counter(cases.kinds[query] for query, row in best.items() if pairs.true[row])
    wrong = [row for query, row in best.items() if not pairs.true[row]]
    strangers = sum(bool(pairs.authors[row]) and pairs.figures[row, len(TEXT_FEATURES)] == 0 for row in wrong)
    fresh = sum(cases.kinds[query] == "fresh" for query in best)
    revised = (right["revised"] + right["renamed"]) / (totals["revised"] + totals["renamed"])
    return (
        f"{revised:.3f}  {right['renamed'] / totals['renamed']:.3f}  {right['cross'] / totals['cross']:.4f}  "
        f"{right.total() / (right.total() + len(wrong)):.4f}  {fresh:4d} of {totals['fresh']}  {strangers:3d}"
    )


def copies(data: Path, target: Path | None) -> None:
    cases = corpus(data)
    print(f"store {len(cases.store)}, queries {Counter(cases.kinds)}")
    pairs = candidate_pairs(cases)
    print("rule                          revised renamed cross  precision  false merges of fresh, no common author")
    everywhere = np.ones(len(pairs.true))
    for name, score, least in (
        ("cosine >= .4", pairs.figures[:, 2], 0.4),
        ("cosine >= .5", pairs.figures[:, 2], 0.5),
        ("title Jaccard >= .7", pairs.figures[:, 0], 0.7),
    ):
        print(f"{name:30}", judged(cases, pairs, score, least * everywhere))
    for label, small in (("", False), (", no store's counts", True)):
        out = probabilities(pairs, small=small)
        switch = np.where(pairs.authors, out[:, 1], out[:, 0])
        for with_authors, by_text in ((0.3, 0.3), (0.4, 0.3), (0.5, 0.3), (0.8, 0.99)):
            least = np.where(pairs.authors, with_authors, by_text)
            print(f"{f'ours {with_authors}/{by_text}{label}':30}", judged(cases, pairs, switch, least))
        for by_text in (0.3, 0.5, 0.99):
            print(f"{f'text alone {by_text}{label}':30}", judged(cases, pairs, out[:, 0], by_text * everywhere))
    if target:
        write(target, fit_both(pairs, ~pairs.ambiguous))


def write(target: Path, models: list[tuple[float, np.ndarray[Any, Any]]]) -> None:
    """Write the coefficients as a module."""
    parts = ['"""Weights of the two models of ``near_duplicates``, written by ``tests/bench/novelty.py copies --write``."""\n']
    parts.append("from __future__ import annotations\n\nfrom monitor.novelty.logistic import Logistic\n")
    features = (TEXT_FEATURES, (*TEXT_FEATURES, *AUTHOR_FEATURES))
    for name, labels, (intercept, weights) in zip(("TEXT", "TEXT_AND_AUTHORS"), features, models, strict=True):
        rows = [f"        {weight:.5f},  # {label}\n" for label, weight in zip(labels, weights, strict=True)]
        parts.append(f"{name} = Logistic(\n    intercept={intercept:.5f},\n    weights=(\n{''.join(rows)}    ),\n)\n")
    target.write_text("\n".join(parts), encoding="utf-8")
