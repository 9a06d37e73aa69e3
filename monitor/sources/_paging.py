"""Answers that come in pages: the numbers they count with, and the address of the next page."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

_NUMBER = re.compile(r"\d{1,9}", re.ASCII)


def number(value: Any) -> int:
    """Return a count that came as a number or in print; 0 for anything else."""
    printed = str(value).strip() if isinstance(value, int | str) and not isinstance(value, bool) else ""
    return int(printed) if _NUMBER.fullmatch(printed) else 0


def query(values: Mapping[str, Any]) -> str:
    """Return ``values`` as the query of an address, with what RFC 3986 allows there left as it is."""
    return urlencode(values, safe=":,@/")


def asked(url: str, name: str) -> int:
    """Return the number that an address asks for under a name; 0 when it does not."""
    return number(dict(parse_qsl(urlsplit(url).query)).get(name))


def moved(url: str, name: str, value: int) -> str:
    """Return the same address with another number under a name."""
    parts = urlsplit(url)
    return urlunsplit(parts._replace(query=query(dict(parse_qsl(parts.query)) | {name: str(value)})))
