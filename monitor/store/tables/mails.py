"""What left: digests, where each match went, finished mails, receipts."""

from datetime import date, datetime

from sqlalchemy import Column, Index, LargeBinary, UniqueConstraint
from sqlmodel import Field

from monitor.store.tables.row import Row


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
    """Where a match of a subscription went: into a digest, or nowhere for a stated reason. Once, for ever.

    ``team`` names the matcher that placed it while an experiment ran.
    """

    __tablename__ = "placements"

    subscription_id: int = Field(primary_key=True, foreign_key="subscriptions.id")
    verdict_id: int = Field(primary_key=True, foreign_key="verdicts.id", index=True)
    paper_id: int = Field(foreign_key="papers.id", index=True)
    digest_id: int | None = Field(default=None, foreign_key="digests.id")
    reason: str
    placed_at: datetime
    team: str = ""


class OutboxRow(Row, table=True):
    """One finished mail. Its Message-ID and bytes never change after this row exists.

    ``fingerprint`` is the hash of the bytes, and stays when the bytes are let go; ``tree`` is the digest, its sections
    and blocks, from which they can be made again. ``doubts`` counts the attempts of which nobody knows whether they
    arrived, ``broken`` those that ended with the program that made them. ``holder`` is who has claimed it, or had it
    last. Mails of a higher ``priority`` leave first.
    """

    __tablename__ = "outbox"
    __table_args__ = (Index("ix_outbox_state_next_attempt_at", "state", "next_attempt_at"),)

    id: int | None = Field(default=None, primary_key=True)
    digest_id: int = Field(foreign_key="digests.id", unique=True)
    message_id: str = Field(unique=True)
    sender: str
    recipient: str = Field(index=True)
    subject: str
    content: bytes | None = Field(default=None, sa_column=Column(LargeBinary, nullable=True))
    fingerprint: str
    tree: bytes | None = Field(default=None, sa_column=Column(LargeBinary, nullable=True))
    channel: str = ""
    state: str
    attempts: int = 0
    doubts: int = 0
    broken: int = 0
    created_at: datetime
    next_attempt_at: datetime
    claimed_until: datetime | None = None
    holder: str | None = None
    priority: int = Field(default=0, sa_column_kwargs={"server_default": "0"})


class ReceiptRow(Row, table=True):
    """What a channel answered to one attempt, kept for ever."""

    __tablename__ = "receipts"

    id: int | None = Field(default=None, primary_key=True)
    outbox_id: int = Field(foreign_key="outbox.id", index=True)
    at: datetime
    outcome: str
    code: str = ""
    text: str = ""


class ChannelRow(Row, table=True):
    """A channel that works, or has failed as a whole since ``failing_since`` and rests until ``paused_until``."""

    __tablename__ = "channels"

    name: str = Field(primary_key=True)
    failures: int = 0
    failing_since: datetime | None = None
    paused_until: datetime | None = None
    reason: str = ""


class BounceRow(Row, table=True):
    """A word that a mail did not arrive, or was not wanted. ``report`` says where it was read: each counts once."""

    __tablename__ = "bounces"

    id: int | None = Field(default=None, primary_key=True)
    report: str = Field(unique=True)
    recipient: str = Field(index=True)
    outbox_id: int | None = Field(default=None, foreign_key="outbox.id")
    kind: str
    at: datetime
    text: str = ""


class SuppressionRow(Row, table=True):
    """A recipient who gets no mail, of one profile or (an empty ``profile``) of any, whatever the YAML says."""

    __tablename__ = "suppressions"

    recipient: str = Field(primary_key=True)
    profile: str = Field(default="", primary_key=True)
    reason: str
    since: datetime
    note: str = ""
