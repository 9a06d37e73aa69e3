"""Faults of sites and of those between, each by its id, over real sockets on loopback."""

import asyncio
import gzip
import random
import re
import time

import pytest

from monitor import __version__
from monitor.clock import FrozenClock, SystemClock
from monitor.ingest.fetch import HttpFetcher, Validators
from monitor.testing import NOON
from monitor.types.listings import Request
from tests.fault_server import FEED, answer, fetched, moved, only_here, packed, play, playing, refused

ASKED_BEFORE = Validators('"x"', "some day")


def test_f01_a_page_in_place_of_a_feed_is_for_the_parser_to_refuse_with_its_type_told():
    assert fetched("/F01/login").answer.content_type == "text/html"


def test_f01_a_check_for_robots_is_named_and_its_page_never_quoted():
    error = refused("/F01/challenge")
    assert error.status == 403
    assert "proof that no robot is reading" in error.reason
    assert "script" not in error.reason


def test_f02_an_empty_answer_is_an_answer_and_not_an_error_of_the_wire():
    assert fetched("/F02/empty").answer.body == b""


@pytest.mark.parametrize("path", ["/F07/long", "/F07/endless"])
def test_f07_more_than_10_mb_is_cut_off(path):
    assert "larger than 10 MB" in refused(path).reason


@pytest.mark.parametrize("path", ["/F07/short", "/F07/no number", "/F07/two lengths"])
def test_f07_a_length_that_is_a_lie_is_an_error(path):
    assert refused(path).reason.startswith("127.0.0.1:")


def test_f07_what_follows_the_declared_length_is_never_read_as_another_answer():
    got, server = play("/F07/more than said")
    assert got.answer.body == FEED
    assert "Connection: close" in server.asked[0].head


def test_f08_a_bomb_is_stopped_by_its_ratio():
    assert "swells to more than 200 times" in refused("/F08/gzip").reason
    assert "swells" in refused("/F08/within the cap").reason


def test_f08_what_unpacks_to_more_than_10_mb_is_cut_off():
    noise = gzip.compress(random.Random(7).randbytes(10_000_001), 1)
    assert "larger than 10 MB" in refused("/x", faults={"/x": packed(noise)}).reason


def test_f08_nested_gzip_is_unpacked_once():
    assert gzip.decompress(fetched("/F08/nested").answer.body) == FEED


@pytest.mark.parametrize("said", ["nested and said", "nested in two headers", "deflate", "br", "zstd"])
def test_f08_a_packing_that_was_not_asked_for_is_refused(said):
    assert "not asked for" in refused(f"/F08/{said}").reason


@pytest.mark.parametrize(
    ("path", "reason"), [("cut off", "cut off"), ("no gzip", "damaged"), ("goes on", "goes on after")]
)
def test_f08_a_damaged_packing_is_an_error(path, reason):
    assert reason in refused(f"/F08/{path}").reason


@pytest.mark.parametrize("path", ["no answer", "drips", "stalls", "does not close"])
def test_f09_an_answer_that_does_not_end_in_time_is_given_up(path):
    assert "no complete answer within 0.2 s" in refused(f"/F09/{path}", seconds=0.2).reason


def test_f09_a_whole_answer_need_not_wait_for_the_connection_to_end():
    assert fetched("/F09/whole, then open").answer.body == FEED


def test_f09_redirects_share_the_time_of_their_request():
    async def slowly(write):
        await asyncio.sleep(0.4)
        await write(moved(302, "/F09/slow"))

    begun = time.monotonic()
    assert "no complete answer" in refused("/F09/slow", faults={"/F09/slow": slowly}, seconds=0.4).reason
    assert time.monotonic() - begun < 0.8


@pytest.mark.parametrize("path", ["301", "308", "twice for good"])
def test_f17_a_move_for_good_is_told(path):
    got, server = play(f"/F17/{path}")
    assert got.moved_to == f"{server.here}/ok"
    assert got.answer.url == got.moved_to


@pytest.mark.parametrize("path", ["302", "307", "for good, then not"])
def test_f17_a_move_for_now_is_not_told(path):
    assert fetched(f"/F17/{path}").moved_to is None
    assert fetched("/ok").moved_to is None


def test_f17_a_move_to_nothing_is_an_error_and_no_move():
    assert refused("/F17/to nothing").status == 404


def test_f18_changed_validators_of_an_unchanged_answer_are_kept():
    got = fetched("/F18/changed", ASKED_BEFORE)
    assert (got.answer, got.validators) == (None, Validators('"new"', "some day"))
    assert fetched("/F18/same", ASKED_BEFORE).validators == ASKED_BEFORE


def test_f18_unchanged_without_having_asked_is_an_error():
    assert refused("/F18/changed").status == 304
    assert refused("/there", ASKED_BEFORE, faults={"/there": moved(302, "/F18/changed")}).status == 304


@pytest.mark.parametrize(
    ("status", "reason"),
    [(410, "gone for good"), (404, "nothing at this address"), (403, "refuses us"), (451, "legal")],
)
def test_f19_what_a_refusal_means_is_told(status, reason):
    error = refused(f"/F19/{status}")
    assert error.status == status
    assert reason in error.reason
    assert str(status) in error.reason


def test_f19_what_leads_for_now_to_something_gone_is_not_gone_itself():
    faults = {"/now": moved(302, "/F19/410"), "/for good": moved(301, "/F19/410")}
    assert refused("/now", faults=faults).status is None
    assert refused("/for good", faults=faults).status == 410


@pytest.mark.parametrize(
    ("path", "seconds"),
    [("seconds", 120), ("date", 7200), ("negative", 60), ("10 years", 86400), ("garbage", None), ("on a 404", 3600)],
)
def test_f20_a_wait_that_is_asked_for_is_told_within_bounds(path, seconds):
    wait = refused(f"/F20/{path}").retry_after
    assert (wait and wait.total_seconds()) == seconds


def test_f21_f22_validators_are_echoed_byte_for_byte():
    given = fetched("/ok").validators
    assert given == Validators('W/"a  b"', "yesterday-ish")
    _, server = play("/ok", given)
    assert 'If-None-Match: W/"a  b"\r\n' in server.asked[0].head
    assert "If-Modified-Since: yesterday-ish\r\n" in server.asked[0].head


def test_f21_a_validator_that_cannot_be_echoed_is_dropped():
    assert fetched("/F21/huge").validators == Validators(None, "today")
    assert fetched("/F21/control").validators == Validators()
    _, server = play("/ok", Validators('"a\r\nX-Bad: 1"', "\u2028"))
    assert "If-" not in server.asked[0].head
    assert "X-Bad" not in server.asked[0].head


def test_f22_a_date_that_is_none_is_kept_as_it_is():
    modified = fetched("/F22/garbage").validators.last_modified
    _, server = play("/ok", Validators(None, modified))
    assert f"If-Modified-Since: {modified}\r\n" in server.asked[0].head


def test_f23_a_server_that_ignores_conditions_is_read():
    got, server = play("/ok", ASKED_BEFORE)
    assert got.answer.body == FEED
    assert 'If-None-Match: "x"' in server.asked[0].head


def test_f21_validators_are_not_sent_to_another_address():
    _, server = play("/F17/302", ASKED_BEFORE)
    assert ["If-None-Match" in asked.head for asked in server.asked] == [True, False]


def test_f24_cookies_are_not_sent_back_and_nobody_learns_where_we_come_from():
    _, server = play("/F24")
    assert [asked.target for asked in server.asked] == ["/F24", "/F24/there"]
    assert not any(re.search(r"(?im)^(cookie|referer|authorization)", asked.head) for asked in server.asked)


def test_f45_the_user_agent_names_product_version_and_contact():
    _, server = play("/F24")
    wanted = f"User-Agent: paper-monitor/{__version__} (+https://lab.example.org)\r\n"
    assert all(wanted in asked.head for asked in server.asked)


@pytest.mark.parametrize(
    "path",
    ["http2", "garbage", "hang up", "chunks", "cut chunk", "64 KB header", "endless header", "1000 headers", "switch"],
)
def test_f42_what_is_no_http_is_an_error(path):
    error = refused(f"/F42/{path}")
    assert error.reason.startswith("127.0.0.1:")
    assert "no complete answer" not in error.reason


def test_f42_an_answer_in_crumbs_is_given_up_before_it_takes_long():
    assert "chunks of a few bytes" in refused("/F42/crumbs").reason


def test_f42_a_flood_of_interim_answers_is_ended_by_its_size():
    assert "does not end" in refused("/F42/1xx", seconds=30).reason


def test_f44_a_hundred_feeds_of_one_site_are_asked_one_at_a_time_in_order_and_3_s_apart():
    clock = FrozenClock(NOON)
    paths = [f"/rss/{number}" for number in range(100)]

    async def main():
        async with playing(dict.fromkeys(paths, answer(200, body=FEED)), clock=clock) as server:
            hosts = [f"{('rss', 'export')[number % 2]}.arxiv.org" for number in range(100)]
            fetcher = HttpFetcher(clock, "me", hosts, resolve=only_here)
            urls = [f"http://{host}:{server.port}{path}" for host, path in zip(hosts, paths, strict=True)]
            await asyncio.gather(*(fetcher.fetch("src", Request(url), Validators()) for url in urls))
            await fetcher.close()
            return server

    server = asyncio.run(main())
    assert server.most_at_once == 1
    assert [asked.target for asked in server.asked] == paths
    gaps = {
        (after.at - before.at).total_seconds() for before, after in zip(server.asked, server.asked[1:], strict=False)
    }
    assert gaps == {3.0}


def test_f44_waiting_for_a_turn_does_not_count_as_time_of_the_request():
    async def slowly(write):
        await asyncio.sleep(0.4)
        await write(answer(200, body=FEED))

    async def main():
        async with playing({"/slow": slowly}) as server:
            fetcher = HttpFetcher(SystemClock(), "me", ["127.0.0.1"], seconds=1.5)
            asked = [fetcher.fetch("src", Request(f"{server.here}/slow"), Validators()) for _ in range(5)]
            got = await asyncio.gather(*asked)
            await fetcher.close()
            return got, server

    got, server = asyncio.run(main())
    assert [one.answer.body for one in got] == [FEED] * 5
    assert server.most_at_once == 1


def test_f44_a_redirect_to_another_site_takes_that_sites_turn_and_gives_back_the_first():
    """Two sites that point at each other would wait for ever if a turn was kept while waiting for the next."""

    async def main():
        faults = {
            "/a": moved(302, "http://b.example.org:{port}/ok"),
            "/b": moved(302, "http://a.example.org:{port}/ok"),
        }
        async with playing(faults) as server:
            names = ["a.example.org", "b.example.org"]
            fetcher = HttpFetcher(SystemClock(), "me", names, resolve=only_here, seconds=2)
            asked = [Request(f"http://{host}:{server.port}/{host[0]}") for host in names]
            got = await asyncio.wait_for(
                asyncio.gather(*(fetcher.fetch("src", one, Validators()) for one in asked)), timeout=2
            )
            await fetcher.close()
            return [one.answer.body for one in got if one.answer]

    assert asyncio.run(main()) == [FEED, FEED]


def test_f44_many_sites_are_asked_at_once_without_waiting_for_each_other():
    async def slowly(write):
        await asyncio.sleep(0.3)
        await write(answer(200, body=FEED))

    async def main():
        async with playing({"/slow": slowly}) as server:
            names = [f"{number}.example.org" for number in range(25)]
            fetcher = HttpFetcher(SystemClock(), "me", names, resolve=only_here)
            asked = [Request(f"http://{name}:{server.port}/slow") for name in names]
            await asyncio.gather(*(fetcher.fetch("src", one, Validators()) for one in asked))
            await fetcher.close()
            return server.most_at_once

    assert asyncio.run(main()) == 25
