"""The page huggingface.co/papers: the site's own, by day, or pages that were saved or copied into a folder.

::

    sources:
      papers-page:
        kind: hf_page
        days: 2              # how many of the last days are asked again

      saved-pages:
        kind: hf_page
        path: pages          # a folder of saved pages: *.html, *.htm, *.md, *.markdown, *.txt

``hf_daily`` asks the site's interface and is the better choice where it can be reached; this kind is for where only the
page can be, and for what readers save of it. Of HTML the papers' own data is read, or the visible headings and links
where a page carries none. Markdown and plain text are read as ``snapshot`` reads them, and the site's machine-written
one-liners are told from abstracts: they are one sentence of at most 400 characters.

The site's page is fetched only if its robots.txt allows it. The batch is the day in the page's address, else the date
that stands in its head, else the last day on which its papers were put on it.
"""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field

from monitor.sources._capture import decoded
from monitor.sources._hf_post import listing_of
from monitor.sources._listing_text import listing_of_lines, listing_of_text
from monitor.sources._page_html import is_html, lines_in, posts_in
from monitor.types.listings import Answer, Listing, Request

EVERY = timedelta(hours=2)
GROWS = True
ENDINGS = (".html", ".htm", ".md", ".markdown", ".txt")

_IN_ADDRESS = re.compile(r"/papers/date/(\d{4}-\d\d-\d\d)/?(?:[?#].*)?$")


class Options(BaseModel):
    """What may stand beside ``kind: hf_page``."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    path: Path | None = Field(default=None, description="A folder of saved pages; without it the site is asked.")
    days: int = Field(default=2, ge=1, le=31, description="How many of the last days are asked again, today included.")
    base_url: str = Field(
        default="https://huggingface.co", pattern=r"^https?://[^\s/@?#\\]+$", description="The site, without a path."
    )


def requests(options: Options, today: date) -> tuple[Request, ...]:
    """Return the folder, or one request for each of the last days, ``today`` first."""
    if options.path is not None:
        return (Request(f"file:{options.path}", "text/html", endings=ENDINGS),)
    return tuple(reversed(past(options, today - timedelta(days=options.days - 1), today)))


def past(options: Options, first: date, last: date) -> tuple[Request, ...]:
    """Return one request for each day from ``first`` to ``last``; a folder has no past to ask for."""
    days = (first + timedelta(days=number) for number in range((last - first).days + 1))
    return () if options.path is not None else tuple(_request(options, day) for day in days)


def silence(options: Options, day: date) -> str:
    """Return why no page is due under ``day``: nobody promised to save one, and a weekend's is mostly empty."""
    if options.path is not None:
        return "pages come when somebody saves one"
    return f"{day:%A}" if day.weekday() >= 5 else ""


def parse(options: Options, answer: Answer) -> Listing:  # noqa: ARG001  # the same for every page
    """Return the papers of one page, in its order.

    Raises ParseError when the answer is no page that lists papers.
    """
    if not is_html(answer.body):
        return listing_of_text(decoded(answer.body), answer, has_one_liners=True)
    posts = posts_in(answer.body)
    if posts is None:
        listing = listing_of_lines(lines_in(answer.body), answer, has_one_liners=True)
        return replace(listing, batch=_day_of(answer.url) or listing.batch)
    return listing_of(posts, _day_of(answer.url))


def _request(options: Options, day: date) -> Request:
    return Request(f"{options.base_url}/papers/date/{day.isoformat()}", "text/html", day, robots=True)


def _day_of(url: str) -> date | None:
    found = _IN_ADDRESS.search(url[:2000])
    try:
        return date.fromisoformat(found[1]) if found else None
    except ValueError:
        return None
