"""What a site asks of those who read it: how often, what to send back, what its refusals mean. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

from monitor.ingest.urls import host_of

SHORTEST_WAIT = timedelta(minutes=1)
LONGEST_WAIT = timedelta(hours=24)
"""Nobody is kept waiting longer on the word of a server: it may mean years, or be wrong."""

_PACE = {"arxiv.org": 3.0}
_JOINED = frozenset({"cache-control", "content-encoding"})
_LONGEST_VALIDATOR = 4096
_SENDABLE = re.compile(r"[\x20-\x7e\xa0-\xff]+")
_DIRECTIVE = re.compile(r'([\w-]+)(?:=(?:"([^"]*)"|([^,;\s"]*)))?')
_DIGITS = re.compile(r"[0-9]{1,9}")


def headers_of(fields: Iterable[tuple[bytes, bytes]]) -> dict[str, str]:
    """Return header fields by their name in lower case; a field sent twice counts once, unless it is a list."""
    found: dict[str, str] = {}
    for raw, value in fields:
        name, text = raw.decode("latin-1").lower(), value.decode("latin-1")
        found[name] = f"{found[name]}, {text}" if name in _JOINED and name in found else found.get(name, text)
    return found


def pace(url: str) -> tuple[str, float]:
    """Return the site that ``url`` belongs to, and the seconds that it wants between two requests.

    arXiv's terms of use ask for one request per 3 s over all its hosts; elsewhere a host is a site.
    """
    host = host_of(url)
    site = next((site for site in _PACE if host == site or host.endswith("." + site)), host)
    return site, _PACE.get(site, 0.0)


def sendable(validator: str | None) -> str | None:
    """Return a validator as it is when it can be sent back byte for byte, else ``None``: it is then not used at all."""
    if validator and len(validator) <= _LONGEST_VALIDATOR and _SENDABLE.fullmatch(validator):
        return validator
    return None


def retry_after(headers: Mapping[str, str], now: datetime) -> timedelta | None:
    """Return the wait that ``Retry-After`` asks for, between a minute and a day, or ``None`` where it says nothing."""
    said = headers.get("retry-after", "").strip()
    if re.fullmatch(r"[+-]?[0-9]+", said):
        seconds = 0 if said.startswith("-") else min(int(said.lstrip("+")[:20]), 10**9)
        wait = timedelta(seconds=seconds)
    else:
        until = _moment(said)
        if until is None:
            return None
        wait = until - (_moment(headers.get("date", "")) or now)
    return min(max(wait, SHORTEST_WAIT), LONGEST_WAIT)


def fresh_for(headers: Mapping[str, str], now: datetime) -> timedelta | None:
    """Return how long an answer stays fresh by its own word (RFC 9111, section 4.2), up to a day, or ``None``."""
    said: dict[str, str] = {}
    for name, quoted, bare in _DIRECTIVE.findall(headers.get("cache-control", "")[:_LONGEST_VALIDATOR]):
        said.setdefault(name.lower(), quoted or bare)
    if "no-store" in said or "no-cache" in said:
        return None
    if "max-age" in said:
        lifetime = timedelta(seconds=_seconds(said["max-age"]) - _seconds(headers.get("age", "")))
    else:
        until = _moment(headers.get("expires", ""))
        lifetime = until - (_moment(headers.get("date", "")) or now) if until else timedelta()
    return min(lifetime, LONGEST_WAIT) if lifetime > timedelta() else None


def refusal(status: int, headers: Mapping[str, str]) -> str:
    """Return what an answer that is not a listing means, and what to do about it."""
    if status == 403 and "cf-mitigated" in headers:
        return f"asks for proof that no robot is reading ({status}); ask the site for a feed, or remove the source"
    if status in _MEANINGS:
        return f"{_MEANINGS[status]} ({status}); {_ADVICE.get(status, 'it is asked again later')}"
    if status >= 500:
        return f"is in trouble and answered {status}; it is asked again later"
    return f"answered {status}, which is no listing; check the address"


_MEANINGS = {
    401: "wants a log-in",
    403: "refuses us",
    404: "has nothing at this address",
    410: "says that this address is gone for good",
    429: "calls us too fast",
    451: "may not show this for legal reasons",
    503: "is not available now",
}
_ADVICE = {
    401: "only what is open to everybody is read",
    403: "it is asked again later; if it stays so, ask the site or remove the source",
    404: "check the address; it is asked again later",
    410: "it is not asked again; give the new address or remove the source",
}


def _moment(text: str) -> datetime | None:
    """Return the moment that an HTTP date names, aware, in UTC, or ``None``."""
    try:
        moment = parsedate_to_datetime(text[:100])
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, TypeError, OverflowError, IndexError):
        return None


def _seconds(text: str) -> int:
    """Return a number of seconds as written, 0 where it is none; what is longer than 30 years is cut."""
    text = text.strip()
    if _DIGITS.fullmatch(text):
        return int(text)
    return 10**9 if text.isascii() and text.isdecimal() else 0
