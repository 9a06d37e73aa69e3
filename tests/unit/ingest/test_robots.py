"""robots.txt, for pages that are made for people."""

import asyncio
import time

import pytest

from monitor.clock import FrozenClock
from monitor.errors import FetchError
from monitor.ingest.robots import MAX_BYTES, Robots
from monitor.testing import NOON


def pause(text, url="https://example.org/papers/1"):
    """What a site with this robots.txt wants; FetchError when it disallows ``url``."""

    async def read(source, address):
        assert address == "https://example.org/robots.txt"
        if isinstance(text, Exception):
            raise text
        return text if isinstance(text, bytes) else text.encode()

    return asyncio.run(Robots(FrozenClock(NOON), read).pause("src", url))


ALLOWED = [
    "",
    "User-agent: *\nDisallow:",
    "User-agent: *\nDisallow: /\nAllow: /papers",
    "User-agent: *\nDisallow: /papers\n\nUser-agent: Paper-Monitor\nDisallow: /other",
    "User-agent: other\nDisallow: /",
    "User-agent: paper\nDisallow: /",
    "User-agent: *\nDisallow: /*.pdf$",
    "<!doctype html><title>Not found</title>",
    "\ufeffUser-agent: *\nAllow: /",
]
DISALLOWED = [
    "User-agent: *\nDisallow: /",
    "\ufeffUser-agent: *\nDisallow: /",
    "user-agent : * # all\ndisallow: /papers/",
    "User-agent: paper-monitor\nDisallow: /papers",
    "User-agent: other\nUser-agent: PAPER-MONITOR\nDisallow: /",
    "User-agent: *\nAllow: /\nDisallow: /*/1$",
    "User-agent: *\r\nDisallow: /papers\r\n",
]


@pytest.mark.parametrize("text", ALLOWED)
def test_what_is_allowed(text):
    assert pause(text) == 0


@pytest.mark.parametrize("text", DISALLOWED)
def test_what_is_disallowed(text):
    with pytest.raises(FetchError, match=r"src: example\.org/robots\.txt asks robots not to read"):
        pause(text)


@pytest.mark.parametrize(
    ("said", "seconds"), [("5", 5), ("0.5", 0.5), ("3600", 60), ("-1", 0), ("nan", 0), ("soon", 0)]
)
def test_the_pause_that_a_site_wants_is_heard_up_to_a_minute(said, seconds):
    assert pause(f"User-agent: *\nCrawl-delay: {said}") == seconds


@pytest.mark.parametrize("status", [400, 401, 403, 404, 410, 451])
def test_a_site_without_rules_allows_all(status):
    assert pause(FetchError("src", "no", status=status)) == 0


@pytest.mark.parametrize("status", [None, 302, 429, 500, 503])
def test_while_the_rules_cannot_be_had_nothing_is_allowed(status):
    with pytest.raises(FetchError, match=r"robots\.txt cannot be had: no") as refused:
        pause(FetchError("src", "no", status=status))
    assert refused.value.status is None


@pytest.mark.parametrize(
    "text",
    [
        "".join(f"User-agent: a{n}\n" for n in range(10_000)) + "".join(f"Disallow: /{n}\n" for n in range(20_000)),
        "User-agent: *\nDisallow: /" + "*a" * 100_000 + "$",
        "user-agent" + " " * 500_000 + "x",
        "User-agent: *\n" + "Disallow: /a*b$\n" * 30_000,
        bytes(range(256)) * 2000,
    ],
)
def test_hostile_rules_are_read_in_bounded_time(text):
    begun = time.process_time()
    pause(text)
    assert time.process_time() - begun < 3


def test_what_comes_after_512_kb_is_not_read():
    assert pause("#" * MAX_BYTES + "\nUser-agent: *\nDisallow: /") == 0
