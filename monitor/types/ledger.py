"""What the store tells of its own past: sources, batches, subscriptions, digests and mails."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal, Self

from monitor.types.digests import Envelope
from monitor.types.papers import Paper
from monitor.types.verdicts import Match, Verdict

Cadence = Literal["daily", "weekly", "monthly"]
OutboxState = Literal["queued", "claimed", "sent", "uncertain", "failed", "suppressed"]
BatchState = Literal["whole", "open", "silent", "suspect", "missed"]
"""``open``: the day is not over and may bring more. ``silent``: nothing was due. ``suspect``: empty or much smaller
than usual, and asked again. ``missed``: never read on its day; its papers come late."""
PlacementReason = Literal["sent", "copy", "already sent", "revision not wanted", "over budget", "not fresh"]


@dataclass(frozen=True, slots=True)
class SourceHealth:
    """How one source fares. Times are aware UTC."""

    name: str
    next_poll_at: datetime | None = None
    last_ok_at: datetime | None = None
    failures: int = 0
    failing_since: datetime | None = None
    last_error: str = ""
    first_ok_at: datetime | None = None
    gone: str | None = None


@dataclass(frozen=True, slots=True)
class Batch:
    """One announcement of a source, by the date the source declares, with what we counted in it.

    ``late`` counts papers of a missed announcement, ``past`` those from before we watched. ``note`` says why the
    ``state`` is what it is.
    """

    source: str
    declared: date
    announced: int
    read: int
    new: int
    revised: int
    copies: int
    last_read_at: datetime
    late: int = 0
    past: int = 0
    state: BatchState = "whole"
    note: str = ""
    first_read_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Candidate:
    """A verdict that matched a profile, waiting for a digest: the paper, what it is to us, and under which topics."""

    verdict: Verdict
    paper: Paper
    matches: tuple[Match, ...]
    of: Paper | None = None

    @property
    def best(self) -> Match:
        """The match with the highest probability; the first topic wins a tie."""
        return max(self.matches, key=lambda match: match.probability)

    def tried(self, team: int) -> float:
        """Return the highest probability that one of an experiment's two matchers gives, of whatever topic."""
        return max(match.tried[team] if match.tried else match.probability for match in self.matches)


@dataclass(frozen=True, slots=True)
class Placement:
    """Where one candidate went for one subscription; in an experiment, ``team`` names the matcher that placed it."""

    verdict_id: int
    paper_id: int
    reason: PlacementReason
    team: str = ""


@dataclass(frozen=True, slots=True)
class Drafted:
    """One paper of the digest of ``local_date``, sent ``at`` a moment (aware UTC), and the matcher that placed it."""

    local_date: date
    at: datetime
    paper_id: int
    team: str


@dataclass(frozen=True, slots=True, order=True)
class Slot:
    """The place of a digest in time: the ``number``-th of the reader's local date ``day``, from 1."""

    day: date
    number: int = 1

    def kind(self, cadence: Cadence) -> str:
        """Return the kind of digest that this is in the ledger: ``daily``, or ``daily-2`` for the second of a day."""
        return cadence if self.number == 1 else f"{cadence}-{self.number}"

    @classmethod
    def of(cls, day: date, kind: str) -> Self:
        """Return where a digest of this kind stands."""
        return cls(day, int(kind.partition("-")[2] or 1))


@dataclass(frozen=True, slots=True)
class SubscriptionState:
    """What the ledger knows of a subscription: when it began, and which digest was its last."""

    id: int
    profile: str
    recipient: str
    started_at: datetime
    last: Slot | None = None
    last_composed_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Violation:
    """What breaks one of the promises, by its number in the design."""

    promise: int
    what: str


@dataclass(frozen=True, slots=True)
class Claim:
    """A mail that this very program may deliver now, until the claim runs out."""

    outbox_id: int
    envelope: Envelope
    attempts: int
