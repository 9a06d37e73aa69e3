"""Compose the digests that are due, and queue them as finished bytes."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from hashlib import blake2b

from monitor.app import App
from monitor.digest.compose import compose, has_something
from monitor.digest.due import cadence, due_slot, missed
from monitor.digest.facts import Facts, Selection
from monitor.digest.select import select
from monitor.errors import ConflictError
from monitor.jobs import agenda, right_time
from monitor.jobs.draw import draw
from monitor.jobs.heard import heard
from monitor.jobs.reports import Report
from monitor.jobs.shared import Shared
from monitor.jobs.summarise import summaries_of
from monitor.jobs.taste import short_of, to_taste
from monitor.render.message import build_message, unsubscribe_link
from monitor.render.tree import packed
from monitor.store import batches, digests, feedback, matches, near_misses, outbox, papers, sources, trends, verdicts
from monitor.store.engine import Session
from monitor.types.digests import Digest, Envelope
from monitor.types.feedback import Withheld
from monitor.types.ledger import Candidate, Slot, SubscriptionState
from monitor.types.profiles import Profile
from monitor.types.verdicts import Trend

log = logging.getLogger(__name__)


FIRST_LOOK_BACK = timedelta(days=8)
"""How old the trends in a subscription's first digest may be."""
TOGETHER = 100
"""So many subscriptions are composed from one reading of what they share."""
URGENT = 1
"""The priority of alerts: they leave before digests."""
STORIES = timedelta(days=90)
"""A paper is ranked among what came under its topic for so long."""


async def run(app: App, shard: Sequence[Profile] | None = None) -> Report:
    """Compose for every subscription that is due; one that fails does not stop the others.

    Only those of the profiles in ``shard``, all when absent.
    """
    return await asyncio.to_thread(_run, app, shard)


def _run(app: App, shard: Sequence[Profile] | None) -> Report:
    report = Report()
    if right_time.held(app):
        return report  # a date that is wrong stays in the ledger; what delivers says why
    names = None if shard is None else {profile.id for profile in shard}
    ready = [each for each in agenda.due(app) if names is None or each[0].id in names]
    for number, (profile, state) in enumerate(ready):
        if number % TOGETHER == 0:
            shared = Shared(app)
        try:
            report.add(_compose_if_due(shared, profile, state))
        except Exception as error:  # one bad profile must not stop the others
            log.exception("the digest of %s for %s failed", profile.id, state.recipient)
            report.failures.append((f"digest {profile.id}", f"{type(error).__name__}: {error}"))
    return report


def _compose_if_due(shared: Shared, profile: Profile, state: SubscriptionState) -> Report:
    """Compose and queue one digest, if it is due."""
    app = shared.app
    with app.store.read() as session:
        announced = _announced(session, profile.schedule.after, state.last_composed_at)
        slot = due_slot(profile.schedule, shared.now, state.last, announced=announced)
        if slot is None:
            return Report()
        if not shared.once(("judged", profile.id), lambda: _all_judged(session, profile)):
            return Report()  # its matches are still being written: the next tick composes
        late = outbox.unsent(session, state.id)
    state = _without_late_mails(app, profile, state) if late else state
    with app.store.read() as session:
        candidates = matches.waiting(session, profile.id, state.id)
        kept, unwanted = to_taste(app, session, profile, state.recipient, candidates)
        facts = gather(shared, session, profile, state, kept, slot)
        near = short_of(app, session, profile, state.recipient, facts.near)
        facts = replace(facts, unwanted=tuple(unwanted), near=near)
    if facts.since is None and not facts.batches:
        return Report()  # nothing was ever read: a first digest would have nothing to say
    return queue(app, facts, state, select(facts))


def _without_late_mails(app: App, profile: Profile, state: SubscriptionState) -> SubscriptionState:
    """Give up mails that have not left by now, so that their papers go into this digest: nobody wants two at once."""
    with app.store.write() as session:
        outbox.withdraw(session, state.id, app.clock.now())
        return digests.begin(session, profile.id, state.recipient, app.clock.now())


def _announced(session: Session, source: str, since: datetime | None) -> bool:
    """Return whether a source has announced something since a subscription's last digest; no source always has."""
    return not source or since is None or batches.announced_since(session, source, since)


def _all_judged(session: Session, profile: Profile) -> bool:
    done, wanted = matches.progress(session, profile.id), heard(session, profile).fingerprint
    return done is not None and done.fingerprint == wanted and done.through >= verdicts.last_id(session)


def gather(
    shared: Shared,
    session: Session,
    profile: Profile,
    state: SubscriptionState,
    candidates: Sequence[Candidate],
    slot: Slot,
    rising: Sequence[Trend] | None = None,
) -> Facts:
    """Return all that a digest of this subscription is made from, now; ``rising`` are its trends if not the usual."""
    app, now, since = shared.app, shared.now, state.last_composed_at
    if rising is None:
        rising = _rising(shared, session, state, since or now - FIRST_LOOK_BACK)
    carriers = frozenset(paper_id for trend in rising for paper_id in trend.paper_ids)
    near = shared.once(
        ("near", profile.id, since), lambda: near_misses.since(session, profile.id, since or now - FIRST_LOOK_BACK)
    )
    ids = frozenset(one.id for each in candidates for one in (each.paper, each.of) if one)
    return Facts(
        profile=profile,
        recipient=state.recipient,
        at=now,
        local_date=slot.day,
        kind=slot.kind(cadence(profile.schedule)),
        missed=missed(profile.schedule, state.last, slot),
        candidates=tuple(candidates),
        sent=digests.sent_to(session, state.recipient, ids | {one.paper.id for one in near}),
        trends=tuple(rising),
        trend_papers=shared.once(("papers", carriers), lambda: papers.by_ids(session, carriers)),
        batches=shared.once(("batches", since), lambda: tuple(batches.between(session, since, now))),
        health=shared.once("health", lambda: tuple(sources.all_health(session, [one.name for one in app.sources]))),
        since=since,
        listed=shared.once("listed", lambda: papers.count(session)),
        picked=shared.once(("picked", ids), lambda: papers.picked(session, ids)),
        withheld=shared.once(
            ("withheld", profile.id, since), lambda: _withheld(session, profile, since or now - FIRST_LOOK_BACK)
        ),
        links=app.links.of_reader(state.id, now) if app.links else None,
        stories=shared.once(("stories", profile.id), lambda: matches.first_stories(session, profile.id, now - STORIES)),
        leave=unsubscribe_link(app.sender, profile.id),
        postal=app.settings.sender.postal or "",
        near=tuple(near),
    )


def _rising(shared: Shared, session: Session, state: SubscriptionState, since: datetime) -> list[Trend]:
    """The rises that began or changed since a moment; what an alert has told is told again when it peaks or fades."""
    changed = shared.once(("trends", since), lambda: trends.changed_between(session, since, shared.now))
    told = digests.alerts(session, state.id) if changed else {}
    return [one for one in changed if alert_kind(one) not in told or one.state in ("peaking", "fading")]


def alert_kind(about: Trend | Sequence[Candidate]) -> str:
    """Return the kind of digest that tells at once of a rise or of papers: the same for the same ones."""
    if isinstance(about, Trend):
        facts = f"{about.kind} {about.name.casefold()} {about.begun}"
    else:
        facts = " ".join(str(one.verdict.id) for one in about)
    return f"{digests.ALERT}{blake2b(facts.encode(), digest_size=8).hexdigest()}"


def _withheld(session: Session, profile: Profile, since: datetime) -> tuple[Withheld, ...]:
    muted = {one.text: one.id for one in feedback.of_profile(session, profile.id) if not one.undone_at}
    found = matches.withheld(session, profile.id, since)
    return tuple(Withheld(word, papers, muted.get(word)) for word, papers in found.items())


def digest_of(app: App, facts: Facts, selection: Selection) -> Digest:
    """Return the digest, with a summary of each paper in it."""
    return compose(facts, selection, summaries_of(app, (one.paper for one in selection.chosen)))


def finished(app: App, digest: Digest) -> tuple[Envelope, str]:
    """Return the mail of a digest, and what was wrong with the templates, if something was.

    It is the same bytes whenever it is asked for, as long as templates, sender and keys stay.
    """
    rendered, problem = draw(app, digest)
    return build_message(digest, rendered, app.sender, message_id_key=app.message_key), problem


def channel_of(app: App, profile: Profile, state: SubscriptionState, kind: str) -> str:
    """Return by which channel a digest of a kind leaves, or an alert.

    The profile's own are for those in its file; others signed up for mail.
    """
    if state.recipient not in profile.to:
        return ""
    is_alert = kind.startswith(digests.ALERT)
    return profile.alerts.channel if is_alert and profile.alerts.channel in app.channels else profile.channel


def queue(app: App, facts: Facts, state: SubscriptionState, selection: Selection) -> Report:
    """Write the digest, where each match went and the finished mail, in one transaction."""
    skipped = facts.profile.empty == "skip" and not has_something(facts, selection)
    digest = digest_of(app, facts, selection)
    envelope, problem = (None, "") if skipped else finished(app, digest)
    try:
        with app.store.write() as session:
            digest_id = digests.add(
                session, state.id, facts.local_date, facts.kind, facts.at,
                fingerprint=facts.profile.fingerprint, subject=digest.subject,
                papers=len(selection.chosen), state="skipped" if skipped else "queued",
            )  # fmt: skip
            digests.place(session, state.id, selection.placements, digest_id, facts.at)
            if envelope:
                channel = channel_of(app, facts.profile, state, facts.kind)
                priority = URGENT if facts.kind.startswith(digests.ALERT) else 0
                outbox.add(
                    session, digest_id, envelope, facts.at, tree=packed(digest), channel=channel, priority=priority
                )
    except ConflictError:
        log.info("the digest of %s for %s was made by another process", facts.profile.id, facts.local_date)
        return Report()
    report = Report()
    report.count(["digests skipped (empty)" if skipped else "digests"])
    if problem:
        report.failures.append(("templates", f"ours were used instead of yours: {problem}"))
    return report
