"""How the installation fares: what an operator wants to see first."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from monitor.app import App
from monitor.digest.due import next_moment
from monitor.jobs import operator
from monitor.jobs.subscribers import in_wave, wanted
from monitor.store import (
    batches,
    channels,
    digests,
    marks,
    matches,
    outbox,
    papers,
    queue,
    sources,
    suppressions,
    trends,
    verdicts,
)
from monitor.store.engine import Session
from monitor.types.ledger import Batch, ChannelHealth, SourceHealth, Suppression
from monitor.types.queue import QueueOverview


@dataclass(frozen=True, slots=True)
class Overview:
    """Sources and their last batches, when each subscription's next digest leaves, counts, and what needs a person.

    A digest without a moment is a reader's first one, which waits until something was read.
    """

    sources: tuple[SourceHealth, ...]
    batches: tuple[Batch, ...]
    next_digests: tuple[tuple[str, str, datetime | None], ...]
    papers: int
    matches: int
    trends: int
    verdicts: dict[str, int]
    digests: dict[str, int]
    outbox: dict[str, int]
    answers: tuple[tuple[str, str, str], ...]
    channels: tuple[ChannelHealth, ...]
    suppressed: tuple[Suppression, ...]
    backup: datetime | None
    troubles: tuple[str, ...]
    queue: QueueOverview

    @property
    def needs_a_person(self) -> bool:
        """Whether something will not mend itself: a source or channel that fails, a mail that was given up or held."""
        broken = any(one.failures for one in self.sources) or any(one.failures for one in self.channels)
        return broken or bool(self.troubles)


def run(app: App) -> Overview:
    """Return how things stand now."""
    now = app.clock.now()
    with app.store.read() as session:
        due: list[tuple[str, str, datetime | None]] = []
        recent = batches.between(session, now - timedelta(days=7), now)
        is_bare = not recent and not batches.between(session, None, now)
        known = digests.subscriptions(session)
        for one in wanted(session, app.profiles, now):
            state = known.get((one.profile.id, one.recipient))
            if is_bare and not (state and state.last_composed_at):
                due.append((one.profile.id, one.recipient, None))
                continue
            own = in_wave(one.profile, one.recipient, app.settings.spread)
            at = next_moment(own.schedule, now, state.last if state else None)
            if at:
                due.append((one.profile.id, one.recipient, at))
        return Overview(
            sources=tuple(sources.all_health(session, [source.name for source in app.sources])),
            batches=tuple(recent),
            next_digests=tuple(sorted(due, key=lambda one: (one[2] is None, one[2] or now))),
            papers=papers.count(session),
            matches=matches.count(session),
            trends=trends.count(session),
            verdicts=verdicts.tally(session),
            digests=digests.tally(session),
            outbox=outbox.tally(session),
            answers=tuple(outbox.last_answers(session, 5)),
            channels=channels.all_health(session),
            suppressed=_suppressed(app, session),
            backup=(marks.get(session, "backup") or (None, ""))[0],
            troubles=tuple(operator.troubles(session, app.settings, now)),
            queue=queue.overview(session),
        )


def _suppressed(app: App, session: Session) -> tuple[Suppression, ...]:
    """Return what keeps mail from recipients that the YAML names, so that it overrides nothing silently."""
    named = [(recipient, profile.id) for profile in app.profiles for recipient in profile.to]
    return tuple(one for one in suppressions.of_all(session) if any(one.concerns(*each) for each in named))
