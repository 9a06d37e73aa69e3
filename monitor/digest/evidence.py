"""Why two papers are taken for one, in the reader's language: the store keeps it in English, part by part."""

from __future__ import annotations

import re

from monitor.words import Fact, Words

_FORMS = [
    (re.compile(form), name)
    for form, name in (
        (r"same title", "evidence-title"),
        (r"(?P<share>\d+) % of its abstract's words", "evidence-words"),
        (r"same authors", "evidence-authors"),
        (r"no authors in common", "evidence-strangers"),
        (r"(?P<count>\d+) authors? in common", "evidence-shared"),
        (r"version (?P<version>\d+) of a paper from before we watched", "evidence-version"),
        (r"a new version of a paper from before we watched", "evidence-new-version"),
    )
]


def evidence_in(say: Words, evidence: str) -> str:
    """Return what a verdict goes by, in the language of ``say``; parts in other words stay as they are."""
    return ", ".join(_part(say, part) for part in evidence.split(", "))


def _part(say: Words, part: str) -> str:
    for form, name in _FORMS:
        if found := form.fullmatch(part):
            facts: dict[str, Fact] = {key: int(value) for key, value in found.groupdict().items()}
            return say(name, **facts)
    return part
