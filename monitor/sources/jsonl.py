"""Files of papers dropped into a folder, one paper a line as JSON.

::

    sources:
      exported:
        kind: jsonl
        path: papers         # a folder; every *.jsonl and *.ndjson file in it is one listing

Each line is an object. All its keys but ``title`` are optional: ``id`` (an arXiv id, a DOI, an address, or any name of
your own), ``title``, ``abstract`` or ``summary``, ``authors`` (a list of names or of ``{"name": ...}``, or one string),
``categories`` (a list, or one string), ``published`` (``2026-11-20``, with or without a time), ``url``, ``doi``,
``arxiv_id``, ``pdf_url``, ``code_url``, ``upvotes``, ``comments``, ``stars``, ``one_liner`` and ``language``. Files for
``monitor evaluate`` can be read as they are.

A date in the file's name, as in ``2026-11-20.jsonl``, is the listing's batch. Papers of any age are announced: whoever
drops a file means it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from monitor.errors import ParseError
from monitor.sources._feedparser import language, split_names
from monitor.sources._ids import arxiv_id, doi_id, ids_in_link, pdf_of
from monitor.sources._json import count, moment, text, text_in, value_of
from monitor.sources._limits import MAX_ENTRIES, gather
from monitor.sources._plain import flat, safe_link, to_text
from monitor.types.listings import Answer, Entry, Listing, Oddity, Request

EVERY = timedelta(minutes=1)
MAX_AGE = timedelta(days=36_500)
ENDINGS = (".jsonl", ".ndjson")

_MAX_LINE = 1_000_000
_DAY = re.compile(r"(?<!\d)(\d{4}-\d\d-\d\d)(?!\d)")
_DAY_ONLY = re.compile(r"\d{4}-?\d\d-?\d\d")


class Options(BaseModel):
    """What may stand beside ``kind: jsonl``."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    path: Path = Field(description="The folder of files, from the configuration's own folder if not absolute.")


def requests(options: Options, today: date) -> tuple[Request, ...]:  # noqa: ARG001  # a folder is read whatever the day
    """Return the folder as a ``file:`` request; which of its files are ready is for ingest to see."""
    return (Request(f"file:{options.path}", "application/jsonl", endings=ENDINGS),)


def parse(options: Options, answer: Answer) -> Listing:  # noqa: ARG001  # the same for every folder
    """Return the papers of one file, a line each. Raises ParseError when no line is a paper."""
    items: list[Entry | Oddity] = []
    announced = 0
    for number, line in _lines(answer.body):
        announced += 1
        if announced <= MAX_ENTRIES:
            items.append(_item(line, f"line {number}"))
    if not any(isinstance(item, Entry) for item in items):
        raise ParseError("", f"no line is a paper as JSON; {items[0]}" if items else "the file is empty")
    return gather(items, day_in(answer.url), announced=announced)


def _lines(body: bytes) -> Iterator[tuple[int, bytes]]:
    """Give the lines that are not blank, with their numbers, one at a time: all at once may not fit in memory."""
    place, number = 3 if body.startswith(b"\xef\xbb\xbf") else 0, 0
    while place < len(body):
        end = body.find(b"\n", place)
        end = len(body) if end < 0 else end
        number += 1
        if end > place + 1 or body[place:end].strip():
            yield number, body[place:end]
        place = end + 1


def _item(line: bytes, where: str) -> Entry | Oddity:
    if len(line) > _MAX_LINE:
        return Oddity(where, f"is {len(line) / 1e6:.1f} MB long and was left out")
    try:
        paper = value_of(line, "a paper")
    except ParseError:
        return Oddity(where, f"is not JSON: {flat(line[:60].decode('utf-8', 'replace'))!r}")
    if not isinstance(paper, dict):
        return Oddity(where, "is not a paper: an object in braces was expected")
    title = to_text(text_in(paper, "title"))
    return _entry(paper, title, where) if title else Oddity(where, "has no title")


def _entry(paper: Mapping[str, Any], title: str, where: str) -> Entry:
    ids = tuple(dict.fromkeys(_ids(paper)))
    links = (safe_link(text_in(paper, name)) for name in ("url", "link", "id"))
    named = (f"https://doi.org/{name[4:]}" for name in ids if name.startswith("doi:"))
    at_arxiv = (f"https://arxiv.org/abs/{name[6:]}" for name in ids if name.startswith("arxiv:"))
    printed = text_in(paper, "published", "date")
    return Entry(
        title=title,
        abstract=to_text(text_in(paper, "abstract", "summary")),
        authors=_authors(paper.get("authors")),
        institutions=_institutions(paper.get("institutions")),
        ids=ids,
        url=next((link for link in (*links, *at_arxiv, *named) if link), None),
        pdf_url=safe_link(text_in(paper, "pdf_url")) or pdf_of(ids),
        code_url=safe_link(text_in(paper, "code_url")),
        categories=_words(paper.get("categories")),
        published=moment(printed),
        published_precision="day" if _DAY_ONLY.fullmatch(printed) else "second",
        upvotes=count(paper.get("upvotes")),
        comments=count(paper.get("comments")),
        stars=count(paper.get("stars")),
        one_liner=to_text(text_in(paper, "one_liner")) or None,
        language=language(paper.get("language")),
        where=where,
    )


def _ids(paper: Mapping[str, Any]) -> Iterator[str]:
    printed = paper.get("id")
    name = flat(printed) if isinstance(printed, str) else str(printed) if isinstance(printed, int) else ""
    known = (arxiv_id(name), doi_id(name), *ids_in_link(name)) if name else ()
    yield from [found for found in known if found] or ([f"guid:{name[:500]}"] if name else [])
    if found := arxiv_id(text_in(paper, "arxiv_id", "arxiv")):
        yield found
    if found := doi_id(text_in(paper, "doi")):
        yield found
    for key in ("url", "link", "pdf_url"):
        yield from ids_in_link(text_in(paper, key))


def _authors(value: Any) -> tuple[str, ...]:
    if isinstance(value, str):
        return split_names(value)
    people = value if isinstance(value, list) else []
    names = (text_in(person, "name") if isinstance(person, dict) else text(person) for person in people)
    return tuple(dict.fromkeys(name[:200] for name in names if name))


def _institutions(value: Any) -> tuple[str, ...]:
    places = [value] if isinstance(value, str) else value[:100] if isinstance(value, list) else []
    names = (to_text(text_in(place, "name") if isinstance(place, dict) else text(place)) for place in places)
    return tuple(dict.fromkeys(name for name in names if name))


def _words(value: Any) -> tuple[str, ...]:
    words = re.split(r"[,;\s]+", value[:2000]) if isinstance(value, str) else value if isinstance(value, list) else []
    return tuple(dict.fromkeys(found[:100] for word in words[:50] if (found := text(word))))


def day_in(url: str) -> date | None:
    """Return the date in the name of a file, if there is one."""
    found = _DAY.search(url.rpartition("/")[2][:300])
    try:
        return date.fromisoformat(found[1]) if found else None
    except ValueError:
        return None
