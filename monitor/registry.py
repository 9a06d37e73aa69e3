"""One file per kind: the file's name is the kind in YAML. Kinds are found on disk and loaded on first use."""

from __future__ import annotations

import importlib
import os
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable
    from types import ModuleType


@cache
def kinds(family: str) -> tuple[str, ...]:
    """Return the names of all kinds in a room that mark themselves as one, sorted, without importing them.

    ``family`` is a room such as ``sources``. A kind is a public module that the room's ``__init__`` does not list in
    ``NOT_KINDS``.
    """
    return tuple(sorted(_files(family)))


def _files(family: str) -> dict[str, str]:
    room = importlib.import_module(f"monitor.{family}")
    shared: frozenset[str] = getattr(room, "NOT_KINDS", frozenset())
    found = {}
    for folder in room.__path__:
        for file in os.listdir(folder):
            name, end = os.path.splitext(file)
            if end == ".py" and not name.startswith("_") and name not in shared:
                found[name] = os.path.join(folder, file)
    return found


def summaries(family: str) -> dict[str, str]:
    """Return the first line of each kind's file, which says what it is, by name, without importing any."""
    found = {}
    for name, path in sorted(_files(family).items()):
        with open(path, encoding="utf-8") as file:
            found[name] = file.readline().strip().strip('"')
    return found


def load(family: str, kind: str) -> ModuleType:
    """Return the module of one kind.

    Raises NotFoundError, with the nearest name, when the room has no such kind.
    """
    if kind not in kinds(family):
        from monitor.errors import NotFoundError

        raise NotFoundError(f"kind of {family}", kind, did_you_mean(kind, kinds(family)))
    return importlib.import_module(f"monitor.{family}.{kind}")


def did_you_mean(name: str, known: Iterable[str]) -> str:
    """Return ``did you mean 'x'?`` for the nearest known name, else the list of all known names."""
    names = sorted(known)
    if near := nearest(name, names):
        return f"did you mean {near!r}?"
    return "known: " + ", ".join(names) if names else ""


def nearest(name: str, known: Iterable[str]) -> str:
    """Return the known name that is most like ``name``, or an empty string when none is."""
    import difflib

    return next(iter(difflib.get_close_matches(name, sorted(known), n=1, cutoff=0.6)), "")
