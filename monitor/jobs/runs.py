"""Many things, some at a time."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import TypeVar

T = TypeVar("T")


def in_runs(all_of_them: Iterable[T], most: int) -> Iterator[list[T]]:
    """Yield them in order, in lists of at most ``most``; no more than one list is ever in memory."""
    left = iter(all_of_them)
    while some := list(islice(left, most)):
        yield some
