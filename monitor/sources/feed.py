"""Any RSS, RDF, Atom or JSON feed: journals, preprint servers, blogs.

Give the address of the feed::

    sources:
      lab-journal:
        kind: feed
        url: https://journal.example.org/current.rss

Titles and abstracts come out as plain text, links only when they are http or https. A feed announces no day of its
own, so its listings have no batch. A paper is known again by its guid, by an arXiv id or DOI in its links, or by its
link. Where a feed gives one guid or one link to several papers, that guid or link says nothing and is left out. Items
without a title are counted and left out. How long the feed says to wait (``ttl``, ``sy:updatePeriod``), on which
weekdays it says that nothing comes (``skipDays``) and its language are heeded.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime, timedelta
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, Field, field_validator

from monitor.sources import _feedparser as reader
from monitor.sources._ids import arxiv_id, doi_id, ids_in_link, pdf_of
from monitor.sources._json_feed import FAR_FUTURE, is_json_feed, read_json
from monitor.sources._limits import gather
from monitor.sources._plain import flat, safe_link, to_text
from monitor.types.listings import Answer, Entry, Listing, Oddity, Request

EVERY = timedelta(hours=2)

_ACCEPT = (
    "application/rss+xml, application/atom+xml, application/rdf+xml, application/feed+json, application/xml;q=0.9, "
    "text/xml;q=0.8"
)
_SHORT = 200  # a summary below this is a citation or a teaser when the item also has content


class Options(BaseModel):
    """What may stand beside ``kind: feed``."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    url: str = Field(max_length=2000, description="The feed's address, http or https, without a user name.")

    @field_validator("url")
    @classmethod
    def _is_public_web(cls, url: str) -> str:
        if urlsplit(url).scheme not in {"http", "https"}:
            raise ValueError("the address must start with https:// or http://; folders are read by kind: snapshot")
        if safe_link(url) is None:
            raise ValueError("the address needs a host, and no user name, blank or backslash; copy it from a browser")
        return url


def requests(options: Options, today: date) -> tuple[Request, ...]:  # noqa: ARG001  # a feed is asked the same every day
    """Return the one request for the feed."""
    return (Request(options.url, _ACCEPT),)


def parse(options: Options, answer: Answer) -> Listing:  # noqa: ARG001  # the same for every feed
    """Return the items of the feed, in its order; ``batch`` is ``None``.

    Raises ParseError when the answer is no feed.
    """
    if is_json_feed(answer):
        kept, notes = _without_shared_names(read_json(answer))
        return gather(kept, None, notes)
    latest = answer.fetched_at + FAR_FUTURE
    feed = reader.read_each(answer, lambda item, where, head: _item(item, where, head, answer.url, latest))
    kept, notes = _without_shared_names(feed.items)
    listing = gather(kept, None, feed.notes + notes, feed.announced)
    return replace(listing, every=reader.every(feed.head), silent_days=reader.skip_days(answer.body))


def _item(item: reader.Element, where: str, head: reader.Head, base: str, latest: datetime) -> Entry | Oddity:
    literal = head.version.startswith("atom")
    title = reader.plain_text(item, "title", literal=literal)
    if not title:
        return Oddity(where, "has no title")
    links = reader.links(item, base)
    ids = tuple(dict.fromkeys(_ids(item, links)))
    published = reader.moment(item)
    return Entry(
        title=title,
        abstract=_abstract(item, literal=literal),
        authors=reader.authors(item),
        ids=ids,
        url=next((url for relation, _, url in links if relation in {"main", "alternate"}), None),
        pdf_url=next((url for _, kind, url in links if kind == "application/pdf"), None) or pdf_of(ids),
        categories=reader.categories(item),
        published=published if published and published <= latest else None,
        published_precision=reader.precision(item),
        rank=int(where[5:]),
        language=reader.language_of(item, head),
        where=where,
    )


def _abstract(item: reader.Element, *, literal: bool) -> str:
    summary = reader.plain_text(item, "summary", literal=literal)
    if len(summary) >= _SHORT:
        return summary
    contents = [dict.get(part, "value") for part in reader.parts(item, "content")]
    return max([summary, *(to_text(value) for value in contents if isinstance(value, str))], key=len)


def _ids(item: reader.Element, links: list[tuple[str, str, str]]) -> Iterable[str]:
    guid = dict.get(item, "id")
    if isinstance(guid, str) and guid.strip():
        yield arxiv_id(guid) or f"guid:{flat(guid)[:500]}"
        yield from ids_in_link(guid)
    for name in ("prism_doi", "dc_identifier", "arxiv_doi"):
        value = dict.get(item, name)
        doi = doi_id(value) if isinstance(value, str) else None
        if doi:
            yield doi
    for url in dict.fromkeys(url for _, _, url in links):
        yield from ids_in_link(url)


def _without_shared_names(items: list[Entry | Oddity]) -> tuple[list[Entry | Oddity], list[Oddity]]:
    """Return the items without the ids and links that the feed gives to papers of different titles."""
    titles: dict[str, set[str]] = defaultdict(set)
    for item in items:
        if isinstance(item, Entry):
            for name in (*item.ids, *([item.url] if item.url else ())):
                titles[name].add(item.title.casefold())
    shared = {name for name, different in titles.items() if len(different) > 1}
    notes = [
        Oddity("feed", f"{len(titles[name])} papers share {flat(name)[:100]}, which was left out")
        for name in sorted(shared)
    ]
    return [_stripped(item, shared) if isinstance(item, Entry) else item for item in items], notes


def _stripped(entry: Entry, shared: set[str]) -> Entry:
    if not shared:
        return entry
    ids = tuple(name for name in entry.ids if name not in shared)
    return replace(entry, ids=ids, url=None if entry.url in shared else entry.url)
