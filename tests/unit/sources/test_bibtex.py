"""Papers in BibTeX files."""

from __future__ import annotations

import time
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from monitor.errors import ParseError
from monitor.sources import bibtex
from monitor.types.listings import Answer, Entry, Listing

_NOW = datetime(2026, 11, 21, 9, tzinfo=UTC)
_OPTIONS = bibtex.Options(path=Path("references"))


def _read(body: str | bytes, name: str = "a.bib") -> Listing:
    raw = body.encode() if isinstance(body, str) else body
    return bibtex.parse(_OPTIONS, Answer(f"file:{name}", raw, _NOW))


def _one(fields: str) -> Entry:
    return _read(f"@article{{key, title = {{Lanterns}}, {fields}}}\n").entries[0]


def test_only_files_of_the_kind_are_asked_for() -> None:
    (request,) = bibtex.requests(_OPTIONS, date(2026, 11, 21))
    assert (request.url, request.endings) == ("file:references", (".bib", ".bibtex"))


def test_a_record_is_read_with_all_its_fields() -> None:
    listing = _read(
        "Exported on a Friday, with comments between the records.\n\n"
        "@Article{bee2026,\n"
        '  author    = "Bee, Ada and Jos{\\\'e} Dee and {The Fog Lab, Inc. and Sons} and others",\n'
        "  title     = {{Lanterns} in the {F}og of Erd{\\H{o}}s},\n"
        "  abstract  = {We move one lantern,\n     with 5\\% error.},\n"
        "  doi       = {https://doi.org/10.1000/A_B},\n  eprint = {2611.01234},\n  archivePrefix = {arXiv},\n"
        "  url       = {\\url{https://x.example/a\\_b}},\n  year = 2026,\n  month = nov,\n"
        "  keywords  = {fog, depth estimation; halo},\n  langid = {en}\n}\n",
        "export-2026-11-20.bib",
    )
    (entry,) = listing.entries
    assert entry.title == "Lanterns in the Fog of Erdős"
    assert entry.abstract == "We move one lantern, with 5% error."
    assert entry.authors == ("Ada Bee", "José Dee", "The Fog Lab, Inc. and Sons")
    assert entry.ids == ("arxiv:2611.01234", "doi:10.1000/a_b")
    assert (entry.url, entry.pdf_url) == ("https://x.example/a_b", "https://arxiv.org/pdf/2611.01234")
    assert (entry.published, entry.published_precision) == (datetime(2026, 11, 1, tzinfo=UTC), "day")
    assert (entry.categories, entry.language) == (("fog", "depth estimation", "halo"), "en")
    assert (entry.where, listing.batch, listing.announced) == ("line 3", date(2026, 11, 20), 1)


@pytest.mark.parametrize(
    ("fields", "published"),
    [
        ("date = {2026-11-18}", datetime(2026, 11, 18, tzinfo=UTC)),
        ("date = {2026-11}", datetime(2026, 11, 1, tzinfo=UTC)),
        ("year = {2026}, month = {November}, day = 18", datetime(2026, 11, 18, tzinfo=UTC)),
        ('year = "2026", month = 11', datetime(2026, 11, 1, tzinfo=UTC)),
        ("year = 2026", None),
        ("year = {in press}, month = jan", None),
        ("year = 1066, month = oct", None),
        ("date = {2026-13-41}", None),
    ],
)
def test_dates_are_as_exact_as_the_record(fields: str, published: datetime | None) -> None:
    assert _one(fields).published == published


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("Bee, Ada", "Ada Bee"),
        ("Ada Bee", "Ada Bee"),
        ("van der Bee, Jr., Ada", "Ada van der Bee, Jr."),
        ('{\\"O}zg{\\"u}r, Ada', "Ada Özgür"),
        ("{NASA}", "NASA"),
    ],
)
def test_names_are_put_in_order(written: str, name: str) -> None:
    assert _one(f"author = {{{written}}}").authors == (name,)


@pytest.mark.parametrize(
    ("fields", "ids"),
    [
        ("journal = {arXiv preprint arXiv:2611.01234}", ("arxiv:2611.01234",)),
        ("eprint = {2611.01234}", ("arxiv:2611.01234",)),
        ("eprint = {2611.01234}, eprinttype = {hal}", ()),
        ("doi = {10.48550/arXiv.2611.01234}", ("arxiv:2611.01234",)),
        ("url = {https://arxiv.org/abs/2611.01234v2}", ("arxiv:2611.01234v2",)),
        ("doi = {none}, url = {javascript:alert(1)}", ()),
    ],
)
def test_ids_are_found_where_records_keep_them(fields: str, ids: tuple[str, ...]) -> None:
    entry = _one(fields)
    assert entry.ids == ids
    assert (entry.url is not None) == bool(ids)


def test_macros_and_joined_values_are_put_together() -> None:
    listing = _read('@string{fog = "Fog"}\n@misc(k, title = "Lanterns in " # fog # { at Night}, note = 7)')
    assert listing.entries[0].title == "Lanterns in Fog at Night"


def test_macros_that_double_stay_small() -> None:
    lines = ['@string{a0 = "xxxxxxxxxx"}'] + [f"@string{{a{n} = a{n - 1} # a{n - 1}}}" for n in range(1, 60)]
    listing = _read("\n".join([*lines, "@misc{k, title = {T}, abstract = a59}"]))
    assert len(listing.entries[0].abstract) <= 1_000


def test_a_broken_record_costs_itself_and_no_other() -> None:
    listing = _read(
        "@article{a, title = {One}}\n@article{b, title = {Two\n@article{c, title = }\n@article{d}\n"
        '@comment{x}\n@preamble{"y"}\n@article{e, author = {Nobody}}\n@article{f, title = {Three}}\n'
    )  # fmt: skip
    assert [entry.title for entry in listing.entries] == ["One", "Three"]
    assert [oddity.where for oddity in listing.oddities] == ["line 2", "line 3", "line 4", "line 7"]
    assert listing.announced == 6


_PIECES = [
    "@article{", "@article{k, title={", "@article{k%d, title={x\n", '@article{k, title="', "@", "{", "@a{k, t = a # ", "a # ",
    '@string{a="x"}\n', "\\", "@article{k,\n", "\n@a{k,title={x},",
]  # fmt: skip


@pytest.mark.parametrize("piece", _PIECES)
@pytest.mark.parametrize("start", ["", "@article{k, title = ", "@article{k, title = {"])
def test_a_megabyte_of_anything_takes_no_time(piece: str, start: str) -> None:
    began = time.process_time()
    try:
        _read(start + piece * (1_000_000 // len(piece)))
    except ParseError as error:
        assert error.reason  # noqa: PT017  # read or refused: both are right
    assert time.process_time() - began < 3


@pytest.mark.parametrize("body", ["", "hello", "@comment{x}", "@article{k, author = {Bee}}", "\x00" * 50, "<html>"])
def test_a_file_without_any_paper_is_refused(body: str) -> None:
    with pytest.raises(ParseError):
        _read(body)
