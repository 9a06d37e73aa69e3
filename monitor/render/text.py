"""A digest as plain text of 72 columns: every title and link of the page, in the same order."""

from __future__ import annotations

import re
from pathlib import Path

from monitor.render.environment import draw
from monitor.types.digests import Digest

_TRAILING = re.compile(r"[ \t]+$", re.MULTILINE)
_GAPS = re.compile(r"\n{3,}")


def render_text(digest: Digest, templates: Path) -> str:
    """Return ``digest`` as text that ends with one new line; ``templates`` is the folder that holds ``text/``.

    Raises RenderError when a template cannot be used.
    """
    drawn = draw(digest, templates, "text/digest.txt.j2", escape=False)
    return _GAPS.sub("\n\n", _TRAILING.sub("", drawn)).strip() + "\n"
