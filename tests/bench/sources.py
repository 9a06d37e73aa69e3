"""Entries a second of each kind of source, on input of realistic size: ``python -m tests.bench.sources [shared folder]``.

With the folder of real data, the real captures and days are read as well.
"""

from __future__ import annotations

import gzip
import io
import json
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

import feedparser

from monitor import registry
from monitor.types.listings import Answer
from tests.bench.figure import Figure, race
from tests.bench.table import show

_NOW = datetime(2026, 11, 20, 9, tzinfo=UTC)
_ABSTRACT = (
    "We move one lantern along a known path and read depth from its halo; p &lt; 0.05 in all of the forty rooms. " * 13
)


def _feed(count: int) -> bytes:
    items = "".join(
        f"<item><title>Lanterns in the Fog, Part {n}</title><link>https://arxiv.org/abs/2611.{n:05}</link><description>"
        f"arXiv:2611.{n:05}v1 Announce Type: new \nAbstract: {_ABSTRACT}</description><guid>oai:arXiv.org:2611.{n:05}v1</guid>"
        "<pubDate>Fri, 20 Nov 2026 00:00:00 -0500</pubDate><author>Ada Bee, Carl Dee, Eve Eff</author></item>"
        for n in range(count)
    )
    return f"<?xml version='1.0'?><rss version='2.0'><channel><title>t</title>{items}</channel></rss>".encode()


def _capture(count: int) -> bytes:
    return "\n\n".join(f"Lanterns in the Fog, Part {n} of a Long Series\n\n{_ABSTRACT}" for n in range(count)).encode()


def _day(count: int) -> bytes:
    papers = ({"paper": {"id": f"2611.{n:05}", "title": f"Lanterns {n}", "summary": _ABSTRACT}} for n in range(count))
    return json.dumps(list(papers)).encode()


def _read(kind: str, options: dict[str, Any], bodies: list[bytes]) -> int:
    module = registry.load("sources", kind)
    chosen = module.Options(**options)
    return sum(len(module.parse(chosen, Answer("https://x.example/", body, _NOW)).entries) for body in bodies)


def _bare(read: Callable[[bytes], object], bodies: list[bytes]) -> None:
    for body in bodies:
        read(body)


def _parsed(body: bytes) -> object:
    return feedparser.parse(io.BytesIO(body), sanitize_html=False, resolve_relative_uris=False)


CASES: tuple[tuple[str, dict[str, Any], Callable[[], list[bytes]], Callable[[bytes], object], str], ...] = (
    ("arxiv", {"categories": ["cs.CV"]}, lambda: [_feed(1000)], _parsed, "feedparser without cleaning"),
    ("feed", {"url": "https://x.example/"}, lambda: [_feed(1000)], _parsed, "feedparser without cleaning"),
    ("snapshot", {"path": "x"}, lambda: [_capture(1000)], lambda body: body.decode().splitlines(), "to split lines"),
    ("hf_daily", {}, lambda: [_day(100)] * 10, json.loads, "json.loads"),
)


def figures() -> Iterator[Figure]:
    """A thousand entries of each kind that has a parser of its own, beside the library below it."""
    for kind, options, made, bare, name in CASES:
        bodies = made()
        ours, theirs = race(partial(_read, kind, options, bodies), partial(_bare, bare, bodies))
        entries = _read(kind, options, bodies)
        yield Figure(
            f"{kind}, entries parsed", entries / ours.best, "/s", entries / theirs.best, name, noise=ours.noise
        )


def main() -> None:
    """Draw the figures, and with the folder of real data read the real captures and days as well."""
    show(figures())
    for kind, options, pattern in (
        ("snapshot", {"path": "x"}, "seeds/00*.txt"),
        ("hf_daily", {}, "data/hf_api_raw/**/*.gz"),
    ):
        paths = sorted(Path(sys.argv[1]).glob(pattern)) if len(sys.argv) > 1 else []
        bodies = [gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes() for path in paths]
        if bodies:
            (spent,) = race(partial(_read, kind, options, bodies))
            print(f"{kind}, real: {_read(kind, options, bodies)} entries, {spent.best:.2f} s")


if __name__ == "__main__":
    main()
