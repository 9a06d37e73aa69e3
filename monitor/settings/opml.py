"""Lists of feeds that feed readers export (OPML, http://opml.org/spec2.opml), and sources made of them. Pure.

Exports are often no well-formed XML (``&`` in addresses, encodings that are not the declared one), and all that matters
in them are the attributes of one element. So they are scanned for it in linear time, and no entity is ever expanded.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Collection, Container, Iterable, Iterator, Mapping
from dataclasses import dataclass
from html import unescape
from typing import Any

from pydantic import ValidationError

from monitor.errors import MonitorError
from monitor.settings.yaml import Document
from monitor.sources.feed import Options
from monitor.text import one_line

MAX_BYTES = 10_000_000
MAX_FEEDS = 2_000

_OUTLINE = re.compile(r"<(/?)outline\b((?:[^<>\"']|\"[^\"<]*\"|'[^'<]*')*+)>|<!--", re.IGNORECASE)
_ATTRIBUTE = re.compile(r"([A-Za-z][\w:.-]{0,40})\s*=\s*(?:\"([^\"]{0,5000})\"|'([^']{0,5000})')")
_ROOT = re.compile(r"<(?:opml|outline)\b", re.IGNORECASE)
_LINE = re.compile(r"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+$")


@dataclass(frozen=True, slots=True)
class OpmlFeed:
    """One feed of a list: its title, its address, and the folder (``News / Science``) that it is in."""

    title: str
    url: str
    folder: str = ""


@dataclass(frozen=True, slots=True)
class Opml:
    """The feeds of a list, each once, and in a sentence each what was left out."""

    feeds: tuple[OpmlFeed, ...]
    left_out: tuple[str, ...] = ()


def read(body: bytes) -> Opml:
    """Return the feeds in an OPML file, in its order.

    Raises MonitorError when it is larger than 10 MB, is no OPML, or lists no feed.
    """
    if len(body) > MAX_BYTES:
        raise MonitorError(f"the list is larger than {MAX_BYTES // 1_000_000} MB")
    text = _decoded(body)
    if not _ROOT.search(text):
        raise MonitorError("this is no OPML: it holds no <outline>")
    feeds: dict[str, OpmlFeed] = {}
    left_out: list[str] = []
    for feed in _listed(text):
        if reason := wrong_with(feed.url):
            left_out.append(f"{feed.title or feed.url}: {reason}")
        elif len(feeds) < MAX_FEEDS:
            feeds.setdefault(feed_key(feed.url), feed)
        elif feed_key(feed.url) not in feeds:
            left_out.append(f"{feed.title}: more than {MAX_FEEDS} feeds are in the list")
    if not feeds:
        raise MonitorError(f"the list holds no feed that can be read{': ' if left_out else ''}{''.join(left_out[:1])}")
    return Opml(tuple(feeds.values()), tuple(one_line(what, 200) for what in left_out[:100]))


def named(feeds: Collection[OpmlFeed], sources: dict[str, Any]) -> dict[str, OpmlFeed]:
    """Return the feeds that no source reads yet, each under a name that no source of ``sources`` has."""
    known = by_feed(sources)
    found: dict[str, OpmlFeed] = {}
    for feed in feeds:
        if feed_key(feed.url) in known:
            continue
        base = slug(feed.title) or slug(re.sub(r"^https?://(?:www\.)?", "", feed.url).split("/")[0]) or "feed"
        found[free_name(base, sources, found)] = feed
    return found


def by_feed(sources: Mapping[str, Any]) -> dict[str, str]:
    """Return the names of the sources that read a feed, by the ``feed_key`` of its address."""
    reads = [(name, raw.get("url")) for name, raw in sources.items() if isinstance(raw, dict)]
    return {feed_key(url): name for name, url in reversed(reads) if isinstance(url, str)}  # the first of several


def feed_key(url: str) -> str:
    """Return what the addresses of one feed have in common."""
    return re.sub(r"^https?://(?:www\.)?", "", url).rstrip("/").casefold()


def free_name(name: str, *taken: Container[str]) -> str:
    """Return ``name``, or the first of ``name-2``, ``name-3`` that is in none of ``taken``."""
    found, number = name, 1
    while any(found in names for names in taken):
        number += 1
        found = f"{name}-{number}"
    return found


def lines(feeds: dict[str, OpmlFeed]) -> list[str]:
    """Return the lines of monitor.yaml, without indent and line ends, that make sources of the feeds."""
    return [f"{name}: {{kind: feed, url: {json.dumps(feed.url)}}}{_note(feed)}" for name, feed in feeds.items()]


def inserted(document: Document, text: str, sources: Iterable[str]) -> str | None:
    """Return the text of monitor.yaml with lines behind its last source, one a source; nothing else in it changes.

    ``text`` is what ``document`` was read from. ``None`` when the sources are written in braces, in one value: nothing
    can be put in there line by line.
    """
    rows = _LINE.findall(text)
    key, event = document.key_events.get(("sources",)), document.events.get(("sources",))
    end = "\r\n" if rows and rows[0].endswith("\r\n") else "\n"
    if key is None:
        return "".join([*_ended(rows, end), f"sources:{end}", *(f"  {line}{end}" for line in sources)])
    if getattr(event, "flow_style", False):
        return None
    first = key.start_mark.line + 1
    columns = [
        mark.start_mark.column
        for place, mark in document.key_events.items()
        if place[:1] == ("sources",) and len(place) == 2
    ]
    following = [mark.start_mark.line for place, mark in document.key_events.items() if len(place) == 1]
    stop = min((line for line in following if line >= first), default=len(rows))
    indented = [number for number in range(first, stop) if rows[number].strip() and rows[number][0] in " \t"]
    place = max(indented, default=first - 1) + 1
    new = [f"{' ' * (columns[0] if columns else 2)}{line}{end}" for line in sources]
    return "".join([*_ended(rows[:place], end), *new, *rows[place:]])


def wrong_with(url: str) -> str:
    """Return why a feed with this address cannot be a source, or ``""``."""
    try:
        Options(url=url)
    except ValidationError as error:
        return str(error.errors()[0]["msg"]).removeprefix("Value error, ")
    return ""


def slug(text: str) -> str:
    """Return ``text`` as a name that a source or a profile may have, or ``""`` when nothing of it can stand there."""
    letters = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", letters).strip("-")[:48].strip("-")


def _ended(rows: list[str], end: str) -> list[str]:
    return [*rows[:-1], rows[-1] if rows[-1].endswith(("\n", "\r")) else rows[-1] + end] if rows else []


def _decoded(body: bytes) -> str:
    if body[:2] in {b"\xff\xfe", b"\xfe\xff"}:
        return body.decode("utf-16", "replace")
    try:
        return body.decode("utf-8-sig")
    except UnicodeDecodeError:
        return body.decode("cp1252", "replace")


def _listed(text: str) -> Iterator[OpmlFeed]:
    folders: list[str] = []
    place = 0
    while found := _OUTLINE.search(text, place):
        place = found.end()
        if found[2] is None:
            end = text.find("-->", place)
            place = end + 3 if end >= 0 else len(text)
        elif found[1]:
            folders = folders[:-1]
        else:
            values = _values(found[2])
            title = one_line(values.get("title") or values.get("text") or "", 200)
            if url := values.get("xmlurl") or (values.get("url", "") if values.get("type") == "rss" else ""):
                yield OpmlFeed(title, _web(url), " / ".join(folder for folder in folders if folder)[:200])
            if not found[2].endswith("/"):
                folders = [*folders, title][-50:]


def _values(attributes: str) -> dict[str, str]:
    found = _ATTRIBUTE.findall(attributes)
    return {name.lower(): " ".join(unescape(one or other).split()) for name, one, other in found[:50]}


def _web(url: str) -> str:
    """Return the address with ``feed:`` read as browsers do, and without the mark of our own references."""
    plain = re.sub(r"^feed:(?://)?(?=https?://)", "", url, flags=re.IGNORECASE)
    return re.sub(r"^feed://", "http://", plain, flags=re.IGNORECASE).replace("${", "$%7B")


def _note(feed: OpmlFeed) -> str:
    said = " / ".join(part for part in (feed.folder, feed.title) if part)
    return f"  # {one_line(said, 80)}" if said else ""
