"""arXiv's past: its calendar, what is asked for past days, and the pages of a query's results."""

from __future__ import annotations

import json
import tarfile
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from urllib.parse import parse_qs, parse_qsl, urlsplit

import pytest
from pydantic import ValidationError

from monitor.errors import ParseError
from monitor.sources import _arxiv_calendar as calendar
from monitor.sources import arxiv
from monitor.types.listings import Answer, Listing

_NOW = datetime(2026, 11, 20, 9, tzinfo=UTC)
_OPTIONS = arxiv.Options(categories=("cs.CV", "cs.LG"))
_DAY = timedelta(days=1)
_LISTED = [  # arXiv's own list for 2026
    date(2026, 1, 1), date(2026, 1, 19), date(2026, 6, 19), date(2026, 7, 3), date(2026, 9, 7), date(2026, 11, 26),
    date(2026, 12, 25), date(2026, 12, 29), date(2026, 12, 31),
]  # fmt: skip
_EMPTY_IN_2025 = [date(2025, 1, 21), date(2025, 6, 20), date(2025, 7, 7), date(2025, 9, 2), date(2025, 11, 28)]


def _days(first: date, last: date) -> list[date]:
    return [first + timedelta(days=number) for number in range((last - first).days + 1)]


def _utc(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)  # type: ignore[arg-type,misc]


# --- the calendar -----------------------------------------------------------------------------------------------------


def test_f03_the_holidays_of_2026_are_those_that_arxiv_lists() -> None:
    named = {day for day in _days(date(2026, 1, 1), date(2026, 12, 31)) if calendar.silence(day).startswith("a holi")}
    assert named == set(_LISTED)


@pytest.mark.parametrize(
    ("day", "reason"),
    [
        (date(2026, 11, 21), "Saturday"),
        (date(2026, 11, 22), "Sunday"),
        (date(2026, 11, 23), ""),
        (date(2026, 11, 26), "a holiday: Thanksgiving"),
        (date(2026, 11, 27), "the day after a holiday: Thanksgiving"),
        (date(2026, 11, 30), ""),
        (date(2026, 7, 3), "a holiday: Independence Day"),  # the 4th is a Saturday
        (date(2026, 7, 6), "the day after a holiday: Independence Day"),
        (date(2027, 7, 5), "a holiday: Independence Day"),  # the 4th is a Sunday
        (date(2026, 5, 25), ""),  # Memorial Day is not kept
        (date(2027, 1, 18), "a holiday: Martin Luther King Jr. Day"),
        (date(2027, 9, 6), "a holiday: Labor Day"),
        (date(2027, 6, 18), "a holiday: Juneteenth"),  # the 19th is a Saturday
        (date(2027, 12, 29), ""),
    ],
)
def test_silence_is_explained(day: date, reason: str) -> None:
    assert arxiv.silence(_OPTIONS, day) == reason


def test_more_holidays_may_be_given() -> None:
    options = arxiv.Options(categories=("cs.CV",), holidays=(date(2027, 12, 29),))
    assert arxiv.silence(options, date(2027, 12, 29)) == "a holiday: set in monitor.yaml"
    assert arxiv.past(options, date(2027, 12, 30), date(2027, 12, 30)) == ()
    with pytest.raises(ValidationError):
        arxiv.Options(categories=("cs.CV",), holidays=("soon",))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("day", "opens", "closes"),
    [
        (date(2026, 11, 16), _utc(2026, 11, 12, 19), _utc(2026, 11, 13, 19)),  # Monday: Thursday to Friday
        (date(2026, 11, 17), _utc(2026, 11, 13, 19), _utc(2026, 11, 16, 19)),  # Tuesday: over the weekend
        (date(2026, 11, 18), _utc(2026, 11, 16, 19), _utc(2026, 11, 17, 19)),
        (date(2026, 11, 30), _utc(2026, 11, 25, 19), _utc(2026, 11, 27, 19)),  # Thanksgiving has no deadline
        (date(2026, 7, 15), _utc(2026, 7, 13, 18), _utc(2026, 7, 14, 18)),  # summer time
        (date(2026, 11, 3), _utc(2026, 10, 30, 18), _utc(2026, 11, 2, 19)),  # the clocks went back in between
        (date(2026, 3, 10), _utc(2026, 3, 6, 19), _utc(2026, 3, 9, 18)),
    ],
)
def test_a_day_holds_what_was_submitted_between_its_two_deadlines(day: date, opens: datetime, closes: datetime) -> None:
    assert calendar.window(day) == (opens, closes)


def test_no_submission_falls_between_two_announcements_or_into_both() -> None:
    windows = [
        window for day in _days(date(2023, 1, 1), date(2029, 12, 31)) if (window := calendar.window(day)) is not None
    ]
    assert all(before[1] == after[0] for before, after in pairwise(windows))
    assert len(windows) > 7 * 240


def test_the_weekdays_on_which_two_scrapers_found_nothing_in_2025_held_nothing() -> None:
    assert [day for day in _EMPTY_IN_2025 if calendar.window(day) is not None] == []
    assert [day for day in _EMPTY_IN_2025 if not calendar.silence(day)] == []
    assert all(calendar.window(day) for day in (date(2025, 11, 27), date(2025, 9, 1), date(2025, 5, 26)))


# --- what is asked ----------------------------------------------------------------------------------------------------


def test_one_past_day_is_asked_of_the_query_interface() -> None:
    (request,) = arxiv.past(_OPTIONS, date(2026, 11, 18), date(2026, 11, 18))
    parts = urlsplit(request.url)
    assert f"{parts.scheme}://{parts.netloc}{parts.path}" == "https://export.arxiv.org/api/query"
    assert dict(parse_qsl(parts.query)) == {
        "search_query": "(cat:cs.CV OR cat:cs.LG) AND submittedDate:[202611161900 TO 202611171900]",
        "sortBy": "submittedDate", "sortOrder": "ascending", "start": "0", "max_results": "200",
    }  # fmt: skip
    assert request.batch == date(2026, 11, 18)


def test_an_archive_is_asked_for_with_all_its_subjects() -> None:
    options = arxiv.Options(categories=("math", "hep-th", "physics.atom-ph"))
    (request,) = arxiv.past(options, date(2026, 11, 18), date(2026, 11, 18))
    asked = parse_qs(urlsplit(request.url).query)["search_query"][0]
    assert asked.startswith("(cat:math.* OR cat:hep-th OR cat:physics.atom-ph) AND ")


@pytest.mark.parametrize("day", [date(2026, 11, 21), date(2026, 11, 22), date(2026, 11, 27)])
def test_a_day_without_an_announcement_is_not_asked_for(day: date) -> None:
    assert arxiv.past(_OPTIONS, day, day) == ()


def test_several_days_are_harvested_archive_by_archive() -> None:
    options = arxiv.Options(categories=("cs.CV", "cs.LG", "hep-th", "physics.atom-ph", "math", "astro-ph.GA"))
    requests = arxiv.past(options, date(2026, 11, 1), date(2026, 11, 19))
    assert [request.batch for request in requests] == [None] * 5
    assert all(request.url.startswith("https://oaipmh.arxiv.org/oai?") for request in requests)
    asked = [dict(parse_qsl(urlsplit(request.url).query)) for request in requests]
    assert [one.pop("set") for one in asked] == [
        "cs", "physics:hep-th", "physics:physics", "math", "physics:astro-ph",
    ]  # fmt: skip
    fixed = {"verb": "ListRecords", "metadataPrefix": "arXiv", "from": "2026-11-01", "until": "2026-11-19"}
    assert asked == [fixed] * 5


def test_one_site_may_stand_for_all_three() -> None:
    options = arxiv.Options(categories=("cs.CV",), base_url="http://127.0.0.1:8080")
    asked = [
        *arxiv.requests(options, date(2026, 11, 20)),
        *arxiv.past(options, date(2026, 11, 18), date(2026, 11, 18)),
        *arxiv.past(options, date(2026, 11, 1), date(2026, 11, 18)),
    ]
    paths = ["/rss/cs.CV", "/api/query", "/oai"]
    assert [request.url.partition("?")[0] for request in asked] == [f"http://127.0.0.1:8080{path}" for path in paths]


# --- pages of results -------------------------------------------------------------------------------------------------

_PAGE = """<?xml version='1.0' encoding='UTF-8'?><feed xmlns:opensearch="http://a9.com/-/spec/opensearch/1.1/"
xmlns:arxiv="http://arxiv.org/schemas/atom" xmlns="http://www.w3.org/2005/Atom"><id>https://arxiv.org/api/x</id>
<title>arXiv Query</title><updated>2026-11-20T05:00:17Z</updated><opensearch:itemsPerPage>2</opensearch:itemsPerPage>
<opensearch:totalResults>{total}</opensearch:totalResults><opensearch:startIndex>{start}</opensearch:startIndex>
{entries}</feed>"""


def _result(number: int, home: str = "cs.CV") -> str:
    return f"""<entry><id>http://arxiv.org/abs/2611.{number:05}v2</id><title>Paper {number}</title>
<published>2026-11-16T20:00:00Z</published><updated>2026-11-18T20:00:00Z</updated><summary>Text.</summary>
<link href="https://arxiv.org/abs/2611.{number:05}v2" rel="alternate" type="text/html"/><category term="{home}"/>
<arxiv:primary_category term="{home}"/><author><name>Ada Bee</name></author></entry>"""


def _page(start: int, total: int, *entries: str, options: arxiv.Options = _OPTIONS) -> Listing:
    url = arxiv.past(_OPTIONS, date(2026, 11, 18), date(2026, 11, 18))[0].url.replace("start=0", f"start={start}")
    body = _PAGE.format(total=total, start=start, entries="".join(entries)).encode()
    return arxiv.parse(options, Answer(url, body, _NOW))


def test_results_are_read_page_by_page_until_all_that_are_counted_were_there() -> None:
    first = arxiv.past(_OPTIONS, date(2026, 11, 18), date(2026, 11, 18))[0].url
    listing = _page(0, 5, _result(1), _result(2))
    assert listing.next is not None
    assert listing.next.url == first.replace("start=0", "start=2")
    following = _page(2, 5, _result(3)).next  # a page may come short
    assert following is not None
    assert following.url == first.replace("start=0", "start=3")
    assert _page(3, 5, _result(4), _result(5)).next is None
    assert _page(0, 0).next is None


@pytest.mark.parametrize("start", [0, 4])
def test_f02_a_page_without_results_though_more_are_counted_is_an_error(start: int) -> None:
    with pytest.raises(ParseError, match="counts 5 results and sent none"):
        _page(start, 5)


def test_results_that_are_not_wanted_still_move_the_next_page_on() -> None:
    news = _OPTIONS.model_copy(update={"announce": ("new",)})
    listing = _page(0, 5, _result(1, "stat.ML"), _result(2), options=news)
    assert ([entry.title for entry in listing.entries], listing.announced) == (["Paper 2"], 1)
    assert listing.next is not None
    assert "start=2" in listing.next.url


def test_a_result_is_new_at_home_and_crossed_elsewhere() -> None:
    entries = _page(0, 2, _result(1), _result(2, "stat.ML")).entries
    assert [entry.announcement for entry in entries] == ["new", "cross"]
    assert {entry.published for entry in entries} == {_utc(2026, 11, 16, 20)}
    assert {entry.published_precision for entry in entries} == {"second"}


@pytest.mark.parametrize("count", ["", "-1", "many", "9" * 5000, "²"])
def test_impossible_counts_ask_for_nothing(count: str) -> None:
    body = _PAGE.replace("{total}", count).replace("{start}", count).format(entries=_result(1)).encode()
    listing = arxiv.parse(_OPTIONS, Answer("https://export.arxiv.org/api/query", body, _NOW))
    assert (len(listing.entries), listing.next) == (1, None)


@pytest.mark.seeds
def test_every_recorded_answer_of_the_query_interface_is_read_whole(shared: Path) -> None:
    read = 0
    for archive in ("lukasschwab__arxiv.py.tar.xz", "lucas-m-lopes__sotawhat.tar.xz"):
        with tarfile.open(shared / "data/feeds" / archive) as stored:
            for member in stored:
                name, content = Path(member.name).name, stored.extractfile(member)
                if content is None or not name.startswith(("q_", "arxiv_transformer")):
                    continue
                text = content.read().decode()
                body, url = (text, "") if name.endswith("xml") else _recorded(text)
                listing = arxiv.parse(_OPTIONS, Answer(url, body.encode(), _NOW))
                assert len(listing.entries) == listing.announced == body.count("<entry>")
                assert listing.oddities == ()
                assert all(entry.ids and entry.authors and entry.published for entry in listing.entries)
                assert listing.next is not None
                start = parse_qs(urlsplit(url).query).get("start", ["0"])[0]
                assert f"start={int(start) + body.count('<entry>')}" in listing.next.url
                read += 1
    assert read == 12


def _recorded(text: str) -> tuple[str, str]:
    stored = json.loads(text)
    return stored["body"], stored["url"]


@pytest.mark.seeds
def test_recorded_errors_are_errors(shared: Path) -> None:
    with tarfile.open(shared / "data/feeds/lukasschwab__arxiv.py.tar.xz") as archive:
        stored = archive.extractfile("tests/fixtures/id_abc_s0_m100_b79c8dcf6bc3.json")
        assert stored is not None
        body, url = _recorded(stored.read().decode())
    with pytest.raises(ParseError, match="incorrect id format"):
        arxiv.parse(_OPTIONS, Answer(url, body.encode(), _NOW))
