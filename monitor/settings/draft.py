"""The first text of a profile, for its reader to go on with in an editor."""

from __future__ import annotations

import json
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
"""
_LIKE = """\
    # like: ["arXiv:2303.16203"]        # papers that you would have wanted, by id or title
"""
_MUTE = """\
    # mute: [survey]                    # never, whatever else says yes
"""


@dataclass(frozen=True, slots=True)
class DraftTopic:
    """``about`` is a sentence, ``library`` a file of papers beside the profile, ``query`` a query; one is given."""

    about: str = ""
    library: str = ""
    query: str = ""
    name: str = ""

    def text(self) -> str:
        """Return its lines."""
        name = self.name or _topic(self.about or self.library.partition(".")[0])
        lines = [f"  {_quoted(name) if self.name else name}:\n"]
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


def _topic(text: str) -> str:
    words = ["".join(char for char in word.lower() if char.isalnum() and char.isascii()) for word in text.split()]
    return "-".join([word for word in words if len(word) > 3][:3]) or "topic"


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)
