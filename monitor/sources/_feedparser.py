"""feedparser in a guard: bytes in, plain values out, ParseError and nothing else on the way.

feedparser opens strings as addresses and as paths, and bytes as paths too, so it only ever gets a stream. It raises on
some broken feeds (6 of 100 mutated ones), and hands scripts, ``javascript:`` links and new lines through as they came.
"""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, Generic, Literal, TypeVar
from xml.sax import SAXException

from monitor.errors import ParseError
from monitor.sources._feed_slices import Slice, cut, repaired, unwidened
from monitor.sources._plain import flat, safe_link, to_text
from monitor.types.listings import Answer, Oddity

T = TypeVar("T")

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
_ROOT = re.compile(rb"(?i)<(?:[\w.-]{1,40}:)?(?:rss|feed|rdf|channel|item|entry)\b")
_BY_MAIL = re.compile(r"\s*\S+@\S+\s*\(([^()]{1,200})\)\s*")
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{1,8}){0,4}")
_SKIPPED = re.compile(rb"<skipDays\s*>(.{0,2000}?)</skipDays\s*>", re.DOTALL)
_DAY = re.compile(rb"(?i)<day\s*>\s*(mon|tues|wednes|thurs|fri|satur|sun)day\s*</day\s*>")
_WEEKDAYS = (b"mon", b"tues", b"wednes", b"thurs", b"fri", b"satur", b"sun")
_PERIODS = {"hourly": 1, "daily": 24, "weekly": 24 * 7, "monthly": 24 * 30, "yearly": 24 * 365}
_LONGEST_WAIT = timedelta(days=1)


Element = dict[str, Any]
"""One element as feedparser gives it; read with ``dict.get``, because its own look-up also answers for other names."""


@dataclass(slots=True)
class Head:
    """What a feed says of itself: ``version`` such as ``rss20``, its elements, and the language it declares."""

    version: str = ""
    values: Element = field(default_factory=dict)
    language: str = ""


@dataclass(slots=True)
class Feed(Generic[T]):
    """One parsed feed: its head, its items, how many it holds, and what was odd about the whole."""

    about: Head = field(default_factory=Head)
    items: list[T] = field(default_factory=list)
    announced: int = 0
    notes: list[Oddity] = field(default_factory=list)

    @property
    def version(self) -> str:
        """The format and its version, such as ``atom10``."""
        return self.about.version

    @property
    def head(self) -> Element:
        """The elements that stand beside the items."""
        return self.about.values


def read(answer: Answer) -> Feed[Element]:
    """Return the feed in ``answer``; see ``read_each``, which takes less memory."""
    return read_each(answer, lambda item, *_: item)


def read_each(answer: Answer, made: Callable[[Element, str, Head], T]) -> Feed[T]:
    """Return the feed in ``answer``, each item as what ``made`` returns for it, its place and the feed's head.

    Long feeds are read a few items at a time, so that ``made`` is called before all items are known. Raises ParseError
    when the bytes are not RSS, RDF or Atom, break off before the first item, or would take too much memory.
    """
    body, kind = answer.body, flat(answer.content_type)[:200]
    _refuse_other_things(body)
    if (plain := unwidened(body)) is not None:
        body, kind = plain, "application/xml; charset=utf-8"
    whole = cut(body)
    feed: Feed[T] = Feed()
    broken = ""
    for part in whole.slices():
        if isinstance(part, Oddity):
            feed.notes.append(part)
            continue
        result = _parsed(part.body, {"content-type": kind} if kind else {})
        reason = _take(feed, result, part, made)
        if reason and part.is_last and not _CLOSED.search(body[-4000:]) and feed.items:
            feed.items.pop()
            feed.notes.append(Oddity(f"item {len(feed.items) + 1}", "is cut off: the feed ends in the middle of it"))
        broken = broken or reason
    feed.announced = max(whole.announced, len(feed.items))
    _judge(feed, broken)
    return feed


def _take(feed: Feed[T], result: Any, part: Slice, made: Callable[[Element, str, Head], T]) -> str:
    """Add the items of one slice; returns why its XML is broken, or ``""``."""
    exception = dict.get(result, "bozo_exception")
    if "amplification" in str(exception):
        raise ParseError("", "the feed is an entity bomb: a few characters of it would grow into gigabytes")
    if not feed.about.version:
        feed.about.version = str(dict.get(result, "version") or "")
        feed.about.values = dict.get(result, "feed") or {}
        feed.about.language = language(dict.get(feed.about.values, "language"))
    for place, item in enumerate(dict.get(result, "entries") or (), start=part.first):
        feed.items.append(made(item, f"item {place}", feed.about))
    return flat(str(exception)) if isinstance(exception, SAXException) else ""


def _judge(feed: Feed[T], broken: str) -> None:
    if not feed.items and feed.notes:
        raise ParseError("", f"nothing of the feed can be read: {feed.notes[0]}")
    if not feed.version and not feed.items:
        raise ParseError("", "the answer is not an RSS, RDF or Atom feed; look at the address in a browser")
    if broken and not feed.items:
        raise ParseError("", f"the feed is broken before its first item: {broken[:200]}")
    if broken:
        what = f"its XML is broken ({broken[:120]}); {len(feed.items)} items could be read"
        feed.notes.insert(0, Oddity("feed", what))


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


def _refuse_other_things(body: bytes) -> None:
    start = repaired(body[:2000]).lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if not start:
        raise ParseError("", "the answer is empty")
    if start.startswith((b"{", b"[")):
        raise ParseError("", "the answer is JSON; this kind reads RSS, RDF and Atom")
    if start.startswith((b"<!doctype html", b"<html")):
        raise ParseError("", "the answer is a web page, perhaps a log-in or a check for robots, and not a feed")
    if not _ROOT.search(body[:100_000]) and b"\x00" not in body[:4]:
        raise ParseError("", "the answer is not an RSS, RDF or Atom feed; look at the address in a browser")


# --- what a feed says of itself ---------------------------------------------------------------------------------------


def every(head: Element) -> timedelta | None:
    """Return how long the feed says to wait (RSS ``ttl`` in minutes, else ``sy:updatePeriod``), at most a day."""
    minutes = str(dict.get(head, "ttl") or "").strip()
    if re.fullmatch(r"\d{1,9}", minutes):
        return min(timedelta(minutes=int(minutes)), _LONGEST_WAIT)
    hours = _PERIODS.get(str(dict.get(head, "sy_updateperiod") or "").strip().lower())
    times = str(dict.get(head, "sy_updatefrequency") or "1").strip()
    if hours is None or not re.fullmatch(r"[1-9]\d{0,5}", times):
        return None
    return min(timedelta(hours=hours) / int(times), _LONGEST_WAIT)


def skip_days(body: bytes) -> frozenset[int]:
    """Return the weekdays (0 is Monday) in RSS ``skipDays`` before the first item; feedparser keeps only the last."""
    head = body[:100_000]
    item = re.search(rb"(?i)<(?:item|entry)[\s>]", head)
    found = _SKIPPED.search(head[: item.start()] if item else head)
    return frozenset(_WEEKDAYS.index(name.lower()) for name in _DAY.findall(found[1])) if found else frozenset()


def language_of(item: Element, head: Head) -> str:
    """Return the language that an item declares for itself, or the feed for all of them."""
    detail = dict.get(item, "title_detail")
    own = dict.get(item, "language") or (dict.get(detail, "language") if isinstance(detail, dict) else None)
    return (language(own) if own else "") or head.language


def language(value: Any) -> str:
    """Return a declared language as BCP 47 writes it, and ``""`` for what cannot be one."""
    name = value.strip().replace("_", "-") if isinstance(value, str) else ""
    return name if _LANGUAGE.fullmatch(name) else ""


# --- parts of one item ------------------------------------------------------------------------------------------------


def plain_text(item: Element, name: str, *, literal: bool = False) -> str:
    """Return one field of an item as plain text on one line; ``literal`` takes a declared ``text/plain`` as it is."""
    value = dict.get(item, name)
    if not isinstance(value, str):
        return ""
    detail = dict.get(item, f"{name}_detail")
    is_plain = isinstance(detail, dict) and dict.get(detail, "type") == "text/plain"
    return flat(value) if literal and is_plain else to_text(value)


def parts(item: Element, name: str) -> list[Element]:
    """Return the elements that feedparser collected under ``name``; a feed's own ``<links>`` is a text of that name."""
    found = dict.get(item, name)
    return [part for part in found if isinstance(part, dict)] if isinstance(found, list) else []


def links(item: Element, base: str) -> list[tuple[str, str, str]]:
    """Return the usable links of an item as ``(relation, type, address)``, its main link first."""
    found = [{"rel": "main", "href": dict.get(item, "link")}, *parts(item, "links")][:50]
    safe: dict[str, str | None] = {}
    usable: list[tuple[str, str, str]] = []
    for link in found:
        href = dict.get(link, "href")
        if not isinstance(href, str):
            continue
        if href not in safe:
            safe[href] = safe_link(href, base)
        if address := safe[href]:
            usable.append((str(dict.get(link, "rel") or ""), str(dict.get(link, "type") or ""), address))
    return usable


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
    for author in parts(item, "authors"):
        name = _whole_name(author, printed)
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
    for _ in range(3 if "(" in plain else 0):  # affiliations nest, hardly ever deeper
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


def categories(item: Element, but: str = "-") -> tuple[str, ...]:
    """Return the terms that an item is filed under, each once, ``but`` for those of one scheme."""
    tags = [tag for tag in parts(item, "tags") if dict.get(tag, "scheme") != but]
    terms = (flat(str(dict.get(tag, "term") or ""))[:100] for tag in tags[:50])
    return tuple(dict.fromkeys(term for term in terms if term))
