"""How well each profile does by its readers' own words: precision, recall, calibration, drift, what its rules earn."""

from __future__ import annotations

import asyncio
import statistics
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import pairwise

from monitor.app import App
from monitor.jobs.examples import Doubt, doubts, example
from monitor.jobs.pace import as_judged
from monitor.jobs.reports import Report
from monitor.jobs.topics import judge_of
from monitor.store import feedback, matches
from monitor.store.engine import Session
from monitor.types.profiles import ENOUGH_EXAMPLES, Example, Profile, Topic
from monitor.types.verdicts import Match

RECENT = timedelta(days=14)
BEFORE = timedelta(days=70)
MOST_TRIED = 20
"""Liked papers of a topic that are left out one at a time: each takes a fit."""
_BINS = (0.0, 0.5, 0.7, 0.9, 1.01)
_RULES = ("follow", "query", "keyword", "author", "institution", "category")


@dataclass(frozen=True, slots=True)
class Interval:
    """A share with its 90 % interval (Wilson 1927); ``of`` is how many it was counted on."""

    share: float
    low: float
    high: float
    of: int


@dataclass(frozen=True, slots=True)
class Bin:
    """Papers whose probability lay between two bounds: how likely they were said to be, and what readers said."""

    low: float
    high: float
    said: float
    liked: Interval


@dataclass(frozen=True, slots=True)
class Rule:
    """What one rule brought: papers in all, and those of which readers wanted more and less."""

    kind: str
    text: str
    papers: int
    more: int
    less: int


@dataclass(frozen=True, slots=True)
class Learned:
    """One profile's report. ``precision`` and ``recall`` are ``None`` while nobody said enough to count them.

    ``recall`` is the share of liked papers that the profile would still find if it did not know them. ``per_day`` is
    how many papers matched a day in the last two weeks and before, ``None`` while that was less than two weeks.
    ``words`` counts the papers that its file or its readers name as wanted or not.
    ``doubts`` are the lines of like and unlike that do not mean one paper.
    """

    profile: str
    precision: Interval | None
    recall: Interval | None
    curve: tuple[Bin, ...]
    rules: tuple[Rule, ...]
    per_day: tuple[float, float | None]
    words: int = 0
    doubts: tuple[Doubt, ...] = ()

    @property
    def drift(self) -> str:
        """What changed of late, in words; empty when nothing worth saying did."""
        return drift(*self.per_day)

    @property
    def unsure(self) -> str:
        """That the profile cannot be sure yet, and what would help; empty when it knows enough."""
        if self.words >= ENOUGH_EXAMPLES:
            return ""
        return (
            f"not enough to be sure: {self.words} of about {ENOUGH_EXAMPLES} papers named as wanted or not; "
            "until then likelihoods are those of such topics in general"
        )


async def run(app: App) -> Report:
    """Look at every profile and note what has drifted: nobody reads a report every night."""
    return await asyncio.to_thread(_run, app)


def _run(app: App) -> Report:
    report, now = Report(), app.clock.now()
    with app.store.read() as session:
        for profile in app.profiles:
            changed = drift(*per_day(matches.since(session, profile.id, now - BEFORE), now))
            if changed:
                report.notes.append((f"profile {profile.id}", changed))
    return report


def drift(now: float, before: float | None) -> str:
    """Return what changed between two numbers of papers a day, in words; empty when it is not worth saying."""
    if before is None:
        return ""
    if before >= 0.2 and now < before / 3:
        return f"{now:.1f} papers a day matched in the last two weeks, {before:.1f} before"
    if now >= 1 and now > 3 * before > 0:
        return f"{now:.1f} papers a day match now, {before:.1f} did before"
    return ""


def learn(app: App, only: str | None = None) -> list[Learned]:
    """Return the report of each profile, or of the one named ``only``."""
    with app.store.read() as session:
        return [_learned(app, session, one) for one in app.profiles if only in (None, one.id)]


def _learned(app: App, session: Session, profile: Profile) -> Learned:
    now = app.clock.now()
    found = matches.since(session, profile.id, now - BEFORE)
    words = {one.paper_id: one.kind for one in feedback.of_profile(session, profile.id) if not one.undone_at}
    judged = as_judged(session, profile)
    answered = [(match, words[match.paper_id] == "more") for _, match in found if words.get(match.paper_id) in _SAID]
    return Learned(
        profile.id,
        precision=share(sum(liked for _, liked in answered), len(answered)),
        recall=_recall(app, session, judged),
        curve=curve(answered),
        rules=rules([match for _, match in found], {key: kind for key, kind in words.items() if key}),
        per_day=per_day(found, now),
        words=len({name for topic in judged.topics for name in (*topic.like, *topic.unlike)}),
        doubts=tuple(doubts(session, profile)),
    )


_SAID = ("more", "less")


def share(part: int, whole: int) -> Interval | None:
    """Return ``part`` of ``whole`` with its 90 % interval (Wilson 1927), or ``None`` of nothing."""
    if not whole:
        return None
    z, p = 1.645, part / whole
    middle = (p + z * z / (2 * whole)) / (1 + z * z / whole)
    width = z / (1 + z * z / whole) * ((p * (1 - p) + z * z / (4 * whole)) / whole) ** 0.5
    return Interval(p, max(0.0, middle - width), min(1.0, middle + width), whole)


def curve(answered: Sequence[tuple[Match, bool]]) -> tuple[Bin, ...]:
    """Return for each range of probabilities what was said and what readers said; empty ranges are left out."""
    bins = []
    for low, high in pairwise(_BINS):
        here = [(match.probability, liked) for match, liked in answered if low <= match.probability < high]
        liked = share(sum(one for _, one in here), len(here))
        if liked:
            bins.append(Bin(low, min(high, 1.0), statistics.fmean(said for said, _ in here), liked))
    return tuple(bins)


def rules(found: Sequence[Match], words: dict[int, str]) -> tuple[Rule, ...]:
    """Return what each rule of the profile brought, the most fruitful first."""
    papers: dict[tuple[str, str], set[int]] = defaultdict(set)
    for match in found:
        for reason in match.reasons:
            if reason.kind in _RULES:
                papers[reason.kind, reason.text].add(match.paper_id)
    made = [
        Rule(kind, text, len(ids), *(sum(words.get(key) == word for key in ids) for word in _SAID))
        for (kind, text), ids in papers.items()
    ]
    return tuple(sorted(made, key=lambda rule: (-rule.more, rule.less, -rule.papers, rule.text)))


def _recall(app: App, session: Session, profile: Profile) -> Interval | None:
    tried = [
        _is_found_without(app, session, topic, name) for topic in profile.topics for name in topic.like[-MOST_TRIED:]
    ]
    known = [one for one in tried if one is not None]
    return share(sum(known), len(known))


def _is_found_without(app: App, session: Session, topic: Topic, name: Example) -> bool | None:
    """Whether a topic finds one of its liked papers without knowing it; ``None`` when the paper is not here."""
    papers = [paper for paper in example(session, name) if paper.id]
    if not papers:
        return None
    without = replace(topic, like=tuple(one for one in topic.like if one != name))
    (judgement,) = judge_of(app, session, without).judge(papers[:1])
    return judgement.stage == "matched"


def per_day(found: Sequence[tuple[datetime, Match]], now: datetime) -> tuple[float, float | None]:
    """Return how many papers matched a day in the last two weeks, and in the time before as far as it is known."""
    first: dict[int, datetime] = {}
    for at, match in found:
        first.setdefault(match.paper_id, at)
    recent = sum(at > now - RECENT for at in first.values())
    known = (now - RECENT - min(first.values(), default=now)).days
    return recent / RECENT.days, (len(first) - recent) / known if known >= RECENT.days else None
