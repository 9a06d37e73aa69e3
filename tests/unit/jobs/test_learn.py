"""A profile's report, by what its readers said."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from monitor.jobs import cycle, learn, say
from monitor.testing import NOON, profile, topic
from monitor.types.verdicts import Match, Reason
from tests.unit.jobs.conftest import listing

READER = profile(topic("diffusion", query='"diffusion model*"'), id="ada", to=("ada@example.org",))


def match(number, probability=0.8, *reasons):
    return Match(number, "diffusion", probability, tuple(Reason("keyword", text) for text in reasons))


def test_a_share_comes_with_wilsons_interval():
    found = learn.share(8, 10)
    assert found is not None
    assert (found.share, found.of) == (0.8, 10)
    assert (round(found.low, 3), round(found.high, 3)) == (0.541, 0.931)
    assert learn.share(0, 0) is None
    nobody = learn.share(0, 3)
    assert nobody is not None
    assert nobody.low == 0


def test_the_curve_sets_what_was_said_beside_what_was_liked():
    answered = [(match(1, 0.6), True), (match(2, 0.6), False), (match(3, 0.95), True)]
    assert [(one.low, one.high, round(one.said, 2), one.liked.share) for one in learn.curve(answered)] == [
        (0.5, 0.7, 0.6, 0.5), (0.9, 1.0, 0.95, 1.0),
    ]  # fmt: skip


def test_a_rule_is_counted_once_for_each_paper_that_it_brought():
    found = [match(1, 0.8, "ddpm"), match(1, 0.7, "ddpm"), match(2, 0.8, "ddpm", "gan"), match(3, 0.8, "gan")]
    made = learn.rules(found, {1: "more", 3: "less"})
    assert [(rule.text, rule.papers, rule.more, rule.less) for rule in made] == [("ddpm", 2, 1, 0), ("gan", 2, 0, 1)]


@pytest.mark.parametrize(
    ("late", "early", "says"), [(1, 40, "0.1 papers a day matched"), (60, 8, "match now"), (5, 20, "")]
)
def test_drift_is_said_when_a_profile_falls_silent_or_floods(late, early, says):
    found = [(NOON - timedelta(days=69 - number % 54), match(number)) for number in range(early)]
    found += [(NOON - timedelta(days=1), match(1000 + number)) for number in range(late)]
    learned = learn.Learned("ada", None, None, (), (), learn.per_day(found, NOON))
    assert says in learned.drift
    assert bool(says) == bool(learned.drift)


def test_a_young_profile_has_no_drift():
    found = [(NOON - timedelta(days=20), match(1)), *((NOON, match(number)) for number in range(2, 90))]
    assert learn.per_day(found, NOON)[1] is None


def test_the_report_counts_what_readers_said(world):
    world.pages["hf"] = listing(1, 2, 3)
    app = world.open(READER)
    asyncio.run(cycle.read(app))
    say.run(app, READER, "more", "2603.00001")
    say.run(app, READER, "more", "2603.00002")
    say.run(app, READER, "less", "2603.00003")
    (learned,) = learn.learn(app)
    assert learned.precision
    assert learned.recall
    assert learned.precision.of == 3
    assert round(learned.precision.share, 2) == 0.67
    assert (learned.recall.share, learned.recall.of) == (1.0, 2)
    assert learned.rules[0].more == 2
    assert asyncio.run(learn.run(app)).notes == []
    assert learn.learn(app, "nobody") == []


def test_a_profile_that_cannot_be_sure_says_so():
    young = learn.Learned("ada", None, None, (), (), (0.0, None), words=7)
    assert young.unsure.startswith("not enough to be sure: 7 of about 20 papers")
    assert replace(young, words=20).unsure == ""


def test_words_of_readers_and_of_the_file_make_a_profile_sure(world):
    world.pages["hf"] = listing(1, 2)
    app = world.open(READER)
    asyncio.run(cycle.read(app))
    say.run(app, READER, "more", "2603.00001")
    say.run(app, READER, "less", "2603.00002")
    assert learn.learn(app)[0].words == 2
