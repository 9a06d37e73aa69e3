"""A store, or a part of it, into a file and back."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from monitor.errors import MonitorError
from monitor.store import portable
from monitor.store.engine import Store


class _TriedError(Exception):
    """All went well, and nothing is to be written."""


def write(store: Store, file: Path, *, profile: str = "", reader: str = "") -> int:
    """Write a file with the whole store, or a part, as it is at one moment; return how many rows it holds.

    A file that is there is replaced only by a whole one, readable by its owner alone. Raises MonitorError.
    """
    part = file.with_name(f"{file.name}.part")
    number = -2  # the first line and the last are no rows
    try:
        with (
            os.fdopen(os.open(part, os.O_CREAT | os.O_TRUNC | os.O_WRONLY, 0o600), "w", encoding="utf-8") as opened,
            store.read() as session,
        ):
            for line in portable.lines(session, profile=profile, reader=reader):
                opened.write(line)
                number += 1
            opened.flush()
            os.fsync(opened.fileno())
        part.replace(file)
    except OSError as error:
        raise MonitorError(f"{file} cannot be written: {error.strerror or error}") from error
    finally:
        with suppress(OSError):
            part.unlink()
    return number


def read(store: Store, file: Path, *, dry_run: bool = False) -> Counter[str]:
    """Take in a file, all of it or nothing, and return how many rows of each table are new.

    Raises StoreError with the number of the first line that cannot be taken, and MonitorError when there is no file.
    """
    taken: Counter[str] = Counter()
    try:
        with file.open("rb") as opened, suppress(_TriedError), store.write() as session:
            taken = portable.take(session, _lines(opened))
            if dry_run:
                raise _TriedError
    except OSError as error:
        raise MonitorError(f"{file} cannot be read: {error.strerror or error}") from error
    return taken


def _lines(opened: object) -> Iterator[bytes]:
    """Yield the lines of a file, of each no more than is looked at."""
    while line := opened.readline(portable.MOST_BYTES + 1):  # type: ignore[attr-defined]
        yield line
