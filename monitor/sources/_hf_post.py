"""A paper as Hugging Face prints it in JSON: in the answers of its interface and inside its pages."""

from __future__ import annotations

import ast
import json
import warnings
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from monitor.errors import ParseError
from monitor.sources._ids import arxiv_id, pdf_of
from monitor.sources._json import count, moment, text, text_in
from monitor.sources._limits import MAX_ENTRIES, gather
from monitor.sources._plain import safe_link
from monitor.text import fold
from monitor.types.listings import Entry, Listing, Oddity

_MAX_PRINTED = 100_000  # characters of one printed dictionary; real ones stay under 12,000
_MAX_KEYWORDS = 30


def listing_of(posts: Sequence[Any], batch: date | None, before: int = 0) -> Listing:
    """Return the papers in ``posts``, in their order; ``before`` of them stood on earlier pages.

    Without a ``batch`` it is the last day on which a tenth of them or more were put on the list: most of a day's papers
    may have been handed in the day before. Raises ParseError when there are posts and none is a paper.
    """
    first: dict[str, str] = {}
    days: Counter[date] = Counter()
    items: list[Entry | Oddity] = []
    for number, value in enumerate(posts[:MAX_ENTRIES], start=1):
        item = _item(value, f"item {number}", before + number, days)
        if isinstance(item, Entry) and item.ids and first.setdefault(item.ids[0], item.where) != item.where:
            item = Oddity(item.where, f"the same paper as {first[item.ids[0]]}")
        items.append(item)
    if items and not any(isinstance(item, Entry) for item in items):
        raise ParseError("", f"none of the {len(items)} items is a paper: {items[0]}. Has the interface changed?")
    listed = max((day for day in days if 10 * days[day] >= days.total()), default=None)
    return gather(items, batch or listed, announced=len(posts))


def unprinted(printed: str) -> Any:
    """Return the value that was printed as JSON or as Python; never evaluated. Anything else is ``None``."""
    if len(printed) > _MAX_PRINTED:
        return None
    try:
        return json.loads(printed)
    except (ValueError, RecursionError):
        pass
    try:
        with warnings.catch_warnings():  # what Python thinks of the style of a hostile text is for nobody's log
            warnings.simplefilter("ignore")
            return ast.literal_eval(printed.strip())
    except (ValueError, SyntaxError, TypeError, MemoryError, RecursionError):
        return None


def _item(value: Any, where: str, rank: int, days: Counter[date]) -> Entry | Oddity:
    post = unprinted(value) if isinstance(value, str) else value
    if not isinstance(post, Mapping):
        return Oddity(where, "is not a paper")
    inner = post.get("paper")
    paper: Mapping[Any, Any] = inner if isinstance(inner, Mapping) else post
    title = text_in(paper, "title") or text_in(post, "title")
    if not title:
        return Oddity(where, "has no title")
    listed = moment(paper.get("submittedOnDailyAt"))
    if listed:
        days[listed.date()] += 1
    return _entry(post, paper, title, where, rank)


def _entry(post: Mapping[Any, Any], paper: Mapping[Any, Any], title: str, where: str, rank: int) -> Entry:
    name = arxiv_id(text_in(paper, "id"))
    ids = (name,) if name else ()
    return Entry(
        title=title,
        abstract=text_in(paper, "summary") or text_in(post, "summary"),
        authors=_authors(paper.get("authors")),
        institutions=_institutions(paper.get("organization") or post.get("organization")),
        ids=ids,
        url=f"https://huggingface.co/papers/{name[6:]}" if name else None,
        pdf_url=pdf_of(ids),
        code_url=safe_link(text_in(paper, "githubRepo")),
        categories=_keywords(paper.get("ai_keywords")),
        published=moment(paper.get("publishedAt")),
        rank=rank,
        upvotes=count(paper.get("upvotes")),
        comments=count(post.get("numComments")),
        stars=count(paper.get("githubStars")),
        one_liner=text_in(paper, "ai_summary") or None,
        where=where,
    )


def _institutions(value: Any) -> tuple[str, ...]:
    """Return an organization by its full name, with the one in its address where that is another: often an acronym."""
    if not isinstance(value, Mapping):
        return ()
    full, short = text_in(value, "fullname"), text_in(value, "name")
    is_other = short and _bare(short) != _bare(full)
    return (f"{full} ({short})" if full and is_other else full or short,) if full or short else ()


def _bare(name: str) -> str:
    return "".join(fold(name).split())


def _keywords(value: Any) -> tuple[str, ...]:
    words = value if isinstance(value, list) else []
    return tuple(dict.fromkeys(found[:100] for word in words[:_MAX_KEYWORDS] if (found := text(word))))


def _authors(value: Any) -> tuple[str, ...]:
    people = value if isinstance(value, list) else []
    names = (
        text(person) if isinstance(person, str) else text_in(person, "name")
        for person in people
        if isinstance(person, str) or (isinstance(person, Mapping) and person.get("hidden") is not True)
    )
    return tuple(name for name in names if name)
