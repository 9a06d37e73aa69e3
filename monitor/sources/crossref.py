"""Crossref: the new articles of any journals, by ISSN.

::

    sources:
      journals:
        kind: crossref
        issn: [0028-0836, 1095-9203]   # of the printed or of the electronic edition
        days: 7                        # how many of the last days are asked each time
        mailto: ada@example.org        # who may be written to; Crossref then answers from its quicker pool

An article counts from the day its DOI was created, which is when the publisher told Crossref of it
(https://www.crossref.org/documentation/retrieve-metadata/rest-api/); publishers are days late, so ask for a week. The
list announces no day, so it has no batch. It is read page by page, by numbers: Crossref's cursors run out in five
minutes. Only journal articles are read: no issues, no corrections filed as something else.

``published`` is the earliest full date that Crossref has for the article, else the first of its month; a year alone is
no date. The subjects and the journal's name become categories. Few publishers give abstracts. An article's preprint is
another record with another DOI, and is not named here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from monitor.errors import ParseError
from monitor.sources._ids import doi_id
from monitor.sources._json import count, text, value_of
from monitor.sources._limits import MAX_AUTHORS, gather
from monitor.sources._paging import asked, moved, query
from monitor.sources._plain import safe_link, to_text
from monitor.text import author_id
from monitor.types.listings import Answer, Entry, Listing, Oddity, Request

EVERY = timedelta(hours=6)
MAX_AGE = timedelta(days=180)

_ROWS = 200
_MONTH = 31  # days; Crossref numbers 10,000 articles at most, and a month of fifty journals stays below
_FIELDS = "DOI,title,author,abstract,published,published-online,published-print,issued,URL,link,subject,container-title"
_DATES = ("published-online", "published", "issued", "published-print")
_ISSN = re.compile(r"(\d{4})-?(\d{3}[\dXx])", re.ASCII)
_HEADING = re.compile(r"<jats:title>\s{0,99}(?:abstract|summary)\s{0,99}:?\s{0,99}</jats:title>", re.IGNORECASE)
_BLOCK = re.compile(r"</?jats:(?:p|sec|title|list|list-item|disp-formula)>")


def _checked(issn: str) -> str:
    """Return ``issn`` as ``0028-0836``. Raises ValueError when its last digit does not check the rest (ISO 3297)."""
    found = _ISSN.fullmatch(issn.strip())
    if not found:
        raise ValueError("an ISSN has eight digits, such as 0028-0836; the last may be X")
    digits = (found[1] + found[2]).upper()
    left = sum(weight * int(digit) for weight, digit in zip(range(8, 1, -1), digits, strict=False)) % 11
    if "0123456789X"[(11 - left) % 11] != digits[7]:
        raise ValueError("is not an ISSN: its last digit does not fit the others; look for a slip")
    return f"{digits[:4]}-{digits[4:]}"


class Options(BaseModel):
    """What may stand beside ``kind: crossref``."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    issn: tuple[Annotated[str, AfterValidator(_checked)], ...] = Field(
        min_length=1, max_length=50, description="The journals' ISSNs, in quotes or plain, such as 0028-0836."
    )
    days: int = Field(default=7, ge=1, le=31, description="How many of the last days are asked again, today included.")
    mailto: str | None = Field(
        default=None,
        pattern=r"^[\w.+-]+@[\w-]+(\.[\w-]+)+$",
        max_length=200,
        description="An address that Crossref may write to.",
    )
    base_url: str = Field(
        default="https://api.crossref.org", pattern=r"^https?://[^\s/@?#\\]+$", description="The site, without a path."
    )


def requests(options: Options, today: date) -> tuple[Request, ...]:
    """Return the one request for the articles of the last days."""
    return (_request(options, today - timedelta(days=options.days - 1), None),)


def past(options: Options, first: date, last: date) -> tuple[Request, ...]:
    """Return one request a month for the articles whose DOIs were created from ``first`` to ``last``."""
    months = range(0, (last - first).days + 1, _MONTH)
    starts = [first + timedelta(days=after) for after in months]
    return tuple(_request(options, start, min(last, start + timedelta(days=_MONTH - 1))) for start in starts)


def _request(options: Options, first: date, last: date | None) -> Request:
    wanted = [*(f"issn:{issn}" for issn in dict.fromkeys(options.issn)), "type:journal-article"]
    wanted += [f"from-created-date:{first}", *([f"until-created-date:{last}"] if last else [])]
    fields = {"filter": ",".join(wanted), "select": _FIELDS, "sort": "created", "order": "asc"}
    polite = {"mailto": options.mailto} if options.mailto else {}
    question = query({**fields, **polite, "rows": _ROWS, "offset": 0})
    return Request(f"{options.base_url}/works?{question}", "application/json")


def parse(options: Options, answer: Answer) -> Listing:  # noqa: ARG001  # the same for every journal
    """Return the articles on one page, in the order in which Crossref came to know them.

    Raises ParseError when the answer is not the JSON of such a page, or counts articles and holds none.
    """
    value = value_of(answer.body, "the JSON of journals' articles")
    message = value.get("message") if isinstance(value, Mapping) else None
    works = message.get("items") if isinstance(message, Mapping) else None
    if not isinstance(message, Mapping) or not isinstance(works, list):
        raise ParseError("", _fault(message))
    items = [_item(work, f"item {number}") for number, work in enumerate(works, start=1)]
    if items and not any(isinstance(item, Entry) for item in items):
        raise ParseError("", f"none of the {len(items)} items is an article: {items[0]}. Has the interface changed?")
    return replace(gather(items), next=_next(count(message.get("total-results")) or 0, len(works), answer.url))


def _fault(message: Any) -> str:
    first = message[0] if isinstance(message, list) and message else message
    reason = text(first.get("message")) if isinstance(first, Mapping) else text(first)
    return f"Crossref answered with an error: {reason[:200]}" if reason else "the JSON holds no list of articles"


def _next(total: int, held: int, url: str) -> Request | None:
    offset = asked(url, "offset")
    if not held and total > offset:
        raise ParseError("", f"Crossref counts {total} articles and sent none of them; ask again in a few minutes")
    seen = offset + held
    return Request(moved(url, "offset", seen), "application/json") if seen < total else None


def _item(work: Any, where: str) -> Entry | Oddity:
    if not isinstance(work, Mapping):
        return Oddity(where, "is not an article")
    title, doi = to_text(_first(work, "title")), doi_id(text(work.get("DOI")))
    if not title or not doi:
        return Oddity(where, "has no DOI" if title else "has no title")
    published = _published(work)
    journal = to_text(_first(work, "container-title"))[:100]
    people = list(_people(work.get("author")))
    return Entry(
        title=title,
        abstract=_abstract(text(work.get("abstract"))),
        authors=tuple(name for name, _ in people),
        author_ids=tuple(known for _, known in people),
        institutions=tuple(dict.fromkeys(_institutions(work.get("author")))),
        ids=(doi,),
        url=safe_link(text(work.get("URL"))) or f"https://doi.org/{doi[4:]}",
        pdf_url=_pdf(work.get("link")),
        categories=tuple(dict.fromkeys((*_subjects(work.get("subject")), *([journal] if journal else [])))),
        published=published,
        published_precision="day",
        where=where,
    )


def _first(work: Mapping[Any, Any], name: str) -> str:
    values = work.get(name)
    return next((said for value in values[:10] if (said := text(value))), "") if isinstance(values, list) else ""


def _abstract(markup: str) -> str:
    """Return an abstract in JATS as plain text, without the heading that says it is one."""
    return to_text(_BLOCK.sub(" ", _HEADING.sub(" ", markup)))


def _people(authors: Any) -> Iterator[tuple[str, str]]:
    """Give each author's name and ORCID, empty where the publisher gave none."""
    for author in authors[: 10 * MAX_AUTHORS] if isinstance(authors, list) else []:
        if isinstance(author, Mapping):
            parts = [text(author.get(name)) for name in ("given", "family", "suffix")]
            if name := to_text(" ".join(part for part in parts if part) or text(author.get("name"))):
                yield name, author_id(text(author.get("ORCID")))


def _institutions(authors: Any) -> Iterator[str]:
    for author in authors[: 10 * MAX_AUTHORS] if isinstance(authors, list) else []:
        places = author.get("affiliation") if isinstance(author, Mapping) else None
        for place in places[:10] if isinstance(places, list) else []:
            if isinstance(place, Mapping) and (name := to_text(text(place.get("name")))):
                yield name


def _subjects(subjects: Any) -> Iterator[str]:
    for subject in subjects[:30] if isinstance(subjects, list) else []:
        if name := text(subject)[:100]:
            yield name


def _pdf(links: Any) -> str | None:
    for link in links[:50] if isinstance(links, list) else []:
        if isinstance(link, Mapping) and text(link.get("content-type")) == "application/pdf":
            return safe_link(text(link.get("URL")))
    return None


def _published(work: Mapping[Any, Any]) -> datetime | None:
    stated = [parts for name in _DATES if (parts := _date_parts(work.get(name)))]
    full = [datetime(*parts, tzinfo=UTC) for parts in stated if len(parts) == 3]
    months = [datetime(*parts, 1, tzinfo=UTC) for parts in stated if len(parts) == 2]
    return min(full, default=None) or min(months, default=None)


def _date_parts(value: Any) -> tuple[int, ...]:
    """Return year, month and, where it is stated, day; nothing for a year alone and for what is no date."""
    dates = value.get("date-parts") if isinstance(value, Mapping) else None
    parts = dates[0] if isinstance(dates, list) and dates else None
    if not isinstance(parts, list) or not 2 <= len(parts) <= 3 or not all(isinstance(part, int) for part in parts):
        return ()
    try:
        date(*parts, *([1] if len(parts) == 2 else []))
    except (ValueError, OverflowError):
        return ()
    return tuple(parts)
