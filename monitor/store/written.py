"""JSON that is written already, for columns of many rows that hold the same."""

from __future__ import annotations

import json
from typing import Any


class Written(str):
    """A text that is JSON: it goes into a column of JSON as it is."""

    __slots__ = ()


def as_json(value: Any) -> str:
    """Return ``value`` as JSON, for the databases' columns of it."""
    return str(value) if isinstance(value, Written) else json.dumps(value)
