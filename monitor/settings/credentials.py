"""Secrets that stay out of the configuration: ``${env:NAME}`` and ``${file:path}`` in its strings."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from monitor.errors import ConfigProblem
from monitor.registry import did_you_mean
from monitor.settings.yaml import Document, Loc, has_url_secret, is_secret_key, read_document, shown

_REFERENCE = re.compile(r"\$\{([^{}:]*)(:?)([^{}]*)\}")
_MAX_SECRET = 64_000


def is_reference(text: str) -> bool:
    """Return whether ``text`` holds something that is looked up elsewhere, so that its meaning must not be shown."""
    return "${" in text


def resolve(value: Any, loc: Loc, document: Document, folder: Path) -> Any:
    """Return ``value`` with every reference in its strings looked up; relative file names are in ``folder``.

    What cannot be looked up becomes a problem of ``document``, and its text stays.
    """
    if isinstance(value, dict):
        return {key: resolve(item, (*loc, key), document, folder) for key, item in value.items()}
    if isinstance(value, list):
        return [resolve(item, (*loc, number), document, folder) for number, item in enumerate(value)]
    if not isinstance(value, str) or not is_reference(value):
        return value

    def look_up(found: re.Match[str]) -> str:
        try:
            return _look_up(found[1], found[3], folder)
        except LookupError as error:
            message, hint = error.args
            document.problems.append(document.problem(loc, message, hint, found.start()))
            document.unread.add(document.resolve(loc))
            return found[0]

    return _REFERENCE.sub(look_up, value)


def _look_up(kind: str, name: str, folder: Path) -> str:
    if kind == "env":
        if name not in os.environ:
            raise LookupError(
                f"the environment variable {shown(name)} is not set",
                "set it for the daemon, for example in its systemd unit",
            )
        return os.environ[name]
    if kind == "file":
        return _secret_file(folder / name, name)
    raise LookupError(
        f"{shown(kind)} is no place to look for a value",
        did_you_mean(kind, ("env", "file")) + "; write ${env:NAME} or ${file:path}",
    )


def _secret_file(path: Path, name: str) -> str:
    hint = "check the path, and that the daemon may read it"
    try:
        if not path.is_file():
            raise LookupError(f"there is no file {shown(name)}", hint)
        with path.open(encoding="utf-8") as file:
            return file.read(_MAX_SECRET).rstrip("\r\n")
    except (OSError, ValueError):
        raise LookupError(f"the file {shown(name)} cannot be read", hint) from None


def files_named(path: Path) -> Iterator[Path]:
    """Yield the files that hold the secrets of the settings at ``path``: themselves, when a secret stands in there.

    Raises ConfigError when they cannot be read.
    """
    document = read_document(path)
    if any(literal_secrets(document.value, (), document)):
        yield path
    for found in _REFERENCE.finditer("\n".join(document.lines)):
        if found[1] == "file":
            yield path.parent / found[3]


def literal_secrets(value: Any, loc: Loc, document: Document) -> Iterator[ConfigProblem]:
    """Yield a warning for each secret that stands in the file itself."""
    if isinstance(value, dict):
        for key, item in value.items():
            yield from literal_secrets(item, (*loc, key), document)
    elif isinstance(value, str) and _is_literal_secret(value, loc):
        hint = "write ${env:NAME} or ${file:path}, and keep the secret there"
        yield document.problem(loc, "a secret stands in this file, where backups and colleagues find it", hint)


def _is_literal_secret(value: str, loc: Loc) -> bool:
    named = bool(loc) and is_secret_key(str(loc[-1])) and not is_reference(value)
    return named or has_url_secret(value)
