"""The first text of a profile, for its reader to go on with in an editor."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass

_TEXT = """\
# yaml-language-server: $schema=../profile.schema.json
# One file for each reader. `monitor config reference profile` tells every key that can stand here.
name: {name}
to: [{to}]
schedule: {{days: weekdays, at: {at}, timezone: {zone}}}
budget: {budget:<24}# papers in a digest; what is over waits for the next one
{matcher}topics:
"""
_ABOUT = """\
    # about: what you follow, in a sentence
"""
_HINTS = """\
    # query: '("state space model*" OR mamba) AND NOT survey'
    # authors: [Alexei A. Efros]        # their papers count more; under `follow:` they always come
    # institutions: [Google DeepMind]   # a university, a company or a laboratory, by name
"""
_LIKE = """\
    # like: ["arXiv:2303.16203"]        # papers that you would have wanted, by id or title
"""
_MUTE = """\
    # mute: [survey]                    # never, whatever else says yes
"""
_SAYS_NOTHING = frozenset(
    [
        "about",
        "from",
        "into",
        "over",
        "papers",
        "that",
        "their",
        "this",
        "used",
        "uses",
        "using",
        "what",
        "which",
        "with",
    ]
)


@dataclass(frozen=True, slots=True)
class DraftTopic:
    """``about`` is a sentence, ``library`` a file of papers beside the profile, ``query`` a query; one is given."""

    about: str = ""
    library: str = ""
    query: str = ""
    name: str = ""

    def text(self) -> str:
        """Return its lines."""
        named = self.name or (self.library and _slug(self.library.partition(".")[0].split()))
        lines = [f"  {_quoted(named) if named else _topic(self.about)}:\n"]
        lines += [
            f"    {key}: {_quoted(said)}\n" for key, said in (("about", self.about), ("query", self.query)) if said
        ]
        lines += [f"    like: [{_quoted(self.library)}]\n"] if self.library else []
        return "".join(lines)


@dataclass(frozen=True, slots=True)
class Draft:
    """What is known of a new profile. ``matcher`` is the default one when empty."""

    to: str
    topics: tuple[DraftTopic, ...]
    name: str = "My papers"
    at: str = "08:00"
    zone: str = "UTC"
    budget: int = 12
    matcher: str = ""

    def text(self) -> str:
        """Return the file. What stands in it is quoted, and not checked: `load_profile` tells what is wrong."""
        head = _TEXT.format(
            name=_quoted(self.name),
            to=_quoted(self.to),
            at=_quoted(self.at),
            zone=_quoted(self.zone),
            budget=self.budget,
            matcher=f"matcher: {self.matcher}\n" if self.matcher else "",
        )
        hints = "" if any(topic.about for topic in self.topics) else _ABOUT
        hints += _HINTS if any(topic.library for topic in self.topics) else _HINTS + _LIKE
        return f"{head}{''.join(topic.text() for topic in self.topics)}{hints}{_MUTE}"


def _topic(about: str) -> str:
    """Return the first three words of a sentence that say something."""
    return _slug(word for word in about.split() if len(word) > 3 and word.lower() not in _SAYS_NOTHING) or "topic"


def _slug(words: Iterable[str]) -> str:
    plain = ("".join(char for char in word.lower() if char.isalnum() and char.isascii()) for word in words)
    return "-".join([word for word in plain if word][:3])


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)
