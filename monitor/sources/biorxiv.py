"""bioRxiv and medRxiv: the preprints of the last days, from the servers' own interface.

::

    sources:
      biorxiv-neuro:
        kind: biorxiv
        server: biorxiv                          # or medrxiv
        categories: [neuroscience, bioinformatics]
        days: 3                                  # how many of the last days are asked each time

Each of the last ``days`` days is asked for on its own (https://api.biorxiv.org/details/biorxiv/help), because a day's
list fills up until the day is over and then some; the batch is that day. Pages are followed to the end of the day.
``categories`` are the server's own, such as ``cell biology``; upper and lower case and ``_`` for a blank do not matter,
and without any all preprints are read. The server does not filter by category: what is not asked for is fetched, and
neither kept nor counted.

The server lists every version of a preprint. Of several in one answer the highest counts. A second or later version is
``replace``, and has no date of its own here, because its date is not the paper's. The link and the PDF are those of the
version that is listed; the DOI of the journal's article, where there is one, names another record and is left out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from monitor.errors import ParseError
from monitor.sources._ids import doi_id
from monitor.sources._json import text, text_in, value_of
from monitor.sources._limits import gather
from monitor.sources._paging import number
from monitor.sources._plain import to_text
from monitor.types.listings import Answer, Entry, Listing, Oddity, Request

EVERY = timedelta(hours=3)
GROWS = True

_DAY = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})")
_PAGE = re.compile(r"(?P<before>/details/[a-z]+/(?P<first>[\d-]{8,10})/(?P<last>[\d-]{8,10})/)\d{1,9}(?=/json$|$)")
_SERVERS = ("biorxiv", "medrxiv")


class Options(BaseModel):
    """What may stand beside ``kind: biorxiv``."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    server: Literal["biorxiv", "medrxiv"] = Field(default="biorxiv", description="Whose preprints.")
    categories: tuple[Annotated[str, StringConstraints(min_length=1, max_length=60)], ...] = Field(
        default=(), max_length=50, description="The server's subjects, such as cell biology; all when none is given."
    )
    days: int = Field(default=3, ge=1, le=31, description="How many of the last days are asked again, today included.")
    base_url: str = Field(
        default="https://api.biorxiv.org", pattern=r"^https?://[^\s/@?#\\]+$", description="The site, without a path."
    )


def requests(options: Options, today: date) -> tuple[Request, ...]:
    """Return one request for each of the last days, ``today`` first."""
    return tuple(_request(options, today - timedelta(days=back)) for back in range(options.days))


def past(options: Options, first: date, last: date) -> tuple[Request, ...]:
    """Return one request for each day, ``first`` first."""
    return tuple(_request(options, first + timedelta(days=after)) for after in range((last - first).days + 1))


def _request(options: Options, day: date) -> Request:
    return Request(f"{options.base_url}/details/{options.server}/{day}/{day}/0/json", "application/json", batch=day)


def parse(options: Options, answer: Answer) -> Listing:
    """Return the preprints on one page of a day's list, each once.

    Raises ParseError when the answer is not the JSON of such a page, or counts preprints and holds none.
    """
    about, raw = _parts(value_of(answer.body, "the JSON of a day's preprints"))
    items = list(_each_once(_items(options, raw)))
    if raw and not any(isinstance(value, Mapping) for value in raw):
        raise ParseError("", f"none of the {len(raw)} items is a preprint; has the interface changed?")
    return replace(gather(items, _asked_day(answer.url)), next=_next(about, len(raw), answer.url))


def _parts(value: Any) -> tuple[Mapping[Any, Any], list[Any]]:
    """Return what the server says about a page, and the items on it. Raises ParseError."""
    if not isinstance(value, Mapping):
        raise ParseError("", "the JSON is no page of preprints; has the interface changed?")
    messages, raw = value.get("messages"), value.get("collection")
    about = messages[0] if isinstance(messages, list) and messages and isinstance(messages[0], Mapping) else {}
    status = text(about.get("status")).lower()
    if status.startswith("no posts found"):
        return {}, []
    if status not in {"", "ok"}:
        raise ParseError("", f"the server answered with an error: {status[:200]}")
    if not isinstance(raw, list):
        raise ParseError("", "the JSON holds no collection of preprints; has the interface changed?")
    return about, raw


def _next(about: Mapping[Any, Any], held: int, url: str) -> Request | None:
    total, cursor = number(about.get("total")), number(about.get("cursor"))
    if not held and total > cursor:
        raise ParseError("", f"the server counts {total} preprints and sent none of them; ask again in a few minutes")
    seen = cursor + held
    following = _PAGE.sub(rf"\g<before>{seen}", url)
    return Request(following, "application/json") if seen < total and following != url else None


def _items(options: Options, raw: list[Any]) -> Iterator[tuple[int, Entry | Oddity]]:
    """Give the version of each item that is asked for, and what was read of it."""
    wanted = {_plain(category) for category in options.categories}
    for place, value in enumerate(raw, start=1):
        where = f"item {place}"
        if not isinstance(value, Mapping):
            yield 0, Oddity(where, "is not a preprint")
        elif not wanted or _plain(text(value.get("category"))) in wanted:
            version = number(value.get("version")) or 1
            yield version, _item(value, where, version, options.server)


def _plain(category: str) -> str:
    return " ".join(category.replace("_", " ").casefold().split())


def _item(value: Mapping[Any, Any], where: str, version: int, server: str) -> Entry | Oddity:
    title, doi = to_text(text(value.get("title"))), doi_id(text(value.get("doi")))
    if not title or not doi:
        return Oddity(where, "has no DOI" if title else "has no title")
    told = text(value.get("server")).lower()
    page = f"https://www.{told if told in _SERVERS else server}.org/content/{doi[4:]}v{version}"
    category = text(value.get("category"))
    where_from = to_text(text(value.get("author_corresponding_institution")))
    return Entry(
        title=title,
        abstract=to_text(text(value.get("abstract"))),
        authors=tuple(_authors(text_in(value, "authors"))),
        institutions=(where_from,) if where_from else (),
        ids=(doi,),
        url=page,
        pdf_url=f"{page}.full.pdf",
        categories=(category,) if category else (),
        published=_day(text(value.get("date"))) if version == 1 else None,
        published_precision="day",
        announcement="new" if version == 1 else "replace",
        where=where,
    )


def _authors(printed: str) -> Iterator[str]:
    """Give the names in ``Bee, A.; van der Dee, C. E., Jr.`` as they are said."""
    for name in printed.split(";"):
        family, *others = (part.strip() for part in name.split(","))
        if said := " ".join(part for part in (*others[:1], family, *others[1:]) if part):
            yield said


def _day(printed: str) -> datetime | None:
    found = _DAY.fullmatch(printed)
    try:
        return datetime(int(found[1]), int(found[2]), int(found[3]), tzinfo=UTC) if found else None
    except ValueError:
        return None


def _each_once(items: Iterator[tuple[int, Entry | Oddity]]) -> Iterator[Entry | Oddity]:
    """Give the highest version of each preprint, in the place of its first."""
    best: dict[str, tuple[int, Entry | Oddity]] = {}
    for version, item in items:
        name = item.ids[0] if isinstance(item, Entry) else item.where
        if name not in best or version > best[name][0]:
            best[name] = (version, item)
    return (item for _, item in best.values())


def _asked_day(url: str) -> date | None:
    found = _PAGE.search(url)
    day = _day(found["first"]) if found and found["first"] == found["last"] else None
    return day.date() if day else None
