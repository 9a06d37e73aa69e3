"""What a digest costs when it is one of many."""

import asyncio
from contextlib import contextmanager
from dataclasses import replace

from sqlalchemy import event

from monitor.jobs import compose, cycle
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


def asked_for(folder, readers):
    """How many statements composing the second digest of so many readers takes."""
    folder.mkdir()
    world = World(folder)
    app = world.open(replace(DIFFUSION, to=tuple(f"reader{number}@example.org" for number in range(readers))))
    world.pages["hf"] = listing(1)
    asyncio.run(cycle.read(app))
    asyncio.run(compose.run(app))
    with app.store.write() as session:
        session.connection().exec_driver_sql("UPDATE outbox SET state = 'sent'")
    world.later(days=1)
    world.pages["hf"] = listing(2, 3)
    asyncio.run(cycle.read(app))
    with statements(app) as found:
        report = asyncio.run(compose.run(app))
    assert report.counts["digests"] == readers
    app.store.close()
    return len(found)


def test_what_digests_share_is_read_once_for_many_of_them(tmp_path):
    one, ten, hundred = (asked_for(tmp_path / str(readers), readers) for readers in (1, 10, 100))
    each = (hundred - ten) / 90
    assert each == (ten - one) / 9  # no more for each of a hundred than for each of ten
    assert each <= 10, (one, ten, hundred)
    assert one >= each + 8  # the rest is read once


def test_it_is_read_again_for_the_next_hundred(tmp_path, monkeypatch):
    monkeypatch.setattr(compose, "TOGETHER", 2)
    made = []

    def counted(app):
        made.append(app)
        return Shared(app)

    monkeypatch.setattr(compose, "Shared", counted)
    world = World(tmp_path)
    app = world.open(replace(DIFFUSION, to=tuple(f"reader{number}@example.org" for number in range(5))))
    world.pages["hf"] = listing(1)
    asyncio.run(cycle.run(app))
    assert len(made) == 3
    app.store.close()


def test_a_reader_of_two_profiles_gets_a_paper_once_in_the_same_run(tmp_path):
    world = World(tmp_path)
    app = world.open(DIFFUSION, replace(DIFFUSION, id="bob"))
    world.pages["hf"] = listing(1)
    asyncio.run(cycle.run(app))
    first, second = sorted(world.channel.delivered, key=lambda mail: mail.message_id)
    assert sum("Kitchen 1" in mail.part("plain") for mail in (first, second)) == 1
    app.store.close()
