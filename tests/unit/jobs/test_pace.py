"""From "about 5 a day" to a threshold."""

import asyncio

import pytest

from monitor.jobs import cycle, pace
from monitor.store import matches
from monitor.testing import profile, topic
from tests.unit.jobs.conftest import listing

READER = profile(
    topic("diffusion", about="Diffusion models in kitchens", query='"diffusion model*"'),
    topic("strict", query="bees", threshold=0.9),
    id="ada", to=("ada@example.org",), pace=2.0,
)  # fmt: skip


@pytest.mark.parametrize(("a_day", "found"), [(1, 0.9), (2, 0.8), (0.04, 0.95), (50, 0.2)])
def test_the_threshold_is_what_so_many_papers_a_day_would_have_passed(a_day, found):
    probabilities = [0.9] * 10 + [0.8] * 10 + [0.01] * 80
    assert pace.threshold(probabilities, 10, a_day) == found


def test_too_little_past_tells_nothing():
    assert pace.threshold([0.9] * 49, 10, 1) is None
    assert pace.threshold([0.9] * 500, 2, 1) is None


def test_a_pace_settles_the_thresholds_of_topics_that_name_none_once_a_day(world):
    app = world.open(READER)
    for day in range(5):
        world.pages["hf"] = listing(*range(day * 20, day * 20 + 20))
        asyncio.run(cycle.read(app))
        world.later(days=1)
    with app.store.read() as session:
        done = matches.progress(session, "ada")
        judged = pace.as_judged(session, READER)
    assert done
    assert done.threshold
    assert done.paced_on
    assert done.threshold == judged.topics[0].threshold
    assert pace.LEAST <= done.threshold <= pace.MOST
    assert judged.topics[1].threshold == 0.9
    assert (world.clock.now().date() - done.paced_on).days == 1
    asyncio.run(cycle.read(app))
    with app.store.read() as session:
        assert matches.progress(session, "ada") == done  # nothing came: nothing is found anew


def test_without_a_pace_the_profile_is_judged_as_it_stands(world):
    app = world.open(profile(topic("diffusion", query="x"), id="ada"))
    with app.store.read() as session:
        assert pace.as_judged(session, app.profiles.profiles[0]) == app.profiles.profiles[0]
