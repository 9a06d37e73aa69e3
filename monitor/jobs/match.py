"""Judge what is new for every profile."""

from __future__ import annotations

import asyncio
import logging
from dataclasses import replace

from monitor.app import App
from monitor.digest.select import FRESH
from monitor.jobs import pace
from monitor.jobs.examples import doubts
from monitor.jobs.heard import heard
from monitor.jobs.reports import Report
from monitor.jobs.topics import judge_of, space_of
from monitor.store import matches, papers, verdicts
from monitor.store.engine import Session
from monitor.store.matches import Judged, Progress
from monitor.types.profiles import Profile
from monitor.types.verdicts import Judgement, Verdict

log = logging.getLogger(__name__)


async def run(app: App) -> Report:
    """Judge every verdict that a profile has not judged yet; one profile that fails does not stop the others."""
    return await asyncio.to_thread(_run, app)


def _run(app: App) -> Report:
    report = Report()
    for written in app.profiles:
        try:
            with app.store.read() as session:
                profile = heard(session, written)
                done = matches.progress(session, profile.id)
                last = verdicts.last_id(session)
                if done and (done.fingerprint, done.through) == (profile.fingerprint, last):
                    continue  # ticks ask often: nothing came and nothing was edited
                unread, fresh_start = _unread(app, session, profile, done)
                profile, reached = _paced(app, session, profile, done, last)
                judged = judge_all(app, session, profile, unread)
                if fresh_start:
                    report.notes += [(f"profile {profile.id}", str(doubt)) for doubt in doubts(session, written)]
            _write(app, profile, judged, reached, fresh_start=fresh_start)
            report.counts["matches"] += sum(not one.withheld for one in judged)
        except Exception as error:  # one bad profile must not stop the others
            log.exception("profile %s failed", written.id)
            report.failures.append((f"profile {written.id}", f"{type(error).__name__}: {error}"))
    return report


def _unread(app: App, session: Session, profile: Profile, done: matches.Progress | None) -> tuple[list[Verdict], bool]:
    """Return the verdicts to judge, and whether the profile starts afresh: it is new, or its file changed."""
    fresh_start = done is None or done.fingerprint != profile.fingerprint
    since = app.clock.now() - FRESH
    return verdicts.between(session, 0 if done is None or fresh_start else done.through, since), fresh_start


def judge_all(app: App, session: Session, profile: Profile, batch: list[Verdict]) -> list[Judged]:
    """Return which of ``batch`` match ``profile``, topic by topic, or would but for a muted word; writes nothing."""
    if not batch:
        return []
    space = space_of(app, session)
    known = papers.by_ids(session, {verdict.paper_id for verdict in batch})
    listed = [known[verdict.paper_id] for verdict in batch]
    found: list[Judged] = []
    for topic in profile.topics:
        judgements = judge_of(session, topic, space).judge(listed)
        if profile.experiment:
            other = judge_of(session, replace(topic, matchers=profile.experiment), space)
            judgements = [tried(*both) for both in zip(judgements, other.judge(listed), strict=True)]
        for verdict, judgement in zip(batch, judgements, strict=True):
            if judgement.stage == "matched" or _is_withheld(judgement):
                found.append(Judged(verdict, judgement.match, judgement.muted_by))
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
    reached = Progress(profile.fingerprint, last, found, today)
    return pace.with_threshold(profile, found), reached


def _write(app: App, profile: Profile, judged: list[Judged], reached: Progress, *, fresh_start: bool) -> None:
    with app.store.write() as session:
        if fresh_start:
            matches.forget_unplaced(session, profile.id)
        matches.add(session, profile.id, judged, app.clock.now())
        matches.set_progress(session, profile.id, reached)
