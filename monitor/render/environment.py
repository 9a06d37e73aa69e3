"""What the two drawings share: where templates are found, what they may call, and how their failures are told."""

from __future__ import annotations

import re
import traceback
from collections.abc import Callable
from functools import cache
from pathlib import Path
from urllib.parse import urlsplit

from jinja2 import FileSystemLoader, StrictUndefined, TemplateError, TemplateSyntaxError
from jinja2.sandbox import ImmutableSandboxedEnvironment

from monitor.errors import RenderError
from monitor.render.columns import fill, underline
from monitor.text import clean, one_line
from monitor.types.digests import Bar, Digest
from monitor.words import direction, speak

FAILURES = (TemplateError, ArithmeticError, AttributeError, LookupError, OSError, TypeError, ValueError)
"""What a template that somebody restyled can raise."""

_SCHEMES = frozenset({"http", "https", "mailto"})
_NOT_IN_A_LINK = re.compile(r"[\s\x00-\x1f\x7f-\x9f<>\"\\^`\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff]")
_NOT_IN_AN_ANCHOR = re.compile(r"[^\w-]+")
_UNCLEAN = re.compile(
    r"[\x00-\x08\x0b-\x1f\x7f-\x9f\xad\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ud800-\uf8ff\ufeff\ufff9-\ufffb\ufffe\uffff"
    r"\U000e0000-\U0010ffff]"
    r"|[\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]{4}"
)


class _Sandbox(ImmutableSandboxedEnvironment):
    """Jinja2's sandbox, whose answers depend on the type of an object and on the name alone: each is asked for once."""

    def __init__(self, loader: FileSystemLoader, *, escape: bool) -> None:
        super().__init__(
            loader=loader, autoescape=escape, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
        )
        self._answers: dict[tuple[type, str], bool] = {}

    def is_safe_attribute(self, obj: object, attr: str, value: object) -> bool:
        """Return whether a template may read ``obj.attr``."""
        key = type(obj), attr
        if key not in self._answers:
            self._answers[key] = super().is_safe_attribute(obj, attr, value)
        return self._answers[key]


@cache
def environment(templates: Path, *, escape: bool) -> ImmutableSandboxedEnvironment:
    """Return the sandbox in which the templates under ``templates`` run; edited files are seen at the next mail.

    ``escape`` turns on HTML escapes for everything that is not a template's own text.
    """
    sandbox = _Sandbox(FileSystemLoader(templates), escape=escape)
    filters: dict[str, Callable[..., object]] = {
        "kind": lambda block: type(block).__name__,
        "web": link_target,
        "anchor": anchor,
        "heights": heights,
        "fill": fill,
        "underline": underline,
        "one_line": one_line,
    }
    sandbox.filters.update(filters)
    return sandbox


def draw(digest: Digest, templates: Path, name: str, *, escape: bool, **more: object) -> str:
    """Return the template ``name`` filled with ``digest``.

    Raises RenderError, with file and line, when the template is missing, broken or asks for what a block does not have.
    """
    try:
        drawn = (
            environment(templates, escape=escape)
            .get_template(name)
            .render(digest=digest, words=speak(digest.language), direction=direction(digest.language), **more)
        )
    except FAILURES as problem:
        raise RenderError(
            f"{_place(problem, templates / name)}: {problem}; templates/README.md lists what a template may use"
        ) from problem
    return clean(drawn) if _UNCLEAN.search(drawn) else drawn  # the last gate, for text that no parser has cleaned


def _place(problem: BaseException, template: Path) -> str:
    if isinstance(problem, TemplateSyntaxError):
        return f"{problem.filename or template}:{problem.lineno}"
    frames = [frame for frame in traceback.extract_tb(problem.__traceback__) if frame.filename.endswith(".j2")]
    return f"{frames[-1].filename}:{frames[-1].lineno}" if frames else str(template)


def link_target(url: str | None) -> str:
    """Return ``url`` if a mail may link to it (http, https or mailto, and nothing odd in it), else an empty string."""
    if not url or _NOT_IN_A_LINK.search(url):
        return ""
    try:
        parts = urlsplit(url)
    except ValueError:  # such as http://[
        return ""
    target = parts.path if parts.scheme == "mailto" else parts.netloc
    return url if parts.scheme in _SCHEMES and target else ""


def anchor(name: str) -> str:
    """Return ``name`` as it can stand in ``id`` and after ``#``."""
    return _NOT_IN_AN_ANCHOR.sub("-", name.strip().casefold()).strip("-")


def heights(bars: tuple[Bar, ...], top: int) -> list[int]:
    """Return how high each bar is drawn, in [0, ``top``]: the greatest value is ``top`` and no value above 0 is 0."""
    values = [max(0.0, bar.value) for bar in bars]
    greatest = max(values, default=0.0) or 1.0
    return [max(1, round(value / greatest * top)) if value else 0 for value in values]
