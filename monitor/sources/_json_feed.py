"""JSON Feed, versions 1.0 and 1.1 (https://jsonfeed.org/version/1.1)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any

from monitor.errors import ParseError
from monitor.sources._feedparser import language
from monitor.sources._ids import arxiv_id, ids_in_link, pdf_of
from monitor.sources._json import moment, text, text_in, value_of
from monitor.sources._plain import flat, safe_link, to_text
from monitor.types.listings import Answer, Entry, Oddity

FAR_FUTURE = timedelta(days=366)
"""A date further ahead of the answer than this is a mistake; journals date issues some months ahead."""

_START = re.compile(rb"(?:\xef\xbb\xbf)?\s*\{")
_DAY_ONLY = re.compile(r"\d{4}-\d\d-\d\d")


def is_json_feed(answer: Answer) -> bool:
    """Return whether an answer is a JSON object; only this format of feeds is one."""
    return _START.match(answer.body[:1000]) is not None


def read_json(answer: Answer) -> list[Entry | Oddity]:
    """Return the items of the feed, in its order. Raises ParseError when the answer is no JSON Feed."""
    feed = value_of(answer.body, "a JSON Feed")
    items = feed.get("items") if isinstance(feed, dict) else None
    if not isinstance(items, list) or "jsonfeed.org/version" not in text_in(feed, "version"):
        raise ParseError("", "the answer is JSON, but no JSON Feed: it names no version of it, or holds no items")
    return [_item(item, place, feed, answer) for place, item in enumerate(items, start=1)]


def _item(item: Any, place: int, feed: Mapping[str, Any], answer: Answer) -> Entry | Oddity:
    where = f"item {place}"
    if not isinstance(item, dict):
        return Oddity(where, "is not an item")
    title = to_text(text_in(item, "title"))
    if not title:
        return Oddity(where, "has no title")
    links = list(_links(item, answer.url))
    ids = tuple(dict.fromkeys(_ids(item, [url for _, url in links])))
    printed = text_in(item, "date_published", "date_modified")
    published = moment(printed)
    return Entry(
        title=title,
        abstract=_abstract(item),
        authors=_authors(item) or _authors(feed),
        ids=ids,
        url=next((url for kind, url in links if not kind), None),
        pdf_url=next((url for kind, url in links if kind == "application/pdf"), None) or pdf_of(ids),
        categories=_tags(item.get("tags")),
        published=published if published and _is_likely(published, answer.fetched_at) else None,
        published_precision="day" if _DAY_ONLY.fullmatch(printed) else "second",
        language=language(item.get("language")) or language(feed.get("language")),
        where=where,
    )


def _is_likely(published: datetime, fetched_at: datetime) -> bool:
    return published.year >= 1900 and published <= fetched_at + FAR_FUTURE


def _abstract(item: Mapping[str, Any]) -> str:
    html = item.get("content_html")
    read = (to_text(html) if isinstance(html, str) else "", text_in(item, "content_text"))
    return to_text(text_in(item, "summary")) or max(read, key=len)


def _links(item: Mapping[str, Any], base: str) -> Iterator[tuple[str, str]]:
    """Give the item's links, each behind its type; those of pages have none."""
    for name in ("url", "external_url"):
        if link := safe_link(text_in(item, name), base) if text_in(item, name) else None:
            yield "", link
    attachments = item.get("attachments")
    for part in attachments[:50] if isinstance(attachments, list) else ():
        link = safe_link(text_in(part, "url"), base) if isinstance(part, dict) else None
        if link:
            yield text_in(part, "mime_type") or "unknown", link


def _ids(item: Mapping[str, Any], links: list[str]) -> Iterator[str]:
    printed = item.get("id")
    guid = flat(str(printed)) if isinstance(printed, str | int | float) else ""
    if guid:
        yield arxiv_id(guid) or f"guid:{guid[:500]}"
    for url in (guid, *links):
        yield from ids_in_link(url)


def _authors(holder: Mapping[str, Any]) -> tuple[str, ...]:
    people = holder.get("authors")
    listed = people if isinstance(people, list) else [holder.get("author")]  # ``author`` is what version 1.0 has
    names = (text_in(person, "name")[:200] for person in listed if isinstance(person, dict))
    return tuple(dict.fromkeys(name for name in names if name))


def _tags(value: Any) -> tuple[str, ...]:
    words = value if isinstance(value, list) else []
    return tuple(dict.fromkeys(found[:100] for word in words[:50] if (found := text(word))))
