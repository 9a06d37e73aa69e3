"""Papers: their names, texts, sightings, and what they are to us."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, Column, Index, LargeBinary
from sqlmodel import Field

from monitor.store.tables.row import Row


class PaperRow(Row, table=True):
    """One work. A paper that turned out to be another one keeps its row and points to it (``merged_into``)."""

    __tablename__ = "papers"

    id: int | None = Field(default=None, primary_key=True)
    key: str = Field(unique=True)
    title: str
    abstract: str
    authors: list[str] = Field(default_factory=list, sa_column=Column(JSON, nullable=False))
    author_ids: list[str] = Field(default_factory=list, sa_column=Column(JSON, nullable=False, server_default="[]"))
    institutions: list[str] = Field(default_factory=list, sa_column=Column(JSON, nullable=False, server_default="[]"))
    categories: list[str] = Field(default_factory=list, sa_column=Column(JSON, nullable=False))
    sources: list[str] = Field(default_factory=list, sa_column=Column(JSON, nullable=False))
    url: str | None = None
    pdf_url: str | None = None
    code_url: str | None = None
    published: datetime | None = None
    published_precision: str = "second"
    language: str = ""
    one_liner: str | None = None
    upvotes: int | None = None
    version: int = 1
    first_seen: datetime = Field(index=True)
    merged_into: int | None = Field(default=None, foreign_key="papers.id", index=True)


class KeyRow(Row, table=True):
    """One name of a paper: ``arxiv:...``, ``doi:...``, ``guid:...``, ``url:...`` or ``text:...``."""

    __tablename__ = "paper_keys"

    key: str = Field(primary_key=True)
    paper_id: int = Field(foreign_key="papers.id", index=True)


class PrintRow(Row, table=True):
    """What one source printed of one paper last: only a source that contradicts itself has revised something."""

    __tablename__ = "prints"

    paper_id: int = Field(primary_key=True, foreign_key="papers.id")
    source: str = Field(primary_key=True)
    fingerprint: str
    version: int | None = None
    seal: bytes = Field(default=b"", sa_column=Column(LargeBinary, nullable=False))
    """A hash of all that the source printed, figures aside: an equal one has nothing to add."""


class JoinRow(Row, table=True):
    """Why a paper carries what a source says: it shared ``key`` with it. With ``other_id``, two papers became one.

    ``keys`` are those that moved over from the other paper. A join that a person took back keeps its row.
    """

    __tablename__ = "joins"

    id: int | None = Field(default=None, primary_key=True)
    paper_id: int = Field(foreign_key="papers.id", index=True)
    source: str
    key: str
    at: datetime
    other_id: int | None = Field(default=None, foreign_key="papers.id")
    keys: list[str] = Field(default_factory=list, sa_column=Column(JSON, nullable=False))
    undone_at: datetime | None = None


class PinRow(Row, table=True):
    """What a key means when one source gives it, because a person said so: it outweighs the key's own paper."""

    __tablename__ = "pins"

    source: str = Field(primary_key=True)
    key: str = Field(primary_key=True)
    paper_id: int = Field(foreign_key="papers.id")


class TextRow(Row, table=True):
    """One text of a paper, kept when a revision replaces it."""

    __tablename__ = "texts"

    paper_id: int = Field(primary_key=True, foreign_key="papers.id")
    version: int = Field(primary_key=True)
    title: str
    abstract: str
    replaced_at: datetime


class SightingRow(Row, table=True):
    """One paper in one snapshot."""

    __tablename__ = "sightings"
    __table_args__ = (Index("ix_sightings_listed_on", "listed_on", "paper_id", "upvotes", "rank"),)

    paper_id: int = Field(primary_key=True, foreign_key="papers.id")
    snapshot_id: int = Field(primary_key=True, foreign_key="snapshots.id")
    source: str
    seen_at: datetime
    listed_on: date
    rank: int | None = None
    upvotes: int | None = None
    comments: int | None = None
    stars: int | None = None


class VerdictRow(Row, table=True):
    """What a paper was to us at one moment. ``seen`` leaves no row: its sighting says it.

    ``judged`` says whether it was compared with all papers before it; a profile reads a verdict only then. ``arrival``
    is ``on time``, ``late`` (its announcement was missed and read afterwards), ``past`` (from before we watched) or
    ``flood`` (its site lists everything anew).
    """

    __tablename__ = "verdicts"

    id: int | None = Field(default=None, primary_key=True)
    paper_id: int = Field(foreign_key="papers.id", index=True)
    kind: str
    at: datetime = Field(index=True)
    source: str = ""
    of: int | None = Field(default=None, foreign_key="papers.id", index=True)
    evidence: str = ""
    change: dict[str, Any] | None = Field(default=None, sa_column=Column(JSON))
    first_story: float | None = None
    nearest: int | None = Field(default=None, foreign_key="papers.id")
    arrival: str = "on time"
    listed_on: date | None = None
    last_listed: date | None = None
    judged: bool = Field(default=True, index=True)


class AlikeRow(Row, table=True):
    """One of the papers that are most like a paper: their titles share so many pairs of words."""

    __tablename__ = "alike"

    paper_id: int = Field(primary_key=True, foreign_key="papers.id")
    other_id: int = Field(primary_key=True, foreign_key="papers.id", index=True)
    shared: int


class TrendRow(Row, table=True):
    """What was rising on one listing day; ``begun_at`` is when this rise was first noted, ``state_at`` its state."""

    __tablename__ = "trends"

    day: date = Field(primary_key=True)
    kind: str = Field(primary_key=True)
    name: str = Field(primary_key=True)
    begun_at: datetime = Field(index=True)
    state_at: datetime | None = Field(default=None, index=True)
    trend: dict[str, Any] = Field(sa_column=Column(JSON, nullable=False))


class TermSheetRow(Row, table=True):
    """The papers that a source was the first to list on one day, with their terms, packed by the trends room.

    ``through`` is the highest id of its papers.
    """

    __tablename__ = "term_sheets"

    day: date = Field(primary_key=True)
    source: str = Field(primary_key=True)
    through: int = Field(index=True)
    packed: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
