"""arXiv: the new papers of any categories, from its own daily feeds, and those of past days.

::

    sources:
      arxiv-vision:
        kind: arxiv
        categories: [cs.CV, cs.LG]
        format: rss                      # or atom
        announce: [new, cross, replace]  # also: replace-cross
        holidays: [2027-12-29]           # days without an announcement that no rule foretells

arXiv rebuilds these feeds at midnight US Eastern and leaves them empty on Saturday, Sunday and holidays
(https://info.arxiv.org/help/rss.html); an empty feed is an answer. The batch is the announcement day on arXiv's own
calendar, US Eastern. Items of announcement types that are not asked for are not counted. A paper that stands in one
answer several times, because it is new in one category and crossed to another, is one entry with the strongest type.

arXiv keeps New Year, Martin Luther King Jr. Day, Juneteenth, Independence Day, Labor Day, Thanksgiving, Christmas, and
some days at the end of the year that it names ahead: give those under ``holidays``, as arXiv writes them
(https://info.arxiv.org/help/availability.html). An empty feed on such a day or the day after it is no alarm.

A past day is asked of the query interface, page by page: what was submitted between the two deadlines that belong to
that announcement. Papers that were replaced that day cannot be found in this way. Several days together are harvested
(OAI-PMH), 1,000 records to a page, for each archive whole, whatever the number of its categories. A harvest goes by the
day on which a record last changed: papers of those days that changed after the last one are not among them, so let it
end today; and a paper submitted over two weeks before the first day counts as replaced. In both, a paper is ``new``
where its first category is one that is followed, else ``cross``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from datetime import date, timedelta
from typing import Annotated, Any, Literal, get_args

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from monitor.errors import ParseError
from monitor.sources import _arxiv_calendar as calendar
from monitor.sources import _arxiv_past as interface
from monitor.sources import _feedparser as reader
from monitor.sources import _oai as harvest
from monitor.sources._ids import arxiv_id, doi_id, ids_in_link, pdf_of
from monitor.sources._limits import gather
from monitor.sources._paging import moved, number
from monitor.sources._plain import flat
from monitor.types.listings import Announcement, Answer, Entry, Listing, Oddity, Request

EVERY = timedelta(hours=3)
_HARVEST_SECONDS = 120.0  # a harvest's first byte may take a minute and a half

_TYPES: tuple[Announcement, ...] = get_args(Announcement)  # strongest first
_CATEGORY = r"^[a-z]+(-[a-z]+)*(\.[A-Za-z]{2,}(-[a-z]+)*)?$"
_HEAD = re.compile(
    r"\s*(?:arXiv:\S{1,40}\s+)?Announce Type:\s*(?P<type>[a-z-]{1,20})\s*(?:Abstract:\s*)?|\s*Abstract:\s*",
    re.IGNORECASE,
)
_TITLE_TAIL = re.compile(r"\s*\(arXiv:\S{1,40}(?: \[[^\]]{1,40}\])?(?: (?:UPDATED|CROSS LISTED))?\)\s*$")
_TERM = re.compile(_CATEGORY)
_PLACES = "affiliation"
_AFFILIATION = re.compile(rb"<arxiv:affiliation\b[^<>]{0,200}>([^<>]{1,1000})</arxiv:affiliation>")


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
    holidays: tuple[date, ...] = Field(
        default=(), max_length=100, description="More of arXiv's holidays than those that come every year."
    )
    base_url: str | None = Field(
        default=None,
        pattern=r"^https?://[^\s/@?#\\]+$",
        description="One site, without a path, in place of arXiv's own three.",
    )


def requests(options: Options, today: date) -> tuple[Request, ...]:  # noqa: ARG001  # the feed has one address for ever
    """Return one request for all categories together: arXiv wants few connections."""
    together = "+".join(dict.fromkeys(options.categories))
    site = options.base_url or "https://rss.arxiv.org"
    return (Request(f"{site}/{options.format}/{together}", f"application/{options.format}+xml"),)


def past(options: Options, first: date, last: date) -> tuple[Request, ...]:
    """Return one query for what was announced on a single day, and one harvest an archive for several days."""
    if first != last:
        site = options.base_url or "https://oaipmh.arxiv.org"
        urls = interface.harvests(site, options.categories, first, last)
        return tuple(Request(url, "text/xml, application/xml", seconds=_HARVEST_SECONDS) for url in urls)
    submitted = calendar.window(first, options.holidays)
    if submitted is None:
        return ()
    site = options.base_url or "https://export.arxiv.org"
    return (Request(interface.query(site, options.categories, *submitted), "application/atom+xml", batch=first),)


def silence(options: Options, day: date) -> str:
    """Return why the feeds of ``day`` may be empty (``Saturday``, ``a holiday: Thanksgiving``), or ``""``."""
    return calendar.silence(day, options.holidays)


def parse(options: Options, answer: Answer) -> Listing:
    """Return the papers in a daily feed, in a page of a query's results or in a page of a harvest, each once.

    Raises ParseError when the answer is none of these, or is a query's answer that holds back all of its results.
    """
    if harvest.is_page(answer.body):
        return _harvested(options, answer)
    whole = replace(answer, body=_AFFILIATION.sub(_as_category, answer.body))
    feed = reader.read_each(whole, lambda item, where, head: _item(options, item, where, head))
    listing = gather(_each_once(_wanted(options, feed.items)), _announcement_day(feed), feed.notes)
    if _is_query(feed.about):
        return _with_next(listing, feed, answer)
    return replace(listing, silent_days=reader.skip_days(answer.body))


def _harvested(options: Options, answer: Answer) -> Listing:
    page = harvest.read(answer.body)
    listing = gather(interface.harvested(page, answer.url, options.categories, options.announce))
    url = interface.harvest_page(answer.url, page.token)
    after = Request(url, "text/xml, application/xml", seconds=_HARVEST_SECONDS)
    return replace(listing, next=after) if page.token else listing


def _as_category(found: re.Match[bytes]) -> bytes:
    """Return an author's affiliation as a category of its own scheme: of others feedparser keeps only the last."""
    return b'<category scheme="%s" term="%s"/>' % (_PLACES.encode(), found[1].replace(b'"', b"&quot;"))


def _is_query(head: reader.Head) -> bool:
    """Whether a feed is a page of a query's results: they announce nothing, so it has no batch of its own."""
    return "opensearch_totalresults" in head.values


def _with_next(listing: Listing, feed: reader.Feed[Entry | Oddity], answer: Answer) -> Listing:
    total, start = (number(dict.get(feed.head, f"opensearch_{name}")) for name in ("totalresults", "startindex"))
    if not feed.announced and total > start:
        raise ParseError("", f"arXiv counts {total} results and sent none of them; ask again in a few minutes")
    seen = start + feed.announced
    after = Request(moved(answer.url, "start", seen), "application/atom+xml")
    return replace(listing, next=after) if seen < total else listing


def _wanted(options: Options, items: list[Entry | Oddity]) -> list[Entry | Oddity]:
    return [item for item in items if isinstance(item, Oddity) or (item.announcement or "new") in options.announce]


def _announcement_day(feed: reader.Feed[Entry | Oddity]) -> date | None:
    when = None if _is_query(feed.about) else reader.moment(feed.head)
    return calendar.local_day(when) if when else None


def _item(options: Options, item: reader.Element, where: str, head: reader.Head) -> Entry | Oddity:
    title = _TITLE_TAIL.sub("", reader.plain_text(item, "title"))
    if "/api/errors" in str(dict.get(item, "id")):  # the query interface sends its errors with status 200
        raise ParseError("", f"arXiv answered with an error: {reader.plain_text(item, 'summary')[:200]}")
    if not title:
        return Oddity(where, "has no title")
    links = reader.links(item, "https://arxiv.org")
    ids = tuple(dict.fromkeys(_ids(item, links)))
    abstract = reader.plain_text(item, "summary")
    start = _HEAD.match(abstract)
    entry = Entry(
        title=title,
        abstract=abstract[start.end() :] if start else abstract,
        authors=reader.authors(item),
        institutions=_institutions(item),
        ids=ids,
        url=next((url for _, kind, url in links if kind != "application/pdf"), None),
        pdf_url=next((url for _, kind, url in links if kind == "application/pdf"), None) or pdf_of(ids),
        categories=_categories(item),
        published=reader.moment(item, ("published",)),
        where=where,
    )
    if _is_query(head):
        return replace(entry, announcement=_standing(item, options))
    announcement = _announcement(dict.get(item, "arxiv_announce_type") or (start and start["type"]))
    published = entry.published if announcement in {None, "new", "cross"} else None
    return replace(entry, announcement=announcement, published=published, published_precision="day")


def _standing(item: reader.Element, options: Options) -> Announcement | None:
    """Return what a query's result would be announced as: new where its first category is followed, else crossed."""
    home = dict.get(item, "arxiv_primary_category")
    term = dict.get(home, "term") if isinstance(home, dict) else None
    return ("new" if interface.is_in(str(term), options.categories) else "cross") if term else None


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


def _institutions(item: reader.Element) -> tuple[str, ...]:
    tags = [tag for tag in reader.parts(item, "tags") if dict.get(tag, "scheme") == _PLACES]
    return tuple(dict.fromkeys(flat(str(dict.get(tag, "term") or ""))[:200] for tag in tags[:500]))


def _categories(item: reader.Element) -> tuple[str, ...]:
    """Return arXiv's own categories; the query interface mixes in ACM and MSC classes."""
    return tuple(term for term in reader.categories(item, but=_PLACES) if _TERM.match(term))


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
