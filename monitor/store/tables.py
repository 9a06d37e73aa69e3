"""The tables. Values from ``monitor.types`` go in and out through the aggregates beside this file.

Times are aware UTC (SQLModel stores them so). JSON columns hold lists and mappings of plain values and are replaced
whole, never changed in place. Text columns hold kinds and states by their names, so that a new one needs no migration.
"""

from datetime import date, datetime
from typing import Any, ClassVar

from sqlalchemy import JSON, Column, Index, LargeBinary, MetaData, UniqueConstraint
from sqlmodel import Field, SQLModel

# Constraints without a name cannot be changed by a later migration (alembic documentation, "The Importance of Naming
# Constraints").
NAMING = {
    "ix": "ix_%(column_0_label)s",
    "uq": "uq_%(table_name)s_%(column_0_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


class Row(SQLModel):
    """What all tables share: one set of names for constraints."""

    metadata: ClassVar[MetaData] = MetaData(naming_convention=NAMING)


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
    state: str = "whole"
    note: str = ""


class PaperRow(Row, table=True):
    """One work. A paper that turned out to be another one keeps its row and points to it (``merged_into``)."""

    __tablename__ = "papers"

    id: int | None = Field(default=None, primary_key=True)
    key: str = Field(unique=True)
    title: str
    abstract: str
    authors: list[str] = Field(default_factory=list, sa_column=Column(JSON, nullable=False))
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
    __table_args__ = (Index("ix_sightings_listed_on", "listed_on"),)

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
    is ``on time``, ``late`` (its announcement was missed and read afterwards) or ``past`` (from before we watched).
    """

    __tablename__ = "verdicts"

    id: int | None = Field(default=None, primary_key=True)
    paper_id: int = Field(foreign_key="papers.id", index=True)
    kind: str
    at: datetime = Field(index=True)
    source: str = ""
    of: int | None = Field(default=None, foreign_key="papers.id")
    evidence: str = ""
    change: dict[str, Any] | None = Field(default=None, sa_column=Column(JSON))
    first_story: float | None = None
    arrival: str = "on time"
    listed_on: date | None = None
    judged: bool = Field(default=True, index=True)


class ProfileRow(Row, table=True):
    """How far a profile has read: every verdict up to ``matched_through`` was judged under ``fingerprint``.

    ``threshold`` is what its pace came to on the day ``paced_on``.
    """

    __tablename__ = "profiles"

    id: str = Field(primary_key=True)
    fingerprint: str
    matched_through: int = 0
    threshold: float | None = None
    paced_on: date | None = None


class FeedbackRow(Row, table=True):
    """What a reader said of what came."""

    __tablename__ = "feedback"

    id: int | None = Field(default=None, primary_key=True)
    profile: str = Field(index=True)
    topic: str = ""
    kind: str
    paper_id: int | None = Field(default=None, foreign_key="papers.id")
    text: str = ""
    at: datetime
    undone_at: datetime | None = None


class MatchRow(Row, table=True):
    """One verdict under one topic of one profile. ``withheld`` is the muted word that keeps it out, if one does."""

    __tablename__ = "matches"
    __table_args__ = (UniqueConstraint("profile", "topic", "verdict_id", name="uq_matches_profile_topic_verdict"),)

    id: int | None = Field(default=None, primary_key=True)
    profile: str
    topic: str
    verdict_id: int = Field(foreign_key="verdicts.id")
    paper_id: int = Field(foreign_key="papers.id")
    probability: float
    reasons: list[dict[str, Any]] = Field(default_factory=list, sa_column=Column(JSON, nullable=False))
    matched_at: datetime
    withheld: str = ""


class SubscriptionRow(Row, table=True):
    """One recipient of one profile."""

    __tablename__ = "subscriptions"
    __table_args__ = (UniqueConstraint("profile", "recipient", name="uq_subscriptions_profile_recipient"),)

    id: int | None = Field(default=None, primary_key=True)
    profile: str
    recipient: str = Field(index=True)
    started_at: datetime


class DigestRow(Row, table=True):
    """One digest: there can be no second one for the same subscription, local date and kind."""

    __tablename__ = "digests"
    __table_args__ = (
        UniqueConstraint("subscription_id", "local_date", "kind", name="uq_digests_subscription_date_kind"),
    )

    id: int | None = Field(default=None, primary_key=True)
    subscription_id: int = Field(foreign_key="subscriptions.id")
    local_date: date
    kind: str
    composed_at: datetime
    fingerprint: str
    subject: str
    papers: int = 0
    state: str


class PlacementRow(Row, table=True):
    """Where a match of a subscription went: into a digest, or nowhere for a stated reason. Once, for ever."""

    __tablename__ = "placements"

    subscription_id: int = Field(primary_key=True, foreign_key="subscriptions.id")
    verdict_id: int = Field(primary_key=True, foreign_key="verdicts.id", index=True)
    paper_id: int = Field(foreign_key="papers.id", index=True)
    digest_id: int | None = Field(default=None, foreign_key="digests.id")
    reason: str
    placed_at: datetime


class OutboxRow(Row, table=True):
    """One finished mail. Its Message-ID and bytes never change after this row exists."""

    __tablename__ = "outbox"
    __table_args__ = (Index("ix_outbox_state_next_attempt_at", "state", "next_attempt_at"),)

    id: int | None = Field(default=None, primary_key=True)
    digest_id: int = Field(foreign_key="digests.id", unique=True)
    message_id: str = Field(unique=True)
    sender: str
    recipient: str
    subject: str
    content: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
    html: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
    state: str
    attempts: int = 0
    created_at: datetime
    next_attempt_at: datetime
    claimed_until: datetime | None = None


class ReceiptRow(Row, table=True):
    """What a channel answered to one attempt, kept for ever."""

    __tablename__ = "receipts"

    id: int | None = Field(default=None, primary_key=True)
    outbox_id: int = Field(foreign_key="outbox.id", index=True)
    at: datetime
    outcome: str
    code: str = ""
    text: str = ""


class TrendRow(Row, table=True):
    """What was rising on one listing day; ``begun_at`` is when this rise was first noted."""

    __tablename__ = "trends"

    day: date = Field(primary_key=True)
    kind: str = Field(primary_key=True)
    name: str = Field(primary_key=True)
    begun_at: datetime = Field(index=True)
    trend: dict[str, Any] = Field(sa_column=Column(JSON, nullable=False))
