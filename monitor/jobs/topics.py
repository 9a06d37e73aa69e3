"""Topics, fitted to the papers of the store: what the jobs that judge have in common."""

from __future__ import annotations

from collections.abc import Sequence

from monitor.app import App
from monitor.jobs.examples import examples_of
from monitor.matchers.fusion import Space, TopicJudge, build_space, fit_topic
from monitor.matchers.space import MOST_PAPERS
from monitor.store import papers
from monitor.store.engine import Session
from monitor.types.profiles import Profile, Topic
from monitor.types.verdicts import Verdict

SMALL = 2_000
"""Up to this many papers, each one counts at once."""


def space_of(app: App, session: Session) -> Space:
    """Return the space of the store's present generation, built when it is first asked for.

    A generation is a number of papers, each a tenth larger than the one before, so that what a paper is
    compared with depends on the store alone and not on when a program was started.
    """
    through = generation(papers.last_id(session))
    if app.compared.space is None or app.compared.through != through:
        app.compared.space = build_space(papers.up_to(session, through, MOST_PAPERS))
        app.compared.space.encoder = app.encoder
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


def judge_of(session: Session, topic: Topic, space: Space) -> TopicJudge:
    """Return the fitted judge of a topic, with its examples found in the store."""
    return fit_topic(topic, examples_of(session, topic), space)


def best_probabilities(app: App, session: Session, profile: Profile, batch: Sequence[Verdict]) -> list[float]:
    """Return the highest probability that any topic gives each paper of ``batch``; 0 for what a topic keeps out."""
    space = space_of(app, session)
    known = papers.by_ids(session, {verdict.paper_id for verdict in batch})
    listed = [known[verdict.paper_id] for verdict in batch if verdict.paper_id in known]
    best = [0.0] * len(listed)
    for topic in profile.topics:
        for place, judgement in enumerate(judge_of(session, topic, space).judge(listed)):
            if judgement.stage in ("matched", "below"):
                best[place] = max(best[place], judgement.match.probability)
    return best
