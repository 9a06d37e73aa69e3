"""Markup to plain text, and links that are safe to print."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape
from urllib.parse import parse_qsl, urlencode, urljoin, urlsplit, urlunsplit

from monitor.text import is_flat

_MAX_MARKUP = 100_000  # characters of one field that are read
# fmt: off
_HIDDEN = frozenset({
    "script", "style", "iframe", "object", "embed", "noscript", "template", "svg", "head", "form",
})
_BLOCK = frozenset({
    "address", "article", "aside", "blockquote", "br", "dd", "div", "dl", "dt", "figcaption", "figure", "footer", "h1",
    "h2", "h3", "h4", "h5", "h6", "header", "hr", "li", "main", "nav", "ol", "option", "p", "pre", "section", "select",
    "table", "tbody", "td", "tfoot", "th", "thead", "tr", "ul",
})
_INLINE = frozenset({
    "a", "abbr", "acronym", "audio", "b", "base", "bdi", "bdo", "big", "body", "button", "canvas", "center", "cite",
    "code", "col", "colgroup", "del", "dfn", "em", "font", "frame", "frameset", "html", "i", "img", "input", "ins",
    "kbd", "label", "link", "map", "mark", "math", "meta", "picture", "q", "s", "samp", "small", "source", "span",
    "strike", "strong", "sub", "sup", "textarea", "time", "title", "tt", "u", "var", "video", "wbr", "menclose",
    "merror", "mfrac", "mi", "mn", "mo", "mover", "mrow", "mspace", "msqrt", "mstyle", "msub", "msubsup", "msup",
    "mtable", "mtd", "mtext", "mtr", "munder", "munderover", "semantics", "annotation", "param",
})
# fmt: on
_KNOWN = _HIDDEN | _BLOCK | _INLINE
_VARIABLES = frozenset("abipqsu")  # also the names of variables: ``x<b and c>d``
_TAG = re.compile(r"<(/?)([A-Za-z][A-Za-z0-9:]{0,30})((?:\s(?:[^<>\"']|\"[^\"<]*\"|'[^'<]*')*+)?)/?>")
_NEEDS_CARE = re.compile(rf"<!--|</?(?:{'|'.join(sorted(_HIDDEN))})", re.IGNORECASE)
_ORDINARY_LINK = re.compile(r"https?://[A-Za-z0-9.-]+(?:/[A-Za-z0-9._~%+,:=()-]*)*(?:\?[A-Za-z0-9._~%+,:=-]+)?")
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
    if _NEEDS_CARE.search(markup):
        return flat("".join(_visible(markup)))
    return flat(unescape(_TAG.sub(_without_tag, markup)))


def _without_tag(tag: re.Match[str]) -> str:
    if not _is_markup(tag):
        return tag[0]
    return " " if tag[2].lower() in _BLOCK else ""


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
            if not hidden and not tag[1] and name in _HIDDEN and not tag[0].endswith("/>"):
                hidden = name
            elif hidden == name and tag[1]:
                hidden = ""
            if not hidden and name in _BLOCK:
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
    return name in _KNOWN or name.startswith("jats:")


def flat(text: str) -> str:
    """Return ``text`` with every run of white space turned into one blank."""
    return text if is_flat(text) else " ".join(text.split())


def safe_link(url: str, base: str = "") -> str | None:
    """Return ``url`` made absolute and without tracking parameters; ``None`` unless it is plain http or https.

    Links with a user name, a backslash or a blank are refused: readers and browsers disagree on where they lead.
    """
    if len(url) <= 2000 and _ORDINARY_LINK.fullmatch(url) and not _TRACKING.search(url):
        return url
    if not base and url.lstrip()[:4].lower() != "http":
        return None  # most often no link at all
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
