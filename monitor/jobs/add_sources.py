"""Put sources into monitor.yaml, where a person keeps them."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Sequence
from pathlib import Path

from monitor.errors import MonitorError
from monitor.settings import opml
from monitor.settings.load import load_settings
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
    handle, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    new = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(text.encode())
            file.flush()
            os.fsync(file.fileno())
        shutil.copymode(path, new)
        load_settings(new)
        new.replace(path)
    finally:
        new.unlink(missing_ok=True)
