"""The turns that all processes on one store share."""

import asyncio
from datetime import timedelta

import pytest

from monitor.app import StoredTurns
from monitor.clock import FrozenClock
from monitor.store.engine import open_store
from monitor.testing import NOON


@pytest.fixture
def two(database):
    store, clock = open_store(database), FrozenClock(NOON)
    yield StoredTurns(store, clock), StoredTurns(store, clock), clock
    store.close()


async def ask(turns, site, pause):
    async with turns.turn(site, pause):
        pass


def test_f44_another_process_waits_out_the_pause_too(two):
    ours, theirs, clock = two

    async def both():
        await ask(ours, "arxiv.org", 3)
        await ask(theirs, "arxiv.org", 3)
        await ask(ours, "arxiv.org", 3)

    asyncio.run(both())
    assert clock.now() - NOON == timedelta(seconds=6)


def test_a_process_that_dies_loses_its_turn_in_time(two):
    ours, theirs, clock = two
    assert ours._take("arxiv.org", 3) == 0
    asyncio.run(ask(theirs, "arxiv.org", 3))
    assert clock.now() - NOON == timedelta(seconds=150)


def test_a_site_that_wants_no_pause_costs_no_look_at_the_store(two):
    ours, _, _ = two
    ours._store.close()
    ours._store = None
    asyncio.run(ask(ours, "journal.example", 0))


def test_other_sites_are_asked_meanwhile(two):
    ours, theirs, clock = two

    async def both():
        async with ours.turn("arxiv.org", 3):
            await ask(theirs, "openreview.net", 1)

    asyncio.run(both())
    assert clock.now() == NOON
