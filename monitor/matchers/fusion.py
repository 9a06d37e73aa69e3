"""Which papers belong to a topic, how surely, and why: everything that a topic says, joined.

Rules that nothing overrules come first: papers that the topic itself names, then mute, then the NOT of its query. For
the rest the kinds of matchers found in this room are asked. Similarities add up and become log-odds by
``calibration``; the log-odds of rules come on top, so that a query beside a description is strong evidence and no
filter.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Literal

import numpy as np

from monitor.matchers import calibration, explain
from monitor.matchers.description import Described
from monitor.matchers.parts import Examples, Part, Scores, Standard
from monitor.matchers.postings import Postings, members
from monitor.matchers.query import excluded_by, exclusions, matching, parse_query, parse_term
from monitor.matchers.rules import ALONE, STRONG, UNLIKE
from monitor.matchers.space import Features, Space, build_space
from monitor.registry import load
from monitor.types.papers import Paper
from monitor.types.profiles import Topic
from monitor.types.verdicts import Judgement, Match, Reason

__all__ = ["Examples", "Space", "TopicJudge", "build_space", "fit_topic"]

Stage = Literal["matched", "muted", "excluded", "outside", "below"]
_End = tuple[Stage, str, str]
"""The stage at which a paper's way ended, why, and the word that mutes it, if one does."""

RULES, DESCRIPTION = "rules", "description"
_BLOCK = 4_096
_FEW = 10
_WORTH_EXPLAINING = 0.5


@dataclass(frozen=True, slots=True, eq=False)
class TopicJudge:
    """One topic, fitted. ``notes`` tell its reader what in it cannot work as written."""

    topic: Topic
    examples: Examples
    space: Space
    parts: tuple[Part, ...]
    standard: Standard
    threshold: float
    notes: tuple[str, ...] = field(default=())

    def judge(self, papers: Sequence[Paper]) -> list[Judgement]:
        """Return one judgement a paper, in the same order."""
        return [judgement for block in blocks(papers) for judgement in self._judge(self.space.features(block))]

    def log_odds(self, features: Features) -> Scores:
        """Return the log-odds of each paper, hard rules aside."""
        rules = sum(
            (part.scores(features) for part in self.parts if part.scale == "log-odds"), np.zeros(len(features.papers))
        )
        if all(part.scale == "log-odds" for part in self.parts):
            return np.asarray(rules + ALONE)
        alike = calibration.log_odds(self.situation(features))
        return np.where(rules >= STRONG, np.maximum(alike, UNLIKE), alike) + rules

    def situation(self, features: Features) -> calibration.Situation:
        """Return what the probability of each paper rests on, rules aside."""
        score = self.standard(similarity(self.parts, features))
        prevalence = calibration.prevalence(self.topic.per_week, self.space.papers_a_week)
        return calibration.Situation(score, len(self.examples.liked), prevalence)

    def situation_of(self, papers: Sequence[Paper]) -> calibration.Situation:
        """Return the situation of any number of papers."""
        found = [self.situation(self.space.features(block)) for block in blocks(papers)]
        score = np.concatenate([one.score for one in found])
        return calibration.Situation(score, found[0].examples, found[0].prevalence)

    def _judge(self, features: Features) -> list[Judgement]:
        withheld = _withheld(self.topic, self.examples, features)
        log_odds = self.log_odds(features)
        probabilities = calibration.probability(log_odds).tolist()
        few = len(features.papers) <= _FEW
        found = []
        for place, (paper, probability) in enumerate(zip(features.papers, probabilities, strict=True)):
            stage, detail, muted_by = withheld.get(place) or self._end(probability)
            explained = few or probability >= self.threshold * _WORTH_EXPLAINING
            reasons = self._reasons(features, place, log_odds[place]) if explained else ()
            match = Match(paper.id, self.topic.name, probability, reasons)
            found.append(Judgement(match, stage, self.threshold, detail, muted_by))
        return found

    def _end(self, probability: float) -> _End:
        if probability >= self.threshold:
            return "matched", "", ""
        if self._asks_only_a_query:
            return "outside", "the query does not hold", ""
        note = f"; {self.notes[0]}" if self.notes else ""
        return "below", f"probability {probability:.2f} is under the threshold {self.threshold:.2f}{note}", ""

    @property
    def _asks_only_a_query(self) -> bool:
        topic = self.topic
        return bool(topic.query) and not (topic.about or topic.keywords or topic.authors or self.examples.liked)

    def _reasons(self, features: Features, place: int, log_odds: float) -> tuple[Reason, ...]:
        given = [reason for part in self.parts if part.scale == "log-odds" for reason in part.reasons(features, place)]
        alike = [part for part in self.parts if part.scale == "similarity"]
        left = max(1.0, log_odds - ALONE - sum(reason.share for reason in given))
        one = features.only(place)
        voices = [max(0.1, float(part.scores(one)[0])) for part in alike]
        for part, voice in zip(alike, voices, strict=True):
            given += explain.scaled(part.reasons(one, 0), left * voice / sum(voices))
        return explain.shared_out(given)


def fit_topic(topic: Topic, examples: Examples, space: Space) -> TopicJudge:
    """Return the judge of a topic whose examples the caller has found.

    Raises QueryError when the topic's query, or a keyword or mute term, cannot be read.
    """
    fitted = (load("matchers", kind).fit(topic, examples, space) for kind in asked(topic.matchers))
    parts: tuple[Part, ...] = tuple(part for part in fitted if part is not None)
    ordinary = similarity(parts, space.ordinary)
    standard = Standard.of(ordinary)
    least = calibration.threshold(topic.threshold, topic.precision)
    notes = (*_notes(topic, parts), *(note for part in parts for note in part.notes))
    return TopicJudge(topic, examples, space, parts, standard, least, notes)


def asked(named: Sequence[str]) -> tuple[str, ...]:
    """Return the kinds that a topic asks: its rules always, and its description beside whatever learns."""
    return tuple(sorted({RULES} if tuple(named) == (RULES,) else {RULES, DESCRIPTION, *named}))


def blocks(papers: Sequence[Paper]) -> Iterator[Sequence[Paper]]:
    """Yield runs of papers that are judged at once."""
    return (papers[start : start + _BLOCK] for start in range(0, len(papers), _BLOCK))


def similarity(parts: Sequence[Part], features: Features) -> Scores:
    """Return the sum of what the parts that measure likeness say of each paper."""
    alike = (part.scores(features) for part in parts if part.scale == "similarity")
    return sum(alike, np.zeros(len(features.papers)))


def _withheld(topic: Topic, examples: Examples, features: Features) -> dict[int, _End]:
    """Return the papers that no score can bring in, by place, with the stage at which they end and why."""
    postings = features.postings
    found: dict[int, _End] = {}
    for node in exclusions(parse_query(topic.query)) if topic.query else ():
        for place in members(matching(node, postings)):
            excluded = excluded_by(parse_query(topic.query), features.papers[place])
            found[place] = "excluded", f"excluded by NOT {excluded}", ""
    for term in topic.mute:
        muted: _End = "muted", f"muted by {term!r}", term
        found |= dict.fromkeys(members(matching(parse_term(term), postings)), muted)
    example: _End = "below", "you named this paper as an example: no news", ""
    found |= dict.fromkeys(_known(examples.liked, postings), example)
    unwanted: _End = "muted", "you named this paper as not wanted", ""
    return found | dict.fromkeys(_known(examples.unliked, postings), unwanted)


def _known(examples: Sequence[Paper], postings: Postings) -> list[int]:
    """Return where the examples themselves stand; one that is known by its title only is told by it."""
    if not examples:
        return []
    keys = {paper.key for paper in examples if paper.key}
    named = Postings(examples)
    titles = {named.title(place) for place in range(len(examples))}
    return [
        place for place, paper in enumerate(postings.papers) if paper.key in keys or postings.title(place) in titles
    ]


def _notes(topic: Topic, parts: Sequence[Part]) -> tuple[str, ...]:
    notes = []
    if not parts and not topic.about:
        notes.append("nothing to look for: write about, query, keywords, authors, categories or like")
    if topic.about and not any(isinstance(part, Described) for part in parts):
        notes.append("no word of the description is known; describe the topic in English words that papers use")
    wanted = Postings((Paper(0, "", topic.about, "", datetime.min.replace(tzinfo=UTC)),))
    notes += [
        f"mute {term!r} takes out what the description asks for"
        for term in topic.mute
        if matching(parse_term(term), wanted)
    ]
    return tuple(notes)
