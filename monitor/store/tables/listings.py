"""What sources showed: places, answers, announcements."""

from datetime import date, datetime

from sqlalchemy import JSON, Column, Index, LargeBinary, UniqueConstraint
from sqlmodel import Field

from monitor.store.tables.row import Row


class SourceRow(Row, table=True):
    """One configured source and how it fares."""

    __tablename__ = "sources"

    name: str = Field(primary_key=True)
    first_ok_at: datetime | None = None
    next_poll_at: datetime | None = None
    last_ok_at: datetime | None = None
    failures: int = 0
    failing_since: datetime | None = None
    last_error: str = ""
    gone: str | None = None
    """The settings under which the site said that the source is gone for good; other settings are asked again."""


class AddressRow(Row, table=True):
    """One address of a source: the hash and the validators of its last answer, byte-exact, and where it points.

    ``moved_to`` is where the site said, for good, that the address has gone; ``next_url`` is the page after it.
    """

    __tablename__ = "addresses"

    source: str = Field(primary_key=True)
    url: str = Field(primary_key=True)
    sha256: str
    etag: str | None = None
    last_modified: str | None = None
    moved_to: str | None = None
    next_url: str | None = None
    answered_at: datetime = Field(index=True)


class HostRow(Row, table=True):
    """One site that wants pauses: who asks it now, over all processes, and when it may be asked again."""

    __tablename__ = "hosts"

    site: str = Field(primary_key=True)
    holder: str = ""
    free_at: datetime


class BackfillRow(Row, table=True):
    """How far the past of a source was read: ``request`` questions are done, ``url`` is the page to go on with."""

    __tablename__ = "backfills"

    source: str = Field(primary_key=True)
    first: date = Field(primary_key=True)
    last: date = Field(primary_key=True)
    request: int = 0
    url: str | None = None
    read: int = 0
    new: int = 0
    finished_at: datetime | None = None


class SnapshotRow(Row, table=True):
    """One answer of a source, kept whole (gzip) so that it can be read again, or why it could not be read.

    ``size`` counts the bytes that ``body`` takes here; ``contents`` (gzip of JSON) holds the first key and the
    fingerprint of each entry that was read, so that a replay can tell what it reads otherwise.
    """

    __tablename__ = "snapshots"
    __table_args__ = (Index("ix_snapshots_source_batch", "source", "batch"),)

    id: int | None = Field(default=None, primary_key=True)
    source: str
    url: str
    fetched_at: datetime
    modified_at: datetime | None = None
    content_type: str = ""
    sha256: str
    body: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
    size: int = 0
    contents: bytes = Field(default=b"", sa_column=Column(LargeBinary, nullable=False))
    state: str
    reason: str = ""
    batch: date
    announced: int = 0
    read: int = 0
    oddities: list[str] = Field(default_factory=list, sa_column=Column(JSON, nullable=False))


class BatchRow(Row, table=True):
    """One announcement of a source, keyed by the date that the source declares (else the day it was fetched)."""

    __tablename__ = "batches"
    __table_args__ = (UniqueConstraint("source", "declared", name="uq_batches_source_declared"),)

    id: int | None = Field(default=None, primary_key=True)
    source: str
    declared: date
    first_read_at: datetime
    last_read_at: datetime = Field(index=True)
    announced: int = 0
    read: int = 0
    new: int = 0
    revised: int = 0
    copies: int = 0
    late: int = 0
    past: int = 0
    flood: int = 0
    state: str = "whole"
    note: str = ""
