"""Pages of Crossref's lists of journals' articles: as they come, and as they should not."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from monitor.errors import ParseError
from monitor.sources import crossref
from monitor.types.listings import Answer, Listing

_NOW = datetime(2026, 11, 20, 9, tzinfo=UTC)
_OPTIONS = crossref.Options(issn=("0028-0836", "1095-9203"))
_URL = "https://api.crossref.org/works?filter=issn:0028-0836&rows=200&offset=0"
_WORK: dict[str, Any] = {
    "DOI": "10.1000/ABC.1",
    "title": ["Lanterns in <i>Fog</i> &amp; Rain"],
    "author": [
        {
            "given": "Ada",
            "family": "Bee",
            "suffix": "Jr",
            "sequence": "first",
            "ORCID": "https://orcid.org/0000-0002-1825-0097",
        },
        {"family": "Dee"},
        {"name": "The Lantern Team"},
        {"given": " "},
    ],
    "abstract": "<jats:title>Abstract</jats:title><jats:sec><jats:title>Aim</jats:title><jats:p>We move one "
    "<jats:italic>lantern</jats:italic>, p &lt; 0.05.</jats:p></jats:sec><jats:p>Depth follows.</jats:p>",
    "published": {"date-parts": [[2026, 11]]},
    "published-online": {"date-parts": [[2026, 11, 9]]},
    "published-print": {"date-parts": [[2026, 12, 1]]},
    "issued": {"date-parts": [[2026]]},
    "URL": "https://doi.org/10.1000/abc.1",
    "link": [
        {"URL": "https://journal.example/abc.xml", "content-type": "text/xml"},
        {"URL": "https://journal.example/abc.pdf", "content-type": "application/pdf"},
    ],
    "subject": ["Optics", "Optics"],
    "container-title": ["Journal of Fog"],
}


def _page(*items: object, total: object = None) -> dict[str, Any]:
    total = len(items) if total is None else total
    return {"status": "ok", "message-type": "work-list", "message": {"total-results": total, "items": items}}


def _read(value: object, url: str = _URL) -> Listing:
    body = value if isinstance(value, bytes) else json.dumps(value).encode()
    return crossref.parse(_OPTIONS, Answer(url, body, _NOW))


def _asked(url: str) -> dict[str, str]:
    return dict(parse_qsl(urlsplit(url).query))


def test_an_author_keeps_the_orcid_that_checks() -> None:
    assert _read(_page(_WORK)).entries[0].author_ids == ("0000-0002-1825-0097", "", "")
    slip = {**_WORK, "author": [{"family": "Bee", "ORCID": "https://orcid.org/0000-0002-1825-0098"}]}
    assert _read(_page(slip)).entries[0].author_ids == ("",)


def test_the_articles_of_the_last_days_are_asked_for() -> None:
    (request,) = crossref.requests(_OPTIONS, date(2026, 3, 3))
    asked = _asked(request.url)
    assert request.url.startswith("https://api.crossref.org/works?filter=issn:0028-0836,issn:1095-9203,")
    assert asked["filter"].endswith(",type:journal-article,from-created-date:2026-02-25")
    assert (asked["rows"], asked["offset"], asked["sort"], asked["order"]) == ("200", "0", "created", "asc")
    assert "DOI,title," in asked["select"]
    assert "mailto" not in asked
    polite = _OPTIONS.model_copy(update={"mailto": "ada@example.org"})
    assert _asked(crossref.requests(polite, date(2026, 3, 3))[0].url)["mailto"] == "ada@example.org"


def test_the_past_is_asked_for_by_the_month_without_a_gap() -> None:
    asked = crossref.past(_OPTIONS, date(2026, 1, 1), date(2026, 3, 5))
    ranges = [_asked(request.url)["filter"].split(",")[-2:] for request in asked]
    assert ranges == [
        ["from-created-date:2026-01-01", "until-created-date:2026-01-31"],
        ["from-created-date:2026-02-01", "until-created-date:2026-03-03"],
        ["from-created-date:2026-03-04", "until-created-date:2026-03-05"],
    ]
    (day,) = crossref.past(_OPTIONS, date(2026, 1, 1), date(2026, 1, 1))
    assert day.url.count("2026-01-01") == 2


@pytest.mark.parametrize(
    ("written", "issn"), [("0028-0836", "0028-0836"), ("00280836", "0028-0836"), ("2434-561x", "2434-561X")]
)
def test_an_issn_is_read_with_and_without_its_hyphen(written: str, issn: str) -> None:
    assert crossref.Options(issn=(written,)).issn == (issn,)


@pytest.mark.parametrize(
    "wrong",
    [
        {"issn": []}, {"issn": ["0028-0837"]}, {"issn": ["0028-083"]}, {"issn": ["0820-0836"]}, {"issn": ["2434-5610"]},
        {"issn": ["Nature"]}, {"issn": ["0028-0836"], "mailto": "ada&x=1@example.org"},
        {"issn": ["0028-0836"], "days": 0}, {"issn": ["0028-0836"], "base_url": "x"}, {"issn": ["0028-0836"], "x": 1},
    ],
)  # fmt: skip
def test_impossible_options_are_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        crossref.Options(**wrong)


def test_an_article_is_read_in_full() -> None:
    listing = _read(_page(_WORK))
    entry = listing.entries[0]
    assert entry.title == "Lanterns in Fog & Rain"
    assert entry.abstract == "Aim We move one lantern, p < 0.05. Depth follows."
    assert entry.authors == ("Ada Bee Jr", "Dee", "The Lantern Team")
    assert (entry.ids, entry.url) == (("doi:10.1000/abc.1",), "https://doi.org/10.1000/abc.1")
    assert (entry.pdf_url, entry.categories) == ("https://journal.example/abc.pdf", ("Optics", "Journal of Fog"))
    assert (entry.published, entry.published_precision) == (datetime(2026, 11, 9, tzinfo=UTC), "day")
    assert (listing.batch, listing.announced, listing.next, entry.rank) == (None, 1, None, 1)


@pytest.mark.parametrize(
    ("parts", "published"),
    [
        ([[2026, 11, 9]], datetime(2026, 11, 9, tzinfo=UTC)),
        ([[2026, 11]], datetime(2026, 11, 1, tzinfo=UTC)),
        ([[2026]], None),
        ([[None]], None),
        ([[2026, 2, 30]], None),
        ([[2026, 13]], None),
        ([[10**30, 1]], None),
        ([["2026", "11"]], None),
        ([], None),
        (7, None),
    ],
)
def test_dates_count_as_far_as_they_are_stated(parts: object, published: datetime | None) -> None:
    work = {key: value for key, value in _WORK.items() if not key.startswith(("published", "issued"))}
    assert _read(_page({**work, "issued": {"date-parts": parts}})).entries[0].published == published


def test_pages_are_followed_until_all_articles_that_are_counted_were_there() -> None:
    following = _read(_page(_WORK, _WORK, total=5)).next
    assert following is not None
    assert following.url == _URL.replace("offset=0", "offset=2")
    assert _read(_page(_WORK, _WORK, _WORK, total=5), following.url).next is None


def test_f02_a_page_that_counts_articles_and_holds_none_is_an_error() -> None:
    with pytest.raises(ParseError, match="counts 5 articles"):
        _read(_page(total=5))
    assert _read(_page(total=0)).announced == 0
    assert _read(_page(total=5), _URL.replace("offset=0", "offset=5")).entries == ()


def test_articles_that_cannot_be_read_are_reported_and_the_others_stand() -> None:
    listing = _read(_page(3, {**_WORK, "title": []}, {**_WORK, "DOI": None}, _WORK))
    assert [str(oddity) for oddity in listing.oddities] == [
        "item 1: is not an article", "item 2: has no title", "item 3: has no DOI",
    ]  # fmt: skip
    assert (len(listing.entries), listing.announced) == (1, 4)


def test_links_lead_only_to_the_web() -> None:
    pdf = {"URL": "javascript:x", "content-type": "application/pdf"}
    entry = _read(_page({**_WORK, "URL": "ftp://x", "link": [pdf]})).entries[0]
    assert (entry.url, entry.pdf_url) == ("https://doi.org/10.1000/abc.1", None)


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        (b"", "empty"), (b"<html>", "web page"), (b"7", "no list"), ([], "no list"), ({"message": {}}, "no list"),
        (_page(1, 2), "none of the 2 items"),
        ({"status": "failed", "message": [{"type": "validation-failure", "message": "no such filter"}]}, "no such filter"),
        ({"status": "error", "message": {"message": "come back later"}}, "come back later"),
        ({"status": "error", "message": "out of order"}, "out of order"),
    ],
)  # fmt: skip
def test_f01_what_is_no_page_is_refused_with_a_reason(value: object, reason: str) -> None:
    with pytest.raises(ParseError, match=reason):
        _read(value)


_KEYS = st.sampled_from([*_WORK, "message", "items", "total-results", "date-parts", "given"]) | st.text(max_size=5)
_ANY = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(_KEYS, inner, max_size=6),
    max_leaves=25,
)


@given(_ANY, st.dictionaries(st.sampled_from(list(_WORK)), _ANY))
def test_any_json_is_read_or_refused(value: object, work: dict[str, object]) -> None:
    for whole in (value, _page(value, {**_WORK, **work}), {"message": {"items": [work], "total-results": value}}):
        try:
            listing = _read(whole)
        except ParseError as error:
            assert error.reason  # noqa: PT017  # a listing or a ParseError: both are right
        else:
            assert all(entry.title and entry.ids for entry in listing.entries)
            assert len(listing.entries) <= listing.announced


def test_affiliations_of_all_authors_are_read_each_once() -> None:
    places = [{"name": "Fog <i>University</i>"}, {"name": " "}, 7]
    people = [
        {"family": "Bee", "affiliation": places},
        {"family": "Dee", "affiliation": [*places, {"name": "A Lab"}]},
        {"family": "Eff", "affiliation": "A Lab"},
        {"family": "Gee"},
    ]
    assert _read(_page({**_WORK, "author": people})).entries[0].institutions == ("Fog University", "A Lab")
