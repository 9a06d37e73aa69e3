"""Judge what is new for every profile."""

from __future__ import annotations

import asyncio
import logging
from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from itertools import groupby

from monitor.app import App
from monitor.digest.select import FRESH, NEAR
from monitor.jobs import pace
from monitor.jobs.examples import doubts
from monitor.jobs.heard import heard
from monitor.jobs.reports import Report
from monitor.jobs.topics import judge_of
from monitor.matchers.fusion import TopicJudge, blocks
from monitor.matchers.space import Features, Space
from monitor.matchers.together import kept_by
from monitor.store import matches, near_misses, papers, verdicts
from monitor.store.engine import Session
from monitor.store.matches import Judged, Progress
from monitor.types.papers import Paper
from monitor.types.profiles import Profile
from monitor.types.verdicts import NEWS, Judgement, Verdict

log = logging.getLogger(__name__)

_PROFILES = 500
"""Profiles judged at once: what is found for them is in memory until it is written."""


async def run(app: App) -> Report:
    """Judge every verdict that a profile has not judged yet; one profile that fails does not stop the others."""
    return await asyncio.to_thread(_run, app)


@dataclass(frozen=True, slots=True)
class _Plan:
    """What one profile has to judge: ``profile`` as it is heard today, and how far it will have read then."""

    profile: Profile
    unread: tuple[Verdict, ...]
    reached: Progress
    fresh_start: bool


def _run(app: App) -> Report:
    report = Report()
    plans: dict[tuple[int, ...], list[_Plan]] = defaultdict(list)
    seen = app.store.version(), app.profiles
    if app.agenda.judged == seen:
        return report  # ticks ask often: nothing was written since there was nothing to judge
    for written in app.profiles:
        with _alone(written, report), app.store.read() as session:
            if plan := _plan(app, session, written):
                if plan.fresh_start:
                    report.notes += [(f"profile {written.id}", str(doubt)) for doubt in doubts(session, written)]
                plans[tuple(verdict.id for verdict in plan.unread)].append(plan)
    if not plans and not report.failures:
        app.agenda.judged = seen
    for alike in plans.values():  # most profiles have the same to judge: what came since the last tick
        _judge(app, alike, report)
    return report


@contextmanager
def _alone(profile: Profile, report: Report) -> Iterator[None]:
    """Note what goes wrong with one profile, and let the others go on."""
    try:
        yield
    except Exception as error:
        log.exception("profile %s failed", profile.id)
        report.failures.append((f"profile {profile.id}", f"{type(error).__name__}: {error}"))


def _plan(app: App, session: Session, written: Profile) -> _Plan | None:
    profile = heard(session, written)
    done = matches.progress(session, profile.id)
    last = verdicts.last_id(session)
    if done and (done.fingerprint, done.through) == (profile.fingerprint, last):
        return None  # ticks ask often: nothing came and nothing was edited
    unread, fresh_start = _unread(app, session, profile, done)
    profile, reached = _paced(app, session, profile, done, last)
    return _Plan(profile, tuple(unread), reached, fresh_start)


def _judge(app: App, plans: Sequence[_Plan], report: Report) -> None:
    """Judge the same verdicts for some profiles, all their topics together, and write what was found."""
    for start in range(0, len(plans), _PROFILES):
        some = plans[start : start + _PROFILES]
        with app.store.read() as session:
            found, failed = _kept(app, session, [plan.profile for plan in some], some[0].unread)
        for plan in some:
            with _alone(plan.profile, report):
                if plan.profile.id in failed:
                    raise failed[plan.profile.id]
                judged = found[plan.profile.id]
                _write(app, plan.profile, judged, plan.reached, fresh_start=plan.fresh_start)
                report.counts["matches"] += sum(one.judgement.stage == "matched" for one in judged)


def _kept(
    app: App, session: Session, profiles: Sequence[Profile], batch: Sequence[Verdict]
) -> tuple[dict[str, list[Judged]], dict[str, Exception]]:
    """Return what of a batch each profile keeps, by its id, and which profiles cannot be judged at all."""
    found: dict[str, list[Judged]] = {profile.id: [] for profile in profiles}
    failed: dict[str, Exception] = {}
    if not batch:
        return found, failed
    known = papers.by_ids(session, {verdict.paper_id for verdict in batch})
    listed = [known[verdict.paper_id] for verdict in batch]
    together: list[tuple[Profile, TopicJudge]] = []
    for profile in profiles:
        try:
            if profile.experiment:
                found[profile.id] = _tried(app, session, profile, batch, listed)
            else:
                together += [(profile, judge_of(app, session, topic)) for topic in profile.topics]
        except Exception as error:  # noqa: BLE001 - it is raised again beside the profile that it belongs to
            failed[profile.id] = error
    for run in _of_one_space(together):
        for features, places in _blocks(run[0][1].space, listed):
            kept_by_each = kept_by([judge for _, judge in run], features, near=NEAR)
            for (owner, _), kept in zip(run, kept_by_each, strict=True):
                judged = [Judged(batch[places[at]], one) for at, one in kept]
                found[owner.id] += [one for one in judged if not one.falls_short or _is_told(owner, one)]
    return found, failed


def _is_told(profile: Profile, short: Judged) -> bool:
    return profile.near_misses == "digest" and short.verdict.kind in NEWS


def judge_all(app: App, session: Session, profile: Profile, batch: Sequence[Verdict]) -> list[Judged]:
    """Return which of ``batch`` match ``profile``, topic by topic, or nearly do; writes nothing.

    Those are among them that would match but for a muted word, and a few that fall just short.
    """
    found, failed = _kept(app, session, [profile], batch)
    if failed:
        raise failed[profile.id]
    return found[profile.id]


def _blocks(space: Space, listed: Sequence[Paper]) -> Iterator[tuple[Features, range]]:
    start = 0
    for block in blocks(listed):
        yield space.features(block), range(start, start + len(block))
        start += len(block)


def _of_one_space(judges: Sequence[tuple[Profile, TopicJudge]]) -> Iterator[list[tuple[Profile, TopicJudge]]]:
    """Yield runs of judges that share a space; a new generation may come between two of them."""
    for _, run in groupby(judges, lambda one: id(one[1].space)):
        yield list(run)


def _tried(
    app: App, session: Session, profile: Profile, batch: Sequence[Verdict], listed: Sequence[Paper]
) -> list[Judged]:
    """Return what either matcher of an experiment would send, with what both say; nothing that falls short."""
    found: list[Judged] = []
    for topic in profile.topics:
        own = judge_of(app, session, topic).judge(listed)
        other = judge_of(app, session, replace(topic, matchers=profile.experiment)).judge(listed)
        for verdict, judgement in zip(batch, map(tried, own, other), strict=True):
            if judgement.stage == "matched" or _is_withheld(judgement):
                found.append(Judged(verdict, judgement))
    return found


def _unread(app: App, session: Session, profile: Profile, done: matches.Progress | None) -> tuple[list[Verdict], bool]:
    """Return the verdicts to judge, and whether the profile starts afresh: it is new, or its file changed."""
    fresh_start = done is None or done.fingerprint != profile.fingerprint
    since = app.clock.now() - FRESH
    return verdicts.between(session, 0 if done is None or fresh_start else done.through, since), fresh_start


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
            near_misses.forget(session, profile.id)
        matches.add(session, profile.id, [one for one in judged if not one.falls_short], app.clock.now())
        near_misses.add(session, profile.id, [one for one in judged if one.falls_short])
        matches.set_progress(session, profile.id, reached)
