"""Zotero's RDF export, read from hostile XML in bounded memory: https://www.zotero.org/support/kb/exporting."""

from __future__ import annotations

from dataclasses import dataclass, field
from xml.parsers import expat

from monitor.errors import ParseError
from monitor.sources._plain import flat

_LONGEST = 100_000  # characters of one element
_DEEPEST = 20
_NO_PAPERS = frozenset({"attachment", "note"})


@dataclass(slots=True)
class Item:
    """One item: its fields by their names in the export, its people, and the addresses and ids that it carries."""

    line: int
    fields: dict[str, str] = field(default_factory=dict)
    people: list[tuple[str, str]] = field(default_factory=list)
    names: list[str] = field(default_factory=list)


def read(body: bytes) -> list[Item]:
    """Return the items that may be papers. Raises ParseError, with the line, when the file is broken or no XML."""
    reader = _Reader()
    parser = reader.parser
    try:
        parser.Parse(body, True)  # noqa: FBT003  # expat's "is final"
    except expat.ExpatError as error:
        raise ParseError("", f"line {error.lineno}: the RDF is broken or cut off; export it again") from None
    return reader.items


class _Reader:
    """Takes expat's events one by one and keeps only what names a paper."""

    def __init__(self) -> None:
        self.items: list[Item] = []
        self.parser = expat.ParserCreate(namespace_separator=" ")
        self.parser.buffer_text = True
        self.parser.StartDoctypeDeclHandler = self._refuse
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.CharacterDataHandler = self._data
        self._path: list[str] = []
        self._text: list[str] = []
        self._item = Item(0)

    def _refuse(self, *_: object) -> None:
        raise ParseError("", "the RDF declares a document type, which no export does")

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        self._path.append(name.rpartition(" ")[2])
        self._text.clear()
        if len(self._path) > _DEEPEST:
            raise ParseError("", f"line {self.parser.CurrentLineNumber}: the RDF is deeper than any export is")
        if len(self._path) == 2:
            about = next((value for key, value in attributes.items() if key.endswith("about")), "")
            self._item = Item(self.parser.CurrentLineNumber, names=[about])

    def _data(self, text: str) -> None:
        if len(self._text) < _LONGEST // 100:
            self._text.append(text[:_LONGEST])

    def _end(self, _name: str) -> None:
        text = flat("".join(self._text))
        self._text.clear()
        match self._path[2:]:
            case [("title" | "abstract" | "itemType") as name]:
                self._item.fields.setdefault(name, text)
            case ["authors", *_, "surname"]:
                self._item.people.append((text, ""))
            case ["authors", *_, ("givenName" | "givenname")] if self._item.people:
                self._item.people[-1] = self._item.people[-1][0], text
            case [*_, ("identifier" | "value" | "description")]:
                self._item.names.append(text)
            case [] if len(self._path) == 2:
                self._close()
        self._path.pop()

    def _close(self) -> None:
        kind = self._item.fields.get("itemType", "")
        if kind and kind not in _NO_PAPERS:
            self.items.append(self._item)
