"""Hugging Face Daily Papers: each day's list with upvotes, comments and code.

Asks the site's JSON interface for the last ``days`` days, today included, because papers join a day's list and gather
upvotes after it appeared. Weekends are asked too: their list is mostly empty, and an empty list is an answer.

::

    sources:
      hugging-face:
        kind: hf_daily
        days: 3        # how many of the last days are asked again
        limit: 100     # papers of one day; the site's own default of 50 cuts busy days

The batch is the day that was asked for. ``published`` is the paper's own date: the one beside it, of the site's post,
is hours off. Authors that the site hides (they asked not to be shown there) are left out here too. Archived copies of
this interface hold papers as printed Python dictionaries, or the list inside an envelope (``data``, ``papers``); both
are read.
"""

from __future__ import annotations

import ast
import json
import re
from collections import Counter
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

from pydantic import BaseModel, ConfigDict, Field

from monitor.errors import ParseError
from monitor.sources._ids import arxiv_id, pdf_of
from monitor.sources._limits import gather
from monitor.sources._plain import flat, safe_link
from monitor.types.listings import Answer, Entry, Listing, Oddity, Request

EVERY = timedelta(hours=1)

_MAX_PRINTED = 100_000  # characters of one printed dictionary; real ones stay under 12,000
_MAX_COUNT = 1_000_000_000
_ENVELOPES = ("data", "papers", "daily_papers", "items", "results")
_DAY = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})")


class Options(BaseModel):
    """What may stand beside ``kind: hf_daily``."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    days: int = Field(default=3, ge=1, le=31, description="How many of the last days are asked again, today included.")
    limit: int = Field(default=100, ge=1, le=100, description="Papers of one day to ask for.")
    base_url: str = Field(
        default="https://huggingface.co", pattern=r"^https?://[^\s/@?#\\]+$", description="The site, without a path."
    )


def requests(options: Options, today: date) -> tuple[Request, ...]:
    """Return one request for each of the last days, ``today`` first."""
    days = [today - timedelta(days=back) for back in range(options.days)]
    base = f"{options.base_url}/api/daily_papers"
    return tuple(Request(f"{base}?date={day.isoformat()}&limit={options.limit}", "application/json") for day in days)


def parse(options: Options, answer: Answer) -> Listing:  # noqa: ARG001  # the same for every kind
    """Return the papers of one day, in the site's order.

    Raises ParseError when the answer is not the JSON of a list of papers.
    """
    raw = _list_in(_decoded(answer.body))
    seen: dict[str, str] = {}
    items: list[Entry | Oddity] = []
    days: Counter[date] = Counter()
    for number, value in enumerate(raw, start=1):
        item = _item(value, f"item {number}", days)
        if isinstance(item, Entry) and item.ids:
            first = seen.setdefault(item.ids[0], item.where)
            if first != item.where:
                item = Oddity(item.where, f"the same paper as {first}")
        items.append(item)
    if items and not any(isinstance(item, Entry) for item in items):
        raise ParseError("", f"none of the {len(items)} items is a paper: {items[0]}. Has the interface changed?")
    return gather(items, _asked_day(answer.url) or (days.most_common(1)[0][0] if days else None))


def _decoded(body: bytes) -> Any:
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        start = body[:200].lstrip().lower()
        what = "a web page" if start.startswith(b"<") else "an empty answer" if not start else "not JSON"
        reason = f"expected the JSON of a day's papers and got {what}; look at the address in a browser"
        raise ParseError("", reason) from None


def _list_in(value: Any, depth: int = 3) -> list[Any]:
    if isinstance(value, list):
        return value
    if isinstance(value, str) and depth:
        return _list_in(_unprinted(value), depth - 1)
    if isinstance(value, dict):
        for name in _ENVELOPES:
            if name in value and depth:
                return _list_in(value[name], depth - 1)
        if "error" in value:
            raise ParseError("", f"the site answered with an error: {flat(str(value['error']))[:200]}")
    raise ParseError("", "the JSON holds no list of papers; has the interface changed?")


def _unprinted(text: str) -> Any:
    """Return the value that was printed as JSON or as Python; never evaluated. Anything else is ``None``."""
    if len(text) > _MAX_PRINTED:
        return None
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        pass
    try:
        return ast.literal_eval(text.strip())
    except (ValueError, SyntaxError, TypeError, MemoryError, RecursionError):
        return None


def _item(value: Any, where: str, days: Counter[date]) -> Entry | Oddity:
    post = _unprinted(value) if isinstance(value, str) else value
    if not isinstance(post, Mapping):
        return Oddity(where, "is not a paper")
    inner = post.get("paper")
    paper: Mapping[Any, Any] = inner if isinstance(inner, Mapping) else post
    title = _text(paper.get("title")) or _text(post.get("title"))
    if not title:
        return Oddity(where, "has no title")
    name = arxiv_id(_text(paper.get("id")))
    listed = _time(paper.get("submittedOnDailyAt"))
    if listed:
        days[listed.date()] += 1
    return _entry(post, paper, title, name, where)


def _entry(post: Mapping[Any, Any], paper: Mapping[Any, Any], title: str, name: str | None, where: str) -> Entry:
    ids = (name,) if name else ()
    return Entry(
        title=title,
        abstract=_text(paper.get("summary")) or _text(post.get("summary")),
        authors=_authors(paper.get("authors")),
        ids=ids,
        url=f"https://huggingface.co/papers/{name[6:]}" if name else None,
        pdf_url=pdf_of(ids),
        code_url=safe_link(_text(paper.get("githubRepo"))),
        published=_time(paper.get("publishedAt")),
        upvotes=_count(paper.get("upvotes")),
        comments=_count(post.get("numComments")),
        stars=_count(paper.get("githubStars")),
        one_liner=_text(paper.get("ai_summary")) or None,
        where=where,
    )


def _text(value: Any) -> str:
    return flat(value) if isinstance(value, str) else ""


def _count(value: Any) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= _MAX_COUNT else None


def _authors(value: Any) -> tuple[str, ...]:
    people = value if isinstance(value, list) else []
    names = (
        _text(person) if isinstance(person, str) else _text(person.get("name"))
        for person in people
        if isinstance(person, str) or (isinstance(person, Mapping) and person.get("hidden") is not True)
    )
    return tuple(name for name in names if name)


def _time(value: Any) -> datetime | None:
    try:
        moment = datetime.fromisoformat(_text(value))
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def _asked_day(url: str) -> date | None:
    try:
        found = _DAY.fullmatch(parse_qs(urlsplit(url).query).get("date", [""])[-1])
        return date(int(found[1]), int(found[2]), int(found[3])) if found else None
    except ValueError:
        return None
