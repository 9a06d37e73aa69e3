"""Which addresses may be opened, and how they are written. Pure; where a name leads is the gate's to say."""

from __future__ import annotations

import re
from urllib.parse import quote, urljoin, urlsplit, urlunsplit

from monitor.text import one_line

_LONGEST = 4096
_UNSAFE = re.compile(r"[\x00-\x1f\x7f\\]")
_HOST = re.compile(r"[a-z0-9._:-]+")
_KEPT = "%/:=&?~#+!$,;'@()*[]|"


def plain(url: str) -> str:
    """Return ``url`` in ASCII, without a fragment, its host in lower case; what is percent-encoded stays as it is.

    Raises ValueError, saying why, for all but plain http and https addresses: other schemes, credentials, backslashes,
    control characters, no host.
    """
    if len(url) > _LONGEST or _UNSAFE.search(url):
        raise ValueError(_refused(url, "it is too long or holds control characters or backslashes"))
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise ValueError(_refused(url, "only http and https addresses are read"))
    if "@" in parts.netloc:
        raise ValueError(_refused(url.rpartition("@")[2], "addresses with a user name are not sent to anybody"))
    host = _ascii(parts.hostname)
    if not _HOST.fullmatch(host):
        raise ValueError(_refused(url, "its host is not a name"))
    where = (f"[{host}]" if ":" in host else host) + ("" if parts.port is None else f":{parts.port}")
    return urlunsplit((parts.scheme, where, quote(parts.path or "/", _KEPT), quote(parts.query, _KEPT), ""))


def redirected(url: str, location: str) -> str:
    """Return where ``location`` leads from ``url``. Raises ValueError, saying why, when it may not be followed."""
    there = plain(urljoin(url, location))
    if url.startswith("https:") and not there.startswith("https:"):
        raise ValueError(_refused(there, "a redirect from https may not lead to plain http"))
    return there


def host_of(url: str) -> str:
    """Return the host of a plain address, in lower case, or ``""``."""
    return urlsplit(url).hostname or ""


def _ascii(host: str) -> str:
    """Return a host in ASCII: names as DNS has them, digits in circles as digits."""
    return (host if host.isascii() else host[:255].encode("idna").decode("ascii")).lower().rstrip(".")


def _refused(url: str, why: str) -> str:
    return f"refused to open {one_line(url, 120)!r}: {why}"
