"""Why a paper is, or is not, in a reader's digest."""

from __future__ import annotations

from dataclasses import dataclass

from monitor.app import App
from monitor.errors import NotFoundError
from monitor.ingest.identity import lookup_keys
from monitor.jobs.examples import Doubt, doubts
from monitor.jobs.pace import as_judged
from monitor.jobs.topics import judge_of
from monitor.store import digests, papers, verdicts
from monitor.store.engine import Session
from monitor.types.papers import Paper
from monitor.types.profiles import Profile
from monitor.types.verdicts import Judgement, Verdict


@dataclass(frozen=True, slots=True)
class Explanation:
    """What every topic of a profile says of a paper, what it was to us, and where it went for each recipient.

    ``doubts`` are the lines of like and unlike that do not mean one paper.
    """

    paper: Paper
    judgements: tuple[Judgement, ...]
    verdicts: tuple[Verdict, ...]
    fates: tuple[tuple[str, str], ...]
    doubts: tuple[Doubt, ...] = ()


def run(app: App, profile: Profile, name: str) -> Explanation:
    """Return the explanation for the paper that ``name`` (an id, a URL or a title) means.

    Raises NotFoundError when the store holds no such paper, or several.
    """
    with app.store.read() as session:
        return explanation(app, session, profile, name)


def explanation(app: App, session: Session, profile: Profile, name: str) -> Explanation:
    """Return the explanation for the paper that ``name`` means. Raises NotFoundError."""
    paper = find(session, name)
    topics = as_judged(session, profile).topics
    judgements = tuple(judge_of(app, session, topic).judge([paper])[0] for topic in topics)
    fates = [
        (recipient, fate)
        for recipient in profile.to
        for fate in digests.fates(session, profile.id, recipient, paper.id)
    ]
    said = tuple(verdicts.of_paper(session, paper.id))
    return Explanation(paper, judgements, said, tuple(fates), tuple(doubts(session, profile)))


def find(session: Session, name: str) -> Paper:
    """Return the one paper that a person means. Raises NotFoundError, saying what else it could be."""
    keys = lookup_keys(name)
    found = papers.with_keys(session, keys) if keys else papers.titled(session, name)
    if len(found) == 1:
        return found[0]
    near = found or papers.containing(session, name, limit=5)
    if len(near) == 1:
        return near[0]
    hint = "; ".join(f"{paper.key} “{paper.title}”" for paper in near)
    raise NotFoundError(
        "paper", name, f"did you mean one of: {hint}" if hint else "give an arXiv id, a URL or words of its title"
    )
