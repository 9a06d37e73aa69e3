"""What a source says: entries, listings and the raw bytes behind them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Literal

Announcement = Literal["new", "cross", "replace", "replace-cross"]
"""arXiv's own word for why a paper is in a feed."""


@dataclass(frozen=True, slots=True)
class Request:
    """What a source wants to be asked: an ``http`` or ``https`` URL, or ``file:<folder>`` for files.

    ``batch`` is the announcement that the question asks for, where it names one; it stands for the listing's own when
    the answer declares none. ``endings`` are those of the files to read in a folder, all of them when empty.
    ``seconds`` is how long the answer may take, where the usual time is too short for an interface. ``robots`` asks to
    heed the site's robots.txt: for pages made for people (RFC 9309), not for feeds and interfaces.
    """

    url: str
    accept: str = "*/*"
    batch: date | None = None
    endings: tuple[str, ...] = ()
    robots: bool = False
    seconds: float | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """The bytes that came back for a request.

    ``url`` is the address that answered in the end, ``fetched_at`` is aware UTC, and ``modified_at``
    is the file's own time where there is one. The day of a listing that declares none is
    taken from these, never from the clock at parsing time, so that a replay gives the same listing.
    """

    url: str
    body: bytes
    fetched_at: datetime
    content_type: str = ""
    modified_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Entry:
    """One item of a listing, as the source prints it (cleaned by ``ingest.normalise`` before it is stored).

    ``ids`` are written ``arxiv:2303.16203v2``, ``doi:10.1000/x``, ``guid:...`` in the order in which the
    source gives them. ``author_ids`` are the ORCIDs or OpenReview ids of ``authors``, in their order and empty where
    unknown. ``institutions`` are where they work, as printed. ``published`` is aware UTC; ``published_precision`` says
    how much of it the source stated. ``rank`` counts from 1. ``language`` is what the source declares (BCP 47), if it
    does. ``where`` is the place in the answer, for messages: ``line 12``, ``item 3``.
    """

    title: str
    abstract: str = ""
    authors: tuple[str, ...] = ()
    ids: tuple[str, ...] = ()
    url: str | None = None
    pdf_url: str | None = None
    code_url: str | None = None
    categories: tuple[str, ...] = ()
    published: datetime | None = None
    published_precision: Literal["second", "day"] = "second"
    announcement: Announcement | None = None
    rank: int | None = None
    upvotes: int | None = None
    comments: int | None = None
    stars: int | None = None
    one_liner: str | None = None
    language: str = ""
    where: str = ""
    author_ids: tuple[str, ...] = ()
    institutions: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Oddity:
    """Something in an answer that could not be read; the rest of the listing stands."""

    where: str
    what: str

    def __str__(self) -> str:
        """Return the place and what is odd there, in one line."""
        return f"{self.where}: {self.what}"


@dataclass(frozen=True, slots=True)
class Listing:
    """What a source showed at one time.

    ``batch`` is the date that the source itself declares for it, or ``None``. ``announced`` counts the
    items that the source holds, readable or not: ``len(entries)`` of them were read. ``next`` asks for the rest of
    the listing when this answer is one page of it. ``every`` is how long the source itself says to wait before asking
    again (RSS ``ttl``), and ``silent_days`` are the weekdays (0 is Monday) on which it says that nothing comes (RSS
    ``skipDays``).
    """

    entries: tuple[Entry, ...]
    batch: date | None = None
    announced: int = 0
    oddities: tuple[Oddity, ...] = ()
    next: Request | None = None
    every: timedelta | None = None
    silent_days: frozenset[int] = frozenset()
