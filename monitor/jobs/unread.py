"""Verdicts that many profiles have not read yet, and what each topic keeps of them: a topic is asked once for all."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from itertools import groupby
from typing import TYPE_CHECKING

from monitor.app import App
from monitor.digest.select import NEAR
from monitor.jobs.topics import judge_of
from monitor.store import papers, verdicts
from monitor.store.engine import Session
from monitor.store.matches import Judged
from monitor.types.papers import Paper
from monitor.types.profiles import Topic
from monitor.types.verdicts import Verdict

if TYPE_CHECKING:
    from monitor.matchers.fusion import TopicJudge
    from monitor.matchers.space import Features, Space

_RUNS = 4
"""Runs of verdicts kept at hand: most profiles wait for what came since the last tick, new ones for the past."""
_TOPICS = 2_000
"""Topics whose finds are kept at hand, for the next profiles that follow the same; each takes some 50 KB."""

_YOUNG = timedelta(minutes=10)
"""How long what papers look like is kept for the next shard; no paper of two weeks ago is the more read for it."""

Kept = Mapping[Topic, list[Judged] | Exception]


class Unread:
    """A run of verdicts, oldest first. What its papers are and look like is read and worked out once."""

    def __init__(self, verdicts: Sequence[Verdict]) -> None:
        self.verdicts = tuple(verdicts)
        self._papers: list[Paper] | None = None
        self._looks: tuple[Space, Features] | None = None
        self._kept: OrderedDict[Topic, list[Judged]] = OrderedDict()

    def papers(self, session: Session) -> list[Paper]:
        """Return the paper of each verdict."""
        if self._papers is None:
            known = papers.by_ids(session, {verdict.paper_id for verdict in self.verdicts})
            self._papers = [known[verdict.paper_id] for verdict in self.verdicts]
        return self._papers

    def kept(self, app: App, session: Session, topics: Iterable[Topic]) -> Kept:
        """Return what each topic keeps, or nearly keeps, in the order of the papers; or why it cannot be asked."""
        found: dict[Topic, list[Judged] | Exception] = {}
        asked: dict[Topic, TopicJudge] = {}
        for topic in dict.fromkeys(topics) if self.verdicts else ():
            if topic in self._kept:
                self._kept.move_to_end(topic)
                found[topic] = self._kept[topic]
                continue
            try:
                asked[topic] = judge_of(app, session, topic)
            except Exception as error:  # noqa: BLE001 - it is raised again beside the profiles that it belongs to
                found[topic] = error
        for _, run in groupby(asked.items(), lambda one: id(one[1].space)):  # a new generation may come in between
            found |= self._asked(dict(run), session)
        return found

    def _asked(self, judges: Mapping[Topic, TopicJudge], session: Session) -> dict[Topic, list[Judged]]:
        from monitor.matchers.together import kept_by  # late: an idle daemon does without

        new: dict[Topic, list[Judged]] = {topic: [] for topic in judges}
        space = next(iter(judges.values())).space
        for features, places in self._blocks(space, session):
            for topic, kept in zip(judges, kept_by(list(judges.values()), features, near=NEAR), strict=True):
                new[topic] += [Judged(self.verdicts[places[at]], one) for at, one in kept]
        self._kept |= new
        while len(self._kept) > _TOPICS:
            self._kept.popitem(last=False)
        return new

    def _blocks(self, space: Space, session: Session) -> Iterator[tuple[Features, range]]:
        """Yield what the papers look like in a space; a single block is kept at hand for the next topics."""
        from monitor.matchers.fusion import blocks

        listed, start = self.papers(session), 0
        for block in blocks(listed):
            if self._looks is None or self._looks[0] is not space or len(block) < len(listed):
                self._looks = space, space.features(block)
            yield self._looks[1], range(start, start + len(block))
            start += len(block)


class Reading:
    """All that profiles have not read, made since a moment; those who have read equally far share it."""

    def __init__(self, since: datetime) -> None:
        self.since = since
        self._missed: dict[int, int] = {}
        self._runs: OrderedDict[tuple[int, int], Unread] = OrderedDict()

    @classmethod
    def again(cls, last: Reading | None, since: datetime) -> Reading:
        """Return the ``last`` one while it is young, else a new one: a worker takes shards one after the other."""
        return last if last and timedelta(0) <= since - last.since <= _YOUNG else cls(since)

    def missed(self, session: Session, through: int) -> int:
        """Return how many verdicts with an id above ``through`` are too old to be read."""
        if through not in self._missed:
            self._missed[through] = verdicts.outdated(session, through, self.since)
        return self._missed[through]

    def after(self, session: Session, through: int, last: int) -> Unread:
        """Return the verdicts with an id above ``through`` and of at most ``last``, the highest that is judged."""
        if (through, last) not in self._runs:
            self._runs[through, last] = Unread(verdicts.between(session, through, self.since))
            if len(self._runs) > _RUNS:
                self._runs.popitem(last=False)
        self._runs.move_to_end((through, last))
        return self._runs[through, last]
