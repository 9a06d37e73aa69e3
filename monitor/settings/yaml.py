"""YAML as text with positions: what a person wrote, and the line and column of each part of it.

A subset of YAML 1.2 (https://yaml.org/spec/1.2.2/): plain scalars stay text, so that ``no``, ``12:30``, ``010``,
``1.10`` and ``2611.01230`` mean what they look like; only an absent value, ``~`` and ``null`` are nothing. Whoever
knows the wanted type turns text into numbers. Duplicate keys, anchors, aliases and tags are refused, and size,
depth and the number of nodes are capped.

Built on libyaml's events rather than on ``compose``, which recurses in C and dies of 900 KB of ``[``.
"""

from __future__ import annotations

import re
import stat
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeAlias

import yaml

from monitor.errors import ConfigError, ConfigProblem
from monitor.settings.syntax import explain_syntax
from monitor.text import one_line

MAX_BYTES = 1_000_000
MAX_DEPTH = 20
MAX_NODES = 50_000

Loc: TypeAlias = tuple[int | str, ...]
"""The way from the top to a value: keys and list indices, as pydantic writes it."""

_NOTHING = frozenset({"", "~", "null", "Null", "NULL"})
_LINE_END = re.compile(r"\r\n|\r|\n")
_OTHER_LINE_ENDS = str.maketrans(
    "\x85\u2028\u2029", "   "
)  # line ends to YAML 1.1, but to no editor: as blanks, columns hold
_UNREADABLE = re.compile("[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_ODD_BLANK = re.compile(r"^[ -]*(?:[\w-]+:)?[ ]*([\u00a0\u2000-\u200b\u202f\u3000\ufeff])", re.MULTILINE)
_SECRET_NAMES = r"(?:[\w-]*[_-])?(?:password|passwd|secret|token|api_?key)"  # noqa: S105 - names, not a secret
_SECRET = re.compile(
    rf"""((?<![\w-]){_SECRET_NAMES}["']?\s*:\s*)(?!["']?\$\{{)("[^"]*"?|'[^']*'?|[^\s,}}][^,}}]*)""", re.IGNORECASE
)
_URL_SECRET = re.compile(r"(://[^/@:\s]*:)(?!\$\{)[^/@\s]+(?=@)")
_SHOWN_WIDTH = 160


@dataclass(slots=True)
class Document:
    """One file, read.

    ``value`` is made of dict, list, str and None; ``problems`` are the mistakes that did not stop the reading.
    ``events`` and ``key_events`` say where values and keys stand; ``unread`` holds the places that were refused.
    """

    path: Path
    lines: list[str]
    value: Any = None
    problems: list[ConfigProblem] = field(default_factory=list)
    events: dict[Loc, Any] = field(default_factory=dict)
    key_events: dict[Loc, Any] = field(default_factory=dict)
    unread: set[Loc] = field(default_factory=set)

    def resolve(self, loc: Loc) -> Loc:
        """Return the part of ``loc`` that is in the file, without what a validator put in between."""
        found: Loc = ()
        for part in loc:
            if (*found, part) in self.events:
                found = (*found, part)
        return found

    def is_unread(self, loc: Loc) -> bool:
        """Whether something on the way to ``loc`` was refused already, so that no more need be said about it."""
        return any(loc[:length] in self.unread for length in range(len(loc) + 1))

    def at(self, loc: Loc) -> Any:
        """Return the value at a resolved ``loc``."""
        value = self.value
        for part in loc:
            value = value[part]
        return value

    def problem(self, loc: Loc, message: str, hint: str = "", offset: int = 0) -> ConfigProblem:
        """Return a problem with the value at ``loc``, ``offset`` characters into it, or with its key."""
        found = self.resolve(loc)
        if found in self.key_events and not offset and isinstance(self.at(found), dict | None):
            return self.problem_with_key(found, message, hint)
        return self.problem_at(*self._spot(found, offset), message, hint)

    def problem_with_key(self, loc: Loc, message: str, hint: str = "") -> ConfigProblem:
        """Return a problem with the key that leads to ``loc``, or with the file as a whole."""
        found = self.resolve(loc)
        while found and found not in self.key_events:
            found = found[:-1]
        mark = self.key_events[found].start_mark if found else None
        return self.problem_at(mark.line + 1 if mark else 1, mark.column + 1 if mark else 1, message, hint)

    def problem_at(self, line: int, column: int, message: str, hint: str = "") -> ConfigProblem:
        """Return a problem at ``line`` and ``column`` (from 1), with the line as it may be shown: without secrets."""
        source = self.lines[line - 1] if 0 < line <= len(self.lines) else ""
        return ConfigProblem(self.path, line, column, message, _shown(source, column), hint)

    def _spot(self, loc: Loc, offset: int) -> tuple[int, int]:
        event = self.events.get(loc)
        if event is None:
            return 1, 1
        start, end = event.start_mark, event.end_mark
        if offset and start.line == end.line and isinstance(event, yaml.ScalarEvent):
            raw = self.lines[start.line][start.column : end.column]
            return start.line + 1, start.column + _raw_offset(raw, event.style or "", offset) + 1
        return start.line + 1, start.column + 1


def read_document(path: Path, draft: str | None = None) -> Document:
    """Return the file as a Document, or ``draft`` as if that stood in it.

    Raises ConfigError when the file cannot be read, holds no single mapping, or breaks off because of its syntax.
    """
    text = read_text(path) if draft is None else _decoded(path, draft.encode(errors="surrogatepass"))
    document = Document(path, _LINE_END.split(text))
    try:
        _Builder(document, text).build()
    except yaml.MarkedYAMLError as error:
        line, column, message, hint = explain_syntax(error, document.lines)
        raise ConfigError((*document.problems, document.problem_at(line, column, message, hint))) from None
    return document


def read_text(path: Path) -> str:
    """Return what is in the file, decoded from UTF-8 and without a byte order mark.

    Raises ConfigError, with the place, for what is not a text file that can be read.
    """
    return _decoded(path, _read_bytes(path))


def _decoded(path: Path, data: bytes) -> str:
    if len(data) > MAX_BYTES:
        raise _failure(path, f"this file is larger than {MAX_BYTES // 1_000_000} MB", "split it into several profiles")
    if data[:2] in {b"\xff\xfe", b"\xfe\xff"} or b"\x00" in data[:4]:
        raise _failure(path, "this file is UTF-16 or binary", "save it as UTF-8")
    try:
        text = data.decode("utf-8-sig").translate(_OTHER_LINE_ENDS)
    except UnicodeDecodeError as error:
        before = data[: error.start].decode("utf-8-sig")
        raise _failure(path, f"byte 0x{data[error.start]:02x} is not UTF-8", "save the file as UTF-8", before) from None
    if odd := _UNREADABLE.search(text):
        raise _failure(
            path, f"a control character, U+{ord(odd[0]):04X}, is in the text", "remove it", text[: odd.start()]
        )
    if blank := _ODD_BLANK.search(text):
        name = unicodedata.name(blank[1], "an invisible character").lower()
        message = f"{name} (U+{ord(blank[1]):04X}) stands where YAML wants a blank"
        raise _failure(path, message, "type ordinary blanks there", text[: blank.start(1)])
    return text


def _read_bytes(path: Path) -> bytes:
    try:
        if not stat.S_ISREG(path.stat().st_mode):  # a named pipe would block for ever
            raise _failure(path, "this is not a regular file", "give the path of a YAML file")
        with path.open("rb") as file:
            data = file.read(MAX_BYTES + 1)
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise _failure(path, f"this file cannot be read: {reason}", "check the path and its permissions") from None
    return data


def _failure(path: Path, message: str, hint: str, before: str = "") -> ConfigError:
    lines = _LINE_END.split(before)
    return ConfigError((ConfigProblem(path, len(lines), len(lines[-1]) + 1, message, hint=hint),))


class _Builder:
    """Turns events into the value of a Document, and notes where each part stands."""

    def __init__(self, document: Document, text: str) -> None:
        self._document = document
        self._events: Iterator[Any] = yaml.parse(text, Loader=yaml.CSafeLoader)
        self._nodes = 0

    def build(self) -> None:
        next(self._events)
        if isinstance(next(self._events), yaml.StreamEndEvent):
            raise self._stop(1, 1, "this file is empty", "write 'key: value' lines, or remove the file")
        top = next(self._events)
        self._document.value = self._value(top, ())
        next(self._events)
        rest = next(self._events)
        if not isinstance(rest, yaml.StreamEndEvent):
            raise self._stop_at(rest, "a second document starts here", "one file holds one; remove the line '---'")
        self._check_top(top)

    def _check_top(self, top: yaml.NodeEvent) -> None:
        if isinstance(self._document.value, dict):
            return
        hint = (
            "a blank is missing after the colon"
            if isinstance(self._document.value, str) and ":" in self._document.value
            else ""
        )
        raise self._stop_at(top, f"'key: value' lines are expected here, found {kind_of(self._document.value)}", hint)

    def _value(self, event: Any, loc: Loc) -> Any:
        self._nodes += 1
        if self._nodes > MAX_NODES:
            raise self._stop_at(
                event, f"this file holds more than {MAX_NODES:,} values", "split it into several profiles"
            )
        if len(loc) > MAX_DEPTH:
            raise self._stop_at(
                event,
                f"this is nested more than {MAX_DEPTH} levels deep",
                "nothing here needs that; check the brackets",
            )
        self._document.events[loc] = event
        self._refuse_references(event, loc)
        if isinstance(event, yaml.ScalarEvent):
            return None if not event.style and event.value in _NOTHING else event.value
        if isinstance(event, yaml.SequenceStartEvent):
            return self._list(loc)
        return self._map(loc) if isinstance(event, yaml.MappingStartEvent) else None

    def _list(self, loc: Loc) -> list[Any]:
        items: list[Any] = []
        while not isinstance(event := next(self._events), yaml.SequenceEndEvent):
            items.append(self._value(event, (*loc, len(items))))
        return items

    def _map(self, loc: Loc) -> dict[str, Any]:
        found: dict[str, Any] = {}
        while not isinstance(event := next(self._events), yaml.MappingEndEvent):
            if not isinstance(event, yaml.ScalarEvent):
                raise self._stop_at(event, "a key is expected here", "put text that starts with [, {, & or * in quotes")
            key, place = event.value, (*loc, event.value)
            self._refuse_references(event, place)
            if key in found:
                self._note_duplicate(event, place)
                self._value(
                    next(self._events), (*loc, key, key)
                )  # read, so that reading can go on; the first one stays
                continue
            self._document.key_events[place] = event
            found[key] = self._value(next(self._events), place)
        return found

    def _note_duplicate(self, event: Any, place: Loc) -> None:
        first = self._document.key_events[place].start_mark.line + 1
        message = f"the key {shown(event.value)} is here twice: on line {first} and on line {event.start_mark.line + 1}"
        self._note(event, message, "join the two, or remove one")

    def _refuse_references(self, event: Any, loc: Loc) -> None:
        """Anchors and aliases can turn 306 bytes into 387 million values, and tags can name any Python object."""
        if isinstance(event, yaml.AliasEvent):
            self._document.unread.add(loc)
            self._note(
                event,
                f"'*{event.anchor}' is an alias in YAML, and aliases are not read here",
                "put text that starts with * in quotes",
            )
        elif event.anchor is not None:
            self._note(
                event,
                f"'&{event.anchor}' is an anchor in YAML, and anchors are not read here",
                "put text that starts with & in quotes",
            )
        elif event.tag is not None:
            tag = event.tag.replace("tag:yaml.org,2002:", "!!")
            self._document.unread.add(loc)
            self._note(
                event,
                f"{shown(tag)} is a tag in YAML, and tags are not read here",
                "put text that starts with ! in quotes",
            )

    def _note(self, event: Any, message: str, hint: str) -> None:
        mark = event.start_mark
        self._document.problems.append(self._document.problem_at(mark.line + 1, mark.column + 1, message, hint))

    def _stop_at(self, event: Any, message: str, hint: str) -> ConfigError:
        return self._stop(event.start_mark.line + 1, event.start_mark.column + 1, message, hint)

    def _stop(self, line: int, column: int, message: str, hint: str) -> ConfigError:
        return ConfigError((*self._document.problems, self._document.problem_at(line, column, message, hint)))


def kind_of(value: Any) -> str:
    """Return what a value is, in the words of someone who writes YAML."""
    if value is None:
        return "nothing"
    return "a list" if isinstance(value, list | tuple) else "a map" if isinstance(value, dict) else "text"


def is_secret_key(name: str) -> bool:
    """Return whether the value under a key with this name must not be shown."""
    return re.fullmatch(_SECRET_NAMES, name, re.IGNORECASE) is not None


def has_url_secret(text: str) -> bool:
    """Return whether ``text`` holds a URL with a password in it."""
    return _URL_SECRET.search(text) is not None


def shown(text: str, limit: int = 60) -> str:
    """Return ``text`` quoted, short and fit for a message."""
    return repr(one_line(text, limit))


def _shown(source: str, column: int) -> str:
    if column > _SHOWN_WIDTH:
        return ""
    masked = _URL_SECRET.sub(r"\1***", _SECRET.sub(r"\1***", source))
    plain = "".join(
        char if char.isprintable() else " " if char in "\t\xa0" else "\N{REPLACEMENT CHARACTER}" for char in masked
    )
    return plain if len(plain) <= _SHOWN_WIDTH else plain[: _SHOWN_WIDTH - 1] + "…"


_ESCAPE = re.compile(r"\\(?:x[0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8}|.)|.")
_DOUBLED = re.compile(r"''|.")


def _raw_offset(raw: str, style: str, offset: int) -> int:
    """Return where the character ``offset`` of a scalar's text stands in its source: quotes and escapes take room."""
    if style not in {"'", '"'}:
        return offset
    pieces = (_DOUBLED if style == "'" else _ESCAPE).finditer(raw[1:-1])
    ends = [piece.end() for _, piece in zip(range(offset), pieces, strict=False)]
    return 1 + (ends[-1] if ends else 0)
