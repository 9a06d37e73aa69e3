"""A digest as plain text of 72 columns: every title and link of the page, in the same order."""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import Path

from monitor.render.environment import Look, draw, draw_block, look, taken_apart
from monitor.render.shape import Shape, Shapes, shapes_of
from monitor.render.skeleton import Drawing, Skeleton, gap
from monitor.types.digests import Block, Digest

_TRAILING = re.compile(r"[ \t]+$", re.MULTILINE)
_GAPS = re.compile(r"\n{3,}")
_BODY, _RECEIPT = 90, 91
_PIECES, _PAGES = 2048, 256


def render_text(digest: Digest, templates: Path) -> str:
    """Return ``digest`` as ``drawn_text`` does, without its code for the wire."""
    return drawn_text(digest, templates).text


def drawn_text(digest: Digest, templates: Path, shapes: Shapes | None = None) -> Drawing:
    """Return ``digest`` as text that ends with one new line; ``templates`` is the folder that holds ``text/``.

    Raises RenderError when a template cannot be used.
    """
    of, shapes = look(templates, digest.language), shapes or shapes_of(digest)
    blocks = Drawing.joined(_filled(of, one) for one in shapes.blocks)
    inside = {_BODY: blocks, _RECEIPT: _filled(of, shapes.receipt)}
    return _page(of, shapes.page.shared).filled({**shapes.page.own, **inside})


def _filled(of: Look, one: Shape[Block]) -> Drawing:
    return _piece(of, one.shared).filled(one.own)


@lru_cache(maxsize=_PIECES)
def _piece(of: Look, block: Block) -> Skeleton:
    return taken_apart(_tidy(draw_block(of, "text/blocks.txt.j2", block, escape=False)) + "\n\n")


@lru_cache(maxsize=_PAGES)
def _page(of: Look, digest: Digest) -> Skeleton:
    inside = {"blocks_here": gap(_BODY), "receipt_here": gap(_RECEIPT)}
    return taken_apart(_tidy(draw(of, "text/digest.txt.j2", escape=False, digest=digest, **inside)) + "\n")


def _tidy(drawn: str) -> str:
    return _GAPS.sub("\n\n", _TRAILING.sub("", drawn)).strip("\n")
