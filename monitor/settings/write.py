"""Files that a person keeps, replaced whole or not at all."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path


def replace(path: Path, text: str, check: Callable[[Path], object] = lambda _: None) -> None:
    """Let ``path`` hold ``text`` from one moment to the next, with the permissions that it has.

    ``check`` is given the new file first; what it raises leaves the old one as it is. Raises OSError.
    """
    handle, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    new = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(text.encode())
            file.flush()
            os.fsync(file.fileno())
        shutil.copymode(path, new)
        check(new)
        new.replace(path)
    finally:
        new.unlink(missing_ok=True)
