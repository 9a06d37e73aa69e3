"""What many mails share, told from what is one reader's own: the shape of a block, and the texts for its gaps."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Generic, TypeVar

from monitor.render.gate import cleaned, link_target
from monitor.render.skeleton import gap, link_gap
from monitor.text import one_line
from monitor.types.digests import OWN, Block, Digest, Link, PaperCard, PaperLine, Receipt

METER_STEPS = 5
PREHEADER = 110
_What = TypeVar("_What")


@dataclass(frozen=True, slots=True)
class Shape(Generic[_What]):
    """What is drawn once, with gaps: ``own`` are the texts for them, ``places`` what each reader has there."""

    shared: _What
    own: dict[int, str]
    places: dict[int, str] = field(default_factory=dict)


def shape(block: Block) -> Shape[Block]:
    """Return the shape of a block: all that is said of a paper is shared.

    Why it came and how likely it fits are its topic's own, where to say more or less its reader's.
    """
    if isinstance(block, PaperLine):
        actions, places = _actions(block.actions, 1)
        line = replace(block, note=gap(0) if block.note else "", actions=actions)
        return Shape(line, _numbered([block.note]), places)
    if not isinstance(block, PaperCard):
        return Shape(block, {})
    actions, places = _actions(block.actions, 2)
    likely = block.probability
    shared = replace(
        block, why=gap(0) if block.why else "", likelihood=gap(1) if block.likelihood else "", actions=actions,
        probability=None if likely is None else round(likely * METER_STEPS) / METER_STEPS,
    )  # fmt: skip
    return Shape(shared, _numbered([block.why, block.likelihood]), places)


def page_shape(digest: Digest) -> Shape[Digest]:
    """Return the shape of all that stands around the blocks, which many mails of a day share."""
    texts = [digest.subject, one_line(digest.preheader, PREHEADER), digest.profile_name, digest.why_sent]
    subject, preheader, name, why = map(gap, range(len(texts)))
    texts += [link.url for link in digest.links]
    shared = replace(
        digest, subject=subject, preheader=preheader, profile_name=name, why_sent=why, links=_linked(digest.links, 4),
        sections=(), receipt=Receipt(()), profile_id="", recipient="", page="", unsubscribe="", own=(),
        at=digest.at.replace(hour=0, minute=0, second=0, microsecond=0),
    )  # fmt: skip
    return Shape(shared, _numbered(texts))


def _numbered(texts: Sequence[str]) -> dict[int, str]:
    return {number: cleaned(text) for number, text in enumerate(texts)}


def _linked(links: Sequence[Link], first: int) -> tuple[Link, ...]:
    """Return links with gaps for their URLs; one that no mail may link to keeps its own, and is drawn as text."""
    return tuple(
        Link(link.text, link_gap(number) if link_target(link.url) else link.url)
        for number, link in enumerate(links, first)
    )


def _actions(links: Sequence[Link], first: int) -> tuple[tuple[Link, ...], dict[int, str]]:
    """Return links with gaps for the URLs of a reader's own, and their places by the numbers of the gaps."""
    places = {number: link.url for number, link in enumerate(links, first) if link.url.startswith(OWN)}
    gaps = {place: link_gap(number) for number, place in places.items()}
    return tuple(Link(link.text, gaps.get(link.url, link.url)) for link in links), places
