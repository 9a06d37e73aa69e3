"""A digest as one HTML page for a mail: style inlined, nothing loaded from anywhere."""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import Path

from css_inline import CSSInliner, InlineError
from markupsafe import Markup

from monitor.errors import RenderError
from monitor.render.environment import draw
from monitor.types.digests import Digest

_INDENT = re.compile(r"\s*\n\s*")


def render_html(digest: Digest, templates: Path) -> str:
    """Return ``digest`` as a page whose elements carry their style; ``templates`` is the folder that holds ``email/``.

    ``email/style.css`` goes into the elements; ``email/adapt.css``, for dark screens and telephones, stays in the head.
    Raises RenderError when a template or a style sheet cannot be used.
    """
    adapt = Markup(_style_sheet(templates, "adapt.css"))  # noqa: S704 - our own file, not feed text
    drawn = draw(digest, templates, "email/digest.html.j2", escape=True, adapt=adapt)
    try:
        return _inliner(_style_sheet(templates, "style.css")).inline(_INDENT.sub("\n", drawn)) + "\n"
    except (InlineError, ValueError) as problem:
        raise RenderError(f"{templates / 'email' / 'style.css'}: {problem}; correct the style sheet") from problem


def _style_sheet(templates: Path, name: str) -> str:
    try:
        return (templates / "email" / name).read_text(encoding="utf-8")
    except OSError as problem:
        raise RenderError(f"{problem}; put the style sheet back or point to complete templates") from problem


@lru_cache(maxsize=4)
def _inliner(style: str) -> CSSInliner:
    """Return what inlines ``style``; it never loads a remote sheet, which would let a feed name hosts to ask."""
    return CSSInliner(extra_css=style, load_remote_stylesheets=False, resolve_css_variables=True, minify_css=True)
