"""Reading files that people drop in a folder: only whole, plain files that lie in it."""

from __future__ import annotations

import stat
from datetime import UTC, datetime
from pathlib import Path

from monitor.clock import Clock
from monitor.errors import FetchError
from monitor.ingest.fetch import MAX_BYTES
from monitor.text import one_line
from monitor.types.listings import Answer, Oddity

SETTLE_SECONDS = 2.0
"""A file that changed less than this ago may still be being copied."""

_SKIPPED_ENDINGS = (".tmp", ".part", ".swp", ".crdownload", "~", ".bak")


async def read_folder(
    source: str, path: Path, clock: Clock, endings: tuple[str, ...] = ()
) -> tuple[list[Answer], list[Oddity]]:
    """Return the files of the folder ``path``, by name, and an oddity for each one that is not read.

    With ``endings`` only files whose name ends in one of them, in whatever case. A file still growing is left for the
    next time. Raises FetchError when there is no such folder.
    """
    try:
        files = sorted(child for child in path.iterdir() if not child.name.startswith((".", "#")))
    except OSError as error:
        raise FetchError(
            source, f"the folder {path} cannot be read ({error.strerror}); make it, or change `path:`"
        ) from error
    answers: list[Answer] = []
    oddities: list[Oddity] = []
    for file in files:
        if file.name.endswith(_SKIPPED_ENDINGS) or (endings and not file.name.lower().endswith(endings)):
            continue
        try:
            answers.append(await _read_file(file, clock))
        except _NotReadError as reason:
            oddities.append(Oddity(one_line(file.name, 100), str(reason)))
        except OSError as error:
            oddities.append(Oddity(one_line(file.name, 100), f"cannot be read ({error.strerror})"))
    return answers, oddities


class _NotReadError(Exception):
    """Why one file is left alone."""


async def _read_file(file: Path, clock: Clock) -> Answer:
    before = file.lstat()
    if not stat.S_ISREG(before.st_mode):
        raise _NotReadError("is not a plain file")
    if before.st_size > MAX_BYTES:
        raise _NotReadError(f"is larger than {MAX_BYTES // 1_000_000} MB")
    age = clock.now().timestamp() - before.st_mtime
    if 0 <= age < SETTLE_SECONDS:
        await clock.sleep(SETTLE_SECONDS - age)
    body = file.read_bytes()
    after = file.lstat()
    if (after.st_size, after.st_mtime_ns) != (before.st_size, before.st_mtime_ns) or len(body) != before.st_size:
        raise _NotReadError("is still being written; it is read when it is whole")
    return Answer(
        url=f"file:{file.name}",
        body=body,
        fetched_at=clock.now(),
        content_type="text/plain",
        modified_at=datetime.fromtimestamp(after.st_mtime, UTC),
    )
