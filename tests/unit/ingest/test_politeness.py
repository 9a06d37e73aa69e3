"""What a site asks of those who read it."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.ingest.politeness import fresh_for, headers_of, pace, refusal, retry_after, sendable
from monitor.testing import NOON

NOON_SAID = "Wed, 04 Mar 2026 12:00:00 GMT"


def seconds(wait):
    return wait and wait.total_seconds()


@pytest.mark.parametrize(
    ("said", "wait"),
    [
        ("120", 120),
        (" 120 ", 120),
        ("0", 60),
        ("-5", 60),
        ("86401", 86400),
        ("315360000", 86400),
        ("9" * 5000, 86400),
        ("Wed, 04 Mar 2026 13:00:00 GMT", 3600),
        ("Wednesday, 04-Mar-26 13:00:00 GMT", 3600),
        ("Wed Mar  4 13:00:00 2026", 3600),
        ("Wed, 04 Mar 2020 13:00:00 GMT", 60),
        ("Wed, 04 Mar 2099 13:00:00 GMT", 86400),
        ("soon", None),
        ("1.5", None),
        ("", None),
        ("٣", None),
    ],
)
def test_f20_a_wait_is_kept_between_a_minute_and_a_day(said, wait):
    assert seconds(retry_after({"retry-after": said}, NOON)) == wait


def test_f20_a_date_is_meant_by_the_servers_own_clock():
    headers = {"retry-after": "Wed, 04 Mar 2026 13:00:00 GMT", "date": "Wed, 04 Mar 2026 12:50:00 GMT"}
    assert seconds(retry_after(headers, NOON)) == 600


@pytest.mark.parametrize(
    ("headers", "fresh"),
    [
        ({}, None),
        ({"cache-control": "max-age=600"}, 600),
        ({"cache-control": 'public, Max-Age="600"'}, 600),
        ({"cache-control": "max-age=600, max-age=5"}, 600),
        ({"cache-control": "max-age=600", "age": "500"}, 100),
        ({"cache-control": "max-age=600", "age": "600"}, None),
        ({"cache-control": "max-age=600", "age": "-1"}, 600),
        ({"cache-control": "max-age=600, no-cache"}, None),
        ({"cache-control": "NO-STORE, max-age=600"}, None),
        ({"cache-control": "s-maxage=600"}, None),
        ({"cache-control": "x-max-age=600"}, None),
        ({"cache-control": "max-age=-600"}, None),
        ({"cache-control": "max-age=soon", "expires": "Wed, 04 Mar 2026 13:00:00 GMT"}, None),
        ({"cache-control": "max-age=31536000"}, 86400),
        ({"cache-control": f"max-age={'9' * 4000}"}, 86400),
        ({"expires": "Wed, 04 Mar 2026 13:00:00 GMT"}, 3600),
        ({"expires": "Wed, 04 Mar 2026 13:00:00 GMT", "date": "Wed, 04 Mar 2026 12:30:00 GMT"}, 1800),
        ({"expires": "Wed, 04 Mar 2026 13:00:00 GMT", "cache-control": "max-age=60"}, 60),
        ({"expires": "0"}, None),
        ({"expires": NOON_SAID}, None),
    ],
)
def test_how_long_an_answer_is_fresh(headers, fresh):
    assert seconds(fresh_for(headers, NOON)) == fresh


@given(
    st.dictionaries(
        st.sampled_from(["retry-after", "date", "expires", "age", "cache-control"]),
        st.text(max_size=40) | st.sampled_from([NOON_SAID, "Fri, 31 Dec 9999 23:59:59 -2359", "Mon, 01 Jan 0001 00:00:00 +2359", "Thu, 01 Jan 1970 00:00:00 +99999999"]),
    )
)  # fmt: skip
def test_no_header_breaks_the_reading(headers):
    for wait in (retry_after(headers, NOON), fresh_for(headers, NOON)):
        assert wait is None or timedelta() < wait <= timedelta(days=1)


@pytest.mark.parametrize("validator", ['"x"', 'W/"x y"', "bare", "31 Feb 2999", '"\xff"', '""', "x" * 4096])
def test_f21_a_validator_is_kept_as_it_is(validator):
    assert sendable(validator) == validator


@pytest.mark.parametrize(
    "validator", [None, "", "x" * 4097, '"a\nb"', '"a\r\nX: 1"', "\x1b[31m", "a\tb", "\x85", "\u2028"]
)
def test_f21_a_validator_that_cannot_be_sent_is_dropped(validator):
    assert sendable(validator) is None


def test_a_list_sent_in_two_fields_is_one_and_of_other_fields_the_first_counts():
    fields = [(b"ETag", b"1"), (b"Cache-Control", b"public"), (b"etag", b"2"), (b"cache-control", b"max-age=1")]
    assert headers_of(fields) == {"etag": "1", "cache-control": "public, max-age=1"}


@pytest.mark.parametrize(
    ("url", "site"),
    [
        ("https://export.arxiv.org/api", ("arxiv.org", 3)),
        ("https://arxiv.org/", ("arxiv.org", 3)),
        ("https://notarxiv.org/", ("notarxiv.org", 0)),
        ("https://arxiv.org.example.org:8080/", ("arxiv.org.example.org", 0)),
    ],
)
def test_f44_all_hosts_of_arxiv_are_one_site(url, site):
    assert pace(url) == site


@pytest.mark.parametrize("status", [300, 304, 401, 403, 404, 410, 418, 429, 451, 500, 503, 599])
def test_f19_every_refusal_is_told_with_its_status_and_what_comes_of_it(status):
    told = refusal(status, {})
    assert str(status) in told
    assert "; " in told


def test_f01_a_check_for_robots_is_no_plain_refusal():
    assert refusal(403, {"cf-mitigated": "challenge"}) != refusal(403, {})
