"""Both drawings of a digest, from the same shapes."""

from __future__ import annotations

from pathlib import Path

from monitor.render.encoding import shorter
from monitor.render.html import drawn_html
from monitor.render.shape import shapes_of
from monitor.render.text import drawn_text
from monitor.types.digests import Digest, Rendered


def render(digest: Digest, templates: Path) -> Rendered:
    """Return what ``digest`` looks like, as a page and as text. Raises RenderError when a template cannot be used."""
    shapes = shapes_of(digest)
    html, text = drawn_html(digest, templates, shapes), drawn_text(digest, templates, shapes)
    return Rendered(html.text, text.text, (shorter(text.text, text.coded), shorter(html.text, html.coded)))
