"""Mails of the past: drawn again, sent again."""

import asyncio
from datetime import timedelta

import pytest

from monitor.app import open_app
from monitor.errors import DeliveryError, MonitorError, NotFoundError
from monitor.jobs import cycle, deliver, mailroom
from monitor.render.message import Sender
from monitor.store import audit, mails, outbox
from monitor.testing import NOON, MemoryChannel
from monitor.types.ledger import OutboxState
from tests.unit.jobs.conftest import World, listing

DAY = NOON.date()
OTHER = Sender("Somebody else", "other@example.org")


def one_digest(world):
    """One digest leaves for Ada at noon, and two days pass."""
    world.pages["hf"] = listing(1, 2)
    world.open()
    asyncio.run(cycle.run(world.app))
    world.later(days=2)


@pytest.fixture
def sent(world):
    """An installation that sent Ada one digest at noon, two days ago."""
    return world.after(one_digest)


def the_mail(world):
    (mail,) = mailroom.of_digest(world.app, "ada", DAY)
    return mail


def test_m10_a_past_mail_is_drawn_again_byte_for_byte(sent):
    again = mailroom.redrawn(sent.app, the_mail(sent))
    assert again.same
    assert again.envelope == sent.channel.delivered[0]


def test_m10_another_process_draws_the_same_bytes_and_another_installation_other_ids(sent, tmp_path):
    opened = open_app(sent.app.settings, sent.app.profiles, clock=sent.clock, channel=MemoryChannel())
    assert mailroom.redrawn(opened, the_mail(sent)).envelope == sent.channel.delivered[0]
    opened.store.close()
    (tmp_path / "other").mkdir()
    other = World(tmp_path / "other")
    other.pages["hf"] = listing(1, 2)
    app = other.open()
    asyncio.run(cycle.run(app))
    app.store.close()
    ours, theirs = sent.channel.delivered[0], other.channel.delivered[0]
    assert (ours.recipient, ours.subject) == (theirs.recipient, theirs.subject)
    assert ours.message_id != theirs.message_id


def test_bytes_that_were_let_go_are_drawn_again_and_compared(sent):
    with sent.app.store.write() as session:
        assert outbox.drop_contents(session, sent.clock.now()) == 1
    assert not the_mail(sent).kept
    assert mailroom.as_queued(sent.app, the_mail(sent)) == sent.channel.delivered[0]


def test_bytes_that_cannot_be_drawn_as_they_were_are_never_sent_as_if_they_could(sent, monkeypatch):
    with sent.app.store.write() as session:
        outbox.drop_contents(session, sent.clock.now())
    monkeypatch.setattr(type(sent.app), "sender", property(lambda _app: OTHER))
    assert not mailroom.redrawn(sent.app, the_mail(sent)).same
    with pytest.raises(DeliveryError, match="cannot be drawn as it was"):
        mailroom.send_again(sent.app, the_mail(sent))


def test_a_mail_sent_again_is_the_same_mail_and_the_audit_agrees(sent):
    with sent.app.store.write() as session:
        outbox.drop_contents(session, sent.clock.now())
    mailroom.send_again(sent.app, the_mail(sent))
    asyncio.run(deliver.run(sent.app))
    assert sent.channel.delivered[1] == sent.channel.delivered[0]
    with sent.app.store.read() as session:
        assert list(audit.violations(session, sent.clock.now(), timedelta(days=9))) == []


def test_a_mail_whose_papers_went_into_a_later_digest_is_not_sent_again(world):
    world.channel = MemoryChannel([DeliveryError("later")])
    world.pages["hf"] = listing(1)
    app = world.open()
    asyncio.run(cycle.run(app))
    world.later(days=1)
    asyncio.run(cycle.run(app))
    with pytest.raises(MonitorError, match="went into a later digest"):
        mailroom.send_again(app, the_mail(world))
    assert mailroom.retry(app, (1,)) == []


def test_a_day_without_a_mail_is_named(sent):
    with pytest.raises(NotFoundError, match="bea"):
        mailroom.of_digest(sent.app, "ada", DAY, "bea@example.org")


def test_retry_tries_at_once_what_waits_and_wakes_the_channel(world):
    world.channel = MemoryChannel([DeliveryError("no server", channel_wide=True)])
    world.pages["hf"] = listing(1)
    app = world.open()
    asyncio.run(cycle.run(app))
    assert mailroom.retry(app, ()) == [1]
    asyncio.run(deliver.run(app))
    assert len(world.channel.delivered) == 1


def test_c24_held_mails_do_not_leave_until_they_are_released(world):
    world.channel = MemoryChannel([DeliveryError("later")])
    world.pages["hf"] = listing(1)
    app = world.open()
    asyncio.run(cycle.run(app))
    steps: tuple[tuple[OutboxState, OutboxState, int], ...] = (("held", "queued", 0), ("queued", "held", 1))
    for into, out_of, then in steps:
        with app.store.write() as session:
            assert mails.move(session, [1], into, out_of=[out_of]) == [1]
        world.later(hours=1)
        asyncio.run(deliver.run(app))
        assert len(world.channel.delivered) == then
