"""Entries a second of each kind of source, on input of realistic size: ``python -m tests.bench.sources [shared folder]``.

With the folder of real data, the real captures and days are read as well.
"""

from __future__ import annotations

import gzip
import json
import sys
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from monitor import registry
from monitor.types.listings import Answer

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


def _measure(name: str, kind: str, options: dict[str, Any], bodies: list[bytes]) -> None:
    module = registry.load("sources", kind)
    chosen = module.Options(**options)
    seconds, entries = float("inf"), 0
    for _ in range(3):
        began = time.perf_counter()
        entries = sum(len(module.parse(chosen, Answer("https://x.example/", body, _NOW)).entries) for body in bodies)
        seconds = min(seconds, time.perf_counter() - began)
    size = sum(map(len, bodies)) / 1e6
    sys.stdout.write(
        f"{name:<22} {entries:>6} entries {size:>6.2f} MB {seconds:>6.2f} s {entries / seconds:>7.0f} entries/s\n"
    )


def main() -> None:
    """Print one line for each kind."""
    _measure("arxiv, full feed", "arxiv", {"categories": ["cs.CV"]}, [_feed(2000)])
    _measure("feed", "feed", {"url": "https://x.example/"}, [_feed(2000)])
    _measure("snapshot", "snapshot", {"path": "x"}, [_capture(2000)])
    _measure("hf_daily", "hf_daily", {}, [_day(100)] * 10)
    if len(sys.argv) > 1:
        shared = Path(sys.argv[1])
        captures = [path.read_bytes() for path in sorted((shared / "seeds").glob("00*.txt"))]
        _measure("snapshot, real", "snapshot", {"path": "x"}, captures)
        days = [gzip.decompress(path.read_bytes()) for path in sorted((shared / "data/hf_api_raw").rglob("*.gz"))]
        _measure("hf_daily, real", "hf_daily", {}, days)


if __name__ == "__main__":
    main()
