"""What the store tells of its own past: sources, batches, subscriptions, digests and mails."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal, Self

from monitor.types.digests import Envelope
from monitor.types.papers import Paper
from monitor.types.verdicts import Match, Verdict

Cadence = Literal["daily", "weekly", "monthly"]
OutboxState = Literal["queued", "claimed", "sent", "uncertain", "failed", "suppressed", "held"]
"""``uncertain``: it may have arrived. ``suppressed``: the recipient gets no mail. ``held``: waits for a person."""
BounceKind = Literal["soft", "hard", "complaint"]
SuppressionReason = Literal["unsubscribed", "bounced", "complained", "operator"]
BatchState = Literal["whole", "open", "silent", "suspect", "missed"]
"""``open``: the day is not over and may bring more. ``silent``: nothing was due. ``suspect``: empty or much smaller
than usual, and asked again. ``missed``: never read on its day; its papers come late."""
PlacementReason = Literal[
    "sent", "copy", "already sent", "revision not wanted", "no first story", "over budget", "not fresh", "not wanted"
]


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

    ``late`` counts papers of a missed announcement, ``past`` those from before we watched, ``flood`` those that came
    back all at once under new names. ``note`` says why the ``state`` is what it is.
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
    flood: int = 0


@dataclass(frozen=True, slots=True, eq=False)
class Candidate:
    """A verdict that matched a profile, waiting for a digest: the paper, what it is to us, and under which topics.

    Profiles for which a paper waits in the very same way share one, and it is equal to itself alone.
    ``of`` and ``nearest`` are the papers that the verdict names, ``best`` is the match with the highest probability;
    the first topic wins a tie.
    """

    verdict: Verdict
    paper: Paper
    matches: tuple[Match, ...]
    of: Paper | None = None
    nearest: Paper | None = None
    best: Match = field(init=False)

    def __post_init__(self) -> None:
        """Find the best match once: it is asked for again and again."""
        object.__setattr__(self, "best", max(self.matches, key=lambda match: match.probability))

    @property
    def is_late(self) -> bool:
        """Whether its announcement was missed and read afterwards."""
        return self.verdict.arrival == "late"

    def tried(self, team: int) -> float:
        """Return the highest probability that one of an experiment's two matchers gives, of whatever topic."""
        return max(match.tried[team] if match.tried else match.probability for match in self.matches)


@dataclass(frozen=True, slots=True)
class NearMiss:
    """A new paper that fell just short of a topic's ``threshold``, both probabilities in [0, 1]."""

    paper: Paper
    topic: str
    probability: float
    threshold: float

    @property
    def odds(self) -> float:
        """What share of the odds that the topic asks for the paper has."""
        return self.probability * (1 - self.threshold) / (self.threshold * (1 - self.probability))


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
    """A mail that ``holder`` alone may deliver, until the claim runs out.

    ``attempts`` counts this one, ``doubts`` the earlier ones of which nobody knows whether they arrived.
    """

    outbox_id: int
    envelope: Envelope
    attempts: int
    holder: str
    created_at: datetime
    doubts: int = 0


@dataclass(frozen=True, slots=True)
class Settlement:
    """What became of one attempt: the mail's next state, the answer, and when it is tried again if it is.

    ``doubted``: nobody knows whether it arrived. ``bounced`` counts against the recipient. ``returned`` lets the papers
    wait for the next digest. ``counted`` is whether it was an attempt at all: a channel that is broken for all leaves
    each mail as it was.
    """

    claim: Claim
    state: OutboxState
    at: datetime
    code: str
    text: str
    next_at: datetime
    doubted: bool = False
    bounced: bool = False
    returned: bool = False
    counted: bool = True


@dataclass(frozen=True, slots=True)
class Mail:
    """One mail of the outbox as a person asks after it. Times are aware UTC; ``kept`` is whether its bytes are."""

    id: int
    profile: str
    recipient: str
    local_date: date
    subject: str
    state: OutboxState
    attempts: int
    created_at: datetime
    next_attempt_at: datetime
    channel: str
    message_id: str
    fingerprint: str
    kept: bool
    subscription_id: int


@dataclass(frozen=True, slots=True)
class Receipt:
    """What a channel answered to one attempt."""

    at: datetime
    outcome: str
    code: str
    text: str


@dataclass(frozen=True, slots=True)
class ChannelHealth:
    """How a channel fares; the default one has an empty name. One that fails rests until ``paused_until``."""

    name: str
    failures: int = 0
    failing_since: datetime | None = None
    paused_until: datetime | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Bounce:
    """A word that a mail did not arrive (``hard``: never will) or was not wanted. ``report`` says where it was read."""

    recipient: str
    kind: BounceKind
    at: datetime
    text: str
    report: str
    outbox_id: int | None = None


@dataclass(frozen=True, slots=True)
class Suppression:
    """A recipient who gets no mail, of one profile or (an empty ``profile``) of any, whatever the YAML says."""

    recipient: str
    profile: str
    reason: SuppressionReason
    since: datetime
    note: str = ""

    def __str__(self) -> str:
        """Return what it means and how to end it, in one line."""
        of = f" of {self.profile}" if self.profile else ""
        lift = f"monitor outbox lift {self.recipient}" + (f" --profile {self.profile}" if self.profile else "")
        note = f": {self.note}" if self.note else ""
        why = f"{self.reason} on {self.since:%Y-%m-%d}{note}"
        return f"{self.recipient} gets no mail{of}, whatever the profiles say ({why}); `{lift}` ends that"

    def concerns(self, recipient: str, profile: str) -> bool:
        """Whether it keeps the mails of one subscription."""
        return self.recipient == recipient.strip().casefold() and self.profile in ("", profile)
