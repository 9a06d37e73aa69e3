"""How much memory one answer takes, however bad it is: ``python -m tests.bench.memory [case]...``.

Each case is taken in a process of its own, all the way from its bytes to committed papers, after a small answer of the
same kind: printed is by how much its peak grew (resident megabytes, the answer itself not counted), how long it took,
and what came of it.
"""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from monitor import registry
from monitor.errors import ParseError
from monitor.ingest.arrival import Reading
from monitor.jobs.take import Taken, Taking, take
from monitor.settings.values import SourceSettings
from monitor.types.listings import Answer, Request
from tests.bench.figure import Figure
from tests.bench.ingest import fresh

LIMIT_MB = 64
"""How much one answer of up to ten megabytes may take."""

_NOW = datetime(2026, 11, 20, 9, tzinfo=UTC)
_SIZE = 10_000_000
_TEXT = "We move one lantern along a known path and read depth from its halo. "
_OPTIONS: dict[str, dict[str, Any]] = {
    "bibtex": {"path": "x"}, "feed": {"url": "https://x.example/"}, "hf_daily": {}, "hf_page": {}, "jsonl": {"path": "x"},
    "scholar_mail": {"path": "x"}, "snapshot": {"path": "x"},
}  # fmt: skip
_SMALL = {
    "bibtex": b"@article{k, title = {T}}",
    "feed": b"<rss version='2.0'><channel><item><title>T</title></item></channel></rss>",
    "hf_daily": b'[{"paper": {"title": "T"}}]',
    "hf_page": b"### A Title of Six Words\n\n" + _TEXT.encode() * 3,
    "jsonl": b'{"title": "T"}',
    "scholar_mail": b"Content-Type: text/html\n\n<a class=gse_alrt_title>T</a>",
    "snapshot": b"A Title of Six Words\n\n" + _TEXT.encode() * 3,
}


def _filled(start: str, piece: str, end: str = "") -> bytes:
    """Return ``start``, as many pieces as ten megabytes hold, and ``end``; ``%d`` in a piece becomes its number."""
    first = start.encode()
    if "%d" in piece:
        count = (_SIZE - len(first)) // (len(piece.encode()) + 4)
        return first + "".join(piece.replace("%d", f"{n:06}") for n in range(count)).encode() + end.encode()
    return first + piece.encode() * ((_SIZE - len(first)) // len(piece.encode())) + end.encode()


_RSS, _END = "<rss version='2.0'><channel><title>t</title>", "</channel></rss>"
_ITEM = f"<item><title>Lantern %d</title><guid>g%d</guid><description>{_TEXT * 13}</description></item>"
_ENTRY = f"<entry><id>u:%d</id><title>Lantern %d</title><summary>{_TEXT * 13}</summary></entry>"
_PAPER = {"id": "2611.00001", "title": "Lantern", "summary": _TEXT * 20, "authors": [{"name": "Ada Bee"}] * 8}
_PRINTED = json.dumps(repr({"paper": _PAPER})).replace("2611.00001", "2611.%d")
_DATA = '<html><div data-target="DailyPapers" data-props="'

CASES: dict[str, tuple[str, Callable[[], bytes]]] = {
    "rss, 10,000 items": ("feed", lambda: _filled(_RSS, _ITEM, _END)),
    "rss, with emoji": ("feed", lambda: _filled(_RSS, _ITEM.replace("one", "\U0001f3ee"), _END)),
    "rss, in utf-16": ("feed", lambda: _filled(_RSS, _ITEM, _END)[: _SIZE // 2].decode().encode("utf-16")),
    "rss, cut off": ("feed", lambda: _filled(_RSS, _ITEM)),
    "rss, tiny items": ("feed", lambda: _filled(_RSS, "<item/>", _END)),
    "rss, one item": ("feed", lambda: _filled(f"{_RSS}<item><title>T</title><description>", _TEXT, f"</description></item>{_END}")),
    "rss, items of 2 MB": ("feed", lambda: _filled(_RSS, f"<item><title>T</title><description>{_TEXT * 28_000}</description></item>", _END)),
    "rss, all in its head": ("feed", lambda: _filled(f"{_RSS}<description>", _TEXT, f"</description><item/>{_END}")),
    "rss, unclosed cdata": ("feed", lambda: _filled(f"{_RSS}<item><title><![CDATA[", _TEXT)),
    "rss, nested": ("feed", lambda: _filled(f"{_RSS}<item>", "<b>")),
    "rss, attributes": ("feed", lambda: _filled(f"{_RSS}<item ", "a%d='' ", f"></item>{_END}")),
    "rss, tags in items": ("feed", lambda: _filled(_RSS, f"<item><title>T</title>{'<x>y</x>' * 400}</item>", _END)),
    "rss, references": ("feed", lambda: _filled(f"{_RSS}<item><title>", "&#x1f3ee;", f"</title></item>{_END}")),
    "rss, growing entity": (
        "feed",
        lambda: _filled(f'<!DOCTYPE a [<!ENTITY a "{_TEXT * 100}">]>{_RSS}', f"<item><title>{'&a;' * 500}</title></item>", _END),
    ),
    "atom, 10,000 entries": ("feed", lambda: _filled('<feed xmlns="http://www.w3.org/2005/Atom">', _ENTRY, "</feed>")),
    "only <": ("feed", lambda: _filled("", "<")),
    "rss and then <": ("feed", lambda: _filled(f"{_RSS}<item>", "<")),
    "json feed": (
        "feed",
        lambda: _filled(
            '{"version": "https://jsonfeed.org/version/1.1", "items": [{}',
            f',{{"id": "%d", "title": "Lantern", "content_text": "{_TEXT * 13}"}}', "]}",
        ),
    ),
    "json feed, nested": ("feed", lambda: _filled("{", '"a":[')),
    "hf_daily, printed": ("hf_daily", lambda: _filled("[1", f",{_PRINTED}", "]")),
    "hf_daily, printed sums": ("hf_daily", lambda: _filled("[1", f',"{"1+" * 49_000}1"', "]")),
    "hf_daily, printed lists": ("hf_daily", lambda: _filled("[1", f',"[{"[]," * 33_000}1]"', "]")),
    "hf_daily, nested": ("hf_daily", lambda: _filled("", "[")),
    "hf_daily, empty lists": ("hf_daily", lambda: _filled("[1", ",[]", "]")),
    "hf_daily, one emoji": ("hf_daily", lambda: _filled('[{"paper": {"title": "\U0001f3ee', _TEXT, '"}}]')),
    "hf_page, lists": ("hf_page", lambda: _filled(_DATA, "[],", '"></div>')),
    "hf_page, quotes": ("hf_page", lambda: _filled(_DATA, "&quot;a&quot;:1,", '"></div>')),
    "hf_page, empty blocks": ("hf_page", lambda: _filled("<html>", "<p>x")),
    "hf_page, text": ("hf_page", lambda: _filled("<html>", f"<h3>Lantern %d</h3><p>{_TEXT * 13}</p>")),
    "jsonl": ("jsonl", lambda: _filled("", json.dumps(_PAPER).replace("2611.00001", "2611.%d") + "\n")),
    "jsonl, lists": ("jsonl", lambda: _filled("", f'{{"title": "T", "a": [{"[]," * 330_000}1]}}\n')),
    "jsonl, blank lines": ("jsonl", lambda: _filled('{"title": "T"}', "\n")),
    "bibtex": ("bibtex", lambda: _filled("", f"@article{{k%d,\n title = {{Lantern %d}},\n abstract = {{{_TEXT * 13}}}\n}}\n")),
    "bibtex, unclosed": ("bibtex", lambda: _filled("", "@article{k%d, title={x\n")),
    "bibtex, open braces": ("bibtex", lambda: _filled("@article{k, title=", "{")),
    "scholar_mail": ("scholar_mail", lambda: _filled("Content-Type: text/html\n\n", "<a class=gse_alrt_title>T</a>\n")[:390_000]),
    "scholar_mail, headers": ("scholar_mail", lambda: _filled("", "a: b\n")[:390_000]),
    "scholar_mail, parts": ("scholar_mail", lambda: _filled("Content-Type: multipart/mixed; boundary=b\n\n", "--b\n\n")[:390_000]),
    "snapshot": ("snapshot", lambda: _filled("", f"Lanterns in the Fog, Part %d\n\n{_TEXT * 13}\n\n")),
    "snapshot, 4 MB": ("snapshot", lambda: _filled("", f"Lanterns in the Fog, Part %d\n\n{_TEXT * 13}\n\n")[:3_990_000]),
    "snapshot, emoji": ("snapshot", lambda: _filled("\U0001f3ee ", f"Lantern %d in the Fog\n\n{_TEXT * 13}\n\n")[:3_990_000]),
    "snapshot, one line": ("snapshot", lambda: _filled("", _TEXT)),
    "snapshot, 4 MB a line": ("snapshot", lambda: _filled("", _TEXT)[:3_990_000]),
    "snapshot, short lines": ("snapshot", lambda: _filled("", "A Lantern in Fog: %d\n\n")[: 39_000 * 22]),
    "snapshot, blank lines": ("snapshot", lambda: _filled("T", "\n")),
}  # fmt: skip


def growth(case: str) -> dict[str, Any]:
    """Return ``mb``, ``seconds`` and ``outcome`` of reading one case in a process of its own."""
    kind, body = CASES[case]
    with tempfile.NamedTemporaryFile() as file:
        file.write(body())
        file.flush()
        command = [sys.executable, "-m", "tests.bench.memory", "--read", kind, file.name]
        done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=300)
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def _read(kind: str, path: str) -> None:
    module = registry.load("sources", kind)
    source = SourceSettings("journal", kind, timedelta(hours=1), module.Options(**_OPTIONS[kind]))
    address = "https://x.example/api?date=2026-11-20&limit=100"

    def taken(body: bytes) -> Taken:
        taking = Taking(Request(address), Answer(address, body, _NOW), hashlib.sha256(body).hexdigest(), Reading())
        return take(app, source, taking)

    with tempfile.TemporaryDirectory() as folder:
        app = fresh(source, b"", Path(folder))
        taken(_SMALL[kind])
        body = Path(path).read_bytes()
        before, began = _peak(), time.perf_counter()
        try:
            listing = taken(body).listing
            outcome = f"{len(listing.entries)} of {listing.announced} read"
        except ParseError as error:
            outcome = error.reason[:60]
    seconds = time.perf_counter() - began
    sys.stdout.write(json.dumps({"mb": _peak() - before, "seconds": seconds, "outcome": outcome}))


def _peak() -> float:
    """Return the peak of this process in megabytes; ``ru_maxrss`` would begin with that of the process before."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return int(status.split("VmHWM:")[1].split()[0]) / 1024


def figures() -> Iterator[Figure]:
    """The dearest answers of each kind of source; ``main`` has all of them."""
    for case in ("rss, 10,000 items", "hf_daily, printed", "bibtex", "snapshot, 4 MB"):
        yield Figure(f"{case}, 10 MB" if "MB" not in case else case, growth(case)["mb"], "MB", asked=f"<= {LIMIT_MB}")


def main() -> None:
    """Print a line for each case."""
    if sys.argv[1:2] == ["--read"]:
        _read(*sys.argv[2:4])
        return
    for case in sys.argv[1:] or CASES:
        found = growth(case)
        mark = "" if found["mb"] <= LIMIT_MB else "  TOO MUCH"
        sys.stdout.write(f"{case:<25} {found['mb']:>6.1f} MB {found['seconds']:>6.2f} s  {found['outcome']}{mark}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
