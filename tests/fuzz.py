"""Input that nobody would write: `python -m tests.fuzz [--seconds N] [--only NAME]`.

Guided by coverage (atheris, which is libFuzzer for Python): an input that reaches something new is kept and damaged
further. What is started from lies in `tests/data/fuzz/NAME`. Each target runs in a process of its own, ends at the first
input that breaks its promise, takes over five seconds or over 2 GB, and prints that input; such an input belongs into
that folder when the program is mended, because each run begins with all that lies there.
"""

from __future__ import annotations

import argparse
import os
import re
import subprocess
import sys
import tempfile
import traceback
from collections.abc import Callable
from datetime import UTC, datetime
from email.headerregistry import Address
from functools import cache
from html.parser import HTMLParser
from pathlib import Path
from typing import NamedTuple

CORPORA = Path(__file__).resolve().parent / "data" / "fuzz"
_TEMPLATES = Path(__file__).resolve().parent.parent / "templates"
_NOW = datetime(2026, 11, 20, 9, tzinfo=UTC)
_ADDRESS = "https://journal.example/rss?date=2026-11-20&limit=2"
_KEYS = ("an older key of a test installation", "the key of a test installation")
_SLOW = 5
_MEGABYTES = 2048


# --- what is promised of any input ---------------------------------------------------------------------------------


def listings(body: bytes) -> None:
    """A listing of the kind that the first line names is read, or refused with a reason."""
    kind, _, rest = body.partition(b"\n")
    _parsed(kind.decode("ascii", "replace"), rest)


def feeds(body: bytes) -> None:
    """A feed is read, or refused with a reason."""
    _parsed("feed", body)


def _parsed(kind: str, body: bytes) -> None:
    from monitor import registry
    from monitor.errors import ParseError
    from monitor.types.listings import Answer
    from tests.contract import test_sources

    options = test_sources._LEAST.get(kind)
    if options is None:
        return
    source = registry.load("sources", kind)
    try:
        listing = source.parse(source.Options(**options), Answer(_ADDRESS, body, _NOW))
    except ParseError as error:
        assert error.reason
        assert error.source == ""
        return
    assert len(listing.entries) <= listing.announced, "fewer announced than read"
    for entry in listing.entries:
        assert entry.title, "no title"
        assert entry.title == " ".join(entry.title.split()), "a title of several lines"
        links = filter(None, (entry.url, entry.code_url, entry.pdf_url))
        assert all(link.startswith(("http://", "https://")) for link in links), "a link that is not of the web"
        assert entry.published is None or entry.published.tzinfo, "a date without a zone"


def profiles(body: bytes) -> None:
    """A profile is taken, or refused with places and words that a terminal can show."""
    from monitor.errors import ConfigError
    from monitor.settings.load import load_profile

    try:
        load_profile(Path("ada.yaml"), body.decode("utf-8", "replace"))
    except ConfigError as error:
        for problem in error.problems:
            assert problem.line >= 1
            assert problem.column >= 1
            assert problem.message
            assert str(problem).replace("\n", "").isprintable(), "a message that a terminal would act on"


def queries(body: bytes) -> None:
    """A query is read and answered, or refused with a column of its own."""
    from monitor.matchers.query import QueryError, evidence, excluded_by, holds, parse_query
    from monitor.testing import paper

    text = body.decode("utf-8", "replace")
    try:
        query = parse_query(text)
    except QueryError as error:
        assert 1 <= error.column <= len(text) + 1
        return
    one = paper(title="Lanterns in the fog: diffusion models", abstract="Depth comes out of the halo of a lantern.")
    excluded = excluded_by(query, one)
    assert not (holds(query, one) and excluded), "a paper that is wanted and excluded"
    assert evidence(query, one) is not None


def tokens(body: bytes) -> None:
    """No token is read that we did not make, in the very letters that we made it of."""
    from monitor.links import PATHS, Links

    links, text = Links("https://papers.example", _KEYS), body.decode("utf-8", "replace")
    for purpose in PATHS:
        numbers = links.read(purpose, text)
        if numbers is not None:
            older = Links("", _KEYS[:1])
            assert text in {links.token(purpose, *numbers), older.token(purpose, *numbers)}, "a forged token"


def addresses(body: bytes) -> None:
    """An address that is taken is one address, and a header and an envelope can hold it as it is."""
    from monitor.settings.addresses import check_address

    text = body.decode("utf-8", "replace")
    try:
        check_address(text)
    except ValueError as error:
        assert str(error)
        return
    assert text.isascii()
    assert text.isprintable()
    assert not set(text) & set(' <>,;:()[]\\"'), "a letter that ends an address in a header"
    assert str(Address(addr_spec=text)) == text


def texts(body: bytes) -> None:
    """Text of feeds, LaTeX and all, is cleaned once and for all, and comes out as one line where one is wanted."""
    from monitor.text import clean, fingerprint, fold, latex_to_text, one_line, sentences, shorten

    text = clean(body.decode("utf-8", "replace"))
    assert clean(text) == text, "what is clean is not clean"
    plain = latex_to_text(text)
    assert len(plain) <= 4 * len(text) + 100, "text grows out of bounds"
    assert "\n" not in one_line(text)
    assert len(shorten(text, 40)) <= 40
    assert fold(text).split() == fold(text).split(" ") or not fold(text)
    assert all(sentences(text))
    assert fingerprint(text, text)


def templates(body: bytes) -> None:
    """Whatever a feed says, wherever a mail says it: the mail has the elements that it has for plain words."""
    from monitor.render.html import render_html
    from monitor.render.text import render_text
    from monitor.text import clean
    from tests.unit.render.test_hostile_text import all_over

    said = clean(body.decode("utf-8", "replace"))
    digest = all_over(said)
    assert _elements(render_html(digest, _TEMPLATES)) <= _plain_elements(), "a feed's text became markup"
    assert "\x1b" not in render_text(digest, _TEMPLATES)


@cache
def _plain_elements() -> frozenset[tuple[str, str]]:
    from monitor.render.html import render_html
    from tests.unit.render.test_hostile_text import all_over

    return _elements(render_html(all_over("lamp"), _TEMPLATES)) | _elements(
        render_html(all_over("lamps shine. " * 30), _TEMPLATES)
    )


def _elements(page: str) -> frozenset[tuple[str, str]]:
    found: set[tuple[str, str]] = set()

    class Reader(HTMLParser):
        def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
            found.update((tag, name) for name, _ in [("", ""), *attrs])

    Reader().feed(page)
    return frozenset(found)


TARGETS: dict[str, Callable[[bytes], None]] = {
    one.__name__: one for one in (listings, feeds, profiles, queries, tokens, addresses, texts, templates)
}


# --- running -------------------------------------------------------------------------------------------------------


def _run_one(name: str, folder: str, seconds: str, seed: str) -> None:
    """Fuzz in this process, which libFuzzer ends; leave what broke it in the folder."""
    import atheris

    def watched(body: bytes) -> None:
        try:
            TARGETS[name](body)
        except BaseException:  # noqa: BLE001 - whatever it is, nothing of the kind may happen
            Path(folder, "broke").write_bytes(body)
            traceback.print_exc()
            os._exit(1)

    with atheris.instrument_imports(include=["monitor", "feedparser"]):
        for one in sorted((CORPORA / name).iterdir()):
            watched(one.read_bytes())  # also loads what is loaded late
    limits = [
        f"-max_total_time={seconds}",
        f"-seed={seed}",
        f"-timeout={_SLOW}",
        f"-rss_limit_mb={_MEGABYTES}",
        "-max_len=8192",
    ]
    places = [f"-artifact_prefix={folder}/broke-", f"{folder}/found", str(CORPORA / name)]
    atheris.Setup([sys.argv[0], "-print_final_stats=1", *limits, *places], watched)
    atheris.Fuzz()


class Fuzzed(NamedTuple):
    """How many inputs were tried, how many places of the program they reached, and which broke it and how, if any."""

    inputs: int
    reached: int
    broke: str


def fuzz(name: str, seconds: int, seed: int = 0) -> Fuzzed:
    """Fuzz one target, by a ``seed`` other than 0 the same way each time."""
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "found").mkdir()
        command = [sys.executable, "-m", "tests.fuzz", "--alone", name, folder, str(seconds), str(seed)]
        ended = subprocess.run(command, capture_output=True, text=True, errors="replace", check=False)
        tried = re.findall(r"^#(\d+)|executed_units: (\d+)", ended.stderr, re.MULTILINE)
        count = max((int(one or other) for one, other in tried), default=0)
        reached = max(map(int, re.findall(r"cov: (\d+)", ended.stderr)), default=0)
        kept = "".join(f"{path.read_bytes()!r}\n" for path in Path(folder).glob("broke*"))
        if not kept and not ended.returncode:
            return Fuzzed(count, reached, "")
        said = ended.stderr[ended.stderr.find("Traceback") :] if "Traceback" in ended.stderr else ended.stderr[-2000:]
        return Fuzzed(count, reached, f"{kept}{said}(exit status {ended.returncode})")


def main() -> int:
    """Fuzz all targets one after the other, or one; exit status 1 when an input broke a promise."""
    if sys.argv[1:2] == ["--alone"]:
        _run_one(*sys.argv[2:])
        return 0
    asked = argparse.ArgumentParser(description=main.__doc__)
    asked.add_argument("--seconds", type=int, default=60)
    asked.add_argument("--only", choices=list(TARGETS))
    chosen = asked.parse_args()
    broken = 0
    for name in [chosen.only] if chosen.only else TARGETS:
        found = fuzz(name, chosen.seconds)
        said = f"{name}: {found.inputs} inputs in {chosen.seconds} s reached {found.reached} places of the program"
        print(f"{said}{', and one broke it:' if found.broke else ''}", flush=True)
        if found.broke:
            broken += 1
            print(found.broke)
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main())
