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
budget: 12                              # papers in a digest; what is over waits for the next one
topics:
  {topic}:
    {about}
    # query: '("state space model*" OR mamba) AND NOT survey'
    # authors: [Alexei A. Efros]        # their papers count more; under `follow:` they always come
    {like}
    # mute: [survey]                    # never, whatever else says yes
"""
_LIKE = '# like: ["arXiv:2303.16203"]        # papers that you would have wanted, by id or title'
_ABOUT = "# about: what you follow, in a sentence"


@dataclass(frozen=True, slots=True)
class Draft:
    """What is known of a new profile: ``about`` is a sentence, ``library`` a file of papers beside it; one is given."""

    to: str
    about: str = ""
    library: str = ""
    name: str = "My papers"
    at: str = "08:00"
    zone: str = "UTC"

    def text(self) -> str:
        """Return the file. What stands in it is quoted, and not checked: `load_profile` tells what is wrong."""
        return _TEXT.format(
            name=_quoted(self.name),
            to=_quoted(self.to),
            at=_quoted(self.at),
            zone=_quoted(self.zone),
            topic=_topic(self.about or self.library.partition(".")[0]),
            about=f"about: {_quoted(self.about)}" if self.about else _ABOUT,
            like=f"like: [{_quoted(self.library)}]" if self.library else _LIKE,
        )


def _topic(text: str) -> str:
    words = ["".join(char for char in word.lower() if char.isalnum() and char.isascii()) for word in text.split()]
    return "-".join([word for word in words if len(word) > 3][:3]) or "topic"


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)
