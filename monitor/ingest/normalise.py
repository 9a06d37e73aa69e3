"""The one gate between a parser and the store: after it, feed text holds nothing that is not text.

No control, bidi or zero-width characters, one line where one line is meant, bounded lengths, plain Unicode instead of
simple LaTeX, links that are http or https, dates that can be true.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import zip_longest
from urllib.parse import urlsplit

from monitor.ingest.language import language_of
from monitor.ingest.names import in_order, split_list
from monitor.text import author_id, is_flat, latex_to_text, one_line
from monitor.types.listings import Entry, Listing, Oddity

MAX_TITLE = 500
MAX_ABSTRACT = 20_000
MAX_AUTHORS = 100
MAX_NAME = 200
MAX_INSTITUTIONS = 30
_MAX_URL = 2_000
_MAX_COUNT = 100_000_000
_MAX_LIST = 20_000
_MOST_PLACES = 500
"""Every author may name the same few."""
_READ_ON = re.compile(r"[\\{$~`&]")
"""What may begin LaTeX or an entity."""
_PLAIN_ADDRESS = re.compile(r"https?://[A-Za-z0-9]+(?:[.-][A-Za-z0-9]+)+(?:/[A-Za-z0-9_./~%+=?&-]*)?")
_ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});")


def normalise(listing: Listing, fetched_at: datetime) -> Listing:
    """Return ``listing`` with every entry cleaned; an entry without a title becomes an oddity."""
    entries: list[Entry] = []
    oddities = list(listing.oddities)
    for entry in listing.entries:
        cleaned = clean_entry(entry, fetched_at)
        if cleaned.title:
            entries.append(cleaned)
        else:
            oddities.append(Oddity(entry.where, "no title"))
    short = tuple(Oddity(one_line(oddity.where, 100), one_line(oddity.what, 300)) for oddity in oddities)
    return replace(listing, entries=tuple(entries), oddities=short, announced=max(listing.announced, len(entries)))


def clean_entry(entry: Entry, fetched_at: datetime) -> Entry:
    """Return ``entry`` with all its text, links, figures and dates made safe to keep and to show."""
    authors, author_ids = _people(entry)
    title, abstract = _line(entry.title, MAX_TITLE), _line(entry.abstract, MAX_ABSTRACT)
    return replace(
        entry,
        title=title,
        abstract=abstract,
        authors=authors,
        author_ids=author_ids,
        institutions=_places(entry.institutions),
        ids=tuple(name for name in _labels(entry.ids[:20], 400) if not name.endswith(":")),
        url=web_url(entry.url),
        pdf_url=web_url(entry.pdf_url),
        code_url=web_url(entry.code_url),
        categories=_labels(entry.categories[:30], 60),
        published=_date(entry.published, fetched_at),
        upvotes=_count(entry.upvotes),
        comments=_count(entry.comments),
        stars=_count(entry.stars),
        one_liner=_line(entry.one_liner, MAX_TITLE) if entry.one_liner else None,
        language=language_of(abstract or title, entry.language),
        where=_label(entry.where, 100),
    )


def web_url(url: str | None) -> str | None:
    """Return ``url`` when it is an http or https address without credentials, else ``None``."""
    if not url or len(url) > _MAX_URL:
        return None
    if _PLAIN_ADDRESS.fullmatch(url):
        return url
    if not url.isprintable() or any(char in url for char in ' "<>\\'):
        return None
    try:
        parts = urlsplit(url)
        usable = parts.scheme in ("http", "https") and parts.hostname and "@" not in parts.netloc
    except ValueError:
        return None
    return url if usable else None


def _line(text: str, limit: int) -> str:
    """Return ``text`` on one line: listings wrap at any width, so line breaks mean nothing."""
    if _is_plain(text, limit) and not _READ_ON.search(text):
        return text  # nine in ten
    return one_line(latex_to_text(" ".join(_unescaped(text[: limit * 4]).split())), limit)


def _labels(texts: Iterable[str], limit: int) -> tuple[str, ...]:
    """Return each label once, without those of which nothing is left."""
    return tuple(dict.fromkeys(filter(None, (_label(text.strip(), limit) for text in texts))))


def _label(text: str, limit: int) -> str:
    return text if _is_plain(text, limit) else one_line(text, limit)


def _is_plain(text: str, limit: int) -> bool:
    return len(text) <= limit and is_flat(text)


def _unescaped(text: str) -> str:
    """Resolve entities that a source escaped once or twice too often; only those with a semicolon, and as text."""
    for _ in range(2):
        text = _ENTITY.sub(lambda found: html.unescape(found[0]), text)
    return text


def _people(entry: Entry) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the names, and the ids in the same order; no ids when the source gives none that is one."""
    if not any(entry.author_ids):
        return _names(entry.authors), ()
    ids: dict[str, str] = {}
    for name, printed in zip_longest(entry.authors[:MAX_AUTHORS], entry.author_ids[:MAX_AUTHORS], fillvalue=""):
        if cleaned := in_order(_line(name, MAX_NAME)):
            ids[cleaned] = ids.get(cleaned) or author_id(printed)
    return tuple(ids), tuple(ids.values()) if any(ids.values()) else ()


def _names(authors: tuple[str, ...]) -> tuple[str, ...]:
    if len(authors) == 1:
        authors = split_list(_line(authors[0], _MAX_LIST))
    names = (in_order(_line(name, MAX_NAME)) for name in authors[:MAX_AUTHORS])
    return tuple(dict.fromkeys(filter(None, names)))


def _places(institutions: tuple[str, ...]) -> tuple[str, ...]:
    lines = (_line(name, MAX_NAME) for name in institutions[:_MOST_PLACES])
    return tuple(dict.fromkeys(filter(None, lines)))[:MAX_INSTITUTIONS]


def _date(moment: datetime | None, fetched_at: datetime) -> datetime | None:
    if moment is None or moment.tzinfo is None or moment.year < 1900:
        return None
    return min(moment, fetched_at + timedelta(hours=24)).astimezone(UTC)


def _count(number: int | None) -> int | None:
    return None if number is None else max(0, min(number, _MAX_COUNT))
