"""All profiles at a glance."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date

from monitor.app import App
from monitor.digest import phrases
from monitor.jobs.learn import RECENT
from monitor.store import digests, matches
from monitor.types.ledger import SubscriptionState
from monitor.words import DEFAULT, speak


@dataclass(frozen=True, slots=True)
class Line:
    """One profile: how many readers its file and the pages brought, and how many papers matched in the last 14 days.

    ``last`` is the local date of its last digest, if there was one.
    """

    id: str
    topics: tuple[str, ...]
    readers: int
    leaves: str
    matched: int
    last: date | None


def listed(app: App) -> list[Line]:
    """Return a line for each profile, by id."""
    since = app.clock.now() - RECENT
    with app.store.read() as session:
        known: dict[str, list[SubscriptionState]] = defaultdict(list)
        for state in digests.subscriptions(session).values():
            known[state.profile].append(state)
        lines = []
        for profile in app.profiles:
            states = known[profile.id]
            readers = {*profile.to, *(state.recipient for state in states if state.recipient)}
            found = {match.paper_id for _, match in matches.since(session, profile.id, since)}
            last = max((state.last.day for state in states if state.last), default=None)
            when = phrases.schedule(speak(DEFAULT), profile.schedule)
            names = tuple(topic.name for topic in profile.topics)
            lines.append(Line(profile.id, names, len(readers), when, len(found), last))
    return lines
