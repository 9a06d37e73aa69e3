"""BibTeX files dropped into a folder: exports of a reference manager or of a publisher.

::

    sources:
      library:
        kind: bibtex
        path: references     # a folder; every *.bib file in it is one listing

Read of each record: ``title``, ``author``, ``abstract``, ``doi``, ``eprint`` (arXiv's), ``url``, ``date`` or ``year``
with ``month``, and ``keywords``; LaTeX accents become letters, and ``Family, Given`` becomes ``Given Family``. A record
that is broken is reported by its line, and the others stand. A date in the file's name is the listing's batch. Papers
of any age are announced: whoever drops a file means it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field

from monitor.errors import ParseError
from monitor.sources._bibtex import Record, names, plain, records
from monitor.sources._capture import decoded
from monitor.sources._feedparser import language
from monitor.sources._ids import arxiv_id, doi_id, ids_in_link, pdf_of
from monitor.sources._limits import MAX_ENTRIES, gather
from monitor.sources._plain import flat, safe_link
from monitor.sources.jsonl import day_in
from monitor.types.listings import Answer, Entry, Listing, Oddity, Request

EVERY = timedelta(minutes=1)
MAX_AGE = timedelta(days=36_500)
ENDINGS = (".bib", ".bibtex")

_DATE = re.compile(r"(\d{4})-(\d{1,2})(?:-(\d{1,2}))?(?:T.*)?")
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_IN_JOURNAL = re.compile(r"arxiv\s*:\s*(\S{4,30})", re.IGNORECASE)
_URL = re.compile(r"\\url\s*\{([^{}]*)\}")


class Options(BaseModel):
    """What may stand beside ``kind: bibtex``."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    path: Path = Field(description="The folder of files, from the configuration's own folder if not absolute.")


def requests(options: Options, today: date) -> tuple[Request, ...]:  # noqa: ARG001  # a folder is read whatever the day
    """Return the folder as a ``file:`` request; which of its files are ready is for ingest to see."""
    return (Request(f"file:{options.path}", "application/x-bibtex", endings=ENDINGS),)


def parse(options: Options, answer: Answer) -> Listing:  # noqa: ARG001  # the same for every folder
    """Return the papers of one file, in its order. Raises ParseError when no record is a paper."""
    items, announced = [], 0
    for item in entries(answer.body):
        announced += 1
        if announced <= MAX_ENTRIES:
            items.append(item)
    if not any(isinstance(item, Entry) for item in items):
        raise ParseError("", f"no record is a paper; {items[0]}" if items else "the file holds no BibTeX records")
    return gather(items, day_in(answer.url), announced=announced)


def entries(body: bytes) -> Iterator[Entry | Oddity]:
    """Give the papers of one file, in its order, and an oddity for each record that is none. Raises ParseError."""
    for record in records(decoded(body)):
        yield _item(record) if isinstance(record, Record) else record


def _item(record: Record) -> Entry | Oddity:
    fields, where = record.fields, f"line {record.line}"
    title = plain(fields.get("title", ""))
    if not title:
        return Oddity(where, "has no title")
    ids = tuple(dict.fromkeys(_ids(fields)))
    published = _published(fields)
    return Entry(
        title=title,
        abstract=plain(fields.get("abstract", "")),
        authors=names(fields.get("author", "")),
        ids=ids,
        url=next(_links(fields, ids), None),
        pdf_url=pdf_of(ids),
        categories=_keywords(fields.get("keywords", "")),
        published=published,
        published_precision="day" if published else "second",
        language=language(fields.get("langid") or fields.get("language")),
        where=where,
    )


def _ids(fields: Mapping[str, str]) -> Iterator[str]:
    is_arxiv = "arxiv" in fields.get("archiveprefix", fields.get("eprinttype", "arxiv")).lower()
    in_journal = _IN_JOURNAL.search(fields.get("journal", "")[:500])
    for printed in (fields.get("eprint", "") if is_arxiv else "", in_journal[1] if in_journal else ""):
        if name := arxiv_id(printed):
            yield name
    if doi := doi_id(_bare(fields.get("doi", ""))):
        yield from ids_in_link(doi)
    yield from ids_in_link(_bare(fields.get("url", "")))


def _links(fields: Mapping[str, str], ids: tuple[str, ...]) -> Iterator[str]:
    if link := safe_link(_bare(fields.get("url", ""))):
        yield link
    yield from (f"https://arxiv.org/abs/{name[6:]}" for name in ids if name.startswith("arxiv:"))
    yield from (f"https://doi.org/{name[4:]}" for name in ids if name.startswith("doi:"))


def _bare(printed: str) -> str:
    """Return an address or a DOI without the LaTeX around it."""
    return flat(re.sub(r"\\([_%&#~])", r"\1", _URL.sub(r"\1", printed[:3000])).strip("{} \n"))


def _keywords(printed: str) -> tuple[str, ...]:
    words = (plain(word)[:100] for word in re.split(r"[,;]", printed[:5000])[:50])
    return tuple(dict.fromkeys(word for word in words if word))


def _published(fields: Mapping[str, str]) -> datetime | None:
    """Return the day, the first of the month when only that is known; a year alone says too little."""
    found = _DATE.fullmatch(flat(fields.get("date", "")))
    year, month, day = found.groups() if found else (fields.get("year"), fields.get("month"), fields.get("day"))
    name = flat(month or "").strip("{}").lower()
    number = _MONTHS.index(name[:3]) + 1 if name[:3] in _MONTHS else int(name) if re.fullmatch(r"\d{1,2}", name) else 0
    try:
        when = datetime(int(flat(year or "").strip("{}")[:6]), number, int(day or 1), tzinfo=UTC)
    except ValueError:
        return None
    return when if when.year >= 1900 else None
