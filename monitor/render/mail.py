"""Both drawings of a digest, in the same look."""

from __future__ import annotations

from pathlib import Path

from monitor.render.encoding import shorter
from monitor.render.environment import look
from monitor.render.html import drawn_html
from monitor.render.text import drawn_text
from monitor.types.digests import Digest, Rendered


def render(digest: Digest, templates: Path) -> Rendered:
    """Return what ``digest`` looks like, as a page and as text. Raises RenderError when a template cannot be used."""
    of = look(templates, digest.language)
    html, text = drawn_html(digest, of), drawn_text(digest, of)
    return Rendered(html.text, text.text, (shorter(text.text, text.coded), shorter(html.text, html.coded)))
