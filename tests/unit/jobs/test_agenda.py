"""A tick looks at the subscriptions that may be due, and finds them by an index."""

import asyncio
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import event
from sqlmodel import col, select

from monitor.jobs import agenda, alert, compose, cycle, match
from monitor.settings.values import ProfileSet
from monitor.store import digests, readers, suppressions
from monitor.store.tables import OutboxRow, SubscriptionRow
from monitor.testing import NOON, profile, topic
from monitor.types.profiles import Alerts, Schedule
from tests.plans import plans_of
from tests.unit.jobs.conftest import listing

MANY = tuple(f"reader{number}@example.org" for number in range(30))
DAILY = profile(topic(query='"diffusion model*"'), id="ada", to=MANY)


@contextmanager
def statements(app):
    """The statements that the store is asked meanwhile, but for those that open and end a transaction."""
    said = []

    def hear(_connection, _cursor, statement, parameters, _context, _many):
        said.append((statement, parameters))

    event.listen(app.store._engine, "before_cursor_execute", hear)
    yield said
    event.remove(app.store._engine, "before_cursor_execute", hear)


def first_day(world):
    """The first digests of 30 readers leave."""
    world.pages["hf.example"] = listing(1, 2)
    app = world.open(DAILY)
    asyncio.run(cycle.read(app))
    asyncio.run(compose.run(app))
    assert agenda.due(app) == []


@pytest.fixture
def settled(world):
    """An installation of 30 readers whose first digests have left."""
    asyncio.run(compose.run(world.after(first_day).app))
    return world


def moments(app):
    with app.store.read() as session:
        return list(session.exec(select(SubscriptionRow.next_due_at)))


def test_an_idle_tick_asks_as_much_of_many_readers_as_of_none(settled):
    app = settled.app
    settled.later(seconds=30)
    with statements(app) as said:
        assert agenda.due(app) == []
        assert asyncio.run(compose.run(app)).counts == {}
    assert len(said) <= 6
    assert set(moments(app)) == {(NOON + timedelta(days=1)).replace(hour=8)}


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_who_is_due_is_found_by_the_index_and_no_table_is_read_through(settled, database):
    with statements(settled.app) as said:
        agenda.due(settled.app)
    with settled.app.store.read() as session:
        for statement, parameters in said:
            if "SELECT" in statement and "subscriptions" in statement:
                plan = [
                    row[3]
                    for row in session.connection().exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters)
                ]
                assert any("ix_subscriptions_next_due_at" in line for line in plan), plan
                assert not any(line.startswith("SCAN subscriptions") for line in plan), plan


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_the_ledgers_word_on_a_few_is_read_without_the_others(settled, database):
    with statements(settled.app) as said, settled.app.store.read() as session:
        assert len(digests.due(session, NOON + timedelta(days=2))) == 30
    with settled.app.store.read() as session:
        for statement, parameters in said[-1:]:
            plan = [
                row[3] for row in session.connection().exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters)
            ]
            assert not any(line.startswith(("SCAN subscriptions", "SCAN digests")) for line in plan), plan


def test_the_next_morning_all_are_due_and_then_none(settled):
    settled.clock.set((NOON + timedelta(days=1)).replace(hour=8))
    assert len(agenda.due(settled.app)) == 30
    asyncio.run(compose.run(settled.app))
    assert agenda.due(settled.app) == []


def test_an_edit_of_a_schedule_counts_at_the_next_tick_and_for_its_own_readers_alone(settled):
    other = profile(id="bob", to=("bob@example.org",))
    settled.app.profiles = ProfileSet(settled.tmp_path, (DAILY, other))
    assert [state.recipient for _, state in agenda.due(settled.app)] == ["bob@example.org"]
    soon = replace(DAILY, schedule=Schedule(at=((NOON + timedelta(minutes=5)).time(),)), to=MANY[:2])
    settled.app.profiles = ProfileSet(settled.tmp_path, (soon, other))
    agenda.due(settled.app)
    settled.later(days=1, minutes=5)
    assert [state.recipient for one, state in agenda.due(settled.app) if one.id == "ada"] == list(MANY[:2])


def test_who_is_paused_or_gets_no_mail_is_looked_at_once_a_day_and_right_after_it_ends(settled):
    app = settled.app
    settled.clock.set((NOON + timedelta(days=1)).replace(hour=8))
    with app.store.write() as session:
        readers.pause(session, 1, date(2026, 3, 9))
        suppressions.add(session, MANY[1], app.clock.now(), "operator")
    assert len(agenda.due(app)) == 28
    with statements(app) as said:
        assert len(agenda.due(app)) == 28
    assert not any("UPDATE" in statement for statement, _ in said)
    with app.store.write() as session:
        readers.pause(session, 1, None)
        suppressions.lift(session, MANY[1])
    assert len(agenda.due(app)) == 30


def test_hours_of_ones_own_hold(settled):
    with settled.app.store.write() as session:
        readers.choose(session, 1, Schedule(at=((NOON + timedelta(hours=2)).time(),)))
    settled.clock.set((NOON + timedelta(days=1)).replace(hour=8))
    assert [state.id for _, state in agenda.due(settled.app)] == list(range(2, 31))
    settled.clock.set((NOON + timedelta(days=1)).replace(hour=14))
    assert len(agenda.due(settled.app)) == 30


def test_a_clock_that_was_set_back_does_not_leave_moments_in_a_far_future(settled):
    app = settled.app
    settled.later(days=4000)
    agenda.due(app)
    with app.store.write() as session:
        digests.plan(session, dict.fromkeys(range(1, 31), NOON + timedelta(days=4001)))
    settled.later(days=-3999)
    assert len(agenda.due(app)) == 30


def test_a_schedule_without_dates_is_looked_at_once_a_day(settled):
    quiet = Schedule(quiet=((NOON.date(), NOON.date() + timedelta(days=3000)),))
    settled.app.profiles = ProfileSet(settled.tmp_path, (replace(DAILY, schedule=quiet),))
    assert agenda.due(settled.app) == []
    assert set(moments(settled.app)) == {NOON + timedelta(days=1)}


def test_readers_begin_some_at_a_time_and_none_is_left_out(world, monkeypatch):
    begun, begin_all = [], digests.begin_all

    def begins(session, names, at):
        begun.append(len(names))
        begin_all(session, names, at)

    monkeypatch.setattr(agenda, "_AT_ONCE", 8)
    monkeypatch.setattr(digests, "begin_all", begins)
    app = world.open(DAILY)
    agenda.due(app)
    assert begun == [8, 8, 8, 6]
    assert len(moments(app)) == len(MANY)


def test_a_start_looks_at_all_of_them_again(settled):
    with settled.app.store.write() as session:
        digests.plan(session, {1: NOON + timedelta(days=5000)})
    again = settled.open(DAILY)
    agenda.due(again)
    assert set(moments(again)) == {(NOON + timedelta(days=1)).replace(hour=8)}


def test_alerts_and_judging_ask_nothing_more_while_nothing_is_written(settled):
    app = settled.app
    wanting = replace(DAILY, alerts=Alerts(probability=0.99))
    app.profiles = ProfileSet(settled.tmp_path, (wanting,))
    for _ in range(2):
        asyncio.run(match.run(app))
        asyncio.run(alert.run(app))
    with statements(app) as said:
        asyncio.run(match.run(app))
        asyncio.run(alert.run(app))
    assert len(said) <= 3


def leaving(world):
    """How many minutes after their hour the digests of each reader are composed next day."""
    found: dict[str, int] = {}
    for minute in range(12):
        world.clock.set((NOON + timedelta(days=1)).replace(hour=8) + timedelta(minutes=minute))
        found |= {state.recipient: minute for _, state in agenda.due(world.app) if state.recipient not in found}
    return found


def test_digests_of_one_hour_leave_spread_over_a_while_each_reader_at_a_moment_of_their_own(settled):
    settled.app.settings = replace(settled.app.settings, spread=timedelta(minutes=10))
    minutes = leaving(settled)
    assert len(minutes) == 30
    assert max(minutes.values()) <= 10
    assert len(set(minutes.values())) >= 6
    again = settled.open(DAILY)
    again.settings = settled.app.settings = replace(again.settings, spread=timedelta(minutes=10))
    with again.store.write() as session:
        digests.look_again(session, None)
    assert leaving(settled) == minutes


def test_a_wave_that_passes_midnight_keeps_its_day(world):
    world.pages["hf.example"] = listing(1, 2)
    late = replace(DAILY, schedule=Schedule(at=((NOON - timedelta(hours=12, minutes=1)).time(),)))  # at 23:59
    app = world.open(late)
    app.settings = replace(app.settings, spread=timedelta(hours=6))
    asyncio.run(cycle.read(app))
    asyncio.run(compose.run(app))
    world.clock.set((NOON + timedelta(days=2)).replace(hour=6))
    assert asyncio.run(compose.run(app)).counts["digests"] == 30
    with app.store.read() as session:
        states = digests.subscriptions(session).values()
    assert {state.last.day for state in states if state.last} == {(NOON + timedelta(days=1)).date()}


def test_a_profile_with_many_readers_does_not_hold_up_the_others(world):
    world.pages["hf.example"] = listing(1, 2)
    last = replace(DAILY, id="zoe", to=("zoe@example.org",))
    app = world.open(DAILY, last)
    asyncio.run(cycle.read(app))
    asyncio.run(compose.run(app))
    with app.store.read() as session:
        mails = list(session.exec(select(OutboxRow.recipient).order_by(col(OutboxRow.id))))
    assert mails.index("zoe@example.org") == 1


def test_readers_whose_profile_is_gone_hide_nobody_behind_them(settled):
    settled.app.profiles = ProfileSet(settled.tmp_path, (replace(DAILY, to=MANY[10:]),))
    settled.clock.set((NOON + timedelta(days=1)).replace(hour=8))
    assert sorted(state.recipient for _, state in agenda.due(settled.app)) == sorted(MANY[10:])


def test_profiles_that_may_be_due_or_that_want_alerts_are_named(settled):
    quiet, rising, famous = (replace(DAILY, id=name, to=(f"{name}@example.org",)) for name in ("bob", "cyd", "dan"))
    rising, famous = replace(rising, alerts=Alerts(trends=True)), replace(famous, alerts=Alerts(authors=True))
    settled.app.profiles = ProfileSet(settled.tmp_path, (DAILY, quiet, rising, famous))
    assert agenda.profiles_due(settled.app) == {"bob", "cyd", "dan"}  # three who never had a mail
    asyncio.run(match.run(settled.app))
    asyncio.run(compose.run(settled.app))
    assert agenda.due(settled.app) == []
    assert agenda.profiles_due(settled.app) == {"cyd", "dan"}
    settled.clock.set((NOON + timedelta(days=1)).replace(hour=8))
    assert agenda.profiles_due(settled.app) == {"ada", "bob", "cyd", "dan"}


def test_those_of_some_profiles_are_found_by_their_profiles_however_many_others_are_due(settled):
    store = settled.app.store
    if store._engine.dialect.name != "sqlite":
        pytest.skip("the plan of a server follows its statistics")

    def ask():
        with store.read() as session:
            assert digests.due(session, NOON + timedelta(days=1), ["ada"])

    first, *_ = plans_of(store, ask).values()
    assert not [step for step in first if "next_due_at" in step or step.startswith("SCAN")], first
