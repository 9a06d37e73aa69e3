"""Both drawings of a digest, in the same look."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from monitor.render.encoding import shorter
from monitor.render.environment import Look, look
from monitor.render.html import drawn_html
from monitor.render.shape import page_shape
from monitor.render.text import drawn_text
from monitor.types.digests import Digest, Rendered


def render(digest: Digest, templates: Path, looked: Callable[[Path, str], Look] = look) -> Rendered:
    """Return what ``digest`` looks like, as a page and as text; ``looked`` may remember looks for some mails.

    Raises RenderError when a template cannot be used.
    """
    of, around = looked(templates, digest.language), page_shape(digest)
    html, text = drawn_html(digest, of, around), drawn_text(digest, of, around)
    plain, page = (shorter(one.text, one.coded, one.octets) for one in (text, html))
    return Rendered(html.text, text.text, (plain, page))
