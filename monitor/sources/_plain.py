"""Markup to plain text, and links that are safe to print."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape
from urllib.parse import parse_qsl, urlencode, urljoin, urlsplit, urlunsplit

_MAX_MARKUP = 100_000  # characters of one field that are read
_HIDDEN = re.compile("script|style|iframe|object|embed|noscript|template|svg|head|form")
_BLOCK = re.compile(
    "address|article|aside|blockquote|br|dd|div|dl|dt|figcaption|figure|footer|h[1-6]|header|hr|li|main|nav|ol|option|p|"
    "pre|section|select|table|tbody|td|tfoot|th|thead|tr|ul"
)
_INLINE = re.compile(
    "a|abbr|acronym|audio|b|base|bdi|bdo|big|body|button|canvas|center|cite|code|col|colgroup|del|dfn|em|font|frame|"
    "frameset|html|i|img|input|ins|kbd|label|link|map|mark|math|meta|picture|q|s|samp|small|source|span|strike|strong|sub|"
    "sup|textarea|time|title|tt|u|var|video|wbr|m(?:enclose|error|frac|i|n|o|over|row|space|sqrt|style|sub|subsup|sup|"
    "table|td|text|tr|under|underover)|semantics|annotation|param|jats:\\w+"
)
_VARIABLES = frozenset("abipqsu")  # also the names of variables: ``x<b and c>d``
_TAG = re.compile(r"<(/?)([A-Za-z][A-Za-z0-9:]{0,30})((?:\s(?:[^<>\"']|\"[^\"<]*\"|'[^'<]*')*+)?)/?>")
_TRACKING = re.compile(r"utm_\w+|fbclid|gclid", re.IGNORECASE)
_UNSAFE_IN_LINK = re.compile(r"[\x00-\x20\x7f-\xa0\u2028\u2029\\<>\"]")


def to_text(markup: str) -> str:
    """Return what a reader would see of ``markup``, on one line: scripts and tags are gone, ``p < 0.05`` stays.

    Only the elements of HTML and MathML are tags; anything else that looks like one is text. One pass in linear time,
    which html.parser does not promise (20 s for 90 KB of ``<a ``).
    """
    markup = markup[:_MAX_MARKUP]
    if "<" not in markup:
        return flat(unescape(markup))
    return flat("".join(_visible(markup)))


def _visible(markup: str) -> Iterator[str]:
    place, hidden, uncommented = 0, "", True
    while (start := markup.find("<", place)) >= 0:
        if not hidden:
            yield unescape(markup[place:start])
        end = markup.find("-->", start) if uncommented and markup.startswith("<!--", start) else -1
        uncommented = uncommented and not (end < 0 and markup.startswith("<!--", start))
        tag = _TAG.match(markup, start)
        if end >= 0:
            place = end + 3
        elif tag and _is_markup(tag):
            name = tag[2].lower()
            if not hidden and not tag[1] and _HIDDEN.fullmatch(name) and not tag[0].endswith("/>"):
                hidden = name
            elif hidden == name and tag[1]:
                hidden = ""
            if not hidden and _BLOCK.fullmatch(name):
                yield " "
            place = tag.end()
        else:
            if not hidden:
                yield "<"
            place = start + 1
    if not hidden:
        yield unescape(markup[place:])


def _is_markup(tag: re.Match[str]) -> bool:
    name = tag[2].lower()
    if name in _VARIABLES and tag[3].strip() and "=" not in tag[3]:
        return False
    return any(names.fullmatch(name) for names in (_INLINE, _BLOCK, _HIDDEN))


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
