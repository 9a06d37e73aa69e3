"""A digest as plain text of 72 columns: every title and link of the page, in the same order."""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import Path

from monitor.render.environment import Look, draw, draw_block, look, taken_apart
from monitor.render.gate import link_target
from monitor.render.shape import Shape, page_shape, shape
from monitor.render.skeleton import Drawing, Skeleton, Worded, gap
from monitor.types.digests import Block, Digest

_TRAILING = re.compile(r"[ \t]+$", re.MULTILINE)
_GAPS = re.compile(r"\n{3,}")
_BODY, _RECEIPT = 90, 91
_PIECES, _PAGES = 2048, 256


def render_text(digest: Digest, templates: Path) -> str:
    """Return ``digest`` as text; ``templates`` is the folder that holds ``text/``. Raises as ``drawn_text`` does."""
    return drawn_text(digest, look(templates, digest.language), page_shape(digest)).text


def drawn_text(digest: Digest, of: Look, around: Shape[Digest]) -> Drawing:
    """Return ``digest``, of which ``around`` is the shape, as text that ends with one new line.

    Raises RenderError when a template cannot be used.
    """
    own = {one.place: Drawing.of(link_target(one.url)) for one in digest.own}
    inside = {_BODY: _body(of, digest.blocks).filled(own), _RECEIPT: _worded(of, digest.receipt).filled({})}
    return _page(of, around.shared).filled({**around.own, **inside})


@lru_cache(maxsize=_PAGES)
def _body(of: Look, blocks: tuple[Block, ...]) -> Worded:
    return Worded.joined(_worded(of, block) for block in blocks)


@lru_cache(maxsize=_PIECES)
def _worded(of: Look, block: Block) -> Worded:
    one = shape(block)
    return _piece(of, one.shared).worded(one.own, one.places)


@lru_cache(maxsize=_PIECES)
def _piece(of: Look, block: Block) -> Skeleton:
    return taken_apart(_tidy(draw_block(of, "text/blocks.txt.j2", block, escape=False)) + "\n\n")


@lru_cache(maxsize=_PAGES)
def _page(of: Look, digest: Digest) -> Skeleton:
    inside = {"blocks_here": gap(_BODY), "receipt_here": gap(_RECEIPT)}
    return taken_apart(_tidy(draw(of, "text/digest.txt.j2", escape=False, digest=digest, **inside)) + "\n")


def _tidy(drawn: str) -> str:
    return _GAPS.sub("\n\n", _TRAILING.sub("", drawn)).strip("\n")
