"""What must not be opened is not: redirects, names that lead inside, false certificates, proxies of the environment."""

import asyncio
import re
import ssl

import pytest

from monitor import gate
from monitor.clock import SystemClock
from monitor.errors import FetchError
from monitor.ingest.fetch import HttpFetcher, Validators
from monitor.types.listings import Request
from tests.fault_server import FEED, answer, fetched, moved, only_here, play, playing, refused
from tests.smtp import make_certificate


@pytest.fixture
def certificate(tmp_path):
    """One for localhost, as a server shows it, and the trust of whoever believes in it."""
    made = make_certificate(tmp_path)
    return made.context(), ssl.create_default_context(cafile=str(made.certificate))


def test_f13_five_redirects_are_followed_and_six_are_not():
    assert fetched("/F13/5").answer.body == FEED
    assert "more than 5 redirects" in refused("/F13/6").reason
    assert "more than 5 redirects" in refused("/F13/loop").reason


def test_f13_a_redirect_to_nowhere_is_an_error():
    assert refused("/F13/nowhere").status == 302


@pytest.mark.parametrize(
    "to",
    ["file:///etc/passwd", "ftp://x/y", "data:,x", "javascript:alert(1)", "gopher://x", "http://x:y/"],
)
def test_f13_a_redirect_to_anything_but_http_is_refused(to):
    got, server = play("/there", faults={"/there": moved(302, to)})
    assert isinstance(got, FetchError)
    assert len(server.asked) == 1


def test_f13_a_redirect_from_https_to_http_is_refused(certificate):
    made, trust = certificate
    error = refused("/there", faults={"/there": moved(301, "http://localhost/")}, shown=made, tls=trust)
    assert "from https may not lead to plain http" in error.reason


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1", "localhost", "[::1]", "169.254.169.254", "100.64.0.1", "[64:ff9b::7f00:1]", "[2002:7f00:1::]",
        "[::ffff:127.0.0.1]", "2130706433", "0x7f000001", "0x7f.1", "0177.0.0.1", "127.1", "①②⑦.⓪.⓪.①", "127。0。0。1",
        "localhost.", "LOCALHOST",
    ],
)  # fmt: skip
def test_f14_a_redirect_inside_is_refused_when_connecting(host):
    there = {"/there": moved(302, f"http://{host}:9/ok")}
    error = refused("/there", faults=there, name="feeds.example.org", resolve=only_here)
    assert re.search("private network|cannot be resolved", error.reason)


@pytest.mark.parametrize(
    "to", ["http://user@127.0.0.1/", "http://a:b@127.0.0.1/", "http:\\\\127.0.0.1\\", "http://x\\@127.0.0.1"]
)
def test_f14_a_redirect_with_a_user_or_a_backslash_is_refused(to):
    assert "refused to open" in refused("/there", faults={"/there": moved(302, to)}).reason
    assert "a:b" not in refused("/there", faults={"/there": moved(302, to)}).reason


def test_f14_an_allowed_host_is_for_sources_that_name_it_and_not_for_redirects_from_elsewhere(monkeypatch):
    there = {"/there": moved(302, "http://inside.example.org:{port}/ok")}
    names = ("feeds.example.org", "inside.example.org")
    assert fetched("/there", faults=there, name=names[0], allow_hosts=names, resolve=only_here).answer.body == FEED
    monkeypatch.setattr(gate, "is_public", lambda _address: True)  # the asked site is outside, although it is here
    got, server = play("/there", faults=there, name=names[0], allow_hosts=names[1:], resolve=only_here)
    assert "inside" in got.reason
    assert [asked.target for asked in server.asked] == ["/there"]


def test_f15_one_private_address_among_public_ones_is_enough_to_refuse():
    async def mixed(host, port):
        return ["1.1.1.1", "127.0.0.1"]

    got, server = play("/ok", name="feeds.example.org", allow_hosts=(), resolve=mixed)
    assert "private network" in got.reason
    assert server.connections == 0


def test_f16_a_file_is_never_opened():
    assert "refused to open" in refused("file:///etc/passwd").reason


def test_f15_the_first_address_that_answers_is_taken():
    async def two(host, port):
        return ["127.0.0.2", "127.0.0.1"]  # nobody listens at the first

    assert fetched("/ok", name="feeds.example.org", resolve=two).answer.body == FEED


def test_f41_a_certificate_that_is_trusted_and_right_is_taken(certificate):
    shown, trust = certificate
    assert fetched("/ok", shown=shown, tls=trust).answer.body == FEED


def test_f41_a_certificate_that_nobody_vouches_for_is_refused_and_not_tried_again(certificate):
    looked_up = []

    async def counting(host, port):
        looked_up.append(host)
        return ["127.0.0.1"]

    got, server = play("/ok", shown=certificate[0], resolve=counting)
    assert "certificate is not to be trusted" in got.reason
    assert (looked_up, server.asked) == (["localhost"], [])


def test_f41_a_certificate_of_another_host_is_refused(certificate):
    shown, trust = certificate
    got, server = play("/ok", shown=shown, tls=trust, name="feeds.example.org", resolve=only_here)
    assert "certificate is not to be trusted" in got.reason
    assert server.asked == []


def test_f41_an_expired_certificate_is_refused(tmp_path):
    made = make_certificate(tmp_path, days=-1)
    trust = ssl.create_default_context(cafile=str(made.certificate))
    assert "expired" in refused("/ok", shown=made.context(), tls=trust).reason


def test_f41_no_tls_where_it_should_be_is_an_error():
    got, server = play("/ok")
    assert got.answer.body == FEED
    assert refused(f"https://127.0.0.1:{server.port}/ok").reason


def test_f43_proxies_of_the_environment_are_not_used(monkeypatch):
    for name in ("http_proxy", "https_proxy", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
        monkeypatch.setenv(name.upper(), "http://127.0.0.1:9")
    got, server = play("/ok")
    assert got.answer.body == FEED
    assert server.asked[0].target == "/ok"


PROXIED = {"http://feeds.example.org/ok": answer(200, body=b"through the proxy")}


async def feeds_outside(host, port):
    return ["1.1.1.1"] if host == "feeds.example.org" else ["127.0.0.1"]


def through_proxy(url, **options):
    """Fetch ``url`` through a server that plays the proxy; nothing lies inside but that."""

    async def main():
        async with playing(PROXIED) as server:
            fetcher = HttpFetcher(SystemClock(), "me", proxy=server.here, resolve=feeds_outside, seconds=2, **options)
            try:
                return await fetcher.fetch("src", Request(url), Validators()), server
            except FetchError as error:
                return error, server
            finally:
                await fetcher.close()

    return asyncio.run(main())


def test_f43_a_configured_proxy_is_used():
    got, server = through_proxy("http://feeds.example.org/ok")
    assert got.answer.body == b"through the proxy"
    assert [asked.target for asked in server.asked] == ["http://feeds.example.org/ok"]


def test_f43_a_configured_proxy_is_not_asked_for_what_lies_inside():
    got, server = through_proxy("http://inside.example.org/ok")
    assert "private network" in got.reason
    assert server.connections == 0


def test_f43_a_proxy_that_refuses_is_an_error():
    got, server = through_proxy("https://feeds.example.org/ok")
    assert server.asked[0].target == "feeds.example.org:443"
    assert "404" in got.reason


def test_f43_what_is_no_proxy_is_refused_at_once():
    with pytest.raises(ValueError, match="a proxy is named like"):
        HttpFetcher(SystemClock(), "me", proxy="socks5://127.0.0.1:1080")


def test_f42_a_flood_of_interim_answers_is_ended_behind_tls_too(certificate):
    shown, trust = certificate
    assert "does not end" in refused("/F42/1xx", shown=shown, tls=trust, seconds=30).reason
