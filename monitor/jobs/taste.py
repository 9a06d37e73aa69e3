"""What one reader's own words make of the papers that matched for all readers of a profile."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from monitor.app import App
from monitor.jobs.heard import heard
from monitor.jobs.pace import as_judged
from monitor.jobs.topics import judge_of
from monitor.store import feedback
from monitor.store.engine import Session
from monitor.types.ledger import Candidate, NearMiss
from monitor.types.profiles import Profile


def to_taste(
    app: App, session: Session, profile: Profile, recipient: str, candidates: Sequence[Candidate]
) -> tuple[list[Candidate], list[Candidate]]:
    """Return the candidates with the probabilities that they have for one reader, and those unwanted by them.

    Who said nothing of their own gets all of them, as they are.
    """
    if not candidates or not feedback.state(session, profile.id, recipient):
        return list(candidates), []
    return weigh(app, session, heard(session, as_judged(session, profile), recipient), candidates)


def short_of(
    app: App, session: Session, profile: Profile, recipient: str, near: Sequence[NearMiss]
) -> tuple[NearMiss, ...]:
    """Return what fell just short, without what one reader's own words keep out."""
    if not near or not feedback.state(session, profile.id, recipient):
        return tuple(near)
    theirs = heard(session, as_judged(session, profile), recipient)
    judges = {topic.name: judge_of(app, session, topic) for topic in theirs.topics}
    return tuple(
        one
        for one in near
        if one.topic in judges and judges[one.topic].judge([one.paper])[0].stage not in ("muted", "excluded")
    )


def weigh(
    app: App, session: Session, profile: Profile, candidates: Sequence[Candidate]
) -> tuple[list[Candidate], list[Candidate]]:
    """Return the candidates judged by ``profile`` as it is here, and those that it does not let in."""
    papers = [one.paper for one in candidates]
    found: dict[tuple[int, str], float] = {}
    for topic in profile.topics:
        for candidate, judgement in zip(candidates, judge_of(app, session, topic).judge(papers), strict=True):
            if judgement.stage == "matched":
                found[candidate.verdict.id, topic.name] = judgement.match.probability
    kept, unwanted = [], []
    for one in candidates:
        matches = tuple(
            replace(match, probability=found[one.verdict.id, match.topic])
            for match in one.matches
            if (one.verdict.id, match.topic) in found
        )
        if matches:
            kept.append(replace(one, matches=matches))
        else:
            unwanted.append(one)
    return kept, unwanted
