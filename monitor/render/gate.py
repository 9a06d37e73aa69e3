"""The last gate before a drawing: what a mail may link to, and which characters it may hold."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from monitor.text import clean

_SCHEMES = frozenset({"http", "https", "mailto"})
_PLAIN = re.compile(r"https?://[A-Za-z0-9.-]+(?:/[A-Za-z0-9/._~?=&%#+-]*)?")
_NOT_IN_A_LINK = re.compile(r"[\s\x00-\x1f\x7f-\x9f<>\"\\^`\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff]")
_UNCLEAN = re.compile(
    r"[\x00-\x08\x0b-\x1f\x7f-\x9f\xad\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ud800-\uf8ff\ufeff\ufff9-\ufffb\ufffe\uffff"
    r"\U000e0000-\U0010ffff]"
    r"|[\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]{4}"
)


def link_target(url: str | None) -> str:
    """Return ``url`` if a mail may link to it (http, https or mailto, and nothing odd in it), else an empty string."""
    if url and _PLAIN.fullmatch(url):
        return url
    if not url or _NOT_IN_A_LINK.search(url):
        return ""
    try:
        parts = urlsplit(url)
    except ValueError:  # such as http://[
        return ""
    target = parts.path if parts.scheme == "mailto" else parts.netloc
    return url if parts.scheme in _SCHEMES and target else ""


def cleaned(text: str) -> str:
    """Return ``text`` without what no mail may hold: the last gate, for text that no parser has cleaned."""
    plain = text.isascii() and text.isprintable()
    return text if plain or not _UNCLEAN.search(text) else clean(text)
