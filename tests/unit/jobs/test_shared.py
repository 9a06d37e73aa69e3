"""What a digest costs when it is one of many."""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from threading import Barrier

import pytest
from sqlalchemy import event

from monitor.jobs import compose, cycle, deliver, match
from monitor.jobs.shared import Shared
from tests.unit.jobs.conftest import DIFFUSION, World, listing


@contextmanager
def statements(app):
    """The statements that the store is asked meanwhile."""
    found = []

    def note(_connection, _cursor, statement, *_others):
        if not statement.startswith(("BEGIN", "PRAGMA")):
            found.append(statement)

    engine = app.store._engine
    event.listen(engine, "before_cursor_execute", note)
    try:
        yield found
    finally:
        event.remove(engine, "before_cursor_execute", note)


def asked_for(folder, job, *profiles):
    """How many statements a job takes for the second digests of some profiles."""
    folder.mkdir()
    world = World(folder)
    app = world.open(*profiles)
    world.pages["hf"] = listing(1)
    asyncio.run(cycle.read(app))
    asyncio.run(compose.run(app))
    with app.store.write() as session:
        session.connection().exec_driver_sql("UPDATE outbox SET state = 'sent'")
    world.later(days=1)
    world.pages["hf"] = listing(2, 3)
    asyncio.run(cycle.read(app, roles=("poll",)))
    if job is compose:
        asyncio.run(match.run(app))
    with statements(app) as found:
        report = asyncio.run(job.run(app))
    assert report.counts["digests" if job is compose else "matches"] >= len(profiles)
    assert not report.failures
    app.store.close()
    return len(found)


def readers(number):
    return tuple(f"reader{one}@example.org" for one in range(number))


def followers(number):
    return [replace(DIFFUSION, id=f"p{one:03d}", to=(f"reader{one}@example.org",)) for one in range(number)]


@pytest.mark.parametrize("job", [match, compose], ids=["match", "compose"])
def test_a_hundred_profiles_take_as_many_statements_as_two(tmp_path, job):
    assert asked_for(tmp_path / "2", job, *followers(2)) == asked_for(tmp_path / "100", job, *followers(100))


def test_a_hundred_readers_of_a_profile_take_as_many_statements_as_two(tmp_path):
    two, hundred = (
        asked_for(tmp_path / str(number), compose, replace(DIFFUSION, to=readers(number))) for number in (2, 100)
    )
    assert two == hundred


def test_it_is_read_again_for_the_next_hundred(tmp_path, monkeypatch):
    monkeypatch.setattr(compose, "TOGETHER", 2)
    made = []

    def counted(app):
        made.append(app)
        return Shared(app)

    monkeypatch.setattr(compose, "Shared", counted)
    world = World(tmp_path)
    app = world.open(replace(DIFFUSION, to=readers(5)))
    world.pages["hf"] = listing(1)
    asyncio.run(cycle.run(app))
    assert len(made) == 3
    app.store.close()


def test_what_those_who_follow_the_same_are_told_is_worded_once(tmp_path, monkeypatch):
    made = []

    def counted(app, facts, selection):
        made.append(facts)
        return edition_of(app, facts, selection)

    edition_of = compose.edition_of
    monkeypatch.setattr(compose, "edition_of", counted)
    world = World(tmp_path)
    app = world.open(*followers(5), replace(DIFFUSION, id="other", to=("other@example.org",), language="de"))
    world.pages["hf"] = listing(1, 2)
    asyncio.run(cycle.run(app))
    assert len(made) == 2
    mails = {mail.recipient: mail for mail in world.channel.delivered}
    assert len(mails) == 6
    assert all("Kitchen 2" in mail.part("plain") for mail in mails.values())
    assert "p003.yaml" in mails["reader3@example.org"].part("plain")
    app.store.close()


def test_a_reader_of_two_profiles_gets_a_paper_once_in_the_same_run(tmp_path):
    world = World(tmp_path)
    app = world.open(DIFFUSION, replace(DIFFUSION, id="bob"))
    world.pages["hf"] = listing(1)
    asyncio.run(cycle.run(app))
    first, second = sorted(world.channel.delivered, key=lambda mail: mail.message_id)
    assert sum("Kitchen 1" in mail.part("plain") for mail in (first, second)) == 1
    app.store.close()


def test_two_workers_that_compose_two_profiles_of_one_person_at_once_send_a_paper_once(
    tmp_path, cluster, made_once, monkeypatch
):
    world, profiles = World(tmp_path, cluster.new_database(made_once)), (DIFFUSION, replace(DIFFUSION, id="bob"))
    workers = [world.open(*profiles) for _ in profiles]
    world.pages["hf"] = listing(1, 2)
    asyncio.run(cycle.read(workers[0]))
    met, first, write = Barrier(2), list(workers), compose._write

    def write_at_once(shared, made):
        if shared.app in first:
            first.remove(shared.app)
            met.wait(30)  # both have read, and neither has written
        return write(shared, made)

    monkeypatch.setattr(compose, "_write", write_at_once)
    with ThreadPoolExecutor(2) as pool:
        shards = zip(workers, profiles, strict=True)
        jobs = [pool.submit(asyncio.run, compose.run(worker, [one])) for worker, one in shards]
        assert [job.result().counts["digests"] for job in jobs] == [1, 1]
    asyncio.run(deliver.run(workers[0]))
    mails = [mail.part("plain") for mail in world.channel.delivered]
    assert len(mails) == 2
    for paper in ("Kitchen 1", "Kitchen 2"):
        assert sum(paper in mail for mail in mails) == 1
    world.close()
    cluster.drop(world.database)
