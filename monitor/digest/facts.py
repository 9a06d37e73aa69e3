"""What a digest is made from: plain values, gathered by the job, read by the sections."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from zoneinfo import ZoneInfo

from monitor.links import ReaderLinks
from monitor.types.feedback import Withheld
from monitor.types.ledger import Batch, Candidate, NearMiss, Placement, SourceHealth
from monitor.types.papers import Paper, Picked
from monitor.types.profiles import Profile
from monitor.types.verdicts import Trend
from monitor.words import Words, speak

_ENOUGH_STORIES = 30


@dataclass(frozen=True, slots=True)
class Facts:
    """All that is known when a digest is composed.

    ``at`` is aware UTC, ``since`` is when the subscription's last digest was composed. ``sent`` maps the ids of papers
    that this person has been sent, in whatever profile, to when. ``batches`` and ``trends`` are those since then.
    ``listed`` counts the papers of the store, and ``picked`` says which sources list a candidate, by paper id.
    ``withheld`` counts what muted words kept out since then. ``kind`` is the digest's in the ledger; ``missed`` are the
    dates whose digests could not leave in time and roll into this one. ``links`` lead to the reader's own pages, where
    there are any; ``leave`` is a mailto URL that ends the subscription where there are none. ``postal`` is the
    operator's address on paper. ``stories`` holds the first-story scores of each topic's last papers, lowest first.
    ``copies`` are the candidates that copy a paper, by its id. ``unwanted`` are matches that this reader's own words
    keep out, ``near`` what fell just short since then.
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
    stories: Mapping[str, Sequence[float]] = field(default_factory=dict)
    leave: str = ""
    postal: str = ""
    unwanted: tuple[Candidate, ...] = ()
    near: tuple[NearMiss, ...] = ()
    copies: Mapping[int, Sequence[Candidate]] = field(init=False)

    def __post_init__(self) -> None:
        """Find the copies among the candidates once, for all their cards."""
        copies: dict[int, list[Candidate]] = {}
        for one in self.candidates:
            if one.verdict.of and one.verdict.kind == "near_duplicate":
                copies.setdefault(one.verdict.of, []).append(one)
        object.__setattr__(self, "copies", copies)

    @property
    def shared(self) -> Facts:
        """The same without what is a single reader's: what is said of it is said to all of whom as much is known.

        Muted words and experiments name the profile, so theirs are nobody else's.
        """
        profile = self.profile
        if not self.withheld and not profile.experiment:
            profile = replace(profile, id="", name="", to=(), fingerprint="", channel="", public=False)
        links = self.links and replace(self.links, subscription=0, at=0)
        return replace(self, profile=profile, recipient="", links=links, leave="")

    @property
    def words(self) -> Words:
        """The words of the reader's language."""
        return speak(self.profile.language)

    def first_story(self, candidate: Candidate) -> float | None:
        """Return how far a paper stands from all before it, in [0, 1]: overall or within its topic, whichever is more.

        Within the topic it is the share of the topic's papers with a lower score, once there are 30 of them.
        """
        score, topic = candidate.verdict.first_story, self.stories.get(candidate.best.topic, ())
        if score is None or len(topic) < _ENOUGH_STORIES:
            return score
        return max(score, (bisect_left(topic, score) + bisect_right(topic, score)) / (2 * len(topic)))

    @property
    def is_alert(self) -> bool:
        """Whether this leaves at once, about one thing, outside the schedule."""
        return self.kind.startswith("alert:")

    @property
    def tells_trends(self) -> bool:
        """Whether there is a trend that the reader wants to hear of."""
        return bool(self.trends) and (self.is_alert or self.profile.trends != "none")

    @property
    def local_time(self) -> datetime:
        """When the digest is composed, by the clock on the reader's wall."""
        return self.at.astimezone(ZoneInfo(self.profile.schedule.timezone))


@dataclass(frozen=True, slots=True)
class Selection:
    """Which candidates a digest holds, and where all the others went.

    ``chosen`` is in the order of worth, and ``first_story`` the verdict of the one among them that is most unlike all
    before it, if any is. ``again`` are withheld because the reader has them, as a copy or listed before; ``waiting``
    counts those over budget that stay fresh. ``near`` fell just short, named only while all that matched finds room.
    """

    chosen: tuple[Candidate, ...] = ()
    again: tuple[Candidate, ...] = ()
    waiting: int = 0
    first_story: int | None = None
    near: tuple[NearMiss, ...] = ()
    placements: tuple[Placement, ...] = ()

    def of_topic(self, topic: str) -> tuple[Candidate, ...]:
        """Return the chosen candidates that stand under ``topic``, new ones before revisions."""
        here = [one for one in self.chosen if one.best.topic == topic]
        return tuple(sorted(here, key=lambda one: one.verdict.kind == "revised"))
