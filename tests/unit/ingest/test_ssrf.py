"""What leads inside, in every way of writing it: asked for, redirected to, and by a name that means another address later."""

import asyncio
import ipaddress
import socket

import httpcore2
import pytest

from monitor.clock import SystemClock
from monitor.errors import FetchError
from monitor.ingest.fetch import HttpFetcher, Validators
from monitor.types.listings import Request

OUTSIDE = "93.184.215.14"
NAMES = {
    "outside.example.org": OUTSIDE, "localhost": "127.0.0.1", "localhost.localdomain": "127.0.0.1", "ip6-localhost": "::1",
    "inside.example.org": "10.0.0.7", "metadata.google.internal": "169.254.169.254", "127.0.0.1.nip.io": "127.0.0.1",
    "kubernetes.default.svc": "10.96.0.1", "host.docker.internal": "192.168.65.2", "xn--inside-.example.org": "10.0.0.8",
}  # fmt: skip

HOSTS = [
    # names
    "localhost", "LOCALHOST", "localhost.", "localhost.localdomain", "ip6-localhost", "inside.example.org",
    "INSIDE.example.org.", "metadata.google.internal", "127.0.0.1.nip.io", "kubernetes.default.svc", "host.docker.internal",
    "inside%2Eexample%2Eorg", "xn--inside-.example.org", "ｌｏｃａｌｈｏｓｔ", "loc\u00adalhost", "local\u200bhost",
    # loopback, and ways to write it
    "127.0.0.1", "127.0.0.1.", "127.1", "127.0.1", "127.255.255.254", "2130706433", "0x7f000001", "0x7f.0x0.0x0.0x1",
    "0x7F.1", "017700000001", "0177.0.0.1", "0177.0000.0000.0001", "00000177.1", "127.0.0.0x1", "①②⑦.⓪.⓪.①", "127。0。0。1",
    "１２７.０.０.１", "127%2E0%2E0%2E1", "0", "0.0.0.0", "0x0", "[::]", "[::1]", "[0:0:0:0:0:0:0:1]", "[::ffff:127.0.0.1]",
    "[::ffff:7f00:1]", "[::127.0.0.1]", "[64:ff9b::7f00:1]", "[64:ff9b:1::7f00:1]", "[2002:7f00:1::]", "[2001:0:7f00:1::]",
    # private, link-local, shared, reserved, multicast
    "10.0.0.1", "10.1", "167772161", "172.16.0.1", "172.31.255.255", "192.168.0.1", "192.168.1", "169.254.169.254",
    "2852039166", "0xa9fea9fe", "0251.0376.0251.0376", "100.64.0.1", "100.127.255.254", "198.18.0.1", "192.0.0.1", "192.0.2.1",
    "192.88.99.1", "203.0.113.1", "224.0.0.1", "240.0.0.1", "255.255.255.255", "[fc00::1]", "[fd00:ec2::254]", "[fe80::1]",
    "[fe80::1%25eth0]", "[fec0::1]", "[ff02::1]", "[::ffff:10.0.0.1]", "[::ffff:169.254.169.254]", "[2001:db8::1]", "[100::1]",
    # an address in front of, or behind, another host
    "outside.example.org@127.0.0.1", "outside.example.org:80@127.0.0.1", "127.0.0.1\\@outside.example.org",
    "outside.example.org\\@127.0.0.1", "127.0.0.1#@outside.example.org", "127.0.0.1?@outside.example.org",
    "outside.example.org%00.127.0.0.1", "outside.example.org%0d%0a127.0.0.1", "127.0.0.1\t", "[::1]outside.example.org",
]  # fmt: skip


class Wires(httpcore2.AsyncNetworkBackend):
    """A network that keeps where it was connected to; whoever answers says ``says``."""

    def __init__(self, says=b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"):
        self.connected = []
        self.says = says

    async def connect_tcp(self, host, *_options, **_named):
        self.connected.append(host)
        return httpcore2.AsyncMockStream([self.says])

    async def sleep(self, seconds):
        pass


async def resolve(host, port):
    """What the system makes of a number, and of some names; nobody is asked."""
    if found := NAMES.get(host.rstrip(".").lower()):
        return [found]
    infos = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_NUMERICHOST)
    return [str(info[4][0]) for info in infos]


def fetch(url, wires, resolver=resolve, times=1):
    """Ask for ``url`` so often; returns the last answer, or the error."""

    async def main():
        fetcher = HttpFetcher(SystemClock(), "https://lab.example.org", resolve=resolver, seconds=5)
        fetcher._gate._network = wires
        try:
            for _ in range(times):
                got = await fetcher.fetch("src", Request(url, robots=False), Validators())
        except FetchError as error:
            return error
        finally:
            await fetcher.close()
        return got

    return asyncio.run(main())


def test_there_are_at_least_sixty_forms():
    assert len(set(HOSTS)) == len(HOSTS) >= 60


@pytest.mark.parametrize("host", HOSTS)
def test_f14_asked_for(host):
    wires = Wires()
    got = fetch(f"http://{host}/", wires)
    assert set(wires.connected) <= {OUTSIDE}
    assert isinstance(got, FetchError) or wires.connected == [OUTSIDE]


@pytest.mark.parametrize("host", HOSTS)
def test_f14_redirected_to(host):
    wires = Wires(b"HTTP/1.1 302 Found\r\nContent-Length: 0\r\nLocation: http://" + host.encode() + b"/\r\n\r\n")
    got = fetch("http://outside.example.org/feed", wires)
    assert set(wires.connected) == {OUTSIDE}
    assert isinstance(got, FetchError)


@pytest.mark.parametrize("host", HOSTS)
def test_f15_a_name_that_means_it_at_the_second_look(host):
    try:
        (inside, *_) = asyncio.run(resolve(host.strip("[]").replace("%25", "%"), 80))
    except (OSError, UnicodeError):
        inside = "127.0.0.1"
    looks = []

    async def rebound(name, port):
        looks.append(name)
        return [OUTSIDE] if len(looks) == 1 else [inside]

    wires = Wires()
    got = fetch("http://rebound.example.org/", wires, rebound, times=2)
    assert wires.connected == [OUTSIDE]
    assert isinstance(got, FetchError)
    assert "private network" in got.reason


def test_the_table_knows_an_outside_address():
    """What is refused above is refused for what it is: the same network lets an address outside through."""
    wires = Wires()
    assert fetch(f"http://{OUTSIDE}/", wires).answer.body == b"ok"
    assert ipaddress.ip_address(OUTSIDE).is_global
