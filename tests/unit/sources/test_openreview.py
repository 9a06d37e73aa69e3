"""Pages of OpenReview's lists, in both versions of its interface, and what should not come."""

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
from monitor.sources import openreview
from monitor.types.listings import Answer, Listing

_NOW = datetime(2026, 11, 20, 9, tzinfo=UTC)
_OPTIONS = openreview.Options(venue="ICLR.cc/2026/Conference")
_URL = "https://api2.openreview.net/notes?content.venueid=ICLR.cc/2026/Conference&limit=400&offset=0"
_PLAIN: dict[str, Any] = {
    "title": "Lanterns in\n the Fog",
    "authors": ["Ada Bee", "Carl van der Dee"],
    "authorids": ["~Ada_Bee1", "~Carl_van_der_Dee1"],
    "abstract": "We move one lantern along a known path, $p < 0.05$.",
    "keywords": ["lanterns", "depth from fog", "lanterns"],
    "TLDR": "A moving lantern measures depth in fog.",
    "pdf": "/pdf/5a5a5a.pdf",
    "venue": "ICLR 2026 poster",
    "venueid": "ICLR.cc/2026/Conference",
    "html": "https://arxiv.org/abs/2611.01234",
    "_bibtex": "@inproceedings{bee2026,\ntitle={Lanterns},\ndoi = {10.1000/ABC},\nurl={https://openreview.net/forum?id=f0G}}",
}
_NOTE: dict[str, Any] = {
    "id": "f0G-x_1", "forum": "f0G-x_1", "number": 7, "cdate": 1_790_000_000_000, "tcdate": 1_790_000_000_000,
    "pdate": 1_795_000_000_000, "mdate": 1_796_000_000_000, "content": {k: {"value": v} for k, v in _PLAIN.items()},
}  # fmt: skip


def _read(value: object, url: str = _URL) -> Listing:
    body = value if isinstance(value, bytes) else json.dumps(value).encode()
    return openreview.parse(_OPTIONS, Answer(url, body, _NOW))


def test_a_venue_or_an_invitation_is_asked_for_by_the_page() -> None:
    (venue,) = openreview.requests(_OPTIONS, date(2026, 11, 20))
    assert venue.url == _URL
    options = openreview.Options(
        invitation="ICLR.cc/2026/Conference/-/Submission", base_url="https://api.openreview.net"
    )
    (invitation,) = openreview.requests(options, date(2026, 11, 20))
    assert invitation.url.startswith("https://api.openreview.net/notes?")
    assert dict(parse_qsl(urlsplit(invitation.url).query)) == {
        "invitation": "ICLR.cc/2026/Conference/-/Submission", "limit": "400", "offset": "0",
    }  # fmt: skip


@pytest.mark.parametrize(
    "wrong",
    [
        {}, {"venue": "A", "invitation": "B"}, {"venue": ""}, {"venue": "A&x=1"}, {"venue": "A B"}, {"venue": "A\n"},
        {"invitation": "../x?"}, {"venue": "A", "base_url": "ftp://x"}, {"venue": "A", "x": 1},
    ],
)  # fmt: skip
def test_impossible_options_are_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        openreview.Options(**wrong)


@pytest.mark.parametrize("note", [_NOTE, {**_NOTE, "content": _PLAIN}], ids=["version 2", "version 1"])
def test_a_paper_is_read_in_full(note: dict[str, Any]) -> None:
    listing = _read({"notes": [note], "count": 1})
    entry = listing.entries[0]
    assert (entry.title, entry.abstract) == ("Lanterns in the Fog", _PLAIN["abstract"])
    assert (entry.authors, entry.categories) == (("Ada Bee", "Carl van der Dee"), ("lanterns", "depth from fog"))
    assert entry.author_ids == ("~Ada_Bee1", "~Carl_van_der_Dee1")
    assert entry.ids == ("openreview:f0G-x_1", "arxiv:2611.01234", "doi:10.1000/abc")
    assert entry.url == "https://openreview.net/forum?id=f0G-x_1"
    assert entry.pdf_url == "https://openreview.net/pdf/5a5a5a.pdf"
    assert entry.published == datetime(2026, 11, 18, 11, 6, 40, tzinfo=UTC)
    assert entry.one_liner == "A moving lantern measures depth in fog."
    assert (listing.batch, listing.announced, listing.next, entry.rank) == (None, 1, None, 1)


def test_an_address_of_mail_is_no_id_of_an_author_and_a_missing_one_moves_no_other() -> None:
    content = {
        **_PLAIN,
        "authors": ["Ada Bee", "", "Carl Dee"],
        "authorids": ["ada@example.org", "~No_Name1", "~Carl_Dee1"],
    }
    (entry,) = _read({"notes": [{**_NOTE, "content": content}], "count": 1}).entries
    assert (entry.authors, entry.author_ids) == (("Ada Bee", "Carl Dee"), ("", "~Carl_Dee1"))


def test_without_a_date_of_publication_the_day_of_submission_counts() -> None:
    note = {key: value for key, value in _NOTE.items() if key != "pdate"}
    assert _read({"notes": [note]}).entries[0].published == datetime(2026, 9, 21, 14, 13, 20, tzinfo=UTC)
    assert _read({"notes": [{**note, "tcdate": None}]}).entries[0].published is not None
    assert _read({"notes": [{**note, "tcdate": "soon", "cdate": 10**30}]}).entries[0].published is None


def test_reviews_and_comments_are_no_papers() -> None:
    review = {"id": "r3view", "forum": "f0G-x_1", "replyto": "f0G-x_1", "content": {"review": {"value": "Fine."}}}
    listing = _read({"notes": [review, _NOTE], "count": 2})
    assert (len(listing.entries), listing.announced, listing.oddities) == (1, 1, ())
    assert _read({"notes": [review], "count": 1}).announced == 0


def test_pages_are_followed_until_all_notes_that_are_counted_were_there() -> None:
    following = _read({"notes": [_NOTE] * 3, "count": 5}).next
    assert following is not None
    assert following.url == _URL.replace("offset=0", "offset=3")
    assert _read({"notes": [_NOTE] * 2, "count": 5}, following.url).next is None


def test_pages_without_a_count_are_followed_while_they_are_full() -> None:
    url = _URL.replace("limit=400", "limit=2")
    following = _read({"notes": [_NOTE] * 2}, url).next
    assert following is not None
    assert following.url == url.replace("offset=0", "offset=2")
    assert _read({"notes": [_NOTE]}, url).next is None
    assert _read({"notes": []}, url).next is None


def test_f02_a_page_that_counts_notes_and_holds_none_is_an_error() -> None:
    with pytest.raises(ParseError, match="counts 5 notes"):
        _read({"notes": [], "count": 5})
    assert _read({"notes": [], "count": 5}, _URL.replace("offset=0", "offset=5")).entries == ()
    assert _read({"notes": [], "count": 0}).announced == 0


def test_links_lead_only_to_the_web() -> None:
    for pdf, url in [
        ("javascript:alert(1)", None),
        ("https://a@b.example/x", None),
        ("https://papers.example/a.pdf", "https://papers.example/a.pdf"),
        ("", "https://arxiv.org/pdf/2611.01234"),
    ]:
        entry = _read({"notes": [{**_NOTE, "content": {**_PLAIN, "pdf": pdf}}]}).entries[0]
        assert entry.pdf_url == url
    listing = _read({"notes": [{**_NOTE, "id": "a&b=c", "forum": "a&b=c"}, _NOTE]})
    assert [str(oddity) for oddity in listing.oddities] == ["note 1: has no id"]


def test_notes_that_cannot_be_read_are_reported_and_the_others_stand() -> None:
    listing = _read({"notes": [3, {"id": "x"}, {**_NOTE, "content": []}, _NOTE], "count": 4})
    assert [oddity.where for oddity in listing.oddities] == ["note 1", "note 2", "note 3"]
    assert (len(listing.entries), listing.announced) == (1, 4)


@pytest.mark.parametrize(
    "value",
    [
        b"", b"<html>", b"7", [], {}, {"notes": {}}, {"notes": [1, 2]},
        {"name": "ForbiddenError", "message": "log in", "status": 403},
    ],
)  # fmt: skip
def test_f01_what_is_no_page_is_refused(value: object) -> None:
    with pytest.raises(ParseError):
        _read(value)


def test_an_error_is_refused_with_its_reason() -> None:
    with pytest.raises(ParseError, match="the site answered with an error: log in"):
        _read({"name": "ForbiddenError", "message": "log in"})


_KEYS = st.sampled_from([*_PLAIN, *_NOTE, "notes", "count", "value", "fullname"]) | st.text(max_size=5)
_ANY = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(_KEYS, inner, max_size=6),
    max_leaves=25,
)


@given(_ANY, st.dictionaries(st.sampled_from(list(_PLAIN)), _ANY), st.dictionaries(st.sampled_from(list(_NOTE)), _ANY))
def test_any_json_is_read_or_refused(value: object, content: dict[str, object], note: dict[str, object]) -> None:
    inside = {**_NOTE, "content": {**_PLAIN, **content}}
    for whole in (value, {"notes": value}, {"notes": [value, inside, {**_NOTE, **note}], "count": value}):
        try:
            listing = _read(whole)
        except ParseError as error:
            assert error.reason  # noqa: PT017  # a listing or a ParseError: both are right
        else:
            assert all(entry.title and entry.ids for entry in listing.entries)
            assert len(listing.entries) <= listing.announced


def test_where_authors_work_is_read_where_they_are_objects() -> None:
    people = [
        {"fullname": "Ada Bee", "institutions": [{"name": "Fog University", "domain": "fog.example"}, 7]},
        {"fullname": "Carl Dee", "institutions": [{"domain": "lab.example"}, {"name": "Fog University"}]},
        "Eve Eff",
    ]
    (entry,) = _read({"notes": [{**_NOTE, "content": {**_PLAIN, "authors": people}}], "count": 1}).entries
    assert (entry.authors, entry.institutions) == (
        ("Ada Bee", "Carl Dee", "Eve Eff"),
        ("Fog University", "lab.example"),
    )
