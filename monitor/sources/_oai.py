"""One page of an OAI-PMH harvest in arXiv's own format, read from hostile XML in bounded memory.

The protocol: https://www.openarchives.org/OAI/openarchivesprotocol.html. The format: http://arxiv.org/OAI/arXiv.xsd.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from xml.parsers import expat

from monitor.errors import ParseError
from monitor.sources._feed_slices import repaired
from monitor.sources._limits import MAX_ENTRIES
from monitor.sources._plain import flat

_ROOT = re.compile(rb"<(?:[\w.-]{1,40}:)?(OAI-PMH|rss|RDF|feed|html)\b")
_FIELDS = frozenset({"identifier", "datestamp", "id", "created", "updated", "title", "categories", "abstract", "doi"})
_NAME = ("forenames", "keyname", "suffix")
_DEEPEST = 20
_LONGEST = 100_000  # characters of one element
_MOST_AUTHORS = 5_000
_MOST_REFERENCES = 50_000
_LONG_TAG = re.compile(rb"<[^<>]{100000}")


@dataclass(slots=True)
class Record:
    """One record: its fields by the names they have in the answer, each on one line, its authors, where they work."""

    fields: dict[str, str] = field(default_factory=dict)
    authors: list[str] = field(default_factory=list)
    institutions: list[str] = field(default_factory=list)
    is_deleted: bool = False


@dataclass(frozen=True, slots=True)
class Page:
    """The records of one answer, and the token that asks for the next page (``""`` on the last one)."""

    records: tuple[Record, ...]
    token: str


def is_page(body: bytes) -> bool:
    """Whether an answer is one of this protocol."""
    root = _ROOT.search(body[:10_000])
    return root is not None and root[1] == b"OAI-PMH"


def read(body: bytes) -> Page:
    """Return the records in an answer; no record matching the question is an empty page.

    Raises ParseError when it is cut off or broken, declares a document type (that is where entity bombs are), or says
    that the question was wrong, such as a token that has run out.
    """
    if _LONG_TAG.search(body) or body.count(b"&#") > _MOST_REFERENCES:
        raise ParseError("", "the harvest holds huge tags or masses of character references, which no real one does")
    reader = _Reader()
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartDoctypeDeclHandler = reader.refuse
    parser.StartElementHandler = reader.start
    parser.EndElementHandler = reader.end
    parser.CharacterDataHandler = reader.data
    try:
        parser.Parse(repaired(body).decode("utf-8", "replace"), True)  # noqa: FBT003  # expat's "is final"
    except expat.ExpatError as error:
        raise ParseError("", f"the harvest's XML is broken or cut off ({error}); ask again") from None
    return reader.page()


class _Reader:
    """Takes expat's events one by one and keeps only what a record is made of."""

    def __init__(self) -> None:
        self._path: list[str] = []
        self._text: list[str] = []
        self._length = 0
        self._records: list[Record] = []
        self._name: dict[str, str] = {}
        self._token = ""
        self._fault = ("", "")
        self._is_list = False

    def page(self) -> Page:
        code, reason = self._fault
        if code == "noRecordsMatch":
            return Page((), "")
        if code:
            raise ParseError("", f"the harvest was refused ({code[:40]}): {reason[:200]}")
        if not self._is_list:
            raise ParseError("", "the answer is OAI-PMH, and holds no list of records")
        return Page(tuple(self._records), self._token)

    def refuse(self, *_: object) -> None:
        raise ParseError("", "the harvest declares a document type, which no OAI-PMH answer does")

    def start(self, name: str, attributes: dict[str, str]) -> None:
        local = name.rpartition(":")[2]
        self._path.append(local)
        self._text, self._length = [], 0
        if len(self._path) > _DEEPEST:
            raise ParseError("", f"elements are nested more than {_DEEPEST} deep")
        if local == "record":
            self._records.append(Record())
        elif local == "header" and self._records:
            self._records[-1].is_deleted = attributes.get("status") == "deleted"
        elif local == "author":
            self._name = {}
        elif local == "error":
            self._fault = (attributes.get("code") or "error", "")
        elif local == "ListRecords":
            self._is_list = True
        if len(self._records) > MAX_ENTRIES:
            raise ParseError("", f"the page holds more than {MAX_ENTRIES} records")

    def data(self, text: str) -> None:
        kept = text[: _LONGEST - self._length]
        self._text.append(kept)
        self._length += len(kept)

    def end(self, name: str) -> None:
        self._path.pop()
        local, text = name.rpartition(":")[2], flat("".join(self._text))
        self._text, self._length = [], 0
        if local == "resumptionToken":
            self._token = text
        elif local == "error":
            self._fault = (self._fault[0], text)
        elif self._records and local in _NAME:
            self._name[local] = text
        elif self._records and local == "affiliation" and text and len(self._records[-1].institutions) < _MOST_AUTHORS:
            self._records[-1].institutions.append(text)
        elif self._records and local == "author":
            self._add_author(self._records[-1].authors)
        elif self._records and local in _FIELDS and self._path[-1] in ("header", "arXiv"):
            self._records[-1].fields.setdefault(local, text)

    def _add_author(self, authors: list[str]) -> None:
        name = " ".join(part for key in _NAME if (part := self._name.get(key)))
        if name and len(authors) < _MOST_AUTHORS:
            authors.append(name)
