"""Broken answers for every kind of source: ``python -m tests.bench.fuzz --inputs 1000000 [--start SEED]``.

Each input is made from its seed alone: a sample answer of one kind, damaged in up to eight places. It must be read, or
refused with a ParseError that says why, within two seconds. Failures are printed with their seed, so that
``--start SEED --inputs 1`` shows one again; a run that was stopped goes on from the seed it last printed.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

from monitor import registry
from monitor.errors import ParseError
from monitor.types.listings import Answer
from tests.bench.figure import Figure
from tests.contract.test_sources import _ANSWERS as ANSWERS
from tests.contract.test_sources import _LEAST as LEAST

_NOW = datetime(2026, 11, 20, 9, tzinfo=UTC)
_ADDRESS = "https://journal.example/rss?date=2026-11-20&limit=2"
_SLOW = 2.0
_ABSTRACT = "We move one lantern along a known path. Depth comes out of its halo, p < 0.05, at forty metres of fog."
_POST = {
    "paper": {
        "id": "2611.01234", "title": "Lanterns in the Fog", "summary": _ABSTRACT, "upvotes": 7, "ai_keywords": ["fog"],
        "authors": [{"name": "Ada Bee", "hidden": False}], "publishedAt": "2026-11-18T17:59:00.000Z",
        "githubRepo": "https://github.com/a/b",
    },
    "numComments": 2,
}  # fmt: skip
_ITEM = (
    "<item><title>Lanterns &amp; Fog</title><link>https://arxiv.org/abs/2611.01234v2</link><guid>oai:arXiv.org:2611.01234v2"
    f"</guid><description><![CDATA[<p>{_ABSTRACT}</p>]]></description><pubDate>Fri, 20 Nov 2026 00:00:00 -0500</pubDate>"
    "<author>a@b.example (Ada Bee)</author><category>cs.CV</category></item>"
)
_MORE: dict[str, list[str]] = {
    "feed": [
        (f"<?xml version='1.0' encoding='utf-8'?><rss version='2.0'><channel><ttl>60</ttl><language>en</language><skipDays>"
        f"<day>Sunday</day></skipDays>{_ITEM * 2}</channel></rss>"),
        ("<feed xmlns='http://www.w3.org/2005/Atom' xml:lang='en'><entry><id>tag:1</id><title type='xhtml'><div>Fog</div>"
        f"</title><link rel='alternate' href='/1'/><summary>{_ABSTRACT}</summary><updated>2026-11-20T00:00:00Z</updated>"
        "</entry></feed>"),
        json.dumps({
            "version": "https://jsonfeed.org/version/1.1", "language": "en",
            "items": [{"id": "1", "url": "/1", "title": "Fog", "content_html": f"<p>{_ABSTRACT}</p>", "authors": [{"name": "A"}]}],
        }),
    ],
    "hf_daily": [json.dumps([_POST, repr(_POST)]), json.dumps({"data": json.dumps([_POST])})],
    "hf_page": [
        ("<html><body><h1>Daily Papers</h1><p>Nov 20</p><a href='/login?next=%2Fpapers%2F2611.01234'>7</a><h3><a "
        f"href='/papers/2611.01234'>Lanterns in the Fog</a></h3><p>{_ABSTRACT}</p></body></html>"),
        "<html><div data-target='DailyPapers' data-props='{&quot;dailyPapers&quot;:[{&quot;title&quot;:&quot;Fog&quot;}]}'>",
        ("new\n\n# Daily Papers\n\nJul 31\n\n[7](https://huggingface.co/login?next=%2Fpapers%2F2611.01234)\n\n### [Lanterns]"
        f"(https://huggingface.co/papers/2611.01234)\n\n{_ABSTRACT}\n\n·\n\nFeb 27, 2025[6](https://huggingface.co/x)\n"),
    ],
    "jsonl": [json.dumps({"id": "2611.01234", "title": "Fog", "authors": "Bee, Ada", "published": "2026-11-18"}) + "\n[]\n"],
    "bibtex": [
        ('@string{f = "Fog"}\n@article{k, title = {Lanterns in {F}og} # f, author = "Bee, Ada and {\\"O}z, C", year = 2026,\n'
        "month = nov, doi = {10.1000/a_b}, url = {\\url{https://x.example/}}}\n"),
    ],
}  # fmt: skip
_PIECES = [
    b"<", b">", b"&", b"]]>", b"<![CDATA[", b"&#x0;", b"&#xD800;", b"\x00", b"\xff\xfe", b"\xf0\x9f\x8f\xae", b"\xe2\x80\xa8", b"\r",
    b"<item>", b"</item>", b"<!--", b"<!DOCTYPE a [<!ENTITY b 'c'>]>", b"encoding='hex'", b"{", b"}", b"[", b"]", b'"', b"\\", b"\\u",
    b"\\ud83c", b"null", b"1e999", b"-1", b"@article{", b" and ", b"#", b",", b"9" * 40, b"Feb 29", b"](", b"\n\n", b"0001-01-01",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Failure:
    """An input that was neither read nor refused as it should be."""

    seed: int
    kind: str
    what: str


def failures(start: int, inputs: int) -> Iterator[Failure]:
    """Try ``inputs`` seeds from ``start`` and give those that fail."""
    kinds = sorted(ANSWERS)
    loaded = {kind: registry.load("sources", kind) for kind in kinds}
    options = {kind: loaded[kind].Options(**LEAST[kind]) for kind in kinds}
    samples = {kind: [ANSWERS[kind], *(text.encode() for text in _MORE.get(kind, ()))] for kind in kinds}
    for seed in range(start, start + inputs):
        chance = random.Random(seed)
        kind = chance.choice(kinds)
        body = _damaged(chance.choice(samples[kind]), chance)
        began = time.perf_counter()
        try:
            listing = loaded[kind].parse(options[kind], Answer(_ADDRESS, body, _NOW))
        except ParseError as error:
            what = "" if error.reason and error.source == "" else "the error says nothing, or names a source"
        except Exception as error:  # noqa: BLE001 - what must never happen, and is looked for here
            what = f"{type(error).__name__}: {error}"
        else:
            what = _wrong(listing)
        seconds = time.perf_counter() - began
        if what or seconds > _SLOW:
            yield Failure(seed, kind, what or f"took {seconds:.1f} s")


def _wrong(listing: object) -> str:
    entries = getattr(listing, "entries", ())
    if not all(entry.title and entry.title == " ".join(entry.title.split()) for entry in entries):
        return "an entry without a title, or with one of several lines"
    if any(
        link and not link.startswith(("http://", "https://"))
        for entry in entries
        for link in (entry.url, entry.code_url)
    ):
        return "a link that is not of the web"
    if not all(entry.published is None or entry.published.tzinfo for entry in entries):
        return "a date without a zone"
    return "" if len(entries) <= getattr(listing, "announced", 0) else "fewer announced than read"


def _damaged(sample: bytes, chance: random.Random) -> bytes:
    body = bytearray(sample * chance.choice([1, 1, 1, 2]))
    for _ in range(chance.randrange(9)):
        place = chance.randrange(len(body) + 1)
        kind = chance.randrange(6)
        if kind == 0 and place < len(body):
            body[place] = chance.randrange(256)
        elif kind == 1:
            del body[place : place + chance.randrange(1, 40)]
        elif kind in {2, 3}:
            body[place:place] = chance.choice(_PIECES) * chance.choice([1, 1, 1, 30])
        elif kind == 4:
            body[place:place] = body[place : place + chance.randrange(1, 80)]
        elif chance.random() < 0.3:
            del body[place:]
    text = bytes(body)
    return text.decode("latin-1").encode("utf-16") if chance.random() < 0.02 else text


def figures() -> Iterator[Figure]:
    """Ten thousand inputs of the same seeds each time."""
    inputs, began = 10_000, time.process_time()
    failed = sum(1 for _ in failures(0, inputs))
    yield Figure(f"failures among {inputs:,} damaged answers", failed, "inputs", asked="<= 0")
    yield Figure("damaged answers read or refused", inputs / (time.process_time() - began), "/s")


def main() -> int:
    """Print each failure, and how far it came every ten thousand inputs; exit status 1 when something failed."""
    asked = argparse.ArgumentParser(description="Broken answers for every kind of source.")
    asked.add_argument("--inputs", type=int, default=20_000)
    asked.add_argument("--start", type=int, default=0)
    chosen = asked.parse_args()
    failed, end = 0, chosen.start + chosen.inputs
    for start in range(chosen.start, end, 10_000):
        for failure in failures(start, min(10_000, end - start)):
            failed += 1
            sys.stdout.write(f"seed {failure.seed} ({failure.kind}): {failure.what}\n")
        sys.stdout.write(f"{min(start + 10_000, end) - chosen.start} inputs tried, {failed} failed\n")
        sys.stdout.flush()
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
