"""Which papers belong to a topic, how surely, and why: everything that a topic says, joined.

Rules that nothing overrules come first: papers that the topic itself names, then mute, then the NOT of its query. For
the rest the kinds of matchers found in this room are asked. Similarities add up and become log-odds by
``calibration``; the log-odds of rules come on top, so that a query beside a description is strong evidence and no
filter.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import cached_property, reduce
from heapq import nlargest
from operator import or_
from typing import Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

from monitor.matchers import calibration, explain
from monitor.matchers.description import Described
from monitor.matchers.parts import Arrays, Examples, Line, Part, Scores, Standard, named, of_name
from monitor.matchers.postings import Postings, members
from monitor.matchers.query import excluded_by, exclusions, matching, parse_query, parse_term
from monitor.matchers.rules import ALONE, STRONG, UNLIKE
from monitor.matchers.space import Features, Space, build_space
from monitor.registry import load
from monitor.types.papers import Paper
from monitor.types.profiles import Topic
from monitor.types.verdicts import Judgement, Match, Reason

__all__ = ["Examples", "Space", "TopicJudge", "build_space", "fit_topic"]

Flags = NDArray[np.bool_]
Stage = Literal["matched", "muted", "excluded", "outside", "below"]
Withheld = tuple[Stage, str, str]
"""Where a paper's way ends, why, and the muted word that ends it, if one does."""

RULES, DESCRIPTION = "rules", "description"
_BLOCK = 4_096
_FEW = 10
_WORTH_EXPLAINING = 0.5
_LOWEST, _HIGHEST = -2.0, 26.0
_ROUNDING = 1e-9
_SHORT = math.log(2)
"""What has at least half the odds that a topic asks for falls just short of it."""
_LIKED: Withheld = "below", "you named this paper as an example: no news", ""
_UNLIKED: Withheld = "muted", "you named this paper as not wanted", ""


class Decided(NamedTuple):
    """What a topic decides of some papers: how probable each is, whether it is sent, and whether a rule leaves it open.

    A paper that is not ``open`` is one that no probability would bring in.
    """

    probabilities: Scores = np.zeros(0)
    sent: Flags = np.zeros(0, bool)
    open: Flags = np.zeros(0, bool)

    def chances(self) -> list[float]:
        """Return how probable each paper is, 0 for one that no probability would bring in."""
        found: list[float] = np.where(self.open, self.probabilities, 0.0).tolist()
        return found


@dataclass(frozen=True, eq=False)
class TopicJudge:
    """One topic, fitted. ``notes`` tell its reader what in it cannot work as written.

    ``line`` is the score of likeness as one sum, where it is one: so many topics can be asked at once (``together``).
    ``kinds`` are those that made the ``parts``.
    """

    topic: Topic
    examples: Examples
    space: Space
    parts: tuple[Part, ...]
    standard: Standard
    threshold: float
    line: Line | None = None
    notes: tuple[str, ...] = field(default=())
    kinds: tuple[str, ...] = ()

    def arrays(self) -> Arrays | None:
        """Return all that was learned, for ``fit_topic``; ``None`` when there is nothing, or some of it is no array."""
        found: Arrays = {}
        for kind, part in zip(self.kinds, self.parts, strict=True):
            arrays = part.arrays()
            if arrays is None and part in self._alike:
                return None
            found |= named(kind, arrays or {})
        return found and found | {"standard": self.standard.array()}

    def judge(self, papers: Sequence[Paper]) -> list[Judgement]:
        """Return one judgement a paper, in the same order."""
        return [judgement for block in blocks(papers) for judgement in self._judge(self.space.features(block))]

    def decide(self, papers: Sequence[Paper]) -> Decided:
        """Return what is decided of any number of papers, in the same order; nothing is explained."""
        found = [self._decide(self.space.features(block)) for block in blocks(papers)] or [Decided()]
        return Decided(*(np.concatenate(arrays) for arrays in zip(*found, strict=True)))

    def _decide(self, features: Features) -> Decided:
        probabilities = calibration.probability(self.log_odds(features))
        sent = np.asarray(probabilities >= self.threshold)
        open_ = sent | (not self._asks_only_a_query)
        for place, (stage, _, _) in self.withheld(features, range(len(features.papers))).items():
            sent[place], open_[place] = False, stage == "below"
        return Decided(probabilities, sent, open_)

    def kept(
        self, features: Features, likeness: Scores | None = None, near: int = 0
    ) -> Iterator[tuple[int, Judgement]]:
        """Yield what is sent, and what a muted word alone withholds, each with its paper's place.

        With ``near``, up to so many papers follow that fall just short (``below``), the nearest first, unexplained.
        ``likeness`` is what the topic's ``line`` comes to for each paper, for callers who have asked for it already.
        """
        bar = self.bar - _SHORT if near and not self._asks_only_a_query else self.bar
        if likeness is not None and (rest := self.rest(features)) is not None:
            likeness = likeness + rest / self.standard.deviation
        rules = self._rules(features)
        if likeness is None:
            log_odds = self.log_odds(features)
            places = np.flatnonzero(log_odds >= bar)
        else:
            places = np.flatnonzero(likeness >= self.least if rules is None else (likeness >= self.least) | (rules > 0))
            log_odds = np.full(len(features.papers), -np.inf)
            log_odds[places] = self._joined(likeness[places], None if rules is None else rules[places])
            places = places[log_odds[places] >= bar]
        if len(places):
            withheld = self.withheld(features, places.tolist())
            enough = log_odds[places] >= self.bar
            for place in places[enough].tolist():
                one = self._judgement(features, place, float(log_odds[place]), withheld.get(place), explained=True)
                if one.stage == "matched" or one.muted_by:
                    yield place, one
            short = [place for place in places[~enough].tolist() if place not in withheld]
            for place in nlargest(near, short, key=lambda place: float(log_odds[place])):
                yield place, self._judgement(features, place, float(log_odds[place]), None, explained=False)

    @cached_property
    def bar(self) -> float:
        """The log-odds from which a paper is sent."""
        return _log_odds(self.threshold) - _ROUNDING

    @cached_property
    def least(self) -> float:
        """The likeness from which a paper may fall just short, at least, without a rule that speaks for it."""
        steps = np.linspace(_LOWEST, _HIGHEST, 2_801)
        enough = np.flatnonzero(self._joined(steps, None) >= self.bar - _SHORT)
        return float(steps[max(0, enough[0] - 1)]) if len(enough) else math.inf

    def rest(self, features: Features) -> Scores | None:
        """Return what likeness has beyond the line, or ``None`` when no paper has anything."""
        found = [rest for part in self._alike if (rest := part.rest(features)) is not None]
        return sum(found[1:], found[0]) if found else None

    def log_odds(self, features: Features) -> Scores:
        """Return the log-odds of each paper, hard rules aside."""
        rules = self._rules(features)
        if not self._alike:
            return np.asarray((0 if rules is None else rules) + ALONE + np.zeros(len(features.papers)))
        return self._joined(self.situation(features).score, rules)

    def _joined(self, likeness: Scores, rules: Scores | None) -> Scores:
        alike = calibration.log_odds(self._situation(likeness)) if self._alike else np.full(len(likeness), ALONE)
        if rules is None:
            return alike
        if self._alike:
            alike = np.where(rules >= STRONG, np.maximum(alike, UNLIKE), alike)
        return np.asarray(alike + rules)

    def situation(self, features: Features) -> calibration.Situation:
        """Return what the probability of each paper rests on, rules aside."""
        return self._situation(self.standard(similarity(self.parts, features)))

    def _situation(self, likeness: Scores) -> calibration.Situation:
        prevalence = calibration.prevalence(self.topic.per_week, self.space.papers_a_week)
        return calibration.Situation(likeness, len(self.examples.liked), prevalence)

    def situation_of(self, papers: Sequence[Paper]) -> calibration.Situation:
        """Return the situation of any number of papers."""
        found = [self.situation(self.space.features(block)) for block in blocks(papers)]
        score = np.concatenate([one.score for one in found])
        return calibration.Situation(score, found[0].examples, found[0].prevalence)

    @cached_property
    def _alike(self) -> tuple[Part, ...]:
        return tuple(part for part in self.parts if part.scale == "similarity")

    def _rules(self, features: Features) -> Scores | None:
        found = [part.scores(features) for part in self.parts if part.scale == "log-odds"]
        return sum(found[1:], found[0]) if found else None

    def _judge(self, features: Features) -> list[Judgement]:
        log_odds = self.log_odds(features)
        places = range(len(features.papers))
        withheld = self.withheld(features, places)
        worth = log_odds >= _log_odds(self.threshold * _WORTH_EXPLAINING)
        explained: list[bool] = (worth | (len(features.papers) <= _FEW)).tolist()
        return [
            self._judgement(
                features, place, float(log_odds[place]), withheld.get(place), explained=bool(explained[place])
            )
            for place in places
        ]

    def _judgement(
        self, features: Features, place: int, log_odds: float, withheld: Withheld | None, *, explained: bool
    ) -> Judgement:
        probability = float(calibration.probability(np.array(log_odds)))
        stage, detail, muted_by = withheld or (*self._stage(probability), "")
        reasons = self._reasons(features, place, log_odds) if explained else ()
        match = Match(features.papers[place].id, self.topic.name, probability, reasons)
        return Judgement(match, stage, self.threshold, detail, muted_by)

    def _stage(self, probability: float) -> tuple[Stage, str]:
        if probability >= self.threshold:
            return "matched", ""
        if self._asks_only_a_query:
            return "outside", "the query does not hold"
        note = f"; {self.notes[0]}" if self.notes else ""
        return "below", f"probability {probability:.2f} is under the threshold {self.threshold:.2f}{note}"

    @property
    def _asks_only_a_query(self) -> bool:
        topic = self.topic
        return bool(topic.query) and not (
            topic.about or topic.keywords or topic.authors or topic.institutions or self.examples.liked
        )

    def _reasons(self, features: Features, place: int, log_odds: float) -> tuple[Reason, ...]:
        given = [reason for part in self.parts if part.scale == "log-odds" for reason in part.reasons(features, place)]
        left = max(1.0, log_odds - ALONE - sum(reason.share for reason in given))
        voices = [1.0]
        if len(self._alike) > 1:
            voices = [max(0.1, float(part.scores(features.only(place))[0])) for part in self._alike]
        for part, voice in zip(self._alike, voices, strict=False):
            given += explain.scaled(part.reasons(features, place), left * voice / sum(voices))
        return explain.shared_out(given)

    def withheld(self, features: Features, wanted: Sequence[int]) -> dict[int, Withheld]:
        """Return those of some papers that no score can bring in, by place, with where they end, why, and the word."""
        topic, postings = self.topic, features.postings
        asked = reduce(or_, (1 << place for place in wanted), 0)
        found: dict[int, Withheld] = {}
        for node in exclusions(parse_query(topic.query)) if topic.query else ():
            for place in members(matching(node, postings) & asked):
                excluded = excluded_by(parse_query(topic.query), features.papers[place])
                found[place] = "excluded", f"excluded by NOT {excluded}", ""
        for term in topic.mute:
            held = members(matching(parse_term(term), postings) & asked)
            found |= dict.fromkeys(held, ("muted", f"muted by {term!r}", term))
        for place in wanted if self._named else ():
            named = self._named.get(features.papers[place].key) or self._named.get(postings.title(place))
            if named:
                found[place] = named
        return found

    @cached_property
    def _named(self) -> dict[str, Withheld]:
        """The examples themselves, by key and by folded title: one that is known by its title only is told by it."""
        found: dict[str, Withheld] = {}
        for papers, why in ((self.examples.liked, _LIKED), (self.examples.unliked, _UNLIKED)):
            titles = Postings([replace(paper, abstract="") for paper in papers])
            for place, paper in enumerate(papers):
                found |= {key: why for key in (paper.key, titles.title(place)) if key.strip()}
        return found


def fit_topic(topic: Topic, examples: Examples, space: Space, known: Arrays | None = None) -> TopicJudge:
    """Return the judge of a topic whose examples the caller has found.

    ``known`` is what ``TopicJudge.arrays`` gave for such a topic with these examples in this space: nothing is learned
    then. Raises QueryError when the topic's query, or a keyword or mute term, cannot be read.
    """
    fitted = {kind: _part(kind, topic, examples, space, known or {}) for kind in asked(topic.matchers)}
    kinds = tuple(kind for kind, part in fitted.items() if part is not None)
    parts = tuple(part for part in fitted.values() if part is not None)
    standard = Standard.restored(known["standard"]) if known else Standard.of(similarity(parts, space.ordinary))
    least = calibration.threshold(topic.threshold, topic.precision, len(examples.liked))
    notes = (*_notes(topic, parts), *(note for part in parts for note in part.notes))
    return TopicJudge(topic, examples, space, parts, standard, least, _line(parts, standard), notes, kinds)


def _part(kind: str, topic: Topic, examples: Examples, space: Space, known: Arrays) -> Part | None:
    matcher, arrays = load("matchers", kind), of_name(kind, known)
    part: Part | None = (
        matcher.restore(arrays, topic, examples, space) if arrays else matcher.fit(topic, examples, space)
    )
    return part


def _line(parts: Sequence[Part], standard: Standard) -> Line | None:
    lines = [part.line() for part in parts if part.scale == "similarity"]
    known = [line for line in lines if line is not None]
    if not known or len(known) < len(lines):
        return None
    return reduce(Line.plus, known).in_units(standard)


def _log_odds(probability: float) -> float:
    return math.log(probability / (1 - probability))


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


def _notes(topic: Topic, parts: Sequence[Part]) -> tuple[str, ...]:
    notes = []
    if not parts and not topic.about:
        notes.append("nothing to look for: write about, query, keywords, authors, institutions, categories or like")
    if topic.about and not any(isinstance(part, Described) for part in parts):
        notes.append("no word of the description is known; describe the topic in English words that papers use")
    wanted = Postings((Paper(0, "", topic.about, "", datetime.min.replace(tzinfo=UTC)),))
    notes += [
        f"mute {term!r} takes out what the description asks for"
        for term in topic.mute
        if matching(parse_term(term), wanted)
    ]
    return tuple(notes)
