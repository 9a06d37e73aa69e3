"""A template that somebody restyled must not hang a daemon or fill its memory."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Any

SECONDS = 5.0
"""One block is drawn in about 0.2 ms: what takes longer than this does not end."""
LARGEST = 2_000_000
"""Characters of one drawing."""


class TemplateOverrunError(ValueError):
    """A template took longer, or made more, than any look needs."""


@contextmanager
def limited() -> Iterator[None]:
    """Raise TemplateOverrunError from Python code that still runs after ``SECONDS``, wherever it is in a loop."""
    ends, before = time.monotonic() + SECONDS, sys.gettrace()

    def watch(frame: FrameType, _event: str, _argument: Any) -> Any:
        if time.monotonic() > ends:
            raise TemplateOverrunError(f"it did not end within {SECONDS:g} seconds; look for a loop in it")
        return watch if frame.f_code.co_filename.endswith(".j2") else None

    sys.settrace(watch)
    try:
        yield
    finally:
        sys.settrace(before)
