"""Why two papers are taken for one, in the reader's language: the store keeps it in English, part by part."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from monitor.words import DEFAULT, Fact, Words, speak

_PARTS = {
    "evidence-title": (),
    "evidence-words": ("share",),
    "evidence-authors": (),
    "evidence-strangers": (),
    "evidence-shared": ("count",),
    "evidence-version": ("version",),
    "evidence-new-version": (),
}
"""The messages that are parts of evidence, and the numbers in each."""


def evidence_in(say: Words, evidence: str) -> str:
    """Return what a verdict goes by, in the language of ``say``; parts in other words stay as they are."""
    return ", ".join(_part(say, part) for part in evidence.split(", "))


def _part(say: Words, part: str) -> str:
    for form, name in _forms():
        if found := form.fullmatch(part):
            facts: dict[str, Fact] = {fact: int(found.groupdict().get(fact, 1)) for fact in _PARTS[name]}
            return say(name, **facts)
    return part


@cache
def _forms() -> list[tuple[re.Pattern[str], str]]:
    return [(form, name) for name, facts in _PARTS.items() for form in _said(name, facts)]


def _said(name: str, facts: tuple[str, ...]) -> Iterator[re.Pattern[str]]:
    """Yield how English says a part of one thing, and of any number."""
    english = speak(DEFAULT)
    if facts:
        yield re.compile(re.escape(english(name, **dict.fromkeys(facts, 1))))
    form = re.escape(english(name, **{fact: f"<{fact}>" for fact in facts}))
    for fact in facts:
        form = form.replace(f"<{fact}>", rf"(?P<{fact}>\d+)")
    yield re.compile(form)
