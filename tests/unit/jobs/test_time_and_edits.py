"""Odd hours and odd edits, over an installation whose mails are counted."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlmodel import col, select

from monitor.jobs import agenda, audit, compose, cycle
from monitor.settings.values import ProfileSet
from monitor.store.tables import DigestRow, SubscriptionRow
from monitor.store.upsert import insert_all
from monitor.testing import NOON, profile, topic
from tests.unit.jobs.conftest import DIFFUSION, listing
from tests.unit.jobs.test_agenda import statements


def dates(app):
    with app.store.read() as session:
        return [row.local_date for row in session.exec(select(DigestRow).order_by(col(DigestRow.id)))]


def a_round(world, *, hour, days=0):
    world.clock.set((NOON + timedelta(days=days)).replace(hour=hour))
    return asyncio.run(cycle.run(world.app))


def test_t08_suspended_over_its_hour_a_digest_leaves_at_the_first_tick_after_wake_up(world):
    world.pages["hf.example"] = listing(1)
    world.open(DIFFUSION)
    a_round(world, hour=12)
    a_round(world, hour=7, days=1)
    assert len(world.channel.delivered) == 1
    a_round(world, hour=11, days=1)
    assert len(world.channel.delivered) == 2
    a_round(world, hour=9, days=4)
    assert len(world.channel.delivered) == 3
    assert dates(world.app) == [(NOON + timedelta(days=days)).date() for days in (0, 1, 4)]
    assert audit.run(world.app) == ()


def test_t13_a_time_without_matches_is_told_once_a_day_and_ends_with_the_first_paper(world):
    world.pages["hf.example"] = listing(1)
    silent = replace(DIFFUSION, id="bob", to=("bob@example.org",), empty="skip")
    world.open(DIFFUSION, silent)
    a_round(world, hour=12)
    world.pages.clear()
    for days in range(1, 20):
        for hour in (8, 9):
            a_round(world, hour=hour, days=days)
    told = [one.recipient for one in world.channel.delivered]
    assert (told.count("ada@example.org"), told.count("bob@example.org")) == (20, 1)
    world.pages["hf.example"] = listing(2, publishedAt=(NOON + timedelta(days=19)).isoformat())
    a_round(world, hour=8, days=20)
    assert [one.recipient for one in world.channel.delivered[-2:]] == ["ada@example.org", "bob@example.org"]
    assert audit.run(world.app) == ()


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_t14_ten_thousand_digests_of_one_hour_are_found_in_few_questions(world, database):
    readers = tuple(f"r{number}@example.org" for number in range(10_000))
    app = world.open(profile(topic(), to=readers))
    rows = [
        {"id": at, "profile": "ada", "recipient": one, "started_at": NOON, "origin": ""}
        for at, one in enumerate(readers, 1)
    ]
    with app.store.write() as session:
        insert_all(session, SubscriptionRow, rows)
    with statements(app) as said:
        assert [state.recipient for _, state in agenda.due(app)] == list(readers)
    assert len(said) < 100


def test_k12_a_profile_that_goes_and_comes_back_sends_nothing_twice(world):
    world.pages["hf.example"] = listing(1, 2)
    app = world.open(DIFFUSION)
    a_round(world, hour=12)
    app.profiles = ProfileSet(world.tmp_path, ())
    world.pages["hf.example"] = listing(1, 2, 3)
    a_round(world, hour=8, days=1)
    assert len(world.channel.delivered) == 1
    app.profiles = ProfileSet(world.tmp_path, (DIFFUSION,))
    a_round(world, hour=8, days=2)
    assert len(world.channel.delivered) == 2
    last = world.channel.delivered[-1].content
    assert b"Kitchen 3" in last
    assert b"Kitchen 1" not in last
    assert audit.run(app) == ()


def test_k14_an_edit_while_digests_are_composed_counts_from_the_next_one_on(world, monkeypatch):
    both = replace(DIFFUSION, to=("ada@example.org", "bob@example.org"))
    world.pages["hf.example"] = listing(1, 2)
    app = world.open(both)
    edited = replace(both, name="Another name", to=("ada@example.org",), fingerprint="edited")
    asyncio.run(cycle.read(app))
    drawn = compose.finished

    def edit_meanwhile(app, digest, look):
        app.profiles = ProfileSet(world.tmp_path, (edited,))
        return drawn(app, digest, look)

    monkeypatch.setattr(compose, "finished", edit_meanwhile)
    assert asyncio.run(compose.run(app)).failures == []
    monkeypatch.undo()
    asyncio.run(cycle.run(app))
    assert [one.recipient for one in world.channel.delivered] == ["ada@example.org", "bob@example.org"]
    assert all(b"Another name" not in one.content for one in world.channel.delivered)
    a_round(world, hour=8, days=1)
    assert [one.recipient for one in world.channel.delivered[2:]] == ["ada@example.org"]
    assert b"Another name" in world.channel.delivered[-1].content
    assert audit.run(app) == ()
