"""What an index of words is asked for, said to SQLite's FTS5 and to PostgreSQL's text search."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias


@dataclass(frozen=True, slots=True)
class Held:
    """Papers that hold all of ``words`` (each with whether its end is open) in some ``fields`` of theirs.

    Where the index can tell, at most ``within`` other words stand between them; with 0 they follow each other.
    Words are of a to z and 0 to 9.
    """

    words: tuple[tuple[str, bool], ...]
    fields: tuple[str, ...]
    within: int


@dataclass(frozen=True, slots=True)
class AllOf:
    """Papers that are found by all ``parts``."""

    parts: tuple[Words, ...]


@dataclass(frozen=True, slots=True)
class AnyOf:
    """Papers that are found by one of ``parts`` at least."""

    parts: tuple[Words, ...]


Words: TypeAlias = Held | AllOf | AnyOf


def fts5(asked: Words) -> str:
    """Return what is asked in the words of FTS5."""
    match asked:
        case Held(words, fields, within):
            said = [f'"{word}"{"*" if is_open else ""}' for word, is_open in words]
            near = said[0] if len(said) == 1 else f"NEAR({' '.join(said)}, {within})"
            return f"{{{' '.join(fields)}}} : {near}"
        case AllOf(parts):
            return f"({' AND '.join(map(fts5, parts))})"
        case AnyOf(parts):
            return f"({' OR '.join(map(fts5, parts))})"


def tsquery(asked: Words) -> str:
    """Return what is asked in the words of PostgreSQL, whose index knows no fields and no nearness but none at all."""
    match asked:
        case Held(words, _, within):
            said = [f"{word}{':*' if is_open else ''}" for word, is_open in words]
            return f"({(' & ' if within else ' <-> ').join(said)})"
        case AllOf(parts):
            return f"({' & '.join(map(tsquery, parts))})"
        case AnyOf(parts):
            return f"({' | '.join(map(tsquery, parts))})"
