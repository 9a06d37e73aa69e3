"""The templates of the pages, and what they may call."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import cache, partial
from pathlib import Path
from urllib.parse import quote, urlencode

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from monitor.digest import phrases
from monitor.digest.evidence import evidence_in
from monitor.digest.phrases import title_of
from monitor.render.gate import link_target
from monitor.text import counted
from monitor.types.papers import Paper
from monitor.web.days import Span
from monitor.words import Words, speak

_CHART = (120, 28)


@cache
def environment(templates: Path, language: str) -> Environment:
    """Return the look of the pages in a language, from ``templates/web``.

    Everything that is not a template's own is escaped. The words are those of ``templates/words``.
    """
    say = speak(language)
    look = Environment(
        loader=FileSystemLoader(templates / "web"), autoescape=True, undefined=StrictUndefined, trim_blocks=True,
        lstrip_blocks=True, auto_reload=False,
    )  # fmt: skip
    look.filters.update(
        web=link_target, day=partial(say.date, "day"), long_day=partial(say.date, "date"), moment=moment, steps=steps,
        number=say.number, listed=say.listed, places=partial(phrases.places, say), rises=partial(rises, say),
        called=partial(called, say), evidence=partial(evidence_in, say), part=lambda text: quote(text, safe=""),
        query=query, title_of=title_of, counted=counted,
    )  # fmt: skip
    versions = {"style": version_of(templates, "style.css"), "script": version_of(templates, "editor.js")}
    look.globals.update(say=say, **versions, pdf=pdf, bars=bars)
    return look


@cache
def part_of_look(templates: Path, name: str) -> bytes:
    """Return a file that pages ask for, such as ``style.css``."""
    return (templates / "web" / name).read_bytes()


def version_of(templates: Path, name: str) -> str:
    """Return what changes with every edit of such a file, so that browsers may keep it for ever."""
    return hashlib.blake2b(part_of_look(templates, name), digest_size=6).hexdigest()


def moment(value: datetime) -> str:
    """Return ``2026-11-20 08:00 UTC``."""
    return f"{value:%Y-%m-%d %H:%M} UTC"


def called(say: Words, span: Span) -> str:
    """Return how the days of a span are called."""
    if span.kind == "week":
        year, week, _ = span.first.isocalendar()
        return say("span-title-week", week=week, year=year)
    return say.date("date" if span.kind == "day" else "month", span.first)


def query(pairs: dict[str, object]) -> str:
    """Return ``a=1&b=2`` of what is not empty."""
    return urlencode({key: value for key, value in pairs.items() if value})


def steps(track: Sequence[tuple[datetime, int]]) -> str:
    """Return the points of a line through counts over time, in a box of 120 by 28, for ``<polyline points>``."""
    width, height = _CHART
    start, end = track[0][0], track[-1][0]
    span, top = (end - start) / timedelta(seconds=1) or 1.0, max(1, *(count for _, count in track))
    points = [
        (2 + (at - start).total_seconds() / span * (width - 4), height - 2 - count / top * (height - 4))
        for at, count in track
    ]
    if len(points) == 1:
        points.append((width - 2.0, points[0][1]))
    return " ".join(f"{x:.1f},{y:.1f}" for x, y in points)


def rises(say: Words, track: Sequence[tuple[datetime, int]]) -> str:
    """Return what a chart of upvotes shows, in words."""
    (first, low), (last, high) = track[0], track[-1]
    days = {"from": say.date("day", first), "to": say.date("day", last)}
    return say("upvotes-rise", low=say.number(low), high=say.number(high), **days)


def bars(series: Sequence[float], height: int = 48) -> list[tuple[float, float, float, float]]:
    """Return a bar for each count as (x, y, width, height), in a box of 10 times their number by ``height``."""
    top = max((*series, 1))
    return [
        (place * 10.0, height - value / top * height, 8.0, value / top * height) for place, value in enumerate(series)
    ]


def pdf(paper: Paper) -> str:
    """Return where the whole text is, or an empty string."""
    if paper.pdf_url:
        return link_target(paper.pdf_url)
    return f"https://arxiv.org/pdf/{paper.key.removeprefix('arxiv:')}" if paper.key.startswith("arxiv:") else ""
