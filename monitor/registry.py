"""One file per kind: the file's name is the kind in YAML. Kinds are found on disk and loaded on first use."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterable
from functools import cache
from types import ModuleType

from monitor.errors import NotFoundError


@cache
def kinds(family: str) -> tuple[str, ...]:
    """Return the names of all kinds in a room that mark themselves as one, sorted, without importing them.

    ``family`` is a room such as ``sources``. A kind is a public module that the room's ``__init__`` does not list in
    ``NOT_KINDS``.
    """
    room = importlib.import_module(f"monitor.{family}")
    shared: frozenset[str] = getattr(room, "NOT_KINDS", frozenset())
    found = (module.name for module in pkgutil.iter_modules(room.__path__))
    return tuple(sorted(name for name in found if not name.startswith("_") and name not in shared))


def load(family: str, kind: str) -> ModuleType:
    """Return the module of one kind.

    Raises NotFoundError, with the nearest name, when the room has no such kind.
    """
    if kind not in kinds(family):
        raise NotFoundError(f"kind of {family}", kind, did_you_mean(kind, kinds(family)))
    return importlib.import_module(f"monitor.{family}.{kind}")


def did_you_mean(name: str, known: Iterable[str]) -> str:
    """Return ``did you mean 'x'?`` for the nearest known name, else the list of all known names."""
    import difflib

    names = sorted(known)
    near = difflib.get_close_matches(name, names, n=1, cutoff=0.6)
    if near:
        return f"did you mean {near[0]!r}?"
    return "known: " + ", ".join(names) if names else ""
