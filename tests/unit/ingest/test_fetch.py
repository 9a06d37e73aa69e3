"""The only HTTP client, against a server on loopback that answers as it is told."""

import asyncio
import gzip
from contextlib import asynccontextmanager

import pytest

from monitor.clock import FrozenClock, SystemClock
from monitor.errors import FetchError
from monitor.ingest import fetch as fetching
from monitor.ingest.fetch import HttpFetcher, Validators
from monitor.ingest.gate import is_public
from monitor.testing import NOON
from monitor.types.listings import Request


@asynccontextmanager
async def serving(*answers):
    """A server that gives one raw answer after the other; yields its address and the requests that came."""
    left, asked = list(answers), []

    async def handle(reader, writer):
        try:
            asked.append((await reader.readuntil(b"\r\n\r\n")).decode())
            writer.write(left.pop(0))
            await writer.drain()
        finally:
            writer.close()

    server = await asyncio.start_server(handle, "127.0.0.1", 0)
    async with server:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}", asked


def ok(body=b"hello", *headers):
    lines = [b"HTTP/1.1 200 OK", b"Content-Length: %d" % len(body), b"Connection: close", *headers]
    return b"\r\n".join(lines) + b"\r\n\r\n" + body


async def fetched(url, validators=None, allow=("127.0.0.1",)):
    fetcher = HttpFetcher(SystemClock(), "mailto:me@example.org", allow)
    try:
        return await fetcher.fetch("src", Request(url), validators or Validators())
    finally:
        await fetcher.close()


def run(answers, path="/", **options):
    """Fetch ``path`` from a server that gives ``answers``; returns what was fetched and what was asked."""

    async def main():
        async with serving(*answers) as (base, asked):
            return await fetched(base + path, **options), asked

    return asyncio.run(main())


def test_an_answer_comes_whole_with_its_validators():
    got, _ = run([ok(b"body", b'ETag: W/"a b"', b"Last-Modified: yesterday-ish", b"Content-Type: text/xml")])
    assert (got.answer.body, got.answer.content_type) == (b"body", "text/xml")
    assert got.validators == Validators('W/"a b"', "yesterday-ish")


def test_f45_the_user_agent_names_product_version_and_contact():
    _, asked = run([ok()])
    assert "User-Agent: paper-monitor/" in asked[0]
    assert "(+mailto:me@example.org)" in asked[0]


def test_f21_f22_validators_are_echoed_byte_for_byte():
    _, asked = run([ok()], validators=Validators('W/"x"', "garbage date"))
    assert 'If-None-Match: W/"x"\r\n' in asked[0]
    assert "If-Modified-Since: garbage date\r\n" in asked[0]


def test_f18_not_modified_means_no_answer_and_the_same_validators():
    got, _ = run([b"HTTP/1.1 304 Not Modified\r\nConnection: close\r\n\r\n"], validators=Validators('"x"'))
    assert (got.answer, got.validators) == (None, Validators('"x"'))


def test_f18_not_modified_without_having_asked_is_an_error():
    with pytest.raises(FetchError, match="304"):
        run([b"HTTP/1.1 304 Not Modified\r\nConnection: close\r\n\r\n"])


@pytest.mark.parametrize("status", [403, 404, 410, 429, 500, 503])
def test_other_answers_are_errors_that_name_source_and_status(status):
    with pytest.raises(FetchError, match=f"src: .*{status}"):
        run([b"HTTP/1.1 %d No\r\nContent-Length: 0\r\nConnection: close\r\n\r\n" % status])


def test_a_packed_answer_is_unpacked():
    got, _ = run([ok(gzip.compress(b"hello"), b"Content-Encoding: gzip")])
    assert got.answer.body == b"hello"


def test_f08_a_bomb_is_stopped_at_the_cap():
    bomb = gzip.compress(b"\0" * 200_000_000)
    with pytest.raises(FetchError, match="larger than 10 MB"):
        run([ok(bomb, b"Content-Encoding: gzip")])


def test_f07_a_body_over_the_cap_is_an_error():
    with pytest.raises(FetchError, match="larger than 10 MB"):
        run([ok(b"x" * 10_000_001)])


def test_f08_an_encoding_that_was_not_asked_for_is_refused():
    with pytest.raises(FetchError, match="zstd"):
        run([ok(b"x", b"Content-Encoding: zstd")])


def test_f04_a_packed_answer_that_was_cut_off_is_an_error():
    with pytest.raises(FetchError, match="cut off"):
        run([ok(gzip.compress(b"hello" * 100)[:-9], b"Content-Encoding: gzip")])


def test_f07_a_body_shorter_than_declared_is_an_error():
    with pytest.raises(FetchError):
        run([b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\nConnection: close\r\n\r\nshort"])


def moved(to):
    return f"HTTP/1.1 302 Found\r\nLocation: {to}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n".encode()


def test_a_redirect_is_followed_without_the_validators():
    got, asked = run([moved("/there"), ok(b"moved")], validators=Validators('"x"'))
    assert got.answer.url.endswith("/there")
    assert "If-None-Match" in asked[0]
    assert "If-None-Match" not in asked[1]


def test_f13_a_redirect_loop_is_stopped():
    with pytest.raises(FetchError, match="more than 5 redirects"):
        run([moved("/again")] * 10)


@pytest.mark.parametrize(
    "to", ["file:///etc/passwd", "ftp://x/y", "javascript:alert(1)", "http://user@127.0.0.1/", "data:,x"]
)
def test_f13_a_redirect_to_anything_but_plain_http_is_refused(to):
    with pytest.raises(FetchError, match="refused"):
        run([moved(to)])


def test_f14_a_redirect_into_a_private_network_is_refused_at_connect_time():
    with pytest.raises(FetchError, match="private network"):
        run([moved("http://127.0.0.2:9/")])


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1",
        "localhost",
        "[::1]",
        "2130706433",
        "0x7f.1",
        "169.254.169.254",
        "10.0.0.1",
        "100.64.0.1",
        "[::ffff:127.0.0.1]",
    ],
)
def test_f14_private_addresses_are_refused_in_all_their_spellings(host):
    with pytest.raises(FetchError):
        asyncio.run(fetched(f"http://{host}:9/", allow=()))


@pytest.mark.parametrize(
    "address",
    [
        "64:ff9b::7f00:1",
        "2002:7f00:1::",
        "::127.0.0.1",
        "224.0.0.1",
        "192.88.99.1",
        "0.0.0.0",
        "fe80::1%eth0",
        "not-an-ip",
    ],
)
def test_f14_addresses_that_only_look_public_are_not(address):
    assert not is_public(address)


def test_a_public_address_is_public():
    assert is_public("1.1.1.1")
    assert is_public("2606:4700::1111")


def test_f42_garbage_instead_of_http_is_an_error():
    with pytest.raises(FetchError):
        run([b"\x00\xff garbage\r\n\r\n"])


def test_s01_nobody_listening_is_an_error_that_names_the_host():
    with pytest.raises(FetchError, match=r"127\.0\.0\.1:1"):
        asyncio.run(fetched("http://127.0.0.1:1/"))


def test_f09_an_answer_that_does_not_end_is_given_up(monkeypatch):
    monkeypatch.setattr(fetching, "MAX_SECONDS", 0.05)
    with pytest.raises(FetchError, match="no complete answer"):
        asyncio.run(stalled())


async def stalled():
    release = asyncio.Event()

    async def handle(_reader, writer):
        await release.wait()
        writer.close()

    server = await asyncio.start_server(handle, "127.0.0.1", 0)
    async with server:
        try:
            await fetched(f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/")
        finally:
            release.set()


def test_f44_two_requests_to_arxiv_are_three_seconds_apart():
    clock = FrozenClock(NOON)
    fetcher = HttpFetcher(clock, "x")

    async def main():
        for url in ("http://export.arxiv.org/a", "http://rss.arxiv.org/b"):
            async with fetcher._paced(url):
                pass
        await fetcher.close()

    asyncio.run(main())
    assert (clock.now() - NOON).total_seconds() == 3
