"""Libraries in JSON: works of an ORCID record, papers of Semantic Scholar, and CSL items, as Zotero exports them.

* https://info.orcid.org/documentation/api-tutorials/api-tutorial-read-data-on-a-record (``/works``, version 3.0)
* https://api.semanticscholar.org/api-docs (papers, an author's papers, recommendations, references)
* https://citeproc-js.readthedocs.io/en/latest/csl-json/markup.html
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from monitor.errors import ParseError
from monitor.sources._json import text, text_in, value_of

_LISTS = ("group", "data", "papers", "recommendedPapers", "items", "works")
_WRAPPED = ("citedPaper", "citingPaper", "paper")
_IDS = {"ArXiv": "arXiv:", "DOI": "doi:"}


@dataclass(frozen=True, slots=True)
class Item:
    """One paper as it is written there; ``named`` are the addresses and ids that it carries."""

    title: str
    abstract: str
    people: tuple[str, ...]
    named: tuple[str, ...]


def read(body: bytes) -> Iterator[Item | None]:
    """Yield the papers in order, ``None`` for what is none. Raises ParseError when this is no list of papers."""
    for one in _listed(value_of(body, "a library in JSON")):
        found = one if isinstance(one, Mapping) else {}
        found = next((found[name] for name in _WRAPPED if isinstance(found.get(name), Mapping)), found)
        item = _work(found) if "work-summary" in found else _paper(found)
        yield item if item.title else None


def _listed(value: Any) -> list[Any]:
    if isinstance(value, Mapping):
        works = _at(value, "activities-summary", "works")
        value = works if isinstance(works, Mapping) else value
        value = next((value[name] for name in _LISTS if isinstance(value.get(name), list)), None)
    if not isinstance(value, list):
        raise ParseError("", "this JSON holds no list of papers, as Semantic Scholar, ORCID and Zotero (CSL) write one")
    return value


def _work(group: Mapping[str, Any]) -> Item:
    """Return a work of an ORCID record: the same work may be told by several sources, of which the first counts."""
    summaries = group["work-summary"]
    first = summaries[0] if isinstance(summaries, list) and summaries else {}
    known = _at(first, "external-ids", "external-id")
    ids = (one for one in known if isinstance(one, Mapping)) if isinstance(known, list) else ()
    written = {"arxiv": "arXiv:", "doi": "doi:"}
    named = (
        written[kind] + text(one.get("external-id-value"))
        for one in ids
        if (kind := text(one.get("external-id-type")).lower()) in written
    )
    return Item(text(_at(first, "title", "title", "value")), "", (), (*named, text(_at(first, "url", "value"))))


def _paper(found: Mapping[str, Any]) -> Item:
    ids = found.get("externalIds")
    known = ids if isinstance(ids, Mapping) else {}
    authors = found.get("authors") or found.get("author")
    people = (_person(one) for one in authors) if isinstance(authors, list) else ()
    named = (f"{start}{text(known[name])}" for name, start in _IDS.items() if text(known.get(name)))
    links = (text_in(found, "DOI", "doi"), text_in(found, "URL", "url"))
    return Item(text_in(found, "title"), text_in(found, "abstract"), tuple(filter(None, people)), (*named, *links))


def _person(one: Any) -> str:
    if not isinstance(one, Mapping):
        return text(one)
    return text_in(one, "name", "literal") or f"{text_in(one, 'given')} {text_in(one, 'family')}".strip()


def _at(value: Any, *names: str) -> Any:
    for name in names:
        value = value.get(name) if isinstance(value, Mapping) else None
    return value
