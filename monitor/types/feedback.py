"""What a reader says of what came: more like this, less like this, never this word, always this author."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

FeedbackKind = Literal["more", "less", "mute", "follow"]


@dataclass(frozen=True, slots=True)
class Feedback:
    """One word of a reader, at one moment (aware UTC).

    ``more`` and ``less`` are about a paper, ``mute`` and ``follow`` about the word or author in ``text``. It holds for
    one topic, or for all topics of the profile when ``topic`` is empty.
    """

    kind: FeedbackKind
    at: datetime
    topic: str = ""
    paper_id: int | None = None
    text: str = ""
    id: int = 0
    undone_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Withheld:
    """How many papers a muted word kept out that would have come; ``undo`` is the feedback that muted it, if any."""

    word: str
    papers: int
    undo: int | None = None
