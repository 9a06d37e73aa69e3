"""Papers in files, one a line."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from monitor.errors import ParseError
from monitor.sources import jsonl
from monitor.types.listings import Answer, Entry, Listing

_NOW = datetime(2026, 11, 21, 9, tzinfo=UTC)
_OPTIONS = jsonl.Options(path=Path("papers"))


def _read(body: str | bytes, name: str = "a.jsonl") -> Listing:
    raw = body.encode() if isinstance(body, str) else body
    return jsonl.parse(_OPTIONS, Answer(f"file:{name}", raw, _NOW))


def _one(**keys: Any) -> Entry:
    return _read(json.dumps({"title": "Lanterns", **keys})).entries[0]


def test_only_files_of_the_kind_are_asked_for() -> None:
    (request,) = jsonl.requests(_OPTIONS, date(2026, 11, 21))
    assert (request.url, request.endings) == ("file:papers", (".jsonl", ".ndjson"))


def test_a_paper_is_read_with_all_its_keys() -> None:
    entry = _one(
        id="2611.01234v2", abstract="We move\none lantern.", authors=["Ada Bee", {"name": "Carl Dee"}, 7],
        categories=["cs.CV", "cs.LG"], published="2026-11-18", url="https://x.example/1", doi="10.1000/ABC",
        pdf_url="https://x.example/1.pdf", code_url="https://github.com/a/b", upvotes=3, comments=1, stars=9,
        language="en", one_liner="Lanterns measure.",
    )  # fmt: skip
    assert (entry.title, entry.abstract, entry.authors) == ("Lanterns", "We move one lantern.", ("Ada Bee", "Carl Dee"))
    assert entry.ids == ("arxiv:2611.01234v2", "doi:10.1000/abc")
    assert (entry.categories, entry.language, entry.one_liner) == (("cs.CV", "cs.LG"), "en", "Lanterns measure.")
    assert (entry.published, entry.published_precision) == (datetime(2026, 11, 18, tzinfo=UTC), "day")
    assert (entry.url, entry.pdf_url) == ("https://x.example/1", "https://x.example/1.pdf")
    assert (entry.code_url, entry.upvotes, entry.comments, entry.stars) == ("https://github.com/a/b", 3, 1, 9)
    assert (entry.where, entry.rank) == ("line 1", 1)


@pytest.mark.parametrize(
    ("printed", "ids", "url"),
    [
        ("arXiv:2611.01234", ("arxiv:2611.01234",), "https://arxiv.org/abs/2611.01234"),
        ("https://arxiv.org/abs/2611.01234v1", ("arxiv:2611.01234v1",), "https://arxiv.org/abs/2611.01234v1"),
        ("10.1000/ABC", ("doi:10.1000/abc",), "https://doi.org/10.1000/abc"),
        ("https://doi.org/10.1000/abc", ("doi:10.1000/abc",), "https://doi.org/10.1000/abc"),
        ("https://x.example/1", ("guid:https://x.example/1",), "https://x.example/1"),
        ("mine-7", ("guid:mine-7",), None),
        (7, ("guid:7",), None),
        (None, (), None),
    ],
)
def test_an_id_may_be_of_any_kind(printed: object, ids: tuple[str, ...], url: str | None) -> None:
    entry = _one(id=printed)
    assert (entry.ids, entry.url) == (ids, url)


def test_other_spellings_are_read_too() -> None:
    entry = _one(
        summary="Of the summary.", authors="Bee, Ada; Dee, Carl", categories="cs.CV cs.LG", arxiv_id="2611.01234"
    )
    assert (entry.abstract, entry.authors) == ("Of the summary.", ("Ada Bee", "Carl Dee"))
    assert (entry.categories, entry.ids) == (("cs.CV", "cs.LG"), ("arxiv:2611.01234",))


@pytest.mark.parametrize(
    ("name", "batch"),
    [
        ("2026-11-20.jsonl", date(2026, 11, 20)),
        ("days/hf_2026-11-20_full.jsonl", date(2026, 11, 20)),
        ("2026-13-20.jsonl", None),
        ("papers.jsonl", None),
    ],
)
def test_a_date_in_the_files_name_is_the_batch(name: str, batch: date | None) -> None:
    assert _read('{"title": "T"}', name).batch == batch


def test_a_broken_line_is_told_of_and_the_others_stand() -> None:
    listing = _read('\ufeff{"title": "One"}\r\n\n{"title": \n[1]\n{"abstract": "x"}\n"x"\n{"title": "Two"}')
    assert [entry.title for entry in listing.entries] == ["One", "Two"]
    assert listing.announced == 6
    assert [oddity.where for oddity in listing.oddities] == ["line 3", "line 4", "line 5", "line 6"]


def test_more_lines_than_are_read_are_counted() -> None:
    listing = _read('{"title":"T"}\n' * 10_005)
    assert (len(listing.entries), listing.announced) == (10_000, 10_005)


def test_what_would_not_fit_in_memory_is_left_out() -> None:
    lists = b'{"title": "Two", "a": [' + b"[]," * 300_000 + b"1]}"
    long = b'{"title": "' + b"x" * 1_100_000 + b'"}'
    listing = _read(b'{"title": "One"}\n' + lists + b"\n" + long)
    assert [entry.title for entry in listing.entries] == ["One"]
    assert len(listing.oddities) == 2


def test_markup_links_and_figures_that_are_wrong_are_left_out() -> None:
    entry = _one(title="A <b>Title</b>", url="javascript:alert(1)", upvotes=True, authors={"a": 1}, published="soon")
    assert (entry.title, entry.url, entry.upvotes, entry.authors, entry.published) == ("A Title", None, None, (), None)


@pytest.mark.parametrize("body", ["", "\n\n", "[1, 2]", "not json", "\x00\x00", '{"a": 1}', "[" * 100_000])
def test_a_file_without_any_paper_is_refused(body: str) -> None:
    with pytest.raises(ParseError):
        _read(body)


@pytest.mark.parametrize(
    ("printed", "read"),
    [
        ('["Fog University", {"name": "A Lab"}, "Fog University", 7]', ("Fog University", "A Lab")),
        ('"Fog University, Lantern Street"', ("Fog University, Lantern Street",)),
        ("null", ()),
    ],
)
def test_institutions_are_a_list_or_one_name(printed: str, read: tuple[str, ...]) -> None:
    (entry,) = _read(f'{{"title": "Fog", "institutions": {printed}}}').entries
    assert entry.institutions == read
