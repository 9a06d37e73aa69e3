"""Take down what a reader says, or take it back."""

from __future__ import annotations

from dataclasses import dataclass

from monitor.app import App
from monitor.errors import MonitorError
from monitor.jobs.explain import find
from monitor.matchers.query import QueryError, parse_term
from monitor.registry import did_you_mean
from monitor.store import feedback, matches, near_misses, papers
from monitor.store.engine import Session
from monitor.text import one_line
from monitor.types.feedback import Feedback, FeedbackKind
from monitor.types.profiles import Profile


class RefusedError(MonitorError):
    """A word can be neither muted nor followed, because of ``problem``."""

    def __init__(self, kind: FeedbackKind, text: str, problem: QueryError) -> None:
        self.kind, self.text, self.problem = kind, text, problem
        done = {"mute": "muted", "follow": "followed"}[kind]
        super().__init__(f"{text!r} cannot be {done}: {problem.message}")


class UnderNoTopicError(MonitorError):
    """A paper came under none of a profile's topics, so that it is open for which of them it is wanted."""

    def __init__(self, profile: Profile) -> None:
        self.profile = profile
        names = ", ".join(one.name for one in profile.topics)
        super().__init__(f"that paper came under no topic of {profile.id}; say which one it is for: {names}")


@dataclass(frozen=True, slots=True)
class Said:
    """One word of a reader, and the title of the paper that it is about, if any."""

    feedback: Feedback
    title: str = ""


def run(
    app: App, profile: Profile, kind: FeedbackKind, what: str, topic: str = "", *, recipient: str = ""
) -> Said:  # fmt: skip
    """Write that a reader of ``profile`` said ``kind`` of ``what``: a paper, a word to mute, or what to follow.

    It holds for the whole profile, or for ``recipient`` alone when one is given.

    When no topic is given, ``more`` holds for the one under which the paper came, and the others for all. Raises
    NotFoundError for a paper that is not here, RefusedError for a word that can be neither muted nor followed,
    UnderNoTopicError, and MonitorError for a topic that is not there.
    """
    if topic and topic not in {one.name for one in profile.topics}:
        hint = did_you_mean(topic, (one.name for one in profile.topics))
        raise MonitorError(f"{profile.id} has no topic {topic!r}; {hint}")
    with app.store.write() as session:
        said = _said(app, session, profile, kind, what, topic)
        number = feedback.add(session, profile.id, said.feedback, recipient)
        return next(one for one in _all(session, profile.id, recipient) if one.feedback.id == number)


def take_back(app: App, profile: Profile, feedback_id: int) -> Feedback:
    """Take one word back. Raises NotFoundError when the profile's readers said no such thing."""
    with app.store.write() as session:
        return feedback.take_back(session, profile.id, feedback_id, app.clock.now())


def listed(app: App, profile: Profile, recipient: str = "") -> list[Said]:
    """Return all that was said of a profile's papers, oldest first: for all readers, or for ``recipient`` alone."""
    with app.store.read() as session:
        return _all(session, profile.id, recipient)


def _said(app: App, session: Session, profile: Profile, kind: FeedbackKind, what: str, topic: str) -> Said:
    now = app.clock.now()
    if kind in ("mute", "follow"):
        text = one_line(what, 200)
        try:
            parse_term(text)
        except QueryError as error:
            raise RefusedError(kind, text, error) from error
        return Said(Feedback(kind, now, topic, text=text))
    paper = find(session, what)
    if kind == "less":
        return Said(Feedback(kind, now, topic, paper.id), paper.title)
    met = (*matches.topics_of(session, profile.id, paper.id), *near_misses.topics_of(session, profile.id, paper.id))
    under = topic or next(iter(met), "")
    if not under and len(profile.topics) == 1:
        under = profile.topics[0].name
    if not under:
        raise UnderNoTopicError(profile)
    return Said(Feedback(kind, now, under, paper.id), paper.title)


def _all(session: Session, profile: str, recipient: str) -> list[Said]:
    said = feedback.of_profile(session, profile, recipient)
    known = papers.by_ids(session, {one.paper_id for one in said if one.paper_id})
    return [Said(one, known[one.paper_id].title if one.paper_id in known else "") for one in said]
