"""Files of papers that reference managers export: BibTeX, RIS, Zotero's RDF and CSV, JSON, lists, and PDFs.

No kind of source: a profile names such files under ``like`` and ``unlike``. Sans I/O as all of this room; each part
that cannot be read is told with its line, and the others stand. The reader of RIS is our own: rispy 0.10 knows no
lines, and gives up the whole file at the first record without an end.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import PurePath

from monitor.errors import ParseError
from monitor.sources import _library_json, _pdf, _zotero_rdf
from monitor.sources._capture import decoded
from monitor.sources._ids import arxiv_id, doi_id, ids_in_link
from monitor.sources._limits import MAX_ODDITIES
from monitor.sources._plain import flat, to_text
from monitor.sources.bibtex import entries as bibtex_entries
from monitor.types.listings import Entry, Oddity

MOST = 5_000
"""Papers of one file that count."""

_RIS = re.compile(r"([A-Z][A-Z0-9])  ?-(?: (.*))?")
_LONGEST = 20_000
_ARXIV = re.compile(r"\barxiv:\s*([\w.-]{1,30}(?:/\d{7})?(?:v\d+)?)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class References:
    """The papers of one file, entries or what a plain list names; what could not be read; and how many it holds."""

    items: tuple[Entry | str, ...]
    oddities: tuple[Oddity, ...]
    held: int


def read(name: str, body: bytes) -> References:
    """Return the papers of the file ``name``, the first ``MOST`` of them.

    Raises ParseError when the file is not what its ending says, or nothing in it is a paper.
    """
    items: list[Entry | str] = []
    oddities: list[Oddity] = []
    held = 0
    for one in _READERS[PurePath(name).suffix.lower()](body):
        if isinstance(one, Oddity):
            oddities += [one][: MAX_ODDITIES - len(oddities)]
        else:
            held += 1
            items += [one][: MOST - len(items)]
    if not items:
        raise ParseError("", f"{oddities[0]}" if oddities else "the file names no paper")
    return References(tuple(items), tuple(oddities), held)


def _bibtex(body: bytes) -> Iterator[Entry | Oddity]:
    yield from bibtex_entries(body)


def _ris(body: bytes) -> Iterator[Entry | Oddity]:
    fields: dict[str, list[str]] = {}
    start, last = 0, ""
    for number, line in enumerate(decoded(body).split("\n"), start=1):
        tagged = _RIS.fullmatch(line.strip())
        tag = tagged[1] if tagged else ""
        if tag in ("TY", "ER"):
            if fields:
                yield _of_ris(fields, f"line {start}")
            fields, start, last = ({"TY": [""]} if tag == "TY" else {}), number, ""
        elif tagged and fields:
            last = tag
            fields.setdefault(tag, []).append((tagged[2] or "")[:_LONGEST])
        elif line.strip() and fields and last:
            held = fields[last]
            held[-1] = f"{held[-1]} {line.strip()}"[:_LONGEST]
        elif line.strip():
            yield Oddity(f"line {number}", f"stands in no record: {flat(line[:60])!r}")
    if fields:
        yield _of_ris(fields, f"line {start}")


def _of_ris(fields: Mapping[str, list[str]], where: str) -> Entry | Oddity:
    title, abstract = (
        next((flat(value) for tag in tags for value in fields.get(tag, ()) if value.strip()), "")
        for tags in (("TI", "T1", "CT"), ("AB", "N2"))
    )
    people = (name for tag in ("AU", "A1") for name in fields.get(tag, ()))
    named = (value for tag in ("DO", "UR", "L1", "L2", "M1", "M3", "AN", "C1") for value in fields.get(tag, ()))
    return _entry(title, abstract, people, named, where)


def _rdf(body: bytes) -> Iterator[Entry | Oddity]:
    for item in _zotero_rdf.read(body):
        people = (f"{family}, {given}" if given else family for family, given in item.people)
        fields = item.fields
        yield _entry(fields.get("title", ""), fields.get("abstract", ""), people, item.names, f"line {item.line}")


def _csv(body: bytes) -> Iterator[Entry | Oddity]:
    rows = csv.reader(io.StringIO(decoded(body), newline=""))
    try:
        columns = [name.strip().lower() for name in next(rows, [])]
        if "title" not in columns:
            raise ParseError("", "line 1: no column is named Title, as in Zotero's CSV export")
        start = rows.line_num + 1
        for row in rows:
            held = dict(zip(columns, row, strict=False))
            people = re.split(r"\s*;\s*", held.get("author") or held.get("authors") or "")
            named = (held.get(name, "") for name in ("doi", "url", "extra", "archive id", "arxiv", "id"))
            if any(row):
                abstract = held.get("abstract note") or held.get("abstract") or ""
                yield _entry(held.get("title", ""), abstract, people, named, f"line {start}")
            start = rows.line_num + 1
    except csv.Error as error:
        yield Oddity(f"line {rows.line_num}", f"cannot be read as CSV, nor what follows: {error}")


def _json(body: bytes) -> Iterator[Entry | Oddity]:
    for number, item in enumerate(_library_json.read(body), start=1):
        where = f"item {number}"
        yield (
            _entry(item.title, item.abstract, item.people, item.named, where) if item else Oddity(where, "has no title")
        )


def _list(body: bytes) -> Iterator[str | Oddity]:
    for number, line in enumerate(decoded(body).split("\n"), start=1):
        name = line.strip()
        if len(name) > 500 or not name.isprintable():
            yield Oddity(f"line {number}", "is no id, address or title: one a line, at most 500 characters")
        elif name and not name.startswith("#"):
            yield name


_READERS: dict[str, Callable[[bytes], Iterator[Entry | Oddity | str]]] = {
    ".bib": _bibtex, ".bibtex": _bibtex, ".ris": _ris, ".rdf": _rdf, ".csv": _csv, ".json": _json, ".txt": _list,
    ".pdf": _pdf.read,
}  # fmt: skip
ENDINGS = frozenset(_READERS)


def _entry(title: str, abstract: str, people: Iterable[str], named: Iterable[str], where: str) -> Entry | Oddity:
    title = to_text(title)
    if not title:
        return Oddity(where, "has no title")
    authors = dict.fromkeys(flat(" ".join(reversed(name.split(",", 1)))) for name in people)
    ids = dict.fromkeys(one for text in named for one in _ids(text))
    return Entry(title, to_text(abstract), tuple(name for name in authors if name), tuple(ids), where=where)


def _ids(text: str) -> Iterator[str]:
    text = flat(text[:2_000]).removeprefix("DOI ")
    yield from ids_in_link(text)
    if found := doi_id(text):
        yield found
    printed = _ARXIV.search(text)
    if found := arxiv_id(printed[1] if printed else text):
        yield found
