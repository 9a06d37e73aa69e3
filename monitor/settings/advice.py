"""Warnings: what is allowed, and will disappoint."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator

from monitor.errors import ConfigProblem
from monitor.settings.schema import Expand, WrittenProfile, WrittenTopic
from monitor.settings.yaml import Document, Loc, shown
from monitor.text import fold

_ENGLISH = frozenset(
    re.findall(
        r"\w+",
        """a about all am an and are as at be between by can do for from how i in into interested is it like me my new
        not of on or our papers research that the their them these they this to use used using we what which with
        work you your""",
    )
)
_ELSEWHERE = frozenset(
    re.findall(
        r"\w+",
        """der die das und fur mit von zur eine les des pour avec dans une sur los las para con una del che per della
        het een voor met och att som uma nos""",
    )
)


_FEW = 5


def advise(profile: WrittenProfile, document: Document, expanded: Expand) -> Iterator[ConfigProblem]:
    """Yield a warning for each part of a profile that can be used but hardly means what it says.

    ``expanded`` puts papers for the files of them.
    """
    for name, topic in profile.topics.items():
        at = ("topics", name)
        yield from _about(topic, at, document)
        yield from _few_examples(topic, len(expanded(topic.like)), at, document)
        yield from _contradictions(topic, at, document)
        yield from _empty_keywords(topic, at, document)


def _about(topic: WrittenTopic, at: Loc, document: Document) -> Iterator[ConfigProblem]:
    if not topic.about:
        return
    words = fold(topic.about).split()
    telling = {word for word in words if word not in _ENGLISH}
    place = (*at, "about")
    if not telling:
        yield document.problem(
            place, "this holds no word that tells one paper from another", "name the things you look for"
        )
    elif len(telling) == 1 and not (topic.query or topic.keywords or topic.like):
        yield document.problem(
            place, "one word is little to go by", "write a sentence, or add 'like:' with papers that fit"
        )
    elif _is_foreign(topic.about, words):
        yield document.problem(
            place, "papers are in English, and this is not", "say it in English, or add 'like:' with papers that fit"
        )


def _few_examples(topic: WrittenTopic, liked: int, at: Loc, document: Document) -> Iterator[ConfigProblem]:
    others = (topic.authors, topic.institutions, topic.follow, topic.categories)
    if 0 < liked < _FEW and not any((topic.about, topic.query, topic.keywords, *others)):
        papers = "one paper is" if liked == 1 else f"{liked} papers are"
        yield document.problem(
            (*at, "like"), f"{papers} not enough to be sure of a topic", f"name {_FEW} or more, or add 'about: ...'"
        )


def _is_foreign(text: str, words: list[str]) -> bool:
    if not text.isascii():
        letters = [char for char in text if char.isalpha()]
        latin = sum("LATIN" in unicodedata.name(char, "") for char in letters)
        if letters and latin < len(letters) / 2:
            return True
    return len(_ELSEWHERE.intersection(words)) >= 2 and not _ENGLISH.intersection(words) - _ELSEWHERE


def _contradictions(topic: WrittenTopic, at: Loc, document: Document) -> Iterator[ConfigProblem]:
    muted = {fold(word) for word in topic.mute}
    for place, word in _keywords(topic, at):
        if fold(word) in muted:
            yield document.problem(place, f"{shown(word)} is a keyword and muted too: mute wins", "remove it from one")


def _empty_keywords(topic: WrittenTopic, at: Loc, document: Document) -> Iterator[ConfigProblem]:
    for place, word in _keywords(topic, at):
        if _ENGLISH.issuperset(re.split(r"\W+", fold(word))):
            yield document.problem(
                place, f"{shown(word)} is in nearly every abstract", "use words that few papers hold"
            )


def _keywords(topic: WrittenTopic, at: Loc) -> Iterable[tuple[Loc, str]]:
    if isinstance(topic.keywords, dict):
        return [((*at, "keywords", word), word) for word in topic.keywords]
    return [((*at, "keywords", number), word) for number, word in enumerate(topic.keywords)]
