"""Long lists of values, cut for ``IN (...)``."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import TypeVar

T = TypeVar("T", int, str)

AT_ONCE = 500
"""SQLite takes 32,766 values and PostgreSQL 65,535; query plans get worse long before."""


def portions(values: Collection[T]) -> Iterator[list[T]]:
    """Give ``values``, sorted and each once, in lists of at most 500."""
    wanted = sorted(set(values))
    for start in range(0, len(wanted), AT_ONCE):
        yield wanted[start : start + AT_ONCE]
