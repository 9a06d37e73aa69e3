"""Markup to plain text, and links that are safe to print."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from urllib.parse import parse_qsl, urlencode, urljoin, urlsplit, urlunsplit

MAX_MARKUP = 60_000
"""Characters of one field that are read: html.parser is quadratic on some long broken inputs (CVE-2025-6069)."""

_HIDDEN = frozenset({"script", "style", "iframe", "object", "embed", "noscript", "template", "svg", "head", "form"})
_BLOCKS = frozenset(
    "address article aside blockquote br dd div dl dt figcaption figure footer h1 h2 h3 h4 h5 h6 header hr li main nav "
    "ol option p pre section select table tbody td tfoot th thead tr ul".split()
)
_INLINE = frozenset(
    "a abbr acronym audio b base bdi bdo big body button canvas center cite code col colgroup del dfn em embed font "
    "frame frameset html i img input ins kbd label link map mark math menclose merror meta mfrac mi mn mo mover mrow "
    "mspace msqrt mstyle msub msubsup msup mtable mtd mtext mtr munder munderover param picture q s samp semantics "
    "small source span strike strong sub sup textarea time title tt u var video wbr".split()
)
_KNOWN = _HIDDEN | _BLOCKS | _INLINE
_MATHEMATICAL = frozenset("bipqsu") | {"a"}  # also the names of variables: ``x<b and c>d``
_TRACKING = re.compile(r"utm_\w+|fbclid|gclid", re.IGNORECASE)
_UNSAFE_IN_LINK = re.compile(r"[\x00-\x20\x7f-\xa0\u2028\u2029\\<>\"]")


class _Extractor(HTMLParser):
    """Collects what a reader would see; what only looks like a tag (``p <q``) stays as it is written."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self._hidden: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if not _is_markup(tag, attrs):
            self._say(self.get_starttag_text() or "")
        elif tag in _HIDDEN:
            self._hidden.append(tag)
        elif tag in _BLOCKS:
            self._say(" ")

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if not _is_markup(tag, attrs):
            self._say(self.get_starttag_text() or "")
        elif tag in _BLOCKS:
            self._say(" ")

    def handle_endtag(self, tag: str) -> None:
        if tag in self._hidden:
            del self._hidden[self._hidden.index(tag) :]
        elif tag in _BLOCKS:
            self._say(" ")
        elif tag not in _KNOWN:
            self._say(f"</{tag}>")

    def handle_data(self, data: str) -> None:
        self._say(data)

    def _say(self, text: str) -> None:
        if not self._hidden:
            self.parts.append(text)


def _is_markup(tag: str, attrs: list[tuple[str, str | None]]) -> bool:
    return tag in _KNOWN and not (tag in _MATHEMATICAL and any(value is None for _, value in attrs))


def to_text(markup: str) -> str:
    """Return what a reader would see of ``markup``, on one line: scripts and tags are gone, ``p < 0.05`` stays."""
    markup = markup[:MAX_MARKUP]
    if "<" not in markup and "&" not in markup:
        return flat(markup)
    extractor = _Extractor()
    extractor.feed(markup)
    extractor.close()
    return flat("".join(extractor.parts))


def flat(text: str) -> str:
    """Return ``text`` with every run of white space turned into one blank."""
    return " ".join(text.split())


def safe_link(url: str, base: str = "") -> str | None:
    """Return ``url`` made absolute and without tracking parameters; ``None`` unless it is plain http or https.

    Links with a user name, a backslash or a blank are refused: readers and browsers disagree on where they lead.
    """
    try:
        joined = urljoin(base, url.strip()) if base else url.strip()
        parts = urlsplit(joined)
        host = parts.hostname
        parts.port  # noqa: B018  # reading it raises ValueError on an impossible port
    except ValueError:
        return None
    if parts.scheme not in {"http", "https"} or not host or "@" in parts.netloc or _UNSAFE_IN_LINK.search(joined):
        return None
    if not _TRACKING.search(parts.query):
        return joined[:2000]
    kept = [
        (key, value) for key, value in parse_qsl(parts.query, keep_blank_values=True) if not _TRACKING.fullmatch(key)
    ]
    return urlunsplit(parts._replace(query=urlencode(kept)))[:2000]
