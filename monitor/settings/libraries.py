"""Papers that a profile likes by file: ``like: [library.bib, "arXiv:2303.16203"]``.

A file lies beside its profile, or in a folder there, so that whoever may write profiles can have nothing else read.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from monitor.errors import ConfigProblem, ParseError
from monitor.registry import did_you_mean
from monitor.settings.schema import WrittenProfile
from monitor.settings.yaml import Document, Loc, shown
from monitor.sources import LARGEST_FILE
from monitor.types.listings import Entry, Oddity
from monitor.types.profiles import Example

if TYPE_CHECKING:
    from monitor.sources.references import References

_MOST_TOLD = 5
_NEVER = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(slots=True)
class Libraries:
    """What the files of one profile hold, by their names in it, and what will disappoint in them."""

    held: dict[str, tuple[Example, ...]] = field(default_factory=dict)
    warnings: list[ConfigProblem] = field(default_factory=list)

    def expanded(self, named: tuple[str, ...]) -> tuple[Example, ...]:
        """Return ``named`` with each file replaced by its papers."""
        return tuple(dict.fromkeys(one for name in named for one in self.held.get(name, (name,))))


def is_library(name: str) -> bool:
    """Return whether ``name`` is that of a file of papers, and not an id, an address or a title."""
    ending = PurePosixPath(name).suffix[1:].lower()
    if "://" in name or not ending.isalpha():
        return False
    from monitor.sources.references import ENDINGS  # late, as below: few profiles name a file, and its readers are many

    return f".{ending}" in ENDINGS


def library_files(folder: Path) -> Iterator[Path]:
    """Yield the files beside the profiles of ``folder``, and one folder deeper, that may be libraries of theirs.

    Raises OSError when the folder cannot be listed.
    """
    for entry in _shown_in(folder):
        if is_library(entry.name):
            yield entry
        elif entry.is_dir():
            yield from filter(lambda one: is_library(one.name), _shown_in(entry))


def _shown_in(folder: Path) -> list[Path]:
    """Return what lies in a folder, sorted, without what editors and systems hide there."""
    return sorted(entry for entry in folder.iterdir() if not entry.name.startswith((".", "#")))


def read_libraries(written: WrittenProfile, document: Document) -> Libraries:
    """Return what the files that a profile names hold; one that cannot be used becomes a problem of ``document``."""
    found = Libraries()
    for loc, name in _named(written):
        if is_library(name) and name not in found.held:
            try:
                path = _path(document.path.parent, name)
                found.held[name], warnings = _read(path, name)
            except _UnusableError as error:
                document.problems.append(document.problem(loc, *error.args))
            else:
                found.warnings += warnings
    return found


class _UnusableError(Exception):
    """A file cannot be used: what is wrong with it, and what to do."""


def _named(written: WrittenProfile) -> Iterator[tuple[Loc, str]]:
    for topic, said in written.topics.items():
        for key, names in (("like", said.like), ("unlike", said.unlike)):
            for number, name in enumerate(names):
                yield ("topics", topic, key, number), name


def _path(folder: Path, name: str) -> Path:
    parts = PurePosixPath(name).parts
    outside = _UnusableError(
        f"{shown(name)} lies elsewhere", "put the file beside this profile and write its name alone"
    )
    if len(parts) > 2 or ".." in parts or PurePosixPath(name).is_absolute():
        raise outside
    path = folder / name
    try:
        if not path.exists():
            near = did_you_mean(name, (str(one.relative_to(folder)) for one in library_files(folder)))
            raise _UnusableError(f"there is no file {shown(name)} beside this profile", near or "put it there")
        if not path.resolve().is_relative_to(folder.resolve()):
            raise outside
        if not path.is_file():
            raise _UnusableError(f"{shown(name)} is no file", "write the name of a file of papers")
    except (OSError, RuntimeError) as error:
        raise _UnusableError(f"{shown(name)} cannot be read: {error}", "check that the daemon may read it") from None
    return path


def _read(path: Path, name: str) -> tuple[tuple[Example, ...], list[ConfigProblem]]:
    from monitor.sources import references

    try:
        with path.open("rb") as file:
            body = file.read(LARGEST_FILE + 1)
        if len(body) > LARGEST_FILE:
            hint = "export only the papers that this topic is about"
            raise _UnusableError(f"{shown(name)} has more than {LARGEST_FILE // 1_000_000} MB", hint)
        found = references.read(name, body)
    except OSError as error:
        raise _UnusableError(f"{shown(name)} cannot be read: {error}", "check that the daemon may read it") from None
    except ParseError as error:
        raise _UnusableError(f"{shown(name)}: {error.reason}", "export the file again, or name another") from None
    return tuple(_safe(one, name) for one in found.items), list(_warnings(path, found))


def _safe(one: Example, name: str) -> Example:
    from monitor.ingest.normalise import clean_entry

    return replace(clean_entry(one, _NEVER), where=f"{name} {one.where}") if isinstance(one, Entry) else one


def _warnings(path: Path, found: References) -> Iterator[ConfigProblem]:
    from monitor.sources.references import MOST

    for oddity in found.oddities[:_MOST_TOLD]:
        yield ConfigProblem(path, _line(oddity), 1, oddity.what, hint="the other papers of the file count")
    if left := len(found.oddities) - _MOST_TOLD:
        yield from [ConfigProblem(path, 1, 1, f"{left} more parts cannot be read")] if left > 0 else []
    if found.held > MOST:
        message = f"this file holds {found.held:,} papers: the first {MOST:,} count"
        yield ConfigProblem(path, 1, 1, message, hint="a few dozen that say what the topic is do better")


def _line(oddity: Oddity) -> int:
    word, _, number = oddity.where.partition(" ")
    return int(number) if word == "line" and number.isdigit() else 1
