"""arXiv: the new papers of any categories, from its own daily feeds.

::

    sources:
      arxiv-vision:
        kind: arxiv
        categories: [cs.CV, cs.LG]
        format: rss                      # or atom
        announce: [new, cross, replace]  # also: replace-cross

arXiv rebuilds these feeds at midnight US Eastern and leaves them empty on Saturday, Sunday and holidays
(https://info.arxiv.org/help/rss.html); an empty feed is an answer. The batch is the announcement day on arXiv's own
calendar, US Eastern. Items of announcement types that are not asked for are not counted. A paper that stands in one
answer several times, because it is new in one category and crossed to another, is one entry with the strongest type.

Answers of arXiv's query interface (Atom, https://info.arxiv.org/help/api/user-manual.html) are read as well; they
announce nothing, so they have no batch.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from datetime import date, timedelta
from typing import Annotated, Any, Literal, get_args
from zoneinfo import ZoneInfo

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from monitor.errors import ParseError
from monitor.sources import _feedparser as reader
from monitor.sources._ids import arxiv_id, doi_id, ids_in_link, pdf_of
from monitor.sources._limits import gather
from monitor.types.listings import Announcement, Answer, Entry, Listing, Oddity, Request

EVERY = timedelta(hours=3)

_TYPES: tuple[Announcement, ...] = get_args(Announcement)  # strongest first
_CATEGORY = r"^[a-z]+(-[a-z]+)*(\.[A-Za-z]{2,}(-[a-z]+)*)?$"
_HEAD = re.compile(
    r"\s*(?:arXiv:\S{1,40}\s+)?Announce Type:\s*(?P<type>[a-z-]{1,20})\s*(?:Abstract:\s*)?|\s*Abstract:\s*",
    re.IGNORECASE,
)
_TITLE_TAIL = re.compile(r"\s*\(arXiv:\S{1,40}(?: \[[^\]]{1,40}\])?(?: (?:UPDATED|CROSS LISTED))?\)\s*$")
_TERM = re.compile(_CATEGORY)


class Options(BaseModel):
    """What may stand beside ``kind: arxiv``."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    categories: tuple[Annotated[str, StringConstraints(pattern=_CATEGORY, max_length=40)], ...] = Field(
        min_length=1, max_length=50, description="arXiv's categories or archives, such as cs.CV or math."
    )
    format: Literal["rss", "atom"] = Field(default="rss", description="Which of arXiv's two feeds is asked.")
    announce: tuple[Announcement, ...] = Field(
        default=("new", "cross", "replace"), min_length=1, description="Why a paper may be in the feed to be read."
    )
    base_url: str = Field(
        default="https://rss.arxiv.org", pattern=r"^https?://[^\s/@?#\\]+$", description="The site, without a path."
    )


def requests(options: Options, today: date) -> tuple[Request, ...]:  # noqa: ARG001  # the feed has one address for ever
    """Return one request for all categories together: arXiv wants few connections."""
    together = "+".join(dict.fromkeys(options.categories))
    return (Request(f"{options.base_url}/{options.format}/{together}", f"application/{options.format}+xml"),)


def parse(options: Options, answer: Answer) -> Listing:
    """Return the papers announced that day, each once.

    Raises ParseError when the answer is no feed, or is a query's answer that holds back all of its results.
    """
    feed = reader.read(answer)
    is_query = "opensearch_totalresults" in feed.head
    if is_query:
        _refuse_error(feed)
    items = [_item(item, f"item {place}", answer, is_query=is_query) for place, item in enumerate(feed.items, start=1)]
    wanted = [item for item in items if isinstance(item, Oddity) or (item.announcement or "new") in options.announce]
    return gather(_each_once(wanted), None if is_query else _announcement_day(feed), feed.notes)


def _refuse_error(feed: reader.Feed) -> None:
    """Raise on what the query interface sends with status 200: no entry though it counts some, or an error as one."""
    total, start = (str(dict.get(feed.head, f"opensearch_{name}") or "0") for name in ("totalresults", "startindex"))
    if not feed.items and total.isdecimal() and start.isdecimal() and int(total) > int(start):
        raise ParseError("", f"arXiv counts {total} results and sent none; ask again in a few minutes")
    if len(feed.items) == 1 and "/api/errors" in str(dict.get(feed.items[0], "id")):
        raise ParseError("", f"arXiv answered with an error: {reader.plain_text(feed.items[0], 'summary')[:200]}")


def _announcement_day(feed: reader.Feed) -> date | None:
    when = reader.moment(feed.head)
    return when.astimezone(ZoneInfo("America/New_York")).date() if when else None


def _item(item: reader.Element, where: str, answer: Answer, *, is_query: bool) -> Entry | Oddity:
    title = _TITLE_TAIL.sub("", reader.plain_text(item, "title"))
    if not title:
        return Oddity(where, "has no title")
    links = reader.links(item, answer.url)
    ids = tuple(dict.fromkeys(_ids(item, links)))
    abstract = reader.plain_text(item, "summary")
    head = _HEAD.match(abstract)
    announcement = None if is_query else _announcement(dict.get(item, "arxiv_announce_type") or (head and head["type"]))
    is_first = announcement in {None, "new", "cross"}
    return Entry(
        title=title,
        abstract=abstract[head.end() :] if head else abstract,
        authors=reader.authors(item),
        ids=ids,
        url=next((url for _, kind, url in links if kind != "application/pdf"), None),
        pdf_url=next((url for _, kind, url in links if kind == "application/pdf"), None) or pdf_of(ids),
        categories=_categories(item),
        published=reader.moment(item, ("published",)) if is_first else None,
        published_precision="second" if is_query else "day",
        announcement=announcement,
        where=where,
    )


def _announcement(value: Any) -> Announcement | None:
    return next((kind for kind in _TYPES if isinstance(value, str) and value.strip().lower() == kind), None)


def _ids(item: reader.Element, links: list[tuple[str, str, str]]) -> Iterable[str]:
    guid = dict.get(item, "id")
    if isinstance(guid, str):
        name = arxiv_id(guid)
        yield from (name,) if name else ids_in_link(guid)
    if not isinstance(guid, str) or "arxiv" not in guid.lower():
        for _, _, url in links:
            yield from ids_in_link(url)
    doi = dict.get(item, "arxiv_doi")
    named = doi_id(doi) if isinstance(doi, str) else None
    if named:
        yield named


def _categories(item: reader.Element) -> tuple[str, ...]:
    """Return arXiv's own categories; the query interface mixes in ACM and MSC classes."""
    return tuple(term for term in reader.categories(item) if _TERM.match(term))


def _each_once(items: list[Entry | Oddity]) -> list[Entry | Oddity]:
    kept: list[Entry | Oddity] = []
    places: dict[str, int] = {}
    for item in items:
        name = item.ids[0] if isinstance(item, Entry) and item.ids else None
        if name is None or name not in places:
            if name:
                places[name] = len(kept)
            kept.append(item)
            continue
        first = kept[places[name]]
        if isinstance(first, Entry) and isinstance(item, Entry):
            kept[places[name]] = _joined(first, item)
    return kept


def _joined(first: Entry, second: Entry) -> Entry:
    strongest = min((first, second), key=lambda entry: _TYPES.index(entry.announcement or "replace-cross"))
    return replace(strongest, categories=tuple(dict.fromkeys(first.categories + second.categories)), where=first.where)
