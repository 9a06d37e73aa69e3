"""What the two drawings share: where templates are found, what they may call, and how their failures are told."""

from __future__ import annotations

import os
import re
import traceback
from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from jinja2 import FileSystemLoader, StrictUndefined, Template, TemplateError, TemplateNotFound, TemplateSyntaxError
from jinja2.sandbox import ImmutableSandboxedEnvironment

from monitor import resources
from monitor.errors import RenderError
from monitor.render.columns import fill, underline
from monitor.render.gate import cleaned, link_target
from monitor.render.limits import LARGEST, TemplateOverrunError, limited
from monitor.render.skeleton import Skeleton, later, skeleton
from monitor.text import one_line
from monitor.types.digests import Bar
from monitor.words import Words, direction, speak

FAILURES = (TemplateError, ArithmeticError, AttributeError, LookupError, MemoryError, OSError, TypeError, ValueError)
"""What a template that somebody restyled can raise."""

_NOT_IN_AN_ANCHOR = re.compile(r"[^\w-]+")
_LATER: dict[str, Callable[..., str]] = {"fill": fill, "underline": underline, "one_line": one_line}


@dataclass(frozen=True, slots=True, eq=False)
class Look:
    """A folder of templates as it stood at some moment, and the words they are filled with.

    Equal to itself alone: after an edit there is another, and drawings of the older one are not used again.
    """

    templates: Path
    words: Words
    language: str


def look(templates: Path, language: str) -> Look:
    """Return the look of ``templates`` in ``language``. Raises RenderError when the folder cannot be read."""
    try:
        files = [entry for part in ("email", "text") for entry in os.scandir(templates / part)]
        stamp = tuple(sorted((entry.path, entry.stat().st_mtime_ns) for entry in files))
    except OSError as problem:
        raise RenderError(f"{problem}; put the templates back or point to complete ones") from problem
    return _look(templates, stamp, language)


@lru_cache(maxsize=32)
def _look(templates: Path, _stamp: tuple[tuple[str, int], ...], language: str) -> Look:
    return Look(templates, speak(language), language)


class _Sandbox(ImmutableSandboxedEnvironment):
    """Jinja2's sandbox, without operators that make much out of little."""

    intercepted_binops = frozenset({"*", "**", "%"})

    def call_binop(self, context: Any, operator: str, left: Any, right: Any) -> Any:
        """Return what an operator makes of two numbers; of text it makes nothing."""
        if not isinstance(left, int | float) or not isinstance(right, int | float) or operator == "**":
            raise TemplateOverrunError(f"a template may not use {operator} on {type(left).__name__}")
        return super().call_binop(context, operator, left, right)


@lru_cache(maxsize=8)
def _environment(templates: Path, *, escape: bool) -> ImmutableSandboxedEnvironment:
    """Return the sandbox in which templates run; ``escape`` is for everything that is not a template's own text."""
    sandbox = _Sandbox(
        loader=FileSystemLoader(templates), autoescape=escape, undefined=StrictUndefined, trim_blocks=True,
        lstrip_blocks=True,
    )  # fmt: skip
    filters: dict[str, Callable[..., object]] = {"web": link_target, "anchor": anchor, "heights": heights}
    sandbox.filters.update({**filters, **{name: later(name, function) for name, function in _LATER.items()}})
    return sandbox


def draw_block(of: Look, name: str, block: object, *, escape: bool) -> str:
    """Return ``block`` as the macro of its kind in the template ``name`` draws it. Raises as ``draw`` does."""
    kind = type(block).__name__

    def run() -> str:
        macro = getattr(_macros(of, name, escape=escape), kind, None)
        if macro is None:
            raise TemplateNotFound(f"{kind}: a macro of this name is missing")
        return str(macro(block))

    return _guarded(of, name, run)


def draw(of: Look, name: str, *, escape: bool, **facts: object) -> str:
    """Return the template ``name`` filled with ``facts``.

    Raises RenderError, with file and line, when the template is missing, broken, does not end, or asks for what is not
    there.
    """
    return _guarded(of, name, lambda: _template(of, name, escape=escape).render(**_common(of), **facts))


def _template(of: Look, name: str, *, escape: bool) -> Template:
    return _environment(of.templates, escape=escape).get_template(name)


@lru_cache(maxsize=16)
def _macros(of: Look, name: str, *, escape: bool) -> Any:
    return _template(of, name, escape=escape).make_module(_common(of))


def _common(of: Look) -> dict[str, Any]:
    return {"words": of.words, "language": of.language, "direction": direction(of.language)}


def _guarded(of: Look, name: str, run: Callable[[], str]) -> str:
    """Return what ``run`` draws, cleaned; only looks that we did not make ourselves are watched for loops."""
    own = of.templates == resources.folder("templates")
    try:
        with nullcontext() if own else limited():
            drawn = str(run())
        if len(drawn) > LARGEST:
            raise TemplateOverrunError(f"it made {len(drawn):,} characters, over {LARGEST:,}")
    except FAILURES as problem:
        raise RenderError(
            f"{_place(problem, of.templates / name)}: {problem}; templates/README.md lists what a template may use"
        ) from problem
    return cleaned(drawn)


def taken_apart(drawn: str) -> Skeleton:
    """Return a drawing as fixed parts and gaps."""
    return skeleton(drawn, _LATER)


def _place(problem: BaseException, template: Path) -> str:
    if isinstance(problem, TemplateSyntaxError):
        return f"{problem.filename or template}:{problem.lineno}"
    frames = [frame for frame in traceback.extract_tb(problem.__traceback__) if frame.filename.endswith(".j2")]
    return f"{frames[-1].filename}:{frames[-1].lineno}" if frames else str(template)


def anchor(name: str) -> str:
    """Return ``name`` as it can stand in ``id`` and after ``#``."""
    return _NOT_IN_AN_ANCHOR.sub("-", name.strip().casefold()).strip("-")


def heights(bars: tuple[Bar, ...], top: int) -> list[int]:
    """Return how high each bar is drawn, in [0, ``top``]: the greatest value is ``top`` and no value above 0 is 0."""
    values = [max(0.0, bar.value) for bar in bars]
    greatest = max(values, default=0.0) or 1.0
    return [max(1, round(value / greatest * top)) if value else 0 for value in values]
