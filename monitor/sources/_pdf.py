"""A PDF that stands for the paper in it: by arXiv's stamp, its DOI, or title and abstract as the first page has them.

The title is what the file says of itself where the first page prints that too, else the page's largest upright letters.
pypdf reads the file in a process of its own, bounded in time and memory.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from hashlib import blake2b
from importlib.util import find_spec
from itertools import groupby
from pathlib import Path
from signal import SIGKILL, SIGXCPU
from typing import Any

from monitor.errors import ParseError
from monitor.sources._ids import arxiv_id, doi_id
from monitor.sources._plain import flat
from monitor.text import fold
from monitor.types.listings import Entry

_STAMP = re.compile(r"arXiv:\s?([\w.-]{1,30}(?:/\d{7})?(?:v\d+)?)\s{0,5}\[[a-z-]{2,20}(?:\.[A-Za-z-]{2,20})?\]")
_DOI = re.compile(r"\b10\.\d{4,9}/[^\s\"<>]{1,200}")
_ABSTRACT = re.compile(r"(?im)^\W{0,3}abstract\b[\s.:—–-]{0,5}")
_AFTER = re.compile(r"(?im)^\W{0,3}(?:(?:1|I)\W{0,3}\s*)?(?:introduction|key ?words|index terms|ccs concepts)\b")
_HYPHENATED = re.compile(r"(?<=[a-z])-\n(?=[a-z])")
_LONGEST = 5_000
_LEAST_TITLE, _MOST_TITLE = 8, 400
_ERRORS = {
    "encrypted": "is locked with a password; save it without one",
    "large": "takes more memory than a paper should; name the paper by its id instead",
    "slow": "takes longer to read than a paper should; name the paper by its id instead",
    "broken": "is broken",
    "unbounded": "is not read where a process may not bound itself: allow it setrlimit (prlimit64)",
}


_MOST_KEPT = 1_000
_read_before: dict[bytes, Entry | str] = {}
"""The papers of files by their bytes: a profile is loaded again and again, and a start of pypdf takes half a second."""


@dataclass(frozen=True, slots=True)
class Limits:
    """How much one file may take: seconds of processor, twice that on the clock, and bytes of memory."""

    seconds: float = 10
    memory: int = 600_000_000


def read(body: bytes, limits: Limits = Limits()) -> Iterator[Entry | str]:
    """Yield the paper of a PDF, or its id alone where the page prints no title.

    Raises ParseError when pypdf is not installed, the file is no PDF, locked, broken or too much to read, or neither
    id nor title can be found in it, as in a scan.
    """
    if b"%PDF-" not in body[:1024]:
        raise ParseError("", "is no PDF, whatever its name says")
    if not find_spec("pypdf"):
        raise ParseError("", "PDFs are read by pypdf: pip install 'paper-monitor[pdf]'")
    name = blake2b(body, digest_size=16).digest()
    if name not in _read_before:
        if len(_read_before) >= _MOST_KEPT:
            _read_before.clear()
        _read_before[name] = paper_in(_told(body, limits))
    yield _read_before[name]


def paper_in(told: Mapping[str, Any]) -> Entry | str:
    """Return the paper that the first pages of a PDF are of. Raises ParseError when they do not say which."""
    if error := told.get("error"):
        why = f": {flat(told['why'])}" if told.get("why") else ""
        raise ParseError("", _ERRORS[error] + why)
    first, info = "".join(told["texts"][:1]), told["info"]
    ids = tuple(dict.fromkeys(_ids(first, info)))
    title = _title(first, info, told["runs"])
    text = "\n".join(told["texts"])
    if title:
        return Entry(title, _abstract(text), ids=ids, where="page 1")
    if not ids:
        nothing = "holds no text: it is a scan" if not text.strip() else "prints neither id nor title that can be told"
        raise ParseError("", f"{nothing}; name the paper by its id or title instead")
    return ids[0].replace("arxiv:", "arXiv:").replace("doi:", "https://doi.org/")


def _ids(text: str, info: Mapping[str, str]) -> list[str]:
    """Return the paper's own ids: arXiv's stamp and what the file says, else the one DOI that its first page prints."""
    stamp = _STAMP.search(text)
    named = (arxiv_id(stamp[1] if stamp else ""), arxiv_id(info.get("/arXivID", "").rpartition("/")[2]))
    said = _dois(" ".join(value for name, value in info.items() if name.lower() not in ("/title", "/keywords")))
    own = [one for one in named if one] + (list(said) if len(said) == 1 else [])
    printed = _dois(text)
    return own or (list(printed) if len(printed) == 1 else [])


def _dois(text: str) -> set[str]:
    return {found for one in _DOI.findall(text) if (found := doi_id(one.rstrip(".,;)]")))}


def _title(text: str, info: Mapping[str, str], runs: list[tuple[float, str]]) -> str:
    said = flat(info.get("/Title", ""))
    if _is_title(said) and "".join(fold(said).split()) in "".join(fold(text[:_LONGEST]).split()):
        return said
    sizes = [size for size, run in runs if len(run.strip()) > 1]
    largest = 0.95 * max(sizes, default=0.0)
    for is_large, some in groupby(runs, lambda run: run[0] >= largest > 0 or (not run[1].strip() and run[0] > 0)):
        title = flat(_HYPHENATED.sub("", "".join(run for _, run in some)))
        if is_large and _is_title(title):
            return title
    return ""


def _is_title(text: str) -> bool:
    return _LEAST_TITLE <= len(text) <= _MOST_TITLE and " " in text and sum(map(str.isalpha, text)) > len(text) / 2


def _abstract(text: str) -> str:
    begins = _ABSTRACT.search(text)
    if not begins:
        return ""
    ends = _AFTER.search(text, begins.end())
    return flat(_HYPHENATED.sub("", text[begins.end() : ends.start() if ends else begins.end() + _LONGEST][:_LONGEST]))


def _told(body: bytes, limits: Limits) -> dict[str, Any]:
    command = [
        sys.executable,
        "-I",
        str(Path(__file__).with_name("_pdf_text.py")),
        *map(str, (limits.seconds, limits.memory)),
    ]
    try:
        ended = subprocess.run(command, input=body, capture_output=True, timeout=2 * limits.seconds, check=False)  # noqa: S603 - our own
    except subprocess.TimeoutExpired:
        return {"error": "slow"}
    except OSError as error:
        raise ParseError("", f"cannot be read now: no process could be started ({error.strerror})") from None
    if ended.returncode:
        return {"error": {-SIGKILL: "slow", -SIGXCPU: "slow", 1: "large"}.get(ended.returncode, "broken")}
    found: dict[str, Any] = json.loads(ended.stdout)
    return found
