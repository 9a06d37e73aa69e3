"""The gate at connect time."""

import asyncio
from typing import Any

import httpcore2
import pytest

from monitor.gate import GatedNetwork, is_public


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "0.0.0.0", "10.0.0.1", "169.254.169.254", "100.64.0.1", "172.16.0.1", "192.168.1.1", "198.18.0.1",
        "192.0.2.1", "192.88.99.1", "224.0.0.1", "240.0.0.1", "255.255.255.255", "::", "::1", "::127.0.0.1",
        "::ffff:10.0.0.1", "64:ff9b::7f00:1", "64:ff9b:1::1", "2002:7f00:1::", "2001::1", "2001:db8::1", "3fff::1",
        "fc00::1", "fec0::1", "fe80::1%eth0", "ff02::1", "5f00::1", "100::1", "not-an-ip", "", "1.1.1.1 ",
    ],
)  # fmt: skip
def test_f14_what_lies_inside_is_not_public(address):
    assert not is_public(address)


@pytest.mark.parametrize("address", ["1.1.1.1", "2606:4700::1111", "::ffff:1.1.1.1"])
def test_a_public_address_is_public(address):
    assert is_public(address)


class Wires:
    """A network that connects to nothing and keeps where to; addresses in ``dead`` do not answer."""

    def __init__(self, *dead):
        self.tried = []
        self.dead = dead

    async def connect_tcp(self, address, _port, timeout, *_options):  # noqa: ASYNC109
        self.tried.append((address, timeout))
        if address in self.dead:
            raise httpcore2.ConnectTimeout("nobody there")
        return object()


def connect(host, *answers, dead=(), allowed=()):
    """Connect to ``host``, whose name means one of ``answers`` after the other; returns the addresses that were tried."""
    left = list(answers)

    async def resolve(name, port):
        found = left.pop(0)
        if isinstance(found, Exception):
            raise found
        return found

    network = GatedNetwork(allowed, most_bytes=1, resolve=resolve)
    wires: Any = Wires(*dead)
    network._network = wires
    asyncio.run(network.connect_tcp(host, 443, timeout=30))
    return wires.tried, left


def test_f15_what_was_checked_is_what_is_connected():
    tried, left = connect("example.org", ["1.1.1.1"], ["127.0.0.1"])
    assert tried == [("1.1.1.1", 30)]
    assert left == [["127.0.0.1"]]


@pytest.mark.parametrize("found", [["1.1.1.1", "10.0.0.1"], ["::1"], ["::ffff:127.0.0.1"], []])
def test_f15_one_bad_address_is_enough(found):
    with pytest.raises(httpcore2.ConnectError, match=r"private network|no address"):
        connect("example.org", found)


def test_an_allowed_host_may_lie_inside_whatever_its_case():
    assert connect("Intranet", ["10.0.0.1"], allowed=["iNTRANET"])[0] == [("10.0.0.1", 30)]


@pytest.mark.parametrize("error", [OSError("no such name"), UnicodeError("label too long")])
def test_a_name_that_means_nothing_is_named(error):
    with pytest.raises(httpcore2.ConnectError, match=r"example\.org cannot be resolved"):
        connect("example.org", error)


def test_the_next_address_is_tried_when_one_does_not_answer_within_five_seconds():
    tried, _ = connect("example.org", ["1.1.1.1", "1.1.1.1", "8.8.8.8"], dead=["1.1.1.1"])
    assert tried == [("1.1.1.1", 5), ("8.8.8.8", 30)]


def test_not_more_than_six_addresses_are_tried():
    many = [f"1.1.1.{number}" for number in range(100)]
    with pytest.raises(httpcore2.ConnectTimeout):
        connect("example.org", many, dead=many)
    network = GatedNetwork(most_bytes=1, resolve=lambda *_host: asyncio.sleep(0, many))
    assert len(asyncio.run(network.addresses("example.org", 80))) == 6
