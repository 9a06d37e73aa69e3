#!/usr/bin/env python3
"""Make ``monitor/matchers/background.npz``: what a program on its first day cannot know of how papers are written.

    python -m tests.bench.background POOL.jsonl[.xz|.gz] [--before 2025-09-15] [--out monitor/matchers/background.npz]

POOL holds one paper a line with ``title``, ``abstract`` and ``first`` (the day it was first seen). The file that
comes out holds numbers and single terms only: in how many papers each of the commonest terms stands, and bags of term
numbers. A bag mixes three papers on one subject, a third of the terms of each drawn by lot, so that no bag is a paper
and no text can be read from it.
"""

from __future__ import annotations

import argparse
import gzip
import json
import lzma
from collections import Counter
from pathlib import Path
from typing import Any

import numpy as np
from scipy import sparse
from sklearn.utils.extmath import randomized_svd

from monitor.matchers.terms import counts

TERMS, BAGS, SUBJECTS = 25_000, 3_000, 64


def read(path: Path, before: str) -> list[Counter[str]]:
    opener: Any = {".gz": gzip.open, ".xz": lzma.open}.get(path.suffix, open)
    with opener(path, "rt", encoding="utf-8") as lines:
        papers = (json.loads(line) for line in lines)
        return [counts(paper["title"], paper["abstract"] or "") for paper in papers if paper["first"] < before]


def common_terms(papers: list[Counter[str]]) -> tuple[list[str], list[int]]:
    found: Counter[str] = Counter()
    for paper in papers:
        found.update(paper.keys())
    kept = sorted((-count, term) for term, count in found.items())[:TERMS]
    chosen = sorted((term, -count) for count, term in kept)
    return [term for term, _ in chosen], [count for _, count in chosen]


def matrix(papers: list[Counter[str]], terms: list[str]) -> sparse.csr_matrix:
    place = {term: number for number, term in enumerate(terms)}
    columns, values, starts = [], [], [0]
    for paper in papers:
        known = sorted((place[term], count) for term, count in paper.items() if term in place)
        columns += [column for column, _ in known]
        values += [count for _, count in known]
        starts.append(len(columns))
    return sparse.csr_matrix((np.array(values, np.float32), columns, starts), shape=(len(papers), len(terms)))


def subjects(papers: sparse.csr_matrix, document_counts: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    weighted = papers.copy()
    weighted.data = 1 + np.log(weighted.data)
    weighted = weighted @ sparse.diags(np.log(papers.shape[0] / document_counts).astype(np.float32))
    _, _, axes = randomized_svd(weighted[:: max(1, papers.shape[0] // 20_000)], SUBJECTS, n_iter=4, random_state=0)
    placed = weighted @ axes.T
    return np.asarray(placed / (np.linalg.norm(placed, axis=1, keepdims=True) + 1e-9))


def bags(papers: sparse.csr_matrix, placed: np.ndarray[Any, Any]) -> list[list[tuple[int, int]]]:
    draw = np.random.default_rng(1)
    seeds = draw.choice(papers.shape[0], BAGS, replace=False)
    trios = np.argpartition(-(placed @ placed[seeds].T), 3, axis=0)[:3].T
    return [mixed(papers[trio], draw) for trio in trios]


def mixed(trio: sparse.csr_matrix, draw: np.random.Generator) -> list[tuple[int, int]]:
    entries = trio.tocoo()
    kept = draw.random(entries.nnz) < 1 / 3
    bag: dict[int, int] = {}
    for column, count in zip(entries.col[kept], entries.data[kept], strict=True):
        bag[int(column)] = max(bag.get(int(column), 0), min(int(count), 255))
    return sorted(bag.items())


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("pool", type=Path)
    parser.add_argument("--before", default="9999")
    parser.add_argument("--out", type=Path, default=Path("monitor/matchers/background.npz"))
    options = parser.parse_args()
    papers = read(options.pool, options.before)
    terms, document_counts = common_terms(papers)
    counted = matrix(papers, terms)
    mixes = bags(counted, subjects(counted, np.array(document_counts)))
    np.savez_compressed(
        options.out,
        terms=np.frombuffer("\n".join(terms).encode(), np.uint8),
        document_counts=np.array(document_counts, np.uint32),
        papers=np.array(len(papers), np.uint32),
        columns=np.array([column for bag in mixes for column, _ in bag], np.uint16),
        counts=np.array([count for bag in mixes for _, count in bag], np.uint8),
        starts=np.cumsum([0, *(len(bag) for bag in mixes)]).astype(np.uint32),
    )
    print(f"{len(papers)} papers, {len(terms)} terms, {len(mixes)} bags, {options.out.stat().st_size / 1e6:.2f} MB")


if __name__ == "__main__":
    main()
