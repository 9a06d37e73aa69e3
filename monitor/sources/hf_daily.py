"""Hugging Face Daily Papers: each day's list with upvotes, comments, code and keywords.

Asks the site's JSON interface for the last ``days`` days, today included, because papers join a day's list and gather
upvotes after it appeared. Weekends are asked too: their list is mostly empty, and an empty list is an answer.

::

    sources:
      hugging-face:
        kind: hf_daily
        period: day    # or week, month: the site's longer lists, which hold the days' best
        days: 3        # how many of the last days (or the weeks, the months that they lie in) are asked again
        limit: 100     # papers on one page; a list that fills a page is followed to the next one

The batch is the day that was asked for, or the first day of the week (a Monday) or of the month. ``published`` is the
paper's own date: the one beside it, of the site's post, is hours off. Authors that the site hides (they asked not to be
shown there) are left out here too, and its machine-made keywords become categories. Archived copies of this interface
hold papers as printed Python dictionaries, or the list inside an envelope (``data``, ``papers``); both are read.
"""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import Any, Literal
from urllib.parse import parse_qs, urlsplit

from pydantic import BaseModel, ConfigDict, Field

from monitor.errors import ParseError
from monitor.sources._hf_post import listing_of, unprinted
from monitor.sources._json import value_of
from monitor.sources._plain import flat
from monitor.types.listings import Answer, Listing, Request

EVERY = timedelta(hours=1)
GROWS = True

_MOST_PAGES = 10
_ENVELOPES = ("data", "papers", "daily_papers", "items", "results")
_ASKED = {
    "date": re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})"),
    "week": re.compile(r"(\d{4})-W(\d{1,2})"),
    "month": re.compile(r"(\d{4})-(\d{1,2})"),
}


class Options(BaseModel):
    """What may stand beside ``kind: hf_daily``."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    period: Literal["day", "week", "month"] = Field(
        default="day", description="Whose list is asked: that of a day, a week or a month."
    )
    days: int = Field(default=3, ge=1, le=31, description="How many of the last days are asked again, today included.")
    limit: int = Field(default=100, ge=1, le=100, description="Papers on one page to ask for.")
    base_url: str = Field(
        default="https://huggingface.co", pattern=r"^https?://[^\s/@?#\\]+$", description="The site, without a path."
    )


def requests(options: Options, today: date) -> tuple[Request, ...]:
    """Return one request for each of the last days, or for each week or month that they lie in, the latest first."""
    return tuple(reversed(past(options, today - timedelta(days=options.days - 1), today)))


def past(options: Options, first: date, last: date) -> tuple[Request, ...]:
    """Return one request for each day, week or month that ``first`` to ``last`` lie in, oldest first."""
    days = (first + timedelta(days=number) for number in range((last - first).days + 1))
    starts = dict.fromkeys(_start(options, day) for day in days)
    return tuple(_request(options, *_named(options, start), start) for start in starts)


def silence(options: Options, day: date) -> str:
    """Return why no list is due under ``day``: weekends are mostly empty, and longer lists bear their first day."""
    if options.period != "day":
        return "" if _start(options, day) == day else f"not the first day of a {options.period}"
    return f"{day:%A}" if day.weekday() >= 5 else ""


def parse(options: Options, answer: Answer) -> Listing:
    """Return the papers on one page of a list, in the site's order.

    ``next`` asks for the page after a full one, up to the tenth. Raises ParseError when the answer is not the JSON of
    a list of papers.
    """
    posts = _list_in(value_of(answer.body, "the JSON of a list of papers"))
    asked = {name: values[-1] for name, values in parse_qs(urlsplit(answer.url[:2000]).query).items()}
    page, limit = (int(asked[name]) if re.fullmatch(r"\d{1,3}", asked.get(name, "")) else 0 for name in ("p", "limit"))
    named = next(((name, day) for name in _ASKED if (day := _day_in(name, asked.get(name, "")))), None)
    listing = listing_of(posts, named[1] if named else None, page * limit)
    if named is None or not 0 < limit <= len(posts) or page + 1 >= _MOST_PAGES:
        return listing
    following = _request(options, named[0], asked[named[0]], named[1], page + 1, limit)
    return Listing(listing.entries, listing.batch, listing.announced, listing.oddities, following)


def _start(options: Options, day: date) -> date:
    if options.period == "month":
        return day.replace(day=1)
    return day - timedelta(days=day.weekday()) if options.period == "week" else day


def _named(options: Options, start: date) -> tuple[str, str]:
    if options.period == "day":
        return "date", start.isoformat()
    if options.period == "month":
        return "month", f"{start:%Y-%m}"
    year, week, _ = start.isocalendar()
    return "week", f"{year}-W{week:02}"


def _request(options: Options, name: str, value: str, batch: date, page: int = 0, limit: int | None = None) -> Request:
    url = f"{options.base_url}/api/daily_papers?{name}={value}&limit={limit or options.limit}"
    return Request(f"{url}&p={page}" if page else url, "application/json", batch)


def _day_in(name: str, value: str) -> date | None:
    found = _ASKED[name].fullmatch(value)
    if not found:
        return None
    numbers = [int(group) for group in found.groups()]
    try:
        return date.fromisocalendar(numbers[0], numbers[1], 1) if name == "week" else date(*[*numbers, 1][:3])
    except ValueError:
        return None


def _list_in(value: Any, depth: int = 3) -> list[Any]:
    if isinstance(value, list):
        return value
    if isinstance(value, str) and depth:
        return _list_in(unprinted(value), depth - 1)
    if isinstance(value, dict):
        for name in _ENVELOPES:
            if name in value and depth:
                return _list_in(value[name], depth - 1)
        if "error" in value:
            raise ParseError("", f"the site answered with an error: {flat(str(value['error']))[:200]}")
    raise ParseError("", "the JSON holds no list of papers; has the interface changed?")
