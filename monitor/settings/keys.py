"""The secrets that sign links: from the settings, or from a file beside the database that is made at first use."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

from monitor.errors import MonitorError
from monitor.settings.values import Settings


def signing_keys(settings: Settings) -> tuple[str, ...]:
    """Return the installation's keys, the one that signs last; a first key is made when there is none.

    The file holds one key a line and is readable by its owner alone. A new key is a new last line: links in mails
    that were sent before stay good while the old line stays. Raises MonitorError when it cannot be read or made.
    """
    written = settings.web.key if settings.web else None
    return _keys(written, "web.key in monitor.yaml") if written else _from_file(key_file(settings))


def key_file(settings: Settings) -> Path:
    """Return where the keys lie that do not stand in the settings."""
    database = settings.database.removeprefix("sqlite:///")
    return settings.state / "monitor.key" if "://" in database else Path(f"{database}.key")


def _from_file(path: Path) -> tuple[str, ...]:
    try:
        _make(path)
        return _keys(path.read_text(encoding="ascii"), str(path))
    except (OSError, UnicodeDecodeError) as error:
        raise MonitorError(f"the key that signs links cannot be read: {error}; check {path} and its folder") from error


def _make(path: Path) -> None:
    """Write a first key, unless there is a file: whole or not at all, so that no other process reads half a key."""
    if path.exists():
        return
    draft = path.with_name(f"{path.name}.{os.getpid()}")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="ascii") as file:
        file.write(f"{secrets.token_urlsafe(32)}\n")
        file.flush()
        os.fsync(file.fileno())
    try:
        path.hardlink_to(draft)
    except FileExistsError:  # another process was first: its key holds
        pass
    finally:
        draft.unlink()


def _keys(text: str, where: str) -> tuple[str, ...]:
    keys = tuple(line for line in (line.strip() for line in text.splitlines()) if line)
    if not keys or min(map(len, keys)) < 32:
        raise MonitorError(f"{where} must hold keys of at least 32 letters, one a line; remove it to have one made")
    return keys
