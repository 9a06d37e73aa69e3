"""Compose the digests that are due, and queue them as finished bytes."""

from __future__ import annotations

import asyncio
import logging
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from functools import cache
from hashlib import blake2b
from operator import itemgetter
from pathlib import Path

from monitor.app import App
from monitor.digest.compose import Edition, compose, edition, has_something, issue
from monitor.digest.due import cadence, missed
from monitor.digest.facts import Facts, Selection
from monitor.digest.select import select
from monitor.errors import ConflictError
from monitor.jobs import agenda, ahead, right_time, story
from monitor.jobs.ahead import FIRST_LOOK_BACK
from monitor.jobs.draw import draw
from monitor.jobs.reports import Report
from monitor.jobs.runs import place
from monitor.jobs.shared import Shared
from monitor.jobs.summarise import summaries_of
from monitor.jobs.taste import short_of, to_taste
from monitor.render.environment import Look, look
from monitor.render.message import build_message, unsubscribe_link
from monitor.render.tree import packed
from monitor.store import batches, digests, feedback, matches, near_misses, outbox, papers, sources, stories, trends
from monitor.store.engine import Session
from monitor.types.digests import Digest, Envelope
from monitor.types.feedback import Withheld
from monitor.types.ledger import Batch, Candidate, Slot, SubscriptionState
from monitor.types.profiles import Profile
from monitor.types.verdicts import Trend

log = logging.getLogger(__name__)


TOGETHER = 500
"""So many subscriptions are composed from one reading of what they share."""
_TRIES = 5
"""As often a digest is composed from a new reading because its person was written to meanwhile."""
_UNDER_WAY = timedelta(days=7)
URGENT = 1
"""The priority of alerts: they leave before digests."""


async def run(app: App, shard: Sequence[Profile] | None = None) -> Report:
    """Compose for every subscription that is due; one that fails does not stop the others.

    Only those of the profiles in ``shard``, all when absent.
    """
    return await asyncio.to_thread(_run, app, shard)


def _run(app: App, shard: Sequence[Profile] | None) -> Report:
    report = Report()
    if right_time.held(app):
        return report  # a date that is wrong stays in the ledger; what delivers says why
    for some in _together(_in_turn(agenda.due(app, shard))):
        _compose(app, some, report)
    return report


_Due = tuple[Profile, SubscriptionState]


def _in_turn(due: Iterable[_Due]) -> list[_Due]:
    """Return the first of each profile, then the second of each: one with many readers must not hold up the others.

    Those who follow the same stand together, so that what they are told is made once.
    """
    counts = Counter[str]()
    turns = []
    for profile, state in due:
        counts[profile.id] += 1
        turns.append((counts[profile.id], place(profile), (profile, state)))
    return [each for *_, each in sorted(turns, key=itemgetter(0, 1))]


def _together(due: Iterable[_Due]) -> Iterator[list[_Due]]:
    """Yield what is composed from one reading: not two digests of one person, who would get a paper twice."""
    some: dict[str, _Due] = {}
    for profile, state in due:
        if len(some) == TOGETHER or state.recipient in some:
            yield list(some.values())
            some = {}
        some[state.recipient] = profile, state
    if some:
        yield list(some.values())


def _compose(app: App, some: Sequence[_Due], report: Report, tries: int = _TRIES) -> None:
    """Compose and queue the digests that are due; should that fail together, each for itself."""
    shared, done = Shared(app), Report()
    try:
        done.add(_write(shared, _made(shared, some, done)))
    except Exception as error:  # noqa: BLE001 - it is told beside the profile that it belongs to
        left = tries - isinstance(error, ConflictError)
        if len(some) > 1 or 0 < left < tries:
            for one in some:
                _compose(app, [one], report, left)
            return
        _note(*some[0], error, done)
    report.add(done)


def _note(profile: Profile, state: SubscriptionState, error: Exception, report: Report) -> None:
    log.error("the digest of %s for %s failed", profile.id, state.recipient, exc_info=error)
    report.failures.append((f"digest {profile.id}", f"{type(error).__name__}: {error}"))


def _made(shared: Shared, some: Sequence[_Due], report: Report) -> list[_Mail]:
    """Return the digests of those that are due, drawn; what one fails by is noted, and the others go on."""
    app, gathered, made = shared.app, [], []
    with app.store.read() as session:
        said = (one for one in some if one[1].last_composed_at or _announced_in(shared, session, None))
        due = list(ahead.due(shared, session, list(said)))  # a first digest before anything was read would say nothing
        late = outbox.late(session, [state.id for _, state, _ in due], _earliest(state for _, state, _ in due))
    due = [(one, _without_late_mails(app, one, state) if state.id in late else state, slot) for one, state, slot in due]
    with app.store.read() as session:
        waiting = ahead.read(shared, session, due)
        for profile, state, slot in due:
            try:
                gathered.append((state, _facts(shared, session, profile, state, waiting[state.id], slot)))
            except Exception as error:  # noqa: BLE001 - one bad profile must not stop the others
                _note(profile, state, error, report)
    for state, facts in gathered:
        try:
            made.append(_mail(shared, facts, state, _edition(shared, facts)))
        except Exception as error:  # noqa: BLE001
            _note(facts.profile, state, error, report)
    return made


def _earliest(states: Iterable[SubscriptionState]) -> date:
    """Return from when on mails of some subscriptions may not have left: each digest withdraws those before it.

    But for those that were under way just then, which a week is enough for.
    """
    last = (state.last.day if state.last else state.started_at.date() for state in states)
    return min(last, default=date.max) - _UNDER_WAY


def _facts(
    shared: Shared, session: Session, profile: Profile, state: SubscriptionState, waiting: list[Candidate], slot: Slot
) -> Facts:
    if profile.id not in shared.once("speaking", set[str]):
        return gather(shared, session, profile, state, waiting, slot)
    kept, unwanted = to_taste(shared.app, session, profile, state.recipient, waiting)
    facts = gather(shared, session, profile, state, kept, slot)
    near = short_of(shared.app, session, profile, state.recipient, facts.near)
    return replace(facts, unwanted=tuple(unwanted), near=near)


def _without_late_mails(app: App, profile: Profile, state: SubscriptionState) -> SubscriptionState:
    """Give up mails that have not left by now, so that their papers go into this digest: nobody wants two at once."""
    with app.store.write() as session:
        outbox.withdraw(session, state.id, app.clock.now())
        return digests.begin(session, profile.id, state.recipient, app.clock.now())


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
    shared.once("digests", lambda: digests.last_id(session))
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
        sent=shared.once(
            ("sent", state.id),
            lambda: digests.sent_to(session, state.recipient, ids | {one.paper.id for one in near}),
        ),
        trends=tuple(rising),
        trend_papers=shared.once(("papers", carriers), lambda: papers.by_ids(session, carriers)),
        batches=_announced_in(shared, session, since),
        health=shared.once("health", lambda: tuple(sources.all_health(session, [one.name for one in app.sources]))),
        since=since,
        listed=shared.once("listed", lambda: papers.count(session)),
        picked=shared.once(("picked", ids), lambda: papers.picked(session, ids)),
        withheld=shared.once(
            ("withheld", profile.id, since), lambda: _withheld(session, profile, since or now - FIRST_LOOK_BACK)
        ),
        links=app.links.of_reader(state.id, now) if app.links else None,
        stories=shared.once(("stories", profile.id), lambda: stories.of(session, [profile.id])[profile.id]),
        leave=unsubscribe_link(app.sender, profile.id),
        postal=app.settings.sender.postal or "",
        near=tuple(near),
    )


def _announced_in(shared: Shared, session: Session, since: datetime | None) -> tuple[Batch, ...]:
    return shared.once(("batches", since), lambda: tuple(batches.between(session, since, shared.now)))


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
    return compose(facts, selection, _summaries(app, selection))


def edition_of(app: App, facts: Facts, selection: Selection) -> Edition:
    """Return what is said of a selection, with a summary of each paper in it; ``facts`` are shared ones."""
    return edition(facts, selection, _summaries(app, selection))


def _summaries(app: App, selection: Selection) -> dict[int, str]:
    return summaries_of(app, (one.paper for one in selection.chosen))


def _edition(shared: Shared, facts: Facts) -> Edition:
    """Return what is said to all of whom the same facts hold."""
    common = facts.shared
    alike = shared.once(("editions", common.profile.topics, common.candidates), list[Edition])
    found = next((one for one in alike if one.facts == common), None)
    if found is None:
        found = edition_of(shared.app, common, select(common))
        alike.append(found)
    return found


def finished(app: App, digest: Digest, looked: Callable[[Path, str], Look] = look) -> tuple[Envelope, str]:
    """Return the mail of a digest, and what was wrong with the templates, if something was.

    It is the same bytes whenever it is asked for, as long as templates, sender and keys stay.
    """
    rendered, problem = draw(app, digest, looked)
    return build_message(digest, rendered, app.sender, message_id_key=app.message_key), problem


def channel_of(app: App, profile: Profile, state: SubscriptionState, kind: str) -> str:
    """Return by which channel a digest of a kind leaves, or an alert.

    The profile's own are for those in its file; others signed up for mail.
    """
    if state.recipient not in profile.to:
        return ""
    is_alert = kind.startswith(digests.ALERT)
    return profile.alerts.channel if is_alert and profile.alerts.channel in app.channels else profile.channel


@dataclass(frozen=True, slots=True)
class _Mail:
    """A digest as the ledger has it, its mail if it has one, and what was wrong with the operator's templates."""

    facts: Facts
    digest: digests.Composed
    finished: outbox.Finished | None = None
    problem: str = ""

    def tell(self, session: Session, number: int) -> None:
        """Log where each of its papers went; ``number`` is its own."""
        went = {one.verdict_id for one in self.digest.placements}
        waiting = (one.paper.id for one in self.facts.candidates if one.verdict.id not in went)
        mail = self.finished.envelope.message_id if self.finished else ""
        its = {"profile": self.facts.profile.id, "digest": number, "mail": mail}
        story.placed(session, its, self.digest.placements, waiting)


def _mail(shared: Shared, facts: Facts, state: SubscriptionState, said: Edition) -> _Mail:
    app = shared.app
    skipped = facts.profile.empty == "skip" and not has_something(facts, said.selection)
    digest = issue(said, facts)
    composed = digests.Composed(
        state.id, facts.local_date, facts.kind, facts.at, facts.profile.fingerprint, digest.subject,
        "skipped" if skipped else "queued", said.selection.placements,
    )  # fmt: skip
    if skipped:
        return _Mail(facts, composed)
    envelope, problem = finished(app, digest, shared.once("looks", lambda: cache(look)))
    priority = URGENT if facts.kind.startswith(digests.ALERT) else 0
    channel = channel_of(app, facts.profile, state, facts.kind)
    mail = outbox.Finished.of(envelope, tree=packed(digest), channel=channel, priority=priority)
    return _Mail(facts, composed, mail, problem)


def queue(shared: Shared, facts: Facts, state: SubscriptionState, selection: Selection) -> Report:
    """Write the digest, where each match went and the finished mail, in one transaction.

    Nothing is written when the person has got another digest since ``shared`` was read: the next tick reads anew.
    """
    try:
        return _write(shared, [_mail(shared, facts, state, edition_of(shared.app, facts.shared, selection))])
    except ConflictError as error:
        log.info("%s", error)
        return Report()


def _write(shared: Shared, made: Sequence[_Mail]) -> Report:
    """Write digests in one transaction. Raises ConflictError when one of their people got another one meanwhile.

    Two workers may compose two profiles of one person at once, neither knowing what the other one sends.
    """
    report = Report()
    if not made:
        return report
    composed = [one.digest for one in made]
    with shared.app.store.write() as session:
        digests.check_unchanged(session, composed, shared.once("digests", int))
        ids = digests.add(session, composed)
        mails = {key: one.finished for key, one in zip(ids, made, strict=True) if one.finished}
        outbox.add(session, mails, composed[0].at)
        for key, one in zip(ids, made, strict=True):
            one.tell(session, key)
    for one in made:
        report.count(["digests skipped (empty)" if one.digest.state == "skipped" else "digests"])
        if one.problem:
            report.failures.append(("templates", f"ours were used instead of yours: {one.problem}"))
    return report
