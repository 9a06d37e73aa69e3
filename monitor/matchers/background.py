"""What a program on its first day cannot know of how papers are written, counted over some 57,000 papers.

``background.npz`` holds numbers and single terms only: document counts, and bags of terms. A bag mixes a third each of
the terms of three papers on one subject: it is no paper, but it is as long as one and its terms keep the company that
they keep in papers. Bags serve as examples of "something else" while the store is small. tests/bench/background.py
makes the file.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

_FILE = Path(__file__).with_name("background.npz")


@dataclass(frozen=True, slots=True, eq=False)
class Background:
    """``document_counts[i]`` of ``papers`` papers hold ``terms[i]``; ``bags`` has a row a bag and a column a term."""

    terms: tuple[str, ...]
    document_counts: NDArray[np.float64]
    papers: int
    bags: Any


@cache
def background() -> Background:
    """Return the background that is shipped with the program (no pickle is read)."""
    from scipy import sparse

    with np.load(_FILE, allow_pickle=False) as held:
        terms = tuple(held["terms"].tobytes().decode().split("\n"))
        rows = (held["counts"].astype(np.float32), held["columns"].astype(np.int32), held["starts"].astype(np.int32))
        bags = sparse.csr_matrix(rows, shape=(len(held["starts"]) - 1, len(terms)))
        return Background(terms, held["document_counts"].astype(np.float64), int(held["papers"]), bags)
