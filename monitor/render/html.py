"""A digest as one HTML page for a mail: style inlined, nothing loaded from anywhere."""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import Path

from css_inline import CSSInliner, InlineError
from markupsafe import Markup, escape

from monitor.errors import RenderError
from monitor.render.environment import Look, draw, draw_block, look, taken_apart
from monitor.render.fit import LIMIT, Placed, encoded, fit
from monitor.render.gate import link_target
from monitor.render.shape import Shape, page_shape, shape
from monitor.render.skeleton import Drawing, Skeleton, Worded, gap
from monitor.types.digests import Block, Digest, Link, Note
from monitor.words import Words, direction

_BODY, _RECEIPT = 90, 91
_SPECIAL = re.compile("[&<>'\"]")
_INDENT = re.compile(r"\s*\n\s*")
_PIECES, _PAGES = 2048, 256


def render_html(digest: Digest, templates: Path) -> str:
    """Return ``digest`` as a page; ``templates`` is the folder that holds ``email/``. Raises as ``drawn_html`` does."""
    return drawn_html(digest, look(templates, digest.language), page_shape(digest)).text


def drawn_html(digest: Digest, of: Look, around: Shape[Digest]) -> Drawing:
    """Return ``digest``, of which ``around`` is the shape, as a page whose elements carry their style.

    ``email/style.css`` goes into the elements; ``email/adapt.css``, for dark screens and telephones, stays in the head.
    What mails share is drawn and inlined once. A page that would be over 90 KB on the wire shows fewer papers in full.
    Raises RenderError when a template or a style sheet cannot be used.
    """
    own = {one.place: Drawing.of(_escaped(link_target(one.url))) for one in digest.own}
    page, receipt = _page(of, around.shared), _worded(of, digest.receipt).filled({})
    frame = {number: Drawing.of(_escaped(text)) for number, text in around.own.items()} | {_RECEIPT: receipt}
    whole = page.filled({**frame, _BODY: _body(of, digest.blocks).filled(own)})
    if encoded(whole) <= LIMIT:
        return whole
    placed = [Placed(block, _worded(of, block).filled(own)) for block in digest.blocks]
    empty = page.filled({**frame, _BODY: Drawing()})
    left_out = fit(placed, empty, lambda block: _worded(of, block).filled(own))
    blocks = [one.drawing for one in placed]
    if left_out:
        blocks.append(_worded(of, _more(digest, of.words, left_out)).filled({}))
    return page.filled({**frame, _BODY: Drawing.joined(blocks)})


def _escaped(text: str) -> str:
    return str(escape(text)) if _SPECIAL.search(text) else text


def _more(digest: Digest, words: Words, count: int) -> Block:
    """Return what tells of the papers that found no room in the page."""
    if digest.page:
        return Link(words("more-on-page", count=count), digest.page)
    return Note(words("more-in-text", count=count))


@lru_cache(maxsize=_PAGES)
def _body(of: Look, blocks: tuple[Block, ...]) -> Worded:
    """Return all blocks; readers of whom the same is known get the same."""
    return Worded.joined(_worded(of, block) for block in blocks)


@lru_cache(maxsize=_PIECES)
def _worded(of: Look, block: Block) -> Worded:
    """Return one block with all that it says; readers of the same topic get the same."""
    one = shape(block)
    return _piece(of, one.shared).worded(one.own, one.places, _escaped)


@lru_cache(maxsize=_PIECES)
def _piece(of: Look, block: Block) -> Skeleton:
    """Return one block, drawn and inlined; most are the same in many mails of a day, whatever their topics."""
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
