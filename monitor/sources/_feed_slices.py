"""A feed's bytes cut into small feeds: its head and a few of its items at a time.

feedparser takes ten times the size of what it reads, so a feed is read in pieces, each of them well-formed when the
feed is. What would take it minutes or gigabytes is refused before: deep nesting, thousands of attributes, entities
that grow. Bytes that XML does not allow, and references to characters that do not exist, are made harmless.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from monitor.errors import ParseError
from monitor.sources._limits import MAX_ENTRIES
from monitor.types.listings import Oddity

SLICE = 250_000
"""Bytes of items that are read at one time."""
MAX_ITEM = 2_000_000
"""Bytes of one item that is read."""

_MAX_HEAD = 1_000_000
_MAX_GROWTH = 10_000_000
_MOST_AT_ONCE = 500
_DEEPEST = 500
_MOST_ATTRIBUTES = 200
_ITEM = re.compile(rb"(?i)<(?:(!\[CDATA\[|!--)|((?:[a-z][\w.-]{0,39}:)?(?:item|entry))(?=[\s>/]))")
_TAG = re.compile(rb"<(?:(!\[CDATA\[|!--)|(/?)([A-Za-z_][\w.:-]{0,60})([^<>]*)>)")
_ELEMENT = re.compile(rb"<(/?)[A-Za-z]([^<>]*+)>")
_ENTITY = re.compile(rb"<!ENTITY\s{1,20}(?:%\s{1,20})?([^\s<>%]{1,100})\s{1,20}(?:\"([^\"]*)\"|'([^']*)')")
_NAMED = re.compile(rb"&([^\s;&#]{1,100});")
_REFERENCE = re.compile(rb"&#(?:[xX]([0-9a-fA-F]{1,12})|([0-9]{1,12}));")
_CONTROLS = bytes(code for code in range(32) if code not in (9, 10, 13))
_TO_BLANKS = bytes.maketrans(_CONTROLS, b" " * len(_CONTROLS))
_DECLARED = re.compile(r"\s*<\?xml[^>]{0,200}\?>")
_WIDE = {b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16"}


@dataclass(frozen=True, slots=True)
class Slice:
    """One small feed, the number (from 1) of its first item, and whether it holds the last one."""

    body: bytes
    first: int
    is_last: bool = True


@dataclass(frozen=True, slots=True)
class Cut:
    """Where a feed's items start, as far as they are read, and how many there are."""

    body: bytes
    starts: list[int]
    announced: int

    @property
    def head(self) -> bytes:
        """What stands before the first item."""
        return self.body[: self.starts[0]] if self.starts else self.body

    def slices(self) -> Iterator[Slice | Oddity]:
        """Give the feed in pieces, in order, and an oddity for each item that is too large.

        Raises ParseError on what cannot be read in bounded time and memory.
        """
        if len(self.body) <= SLICE and len(self.starts) <= _MOST_AT_ONCE:
            yield Slice(repaired(self.body), 1)
            return
        head = self.head
        closing = b"".join(b"</%s>" % name for name in reversed(_open_in(head)))
        ends = [*self.starts, len(self.body)][: MAX_ENTRIES + 1]
        for first, last in _groups(ends, max(SLICE, len(head))):
            start, end = ends[first], ends[last]
            if end - start > MAX_ITEM:
                size = f"{(end - start) / 1e6:.1f} MB"
                yield Oddity(f"item {first + 1}", f"takes {size} and was left out: {MAX_ITEM // 1_000_000} are read")
                continue
            is_end = end == len(self.body)
            text = b"".join((head, self.body[start:end], b"" if is_end else closing))
            yield Slice(repaired(text), first + 1, is_end)


def cut(body: bytes) -> Cut:
    """Return where the items of a feed start. Raises ParseError for bombs of several kinds."""
    starts: list[int] = []
    announced, name, place = 0, b"", 0
    while found := _ITEM.search(body, place):
        place = found.end()
        if found[1]:
            end = body.find(b"]]>" if found[1].startswith(b"![") else b"-->", place)
            if end < 0:
                break
            place = end + 3
        elif not name or found[2].lower() == name:
            name = name or found[2].lower()
            announced += 1
            if len(starts) <= MAX_ENTRIES:
                starts.append(found.start())
    whole = Cut(body, starts, announced)
    _refuse_bombs(whole)
    return whole


def unwidened(body: bytes) -> bytes | None:
    """Return a long feed in UTF-16 or UTF-32 as UTF-8, without its declaration; ``None`` for any other."""
    if len(body) <= SLICE or not (body[:2] in _WIDE or b"\x00" in body[:4]):
        return None
    if body[:4] in {b"\xff\xfe\x00\x00", b"\x00\x00\xfe\xff"} or body[:3] == b"\x00\x00\x00" or body[1:4] == b"\0\0\0":
        name = "utf-32" if body[:1] in {b"\xff", b"<"} else "utf-32-be"
    else:
        name = _WIDE.get(body[:2]) or ("utf-16-be" if body[:1] == b"\x00" else "utf-16-le")
    return _DECLARED.sub("", body.decode(name, "replace").lstrip("\ufeff"), count=1).encode("utf-8", "replace")


def repaired(body: bytes) -> bytes:
    """Return ``body`` without control characters and without references to characters that do not exist."""
    if body[:2] in _WIDE or b"\x00" in body[:4]:  # UTF-16 and UTF-32 keep their own ways
        return body
    return _REFERENCE.sub(_valid_reference, body.translate(_TO_BLANKS)).lstrip()


def _valid_reference(found: re.Match[bytes]) -> bytes:
    code = int(found[1], 16) if found[1] else int(found[2])
    allowed = code in {9, 10, 13} or 32 <= code < 0xD800 or 0xE000 <= code < 0xFFFE or 0x10000 <= code <= 0x10FFFF
    return found[0] if allowed else b"&#xFFFD;"


def _groups(ends: list[int], size: int) -> Iterator[tuple[int, int]]:
    """Give the items' numbers ``first`` to ``last`` (not included) of each slice of about ``size`` bytes."""
    first = 0
    for number, (start, end) in enumerate(pairwise(ends)):
        is_full = start - ends[first] >= size or number - first >= _MOST_AT_ONCE or end - start > MAX_ITEM
        if number > first and (is_full or start - ends[number - 1] > MAX_ITEM):
            yield first, number
            first = number
    yield first, len(ends) - 1


def _open_in(head: bytes) -> list[bytes]:
    """Return the names of the elements that are still open where ``head`` ends, the outermost first."""
    names: list[bytes] = []
    place = 0
    while found := _TAG.search(head, place):
        place = found.end()
        if found[1]:
            end = head.find(b"]]>" if found[1].startswith(b"![") else b"-->", place)
            place = end + 3 if end >= 0 else len(head)
        elif found[2]:
            while found[3] in names and names.pop() != found[3]:
                pass
        elif not found[4].endswith(b"/"):
            names.append(found[3])
    return names


def _refuse_bombs(feed: Cut) -> None:
    """Raise on what takes feedparser minutes or gigabytes."""
    body, starts = feed.body, feed.starts
    if (starts[0] if starts else len(body)) > _MAX_HEAD:
        raise ParseError("", "the answer is no feed: a megabyte of it stands before the first item")
    if b"<!ENTITY" in body:
        _refuse_growing_entities(body)
    for start, end in pairwise([0, *starts[:MAX_ENTRIES], len(body)]):
        if body.count(b"<", start, end) > _DEEPEST - 50 or body.count(b"=", start, end) > _MOST_ATTRIBUTES:
            _refuse_deep(body[start : min(end, start + MAX_ITEM)])


def _refuse_growing_entities(body: bytes) -> None:
    values = {name: one or other for name, one, other in _ENTITY.findall(body)}
    nested = any(name in values for value in values.values() for name in _NAMED.findall(value))
    longest = max(map(len, values.values()), default=0)
    if nested or longest * body.count(b"&") > _MAX_GROWTH:
        raise ParseError("", "the feed is an entity bomb: a few characters of it would grow into gigabytes")


def _refuse_deep(part: bytes) -> None:
    depth = 0
    first, *others = part.split(b"<![CDATA[")
    outside = b"".join([first, *(other.partition(b"]]>")[2] for other in others)])
    for tag in _ELEMENT.finditer(outside):
        if tag[2].count(b"=") > _MOST_ATTRIBUTES:
            raise ParseError("", f"an element has more than {_MOST_ATTRIBUTES} attributes")
        if tag[1]:
            depth = max(depth - 1, 0)
        elif not tag[2].endswith(b"/"):
            depth += 1
        if depth > _DEEPEST:
            raise ParseError("", f"elements are nested more than {_DEEPEST} deep")
