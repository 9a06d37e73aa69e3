"""A page that mail programs do not cut off: what does not fit is told shortly, the least likely papers first."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from monitor.render.encoding import based_length
from monitor.render.skeleton import Drawing
from monitor.types.digests import Block, PaperCard, PaperLine

LIMIT = 89 * 1024
"""Bytes of the encoded page, which may have 90 KB with the line that tells of the rest; Gmail cuts at 102 KB."""


BEST = 8
"""So many of the likeliest papers keep their cards before lines are left out."""


@dataclass(slots=True)
class Placed:
    """A block and its drawing; an empty one when the block found no room."""

    block: Block
    drawing: Drawing


@dataclass(slots=True)
class _Size:
    quoted: int
    octets: int

    def add(self, drawing: Drawing, times: int = 1) -> None:
        self.quoted += times * len(drawing.coded)
        self.octets += times * drawing.octets

    @property
    def encoded(self) -> int:
        return min(self.quoted, based_length(self.octets))


def encoded(drawing: Drawing) -> int:
    """Return how many bytes a drawing takes in the shorter transfer encoding."""
    size = _Size(0, 0)
    size.add(drawing)
    return size.encoded


def fit(placed: Sequence[Placed], frame: Drawing, draw: Callable[[Block], Drawing], limit: int = LIMIT) -> int:
    """Shorten ``placed`` until it fits into ``limit`` with ``frame`` around it; returns how many papers are left out.

    The least likely papers become lines first, then lines go. The best few keep their cards as long as they can. Should
    all that not do, whatever stands last goes.
    """
    size = _Size(0, 0)
    for one in placed:
        size.add(one.drawing)
    size.add(frame)
    left_out = 0
    for one, brief in _steps(placed) if size.encoded > limit else ():
        if size.encoded <= limit:
            break
        left_out += brief is None and isinstance(one.block, PaperCard | PaperLine)
        _draw_anew(one, draw(brief) if brief else Drawing(), size)
    return left_out


def _steps(placed: Sequence[Placed]) -> Iterator[tuple[Placed, PaperLine | None]]:
    """Give what to shorten, the first first, and to which line; to nothing at all where that is ``None``."""
    cards = [(one, one.block) for one in placed if isinstance(one.block, PaperCard)]
    cards.sort(key=lambda pair: pair[1].probability or 0.0)
    many, best = cards[:-BEST], cards[-BEST:]
    yield from ((one, card.brief) for one, card in many)
    yield from ((one, None) for one in reversed(placed) if isinstance(one.block, PaperLine))
    yield from ((one, None) for one, _ in many)
    yield from ((one, card.brief) for one, card in best)
    yield from ((one, None) for one in reversed(placed) if one.drawing.text)


def _draw_anew(one: Placed, drawing: Drawing, size: _Size) -> None:
    size.add(one.drawing, -1)
    size.add(drawing)
    one.drawing = drawing
