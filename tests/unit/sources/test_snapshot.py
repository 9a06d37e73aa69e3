"""Captured listing pages: the real ones, the format for people, and what is no listing."""

from __future__ import annotations

import random
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from monitor.errors import ParseError
from monitor.sources import snapshot
from monitor.types.listings import Answer, Listing

_NOW = datetime(2026, 11, 21, 9, tzinfo=UTC)
_OPTIONS = snapshot.Options(path=Path("captures"))
_TITLES = [
    "Lanterns in the Fog: Depth from a Single Moving Light",
    "How Many Witnesses Does a Fact Need?",
    "GRIDLOCK: Planning Traffic Lights with Small Language Models",
    "On the Patience of Optimizers",
]
_ABSTRACTS = [
    (
        "Depth cameras fail in fog. We move one lantern along a known path and read depth from the way its "
        "halo grows in each picture. The method needs no training data and measures distances up to forty "
        "metres with an error of 3\\%."
    ),
    (
        "A statement that one page makes may be a mistake, and a statement that ten pages make may be one "
        "page copied ten times. We count independent witnesses of a fact by the mistakes that pages share. On "
        "900 disputed facts our count agrees with editors more often than any count of pages."
    ),
    (
        "Traffic lights are planned once in a decade. GRIDLOCK lets a small language model replan the traffic "
        "lights of a district each night from loop counters. In a simulated town the mean waiting time falls "
        "from 61 to 44 seconds."
    ),
    (
        "Optimizers are judged by their speed. We ask how long an optimizer keeps going when nothing "
        "improves, call this its patience, and show on 40 tasks that patience predicts the final loss better "
        "than the learning rate does."
    ),
]
_PAIRS = list(zip(_TITLES, _ABSTRACTS, strict=True))
_HEAD = "new\n\nGet trending papers in your email inbox!\n\nSubscribe\n\nDaily Papers\n\nbyAK and the research community\n\n"


def _read(text: str | bytes, fetched_at: datetime = _NOW, modified_at: datetime | None = None) -> Listing:
    body = text.encode() if isinstance(text, str) else text
    return snapshot.parse(_OPTIONS, Answer("file:captures/a.txt", body, fetched_at, modified_at=modified_at))


def _pairs(listing: Listing) -> list[tuple[str, str]]:
    return [(entry.title, entry.abstract) for entry in listing.entries]


def _page(pairs: list[tuple[str, str]] = _PAIRS, between: str = "\n\n") -> str:
    return between.join(text for pair in pairs for text in pair)


def _seeds(shared: Path) -> dict[str, str]:
    return {path.name[:3]: path.read_text(encoding="utf-8") for path in sorted((shared / "seeds").glob("00*.txt"))}


def test_a_folder_is_asked_for_as_a_file_request() -> None:
    assert [request.url for request in snapshot.requests(_OPTIONS, date(2026, 11, 21))] == ["file:captures"]


# --- the real files ---------------------------------------------------------------------------------------------------


@pytest.mark.seeds
def test_the_five_real_captures_give_442_entries_of_383_titles(shared: Path) -> None:
    listings = {name: _read(text) for name, text in _seeds(shared).items()}
    assert {name: len(listing.entries) for name, listing in listings.items()} == {
        "000": 43,
        "001": 59,
        "002": 68,
        "003": 196,
        "004": 76,
    }
    assert len({entry.title for listing in listings.values() for entry in listing.entries}) == 383
    assert all(listing.announced == len(listing.entries) and not listing.oddities for listing in listings.values())


@pytest.mark.seeds
def test_the_right_title_stands_beside_the_right_abstract_in_the_real_captures(shared: Path) -> None:
    heads = {"000": 6, "001": 6, "002": 5, "003": 2, "004": 5}  # non-blank lines above the first title
    for name, text in _seeds(shared).items():
        lines = [line for line in text.split("\n") if line.strip()][heads[name] :]
        lines[0] = lines[0].removeprefix("Subscribe")
        assert _pairs(_read(text)) == list(zip(lines[::2], lines[1::2], strict=True))


@pytest.mark.seeds
def test_the_real_captures_are_dated_by_their_head_and_the_undated_one_is_not(shared: Path) -> None:
    batches = {name: _read(text).batch for name, text in _seeds(shared).items()}
    assert batches == {
        "000": date(2026, 7, 31),
        "001": date(2026, 7, 31),
        "002": date(2026, 3, 11),
        "003": None,
        "004": date(2026, 3, 12),
    }


@pytest.mark.seeds
def test_the_glued_first_title_loses_the_subscribe_and_nothing_else(shared: Path) -> None:
    assert _read(_seeds(shared)["003"]).entries[0].title.startswith("Paired Diffusion: Generation of related")


@pytest.mark.seeds
@pytest.mark.parametrize("name", ["000", "001", "002", "003", "004"])
def test_f38_a_deleted_line_costs_its_own_pair_and_no_other(shared: Path, name: str) -> None:
    lines = _seeds(shared)[name].split("\n")
    whole = _read("\n".join(lines))
    first = int(whole.entries[0].where.removeprefix("line "))
    body = [place for place, line in enumerate(lines, start=1) if line.strip() and place >= first]
    for place in random.Random(7).sample(body, 25):
        gone = lines[place - 1].removeprefix("Subscribe")
        listing = _read("\n".join(lines[: place - 1] + lines[place:]))
        assert _pairs(listing) == [pair for pair in _pairs(whole) if gone not in pair]
        assert listing.announced == len(listing.entries) + 1
        assert len(listing.oddities) == 1


@pytest.mark.seeds
@pytest.mark.parametrize("name", ["000", "001", "002", "003", "004"])
@pytest.mark.parametrize("stray", ["Advertisement", "a stray line", "This does not belong here.", "Error 500"])
def test_f38_a_stray_line_is_reported_by_its_number_and_every_pair_stays_whole(
    shared: Path, name: str, stray: str
) -> None:
    lines = _seeds(shared)[name].split("\n")
    whole = _read("\n".join(lines))
    first = int(whole.entries[0].where.removeprefix("line "))
    body = [place for place, line in enumerate(lines, start=1) if line.strip() and place >= first]
    for place in random.Random(8).sample(body, 6):
        listing = _read("\n".join([*lines[: place - 1], stray, *lines[place - 1 :]]))
        assert _pairs(listing) == _pairs(whole)
        assert f"line {place}" in {oddity.where for oddity in listing.oddities}


# --- head and date ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("head", "batch"),
    [
        ("", None),
        (_HEAD, None),
        (_HEAD + "Jul 31\n\n", date(2026, 7, 31)),
        (_HEAD + "Nov 22\n\n", date(2026, 11, 22)),
        (_HEAD + "Nov 23\n\n", date(2025, 11, 23)),
        (_HEAD + "Dec 31\n\n", date(2025, 12, 31)),
        (_HEAD + "Feb 29\n\n", date(2024, 2, 29)),
        (_HEAD + "Feb 30\n\n", None),
        (_HEAD + "Oct 2, 2025\n\n", date(2025, 10, 2)),
        ("# date: 2026-11-16\n\n", date(2026, 11, 16)),
        ("# date: 2026-11-16\n" + _HEAD + "Jul 31\n\n", date(2026, 11, 16)),
        ("Subscribe\n", None),
    ],
)
def test_the_day_in_the_head_is_the_batch_in_the_latest_year_that_is_possible(head: str, batch: date | None) -> None:
    listing = _read(head + _page())
    assert (listing.batch, _pairs(listing)) == (batch, _PAIRS)


@pytest.mark.parametrize(
    ("modified_at", "year"),
    [
        (datetime(2024, 8, 1, tzinfo=UTC), 2024),
        (datetime(2031, 1, 1, tzinfo=UTC), 2026),  # a clock that runs ahead
        (datetime(1980, 1, 1, tzinfo=UTC), 2026),  # out of a zip archive
        (None, 2026),
    ],
)
def test_the_year_comes_from_the_files_own_time_where_that_is_believable(
    modified_at: datetime | None, year: int
) -> None:
    assert _read(_HEAD + "Jul 31\n\n" + _page(), modified_at=modified_at).batch == date(year, 7, 31)


def test_subscribe_stays_where_it_is_a_name_that_the_abstract_uses() -> None:
    named = (
        "SubscribeNet: Churn from Clicks",
        "SubscribeNet predicts churn. It reads clicks and beats two older nets by far.",
    )
    assert _read(_page([named, *_PAIRS])).entries[0].title == named[0]
    assert _read("Subscribe" + _page()).entries[0].title == _TITLES[0]


def test_a_line_in_the_head_that_is_not_known_is_left_out_and_said() -> None:
    listing = _read(_HEAD + "graph networks\n\nDaily\n\nWeekly\n\nMonthly\n\n" + _page())
    assert _pairs(listing) == _PAIRS
    assert [oddity.where for oddity in listing.oddities] == ["line 11"]


# --- odd files --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("between", ["\n", "\n\n", "\n\n\n", "\r\n", "\r\n\r\n", "\r"])
def test_blank_lines_and_line_ends_do_not_matter(between: str) -> None:
    assert _pairs(_read(_page(between=between))) == _PAIRS


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "latin-1"])
def test_f39_other_encodings_are_read(encoding: str) -> None:
    pair = ("Fréchet Distances for Smørrebrød", _ABSTRACTS[0])
    assert _pairs(_read(_page([pair, *_PAIRS]).encode(encoding)))[0] == pair


def test_f39_a_mixture_of_encodings_is_read_line_by_line() -> None:
    body = "Für Elise on Faulty Pianos\n".encode("latin-1") + f"{_ABSTRACTS[0]} Naïve.\n".encode() + _page().encode()
    assert _read(body).entries[0].title == "Für Elise on Faulty Pianos"
    assert _read(body).entries[0].abstract.endswith("Naïve.")


def test_a_title_without_an_abstract_at_the_end_is_reported_as_cut_off() -> None:
    listing = _read(_page() + "\n\n" + "The Last Paper of a File That Was Cut")
    assert _pairs(listing) == _PAIRS
    assert listing.announced == 5
    assert "cut off" in listing.oddities[0].what
    assert listing.oddities[0].where == "line 17"


def test_a_line_of_the_head_in_the_middle_is_reported_and_shifts_nothing() -> None:
    listing = _read(_page(_PAIRS[:2]) + "\n\nSubscribe\n\n" + _page(_PAIRS[2:]))
    assert _pairs(listing) == _PAIRS
    assert [oddity.where for oddity in listing.oddities] == ["line 9"]


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"", "empty"),
        (b" \r\n \n", "empty"),
        (b"<!DOCTYPE html><html><title>Daily Papers</title>", "web page"),
        (b"  <?xml version='1.0'?><rss></rss>", "web page or XML"),
        (b'[{"paper": {}}]', "JSON"),
        (b'{"a": 1}', "JSON"),
        (b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 9, "binary"),
        (random.Random(3).randbytes(4000), "binary"),
        (b"One line.", "no title with an abstract"),
        (_HEAD.encode(), "no title with an abstract"),
        (b"a,b,c\n1,2,3\n" * 40, "no title with an abstract"),
        (b"2026-11-01 12:00:00 INFO started. It went well.\n" * 50, "not? a listing|no title"),
        (b"# Tool\n\nA tool.\n\n## Install\n\nRun the installer.\n\n## Use\n\nCall it.\n", "not a listing"),
        (("It was a dark night. The rain fell on the roof, and nobody slept. " * 6 + "\n\n").encode() * 12, "no title"),
        (b"a\n" * 300_000, "lines"),
    ],
)
def test_f39_what_is_no_listing_is_refused_with_the_reason(body: bytes, reason: str) -> None:
    with pytest.raises(ParseError, match=reason):
        _read(body)


def test_f38_a_page_of_titles_only_is_a_changed_format_and_not_a_small_listing() -> None:
    titles = "\n".join(f"A Title about Subject Number {number} without Its Abstract" for number in range(20))
    with pytest.raises(ParseError, match="items have a title and an abstract"):
        _read(titles + "\n" + _page(_PAIRS[:1]))


def test_f10_the_10001st_paper_is_left_out_and_said() -> None:
    page = "\n".join(
        f"Paper {n} on Things\nWe study thing {n}. " + "It is a thing of some length. " * 3 for n in range(10_002)
    )
    listing = _read(_HEAD + page)
    assert (len(listing.entries), listing.announced) == (10_000, 10_002)
    assert "2 more items" in listing.oddities[-1].what


# --- the format for people --------------------------------------------------------------------------------------------


def test_the_format_in_the_docstring_is_read_as_it_says() -> None:
    fields = (
        "arXiv: 2611.01234\nAuthors: Ada Example, Ben Example\nUpvotes: 12\nURL: https://example.org/paper\n"
        "Code: https://example.org/code\nDate: 2026-11-14\nCategories: cs.CV, cs.LG\nComments: 3\nDOI: 10.1000/ABC\n"
    )
    first, second = _read(
        f"# date: 2026-11-16\n\n{_TITLES[0]}\n{fields}{_ABSTRACTS[0]}\n\n{_TITLES[1]}\n{_ABSTRACTS[1]}\n"
    ).entries
    assert (first.title, first.abstract) == _PAIRS[0]
    assert first.ids == ("arxiv:2611.01234", "doi:10.1000/abc")
    assert first.authors == ("Ada Example", "Ben Example")
    assert (first.upvotes, first.comments, first.categories) == (12, 3, ("cs.CV", "cs.LG"))
    assert (first.url, first.code_url) == ("https://example.org/paper", "https://example.org/code")
    assert first.pdf_url == "https://arxiv.org/pdf/2611.01234"
    assert (first.published, first.published_precision) == (datetime(2026, 11, 14, tzinfo=UTC), "day")
    assert (second.ids, second.authors, second.upvotes) == ((), (), None)


def test_links_that_are_not_of_the_web_are_dropped() -> None:
    entry = _read(f"{_TITLES[0]}\narXiv: 2611.01234\nURL: http://user@host.example/\n{_ABSTRACTS[0]}").entries[0]
    assert entry.url == "https://arxiv.org/abs/2611.01234"


def test_a_replay_gives_the_same_listing() -> None:
    text = _HEAD + "Jul 31\n\n" + _page()
    assert _read(text) == _read(text)


_ONE, _TWO = _PAIRS[:2]


@pytest.mark.parametrize(
    "page",
    [
        f"## {_ONE[0]}\n\n{_ONE[1]}\n\n## {_TWO[0]}\n\n{_TWO[1]}\n",
        f"# {_ONE[0]}\n{_ONE[1]}\n# {_TWO[0]}\n{_TWO[1]}\n",
        f"**{_ONE[0]}**\n\n{_ONE[1]}\n\n**{_TWO[0]}**\n\n{_TWO[1]}\n",
        f"1. {_ONE[0]}\n\n{_ONE[1]}\n\n2. {_TWO[0]}\n\n{_TWO[1]}\n",
        f"{_ONE[0]}\n{_ONE[1]}\n\n8 authors\n\nFeb 27, 2025\n\n{_TWO[0]}\n{_TWO[1]}\n\n1 author\n\nMay 29\n",
        f"{_ONE[0]}\n{_ONE[1]}\n{_ONE[0]}\n{_ONE[1]}\n{_TWO[0]}\n{_TWO[1]}\n",
        f"Models\nDatasets\nLog In\nSign Up\n{_HEAD}{_ONE[0]}\n\n{_ONE[1]}\n\n{_TWO[0]}\n\n{_TWO[1]}\n",
    ],
)
def test_plausible_ways_of_writing_a_page_give_the_same_pairs(page: str) -> None:
    assert (_pairs(_read(page)), _read(page).oddities) == ([_ONE, _TWO], ())


@pytest.mark.parametrize(
    "link",
    [
        "arXiv:2606.00683",
        "(arXiv:2606.00683)",
        "https://arxiv.org/abs/2606.00683",
        "<https://huggingface.co/papers/2606.00683>",
    ],
)
def test_an_arxiv_line_names_the_paper_before_and_behind_its_abstract(link: str) -> None:
    for text in (f"{_ONE[0]}\n{link}\n{_ONE[1]}\n", f"{_ONE[0]}\n{_ONE[1]}\n{link}\n"):
        entry = _read(f"{text}\n{_TWO[0]}\n{_TWO[1]}\n").entries[0]
        assert (entry.ids, entry.title, entry.abstract) == (("arxiv:2606.00683",), *_ONE)


@pytest.mark.parametrize(
    "page",
    [
        "Oct 2\n\nUpvote 12\n\n{0}\n\n{1}\n\nUpvote 9\n\n{2}\n\n{3}\n",
        "{0}\n\n{1}\n\nUpvote\n\n12\n\n{2}\n\n{3}\n\nUpvote\n\n9\n",
        "{0}\n\n{1}\n\n12 upvotes · 3 comments\n\n{2}\n\n{3}\n\n9 upvotes\n",
        "Submitted by\n\nsomebody\n\n12\n\n{0}\n\n{1}\n\nSubmitted by\n\nanybody\n\n9\n\n{2}\n\n{3}\n",
    ],
)
def test_upvote_lines_belong_to_the_title_that_the_page_puts_them_with(page: str) -> None:
    listing = _read(page.format(*_ONE, *_TWO))
    assert [(entry.title, entry.upvotes) for entry in listing.entries] == [(_ONE[0], 12), (_TWO[0], 9)]
    assert listing.oddities == ()


def test_the_date_of_a_second_page_in_one_file_is_no_papers_date() -> None:
    listing = _read(f"{_HEAD}Jul 31\n\n{_page([_ONE])}\n\n{_HEAD}Mar 11\n\n{_page([_TWO])}\n")
    assert (_pairs(listing), listing.batch) == ([_ONE, _TWO], date(2026, 7, 31))
    assert [entry.published for entry in listing.entries] == [None, None]


def test_a_stray_line_that_looks_like_a_title_does_not_take_the_abstract_whose_words_it_does_not_share() -> None:
    lines = _page(between="\n").split("\n")
    listing = _read("\n".join([*lines[:5], "Our Editors Recommend", *lines[5:]]))
    assert _pairs(listing) == _PAIRS
    assert [oddity.where for oddity in listing.oddities] == ["line 6"]


def test_an_abstract_that_a_person_wrapped_is_one_though_its_last_line_is_short() -> None:
    lines = [
        "# date: 2026-11-16",
        "Denoisers That Label: Reading Classes off a Diffusion Model",
        "arXiv: 2611.09001",
        "A diffusion model has to know what it draws. We use a pretrained denoiser as a classifier without any head, and it is",
        "as accurate as a linear probe.",
        "",
        "Porcelain Glazes at Low Temperature",
        "arXiv: 2611.09002",
        "We describe three glazes that mature below a thousand degrees.",
    ]
    listing = _read("\n".join(lines))
    assert [entry.title for entry in listing.entries] == [lines[1], lines[6]]
    assert listing.entries[0].abstract == f"{lines[3]} {lines[4]}"
    assert listing.oddities == ()
