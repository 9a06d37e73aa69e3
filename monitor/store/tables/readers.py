"""What readers asked for and said, and what was found for them."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, Column, LargeBinary, UniqueConstraint
from sqlmodel import Field

from monitor.store.tables.row import Row


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
    """What a reader said of what came: for the whole profile, or for ``recipient`` alone when that is given."""

    __tablename__ = "feedback"

    id: int | None = Field(default=None, primary_key=True)
    profile: str = Field(index=True)
    topic: str = ""
    kind: str
    paper_id: int | None = Field(default=None, foreign_key="papers.id")
    text: str = ""
    at: datetime
    undone_at: datetime | None = None
    recipient: str = ""


class MatchRow(Row, table=True):
    """One verdict under one topic of one profile. ``withheld`` is the muted word that keeps it out, if one does.

    ``tried_own`` and ``tried_other`` are the probabilities that the two matchers of an experiment give. Its reasons are
    those of ``reasons_hash``; a match from before schema 0018 holds them itself.
    """

    __tablename__ = "matches"
    __table_args__ = (UniqueConstraint("profile", "topic", "verdict_id", name="uq_matches_profile_topic_verdict"),)

    id: int | None = Field(default=None, primary_key=True)
    profile: str
    topic: str
    verdict_id: int = Field(foreign_key="verdicts.id")
    paper_id: int = Field(foreign_key="papers.id", index=True)
    probability: float
    reasons: list[dict[str, Any]] = Field(default_factory=list, sa_column=Column(JSON, nullable=False))
    matched_at: datetime
    withheld: str = ""
    tried_own: float | None = None
    tried_other: float | None = None
    reasons_hash: int | None = Field(default=None, sa_column=Column(BigInteger, nullable=True))


class ReasonsRow(Row, table=True):
    """The reasons of all matches that have the same, by their hash: as all readers of a topic have.

    A match points here without a foreign key: a server would look for each of millions what was written just before.
    """

    __tablename__ = "reasons"

    hash: int = Field(sa_column=Column(BigInteger, primary_key=True, autoincrement=False))
    reasons: list[dict[str, Any]] = Field(default_factory=list, sa_column=Column(JSON, nullable=False))


class NearMissRow(Row, table=True):
    """One new verdict that fell just short of the ``threshold`` of one topic of one profile."""

    __tablename__ = "near_misses"
    __table_args__ = (UniqueConstraint("profile", "topic", "verdict_id", name="uq_near_misses_profile_topic_verdict"),)

    id: int | None = Field(default=None, primary_key=True)
    profile: str
    topic: str
    verdict_id: int = Field(foreign_key="verdicts.id", index=True)
    paper_id: int = Field(foreign_key="papers.id")
    probability: float
    threshold: float


class StoryRow(Row, table=True):
    """How unlike all before them the last papers of one topic of one profile were, in ten thousandths, oldest first."""

    __tablename__ = "stories"

    profile: str = Field(primary_key=True)
    topic: str = Field(primary_key=True)
    scores: bytes = Field(sa_column=Column(LargeBinary, nullable=False))


class SummaryRow(Row, table=True):
    """What a language model said of one text, under the fingerprint of what it was asked."""

    __tablename__ = "summaries"

    fingerprint: str = Field(primary_key=True)
    text: str
    at: datetime = Field(index=True)


class SubscriptionRow(Row, table=True):
    """One recipient of one profile. ``origin`` is ``web`` for who came by the pages, and empty for the profile's file.

    ``schedule`` (days, hours and zone) and ``paused_until`` are what the person chose. Who had everything deleted
    leaves a row without name. Before ``next_due_at`` nothing is due and no tick looks; ``None`` asks for a look.
    """

    __tablename__ = "subscriptions"
    __table_args__ = (UniqueConstraint("profile", "recipient", name="uq_subscriptions_profile_recipient"),)

    id: int | None = Field(default=None, primary_key=True)
    profile: str
    recipient: str = Field(index=True)
    started_at: datetime
    origin: str = ""
    schedule: dict[str, Any] | None = Field(default=None, sa_column=Column(JSON))
    paused_until: date | None = None
    next_due_at: datetime | None = Field(default=None, index=True)


class SignupRow(Row, table=True):
    """A wish of somebody at ``address``, until it is confirmed from there.

    ``mailbox`` is the address without what its owner may vary. ``is_due`` says that a confirmation is to be mailed.
    """

    __tablename__ = "signups"

    id: int | None = Field(default=None, primary_key=True)
    profile: str
    address: str
    mailbox: str = Field(index=True)
    subscription: int | None = Field(default=None, foreign_key="subscriptions.id")
    schedule: dict[str, Any] | None = Field(default=None, sa_column=Column(JSON))
    asked_at: datetime = Field(index=True)
    is_due: bool = Field(default=True, index=True)
    mailed_at: datetime | None = None
    confirmed_at: datetime | None = None


class ActionRow(Row, table=True):
    """One line of the audit log: who did what on the pages, and to which thing."""

    __tablename__ = "actions"

    id: int | None = Field(default=None, primary_key=True)
    at: datetime
    who: str
    what: str
    of: str
