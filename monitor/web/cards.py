"""A paper as a listing shows it: what it is to us, who lists it, its upvotes over time, the topics it came under."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from monitor.store import listing, papers
from monitor.store.engine import Session
from monitor.types.papers import Paper, Picked
from monitor.types.profiles import Profile
from monitor.types.verdicts import Verdict

BADGES = {"new": "New", "revised": "Revised", "near_duplicate": "Near-duplicate", "seen": ""}


@dataclass(frozen=True, slots=True)
class Card:
    """One paper with all that stands beside it; ``topics`` are those of public profiles, as (profile, topic)."""

    paper: Paper
    verdict: Verdict | None = None
    picked: tuple[Picked, ...] = ()
    votes: tuple[tuple[datetime, int], ...] = ()
    topics: tuple[tuple[Profile, str], ...] = ()
    note: str = ""

    @property
    def badge(self) -> str:
        """What the paper is to this installation, in a word."""
        if self.verdict is None:
            return ""
        return "Late" if self.verdict.arrival == "late" else BADGES[self.verdict.kind]


def cards(session: Session, shown: Sequence[Paper], profiles: Sequence[Profile]) -> list[Card]:
    """Return papers as cards, in their order."""
    ids = {paper.id for paper in shown}
    named = {profile.id: profile for profile in profiles}
    verdicts, votes = listing.verdicts_of(session, ids), listing.votes(session, ids)
    picked = papers.picked(session, ids)
    topics = listing.topics(session, ids, list(named)) if named else {}
    return [
        Card(
            paper, verdicts.get(paper.id), picked.get(paper.id, ()), tuple(votes.get(paper.id, ())),
            tuple((named[profile], topic) for profile, topic in topics.get(paper.id, ())),
        )
        for paper in shown
    ]  # fmt: skip
