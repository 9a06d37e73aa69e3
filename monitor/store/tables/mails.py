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
