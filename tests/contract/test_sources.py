"""What every kind of source promises, over every kind found on disk."""

from __future__ import annotations

import builtins
import json
import random
import socket
from datetime import UTC, date, datetime, timedelta
from types import ModuleType
from typing import Any

import pytest
from pydantic import BaseModel, ValidationError

from monitor import registry
from monitor.errors import ParseError
from monitor.types.listings import Answer, Entry, Listing, Request

_KINDS = registry.kinds("sources")
_NOW = datetime(2026, 11, 20, 9, tzinfo=UTC)
_LEAST: dict[str, dict[str, Any]] = {
    "arxiv": {"categories": ["cs.CV"]},
    "biorxiv": {},
    "crossref": {"issn": ["0028-0836"]},
    "openreview": {"venue": "ICLR.cc/2026/Conference"},
    "bibtex": {"path": "references"},
    "feed": {"url": "https://journal.example/rss"},
    "hf_daily": {},
    "hf_page": {},
    "jsonl": {"path": "papers"},
    "scholar_mail": {"path": "mails"},
    "snapshot": {"path": "captures"},
}
_ABSTRACT = (
    "We move one lantern along a known path. Depth comes out of its halo, at forty metres with an error of a tenth."
)
_RSS = (
    "<rss version='2.0'><channel><title>t</title><item><title>Lanterns in the Fog</title><link>https://a.example/1</link>"
    f"<description>{_ABSTRACT}</description></item></channel></rss>"
)
_POST = {"paper": {"id": "2611.01234", "title": "Lanterns in the Fog", "summary": _ABSTRACT}}
_PREPRINT = {"doi": "10.1101/2026.11.01.123456", "title": "Lanterns in the Fog", "abstract": _ABSTRACT, "version": "1"}
_WORK = {"DOI": "10.1000/fog", "title": ["Lanterns in the Fog"], "abstract": f"<jats:p>{_ABSTRACT}</jats:p>"}
_NOTE = {"id": "f0G", "content": {"title": {"value": "Lanterns in the Fog"}, "abstract": {"value": _ABSTRACT}}}
_ANSWERS: dict[str, bytes] = {
    "biorxiv": json.dumps({"messages": [{"status": "ok"}], "collection": [_PREPRINT]}).encode(),
    "crossref": json.dumps({"message": {"total-results": 1, "items": [_WORK]}}).encode(),
    "openreview": json.dumps({"notes": [_NOTE], "count": 1}).encode(),
    "arxiv": _RSS.encode(),
    "feed": _RSS.encode(),
    "bibtex": f"@article{{fog, title = {{Lanterns in the Fog}}, abstract = {{{_ABSTRACT}}}}}".encode(),
    "hf_daily": json.dumps([_POST]).encode(),
    "hf_page": f"### Lanterns in the Fog\n\n{_ABSTRACT}\n".encode(),
    "jsonl": json.dumps({"title": "Lanterns in the Fog", "abstract": _ABSTRACT}).encode(),
    "scholar_mail": (
        "Content-Type: text/html; charset=utf-8\n\n<h3><a class=gse_alrt_title href='https://a.example/1'>Lanterns in the Fog"
        f"</a></h3><div>A Bee - Fog, 2026</div><div class=gse_alrt_sni>{_ABSTRACT}</div>\n"
    ).encode(),
    "snapshot": f"Lanterns in the Fog\n{_ABSTRACT}\n".encode(),
}


@pytest.fixture(params=_KINDS)
def kind(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def module(kind: str) -> ModuleType:
    return registry.load("sources", kind)


@pytest.fixture
def options(kind: str, module: ModuleType) -> BaseModel:
    loaded: BaseModel = module.Options(**_LEAST[kind])
    return loaded


def _answer(body: bytes) -> Answer:
    return Answer("https://journal.example/rss?date=2026-11-20", body, _NOW)


def _parsed(module: ModuleType, options: BaseModel, body: bytes) -> Listing | None:
    try:
        listing: Listing = module.parse(options, _answer(body))
    except ParseError as error:
        assert error.source == ""  # noqa: PT017  # a listing or a ParseError: both are right
        assert error.reason  # noqa: PT017  # as above
        return None
    return listing


def test_the_four_kinds_are_found() -> None:
    assert set(_KINDS) >= {"arxiv", "feed", "hf_daily", "snapshot"}


def test_every_kind_has_a_one_line_summary_and_an_example(module: ModuleType, kind: str) -> None:
    documentation = (module.__doc__ or "").splitlines()
    assert documentation[0].endswith(".")
    assert documentation[1] == ""
    assert any(line.strip() == f"kind: {kind}" for line in documentation)


def test_every_kind_says_how_often_it_may_be_asked(module: ModuleType) -> None:
    assert isinstance(module.EVERY, timedelta)
    assert timedelta(minutes=1) <= module.EVERY


def test_options_are_frozen_described_and_strict(module: ModuleType, options: BaseModel, kind: str) -> None:
    with pytest.raises(ValidationError, match="extra"):
        module.Options(**_LEAST[kind], misspelt=1)
    with pytest.raises(ValidationError, match="frozen"):
        setattr(options, next(iter(module.Options.model_fields)), "x")
    assert all(field.description or name == "url" for name, field in module.Options.model_fields.items())
    assert module.Options.model_json_schema()["additionalProperties"] is False


def test_requests_are_the_same_for_the_same_day_and_of_an_allowed_scheme(
    module: ModuleType, options: BaseModel
) -> None:
    asked: tuple[Request, ...] = module.requests(options, date(2026, 11, 20))
    assert asked
    assert asked == module.requests(options, date(2026, 11, 20))
    assert all(request.url.startswith(("https://", "http://", "file:")) for request in asked)


def test_a_good_answer_gives_its_paper(module: ModuleType, options: BaseModel, kind: str) -> None:
    listing = module.parse(options, _answer(_ANSWERS[kind]))
    entry: Entry = listing.entries[0]
    assert (entry.title, entry.abstract) == ("Lanterns in the Fog", _ABSTRACT)
    assert (entry.rank, listing.announced) == (1, 1)
    assert entry.where


def test_parsing_twice_gives_equal_listings(module: ModuleType, options: BaseModel, kind: str) -> None:
    assert module.parse(options, _answer(_ANSWERS[kind])) == module.parse(options, _answer(_ANSWERS[kind]))


def test_parsing_opens_no_file_and_no_socket(
    module: ModuleType, options: BaseModel, kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    module.parse(options, _answer(_ANSWERS[kind]))  # libraries and time zones are loaded on first use

    def refused(*_: object, **__: object) -> None:
        raise AssertionError("a source asked for a file or a socket")

    monkeypatch.setattr(builtins, "open", refused)
    monkeypatch.setattr(socket, "socket", refused)
    assert module.parse(options, _answer(_ANSWERS[kind])).entries


@pytest.mark.parametrize("body", [b"", b"\x00" * 500, b"<html><body>log in</body></html>", b"\xff\xfe", b"hello"])
def test_f01_what_is_no_listing_is_a_parse_error(module: ModuleType, options: BaseModel, body: bytes) -> None:
    assert _parsed(module, options, body) is None


@pytest.mark.parametrize("seed", range(3))
def test_mutated_answers_are_read_or_refused(module: ModuleType, options: BaseModel, kind: str, seed: int) -> None:
    chance = random.Random(f"{kind}{seed}")
    for _ in range(100):
        body = bytearray(_ANSWERS[kind] * chance.choice([1, 1, 3]))
        for _ in range(chance.randrange(1, 8)):
            place = chance.randrange(len(body))
            body[place : place + chance.randrange(3)] = chance.randbytes(chance.randrange(4)) or b"<"
        listing = _parsed(module, options, bytes(body))
        if listing:
            assert all(entry.title for entry in listing.entries)
            assert len(listing.entries) <= listing.announced
            assert all(entry.published is None or entry.published.tzinfo is not None for entry in listing.entries)
