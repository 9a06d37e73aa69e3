"""Fitted topics, kept while what they were fitted to stays the same."""

from __future__ import annotations

import hashlib
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import replace

from monitor.matchers.drawer import Drawer
from monitor.matchers.fusion import TopicJudge
from monitor.matchers.parts import Arrays, Examples
from monitor.types.papers import Paper
from monitor.types.profiles import Topic

MOST_WEIGHTS = 20_000_000
"""Weights of all topics on the shelf together: some 300 MB, or ten thousand ordinary topics."""


class Shelf:
    """The fitted topics of one space, by what each was fitted to; those asked for longest ago make room.

    What was learned also lies in ``drawer``, if there is one, so that a restart fits nothing anew.
    """

    def __init__(self, drawer: Drawer | None = None, most_weights: int = MOST_WEIGHTS) -> None:
        self._drawer = drawer
        self._most = most_weights
        self._held = 0
        self._judges: OrderedDict[str, TopicJudge] = OrderedDict()
        self.fits = 0
        """How many topics had something to learn so far."""

    def get(self, topic: Topic, examples: Examples, fit: Callable[[Arrays | None], TopicJudge]) -> TopicJudge:
        """Return the judge of a topic with these examples; ``fit`` makes it from what was learned, or afresh."""
        key = content_hash(topic, examples)
        if key in self._judges:
            self._judges.move_to_end(key)
            return self._judges[key]
        judge = self._judges[key] = self._fitted(lesson_hash(topic, examples), fit)
        self._held += _weights(judge)
        while self._held > self._most and len(self._judges) > 1:
            self._held -= _weights(self._judges.popitem(last=False)[1])
        return judge

    def _fitted(self, lesson: str, fit: Callable[[Arrays | None], TopicJudge]) -> TopicJudge:
        known = self._drawer.read(lesson) if self._drawer else None
        judge = fit(known)
        if known is None:
            learned = judge.arrays()
            self.fits += learned != {}
            if self._drawer and learned:
                self._drawer.write(lesson, learned)
        return judge


def content_hash(topic: Topic, examples: Examples) -> str:
    """Return 32 hex digits that change with a topic's meaning and the words of its examples."""
    return _hash(repr(replace(topic, like=(), unlike=(), faded=())), examples)


def lesson_hash(topic: Topic, examples: Examples) -> str:
    """Return 32 hex digits that change with all that is learned from: a threshold or a muted word is not."""
    return _hash(repr((topic.about, topic.matchers)), examples)


def _hash(meaning: str, examples: Examples) -> str:
    told = [
        meaning,
        *(f"+{_words(one)}" for one in examples.liked),
        *(f"-{_words(one)}" for one in examples.unliked),
        repr(sorted(examples.faded.items())),
    ]
    return hashlib.blake2b("\0".join(told).encode(errors="surrogatepass"), digest_size=16).hexdigest()


def _words(paper: Paper) -> str:
    return "\1".join((paper.key, paper.title, paper.abstract, *paper.authors))


def _weights(judge: TopicJudge) -> int:
    return 1_000 + (3 * len(judge.line.terms[0]) if judge.line else 20_000)
