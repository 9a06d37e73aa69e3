"""Tell at once what a reader asked to be told at once: a rise that begins, a paper over a bound.

An alert is a digest of a kind of its own, so it is composed, kept and delivered as any other, and a paper in it is in
no other. There is one for each rise and reader, ever: a rise that is told again must have doubled (``trends.topics``).
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from monitor.app import App
from monitor.digest.select import select
from monitor.jobs import right_time
from monitor.jobs.compose import alert_kind, gather, queue
from monitor.jobs.reports import Report
from monitor.jobs.shared import Shared
from monitor.jobs.subscribers import wanted
from monitor.store import digests, matches, trends
from monitor.store.engine import Session
from monitor.types.ledger import Candidate, Slot, SubscriptionState
from monitor.types.profiles import MINE, Alerts, Profile
from monitor.types.verdicts import Trend

log = logging.getLogger(__name__)

_NEWS = timedelta(days=3)
"""A rise that began longer ago is no alarm any more: the digest has it."""
_WEEK = timedelta(days=7)


async def run(app: App, shard: Sequence[Profile] | None = None) -> Report:
    """Compose the alerts that are due; a profile that fails does not stop the others. ``shard`` is all when absent."""
    return await asyncio.to_thread(_run, app, shard)


def _run(app: App, shard: Sequence[Profile] | None) -> Report:
    report = Report()
    if right_time.held(app):
        return report
    seen = app.store.version(), app.profiles
    if shard is None and app.agenda.alerted == seen:
        return report  # ticks ask often, and nothing was written since the last one
    for profile, state in _alerted(app, app.profiles if shard is None else shard):
        if state.last is None:
            continue  # a first digest comes first, and shows what rises
        try:
            _alert(app, profile, state, report)
        except Exception as error:  # one bad profile must not stop the others
            log.exception("the alerts of %s for %s failed", profile.id, state.recipient)
            report.failures.append((f"alert {profile.id}", f"{type(error).__name__}: {error}"))
    if shard is None and not report.failures:
        app.agenda.alerted = seen
    return report


def _alerted(app: App, profiles: Iterable[Profile]) -> list[tuple[Profile, SubscriptionState]]:
    """Return those of some profiles that want alerts, with the ledger's word on each reader who gets mail now."""
    asking = [one for one in profiles if one.alerts.trends or one.alerts.of_papers]
    with app.store.read() as session:
        known = digests.subscriptions(session, [one.id for one in asking])
        some = list(wanted(session, asking, app.clock.now())) if asking else []
    found = ((one.profile, known.get((one.profile.id, one.recipient))) for one in some)
    return [(profile, state) for profile, state in found if state is not None]


def _alert(app: App, profile: Profile, state: SubscriptionState, report: Report) -> None:
    now = app.clock.now()
    with app.store.read() as session:
        told = digests.alerts(session, state.id)
        rising = list(_rises(session, profile, state, told, now)) if profile.alerts.trends else []
        found = _papers(session, profile, state, now) if profile.alerts.of_papers else ()
    for trend in rising:
        report.add(_tell(app, profile, state, alert_kind(trend), (trend,), ()))
    if found:
        report.add(_tell(app, profile, state, alert_kind(found), (), found))


def _tell(
    app: App,
    profile: Profile,
    state: SubscriptionState,
    kind: str,
    rising: tuple[Trend, ...],
    found: tuple[Candidate, ...],
) -> Report:
    day = app.clock.now().astimezone(ZoneInfo(profile.schedule.timezone)).date()
    shared = Shared(app)
    with app.store.read() as session:
        facts = gather(shared, session, profile, state, found, Slot(day), rising)
    facts = replace(facts, kind=kind, missed=())
    selection = select(facts)
    return queue(shared, facts, state, selection) if rising or selection.chosen else Report()


def _rises(
    session: Session, profile: Profile, state: SubscriptionState, told: dict[str, datetime], now: datetime
) -> Iterator[Trend]:
    """The rises that no digest and no alert has told, the surest first, until the week has enough of them."""
    left = profile.alerts.at_most - sum(at > now - _WEEK for at in told.values())
    since = now - _NEWS
    if profile.trends != "none" and state.last_composed_at:
        since = max(since, state.last_composed_at)
    for trend in trends.changed_between(session, since, now):
        begins = trend.kind != "paper" and trend.state in ("emerging", "rising") and trend.begun == trend.since
        if left <= 0 or not begins or alert_kind(trend) in told:
            continue
        if profile.alerts.mine and len(matches.matching(session, profile.id, trend.paper_ids)) < MINE:
            continue
        left -= 1
        yield trend


def _papers(session: Session, profile: Profile, state: SubscriptionState, now: datetime) -> tuple[Candidate, ...]:
    """The papers that wait for a digest and are over one of the reader's bounds."""
    fast = {
        paper_id: 1 - trend.q
        for trend in trends.noted(session, (now - _NEWS).date(), now.date() + timedelta(days=1))
        if trend.kind == "paper"
        for paper_id in trend.paper_ids
    }
    waiting = matches.waiting(session, profile.id, state.id)
    return tuple(one for one in waiting if is_urgent(one, profile.alerts, fast.get(one.paper.id, 0.0)))


def is_urgent(candidate: Candidate, wanted: Alerts, percentile: float) -> bool:
    """Whether a paper is worth a mail of its own; ``percentile`` is that of its upvotes among papers of its age."""
    if candidate.verdict.kind != "new" or candidate.verdict.arrival != "on time":
        return False
    followed = any(reason.kind == "author" for match in candidate.matches for reason in match.reasons)
    return (
        (wanted.authors and followed)
        or (wanted.velocity is not None and percentile >= wanted.velocity)
        or (wanted.probability is not None and candidate.best.probability >= wanted.probability)
    )
