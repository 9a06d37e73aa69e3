"""What a digest is made from: plain values, gathered by the job, read by the sections."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from zoneinfo import ZoneInfo

from monitor.links import ReaderLinks
from monitor.types.feedback import Withheld
from monitor.types.ledger import Batch, Candidate, Placement, SourceHealth
from monitor.types.papers import Paper, Picked
from monitor.types.profiles import Profile
from monitor.types.verdicts import Trend
from monitor.words import Words, speak


@dataclass(frozen=True, slots=True)
class Facts:
    """All that is known when a digest is composed.

    ``at`` is aware UTC, ``since`` is when the subscription's last digest was composed. ``sent`` maps the ids of papers
    that this person has been sent, in whatever profile, to when. ``batches`` and ``trends`` are those since then.
    ``listed`` counts the papers of the store, and ``picked`` says which sources list a candidate, by paper id.
    ``withheld`` counts what muted words kept out since then. ``kind`` is the digest's in the ledger; ``missed`` are the
    dates whose digests could not leave in time and roll into this one. ``links`` lead to the reader's own pages, where
    there are any.
    """

    profile: Profile
    recipient: str
    at: datetime
    local_date: date
    candidates: tuple[Candidate, ...] = ()
    sent: Mapping[int, datetime] = field(default_factory=dict)
    trends: tuple[Trend, ...] = ()
    trend_papers: Mapping[int, Paper] = field(default_factory=dict)
    batches: tuple[Batch, ...] = ()
    health: tuple[SourceHealth, ...] = ()
    since: datetime | None = None
    listed: int = 0
    picked: Mapping[int, tuple[Picked, ...]] = field(default_factory=dict)
    withheld: tuple[Withheld, ...] = ()
    kind: str = "daily"
    missed: tuple[date, ...] = ()
    links: ReaderLinks | None = None

    @property
    def words(self) -> Words:
        """The words of the reader's language."""
        return speak(self.profile.language)

    @property
    def local_time(self) -> datetime:
        """When the digest is composed, by the clock on the reader's wall."""
        return self.at.astimezone(ZoneInfo(self.profile.schedule.timezone))


@dataclass(frozen=True, slots=True)
class Selection:
    """Which candidates a digest holds, and where all the others went.

    ``chosen`` is in the order of worth; ``copies`` are withheld because the reader has the original; ``waiting`` counts
    those over budget that stay fresh.
    """

    chosen: tuple[Candidate, ...] = ()
    copies: tuple[Candidate, ...] = ()
    waiting: int = 0
    placements: tuple[Placement, ...] = ()

    def of_topic(self, topic: str) -> tuple[Candidate, ...]:
        """Return the chosen candidates that stand under ``topic``, new ones before revisions."""
        here = [one for one in self.chosen if one.best.topic == topic]
        return tuple(sorted(here, key=lambda one: one.verdict.kind == "revised"))
