"""The only HTTP client, against a server on loopback; what goes wrong is in acceptance/test_faults_*.py."""

import asyncio
import gzip
from contextlib import asynccontextmanager
from datetime import timedelta

import pytest

from monitor.clock import FrozenClock
from monitor.errors import FetchError
from monitor.ingest.fetch import HttpFetcher, Validators
from monitor.testing import NOON
from monitor.types.listings import Request
from tests.fault_server import FEED, answer, fetched, moved, only_here, packed, play, playing, refused


def test_an_answer_comes_whole_with_its_validators_and_type():
    got = fetched("/ok")
    assert (got.answer.body, got.answer.content_type) == (FEED, "text/xml")
    assert got.validators == Validators('W/"a  b"', "yesterday-ish")
    assert got.fresh_for is None


def test_a_packed_answer_is_unpacked():
    assert fetched("/x", faults={"/x": packed(gzip.compress(FEED))}).answer.body == FEED
    assert fetched("/x", faults={"/x": packed(gzip.compress(FEED), "X-GZIP")}).answer.body == FEED


def test_how_long_an_answer_is_fresh_is_told_for_changed_and_unchanged_ones():
    fresh = {"/x": answer(200, "Cache-Control: max-age=600"), "/y": answer(304, "Cache-Control: max-age=60")}
    assert fetched("/x", faults=fresh).fresh_for == timedelta(minutes=10)
    assert fetched("/y", Validators('"x"'), faults=fresh).fresh_for == timedelta(minutes=1)


def test_an_address_is_asked_for_as_it_is_meant():
    _, server = play("/é a?q=ü%20", faults={})
    assert server.asked[0].target == "/%C3%A9%20a?q=%C3%BC%20"
    _, server = play("/x", faults={"/x": "HTTP/1.1 302 X\r\nLocation: /é\r\nContent-Length: 0\r\n\r\n".encode()})
    assert server.asked[1].target == "/%C3%A9"


def test_nobody_listening_is_an_error_that_names_the_host():
    assert refused("http://127.0.0.1:1/").reason.startswith("127.0.0.1:1:")


ROBOTS = "/robots.txt"
FORBIDDING = answer(200, body=b"User-agent: *\nDisallow: /F02")


def test_a_feed_is_read_without_asking_robots_txt():
    _, server = play("/F02/empty", faults={ROBOTS: FORBIDDING})
    assert [asked.target for asked in server.asked] == ["/F02/empty"]


def test_a_page_that_robots_txt_disallows_is_not_read():
    got, server = play("/F02/empty", faults={ROBOTS: FORBIDDING}, robots=True)
    assert "asks robots not to read this page; use a feed" in got.reason
    assert [asked.target for asked in server.asked] == [ROBOTS]


def test_a_page_that_robots_txt_allows_is_read():
    got, server = play("/ok", faults={ROBOTS: FORBIDDING}, robots=True)
    assert got.answer.body == FEED
    assert [asked.target for asked in server.asked] == [ROBOTS, "/ok"]


@pytest.mark.parametrize("status", [404, 403, 410])
def test_a_site_without_robots_txt_allows_all(status):
    assert fetched("/ok", faults={ROBOTS: answer(status)}, robots=True).answer.body == FEED


@pytest.mark.parametrize("status", [429, 503])
def test_no_page_is_read_while_robots_txt_cannot_be_had(status):
    faults = {ROBOTS: answer(status, "Retry-After: 120")}
    error = refused("/ok", faults=faults, robots=True)
    assert "robots.txt cannot be had" in error.reason
    assert (error.status, error.retry_after) == (None, timedelta(minutes=2))


def test_a_page_that_moves_to_a_disallowed_one_is_not_read():
    faults = {ROBOTS: FORBIDDING, "/x": moved(302, "/F02/empty")}
    _, server = play("/x", faults=faults, robots=True)
    assert [asked.target for asked in server.asked] == [ROBOTS, "/x"]


class NotedTurns:
    """Turns that are always free, and noted."""

    def __init__(self):
        self.given = []

    @asynccontextmanager
    async def turn(self, site, pause):
        self.given.append((site, pause))
        yield


def test_every_request_takes_its_sites_turn_with_the_pause_that_the_site_wants():
    turns = NotedTurns()
    faults = {ROBOTS: answer(200, body=b"User-agent: paper-monitor\nCrawl-delay: 7")}
    faults["/x"] = moved(302, "http://export.arxiv.org:{port}/ok")
    names = ("a.example.org", "export.arxiv.org")
    fetched("/x", faults=faults, name=names[0], allow_hosts=names, resolve=only_here, turns=turns, robots=True)
    assert turns.given == [("a.example.org", 0), ("a.example.org", 7), ("arxiv.org", 3), ("arxiv.org", 7)]


def test_robots_txt_is_read_once_a_day():
    clock = FrozenClock(NOON)

    async def main():
        async with playing({ROBOTS: FORBIDDING}) as server:
            fetcher = HttpFetcher(clock, "me", ["127.0.0.1"])
            page = Request(f"{server.here}/ok", robots=True)
            await asyncio.gather(*(fetcher.fetch("src", page, Validators()) for _ in range(3)))
            await clock.sleep(23 * 3600)
            await fetcher.fetch("src", page, Validators())
            before = [asked.target for asked in server.asked].count(ROBOTS)
            await clock.sleep(3600)
            await fetcher.fetch("src", page, Validators())
            await fetcher.close()
            return before, [asked.target for asked in server.asked].count(ROBOTS)

    assert asyncio.run(main()) == (1, 2)


def test_a_source_is_named_in_what_went_wrong():
    with pytest.raises(FetchError, match=r"^src: 127\.0"):
        raise refused("/F19/404")
