"""Make a profile's first file, with the papers that its reader has collected elsewhere beside it."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from monitor.errors import ConfigError, MonitorError
from monitor.ingest.fetch import Fetcher, Validators
from monitor.settings.draft import Draft
from monitor.settings.libraries import is_library
from monitor.settings.load import load_profile
from monitor.sources import LARGEST_FILE
from monitor.text import author_id
from monitor.types.listings import Request

ORCID = "https://pub.orcid.org/v3.0"


async def library(source: str, fetcher: Fetcher, site: str = ORCID) -> tuple[str, bytes]:
    """Return the name and the bytes of a file of papers: one here, or the works of the ORCID record that is named.

    Raises MonitorError when there is none, and FetchError when ORCID does not answer.
    """
    number = author_id(source)
    if number and not number.startswith("~"):
        request = Request(f"{site}/{number}/works", "application/json")
        answer = (await fetcher.fetch("orcid", request, Validators())).answer
        return f"{number}.json", answer.body if answer else b""
    path = Path(source).expanduser()
    if not is_library(path.name):
        raise MonitorError(f"{source} is no file of papers (.bib .ris .rdf .csv .json .txt .pdf), and no ORCID iD")
    try:
        with path.open("rb") as file:
            return path.name, file.read(LARGEST_FILE + 1)
    except OSError as error:
        raise MonitorError(f"{source} cannot be read: {(error.strerror or str(error)).lower()}") from None


def create(folder: Path, profile_id: str, draft: Draft, files: Mapping[str, bytes]) -> tuple[Path, int]:
    """Write ``<id>.yaml`` in ``folder``, and the files of papers that ``draft`` names beside it or a folder deeper.

    Returns the path and how many papers it likes.

    What is there is never written over: raises MonitorError then, and when the draft is no profile; in both cases
    nothing is left behind.
    """
    path = folder / f"{profile_id}.yaml"
    if path.exists() or path.with_suffix(".yml").exists():
        raise MonitorError(f"{path} is there already; it was left as it is, so name another profile")
    made: list[Path] = []
    try:
        for name, body in files.items():
            made += _beside(folder / name, body)
        text = draft.text()
        profile = load_profile(path, text)
        _write(path, text.encode())
    except (MonitorError, OSError) as error:
        for one in made:
            one.unlink(missing_ok=True)
        for inner in {one.parent for one in made if one.parent != folder}:
            with suppress(OSError):  # something else lies in it
                inner.rmdir()
        raise MonitorError(_why(error, path)) from None
    return path, sum(len(topic.like) for topic in profile.topics)


def _beside(path: Path, body: bytes) -> list[Path]:
    """Write a file of papers, and return it; one with the same bytes will do, and is not ours to remove."""
    if path.exists():
        if path.is_file() and path.stat().st_size == len(body) and path.read_bytes() == body:
            return []
        raise MonitorError(f"{path} is there already, with other papers; rename yours")
    path.parent.mkdir(exist_ok=True)
    _write(path, body)
    return [path]


def _write(path: Path, body: bytes) -> None:
    with path.open("xb") as file:
        file.write(body)


def _why(error: MonitorError | OSError, path: Path) -> str:
    if isinstance(error, OSError):
        return f"{path} cannot be written: {(error.strerror or str(error)).lower()}"
    if not isinstance(error, ConfigError):
        return str(error)
    said = (f"{one.message}" + (f"; {one.hint}" if one.hint else "") for one in error.problems)
    return f"that would be no profile: {'; '.join(said)}"
