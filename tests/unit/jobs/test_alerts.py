"""What leaves at once, and only once."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from monitor.jobs import compose, cycle, look_back, trends
from monitor.store import digests
from monitor.store import trends as kept
from monitor.testing import NOON, MemoryChannel, profile, topic
from monitor.types.profiles import Alerts
from monitor.types.verdicts import Trend
from tests.unit.jobs.conftest import DIFFUSION, listing

DAY = NOON.date() + timedelta(days=1)
EVERYTHING = Alerts(trends=True, mine=False, at_most=2)


def run(job):
    return asyncio.run(job)


def trend(name="keel tokens", *paper_ids, day=DAY, **fields):
    made = Trend("term", name, day, 6, 0.4, 0.01, 3, (0, 2, 4), paper_ids, state="emerging", begun=DAY, since=DAY)
    return replace(made, **fields)


def noted(world, *rising):
    with world.app.store.write() as session:
        kept.replace_day(session, rising[0].day, rising, world.clock.now())


def after_the_first_digest(world, alerts, **fields):
    """A reader who has had a digest of two papers, in the night before the next one."""
    world.pages["hf"] = listing(1, 2)
    world.open(replace(DIFFUSION, alerts=alerts, **fields))
    run(cycle.run(world.app))
    world.later(hours=16)
    return world


def told(world):
    run(cycle.mail(world.app))
    subjects = [mail.subject for mail in world.channel.delivered]
    world.channel.delivered.clear()
    return subjects


def test_a_rise_is_told_at_once_and_once(world):
    after_the_first_digest(world, EVERYTHING)
    world.channel.delivered.clear()
    noted(world, trend())
    assert told(world) == ["“keel tokens” is rising"]
    assert told(world) == []
    world.later(hours=28)
    noted(world, trend(day=DAY + timedelta(days=1), state="rising", since=DAY + timedelta(days=1)))
    assert told(world) == ["Nothing new for Ada's papers, Fri 6 Mar"]


@pytest.mark.parametrize("channel", ["team-chat", "webhook"])
def test_an_alert_leaves_by_the_channel_that_it_names_or_else_as_digests_do(world, channel):
    after_the_first_digest(world, replace(EVERYTHING, channel=channel))
    world.app.channels["team-chat"] = chat = MemoryChannel()
    world.channel.delivered.clear()
    noted(world, trend())
    mails = told(world) if channel == "webhook" else (run(cycle.mail(world.app)), chat.delivered)[1]
    assert len(mails) == 1
    world.later(hours=8)
    assert len(told(world)) == 1


def test_an_alert_takes_no_digest_of_the_day_away_and_the_digest_does_not_repeat_it(world):
    after_the_first_digest(world, EVERYTHING, empty="explain")
    world.channel.delivered.clear()
    noted(world, trend())
    assert told(world) == ["“keel tokens” is rising"]
    world.later(hours=8)
    (digest,) = told(world)
    assert "keel" not in digest


def test_a_rise_is_told_once_by_alerts_alone(world):
    after_the_first_digest(world, EVERYTHING, trends="none")
    world.channel.delivered.clear()
    noted(world, trend())
    assert told(world) == ["“keel tokens” is rising"]
    world.later(hours=22)
    assert not any("keel" in subject for subject in told(world))


def test_what_a_digest_has_told_raises_no_alarm(world):
    after_the_first_digest(world, EVERYTHING)
    world.channel.delivered.clear()
    world.later(hours=8)
    noted(world, trend())
    assert told(world) == ["“keel tokens” is rising"]


def test_only_so_many_rises_are_told_in_a_week(world):
    after_the_first_digest(world, EVERYTHING)
    world.channel.delivered.clear()
    noted(world, trend("one"), trend("two"), trend("three"))
    assert len(told(world)) == 2
    world.later(days=1)
    noted(world, trend("four", day=DAY + timedelta(days=1), begun=DAY + timedelta(days=1)))
    assert not any("four" in one for one in told(world))


@pytest.mark.parametrize(("papers", "expected"), [((1, 2), 1), ((1,), 0)])
def test_a_rise_is_mine_with_two_papers_that_match(world, papers, expected):
    after_the_first_digest(world, Alerts(trends=True))
    world.channel.delivered.clear()
    noted(world, trend("keel tokens", *papers))
    assert len(told(world)) == expected


def test_nobody_is_alarmed_who_did_not_ask_or_had_no_digest_yet(world):
    after_the_first_digest(world, Alerts())
    world.channel.delivered.clear()
    noted(world, trend())
    assert told(world) == []


@pytest.mark.parametrize(
    ("alerts", "tells"),
    [
        (Alerts(authors=True), True),
        (Alerts(probability=0.05), True),
        (Alerts(probability=0.9999), False),
        (Alerts(velocity=0.99), True),
        (Alerts(velocity=0.999), False),
    ],
)
def test_a_paper_over_a_bound_leaves_at_once_and_not_again(world, alerts, tells):
    world.pages["hf"] = listing(1)
    reader = profile(topic("diffusion", query='"diffusion model*"', authors=("Ada Lovelace",)), alerts=alerts)
    world.open(reader)
    run(cycle.run(world.app))
    world.channel.delivered.clear()
    world.later(hours=13)
    world.pages["hf"] = listing(1, 7)
    run(cycle.read(world.app))
    with world.app.store.read() as session:
        day = kept.noted(session, DAY - timedelta(days=9), DAY)
    fast = Trend("paper", "Fast", DAY, 50, 3, 0.008, 1, paper_ids=(2,), unit="upvotes")
    noted(world, *[one for one in day if one.day == DAY], fast)
    assert [("1 new" in subject) for subject in told(world)] == [True] * tells
    world.later(hours=8)
    (digest,) = told(world)
    assert ("1 new" in digest) != tells


def test_an_alert_of_a_reader_that_fails_does_not_stop_the_others(world, monkeypatch):
    world.pages["hf"] = listing(1, 2)
    bad = replace(DIFFUSION, id="bad", alerts=EVERYTHING)
    good = replace(DIFFUSION, id="good", to=("good@example.org",), alerts=EVERYTHING)
    world.open(bad, good)
    run(cycle.run(world.app))
    world.later(hours=16)
    world.channel.delivered.clear()
    noted(world, trend())
    known = digests.alerts
    monkeypatch.setattr(digests, "alerts", lambda session, key: {}[key] if key == 1 else known(session, key))
    run(cycle.mail(world.app))
    assert [mail.recipient for mail in world.channel.delivered] == ["good@example.org"]


def days_of_listings(world, number, about=lambda _place: False, first=0, phrase=b"Tidal Lensing"):
    for place in range(first, first + number):
        papers = [100 * place + n + 1 for n in range(6)]
        body = listing(*papers, upvotes=0)
        if about(place):
            body = body.replace(b"in Kitchen", b"with " + phrase + b" in Kitchen")
        world.pages["hf"] = body
        run(cycle.read(world.app))
        world.later(days=1)


def test_a_rise_is_noted_day_by_day_and_a_new_process_sees_the_same(world):
    world.open()
    days_of_listings(world, 14, lambda place: place >= 11)
    (rise,) = look_back.noted(world.app, DAY - timedelta(days=30), DAY + timedelta(days=30), "tidal lensing")
    assert rise.sources == ("hf",)
    world.app.terms.table = None
    world.app.terms.through = 0
    run(trends.run(world.app))
    assert look_back.noted(world.app, DAY - timedelta(days=30), DAY + timedelta(days=30), "tidal lensing") == [rise]


def test_the_replay_says_what_was_said_and_no_future_changes_it(world):
    world.open()
    days_of_listings(world, 14, lambda place: place >= 11)
    until = world.clock.now().date() - timedelta(days=1)
    said = look_back.replayed(world.app, until - timedelta(days=20), until)
    live = look_back.noted(world.app, until - timedelta(days=20), until, "tidal lensing")
    assert [one.name for one in said] == [one.name for one in live]
    days_of_listings(world, 6, lambda place: place >= 16, first=14, phrase=b"Glacial Weaving")
    assert look_back.replayed(world.app, until - timedelta(days=20), until + timedelta(days=9)) != said
    assert look_back.replayed(world.app, until - timedelta(days=20), until) == said
    weeks = look_back.weeks(world.app, "tidal lensing", until - timedelta(days=40), until)
    assert sum(one.seen for one in weeks) == 18
    assert sum(one.papers for one in weeks) == 84


def test_each_state_is_told_once_in_a_digest(world):
    world.pages["hf"] = listing(1)
    world.open()
    run(cycle.run(world.app))
    for place, state in enumerate(("rising", "rising", "fading")):
        world.later(days=1)
        day = world.clock.now().date()
        noted(world, trend(day=day, begun=DAY, since=day if place != 1 else DAY, state=state))
        run(compose.run(world.app))
        with world.app.store.read() as session:
            changed = kept.changed_between(session, world.clock.now() - timedelta(hours=1), world.clock.now())
        assert bool(changed) == (place != 1)
