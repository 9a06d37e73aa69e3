"""arxiv-sanity-lite (https://github.com/karpathy/arxiv-sanity-lite): each reader becomes a profile, each tag a topic.

It keeps ``dict.db`` (tables ``tags`` and ``email``, by reader) and ``papers.db`` (table ``papers``, by arXiv id) in one
folder, as sqlitedict writes them: pickles in SQLite, most of them compressed. A pickle can name anything to be called;
these are read with nothing that can be called but what such a file needs
(https://docs.python.org/3/library/pickle.html#restricting-globals).
"""

from __future__ import annotations

import io
import pickle
import pickletools
import sqlite3
import zlib
from collections.abc import Collection, Iterator, Mapping
from pathlib import Path
from typing import Any

from monitor.errors import MonitorError
from monitor.moves import Moved, MovedReader, MovedTopic, database, library_of

_LARGEST = 5_000_000
_MAY_BE_CALLED = {("builtins", "set"), ("__builtin__", "set"), ("time", "struct_time")}
_BROKEN = (pickle.UnpicklingError, zlib.error, ValueError, EOFError, IndexError, KeyError, TypeError, AttributeError,
           MemoryError)  # fmt: skip


def read(path: Path, _settings: Mapping[str, Any]) -> Moved:
    """Return what the folder of the databases holds, or the folder of one of them. The papers keep their abstracts."""
    folder = path if path.is_dir() else path.parent
    left_out: list[str] = []
    tags = dict(_kept(folder / "dict.db", "tags", left_out))
    addresses = dict(_kept(folder / "dict.db", "email", left_out))
    if not tags:
        raise MonitorError(f"{folder / 'dict.db'} holds no tags of arxiv-sanity-lite")
    wanted = frozenset(pid for tagged in tags.values() for _, pids in _tagged(tagged) for pid in pids)
    there = (folder / "papers.db").exists()
    papers = dict(_kept(folder / "papers.db", "papers", left_out, wanted)) if there else {}
    readers = tuple(_reader(name, tagged, addresses.get(name), papers) for name, tagged in sorted(tags.items()))
    return Moved(tuple(one for one in readers if one.topics), {}, {}, tuple(left_out))


def _reader(name: str, tagged: object, address: object, papers: Mapping[str, object]) -> MovedReader:
    topics = tuple(
        MovedTopic(tag, library_of(_paper(pid, papers.get(pid)) for pid in sorted(pids)))
        for tag, pids in _tagged(tagged)
    )
    return MovedReader(name, address if isinstance(address, str) else "", topics)


def _tagged(tagged: object) -> list[tuple[str, list[str]]]:
    """Return the tags of a reader, each with its papers."""
    tags = tagged.items() if isinstance(tagged, dict) else ()
    named = ((tag, pids) for tag, pids in tags if isinstance(tag, str) and isinstance(pids, (set, list)))
    return sorted((tag, pids) for tag, found in named if (pids := [one for one in found if isinstance(one, str)]))


def _paper(pid: str, kept: object) -> Mapping[str, Any]:
    known = kept if isinstance(kept, dict) else {}
    people = known.get("authors")
    named = (one.get("name") for one in people if isinstance(one, dict)) if isinstance(people, list) else ()
    return {
        "title": str(known.get("title") or pid),
        "abstract": str(known.get("summary") or ""),
        "authors": [name for name in named if isinstance(name, str)],
        "externalIds": {"ArXiv": pid},
    }


def _kept(
    path: Path, table: str, left_out: list[str], wanted: Collection[str] | None = None
) -> Iterator[tuple[str, object]]:
    """Yield the keys and values of one of its tables, all or those ``wanted``: it may hold a hundred thousand.

    A value that cannot be read is told in ``left_out``.
    """
    try:
        with database(path) as opened:
            has = opened.execute("SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = ?", (table,)).fetchone()
            for key, value in opened.execute(f"SELECT key, value FROM {table}") if has else ():  # noqa: S608 - ours
                if wanted is not None and str(key) not in wanted:
                    continue
                try:
                    yield str(key), _value(value)
                except _BROKEN as error:
                    left_out.append(f"{table} of {key}: {error}")
    except sqlite3.Error as error:
        raise MonitorError(f"{path} is no database of arxiv-sanity-lite: {error}") from None


def _value(body: object) -> object:
    if not isinstance(body, bytes):
        raise ValueError("it is no pickle")  # noqa: TRY004 - of a file, not of the program
    if not body.startswith(b"\x80"):
        unpacker = zlib.decompressobj()
        body = unpacker.decompress(body, _LARGEST)
        if unpacker.unconsumed_tail:
            raise ValueError("it is larger than anything that program keeps")
    _check(body)
    return _Plain(io.BytesIO(body)).load()


def _check(body: bytes) -> None:
    """Refuse a pickle that asks for much memory, or that names one part twice: sixty such names make 2**60 parts.

    Raises ValueError. Texts stand as often as they like, and so does what may be called.
    """
    kept: dict[int, bool] = {}  # of what may be named again by its number: whether that may be done
    last = ""
    for opcode, argument, _ in pickletools.genops(body):
        number: Any = len(kept) if opcode.name == "MEMOIZE" else argument
        if opcode.name == "DUP" or (opcode.name.endswith("GET") and not kept.get(number)):
            raise ValueError("it names one part twice")
        if opcode.name == "MEMOIZE" or opcode.name.endswith("PUT"):
            if number > len(body):
                raise ValueError("it asks for more memory than it could need")
            kept[number] = last.endswith(("UNICODE", "UNICODE8", "STRING", "GLOBAL"))
        last = opcode.name


class _Plain(pickle.Unpickler):
    def find_class(self, module: str, name: str) -> Any:
        """Return what a pickle names, if it is harmless. Raises UnpicklingError."""
        if (module, name) not in _MAY_BE_CALLED:
            raise pickle.UnpicklingError(f"it names {module}.{name}, which has no place there")
        return super().find_class(module, name)
