"""The page huggingface.co/papers as HTML: the data inside it, and what a reader sees of it.

The page carries its papers as JSON in an attribute of the element that its program draws them into. Where that is
missing, headings, paragraphs and links are left, and are read like a text capture. One pass in linear time: html.parser
takes 20 s for 90 KB of ``<a ``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape
from typing import Any
from urllib.parse import urljoin

from monitor.errors import ParseError
from monitor.sources._capture import Line, lines_of
from monitor.sources._json import value_of
from monitor.sources._plain import flat

_SITE = "https://huggingface.co/"
_MAX_VISIBLE = 4_000_000  # characters of a page without data; real ones have 300,000
_MAX_BLOCKS = 30_000
_MAX_DATA = 4_000_000  # bytes; a hundred papers have 500,000
_IS_HTML = re.compile(rb"(?i)\s*(?:<!--.{0,500}?-->\s*)?<(?:!doctype|html|head|body|main|div|section|article)\b")
_DATA = re.compile(rb"data-target=[\"']DailyPapers[\"'][^<>]{0,500}?\sdata-props=(?:\"([^\"]*)\"|'([^']*)')")
_TAG = re.compile(r"<(/?)([A-Za-z][A-Za-z0-9]{0,15})((?:\s(?:[^<>\"']|\"[^\"<]{0,5000}\"|'[^'<]{0,5000}')*+)?)>")
_HREF = re.compile(r"\shref\s*=\s*(?:\"([^\"\s]{1,1000})\"|'([^'\s]{1,1000})')", re.IGNORECASE)
_INLINE = frozenset(
    {"abbr", "b", "code", "em", "i", "mark", "s", "small", "span", "strong", "sub", "sup", "time", "tt", "u", "wbr"}
)
_HIDDEN = frozenset({"head", "script", "style", "svg", "noscript", "template", "iframe", "nav", "footer", "form"})


def is_html(body: bytes) -> bool:
    """Return whether ``body`` begins like a web page."""
    return _IS_HTML.match(body[:2000].removeprefix(b"\xef\xbb\xbf")) is not None


def posts_in(body: bytes) -> list[Any] | None:
    """Return the papers in the page's own data; ``None`` when it carries none. Raises ParseError for broken data."""
    found = _DATA.search(body)
    if found is None:
        return None
    if len(found[0]) > _MAX_DATA:
        raise ParseError("", f"the page's data is larger than {_MAX_DATA // 1_000_000} MB")
    text = unescape((found[1] or found[2] or b"").decode("utf-8", "replace"))
    data = value_of(text.encode(), "the data of a papers page")
    posts = data.get("dailyPapers") if isinstance(data, dict) else None
    if not isinstance(posts, list):
        raise ParseError("", "the page's data holds no list of papers; has the site changed?")
    return posts


def lines_in(body: bytes) -> list[Line]:
    """Return the visible lines of a page, headings marked, with the addresses that they link to."""
    return lines_of(_blocks(body[:_MAX_VISIBLE].decode("utf-8", "replace")))


def _blocks(markup: str) -> Iterator[tuple[str, tuple[str, ...], bool]]:
    block = _Block()
    place = given = 0
    while given < _MAX_BLOCKS and (start := markup.find("<", place)) >= 0:
        block.add(markup[place:start])
        if markup.startswith("<!--", start):
            end = markup.find("-->", start)
            place = end + 3 if end >= 0 else len(markup)
            continue
        tag = _TAG.match(markup, start)
        place = tag.end() if tag else start + 1
        if tag is None:
            block.add("<")
        elif done := block.take(tag[2].lower(), tag[3], is_end=bool(tag[1])):
            given += 1
            yield done
    block.add(markup[place:])
    if done := block.taken():
        yield done


class _Block:
    """The piece of text that is being read, with the heading, the link and the hidden part that it stands in."""

    def __init__(self) -> None:
        self._pieces: list[str] = []
        self._links: dict[str, None] = {}
        self._href = self._hidden = ""
        self._in_heading = False

    def add(self, text: str) -> None:
        """Take text between two tags."""
        if text and not self._hidden:
            self._pieces.append(text)

    def take(self, name: str, attributes: str, *, is_end: bool) -> tuple[str, tuple[str, ...], bool] | None:
        """Take a tag; returns the block that it ends, if it ends one that says something."""
        if self._hidden or name in _HIDDEN:
            begins = not (is_end or self._hidden or attributes.endswith("/"))
            self._hidden = name if begins else "" if is_end and name == self._hidden else self._hidden
            return None
        done = None if name in _INLINE else self.taken()
        if name == "a":
            found = None if is_end else _HREF.search(attributes)
            self._href = urljoin(_SITE, unescape(found[1] or found[2])) if found else ""
            self._links = dict.fromkeys([self._href] if self._href else [])
        elif re.fullmatch("h[1-6]", name):
            self._in_heading = not is_end
        return done

    def taken(self) -> tuple[str, tuple[str, ...], bool] | None:
        """Return the block so far and begin the next."""
        text = flat(unescape("".join(self._pieces)))
        links = tuple(self._links)
        self._pieces, self._links = [], dict.fromkeys([self._href] if self._href else [])
        return (text, links, self._in_heading) if text else None
