"""A paper as a listing shows it: what it is to us, who lists it, its upvotes over time, the topics it came under."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from monitor.store import listing
from monitor.store.engine import Session
from monitor.store.listing import Seen
from monitor.types.papers import Paper
from monitor.types.profiles import Profile

BADGES = {"new": "badge-new", "revised": "badge-revised", "near_duplicate": "badge-near-duplicate"}
_UNSEEN = Seen()


@dataclass(frozen=True, slots=True)
class Card:
    """One paper with all that stands beside it; ``kind`` and ``arrival`` are those of the last verdict, if any.

    ``topics`` are those of public profiles, as (profile, topic).
    """

    paper: Paper
    kind: str = ""
    arrival: str = ""
    seen: Seen = _UNSEEN
    topics: tuple[tuple[Profile, str], ...] = ()
    note: str = ""

    @property
    def badge(self) -> str:
        """The message that says what the paper is to this installation, if there is anything to say."""
        return "badge-late" if self.arrival == "late" else BADGES.get(self.kind, "")


def cards(
    session: Session, shown: Sequence[Paper], profiles: Sequence[Profile],
    standing: Mapping[int, tuple[str, str]] | None = None,
) -> list[Card]:  # fmt: skip
    """Return papers as cards, in their order; ``standing`` is what ``listing.standing`` says of them, if known."""
    ids = {paper.id for paper in shown}
    named = {profile.id: profile for profile in profiles}
    standing, seen = listing.standing(session, ids) if standing is None else standing, listing.seen(session, ids)
    topics = listing.topics(session, ids, list(named)) if named else {}
    return [
        Card(
            paper, *standing.get(paper.id, ("", "")), seen.get(paper.id, _UNSEEN),
            tuple((named[profile], topic) for profile, topic in topics.get(paper.id, ())),
        )
        for paper in shown
    ]  # fmt: skip
