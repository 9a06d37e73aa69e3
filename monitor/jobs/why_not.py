"""Why a paper did not come, and the smallest edit of the profile that would let it in."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from itertools import pairwise

from monitor.app import App
from monitor.jobs.explain import Explanation, explanation
from monitor.jobs.pace import as_judged
from monitor.jobs.topics import judge_of
from monitor.store import papers, verdicts
from monitor.store.engine import Session
from monitor.text import fold, words
from monitor.types.papers import Paper
from monitor.types.profiles import Keyword, Profile, Topic
from monitor.types.verdicts import UNANNOUNCED, Judgement, Verdict

LOOK_BACK = timedelta(days=14)
"""What else an edit would let in is counted over so many days."""
_MOST_EDITS = 3
_LOWEST = 0.05


@dataclass(frozen=True, slots=True)
class Edit:
    """One change of a topic: ``line`` is how it stands in YAML, ``also`` how many other recent papers it lets in."""

    topic: str
    line: str
    probability: float
    also: int = 0


@dataclass(frozen=True, slots=True)
class WhyNot:
    """What each topic says of a paper and where it went, and the edits that would let it in, the smallest first."""

    explanation: Explanation
    edits: tuple[Edit, ...]
    arrival: str = ""


def run(app: App, profile: Profile, name: str) -> WhyNot:
    """Return why the paper that ``name`` means did not come. Raises NotFoundError when no source listed it."""
    with app.store.read() as session:
        found = explanation(app, session, profile, name)
        arrival = _kept_quiet(found.verdicts)
        if any(judgement.stage == "matched" for judgement in found.judgements):
            return WhyNot(found, (), arrival)
        recent = _recent(app, session, found.paper)
        topics = as_judged(session, profile).topics
        pairs = zip(topics, found.judgements, strict=True)
        edits = [
            edit for topic, judgement in pairs for edit in _edits(app, session, topic, judgement, found.paper, recent)
        ]
    best = sorted(edits, key=lambda edit: (edit.also, len(edit.line)))
    return WhyNot(found, tuple(best[:_MOST_EDITS]), arrival)


def _kept_quiet(said: Sequence[Verdict]) -> str:
    """Return why a paper was never announced, if it was not."""
    quiet = [one for one in said if one.arrival in UNANNOUNCED]
    if not quiet:
        return ""
    source, day = quiet[-1].source, quiet[-1].listed_on
    if quiet[-1].arrival == "flood":
        return f"{source} listed everything anew at once ({day}), and this paper was among it"
    return (
        f"it was published or listed long before it was read ({source}); `max_age:` of the source says how old is too "
        "old"
    )


def _recent(app: App, session: Session, paper: Paper) -> list[Paper]:
    ids = {one.paper_id for one in verdicts.between(session, 0, app.clock.now() - LOOK_BACK)}
    return [one for one in papers.by_ids(session, ids).values() if one.id != paper.id]


def _edits(
    app: App, session: Session, topic: Topic, judgement: Judgement, paper: Paper, recent: list[Paper]
) -> Iterator[Edit]:
    """Give the edits of one topic that do let the paper in; each is tried out before it is named."""
    before = {one.match.paper_id for one in judge_of(app, session, topic).judge(recent) if one.stage == "matched"}
    for line, edited in _candidates(topic, judgement, paper):
        judge = judge_of(app, session, edited)
        (now,) = judge.judge([paper])
        if now.stage == "matched":
            after = {one.match.paper_id for one in judge.judge(recent) if one.stage == "matched"}
            yield Edit(topic.name, line, now.match.probability, len(after - before))


def _candidates(topic: Topic, judgement: Judgement, paper: Paper) -> Iterator[tuple[str, Topic]]:
    """Give changes worth trying: what withholds it taken out, a lower threshold, a phrase of its title, a name."""
    if judgement.stage == "muted":
        for word in topic.mute:
            yield f"mute: take out {word!r}", replace(topic, mute=tuple(one for one in topic.mute if one != word))
        for name in topic.unlike:
            if isinstance(name, str) or fold(name.title) == fold(paper.title):
                written = repr(name) if isinstance(name, str) else f"{name.title!r} ({name.where})"
                left = tuple(one for one in topic.unlike if one != name)
                yield f"unlike: take out {written}", replace(topic, unlike=left)
        return
    probability = judgement.match.probability
    if probability >= _LOWEST:
        least = max(_LOWEST, math.floor(probability * 100) / 100)
        yield f"threshold: {least:g}", replace(topic, threshold=least, precision=None)
    if judgement.stage == "excluded":
        return
    for phrase in _phrases(paper.title):
        keywords = (*topic.keywords, Keyword(phrase))
        yield f'keywords: add "{phrase}"', replace(topic, keywords=keywords)
    for author in paper.authors[:1]:
        yield f"authors: add {author}", replace(topic, authors=(*topic.authors, author))
    for place in paper.institutions[:1]:
        yield f"institutions: add {place}", replace(topic, institutions=(*topic.institutions, place))


def _phrases(title: str) -> Iterator[str]:
    """Give the runs of two words of a title that can stand for its subject, the longest words first."""
    told = words(title)
    pairs = [(one, two) for one, two in pairwise(told) if min(len(one), len(two)) > 3]
    for one, two in sorted(pairs, key=lambda pair: -len(pair[0]) - len(pair[1]))[:3]:
        yield f"{one} {two}"
