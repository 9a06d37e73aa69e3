"""Put sources into monitor.yaml, where a person keeps them."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from monitor.errors import MonitorError
from monitor.settings import opml
from monitor.settings.load import load_settings
from monitor.settings.write import replace
from monitor.settings.yaml import read_document


def add_sources(path: Path, lines: Sequence[str]) -> None:
    """Replace monitor.yaml by one with these lines behind its last source, unless that could not be loaded.

    Raises MonitorError, with the lines, when the sources are written in braces, and ConfigError when what would come
    of it is none.
    """
    text = opml.inserted(read_document(path), path.read_bytes().decode(), lines)
    if text is None:
        pasted = "\n".join(f"  {line}" for line in lines)
        raise MonitorError(f"the sources in {path.name} are written in braces; paste these lines in there:\n{pasted}")
    replace(path, text, load_settings)
