"""BibTeX and BibLaTeX files: their records as plain fields, in linear time, each broken record told of and left out.

A reader of our own: on a megabyte of broken records bibtexparser 2.1 takes 6 s and 170 MB, and pybtex 0.26 gives up the
whole file at the first mistake and lets 22 lines of ``@string`` grow to 100 MB. A record ends where the next one starts
on a line of its own, so that a missing brace costs one record.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from monitor.sources._plain import flat
from monitor.text import latex_to_text
from monitor.types.listings import Oddity

_START = re.compile(r"^[ \t]*@[ \t]*([A-Za-z]{1,40})\s{0,20}([{(])", re.MULTILINE)
_KEY = re.compile(r"\s*([^\s,={}\"#%]{0,300})\s*,")
_FIELD = re.compile(r"[\s,]*([A-Za-z][\w:.+-]{0,60})\s*=\s*")
_PLAIN = re.compile(r"[^\s,#{}\"()=]{1,300}")
_JOINED = re.compile(r"\s*#\s*")
_BRACE = re.compile(r"\\.|[{}]", re.DOTALL)
_BRACE_OR_QUOTE = re.compile(r"\\.|[{}\"]", re.DOTALL)
_AND = re.compile(r"[{}]|\s+and\s+", re.IGNORECASE)
_NOT_RECORDS = frozenset({"comment", "preamble", "string"})
_MOST_FIELDS = 100
_MAX_MACRO = 1_000
_MAX_VALUE = 100_000
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")


@dataclass(frozen=True, slots=True)
class Record:
    """One record: its fields, names in lower case, values as they stand in the file; and the line where it starts."""

    fields: dict[str, str]
    line: int


def records(text: str) -> Iterator[Record | Oddity]:
    """Give the records of a file, in order, and an oddity for each one that cannot be read."""
    macros = {month: month for month in _MONTHS}
    starts = [found.start() for found in _START.finditer(text)]
    line, counted = 1, 0
    for start, end in pairwise([*starts, len(text)]):
        line, counted = line + text.count("\n", counted, start), start
        found = _START.match(text, start)
        kind = found[1].lower() if found else "comment"
        if found is None or kind in {"comment", "preamble"}:
            continue
        try:
            fields = _fields(text[found.end() : end], macros, has_key=kind != "string")
        except ValueError as error:
            yield Oddity(f"line {line}", f"the record is broken: {error}")
            continue
        if kind == "string":
            macros.update({name: value[:_MAX_MACRO] for name, value in fields.items()})
        else:
            yield Record(fields, line)


def plain(value: str) -> str:
    """Return a value as a reader would see it: LaTeX turned into text, the braces that keep capitals gone."""
    return flat(latex_to_text(flat(value)[:_MAX_VALUE]))


def names(value: str) -> tuple[str, ...]:
    """Return the people in an ``author`` field, given name first; ``and others`` is nobody."""
    people = (_name(person) for person in _people(value[:_MAX_VALUE]))
    return tuple(dict.fromkeys(name[:200] for name in people if name and name.lower() != "others"))


def _people(value: str) -> Iterator[str]:
    depth = place = 0
    for found in _AND.finditer(value):
        if found[0] in "{}":
            depth = max(depth + (1 if found[0] == "{" else -1), 0)
        elif depth == 0:
            yield value[place : found.start()]
            place = found.end()
    yield value[place:]


def _name(person: str) -> str:
    if person.strip().startswith("{") and person.strip().endswith("}"):  # an organisation: its commas are its own
        return plain(person).strip("{}")
    parts = [flat(part.replace("{", "").replace("}", "")) for part in plain(person).split(",")]
    if len(parts) == 2:
        return flat(f"{parts[1]} {parts[0]}")
    return flat(f"{parts[2]} {parts[0]}, {parts[1]}") if len(parts) == 3 else flat(", ".join(parts))


def _fields(text: str, macros: dict[str, str], *, has_key: bool) -> dict[str, str]:
    """Return the fields of one record. Raises ValueError, saying what is wrong, when it is broken."""
    fields: dict[str, str] = {}
    key = _KEY.match(text) if has_key else None
    if has_key and key is None:
        raise ValueError("it has no fields")
    place = key.end() if key else 0
    while (found := _FIELD.match(text, place)) and len(fields) < _MOST_FIELDS:
        value, place = _value(text, found.end(), macros)
        fields.setdefault(found[1].lower(), value)
    rest = text[place:].lstrip(" \t\r\n,")
    if rest and rest[0] not in "})":
        raise ValueError(f"cannot read on at {flat(rest[:40])!r}")
    if not rest:
        raise ValueError("it does not end")
    return fields


def _value(text: str, place: int, macros: dict[str, str]) -> tuple[str, int]:
    pieces: list[str] = []
    length = 0
    while True:
        piece, place = _piece(text, place, macros)
        length += len(piece)
        if length <= _MAX_VALUE:
            pieces.append(piece)
        joined = _JOINED.match(text, place)
        if joined is None:
            return "".join(pieces), place
        place = joined.end()


def _piece(text: str, place: int, macros: dict[str, str]) -> tuple[str, int]:
    opened = text[place : place + 1]
    if opened in {"{", '"'}:
        end = _end_of(text, place + 1, opened)
        return text[place + 1 : min(end, place + 1 + _MAX_VALUE)], end + 1
    found = _PLAIN.match(text, place)
    if found is None:
        raise ValueError(f"a value is missing at {flat(text[place : place + 40])!r}")
    return macros.get(found[0].lower(), found[0]), found.end()


def _end_of(text: str, place: int, opened: str) -> int:
    depth = 0
    for found in (_BRACE if opened == "{" else _BRACE_OR_QUOTE).finditer(text, place):
        if found[0] == "{":
            depth += 1
        elif found[0] == "}":
            if depth == 0 and opened == "{":
                return found.start()
            depth = max(depth - 1, 0)
        elif found[0] == '"' and depth == 0:
            return found.start()
    raise ValueError("a brace or quotation mark is not closed")
