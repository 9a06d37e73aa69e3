"""What every engine found on disk promises, and what those promise that many processes share."""

from __future__ import annotations

import asyncio
import dataclasses
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import get_args

import pytest

from monitor import engine
from monitor.app import open_app
from monitor.daemon.duties import Duties, by_due, by_profiles
from monitor.engine import Order, open_engine, procrastinate
from monitor.errors import StoreError
from monitor.registry import kinds
from monitor.settings.installation import WrittenEngine
from monitor.settings.values import ChannelSettings, EngineSettings, ProfileSet, SenderSettings, Settings
from monitor.sources import hf_daily
from monitor.store import digests, queue
from monitor.testing import MemoryChannel, profile
from monitor.types.profiles import Alerts, Topic

LOOK = Order("look", "poll")


def installation(folder, database, **settings):
    made = Settings(
        path=folder / "monitor.yaml",
        folder=folder,
        database=database,
        profiles=folder,
        sources=(),
        channel=ChannelSettings("file", hf_daily.Options()),
        sender=SenderSettings(address="monitor@example.org"),
        **settings,
    )
    return open_app(made, ProfileSet(folder, ()), channel=MemoryChannel())


@pytest.fixture
def app(tmp_path, kind, request):
    if kind == "local":
        database = str(tmp_path / "monitor.db")
    else:
        cluster = request.getfixturevalue("cluster")
        database = cluster.new_database(request.getfixturevalue("made_once"))
    made = installation(tmp_path, database)
    yield made
    asyncio.run(made.close())
    if kind != "local":
        cluster.drop(database)


@pytest.fixture(params=kinds("engine"))
def kind(request, monkeypatch):
    monkeypatch.setattr(engine, "FIRST_REST", 0.05)
    monkeypatch.setattr(procrastinate, "_AGAIN", 0.05)
    return request.param


shared = pytest.mark.parametrize("kind", ["procrastinate"], indirect=True)


class Work:
    """What orders do: each is noted, fails as often as it is told to, and may have to wait."""

    def __init__(self, *, fails=0, waits=False):
        self.done, self.begun = [], []
        self.fails = fails
        self.go = asyncio.Event()
        if not waits:
            self.go.set()

    async def __call__(self, order):
        self.begun.append(order)
        if self.fails:
            self.fails -= 1
            raise ValueError("not today")
        await self.go.wait()
        self.done.append(order)


async def until(condition, seconds=10.0):
    async with asyncio.timeout(seconds):
        while not condition():  # noqa: ASYNC110 - what is waited for may be done by another process
            await asyncio.sleep(0.01)


def within(app, kind, test, **work):
    """Run ``test`` with an engine at work."""

    async def run():
        made = Work(**work)
        engine = open_engine(kind, app, made)
        working = asyncio.create_task(engine.run())
        try:
            await test(engine, made)
        finally:
            made.go.set()
            await engine.drain(5)
            await asyncio.wait_for(working, 10)

    asyncio.run(run())


def test_the_settings_know_the_kinds_on_disk():
    assert set(get_args(WrittenEngine.model_fields["kind"].annotation)) == set(kinds("engine"))


def test_orders_are_done_once_with_their_shard(app, kind):
    shards = [Order("match", "match", first, end, priority=1) for first, end in (("", "m"), ("m", ""))]

    async def test(engine, work):
        assert await engine.put(shards) == 2
        await until(lambda: len(work.done) == 2)
        await asyncio.sleep(0.05)
        assert sorted(work.done, key=lambda one: one.first) == shards

    within(app, kind, test)


def test_an_order_that_waits_or_is_being_done_stays_alone(app, kind):
    async def test(engine, work):
        assert await engine.put([LOOK]) == 1
        await until(lambda: work.begun)
        assert await engine.put([LOOK]) == 0
        work.go.set()
        await until(lambda: work.done)
        async with asyncio.timeout(10):
            while not await engine.put([LOOK]):  # noqa: ASYNC110 - until another connection has written that it is done
                await asyncio.sleep(0.01)
        await until(lambda: len(work.done) == 2)

    within(app, kind, test, waits=True)


def test_c27_an_order_that_fails_rests_and_stops_no_other(app, kind, caplog):
    async def test(engine, work):
        assert await engine.put([LOOK]) == 1
        await until(lambda: "not today" in caplog.text)
        await engine.put([Order("mail", "compose")])
        await until(lambda: [one.job for one in work.done][:1] == ["mail"] or len(work.done) == 2)
        while LOOK not in work.done:
            await engine.put([LOOK])  # as the next ticks do
            await asyncio.sleep(0.05)
        assert work.begun.count(LOOK) == 2
        assert "job look failed" in caplog.text

    within(app, kind, test, fails=1)


def test_stopping_begins_nothing_waits_for_what_runs_and_names_what_is_late(app, kind):
    async def test(engine, work):
        await engine.put([LOOK, Order("mail", "compose")])
        await until(lambda: len(work.begun) == 2)
        asyncio.get_running_loop().call_later(0.05, work.go.set)
        assert await engine.drain(5) == ()
        assert len(work.done) == 2
        await engine.put([Order("late", "poll")])
        await asyncio.sleep(0.05)
        assert len(work.begun) == 2

    within(app, kind, test, waits=True)


def test_what_is_broken_off_is_named(app, kind):
    async def test(engine, work):
        await engine.put([LOOK])
        await until(lambda: work.begun)
        assert await engine.drain(0.01) == ("look",)
        assert work.done == []

    within(app, kind, test, waits=True)


# --- engines that many share ---------------------------------------------------------------------------------------


def test_workers_need_a_database_that_can_be_shared(tmp_path):
    app = installation(tmp_path, str(tmp_path / "monitor.db"))
    with pytest.raises(StoreError, match="monitor run"):
        open_engine("procrastinate", app, Work())
    asyncio.run(app.close())


@shared
def test_what_a_worker_that_stops_breaks_off_is_done_by_another_at_once(app, kind):
    async def stops(engine, work):
        await engine.put([LOOK])
        await until(lambda: work.begun)
        await engine.drain(0.01)

    async def goes_on(engine, work):
        await until(lambda: work.done == [LOOK])

    within(app, kind, stops, waits=True)
    within(app, kind, goes_on)


@shared
def test_a_tick_has_one_winner(app, kind, tmp_path):
    async def run():
        engines = [open_engine(kind, app, Work()) for _ in range(4)]
        hour = timedelta(hours=1)
        ticks = (one.tick("look", hour, [Order("look", "poll", number=each)]) for each, one in enumerate(engines))
        assert sum(await asyncio.gather(*ticks)) == 1
        assert await engines[0].tick("mail", hour, [Order("mail", "compose")]) == 1

    asyncio.run(run())


@shared
def test_orders_are_put_with_what_they_are_about_or_not_at_all(app, kind):
    engine = procrastinate.open_engine(app, Work())
    with pytest.raises(RuntimeError), app.store.write() as session:
        assert engine._put(session, [LOOK]) == 1
        raise RuntimeError("the rest fails")
    with app.store.read() as session:
        assert queue.busy(session, [LOOK.key]) == set()


@shared
def test_of_orders_that_wait_the_most_urgent_comes_first(app, kind):
    orders = [Order(name, "deliver", priority=priority) for priority, name in enumerate(("low", "middle", "high"))]

    async def test(engine, work):
        await until(lambda: len(work.done) == 3)
        assert [one.job for one in work.done] == ["high", "middle", "low"]

    asyncio.run(open_engine(kind, app, Work()).put(orders))
    within(app, kind, test)


@shared
def test_only_who_has_the_role_does_it(app, kind):
    async def test(engine, work):
        await engine.put([LOOK, Order("mail", "compose"), Order("send", "deliver")])
        await until(lambda: len(work.done) == 2)
        await asyncio.sleep(0.1)
        assert {one.queue for one in work.done} == {"compose", "deliver"}

    app.settings = dataclasses.replace(app.settings, roles=("deliver",))
    within(app, kind, test)


@shared
def test_an_order_whose_worker_died_is_found_and_done_again(app, kind, monkeypatch):
    monkeypatch.setattr(procrastinate, "ALIVE", timedelta(seconds=0.6))
    asyncio.run(open_engine(kind, app, Work()).put([LOOK]))
    with app.store.write() as session:
        run = session.connection().exec_driver_sql
        died = "INSERT INTO procrastinate_workers (last_heartbeat) VALUES (now() - interval '1 hour') RETURNING id"
        run(f"SELECT procrastinate_fetch_job_v2(NULL, {run(died).scalar()})")

    async def test(engine, work):
        await until(lambda: work.done == [LOOK])

    within(app, kind, test)


@shared
def test_d12_workers_go_on_after_the_server_restarted_and_nothing_is_left_undone(app, kind, cluster, monkeypatch):
    monkeypatch.setattr(procrastinate, "ALIVE", timedelta(seconds=0.6))

    async def test(engine, work):
        await engine.put([LOOK])
        await until(lambda: work.begun)
        await asyncio.to_thread(cluster.stop)
        work.go.set()  # done, and nobody can be told
        await until(lambda: work.done)
        await asyncio.to_thread(cluster.start)
        await until(partial(is_idle, app), 20)
        await engine.put([LOOK])
        await until(lambda: work.done[1:])

    within(app, kind, test, waits=True)


def is_idle(app):
    with app.store.read() as session:
        return not queue.busy(session, [LOOK.key])


def overview(app):
    with app.store.read() as session:
        return queue.overview(session)


@shared
def test_how_the_queues_fare_can_be_read(app, kind):
    async def test(engine, work):
        await engine.put([LOOK, Order("send", "deliver", number=1), Order("send", "deliver", number=2)])
        await until(lambda: len(work.begun) == 2 and overview(app).workers == 3)
        found = overview(app)
        assert [(one.name, one.waiting, one.doing) for one in found.queues] == [("deliver", 1, 1), ("poll", 0, 1)]
        assert found.queues[0].lag >= 0

    within(app, kind, test, waits=True)


@shared
def test_the_queue_of_an_older_version_is_brought_up_to_date(app, kind):
    open_engine(kind, app, Work())
    with app.store.write() as session:
        for change in (
            "DROP FUNCTION procrastinate_retry_job_v2",
            "ALTER TYPE procrastinate_job_event_type RENAME VALUE 'retried' TO 'not yet'",
            "UPDATE marks SET text = '3.3.0' WHERE name = 'queue schema'",
        ):
            session.connection().exec_driver_sql(change)
    open_engine(kind, app, Work())
    with app.store.read() as session:
        find = "SELECT count(*) FROM pg_proc WHERE proname = 'procrastinate_retry_job_v2'"
        assert session.connection().exec_driver_sql(find).scalar() == 1


def test_profiles_fall_into_shards_that_leave_out_nobody_and_keep_together_who_follows_the_same(tmp_path):
    app = installation(tmp_path, str(tmp_path / "a.db"), engine=EngineSettings("procrastinate", profiles=3))
    tides, caves = ((Topic("one", about=f"Papers about {word}."),) for word in ("tides", "caves"))
    made = [profile(id=name, topics=tides if name in "bdf" else caves) for name in "bcdefg"]
    app.profiles = ProfileSet(tmp_path, tuple(made))
    duties = Duties(app)
    shards = by_profiles(duties, Order("match", "match"))
    assert [shards[0].first, shards[0].end, shards[1].end] == ["", shards[1].first, ""]
    assert {"".join(one.id for one in duties.shard(shard) or ()) for shard in shards} == {"bdf", "ceg"}
    app.profiles = ProfileSet(tmp_path, (*made, profile(id="h", topics=tides)))  # another process has put the orders
    assert {"".join(one.id for one in duties.shard(shard) or ()) for shard in shards} == {"bdfh", "ceg"}
    asyncio.run(app.close())


def test_composing_has_orders_only_where_something_may_be_due(tmp_path):
    app = installation(tmp_path, str(tmp_path / "a.db"), engine=EngineSettings("procrastinate", profiles=2))
    app.profiles = ProfileSet(tmp_path, tuple(profile(id=name) for name in "bcdefg"))
    duties, mail = Duties(app), Order("mail", "compose")
    assert by_due(duties, mail) == by_profiles(duties, mail)  # all are new
    with app.store.write() as session:
        digests.plan(
            session, {state.id: datetime(9999, 1, 1, tzinfo=UTC) for state in digests.due(session, app.clock.now())}
        )
    assert by_due(duties, mail) == []
    with app.store.write() as session:
        digests.look_again(session, {"e"})
    assert by_due(duties, mail) == by_profiles(duties, mail)[1:2]
    wanting = dataclasses.replace(profile(id="g"), alerts=Alerts(probability=0.9))
    app.profiles = ProfileSet(tmp_path, (*app.profiles.profiles[:-1], wanting))
    assert by_due(duties, mail) == by_profiles(duties, mail)[1:]
    asyncio.run(app.close())
