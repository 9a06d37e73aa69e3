"""What a digest looks like: by the operator's own templates, and by ours when those fail."""

from __future__ import annotations

import logging
from collections.abc import Callable
from pathlib import Path

from monitor import resources
from monitor.app import App
from monitor.errors import RenderError
from monitor.render.environment import Look, look
from monitor.render.mail import render
from monitor.types.digests import Digest, Rendered

log = logging.getLogger(__name__)


def draw(app: App, digest: Digest, looked: Callable[[Path, str], Look] = look) -> tuple[Rendered, str]:
    """Return the drawings, and what is wrong with the operator's templates: they were not used then.

    ``looked`` gives a look of templates; one for many mails may remember it.
    """
    built_in = resources.folder("templates")
    try:
        return render(digest, app.settings.templates or built_in, looked), ""
    except RenderError as problem:
        if app.settings.templates is None:
            raise
        log.warning("the look of %s was not used: %s", app.settings.templates, problem)
        return render(digest, built_in, looked), str(problem)
