"""What many mails share, told from what is one reader's own: the shape of a block, and the texts for its gaps."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Generic, TypeVar

from monitor.render.gate import cleaned, link_target
from monitor.render.skeleton import gap, link_gap
from monitor.text import one_line
from monitor.types.digests import Block, Digest, Link, PaperCard, PaperLine, Receipt

METER_STEPS = 5
PREHEADER = 110
_What = TypeVar("_What")


@dataclass(frozen=True, slots=True)
class Shape(Generic[_What]):
    """What is drawn once, with gaps, and what fills them for one reader; ``block`` is both."""

    shared: _What
    own: dict[int, str]
    block: _What


@dataclass(frozen=True, slots=True)
class Shapes:
    """The shapes of a digest: of all that stands around the blocks, of each block, and of the receipt."""

    page: Shape[Digest]
    blocks: tuple[Shape[Block], ...]
    receipt: Shape[Block]


def shapes_of(digest: Digest) -> Shapes:
    """Return the shapes of a digest, from which both of its drawings are made."""
    blocks = (block for section in digest.sections for block in section.blocks)
    return Shapes(page_shape(digest), tuple(map(shape, blocks)), shape(digest.receipt))


def shape(block: Block) -> Shape[Block]:
    """Return the shape of a block: all that is said of a paper is shared.

    Why it came, how likely it fits and where to say more or less are the reader's own.
    """
    if isinstance(block, PaperLine):
        actions, urls = _links(block.actions, 1)
        line = replace(block, note=gap(0) if block.note else "", actions=actions)
        return Shape(line, _numbered(block.note, *urls), block)
    if not isinstance(block, PaperCard):
        return Shape(block, {}, block)
    actions, urls = _links(block.actions, 2)
    likely = block.probability
    shared = PaperCard(
        title=block.title, url=block.url, byline=block.byline, facts=block.facts, badge=block.badge,
        why=gap(0) if block.why else "", likelihood=gap(1) if block.likelihood else "", summary=block.summary,
        links=block.links, changes=block.changes, copies=block.copies, actions=actions,
        probability=None if likely is None else round(likely * METER_STEPS) / METER_STEPS,
    )  # fmt: skip
    return Shape(shared, _numbered(block.why, block.likelihood, *urls), block)


def page_shape(digest: Digest) -> Shape[Digest]:
    """Return the shape of all that stands around the blocks, which many mails of a day share."""
    texts = (digest.subject, one_line(digest.preheader, PREHEADER), digest.profile_name, digest.why_sent)
    links, urls = _links(digest.links, len(texts))
    subject, preheader, name, why = map(gap, range(len(texts)))
    shared = replace(
        digest, subject=subject, preheader=preheader, profile_name=name, why_sent=why, links=links, sections=(),
        receipt=Receipt(()), profile_id="", recipient="", page="", unsubscribe="",
        at=digest.at.replace(hour=0, minute=0, second=0, microsecond=0),
    )  # fmt: skip
    return Shape(shared, _numbered(*texts, *urls), digest)


def _numbered(*texts: str) -> dict[int, str]:
    return {number: cleaned(text) for number, text in enumerate(texts)}


def _links(links: tuple[Link, ...], first: int) -> tuple[tuple[Link, ...], list[str]]:
    """Return links with gaps for their URLs; one that no mail may link to keeps its own, and is drawn as text."""
    shared = [
        Link(link.text, link_gap(number) if link_target(link.url) else link.url)
        for number, link in enumerate(links, first)
    ]
    return tuple(shared), [link.url for link in links]
