"""A digest as a tree of blocks. Sections make blocks, renderers draw them; each knows nothing of the other.

All text in blocks is plain: no markup, no escapes. Renderers escape.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Literal, TypeAlias

OWN = "own:"
"""How a URL begins that stands for a reader's own, so that the same block can be many readers'."""

BadgeKind = Literal["new", "first_story", "related", "revised", "near_duplicate", "resurfaced", "late", "rising"]


@dataclass(frozen=True, slots=True)
class Badge:
    """A small label on a card: what the paper is to the reader."""

    kind: BadgeKind
    text: str


@dataclass(frozen=True, slots=True)
class Link:
    """A link with a text that makes sense when read alone.

    ``url`` is http, https or mailto, or the place of a reader's own URL: see ``Own``.
    """

    text: str
    url: str


@dataclass(frozen=True, slots=True)
class Heading:
    """The name of a section, and one line on what is in it; ``aside`` is what stands behind the day's papers."""

    text: str
    note: str = ""
    anchor: str = ""
    aside: bool = False


@dataclass(frozen=True, slots=True)
class Text:
    """A paragraph."""

    text: str


@dataclass(frozen=True, slots=True)
class Note:
    """A paragraph set apart: why something is quiet, late or withheld."""

    text: str
    tone: Literal["calm", "warning"] = "calm"


@dataclass(frozen=True, slots=True)
class Edit:
    """A piece of a rewritten sentence: kept, added or removed words."""

    kind: Literal["same", "added", "removed"]
    text: str


@dataclass(frozen=True, slots=True)
class Diff:
    """What a revision changed: one labelled line each (``Title``, ``Added``, ``Numbers``), marked word by word."""

    label: str
    edits: tuple[Edit, ...]


@dataclass(frozen=True, slots=True)
class PaperCard:
    """One paper in full.

    ``why`` is the reason line, ``likelihood`` words for the probability, ``summary`` whole sentences.
    ``probability`` in [0, 1] draws a meter beside the words; ``None`` draws none. ``actions`` are where a reader says
    more of it: more like this, less, mute, follow.
    """

    title: str
    url: str | None
    byline: str
    facts: tuple[str, ...]
    badge: Badge | None
    why: str
    likelihood: str
    summary: str
    links: tuple[Link, ...] = ()
    changes: tuple[Diff, ...] = ()
    copies: tuple[str, ...] = ()
    probability: float | None = None
    actions: tuple[Link, ...] = ()

    @property
    def brief(self) -> PaperLine:
        """The same paper in one line."""
        note = " · ".join(part for part in (self.byline, self.likelihood) if part)
        return PaperLine(self.title, self.url, note, self.badge)


@dataclass(frozen=True, slots=True)
class PaperLine:
    """One paper in one line: title and a short note. ``actions`` are where a reader says more of it."""

    title: str
    url: str | None
    note: str = ""
    badge: Badge | None = None
    actions: tuple[Link, ...] = ()


@dataclass(frozen=True, slots=True)
class Bar:
    """One column of a chart. ``value`` is a count; ``label`` is what it belongs to (a day, say)."""

    label: str
    value: float


@dataclass(frozen=True, slots=True)
class Chart:
    """A rising thing: its name, the figures in words, and small bars, oldest first.

    The last ``recent`` bars are the tested window.
    """

    title: str
    note: str
    bars: tuple[Bar, ...]
    recent: int = 0
    links: tuple[Link, ...] = ()


@dataclass(frozen=True, slots=True)
class Tally:
    """One line of contents at the top: a topic and what came in."""

    label: str
    text: str
    anchor: str = ""


@dataclass(frozen=True, slots=True)
class Contents:
    """The lines at the top: what this digest holds, in a sentence and one line a topic."""

    tallies: tuple[Tally, ...]
    lead: str = ""


@dataclass(frozen=True, slots=True)
class ReceiptLine:
    """What was read of one source: ``batch`` is the day the source declares, ``state`` says if something is wrong."""

    source: str
    batch: str
    text: str
    state: Literal["ok", "late", "failed"] = "ok"


@dataclass(frozen=True, slots=True)
class Receipt:
    """The footer's account of what was read, so that silence is explained."""

    lines: tuple[ReceiptLine, ...]
    notes: tuple[str, ...] = ()


def _of_nobody(block: Block) -> Block:
    return replace(block, actions=()) if isinstance(block, PaperCard | PaperLine) and block.actions else block


Block: TypeAlias = Heading | Text | Note | PaperCard | PaperLine | Chart | Contents | Link | Receipt


@dataclass(frozen=True, slots=True)
class Section:
    """A part of a digest: its name (the file that makes it) and its blocks."""

    name: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class Own:
    """A URL that only one reader has, and the place in the blocks that stands for it: ``own:more/317``."""

    place: str
    url: str


@dataclass(frozen=True, slots=True)
class Digest:
    """The mail for one subscription, local date and kind, before it is drawn.

    ``at`` is when it was composed (aware, in the reader's zone); ``local_date`` is the day it is for. ``why_sent``
    says why this mail came. ``unsubscribe`` is where one click of a mail program ends it (RFC 8058), if there is such
    a place, and ``page`` where the whole digest can be read. ``postal`` is the operator's address on paper. ``own`` has
    a URL for each place in the blocks; without any, no ``actions`` are drawn: they would be nobody's.
    """

    profile_id: str
    profile_name: str
    recipient: str
    local_date: date
    at: datetime
    subject: str
    preheader: str
    sections: tuple[Section, ...]
    receipt: Receipt
    why_sent: str
    kind: str = "daily"
    language: str = "en"
    links: tuple[Link, ...] = ()
    unsubscribe: str = ""
    page: str = ""
    postal: str = ""
    own: tuple[Own, ...] = ()

    @property
    def blocks(self) -> tuple[Block, ...]:
        """All blocks but the receipt, in order, as they can be drawn."""
        blocks = tuple(block for section in self.sections for block in section.blocks)
        return blocks if self.own else tuple(map(_of_nobody, blocks))


@dataclass(frozen=True, slots=True)
class Rendered:
    """A digest drawn twice from the same blocks.

    ``bodies`` are the text and the page in transfer encodings, each with the encoding's name; ``None`` where nobody has
    encoded them yet.
    """

    html: str
    text: str
    bodies: tuple[tuple[str, bytes], tuple[str, bytes]] | None = None


@dataclass(frozen=True, slots=True)
class Envelope:
    """What a channel delivers: the finished bytes of one message to one recipient, fixed before the first attempt.

    ``content`` is the whole RFC 5322 message with CRLF line ends; nothing beside it says what the digest says.
    """

    message_id: str
    sender: str
    recipient: str
    subject: str
    content: bytes

    def part(self, subtype: Literal["plain", "html"]) -> str:
        """Return the digest as plain text or as a page, as it stands in the message; empty when it has no such part."""
        from email import message_from_bytes, policy  # late: whoever only checks or sends reads no message

        part = message_from_bytes(self.content, policy=policy.default).get_body((subtype,))
        return str(part.get_content()).replace("\r\n", "\n") if part else ""


@dataclass(frozen=True, slots=True)
class Acceptance:
    """What a channel answered when it took a message."""

    code: str
    text: str
