"""What was learned of topics, on disk: one ``.npz`` a topic, in a folder for each generation of the space.

Nothing here is ever needed: what is missing, damaged or written by another version of the program is learned again.
"""

from __future__ import annotations

import hashlib
import io
import logging
import os
import shutil
from functools import cache
from pathlib import Path
from zipfile import BadZipFile

import numpy as np

from monitor.matchers.parts import Arrays
from monitor.matchers.space import Space

log = logging.getLogger(__name__)

MOST_BYTES = 500_000_000
"""Some ten thousand ordinary topics."""
_LEFT = 0.9
_ENDING = ".npz"


class Drawer:
    """The files of one space under ``folder``; those used longest ago make room, those of older spaces are deleted."""

    def __init__(self, folder: Path, space: Space, most_bytes: int = MOST_BYTES) -> None:
        self._folder = folder / fingerprint(space)
        self._most = most_bytes
        self._bytes = 0
        try:
            folder.mkdir(0o700, parents=True, exist_ok=True)  # what readers like is for nobody else
            self._folder.mkdir(exist_ok=True)
            for other in folder.iterdir():
                if other != self._folder:
                    shutil.rmtree(other, ignore_errors=True)
            self._bytes = sum(path.stat().st_size for path in self._folder.iterdir())
        except OSError as error:
            log.warning("what is learned of topics is not kept: %s", error)

    def read(self, key: str) -> Arrays | None:
        """Return what ``write`` was given, or ``None``."""
        path = self._folder / f"{key}{_ENDING}"
        try:
            whole = io.BytesIO(path.read_bytes())
            os.utime(path)
            with np.load(whole, allow_pickle=False) as held:
                return dict(held)
        except (OSError, ValueError, BadZipFile, EOFError, KeyError):
            return None

    def write(self, key: str, arrays: Arrays) -> None:
        """Keep ``arrays``, whole or not at all."""
        whole = io.BytesIO()
        np.savez(whole, **arrays)  # type: ignore[arg-type]
        draft = self._folder / f"{key}.{os.getpid()}"
        try:
            draft.write_bytes(whole.getbuffer())
            draft.replace(self._folder / f"{key}{_ENDING}")
            self._bytes += whole.getbuffer().nbytes
            if self._bytes > self._most:
                self._make_room()
        except OSError as error:
            log.warning("what is learned of a topic is not kept: %s", error)

    def _make_room(self) -> None:
        held = sorted((found.stat().st_mtime_ns, found.stat().st_size, found) for found in self._folder.iterdir())
        self._bytes = sum(size for _, size, _ in held)
        for _, size, path in held:
            if self._bytes <= self._most * _LEFT:
                break
            path.unlink(missing_ok=True)
            self._bytes -= size


def fingerprint(space: Space) -> str:
    """Return 32 hex digits that change with the papers of a space, and with the program that built it."""
    told = hashlib.blake2b(_program(), digest_size=16)
    for paper in space.papers:
        told.update(f"{paper.key}\1{paper.title}\1{paper.abstract}\1".encode(errors="surrogatepass"))
    return told.hexdigest()


@cache
def _program() -> bytes:
    """Return a hash of this room's own files: whatever learns differently has others."""
    told = hashlib.blake2b(np.__version__.encode())
    for path in sorted(Path(__file__).parent.iterdir()):
        if path.is_file():
            told.update(path.read_bytes())
    return told.digest()
