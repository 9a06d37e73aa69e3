"""Judge what is new for every profile."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace

from monitor.app import App
from monitor.digest.select import FRESH
from monitor.jobs import pace, story
from monitor.jobs.examples import doubts
from monitor.jobs.heard import heard
from monitor.jobs.reports import Report
from monitor.jobs.runs import in_runs
from monitor.jobs.topics import judge_of, let_go
from monitor.jobs.unread import Kept, Reading, Unread
from monitor.store import feedback, matches, near_misses, stories, verdicts
from monitor.store.engine import Session
from monitor.store.matches import Judged, Progress
from monitor.types.profiles import Profile
from monitor.types.verdicts import NEWS, Judgement, Verdict

log = logging.getLogger(__name__)

_MISSED = (
    "{} papers came more than {} days ago while nothing was matched, and are too old to be sent: "
    "they are in the store and in no digest"
)
_PROFILES = 500
"""Profiles judged at once: what is found for them is in memory until it is written."""


async def run(app: App, shard: Sequence[Profile] | None = None) -> Report:
    """Judge every verdict that a profile has not judged yet; one profile that fails does not stop the others.

    Only those of ``shard`` are judged, all when absent.
    """
    return await asyncio.to_thread(_run, app, shard)


@dataclass(frozen=True, slots=True)
class _Plan:
    """What one profile has to judge: ``profile`` as it is heard today, and how far it will have read then."""

    profile: Profile
    unread: Unread
    reached: Progress
    fresh_start: bool


_Found = list[tuple[_Plan, list[Judged]]]


def _run(app: App, shard: Sequence[Profile] | None) -> Report:
    report = Report()
    seen = app.store.version(), app.profiles
    if shard is None and app.agenda.judged == seen:
        return report  # ticks ask often: nothing was written since there was nothing to judge
    since = app.clock.now() - FRESH
    if shard is None:
        reading = Reading(since)
    else:  # the next shards have the same unread
        reading = app.agenda.reading = Reading.again(app.agenda.reading, since)
    idle = True
    for some in in_runs(app.profiles if shard is None else shard, _PROFILES):
        with app.store.read() as session:
            plans = _plans(app, session, some, reading, report)
            found = _kept(app, session, plans, report)
        idle = idle and not plans
        _write(app, found, report)
    let_go(app)
    if shard is None and idle and not report.failures:
        app.agenda.judged = seen
    return report


@contextmanager
def _alone(profile: Profile, report: Report) -> Iterator[None]:
    """Note what goes wrong with one profile, and let the others go on."""
    try:
        yield
    except Exception as error:  # noqa: BLE001 - it is logged and told
        _note(profile, error, report)


def _note(profile: Profile, error: Exception, report: Report) -> None:
    log.error("profile %s failed", profile.id, exc_info=error)
    report.failures.append((f"profile {profile.id}", f"{type(error).__name__}: {error}"))


def _plans(app: App, session: Session, some: Sequence[Profile], reading: Reading, report: Report) -> list[_Plan]:
    """Return what some profiles have to judge; those that have judged all are left out."""
    ids = [profile.id for profile in some]
    known, speaking = matches.progress_of(session, ids), feedback.speaking(session, ids)
    last, plans = verdicts.last_id(session), []
    for written in some:
        with _alone(written, report):
            profile = heard(session, written) if written.id in speaking else written
            done = known.get(profile.id)
            if done and (done.fingerprint, done.through) == (profile.fingerprint, last):
                continue  # ticks ask often: nothing came and nothing was edited
            fresh_start = done is None or done.fingerprint != profile.fingerprint
            if fresh_start:
                report.notes += [(f"profile {written.id}", str(doubt)) for doubt in doubts(session, written)]
            elif done and (missed := reading.missed(session, done.through)):
                report.failures.append((f"profile {written.id}", _MISSED.format(missed, FRESH.days)))
            unread = reading.after(session, 0 if done is None or fresh_start else done.through, last)
            paced, reached = _paced(app, session, profile, done, last)
            plans.append(_Plan(paced, unread, reached, fresh_start))
    return plans


def _kept(app: App, session: Session, plans: Sequence[_Plan], report: Report) -> _Found:
    """Return what each profile keeps of what it has to judge; those that cannot judge are left out."""
    found: _Found = []
    for unread in dict.fromkeys(plan.unread for plan in plans):
        alike = [plan for plan in plans if plan.unread is unread]
        topics = (topic for plan in alike if not plan.profile.experiment for topic in plan.profile.topics)
        kept = unread.kept(app, session, topics)
        for plan in alike:
            with _alone(plan.profile, report):
                found.append((plan, _of_profile(app, session, plan.profile, unread, kept)))
    return found


def _of_profile(app: App, session: Session, profile: Profile, unread: Unread, kept: Kept) -> list[Judged]:
    if not unread.verdicts:
        return []
    if profile.experiment:
        return _tried(app, session, profile, unread)
    judged: list[Judged] = []
    for topic in profile.topics:
        found = kept[topic]
        if isinstance(found, Exception):
            raise found
        judged += found if profile.near_misses == "digest" else (one for one in found if not one.falls_short)
    return [one for one in judged if not one.falls_short or one.verdict.kind in NEWS]


def judge_all(app: App, session: Session, profile: Profile, batch: Sequence[Verdict]) -> list[Judged]:
    """Return which of ``batch`` match ``profile``, topic by topic, or nearly do; writes nothing.

    Those are among them that would match but for a muted word, and a few that fall just short.
    """
    unread = Unread(batch)
    return _of_profile(app, session, profile, unread, unread.kept(app, session, profile.topics))


def _tried(app: App, session: Session, profile: Profile, unread: Unread) -> list[Judged]:
    """Return what either matcher of an experiment would send, with what both say; nothing that falls short."""
    found: list[Judged] = []
    listed = unread.papers(session)
    for topic in profile.topics:
        own = judge_of(app, session, topic).judge(listed)
        other = judge_of(app, session, replace(topic, matchers=profile.experiment)).judge(listed)
        for verdict, judgement in zip(unread.verdicts, map(tried, own, other), strict=True):
            if judgement.stage == "matched" or _is_withheld(judgement):
                found.append(Judged(verdict, judgement))
    return found


def tried(own: Judgement, other: Judgement) -> Judgement:
    """Return what two matchers of an experiment say of one paper: it comes when either would send it."""
    kept = other if other.stage == "matched" and own.stage == "below" else own
    said = own.match.probability, other.match.probability
    return replace(kept, match=replace(kept.match, tried=said))


def _is_withheld(judgement: Judgement) -> bool:
    """Whether a muted word alone keeps a paper out, which its reader is told; papers named as unlike are not."""
    return bool(judgement.muted_by) and judgement.match.probability >= judgement.threshold


def _paced(app: App, session: Session, profile: Profile, done: Progress | None, last: int) -> tuple[Profile, Progress]:
    """Return the profile with the thresholds that its pace comes to, found once a day, and how far it reads now."""
    today = app.clock.now().date()
    if profile.pace is None:
        return profile, Progress(profile.fingerprint, last)
    found = done.threshold if done else None
    if done is None or done.paced_on != today or done.fingerprint != profile.fingerprint:
        found = pace.find(app, session, profile)
    return pace.with_threshold(profile, found), Progress(profile.fingerprint, last, found, today)


def _write(app: App, found: _Found, report: Report) -> None:
    """Write what was found for some profiles in one transaction; should that fail, each in its own."""
    try:
        if found:
            _write_together(app, found)
    except Exception as error:  # noqa: BLE001 - it is told beside the profile that it belongs to
        for one in found if len(found) > 1 else ():
            _write(app, [one], report)
        if len(found) == 1:
            _note(found[0][0].profile, error, report)
    else:
        report.counts["matches"] += sum(one.judgement.stage == "matched" for _, judged in found for one in judged)


def _write_together(app: App, found: _Found) -> None:
    pairs = [(plan.profile.id, one) for plan, judged in found for one in judged]
    afresh = [plan.profile.id for plan, _ in found if plan.fresh_start]
    with app.store.write() as session:
        matches.forget_unplaced(session, afresh)
        near_misses.forget(session, afresh)
        stories.forget(session, afresh)
        kept = [pair for pair in pairs if not pair[1].falls_short]
        matches.add(session, kept, app.clock.now())
        listed = (pair for pair in kept if not pair[1].withheld)
        stories.add(session, ((profile, one.match.topic, one.verdict.first_story) for profile, one in listed))
        near_misses.add(session, (pair for pair in pairs if pair[1].falls_short))
        story.matched(session, pairs)
        matches.set_progress(session, {plan.profile.id: plan.reached for plan, _ in found})
