"""OpenReview: the papers of one conference, workshop or journal.

Give the venue, or the invitation that its papers answer::

    sources:
      iclr-accepted:
        kind: openreview
        venue: ICLR.cc/2026/Conference
      iclr-submitted:
        kind: openreview
        invitation: ICLR.cc/2026/Conference/-/Submission

A ``venue`` lists what stands under it now, mostly what was accepted; while reviewing goes on, the papers stand under
``ICLR.cc/2026/Conference/Submission``. An ``invitation`` lists all that was submitted and is public. Reviews and other
replies are left out. The list is read page by page; it announces no day, so it has no batch, and what is new on it is
new, however long ago it was written (up to two years).

Answers of both versions of the interface are read (https://docs.openreview.net/reference/api-v2). Venues from before
2023 answer at the older one: ``base_url: https://api.openreview.net``. Keywords become categories and the TL;DR the
one-liner. ``published`` is the date of publication where one is given, else the day of submission.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

from monitor.errors import ParseError
from monitor.sources._ids import doi_id, ids_in_link, pdf_of
from monitor.sources._json import count, text, value_of
from monitor.sources._limits import MAX_AUTHORS, gather
from monitor.sources._paging import asked, moved, query
from monitor.sources._plain import safe_link
from monitor.text import author_id
from monitor.types.listings import Answer, Entry, Listing, Oddity, Request

EVERY = timedelta(hours=12)
MAX_AGE = timedelta(days=730)

_SITE = "https://openreview.net"
_PAGE = 400  # notes of 6 KB each; more of them may take more memory than one answer is given
_MOST_TERMS = 30
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_FORUM = re.compile(r"[\w-]{1,60}", re.ASCII)
_DOI_FIELD = re.compile(r"\bdoi\s{0,9}=\s{0,9}[{\"]([^}\"]{1,200})[}\"]", re.IGNORECASE)

_Group = Annotated[str, StringConstraints(pattern=r"^[\w.-]+(/[\w.-]+)*$", max_length=200)]


class Options(BaseModel):
    """What may stand beside ``kind: openreview``: either ``venue`` or ``invitation``."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    venue: _Group | None = Field(default=None, description="The venue's id, such as ICLR.cc/2026/Conference.")
    invitation: _Group | None = Field(default=None, description="The invitation's id, which ends in /-/Submission.")
    base_url: str = Field(
        default="https://api2.openreview.net",
        pattern=r"^https?://[^\s/@?#\\]+$",
        description="The site of the interface, without a path.",
    )

    @model_validator(mode="after")
    def _is_one_question(self) -> Options:
        if (self.venue is None) == (self.invitation is None):
            raise ValueError("give either venue: or invitation:, such as venue: ICLR.cc/2026/Conference")
        return self


def requests(options: Options, today: date) -> tuple[Request, ...]:  # noqa: ARG001  # the list has one address for ever
    """Return the one request for the first page of the list."""
    name, group = ("content.venueid", options.venue) if options.venue else ("invitation", options.invitation)
    question = query({name: group, "limit": _PAGE, "offset": 0})
    return (Request(f"{options.base_url}/notes?{question}", "application/json"),)


def parse(options: Options, answer: Answer) -> Listing:  # noqa: ARG001  # the same for every venue
    """Return the papers on one page of the list, in the site's order.

    Raises ParseError when the answer is not the JSON of such a page, or counts papers and holds none.
    """
    value = value_of(answer.body, "the JSON of a venue's papers")
    notes = value.get("notes") if isinstance(value, Mapping) else None
    if not isinstance(notes, list):
        raise ParseError("", _fault(value))
    items = [_item(note, f"note {number}") for number, note in enumerate(notes, start=1) if not _is_reply(note)]
    if items and not any(isinstance(item, Entry) for item in items):
        raise ParseError("", f"none of the {len(items)} notes is a paper: {items[0]}. Has the interface changed?")
    return replace(gather(items), next=_next(value, len(notes), answer.url))


def _fault(value: Any) -> str:
    reason = text(value.get("message")) if isinstance(value, Mapping) else ""
    return f"the site answered with an error: {reason[:200]}" if reason else "the JSON holds no list of notes"


def _next(value: Mapping[Any, Any], held: int, url: str) -> Request | None:
    """Return the request for the next page: the site counts all notes, or else a full page is not the last one."""
    offset, limit, total = asked(url, "offset"), asked(url, "limit"), count(value.get("count"))
    if not held and total is not None and total > offset:
        raise ParseError("", f"the site counts {total} notes and sent none of them; ask again in a few minutes")
    seen = offset + held
    if not held or not limit or (seen >= total if total is not None else held < limit):
        return None
    return Request(moved(url, "offset", seen), "application/json")


def _is_reply(note: Any) -> bool:
    """Whether a note belongs to a paper (a review, a comment, a decision) instead of being one."""
    forum = note.get("forum") if isinstance(note, Mapping) else None
    return isinstance(forum, str) and note.get("id") != forum


def _item(note: Any, where: str) -> Entry | Oddity:
    if not isinstance(note, Mapping):
        return Oddity(where, "is not a paper")
    written = note.get("content")
    content: Mapping[Any, Any] = written if isinstance(written, Mapping) else {}
    title, forum = _said(content, "title"), text(note.get("forum")) or text(note.get("id"))
    if not title or not _FORUM.fullmatch(forum):
        return Oddity(where, "has no id" if title else "has no title")
    ids = (f"openreview:{forum}", *_other_ids(content))
    pdf = _said(content, "pdf")
    people = list(_people(content))
    return Entry(
        title=title,
        abstract=_said(content, "abstract"),
        authors=tuple(name for name, _ in people),
        author_ids=tuple(known for _, known in people),
        institutions=tuple(dict.fromkeys(_institutions(content))),
        ids=ids,
        url=f"{_SITE}/forum?id={forum}",
        pdf_url=safe_link(pdf, _SITE) if pdf else pdf_of(ids),
        categories=tuple(dict.fromkeys(_terms(content))),
        published=next((when for name in ("pdate", "tcdate", "cdate") if (when := _moment(note.get(name)))), None),
        one_liner=_said(content, "TLDR") or _said(content, "TL;DR") or None,
        where=where,
    )


def _value(content: Mapping[Any, Any], name: str) -> Any:
    """Return one field: the value itself in the interface's first version, inside an object in the second."""
    held = content.get(name)
    return held.get("value") if isinstance(held, Mapping) else held


def _said(content: Mapping[Any, Any], name: str) -> str:
    return text(_value(content, name))


def _people(content: Mapping[Any, Any]) -> Iterator[tuple[str, str]]:
    """Give each author's name and id, which the site lists apart; an address of mail is no id to keep."""
    people, known = _value(content, "authors"), _value(content, "authorids")
    known = known[: 10 * MAX_AUTHORS] if isinstance(known, list) else []
    for place, person in enumerate(people[: 10 * MAX_AUTHORS] if isinstance(people, list) else []):
        held: Mapping[Any, Any] = person if isinstance(person, Mapping) else {"fullname": person}
        if name := text(held.get("fullname")):
            yield name, author_id(text(held.get("username")) or text(known[place] if place < len(known) else ""))


def _institutions(content: Mapping[Any, Any]) -> Iterator[str]:
    """Give where the authors work, where they are listed as objects that say so."""
    people = _value(content, "authors")
    for person in people[: 10 * MAX_AUTHORS] if isinstance(people, list) else []:
        places = person.get("institutions") if isinstance(person, Mapping) else None
        for place in places[:10] if isinstance(places, list) else []:
            if isinstance(place, Mapping) and (name := text(place.get("name")) or text(place.get("domain"))):
                yield name


def _terms(content: Mapping[Any, Any]) -> Iterator[str]:
    terms = _value(content, "keywords")
    for term in terms[:_MOST_TERMS] if isinstance(terms, list) else []:
        if name := text(term)[:100]:
            yield name


def _other_ids(content: Mapping[Any, Any]) -> tuple[str, ...]:
    """Return the ids in the fields that name the same paper elsewhere: its link, and the DOI of its BibTeX record."""
    written = _DOI_FIELD.search(_said(content, "_bibtex")[:5000])
    doi = doi_id(written[1]) if written else None
    return tuple(dict.fromkeys((*ids_in_link(_said(content, "html")), *([doi] if doi else []))))


def _moment(value: Any) -> datetime | None:
    """Return milliseconds since 1970 as aware UTC; ``None`` for what cannot be a date of a paper."""
    if not isinstance(value, int) or isinstance(value, bool):
        return None
    try:
        return _EPOCH + timedelta(milliseconds=value) if value > 0 else None
    except OverflowError:
        return None
