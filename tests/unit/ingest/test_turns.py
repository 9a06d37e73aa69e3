"""Whose turn it is to ask a site."""

import asyncio
from datetime import timedelta

import pytest

from monitor.clock import FrozenClock
from monitor.ingest.turns import LocalTurns
from monitor.testing import NOON


def begun_at(asks, clock=None):
    """Take turns for ``asks`` of (site, pause) at once; returns the seconds after which each one began, in order."""
    clock = clock or FrozenClock(NOON)
    begun = []

    async def ask(turns, number, site, pause):
        async with turns.turn(site, pause):
            begun.append((number, (clock.now() - NOON).total_seconds()))
            await asyncio.sleep(0)

    async def main():
        turns = LocalTurns(clock)
        await asyncio.gather(*(ask(turns, number, *one) for number, one in enumerate(asks)))

    asyncio.run(main())
    return begun


def test_f44_turns_come_in_the_order_of_asking_with_a_pause_between():
    assert begun_at([("arxiv.org", 3.0)] * 4) == [(0, 0), (1, 3), (2, 6), (3, 9)]


def test_other_sites_do_not_wait():
    assert sorted(begun_at([("a", 0.0), ("b", 0.0), ("a", 0.0)])) == [(0, 0), (1, 0), (2, 0)]


def test_one_at_a_time_even_without_a_pause():
    holding, most = set(), []

    async def ask(turns, number):
        async with turns.turn("a", 0):
            holding.add(number)
            most.append(len(holding))
            await asyncio.sleep(0)
            holding.discard(number)

    async def main():
        turns = LocalTurns(FrozenClock(NOON))
        await asyncio.gather(*(ask(turns, number) for number in range(5)))

    asyncio.run(main())
    assert most == [1] * 5


def test_the_pause_counts_from_the_end_of_the_turn_before_also_when_it_failed():
    clock = FrozenClock(NOON)

    async def main():
        turns = LocalTurns(clock)
        with pytest.raises(OSError, match="broken"):
            async with turns.turn("a", 3):
                clock.set(NOON + timedelta(seconds=10))
                raise OSError("broken")
        async with turns.turn("a", 3):
            return clock.now()

    assert asyncio.run(main()) == NOON + timedelta(seconds=13)


def test_a_clock_set_back_does_not_make_the_pause_longer():
    clock = FrozenClock(NOON)

    async def main():
        turns = LocalTurns(clock)
        async with turns.turn("a", 3):
            pass
        clock.set(NOON - timedelta(hours=1))
        async with turns.turn("a", 3):
            return clock.now()

    assert asyncio.run(main()) == NOON - timedelta(hours=1) + timedelta(seconds=3)


def test_whoever_is_cancelled_while_waiting_lets_the_next_one_in():
    async def main():
        turns = LocalTurns(FrozenClock(NOON))

        async def wait():
            async with turns.turn("a", 0):
                return "mine"

        async with turns.turn("a", 0):
            first, second = asyncio.create_task(wait()), asyncio.create_task(wait())
            await asyncio.sleep(0)
            first.cancel()
        return await asyncio.wait_for(second, 1)

    assert asyncio.run(main()) == "mine"


def test_sites_without_number_leave_nothing_behind():
    clock = FrozenClock(NOON)
    turns = LocalTurns(clock)

    async def main():
        for number in range(3000):
            async with turns.turn(f"{number}.example.org", 0):
                await clock.sleep(1)

    asyncio.run(main())
    assert len(turns._gates) == 0
    assert len(turns._ended) <= 1001
