"""JSON that is written already, for columns of many rows that hold the same."""

from __future__ import annotations

import json
from typing import Any


class Written(str):
    """A text that is JSON: it goes into a column of JSON as it is."""

    __slots__ = ()


def as_json(value: Any) -> str:
    """Return ``value`` as JSON, for the databases' columns of it."""
    if value == []:
        return "[]"  # of the lists of a paper most are empty
    return str(value) if isinstance(value, Written) else json.dumps(value)


_scan = json.JSONDecoder().scan_once  # type: ignore[attr-defined]  # json's own documented hook for decoders


def from_json(text: str) -> Any:
    """Return what a column of JSON that we wrote says; the decoder's look around it costs more than the reading."""
    return _scan(text, 0)[0]
