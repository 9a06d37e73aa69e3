"""Digests as files in a folder: the whole message as ``.eml`` and the same digest as a page, ``.html``.

Or the folder is a Maildir (https://cr.yp.to/proto/maildir.html), which mail programs and IMAP servers read.
"""

from __future__ import annotations

import hashlib
import os
import re
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from pydantic import BaseModel, ConfigDict, Field

from monitor.errors import DeliveryError
from monitor.text import fold, one_line

if TYPE_CHECKING:
    from monitor.types.digests import Acceptance, Envelope

_DAY = re.compile(r"(?<!\d)\d{4}-\d{2}-\d{2}(?!\d)")
_SLUG_LENGTH = 48
_OWN = 0o700
"""A mail holds the links of its reader: a folder made here is its owner's alone, one that is there stays as it is."""


class Options(BaseModel):
    """What may stand beside ``kind: file``."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    path: Path = Field(description="The folder, made when it is missing")
    maildir: bool = Field(default=False, description="Make it a Maildir, with messages alone")


class FileChannel:
    """Writes each envelope once; see ``deliver``."""

    lanes = 1

    def __init__(self, folder: Path, *, maildir: bool = False) -> None:
        self._folder = folder
        self._deliver = _deliver_to_maildir if maildir else _deliver

    async def deliver(self, envelope: Envelope) -> Acceptance:
        """Return the path of the message, with the code ``written``, or ``kept`` when it was there before.

        The files' names follow from the envelope alone, so a second delivery changes nothing; a name that other
        content holds already is left alone, and a digest of the new content is added to the new name. Files appear
        whole or not at all, and are on the disk when this returns.

        Raises DeliveryError, never permanent, when the folder cannot be written to.
        """
        try:
            import asyncio  # late: `check` only wants the options

            from monitor.types.digests import Acceptance

            path, written = await asyncio.to_thread(self._deliver, self._folder, envelope)
            return Acceptance("written" if written else "kept", one_line(str(path), limit=4096))
        except OSError as error:
            why = one_line(error.strerror or str(error))
            reason = f"cannot write to {self._folder}: {why}; free space there or set another path for the file channel"
            raise DeliveryError(reason, channel_wide=True) from error

    async def close(self) -> None:
        """Nothing is held open."""


def open_channel(options: Options) -> FileChannel:
    """Return a channel into ``options.path``; nothing is touched before the first delivery."""
    return FileChannel(options.path, maildir=options.maildir)


def file_stem(envelope: Envelope) -> str:
    """Return ``2026-11-21-twelve-new-papers-1f2e3d4c5b6a``: day and hash of the Message-ID, and the subject as a slug.

    Only ``a-z``, ``0-9`` and ``-`` come in: nothing that a subject or an id holds can name another folder.
    """
    slug = re.sub(r"[^a-z0-9]+", "-", fold(envelope.subject))[:_SLUG_LENGTH].strip("-")
    return "-".join(part for part in (_day(envelope.message_id), slug, _digest(envelope.message_id.encode())) if part)


def _day(message_id: str) -> str:
    found = _DAY.search(message_id)
    try:
        return date.fromisoformat(found[0]).isoformat() if found else ""
    except ValueError:
        return ""


def _digest(content: bytes) -> str:
    return hashlib.blake2b(content, digest_size=6).hexdigest()


def _deliver(folder: Path, envelope: Envelope) -> tuple[Path, bool]:
    """Return where the message is, and whether it was not there before."""
    folder.mkdir(_OWN, parents=True, exist_ok=True)
    stem = file_stem(envelope)
    if page := envelope.part("html"):
        _keep(folder, stem, ".html", page.encode())
    return _keep(folder, stem, ".eml", envelope.content)  # the message last: where it is, all is


def _deliver_to_maildir(folder: Path, envelope: Envelope) -> tuple[Path, bool]:
    for name in ("tmp", "new", "cur"):
        (folder / name).mkdir(_OWN, parents=True, exist_ok=True)
    stem = file_stem(envelope)
    name = stem
    for path in _in_maildir(folder, stem):
        if path.read_bytes() == envelope.content:
            return path, False
        name = f"{stem}-{_digest(envelope.content)}"
    _write_whole(folder / "new" / name, envelope.content, folder / "tmp")
    return folder / "new" / name, True


def _in_maildir(folder: Path, stem: str) -> list[Path]:
    """Return the messages of a stem: as they came, or as a mail program has marked them (``cur/stem:2,S``)."""
    return [path for part in ("new", "cur") for path in (folder / part).glob(f"{stem}*") if path.is_file()]


def _keep(folder: Path, stem: str, ending: str, content: bytes) -> tuple[Path, bool]:
    """Return where ``content`` lies now, and whether it had to be written."""
    path = folder / f"{stem}{ending}"
    if path.exists() and path.read_bytes() != content:
        path = folder / f"{stem}-{_digest(content)}{ending}"
    if path.exists() and path.read_bytes() == content:
        return path, False
    _write_whole(path, content, folder)
    return path, True


def _write_whole(path: Path, content: bytes, drafts: Path) -> None:
    """Write, sync and rename, then sync the folder: after a power cut the file is there whole, or not there."""
    draft = (
        drafts / f".{path.name}.tmp"
    )  # a name of its own, so that what a killed program left goes when it is tried again
    draft.unlink(missing_ok=True)
    try:
        with draft.open("xb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
