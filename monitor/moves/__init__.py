"""What other programs know of their readers, read for `monitor import`. One file a program; theirs is left as it is.

Each has ``read(path: Path, settings: Mapping[str, Any]) -> Moved`` and, in its docstring, what is brought and from
where; ``settings`` is what the program's own configuration says, where it keeps one beside. Raises MonitorError when
``path`` is not what that program writes; what cannot be brought of the rest stands in ``left_out``.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from monitor.sources import LARGEST_FILE

_MOST_STEPS, _STEPS = 1_000_000_000, 100_000
"""Of SQLite's own machine: a library of 10,000 papers takes a few million, and it does them all in under a minute."""


@dataclass(frozen=True, slots=True)
class MovedTopic:
    """Something that a reader follows there: a file of papers (its name and bytes), or the feed at an address."""

    name: str
    library: tuple[str, bytes] | None = None
    feed: str = ""


@dataclass(frozen=True, slots=True)
class MovedReader:
    """Somebody who got mails there. ``to`` is empty when no address is kept."""

    name: str
    to: str
    topics: tuple[MovedTopic, ...]
    budget: int | None = None


@dataclass(frozen=True, slots=True)
class Moved:
    """Readers, the sources that they read there (as monitor.yaml has them, by name), and what was left out, and why."""

    readers: tuple[MovedReader, ...]
    feeds: Mapping[str, str] = field(default_factory=dict)
    sources: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    left_out: tuple[str, ...] = ()


@contextmanager
def database(path: Path, options: str = "") -> Iterator[sqlite3.Connection]:
    """Open a database that somebody else wrote, to be read alone.

    None of its values may be larger than ``LARGEST_FILE``, and a question that goes on and on (a view can ask for ever)
    ends: both raise sqlite3.Error, as a file does that is no database.
    """
    with closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro{options}", uri=True)) as opened:
        opened.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, LARGEST_FILE)
        steps = iter(range(_MOST_STEPS // _STEPS))
        opened.set_progress_handler(lambda: next(steps, None) is None, _STEPS)
        yield opened


def library_of(papers: Iterable[Mapping[str, Any]]) -> tuple[str, bytes]:
    """Return a file of papers, each with ``title``, ``abstract``, ``authors``, ``DOI``, ``URL`` or ``externalIds``."""
    return "papers.json", json.dumps(list(papers), ensure_ascii=False, indent=1).encode()


def texts(value: object) -> Sequence[str]:
    """Return the texts of a list that a person wrote in YAML, or the one that stands there without a list."""
    listed = value if isinstance(value, (list, tuple)) else [value]
    return [one for one in listed if isinstance(one, str) and "${" not in one]
