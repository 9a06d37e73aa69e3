"""Works, and the moments at which sources showed them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal


@dataclass(frozen=True, slots=True)
class Paper:
    """One work: everything that all sources say of it, joined.

    ``id`` is the store's own number; ``key`` is its public name (``arxiv:2303.16203``, ``doi:...`` or
    ``text:...``), stable over versions. ``version`` counts the texts that we have seen, from 1.
    ``first_seen`` is aware UTC. ``published_precision`` says how much of its date a source stated, and ``language`` is
    BCP 47 or empty. ``sources`` are the names of the sources that listed it, first one first.
    ``author_ids`` are the ORCIDs or OpenReview ids of ``authors``, in their order and empty where unknown; there are
    none when no source gives any. ``institutions`` are the places that its sources name beside it, as they print them.
    """

    id: int
    key: str
    title: str
    abstract: str
    first_seen: datetime
    authors: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    url: str | None = None
    pdf_url: str | None = None
    code_url: str | None = None
    published: datetime | None = None
    published_precision: Literal["second", "day"] = "second"
    language: str = ""
    version: int = 1
    one_liner: str | None = None
    sources: tuple[str, ...] = ()
    upvotes: int | None = None
    author_ids: tuple[str, ...] = ()
    institutions: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Picked:
    """That a source lists a paper: first under which day, and with how many upvotes now."""

    source: str
    day: date
    upvotes: int | None = None


@dataclass(frozen=True, slots=True)
class Sighting:
    """One paper in one snapshot: its place and its figures at that time (aware UTC)."""

    paper_id: int
    source: str
    seen_at: datetime
    listed_on: date
    rank: int | None = None
    upvotes: int | None = None
    comments: int | None = None
    stars: int | None = None
