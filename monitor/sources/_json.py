"""JSON that may be anything: read when the values in it fit in memory, refused before that when they do not."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from monitor.errors import ParseError
from monitor.sources._plain import flat

MAX_VALUES = 40_000_000
"""Bytes that the values in one answer may take. Ten megabytes of ``[`` would take close to a gigabyte."""

_COSTS = ((b"{", 240), (b"[", 90), (b":", 70), (b",", 70))  # bytes that one more of each takes in Python
_WIDE_BYTE = re.compile(rb"[\xf0-\xf4]")
_WIDE_ESCAPE = re.compile(rb"\\u[dD][89a-fA-F]")


def value_of(body: bytes, what: str) -> Any:
    """Return the value in ``body``; ``what`` says in the error what was expected there. Raises ParseError."""
    if _cost(body) > MAX_VALUES:
        raise ParseError("", f"expected {what}; these {len(body) / 1e6:.1f} MB of JSON are too much to take apart")
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        start = body[:200].lstrip().lower()
        got = "a web page" if start.startswith(b"<") else "an empty answer" if not start else "not JSON"
        reason = f"expected {what} and got {got}; look at the address in a browser"
        raise ParseError("", reason) from None


def _cost(body: bytes) -> int:
    """Return about how many bytes decoding takes: the text, as wide as its widest character, and the values."""
    width = 1 if body.isascii() else 4 if _WIDE_BYTE.search(body) else 2
    within = max(width, (4 if _WIDE_ESCAPE.search(body) else 2) if b"\\u" in body else 1)
    return len(body) * (width + within) + sum(body.count(mark) * cost for mark, cost in _COSTS)


def text(value: Any) -> str:
    """Return a string on one line, and ``""`` for anything else."""
    return flat(value) if isinstance(value, str) else ""


def text_in(values: Mapping[Any, Any], *names: str) -> str:
    """Return the first of the named strings that says something."""
    for name in names:
        if found := text(values.get(name)):
            return found
    return ""


def count(value: Any) -> int | None:
    """Return a number that can be a count of people or things."""
    return value if isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= 1_000_000_000 else None


def moment(value: Any) -> datetime | None:
    """Return an ISO 8601 date, with or without a time, as aware UTC; one that names no zone is taken for UTC."""
    try:
        when = datetime.fromisoformat(text(value))
        return (when if when.tzinfo else when.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError):
        return None
