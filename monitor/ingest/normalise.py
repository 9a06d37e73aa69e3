"""The one gate between a parser and the store: after it, feed text holds nothing that is not text.

No control, bidi or zero-width characters, one line where one line is meant, bounded lengths, plain Unicode instead of
simple LaTeX, links that are http or https, dates that can be true.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from monitor.text import clean, latex_to_text, one_line
from monitor.types.listings import Entry, Listing, Oddity

MAX_TITLE = 500
MAX_ABSTRACT = 20_000
MAX_AUTHORS = 100
MAX_NAME = 200
_MAX_URL = 2_000
_MAX_COUNT = 100_000_000


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
    return replace(
        entry,
        title=one_line(latex_to_text(one_line(entry.title, MAX_TITLE * 4)), MAX_TITLE),
        abstract=_paragraph(entry.abstract),
        authors=_names(entry.authors),
        ids=tuple(one_line(printed, 400) for printed in entry.ids[:20]),
        url=web_url(entry.url),
        pdf_url=web_url(entry.pdf_url),
        code_url=web_url(entry.code_url),
        categories=tuple(dict.fromkeys(one_line(name, 60) for name in entry.categories[:30] if name.strip())),
        published=_date(entry.published, fetched_at),
        upvotes=_count(entry.upvotes),
        comments=_count(entry.comments),
        stars=_count(entry.stars),
        one_liner=one_line(latex_to_text(entry.one_liner), MAX_TITLE) if entry.one_liner else None,
        where=one_line(entry.where, 100),
    )


def web_url(url: str | None) -> str | None:
    """Return ``url`` when it is an http or https address without credentials, else ``None``."""
    if not url or len(url) > _MAX_URL or not url.isprintable() or any(char in url for char in ' "<>\\'):
        return None
    try:
        parts = urlsplit(url)
        usable = parts.scheme in ("http", "https") and parts.hostname and "@" not in parts.netloc
    except ValueError:
        return None
    return url if usable else None


def _paragraph(text: str) -> str:
    # Listings wrap abstracts at any width: line breaks in them mean nothing.
    joined = " ".join(clean(text[: MAX_ABSTRACT * 2]).split())
    return one_line(latex_to_text(joined), MAX_ABSTRACT)


def _names(authors: tuple[str, ...]) -> tuple[str, ...]:
    names = (one_line(latex_to_text(name), MAX_NAME) for name in authors[:MAX_AUTHORS])
    return tuple(dict.fromkeys(_in_order(name) for name in names if name))


def _in_order(name: str) -> str:
    """Turn ``Lovelace, Ada`` into ``Ada Lovelace``; a name with several commas stays as it is."""
    family, comma, given = name.partition(", ")
    return f"{given} {family}" if comma and "," not in given and not given.lower().startswith("jr") else name


def _date(moment: datetime | None, fetched_at: datetime) -> datetime | None:
    if moment is None or moment.tzinfo is None or moment.year < 1900:
        return None
    return min(moment, fetched_at + timedelta(hours=24))


def _count(number: int | None) -> int | None:
    return None if number is None else max(0, min(number, _MAX_COUNT))
