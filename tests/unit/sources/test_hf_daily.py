"""Days of Hugging Face Daily Papers: real answers, broken ones and hostile ones."""

from __future__ import annotations

import gzip
import json
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from monitor.errors import ParseError
from monitor.sources import hf_daily
from monitor.types.listings import Answer, Listing

_NOW = datetime(2026, 11, 21, 9, tzinfo=UTC)
_OPTIONS = hf_daily.Options()
_POST: dict[str, Any] = {
    "paper": {
        "id": "2611.01234",
        "authors": [{"name": "Ada Bee", "hidden": False}, {"name": "Carl Dee", "hidden": True}, {"name": "Eve Eff"}],
        "publishedAt": "2026-11-18T17:59:00.000Z",
        "submittedOnDailyAt": "2026-11-20T00:51:00.000Z",
        "title": "Lanterns in\n  the Fog",
        "summary": "We move one lantern\nalong a known path.",
        "upvotes": 12,
        "githubRepo": "https://github.com/example/lanterns",
        "githubStars": 34,
        "ai_summary": "A moving lantern measures depth in fog.",
        "ai_keywords": ["depth estimation", "  fog\nhalo ", 7, "depth estimation"],
    },
    "publishedAt": "2026-11-18T12:59:00.000Z",
    "title": "another title",
    "numComments": 3,
}


def _read(value: object, url: str = "https://huggingface.co/api/daily_papers?date=2026-11-20&limit=100") -> Listing:
    body = value if isinstance(value, bytes) else json.dumps(value).encode()
    return hf_daily.parse(_OPTIONS, Answer(url, body, _NOW))


def test_the_last_days_are_asked_one_by_one_with_a_limit_that_cuts_no_busy_day() -> None:
    urls = [request.url for request in hf_daily.requests(_OPTIONS, date(2026, 3, 1))]
    base = "https://huggingface.co/api/daily_papers?date="
    assert urls == [f"{base}{day}&limit=100" for day in ("2026-03-01", "2026-02-28", "2026-02-27")]


@pytest.mark.parametrize(
    ("period", "asked"),
    [
        ("week", [("week=2026-W09", date(2026, 2, 23)), ("week=2026-W08", date(2026, 2, 16))]),
        ("month", [("month=2026-02", date(2026, 2, 1))]),
    ],
)
def test_weeks_and_months_are_asked_as_far_as_the_last_days_reach(period: str, asked: list[tuple[str, date]]) -> None:
    requests = hf_daily.requests(
        hf_daily.Options.model_validate({"period": period, "days": 3, "limit": 50}), date(2026, 2, 24)
    )
    base = "https://huggingface.co/api/daily_papers?"
    assert [(request.url, request.batch) for request in requests] == [
        (f"{base}{query}&limit=50", day) for query, day in asked
    ]


def test_the_first_week_of_a_year_may_belong_to_the_year_before() -> None:
    (request,) = hf_daily.past(hf_daily.Options(period="week"), date(2027, 1, 1), date(2027, 1, 3))
    assert (request.batch, "week=2026-W53" in request.url) == (date(2026, 12, 28), True)
    assert _read([_POST], request.url).batch == date(2026, 12, 28)


def test_the_past_is_asked_day_by_day_from_the_oldest() -> None:
    asked = hf_daily.past(_OPTIONS, date(2026, 2, 27), date(2026, 3, 1))
    assert [request.batch for request in asked] == [date(2026, 2, 27), date(2026, 2, 28), date(2026, 3, 1)]
    assert all(f"date={request.batch}" in request.url for request in asked)


@pytest.mark.parametrize(
    ("period", "day", "reason"),
    [
        ("day", date(2026, 11, 20), ""),
        ("day", date(2026, 11, 21), "Saturday"),
        ("day", date(2026, 11, 22), "Sunday"),
        ("week", date(2026, 11, 16), ""),
        ("week", date(2026, 11, 20), "not the first day of a week"),
        ("month", date(2026, 11, 1), ""),
        ("month", date(2026, 11, 2), "not the first day of a month"),
    ],
)
def test_a_day_without_a_list_has_a_reason(period: str, day: date, reason: str) -> None:
    assert hf_daily.silence(hf_daily.Options.model_validate({"period": period}), day) == reason


def test_a_full_page_asks_for_the_next_one_and_ranks_go_on() -> None:
    url = "https://huggingface.co/api/daily_papers?date=2026-11-20&limit=2"
    posts = [{"paper": {"id": f"2611.0000{n}", "title": f"T{n}"}} for n in range(3)]
    first = _read(posts[:2], url)
    assert first.next is not None
    assert (first.next.url, first.next.batch) == (f"{url}&p=1", date(2026, 11, 20))
    second = _read(posts[2:], first.next.url)
    assert (second.next, second.batch, [entry.rank for entry in second.entries]) == (None, date(2026, 11, 20), [3])


@pytest.mark.parametrize(
    "query", ["date=2026-11-20", "date=2026-11-20&limit=2", "date=2026-11-20&limit=1&p=9", "limit=1", "date=x&limit=1"]
)
def test_no_next_page_behind_a_page_with_room_the_tenth_page_or_an_unnamed_list(query: str) -> None:
    assert _read([_POST], f"https://huggingface.co/api/daily_papers?{query}").next is None


@pytest.mark.parametrize(
    "wrong",
    [{"days": 0}, {"limit": 0}, {"base_url": "ftp://x"}, {"base_url": "https://a@b"}, {"x": 1}, {"period": "year"}],
)
def test_impossible_options_are_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        hf_daily.Options(**wrong)


def test_a_paper_is_read_with_all_that_its_day_shows() -> None:
    entry = _read([_POST]).entries[0]
    assert (entry.title, entry.abstract) == ("Lanterns in the Fog", "We move one lantern along a known path.")
    assert entry.authors == ("Ada Bee", "Eve Eff")  # the site hides the second
    assert entry.ids == ("arxiv:2611.01234",)
    assert entry.url == "https://huggingface.co/papers/2611.01234"
    assert entry.pdf_url == "https://arxiv.org/pdf/2611.01234"
    assert entry.code_url == "https://github.com/example/lanterns"
    assert (entry.upvotes, entry.comments, entry.stars, entry.rank) == (12, 3, 34, 1)
    assert entry.published == datetime(2026, 11, 18, 17, 59, tzinfo=UTC)
    assert entry.one_liner == "A moving lantern measures depth in fog."
    assert entry.categories == ("depth estimation", "fog halo")


@pytest.mark.parametrize(
    "wrapped",
    [
        [_POST],
        [repr(_POST)],
        [json.dumps(_POST)],
        {"data": [_POST]},
        {"papers": [repr(_POST)]},
        json.dumps([_POST]),
        {"data": json.dumps({"papers": [_POST]})},
        [_POST["paper"]],
    ],
)
def test_every_wrapping_that_archives_hold_gives_the_same_paper(wrapped: object) -> None:
    assert _read(wrapped).entries[0].ids == ("arxiv:2611.01234",)


@pytest.mark.seeds
def test_every_real_answer_is_read_whole(shared: Path) -> None:
    counts = {"2024-05-27": 13, "2024-12-11": 26, "2024-12-13": 23, "2025-03-05": 12, "2025-07-16": 6, "2025-11-04": 22}
    paths = sorted((shared / "data/hf_api_raw").rglob("*.json.gz"))
    assert len(paths) == 16
    for path in paths:
        day = path.name[:10]
        listing = _read(gzip.decompress(path.read_bytes()), f"https://huggingface.co/api/daily_papers?date={day}")
        assert listing.batch == date.fromisoformat(day)
        assert len(listing.entries) == listing.announced == counts.get(day, listing.announced)
        assert all(entry.abstract and entry.ids and entry.published and entry.authors for entry in listing.entries)


@pytest.mark.seeds
def test_the_polls_of_one_day_show_its_upvotes_growing(shared: Path) -> None:
    totals = [
        sum(entry.upvotes or 0 for entry in _read(gzip.decompress(path.read_bytes())).entries)
        for path in sorted((shared / "data/hf_api_raw/polls").glob("*.gz"))
    ]
    assert (totals[0], totals[-1]) == (158, 237)


@pytest.mark.parametrize(
    ("url", "batch"),
    [
        ("https://huggingface.co/api/daily_papers?date=2026-11-19", date(2026, 11, 19)),
        ("https://huggingface.co/api/daily_papers?date=2026-11-9", date(2026, 11, 9)),
        ("https://huggingface.co/api/daily_papers", date(2026, 11, 20)),
        ("https://huggingface.co/api/daily_papers?date=2026-13-40", date(2026, 11, 20)),
    ],
)
def test_the_batch_is_the_day_asked_for_and_else_the_day_the_papers_name(url: str, batch: date) -> None:
    assert _read([_POST], url).batch == batch


def test_an_empty_day_is_an_answer() -> None:
    listing = _read([])
    assert (listing.entries, listing.announced, listing.batch) == ((), 0, date(2026, 11, 20))


def test_items_that_are_no_papers_are_reported_and_the_others_stand() -> None:
    listing = _read([5, None, {"paper": {"id": "2611.0001"}}, "nonsense", _POST, _POST])
    assert [entry.ids for entry in listing.entries] == [("arxiv:2611.01234",)]
    assert listing.announced == 6
    assert [oddity.where for oddity in listing.oddities] == ["item 1", "item 2", "item 3", "item 4", "item 6"]


def test_fields_of_the_wrong_type_are_left_out() -> None:
    wrong = {
        "title": "T",
        "id": 7,
        "authors": {"a": 1},
        "upvotes": True,
        "publishedAt": 7,
        "githubRepo": "javascript:x",
    }
    entry = _read([{"paper": wrong, "numComments": -1}]).entries[0]
    empty = (entry.ids, entry.authors, entry.upvotes, entry.comments, entry.published, entry.code_url, entry.url)
    assert empty == ((), (), None, None, None, None, None)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<html>Just a moment</html>",
        b"\xff\xfe\x00",
        b'{"error": "Invalid date"}',
        b"7",
        b"[" * 100_000,
        b"[" * 5_000_000,
        b"[" + b"{}," * 1_000_000 + b"{}]",
        b'["' + b"(" * 90_000 + b'"]',
        b'["' + b"1+" * 40_000 + b'1"]',
        b"[\"__import__('os').getcwd()\"]",
        b'["9**9**9"]',
        b'["' + b"[" * 200_000 + b'"]',
        json.dumps([repr({"paper": {"title": "T", "summary": "x" * 200_000}})]).encode(),
        b'[{"paper": {"title": "x", "upvotes": ' + b"9" * 5000 + b"}}]",
    ],
)
def test_f01_what_is_no_day_of_papers_is_refused_and_never_evaluated(body: bytes) -> None:
    with pytest.raises(ParseError):
        _read(body)


@pytest.mark.parametrize(
    ("organization", "institutions"),
    [
        ({"name": "BAAI", "fullname": "Academy of Lanterns"}, ("Academy of Lanterns (BAAI)",)),
        ({"name": "Fog-University", "fullname": "Fog University"}, ("Fog University",)),
        ({"name": "FogLab"}, ("FogLab",)),
        ({"fullname": "Fog Lab"}, ("Fog Lab",)),
        ({"name": 7, "fullname": None}, ()),
        ("Fog Lab", ()),
        (None, ()),
    ],
)
def test_the_organization_of_a_paper_is_read_with_the_name_in_its_address(
    organization: object, institutions: tuple[str, ...]
) -> None:
    within = {**_POST, "paper": {**_POST["paper"], "organization": organization}}
    for post in (within, {**_POST, "organization": organization}):
        assert _read([post]).entries[0].institutions == institutions
