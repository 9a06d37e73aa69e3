"""Judge what is new for every profile."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence
from datetime import UTC, datetime

from monitor.app import App
from monitor.digest.select import FRESH
from monitor.ingest.identity import lookup_keys
from monitor.jobs.heard import heard
from monitor.jobs.reports import Report
from monitor.matchers.fusion import Examples, Space, TopicJudge, build_space, fit_topic
from monitor.matchers.space import MOST_PAPERS
from monitor.store import matches, papers, verdicts
from monitor.store.engine import Session
from monitor.store.matches import Judged
from monitor.types.papers import Paper
from monitor.types.profiles import Profile, Topic
from monitor.types.verdicts import Judgement, Verdict

log = logging.getLogger(__name__)

_MUTED = "muted by "
SMALL = 2_000
"""Up to this many papers, each one counts at once."""


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
                wanted = matches.Progress(profile.fingerprint, verdicts.last_id(session))
                if done == wanted:
                    continue  # ticks ask often: nothing came and nothing was edited
                unread, fresh_start = _unread(app, session, profile, done)
                judged = judge_all(app, session, profile, unread)
            _write(app, profile, judged, wanted.through, fresh_start=fresh_start)
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
        for verdict, judgement in zip(batch, judgements, strict=True):
            if judgement.stage == "matched" or _is_withheld(judgement):
                found.append(Judged(verdict, judgement.match, _word(judgement)))
    return found


def _word(judgement: Judgement) -> str:
    return judgement.detail.removeprefix(_MUTED).strip("'\"") if judgement.stage == "muted" else ""


def _is_withheld(judgement: Judgement) -> bool:
    """Whether a muted word alone keeps a paper out, which its reader is told; papers named as unlike are not."""
    by_word = judgement.stage == "muted" and judgement.detail.startswith(_MUTED)
    return by_word and judgement.match.probability >= judgement.threshold


def space_of(app: App, session: Session) -> Space:
    """Return the space of the store's present generation, built when it is first asked for.

    A generation is a number of papers, each a tenth larger than the one before, so that what a paper is
    compared with depends on the store alone and not on when a program was started.
    """
    through = generation(papers.last_id(session))
    if app.compared.space is None or app.compared.through != through:
        app.compared.space = build_space(papers.up_to(session, through, MOST_PAPERS))
        app.compared.through = through
    return app.compared.space


def generation(last_id: int) -> int:
    """Return the highest paper id that shapes the space while ``last_id`` is the newest: all of a small store."""
    through = SMALL
    if last_id <= through:
        return last_id
    while through * 11 // 10 <= last_id:
        through = through * 11 // 10
    return through


def _write(app: App, profile: Profile, judged: list[Judged], last: int, *, fresh_start: bool) -> None:
    with app.store.write() as session:
        if fresh_start:
            matches.forget_unplaced(session, profile.id)
        matches.add(session, profile.id, judged, app.clock.now())
        matches.set_progress(session, profile.id, profile.fingerprint, last)


def judge_of(session: Session, topic: Topic, space: Space) -> TopicJudge:
    """Return the fitted judge of a topic, with its examples found in the store."""
    liked = tuple(paper for name in topic.like for paper in example(session, name))
    unliked = tuple(paper for name in topic.unlike for paper in example(session, name))
    return fit_topic(topic, Examples(liked=liked, unliked=unliked), space)


def example(session: Session, name: str) -> Sequence[Paper]:
    """Return the papers that a person names by id, URL or title; a title that is not in the store stands for itself."""
    keys = lookup_keys(name)
    if keys:
        return papers.with_keys(session, keys)
    found = papers.titled(session, name)
    return found or [Paper(id=0, key="", title=name, abstract="", first_seen=_LONG_AGO)]


_LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)
