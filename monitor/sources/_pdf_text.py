"""What the first pages of a PDF print, read in a program of its own: a PDF may ask for any time and memory.

Run by ``_pdf`` with the file on standard input and its limits as arguments: seconds of processor and bytes of memory.
Prints one JSON object: ``info``, ``runs`` (size and text of each run of upright letters on the first page) and
``texts`` of the first pages; or ``error``. Imports nothing of this program, so that it starts quickly.
"""

from __future__ import annotations

import json
import logging
import math
import resource
import sys
from io import BytesIO
from typing import Any

_PAGES = 2
_MOST_RUNS, _MOST_CHARACTERS = 5_000, 30_000


def told(body: bytes) -> dict[str, Any]:
    """Return what the first pages print, and what the file says of itself."""
    import pypdf

    try:
        reader = pypdf.PdfReader(BytesIO(body))
        if reader.is_encrypted and not reader.decrypt(""):
            return {"error": "encrypted"}
        info = {str(name): str(value)[:2_000] for name, value in list((reader.metadata or {}).items())[:50]}
        runs: list[tuple[float, str]] = []
        texts = [
            reader.pages[number].extract_text(visitor_text=None if number else _into(runs))[:_MOST_CHARACTERS]
            for number in range(min(_PAGES, len(reader.pages)))
        ]
    except (pypdf.errors.DependencyError, pypdf.errors.FileNotDecryptedError):
        return {"error": "encrypted"}
    return {"info": info, "runs": runs, "texts": texts}


def _into(runs: list[tuple[float, str]]) -> Any:
    """Return what adds each run of text to ``runs``, by its size on the page; what stands on its side has size 0."""

    def add(text: str, page: list[float], line: list[float], _font: object, size: float) -> None:
        upright = line[0] * page[0] + line[1] * page[2]
        aside = line[0] * page[1] + line[1] * page[3]
        if len(runs) < _MOST_RUNS:
            runs.append((round(abs(size * upright), 1) if abs(aside) < abs(upright) else 0.0, text[:2_000]))

    return add


def _main() -> None:
    seconds, memory = (math.ceil(float(word)) for word in sys.argv[1:3])
    logging.disable()
    try:
        resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
        resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    except (OSError, ValueError):
        sys.stdout.write(json.dumps({"error": "unbounded"}))
        return
    try:
        found = told(sys.stdin.buffer.read())
    except MemoryError:
        found = {"error": "large"}
    except Exception as error:  # noqa: BLE001  # pypdf raises anything on a broken file, RecursionError among it
        found = {"error": "broken", "why": f"{type(error).__name__}: {error}"[:200]}
    sys.stdout.write(json.dumps(found))


if __name__ == "__main__":
    _main()
