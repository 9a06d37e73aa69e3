"""What fell just short of a threshold: named once, kept with the mail, and never against a reader's word."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from monitor.jobs import cycle, mailroom, match, preview, prune, say
from monitor.jobs.match import judge_all
from monitor.store import near_misses, verdicts
from monitor.testing import NOON, profile, topic
from tests.unit.jobs.conftest import listing

HEADING = "Just below your threshold"
ABOUT = "Diffusion models in kitchens"


def reader(threshold, **fields):
    topics = topic("kitchens", about=ABOUT, threshold=threshold), topic("bees", query="bees")
    return profile(*topics, id="ada", fingerprint=f"{threshold} {fields}", **fields)


@pytest.fixture
def short(world):
    """An installation whose reader asks for a little more than any of five papers has."""
    world.pages["hf"] = listing(*range(1, 6))
    app = world.open(reader(0.01))
    asyncio.run(cycle.read(app))
    with app.store.read() as session:
        recent = verdicts.between(session, 0, NOON - timedelta(days=1))
        best = max(one.match.probability for one in judge_all(app, session, reader(0.001), recent))
    asks(world, best + 0.005)
    return world


def asks(world, threshold, **fields):
    world.app.profiles = replace(world.app.profiles, profiles=(reader(round(threshold, 4), **fields),))


def texts(world):
    return [mail.part("plain") for mail in world.channel.delivered]


def next_day(world):
    world.later(days=1)
    asyncio.run(cycle.run(world.app))


def test_up_to_three_are_named_once_and_the_kept_mail_tells_them_too(short):
    asyncio.run(cycle.run(short.app))
    (text,) = texts(short)
    assert text.count("in Kitchen") == 3
    assert HEADING in text
    next_day(short)
    assert HEADING not in texts(short)[1]
    (mail,) = mailroom.of_digest(short.app, "ada", NOON.date())
    again = mailroom.redrawn(short.app, mail)
    assert again.same
    assert again.envelope
    assert HEADING in again.envelope.part("plain")


def test_a_profile_may_want_none(short):
    asks(short, short.app.profiles.profiles[0].topics[0].threshold, near_misses="none")
    asyncio.run(cycle.run(short.app))
    assert HEADING not in texts(short)[0]
    with short.app.store.read() as session:
        assert near_misses.since(session, "ada", NOON - timedelta(days=9)) == []


def test_what_a_reader_muted_for_themselves_alone_is_not_named(short):
    asyncio.run(match.run(short.app))
    say.run(short.app, short.app.profiles.profiles[0], "mute", "kitchen", recipient="ada@example.org")
    asyncio.run(cycle.run(short.app))
    assert HEADING not in texts(short)[0]


def test_more_of_a_near_miss_holds_for_the_topic_that_it_fell_short_of(short):
    asyncio.run(match.run(short.app))
    with short.app.store.read() as session:
        first = near_misses.since(session, "ada", NOON - timedelta(days=9))[0]
    said = say.run(short.app, short.app.profiles.profiles[0], "more", first.paper.key)
    assert said.feedback.topic == "kitchens"


def test_the_preview_names_what_would_fall_short_of_the_file_as_it_is_now(short):
    asking = short.app.profiles.profiles[0]
    assert HEADING in preview.run(short.app, asking, "ada@example.org", 2).text
    assert HEADING not in preview.run(short.app, reader(0.99), "ada@example.org", 2).text


def test_they_are_let_go_after_a_quarter(short):
    asyncio.run(match.run(short.app))
    short.later(days=90)
    asyncio.run(prune.run(short.app))
    with short.app.store.read() as session:
        assert near_misses.since(session, "ada", NOON - timedelta(days=9))
    short.later(days=5)
    asyncio.run(prune.run(short.app))
    with short.app.store.read() as session:
        assert near_misses.since(session, "ada", NOON - timedelta(days=9)) == []
