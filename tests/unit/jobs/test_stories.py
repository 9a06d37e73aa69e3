"""What a paper is ranked among: the scores of its topic's last papers, kept beside the matches."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest
import sqlalchemy as sa

from monitor.jobs import cycle, judge
from monitor.store import stories
from monitor.testing import profile, topic
from tests.unit.jobs.conftest import listing


def reader(query, fingerprint="1"):
    return profile(topic("kitchens", query=query), topic("bees", query="bees"), id="ada", fingerprint=fingerprint)


@pytest.fixture
def listed(world, monkeypatch):
    """An installation whose reader's first topic takes all of three papers; the later a paper, the lower its score."""
    judged = judge._judged
    monkeypatch.setattr(
        judge, "_judged", lambda one, *rest: replace(judged(one, *rest), first_story=(100 - one.paper_id) / 100)
    )
    world.pages["hf"] = listing(1, 2, 3)
    world.open(reader("diffusion OR paper"))
    asyncio.run(cycle.run(world.app))
    return world


def kept(world):
    with world.app.store.read() as session:
        return stories.of(session, ["ada", "nobody"])


def of_matches(world):
    with world.app.store.read() as session:
        rows = session.execute(
            sa.text(
                "SELECT m.topic, v.first_story FROM matches m JOIN verdicts v ON v.id = m.verdict_id"
                " WHERE v.first_story IS NOT NULL AND m.withheld = ''"
            )
        ).all()
    return {name: sorted(score for one, score in rows if one == name) for name in {one for one, _ in rows}}


def next_day(world, *numbers):
    world.later(days=1)
    world.pages["hf"] = listing(*numbers)
    asyncio.run(cycle.run(world.app))


def test_scores_are_those_of_what_matched_lowest_first(listed):
    assert of_matches(listed)
    assert kept(listed) == {"ada": of_matches(listed), "nobody": {}}


def test_later_papers_join_them(listed):
    next_day(listed, 4, 5)
    assert len(kept(listed)["ada"]["kitchens"]) == 5
    assert kept(listed)["ada"] == of_matches(listed)


def test_an_edited_profile_is_ranked_by_what_stands_under_its_topics_now(listed):
    listed.app.profiles = replace(listed.app.profiles, profiles=(reader("diffusion AND models", "2"),))
    next_day(listed, 6)
    assert kept(listed)["ada"] == of_matches(listed)


def test_an_installation_of_before_is_ranked_by_its_matches(listed):
    with listed.app.store.write() as session:
        session.execute(sa.text("DELETE FROM stories"))
    next_day(listed, 7)
    assert len(kept(listed)["ada"]["kitchens"]) == 4
    assert kept(listed)["ada"] == of_matches(listed)


def test_only_the_newest_are_kept(listed):
    scores = [number / 10_000 for number in range(stories.KEPT + 7)]
    with listed.app.store.write() as session:
        stories.add(session, (("ada", "kitchens", score) for score in scores))
    assert kept(listed)["ada"]["kitchens"] == scores[7:]


def test_what_has_no_score_is_not_ranked(listed):
    before = kept(listed)
    with listed.app.store.write() as session:
        stories.add(session, [("ada", "kitchens", None), ("bob", "bees", None)])
    assert kept(listed) == before


def test_a_day_of_no_time_changes_nothing(listed):
    before = kept(listed)
    listed.later(minutes=1)
    asyncio.run(cycle.run(listed.app))
    listed.later(seconds=timedelta(hours=1).total_seconds())
    asyncio.run(cycle.run(listed.app))
    assert kept(listed) == before
