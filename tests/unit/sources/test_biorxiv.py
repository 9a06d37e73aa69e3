"""Pages of bioRxiv's and medRxiv's lists: as they come, and as they should not."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from monitor.errors import ParseError
from monitor.sources import biorxiv
from monitor.types.listings import Answer, Listing

_NOW = datetime(2026, 11, 20, 9, tzinfo=UTC)
_OPTIONS = biorxiv.Options()
_URL = "https://api.biorxiv.org/details/biorxiv/2026-11-19/2026-11-19/0/json"
_ITEM: dict[str, Any] = {
    "doi": "10.1101/2026.11.01.123456",
    "title": "Lanterns in <i>Fog</i> cells",
    "authors": "Bee, A.; van der Dee, C. E., Jr.; Perez Marc, G; The Lantern Consortium; ",
    "author_corresponding": "Ada Bee",
    "date": "2026-11-9",
    "version": "1",
    "type": "new results",
    "category": "cell biology",
    "jatsxml": "https://www.biorxiv.org/content/early/2026/11/09/2026.11.01.123456.source.xml",
    "abstract": "We move one lantern\nalong a known path (p < 0.05).",
    "published": "NA",
    "server": "bioRxiv",
}


def _page(*items: object, total: object = None, cursor: object = "0") -> dict[str, Any]:
    total = len(items) if total is None else total
    return {"messages": [{"status": "ok", "count": len(items), "total": total, "cursor": cursor}], "collection": items}


def _read(value: object, options: biorxiv.Options = _OPTIONS, url: str = _URL) -> Listing:
    body = value if isinstance(value, bytes) else json.dumps(value).encode()
    return biorxiv.parse(options, Answer(url, body, _NOW))


def test_each_of_the_last_days_is_asked_for_on_its_own() -> None:
    asked = biorxiv.requests(biorxiv.Options(server="medrxiv", days=2), date(2026, 3, 1))
    base = "https://api.biorxiv.org/details/medrxiv"
    assert [request.url for request in asked] == [
        f"{base}/2026-03-01/2026-03-01/0/json", f"{base}/2026-02-28/2026-02-28/0/json",
    ]  # fmt: skip
    assert [request.batch for request in asked] == [date(2026, 3, 1), date(2026, 2, 28)]


def test_the_past_is_asked_for_day_by_day_oldest_first() -> None:
    days = [date(2026, 2, 27), date(2026, 2, 28), date(2026, 3, 1)]
    asked = biorxiv.past(_OPTIONS, days[0], days[-1])
    assert [request.batch for request in asked] == days
    assert all(f"/{day}/{day}/0/json" in request.url for day, request in zip(days, asked, strict=True))


@pytest.mark.parametrize("wrong", [{"server": "arxiv"}, {"days": 0}, {"categories": [""]}, {"base_url": "x"}, {"x": 1}])
def test_impossible_options_are_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        biorxiv.Options(**wrong)


def test_a_preprint_is_read_in_full() -> None:
    listing = _read(_page(_ITEM))
    entry = listing.entries[0]
    assert entry.title == "Lanterns in Fog cells"
    assert entry.abstract == "We move one lantern along a known path (p < 0.05)."
    assert entry.authors == ("A. Bee", "C. E. van der Dee Jr.", "G Perez Marc", "The Lantern Consortium")
    assert (entry.ids, entry.categories) == (("doi:10.1101/2026.11.01.123456",), ("cell biology",))
    assert entry.url == "https://www.biorxiv.org/content/10.1101/2026.11.01.123456v1"
    assert entry.pdf_url == "https://www.biorxiv.org/content/10.1101/2026.11.01.123456v1.full.pdf"
    assert (entry.published, entry.published_precision) == (datetime(2026, 11, 9, tzinfo=UTC), "day")
    assert (entry.announcement, listing.batch, listing.announced) == ("new", date(2026, 11, 19), 1)
    assert (listing.next, listing.oddities) == (None, ())


def test_the_server_that_an_item_names_is_linked_to() -> None:
    entry = _read(_page({**_ITEM, "server": "medRxiv"})).entries[0]
    assert entry.url == "https://www.medrxiv.org/content/10.1101/2026.11.01.123456v1"
    entry = _read(_page({**_ITEM, "server": "evil.example/"})).entries[0]
    assert str(entry.url).startswith("https://www.biorxiv.org/")


def test_of_several_versions_the_highest_counts_and_is_a_replacement() -> None:
    other = {**_ITEM, "doi": "10.1101/other", "title": "Other"}
    listing = _read(_page({**_ITEM, "version": "9"}, other, {**_ITEM, "version": "10", "title": "Tenth"}, _ITEM))
    assert [(entry.title, entry.announcement) for entry in listing.entries] == [("Tenth", "replace"), ("Other", "new")]
    assert listing.entries[0].published is None
    assert str(listing.entries[0].url).endswith("v10")
    assert (listing.announced, listing.oddities) == (2, ())


def test_only_the_categories_asked_for_are_read_and_counted() -> None:
    items = [
        {**_ITEM, "doi": f"10.1101/{n}", "category": category}
        for n, category in enumerate(["Cell_Biology", "neuroscience", "", "cell  biology"])
    ]
    listing = _read(_page(*items, "broken"), biorxiv.Options(categories=("CELL biology",)))
    assert [entry.ids[0] for entry in listing.entries] == ["doi:10.1101/0", "doi:10.1101/3"]
    assert (listing.announced, len(listing.oddities)) == (3, 1)


@pytest.mark.parametrize(("total", "cursor"), [(250, 0), ("250", "0")])
def test_pages_are_followed_to_the_end_of_the_day(total: object, cursor: object) -> None:
    items = [{**_ITEM, "doi": f"10.1101/{n}"} for n in range(30)]
    following = _read(_page(*items, total=total, cursor=cursor), biorxiv.Options(categories=("none",))).next
    assert following is not None
    assert following.url == _URL.replace("/0/json", "/30/json")
    last = _read(_page(*items, total=60, cursor="30"), url=following.url)
    assert (last.next, last.batch) == (None, date(2026, 11, 19))


def test_a_range_of_days_is_no_batch() -> None:
    listing = _read(_page(_ITEM, total=2), url="http://x.example/details/biorxiv/2026-11-01/2026-11-19/0")
    assert listing.batch is None
    assert listing.next is not None
    assert listing.next.url == "http://x.example/details/biorxiv/2026-11-01/2026-11-19/1"


@pytest.mark.parametrize("url", [_URL, _URL.replace("/0/json", "/90/json")])
def test_no_posts_found_is_an_empty_day_or_the_end_of_one(url: str) -> None:
    listing = _read({"messages": [{"status": "no posts found"}], "collection": []}, url=url)
    assert (listing.entries, listing.announced, listing.next) == ((), 0, None)
    assert listing.batch == date(2026, 11, 19)


def test_f02_a_page_that_counts_preprints_and_holds_none_is_an_error() -> None:
    with pytest.raises(ParseError, match="counts 120 preprints"):
        _read(_page(total=120))
    assert _read(_page(total=120, cursor=120)).entries == ()


@pytest.mark.parametrize(
    "value",
    [
        b"", b"<html>", b"7", [], {}, {"collection": {}}, {"messages": [{"status": "ok"}]},
        {"messages": [{"status": "error: bad date"}], "collection": []}, _page(1, "x", None),
    ],
)  # fmt: skip
def test_f01_what_is_no_page_is_refused(value: object) -> None:
    with pytest.raises(ParseError):
        _read(value)


def test_items_that_cannot_be_read_are_reported_and_the_others_stand() -> None:
    listing = _read(_page(3, {**_ITEM, "title": " "}, {**_ITEM, "doi": "none"}, _ITEM))
    assert [str(oddity) for oddity in listing.oddities] == [
        "item 1: is not a preprint", "item 2: has no title", "item 3: has no DOI",
    ]  # fmt: skip
    assert ([entry.where for entry in listing.entries], listing.announced) == (["item 4"], 4)


@pytest.mark.parametrize("printed", ["2026-6-30", "2026-06-30"])
def test_dates_are_read_padded_or_not(printed: str) -> None:
    assert _read(_page({**_ITEM, "date": printed})).entries[0].published == datetime(2026, 6, 30, tzinfo=UTC)


def test_fields_of_the_wrong_type_are_left_out() -> None:
    wrong = dict.fromkeys(_ITEM, 7) | {"title": "T", "doi": _ITEM["doi"], "date": "2026-13-1", "version": True}
    entry = _read(_page(wrong)).entries[0]
    assert (entry.authors, entry.abstract, entry.categories, entry.published) == ((), "", (), None)


_KEYS = st.sampled_from([*_ITEM, "messages", "collection", "status", "total", "cursor"]) | st.text(max_size=5)
_ANY = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(_KEYS, inner, max_size=6),
    max_leaves=25,
)


@given(_ANY, st.dictionaries(st.sampled_from(list(_ITEM)), _ANY))
def test_any_json_is_read_or_refused(value: object, item: dict[str, object]) -> None:
    for whole in (value, _page(value, {**_ITEM, **item}), {"messages": value, "collection": [item]}):
        try:
            listing = _read(whole)
        except ParseError as error:
            assert error.reason  # noqa: PT017  # a listing or a ParseError: both are right
        else:
            assert all(entry.title and entry.ids for entry in listing.entries)
            assert len(listing.entries) <= listing.announced


def test_where_the_corresponding_author_works_is_read() -> None:
    item = {**_ITEM, "author_corresponding_institution": "University of Fog &amp; Mist"}
    assert [entry.institutions for entry in _read(_page(item)).entries] == [("University of Fog & Mist",)]
