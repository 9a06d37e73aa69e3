"""A paper's way on the log, from the listing to the mail server's answer."""

import asyncio
import logging

import pytest

from monitor.cli.log import TextFormatter
from monitor.errors import DeliveryError
from monitor.jobs import cycle
from monitor.testing import MemoryChannel, profile, topic
from tests.unit.jobs.conftest import listing

READER = profile(topic("kitchens", query="kitchen"), id="ada", budget=1, near_misses="none")


def way(caplog, number):
    """Returns what the log says of one paper, as (words before its title, its other ids)."""
    key = f"arxiv:2603.{number:05d}"
    about = [one for one in caplog.records if getattr(one, "ids", {}).get("paper") == key]
    return [(one.getMessage().partition(":")[0], one.ids) for one in about]


@pytest.fixture
def log(caplog):
    caplog.set_level(logging.DEBUG, logger="monitor")
    return caplog


def test_one_paper_is_followed_from_its_listing_to_its_delivery(world, log):
    world.pages["hf"] = listing(1)
    asyncio.run(cycle.run(world.open(READER)))
    told = way(log, 1)
    sent = "mail sent to ada@example.org (kept message 1)"
    assert [what for what, _ in told] == ["listed", "compared", told[2][0], "in the digest", sent]
    assert told[2][0].startswith("matches kitchens with ")
    (envelope,) = world.channel.delivered
    assert [ids.get("mail") for _, ids in told[3:]] == [envelope.message_id] * 2
    assert told[3][1]["digest"] == told[4][1]["digest"] == 1
    assert told[0][1]["batch"] == "hf/2026-03-04"
    assert told[2][1]["profile"] == told[3][1]["profile"] == "ada"


def test_what_waits_is_left_out_or_cannot_be_delivered_is_told_too(world, log):
    world.pages["hf"] = listing(1, 2, 3)
    world.channel = MemoryChannel([DeliveryError("550 no such user", permanent=True)])
    app = world.open(READER)
    asyncio.run(cycle.run(app))
    first = sorted([what for what, _ in way(log, number)][3:] for number in (1, 2, 3))
    refused = "mail failed to ada@example.org (550 no such user)"
    assert first == [["in the digest", refused], ["waits for the next digest"], ["waits for the next digest"]]
    world.later(days=30)
    asyncio.run(cycle.run(app))
    last = sorted([what for what, _ in way(log, number)][-1] for number in (1, 2, 3))
    assert last == ["left out", refused, "mail sent to ada@example.org (kept message 1)"]


def test_who_does_not_ask_for_the_way_of_papers_pays_nothing_for_it(world, caplog, monkeypatch):
    caplog.set_level(logging.INFO, logger="monitor")
    monkeypatch.setattr("monitor.jobs.story.papers", None)  # nothing is read for a line that nobody sees
    world.pages["hf"] = listing(1)
    asyncio.run(cycle.run(world.open(READER)))
    assert len(world.channel.delivered) == 1
    assert not way(caplog, 1)


def test_an_id_cannot_break_out_of_its_line():
    record = logging.LogRecord("monitor.jobs.story", logging.DEBUG, "", 1, "listed", (), None)
    record.ids = {"paper": "url:https://a.example/\nINFO b", "batch": "hf/2026-03-04"}
    assert TextFormatter().format(record).endswith(r'listed paper="url:https://a.example/\nINFO b" batch=hf/2026-03-04')
