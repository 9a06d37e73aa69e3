"""One mail a day at most, and only when something needs a person."""

import asyncio
from dataclasses import replace
from email import message_from_bytes, policy

import pytest

from monitor.errors import DeliveryError, FetchError
from monitor.jobs import cycle, operator, overview
from monitor.store import marks
from tests.unit.jobs.conftest import listing

run = asyncio.run


@pytest.fixture
def watched(world):
    app = world.open()
    app.settings = replace(app.settings, operator="ops@example.org")
    world.pages["hf"] = listing(1)
    run(cycle.run(app))
    world.channel.delivered.clear()
    return app


def notes(world):
    return [message_from_bytes(one.content, policy=policy.default) for one in world.channel.delivered]


def failing(url):
    raise FetchError(url, "the site answers nothing")


def test_nothing_is_said_while_all_is_well_or_fails_for_less_than_a_day(world, watched):
    run(operator.run(watched))
    world.fetcher._answer = failing
    for _ in range(11):
        world.later(hours=2)
        run(cycle.read(watched))
        run(operator.run(watched))
    assert notes(world) == []


def test_a_lasting_failure_is_told_once_a_day(world, watched):
    world.fetcher._answer = failing
    for _ in range(37):
        world.later(hours=2)
        run(cycle.read(watched))
        run(operator.run(watched))
    told = notes(world)
    assert 2 <= len(told) <= 3
    assert "the source hf fails since 2026-" in told[0]["Subject"]
    assert "the site answers nothing" in told[0].get_content()
    assert told[0]["To"] == "ops@example.org"
    assert told[0]["List-ID"] is None
    assert overview.run(watched).needs_a_person


def test_a_bad_edit_is_told_at_once_and_stands_in_the_status(world, watched):
    with watched.store.write() as session:
        marks.put(session, "configuration", world.clock.now(), "ada.yaml:3:1: unknown key 'buget'")
    run(operator.run(watched))
    (told,) = notes(world)
    assert "unknown key 'buget'" in told.get_content()
    view = overview.run(watched)
    assert view.needs_a_person
    assert "unknown key 'buget'" in view.troubles[0]
    assert view.backup is None


def test_a_note_that_could_not_leave_is_tried_again(world, watched):
    with watched.store.write() as session:
        marks.put(session, "restore", world.clock.now(), "copy.db")
    world.channel._failures = iter([DeliveryError("no server")])
    with pytest.raises(DeliveryError):
        run(operator.run(watched))
    run(operator.run(watched))
    assert len(notes(world)) == 1


def test_without_an_operator_nobody_is_told(world, watched):
    watched.settings = replace(watched.settings, operator=None)
    with watched.store.write() as session:
        marks.put(session, "restore", world.clock.now(), "copy.db")
    run(operator.run(watched))
    assert notes(world) == []
