"""A digest as one HTML page for a mail: style inlined, nothing loaded from anywhere."""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import Path

from css_inline import CSSInliner, InlineError
from markupsafe import Markup, escape

from monitor.errors import RenderError
from monitor.render.environment import Look, draw, draw_block, look, taken_apart
from monitor.render.fit import Placed, fit
from monitor.render.shape import Shape, Shapes, shape, shapes_of
from monitor.render.skeleton import Drawing, Skeleton, gap
from monitor.types.digests import Block, Digest, Link, Note
from monitor.words import Words, direction

_BODY, _RECEIPT = 90, 91
_INDENT = re.compile(r"\s*\n\s*")
_PIECES, _PAGES = 2048, 256


def render_html(digest: Digest, templates: Path) -> str:
    """Return ``digest`` as ``drawn_html`` does, without its code for the wire."""
    return drawn_html(digest, templates).text


def drawn_html(digest: Digest, templates: Path, shapes: Shapes | None = None) -> Drawing:
    """Return ``digest`` as a page whose elements carry their style; ``templates`` is the folder that holds ``email/``.

    ``email/style.css`` goes into the elements; ``email/adapt.css``, for dark screens and telephones, stays in the head.
    What mails share is drawn and inlined once. A page that would be over 90 KB on the wire shows fewer papers in full.
    Raises RenderError when a template or a style sheet cannot be used.
    """
    of, shapes = look(templates, digest.language), shapes or shapes_of(digest)
    placed = [Placed(one.block, _filled(of, one)) for one in shapes.blocks]
    page = _page(of, shapes.page.shared)
    own: dict[int, str | Drawing] = {**shapes.page.own, _RECEIPT: _filled(of, shapes.receipt)}
    left_out = fit(placed, page.filled({**own, _BODY: ""}, escape), lambda block: _filled(of, shape(block)))
    blocks = [one.drawing for one in placed]
    if left_out:
        blocks.append(_filled(of, shape(_more(digest, of.words, left_out))))
    return page.filled({**own, _BODY: Drawing.joined(blocks)}, escape)


def _more(digest: Digest, words: Words, count: int) -> Block:
    """Return what tells of the papers that found no room in the page."""
    if digest.page:
        return Link(words("more-on-page", count=count), digest.page)
    return Note(words("more-in-text", count=count))


def _filled(of: Look, one: Shape[Block]) -> Drawing:
    return _piece(of, one.shared).filled(one.own, escape)


@lru_cache(maxsize=_PIECES)
def _piece(of: Look, block: Block) -> Skeleton:
    """Return one block, drawn and inlined; most are the same in many mails of a day."""
    drawn = _INDENT.sub("\n", draw_block(of, "email/blocks.html.j2", block, escape=True)).strip()
    opened = f'<div dir="{direction(of.language)}">'
    inlined = _inlined(of, f"{opened}{drawn}</div>", whole=False)
    return taken_apart(inlined.removeprefix(opened).removesuffix("</div>") + "\n")


@lru_cache(maxsize=_PAGES)
def _page(of: Look, digest: Digest) -> Skeleton:
    """Return all that stands around the blocks."""
    adapt = Markup(_style_sheet(of.templates, "adapt.css"))  # noqa: S704 - our own file, not feed text
    inside = {"blocks_here": gap(_BODY), "receipt_here": gap(_RECEIPT)}
    drawn = draw(of, "email/digest.html.j2", escape=True, digest=digest, adapt=adapt, **inside)
    return taken_apart(_inlined(of, _INDENT.sub("\n", drawn), whole=True) + "\n")


def _inlined(of: Look, html: str, *, whole: bool) -> str:
    style = _style_sheet(of.templates, "style.css")
    try:
        return _inliner(style).inline(html) if whole else _inliner(style).inline_fragment(html, "")
    except (InlineError, ValueError) as problem:
        raise RenderError(f"{of.templates / 'email' / 'style.css'}: {problem}; correct the style sheet") from problem


def _style_sheet(templates: Path, name: str) -> str:
    try:
        return (templates / "email" / name).read_text(encoding="utf-8")
    except OSError as problem:
        raise RenderError(f"{problem}; put the style sheet back or point to complete templates") from problem


@lru_cache(maxsize=4)
def _inliner(style: str) -> CSSInliner:
    """Return what inlines ``style``; it never loads a remote sheet, which would let a feed name hosts to ask."""
    return CSSInliner(extra_css=style, load_remote_stylesheets=False, resolve_css_variables=True, minify_css=True)
