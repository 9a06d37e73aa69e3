"""feedparser in a guard: bytes in, plain values out, ParseError and nothing else on the way.

feedparser opens strings as addresses and as paths, and bytes as paths too, so it only ever gets a stream. It raises on
some broken feeds (6 of 100 mutated ones), and hands scripts, ``javascript:`` links and new lines through as they came.
"""

from __future__ import annotations

import io
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Literal
from xml.sax import SAXException

from monitor.errors import ParseError
from monitor.sources._plain import flat, safe_link, to_text
from monitor.types.listings import Answer, Oddity

_REFERENCE = re.compile(rb"&#(?:[xX]([0-9a-fA-F]{1,12})|([0-9]{1,12}));")
_CONTROLS = bytes(code for code in range(32) if code not in (9, 10, 13))
_TO_BLANKS = bytes.maketrans(_CONTROLS, b" " * len(_CONTROLS))
_CLOSED = re.compile(rb"(?is)</(?:[\w.-]+:)?(?:rss|feed|RDF|channel)\s*>\s*(?:<!--.{0,2000}?-->\s*)*$")
_DECLARED = re.compile(rb"^\s*<\?xml[^>]{0,200}\?>")
_DAY_ONLY = re.compile(
    r"\s*(?:\d{4}-\d{1,2}(?:-\d{1,2})?|(?:[A-Za-z]{3,9},?\s+)?\d{1,2}\s+[A-Za-z]{3,9}\.?,?\s+\d{4})\s*"
)
_IN_BRACKETS = re.compile(r"\([^()]{0,300}\)")
_BETWEEN_GROUPS = re.compile(r"\s*;\s*|,?\s+and\s+|\s+&\s+", re.IGNORECASE)
_FAMILY_FIRST = re.compile(r"(?:[a-z'’]{1,5} ){0,3}[^\s,.]+, [^,]+")
_SUFFIX = re.compile(r"(?:Jr|Sr|I{2,3}|IV|Ph\.?\s?D|M\.?D)\.?", re.IGNORECASE)
_EARLIEST = datetime(1900, 1, 1, tzinfo=UTC)
_ELEMENT = re.compile(rb"<(/?)[A-Za-z]([^<>]*+)>")
_ROOT = re.compile(rb"(?i)<(?:[\w.-]{1,40}:)?(?:rss|feed|rdf|channel|item|entry)\b")
_BY_MAIL = re.compile(r"\s*\S+@\S+\s*\(([^()]{1,200})\)\s*")
_DEEPEST = 500
_MOST_ATTRIBUTES = 200


Element = dict[str, Any]
"""One element as feedparser gives it; read with ``dict.get``, because its own look-up also answers for other names."""


@dataclass(frozen=True, slots=True)
class Feed:
    """One parsed feed: ``version`` such as ``rss20``, its head, its items, and what was odd about the whole."""

    version: str
    head: Element
    items: list[Element]
    notes: list[Oddity]


def read(answer: Answer) -> Feed:
    """Return the feed in ``answer``.

    Raises ParseError when the bytes are not RSS, RDF or Atom, or break off before the first item.
    """
    body = _repaired(answer.body)
    _refuse_other_things(body)
    headers = {"content-location": answer.url, "content-type": flat(answer.content_type)[:200]}
    result = _parsed(body, {name: value for name, value in headers.items() if value})
    version, items = str(dict.get(result, "version") or ""), list(dict.get(result, "entries") or [])
    broken = dict.get(result, "bozo_exception")
    if not version and not items:
        raise ParseError("", "the answer is not an RSS, RDF or Atom feed; look at the address in a browser")
    notes: list[Oddity] = []
    if "amplification" in str(broken):
        raise ParseError("", "the feed is an entity bomb: a few characters of it would grow into gigabytes")
    if isinstance(broken, SAXException):
        if not items:
            raise ParseError("", f"the feed is broken before its first item: {flat(str(broken))[:200]}")
        notes.append(Oddity("feed", f"its XML is broken ({flat(str(broken))[:120]}); {len(items)} items could be read"))
        if not _CLOSED.search(body[-4000:]):
            items.pop()
            notes.append(Oddity(f"item {len(items) + 1}", "is cut off: the feed ends in the middle of it"))
    return Feed(version, dict.get(result, "feed") or {}, items, notes)


def _parsed(body: bytes, headers: dict[str, str]) -> Any:
    try:
        return _feedparser(body, headers)
    except Exception:  # noqa: BLE001  # feedparser raises anything on a broken feed: LookupError, AssertionError, ...
        plain = _DECLARED.sub(b"", body.decode("utf-8", "replace").encode())
    try:
        return _feedparser(plain, {"content-type": "application/xml; charset=utf-8"})
    except Exception as error:  # as above: a second reading, as plain UTF-8, was the last resort
        raise ParseError("", f"the feed is too broken to read ({type(error).__name__})") from error


def _feedparser(body: bytes, headers: dict[str, str]) -> Any:
    import feedparser

    stream = io.BytesIO(body)
    return feedparser.parse(stream, response_headers=headers, sanitize_html=False, resolve_relative_uris=False)


def _repaired(body: bytes) -> bytes:
    if body[:2] in {b"\xff\xfe", b"\xfe\xff"} or b"\x00" in body[:4]:  # UTF-16 and UTF-32 keep their own ways
        return body
    return _REFERENCE.sub(_valid_reference, body.translate(_TO_BLANKS)).lstrip()


def _valid_reference(found: re.Match[bytes]) -> bytes:
    code = int(found[1], 16) if found[1] else int(found[2])
    allowed = code in {9, 10, 13} or 32 <= code < 0xD800 or 0xE000 <= code < 0xFFFE or 0x10000 <= code <= 0x10FFFF
    return found[0] if allowed else b"&#xFFFD;"


def _refuse_other_things(body: bytes) -> None:
    start = body[:2000].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if not start:
        raise ParseError("", "the answer is empty")
    if start.startswith((b"{", b"[")):
        raise ParseError("", "the answer is JSON; this kind reads RSS, RDF and Atom")
    if start.startswith((b"<!doctype html", b"<html")):
        raise ParseError("", "the answer is a web page, perhaps a log-in or a check for robots, and not a feed")
    if not _ROOT.search(body[:100_000]) and b"\x00" not in body[:4]:
        raise ParseError("", "the answer is not an RSS, RDF or Atom feed; look at the address in a browser")
    _refuse_bombs(body)


def _refuse_bombs(body: bytes) -> None:
    """Raise on what takes feedparser minutes: deep nesting and elements with thousands of attributes."""
    depth = 0
    first, *others = body.split(b"<![CDATA[")
    outside = b"".join([first, *(part.partition(b"]]>")[2] for part in others)])
    for tag in _ELEMENT.finditer(outside):
        if tag[2].count(b"=") > _MOST_ATTRIBUTES:
            raise ParseError("", f"an element has more than {_MOST_ATTRIBUTES} attributes")
        if tag[1]:
            depth = max(depth - 1, 0)
        elif not tag[2].endswith(b"/"):
            depth += 1
        if depth > _DEEPEST:
            raise ParseError("", f"elements are nested more than {_DEEPEST} deep")


# --- parts of one item ------------------------------------------------------------------------------------------------


def plain_text(item: Element, name: str, *, literal: bool = False) -> str:
    """Return one field of an item as plain text on one line; ``literal`` takes a declared ``text/plain`` as it is."""
    value = dict.get(item, name)
    if not isinstance(value, str):
        return ""
    detail = dict.get(item, f"{name}_detail")
    is_plain = isinstance(detail, dict) and dict.get(detail, "type") == "text/plain"
    return flat(value) if literal and is_plain else to_text(value)


def links(item: Element, base: str) -> list[tuple[str, str, str]]:
    """Return the usable links of an item as ``(relation, type, address)``, its main link first."""
    found = [{"rel": "main", "href": dict.get(item, "link")}, *(dict.get(item, "links") or [])]
    usable = [link for link in found[:50] if isinstance(dict.get(link, "href"), str)]
    safe = (
        (str(dict.get(link, "rel") or ""), str(dict.get(link, "type") or ""), safe_link(link["href"], base))
        for link in usable
    )
    return [(relation, kind, address) for relation, kind, address in safe if address]


def moment(item: Element, names: tuple[str, ...] = ("published", "updated")) -> datetime | None:
    """Return the first of the named dates that can be read, aware UTC; ``None`` for years before 1900."""
    for name in names:
        parsed = dict.get(item, f"{name}_parsed")
        try:
            year, month, day, hour, minute, second = parsed[:6] if parsed else (1, 1, 1, 0, 0, 0)
            when = datetime(year, month, day, hour, minute, min(second, 59), tzinfo=UTC)
        except (ValueError, TypeError, OverflowError):
            continue
        if when >= _EARLIEST:
            return when
    return None


def precision(item: Element, names: tuple[str, ...] = ("published", "updated")) -> Literal["second", "day"]:
    """Return how much of its date an item states: ``day`` when there is no time of day."""
    raw = next((dict.get(item, name) for name in names if dict.get(item, f"{name}_parsed")), None)
    return "day" if isinstance(raw, str) and _DAY_ONLY.fullmatch(raw) else "second"


def authors(item: Element) -> tuple[str, ...]:
    """Return the names of an item's authors, each on its own, without addresses and affiliations."""
    printed = str(dict.get(item, "author") or "")
    names: dict[str, None] = {}
    for author in dict.get(item, "authors") or []:
        name = _whole_name(author, printed) if isinstance(author, dict) else ""
        names.update(dict.fromkeys(split_names(name)))
    return tuple(names)


def _whole_name(author: Element, printed: str) -> str:
    """Return the name of one author; feedparser cuts ``ada@lab.example (Ada)`` inside a domain it finds too long."""
    name, address = str(dict.get(author, "name") or ""), str(dict.get(author, "email") or "")
    if address and "(" in name and ")" not in name:
        return name.split("(", 1)[1]
    return "" if address and f"{address}{name}" in printed else name


def split_names(text: str) -> tuple[str, ...]:
    """Return the names in a printed list: ``A. Bee, C. Dee and E. Eff`` are three, ``Bee, Ada; Dee, Carl`` are two."""
    by_mail = _BY_MAIL.fullmatch(text[:1000])
    plain = to_text(by_mail[1] if by_mail else text)
    for _ in range(3):  # affiliations nest, hardly ever deeper
        plain = _IN_BRACKETS.sub(" ", plain)
    groups = [flat(group) for group in _BETWEEN_GROUPS.split(plain) if group.strip(" ,")]
    if groups and all(_FAMILY_FIRST.fullmatch(group) for group in groups):
        return tuple(" ".join(reversed(group.split(", ", 1)))[:200] for group in groups)
    names: list[str] = []
    for piece in (flat(piece) for group in groups for piece in group.split(",")):
        if names and _SUFFIX.fullmatch(piece):
            names[-1] = f"{names[-1]}, {piece}"
        elif piece and "@" not in piece:
            names.append(piece[:200])
    return tuple(names)


def categories(item: Element) -> tuple[str, ...]:
    """Return the terms that an item is filed under, each once."""
    tags = dict.get(item, "tags") or []
    terms = (flat(str(dict.get(tag, "term") or ""))[:100] for tag in tags[:50] if isinstance(tag, dict))
    return tuple(dict.fromkeys(term for term in terms if term))
