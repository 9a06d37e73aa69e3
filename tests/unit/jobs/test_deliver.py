"""What becomes of mails while servers, recipients and programs fail."""

import asyncio
import time
from dataclasses import replace
from datetime import timedelta

import pytest

from monitor.errors import DeliveryError, StoreError
from monitor.jobs import compose, cycle, deliver, overview
from monitor.store import channels, mails, marks, outbox, suppressions
from monitor.testing import NOON, MemoryChannel, envelope
from monitor.types.ledger import Claim, SubscriptionState
from tests.unit.jobs.conftest import DIFFUSION, listing

MANY = tuple(f"reader{number}@example.org" for number in range(40))


def run(job):
    return asyncio.run(job)


def queued(world, *recipients):
    """An installation with one mail in the outbox for each recipient."""
    world.pages["hf"] = listing(1)
    app = world.open(replace(DIFFUSION, to=recipients or ("ada@example.org",)))
    run(cycle.read(app))
    run(compose.run(app))
    return app


def listed(app):
    with app.store.read() as session:
        return sorted(mails.listed(session), key=lambda mail: mail.id)


def states(app):
    with app.store.read() as session:
        return outbox.tally(session)


class Lanes(MemoryChannel):
    """A channel with several lanes, which knows how many deliveries were under way at the same time."""

    lanes = 8

    def __init__(self, failures=(), hangs=0):
        super().__init__(failures)
        self.under_way = self.most = 0
        self.hangs = hangs
        self.let_go = asyncio.Event()

    async def deliver(self, envelope):
        self.under_way += 1
        self.most = max(self.most, self.under_way)
        try:
            if self.hangs:
                self.hangs -= 1
                await self.let_go.wait()
            await asyncio.sleep(0.001)
            return await super().deliver(envelope)
        finally:
            self.under_way -= 1
            if len(self.delivered) == len(MANY) - 1:
                self.let_go.set()


def test_all_lanes_are_used_and_each_mail_leaves_once(world):
    world.channel = Lanes()
    app = queued(world, *MANY)
    report = run(deliver.run(app))
    assert report.counts["mails sent"] == 40
    assert world.channel.most == 8
    assert sorted(mail.recipient for mail in world.channel.delivered) == sorted(MANY)
    assert states(app) == {"sent": 40}


def test_s40_one_lane_that_hangs_does_not_stop_the_others(world):
    world.channel = Lanes(hangs=1)
    app = queued(world, *MANY)
    run(deliver.run(app))  # the hanging lane is let go when all others are done
    assert states(app) == {"sent": 40}


def test_a_lane_takes_no_other_mail_before_the_last_is_committed(world, monkeypatch):
    world.channel = Lanes()
    app = queued(world, *MANY)
    settle, committed, at_risk = outbox.settle, [], []

    def slowly(session, settlements):
        time.sleep(0.02)  # a slow disk, in a thread of its own
        committed.extend(settlements)
        at_risk.append(len(world.channel.delivered) - len(committed))
        return settle(session, settlements)

    monkeypatch.setattr(outbox, "settle", slowly)
    run(deliver.run(app))
    assert states(app) == {"sent": 40}
    assert max(at_risk) <= 8  # what a kill could send again: one mail a lane


def test_a_stop_in_the_middle_gives_unused_claims_back_as_they_were(world):
    world.channel = Lanes(hangs=99)
    app = queued(world, *MANY)

    async def stopped():
        task = asyncio.create_task(deliver.run(app))
        while world.channel.under_way < 8:  # noqa: ASYNC110 - the channel knows no events
            await asyncio.sleep(0.001)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)

    run(stopped())
    assert states(app) == {"queued": 40}
    assert {mail.attempts for mail in listed(app)} == {0}


class Slow(MemoryChannel):
    """A channel over which a mail takes minutes; meanwhile something else may happen."""

    def __init__(self, world, meanwhile=lambda: None):
        super().__init__()
        self.world, self.meanwhile = world, meanwhile

    async def deliver(self, envelope):
        self.world.later(minutes=6)
        self.meanwhile()
        return await super().deliver(envelope)


def test_who_cannot_renew_its_claims_begins_no_further_delivery(world):
    world.channel = Slow(world)
    app = queued(world, *MANY[:3])
    run(deliver.run(app))
    assert states(app) == {"sent": 1, "queued": 2}
    assert sorted(mail.attempts for mail in listed(app)) == [0, 0, 1]


def test_what_another_took_over_meanwhile_is_its_own_affair(world, caplog):
    def take_over():
        world.later(minutes=6)
        with app.store.write() as session:
            taken.extend(outbox.claim(session, "another", world.clock.now(), world.clock.now() + deliver.CLAIM, 9))

    taken: list[Claim] = []
    world.channel = Slow(world, take_over)
    app = queued(world)
    run(deliver.run(app))
    assert (states(app), len(taken)) == ({"claimed": 1}, 1)
    assert "mail 1 was another's meanwhile" in caplog.text


# --- what holds a round back ---------------------------------------------------------------------------------------


def test_while_the_clock_is_doubted_no_mail_leaves_and_it_is_said_why(world, monkeypatch):
    app = queued(world)
    monkeypatch.setattr("monitor.jobs.right_time.held", lambda _app: "it is 1970")
    report = run(deliver.run(app))
    assert (report.failures, len(report.held)) == ([("clock", "mails are held: it is 1970")], 1)
    assert states(app) == {"queued": 1}


def test_after_a_copy_was_restored_no_mail_leaves_until_a_person_confirms(world):
    app = queued(world)
    with app.store.write() as session:
        marks.put(session, "restore", NOON, "tuesday.db")
    why = "tuesday.db was restored on 2026-03-04; look at `monitor outbox`, then `monitor restore --confirm`"
    report = run(deliver.run(app))
    assert (report.failures, len(report.held)) == ([("mails are held", why)], 1)
    assert states(app) == {"queued": 1}


@pytest.mark.parametrize("lanes", [1, 8])
def test_a_round_may_be_told_how_many_mails_it_tries(world, lanes):
    world.channel = Lanes()
    world.channel.lanes = lanes
    app = queued(world, *MANY[:10])
    assert run(deliver.run(app, most=3)).counts["mails sent"] == 3
    assert states(app) == {"sent": 3, "queued": 7}
    run(deliver.run(app, most=30))
    assert states(app) == {"sent": 10}


def test_claims_are_renewed_for_as_long_as_their_round_takes(world, monkeypatch):
    monkeypatch.setattr(deliver, "RENEW", timedelta(0))
    renewed, renew = asyncio.Event(), outbox.renew

    class Patient(MemoryChannel):
        async def deliver(self, envelope):
            world.later(minutes=6)
            for _ in range(2):  # when it is done again, the first time has been noted
                renewed.clear()
                await asyncio.wait_for(renewed.wait(), 10)
            return await super().deliver(envelope)

    async def live():
        loop = asyncio.get_running_loop()

        def noted(session, holder, until):
            found = renew(session, holder, until)
            if until == world.clock.now() + deliver.CLAIM:
                loop.call_soon_threadsafe(renewed.set)
            return found

        monkeypatch.setattr(outbox, "renew", noted)
        await deliver.run(app)

    world.channel = Patient()
    app = queued(world, *MANY[:3])
    run(live())
    assert states(app) == {"sent": 3}
    assert {mail.attempts for mail in listed(app)} == {1}


def test_a_channel_that_breaks_in_a_way_nobody_thought_of_stops_no_other_mail(world):
    world.channel = MemoryChannel([ValueError("odd"), None])  # type: ignore[list-item]
    app = queued(world, *MANY[:2])
    report = run(deliver.run(app))
    assert report.failures == [("mail to reader0@example.org", "ValueError: odd")]
    assert report.counts == {"mails sent": 1, "mails queued": 1}
    assert (states(app), app.under_way) == ({"queued": 1, "sent": 1}, 0)


def test_mails_wait_for_each_other_where_the_server_wants_them_slowly(world):
    world.channel = MemoryChannel([None] * 10 + [DeliveryError("421 rate", slow_down=True)])
    app = queued(world, *MANY[:20])
    pauses = []

    async def sleep(seconds):
        pauses.append(seconds)

    app.clock.sleep = sleep
    run(deliver.run(app))
    assert len(pauses) >= 8
    assert sum(pauses) > 0


# --- a channel that is broken --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("error", "doubts", "hours", "state"),
    [
        (DeliveryError("", permanent=True, uncertain=True), 1, 99, "failed"),
        (DeliveryError("", uncertain=True), 0, 99, "uncertain"),
        (DeliveryError(""), 0, 23.9, "queued"),
        (DeliveryError(""), 0, 24, "failed"),
        (DeliveryError(""), 1, 0, "uncertain"),
    ],
)
def test_what_a_refusal_makes_of_a_mail(error, doubts, hours, state):
    claim = Claim(1, envelope(), 1, "us", NOON, doubts)
    assert deliver.state_after(error, claim, NOON + timedelta(hours=hours)) == state


def test_a_pause_is_ours_or_the_servers_whichever_is_longer_and_a_little_chance():
    assert [deliver.pause_after(attempts) / timedelta(minutes=1) for attempts in (0, 1, 2, 5, 9)] == [1, 1, 5, 60, 60]
    assert deliver.pause_after(1, 90) == timedelta(seconds=90)
    assert deliver.pause_after(1, 10, 0.5) == timedelta(seconds=63)


@pytest.fixture
def unwritable(monkeypatch):
    """Lets what became of mails be written only after so many tries that fail."""
    settle = outbox.settle

    def make(times):
        left = iter(range(times))

        def failing(session, settlements):
            found = settle(session, settlements)
            if next(left, None) is not None:
                raise StoreError("the database cannot be written: disk I/O error")
            return found

        monkeypatch.setattr(outbox, "settle", failing)

    return make


def test_d02_a_commit_that_fails_for_a_moment_lets_no_mail_come_twice(world, unwritable):
    world.channel = Lanes()
    app = queued(world, *MANY[:10])
    unwritable(3)
    run(deliver.run(app))
    assert states(app) == {"sent": 10}
    run(deliver.run(app))
    assert len(world.channel.delivered) == 10


def test_d02_no_mail_leaves_while_none_can_be_written_and_those_that_did_are_not_sent_at_each_tick(world, unwritable):
    world.channel = Lanes(hangs=1)
    app = queued(world, *MANY[:20])
    unwritable(10_000)

    async def tick():
        asyncio.get_running_loop().call_later(0.3, world.channel.let_go.set)  # one is under way when the others fail
        with pytest.raises(StoreError):
            await deliver.run(app)

    run(tick())
    left = len(world.channel.delivered)
    assert 8 <= left <= 16  # a commit may take some of the lanes, and the others follow
    assert states(app) == {"claimed": left, "queued": 20 - left}
    with pytest.raises(StoreError):
        run(deliver.run(app))
    assert len({mail.recipient for mail in world.channel.delivered}) == len(world.channel.delivered)


def test_c15_killed_between_answer_and_commit_over_night_the_next_digest_does_not_hold_the_papers_again(world):
    app = queued(world)
    now = world.clock.now()
    with app.store.write() as session:
        (claimed,) = outbox.claim(session, "killed", now, now + deliver.CLAIM, 1)
    run(world.channel.deliver(claimed.envelope))
    world.later(days=1)
    with app.store.write() as session:
        outbox.release_claims(session)
    run(cycle.run(app))
    assert [b"Kitchen 1" in mail.content for mail in world.channel.delivered] == [True, True, False]
    assert world.channel.delivered[0].content == world.channel.delivered[1].content


@pytest.mark.parametrize(
    ("fault", "pause"),
    [
        ("s01 connection refused", 60), ("s02 black hole", 60), ("s03 the name is not known", 60), ("s05 421", 60),
        ("s06 554", 60), ("s13 535", 900), ("s14 454", 900), ("s17 550 sender", 60),
    ],
)  # fmt: skip
def test_s01_s02_s03_s05_s06_s13_s14_s17_a_broken_channel_rests_and_no_mail_is_blamed(world, fault, pause):
    asked = pause if pause > 60 else None
    world.channel = MemoryChannel([DeliveryError(fault, channel_wide=True, retry_after=asked)])
    app = queued(world, "ada@example.org", "bea@example.org")
    run(deliver.run(app))
    assert {(mail.state, mail.attempts) for mail in listed(app)} == {("queued", 0)}
    world.later(seconds=pause - 1)
    report = run(deliver.run(app))  # a tick while it rests asks nobody
    assert "rests until" in report.failures[0][1]
    assert world.channel.delivered == []
    assert overview.run(app).needs_a_person
    world.later(seconds=1)
    run(deliver.run(app))
    assert states(app) == {"sent": 2}
    assert not overview.run(app).channels


def test_a_program_that_stops_finishes_the_mail_under_way_and_takes_no_other(world):
    app = world.open(replace(DIFFUSION, to=("ada@example.org", "bob@example.org")))
    world.pages["hf.example"] = listing(1)
    seen = []

    class Stopping(MemoryChannel):
        async def deliver(self, envelope):
            seen.append(app.under_way)
            app.stopping = True
            return await super().deliver(envelope)

    app.channel = Stopping()
    asyncio.run(cycle.run(app))
    assert (len(app.channel.delivered), seen, app.under_way) == (1, [1], 0)
    app.stopping = False
    asyncio.run(deliver.run(app))
    assert len({one.recipient for one in app.channel.delivered}) == 2


def test_s01_a_channel_that_stays_broken_is_tried_ever_less_and_at_least_every_hour(world):
    world.channel = MemoryChannel([DeliveryError("refused", channel_wide=True)] * 7)
    app = queued(world)
    pauses = []
    for _ in range(7):
        run(deliver.run(app))
        with app.store.read() as session:
            rest = channels.health(session, "").paused_until
        pauses.append((rest - world.clock.now()) / timedelta(minutes=1))
        world.clock.set(rest)
    assert pauses == [1, 5, 15, 30, 60, 60, 60]
    assert overview.run(app).channels[0].failing_since == NOON


def test_s13_all_lanes_that_meet_a_wrong_password_are_one_failure(world):
    world.channel = Lanes([DeliveryError("535", channel_wide=True)] * 8)
    app = queued(world, *MANY)
    run(deliver.run(app))
    with app.store.read() as session:
        assert channels.health(session, "").failures == 1
    assert states(app) == {"queued": 40}


# --- mails that are refused ----------------------------------------------------------------------------------------


def test_s16_s18_the_pauses_grow_and_the_same_bytes_come_again(world):
    world.channel = MemoryChannel([DeliveryError("451 greylisted")] * 6)
    app = queued(world)
    before, pauses = listed(app)[0], []
    for _ in range(6):
        run(deliver.run(app))
        (mail,) = listed(app)
        pauses.append((mail.next_attempt_at - world.clock.now()) / timedelta(minutes=1))
        world.clock.set(mail.next_attempt_at)
    run(deliver.run(app))
    assert pauses == [1, 5, 15, 30, 60, 60]
    (sent,) = world.channel.delivered
    assert (sent.message_id, outbox.fingerprint(sent.content)) == (before.message_id, before.fingerprint)


def test_mails_refused_together_do_not_come_back_together(world):
    world.channel = MemoryChannel([DeliveryError("451")] * 40)
    app = queued(world, *MANY)
    app.chance.random = iter([number / 40 for number in range(40)]).__next__
    run(deliver.run(app))
    pauses = sorted((mail.next_attempt_at - NOON).total_seconds() for mail in listed(app))
    assert (pauses[0], pauses[-1]) == (60.0, pytest.approx(66, abs=0.2))
    assert len(set(pauses)) == 40


def test_s19_a_recipient_refused_in_three_digests_is_suspended_and_status_says_so(world):
    world.channel = MemoryChannel([DeliveryError("550 5.1.1 no such user", permanent=True, bounced=True)] * 3)
    app = queued(world)
    for day in (1, 2, 3):
        run(deliver.run(app))
        world.clock.set(NOON + timedelta(days=day))
        world.pages["hf"] = listing(day + 1)
        run(cycle.read(app))
        run(compose.run(app))
    assert states(app) == {"failed": 3}
    (found,) = overview.run(app).suppressed
    assert "ada@example.org gets no mail" in str(found)
    assert "550 5.1.1 no such user" in str(found)
    with app.store.write() as session:
        suppressions.lift(session, "ada@example.org")
    run(cycle.mail(app))
    assert len(world.channel.delivered) == 1


def test_s20_a_full_mailbox_is_given_up_when_the_next_digest_is_due_and_that_one_holds_its_papers(world):
    world.channel = MemoryChannel([DeliveryError("452 mailbox full", retry_after=3600)] * 2)
    app = queued(world)
    run(deliver.run(app))
    world.later(days=1)
    world.pages["hf"] = listing(1, 2)
    run(cycle.read(app))
    run(compose.run(app))
    assert states(app) == {"failed": 1, "queued": 1}
    world.later(hours=2)
    run(deliver.run(app))
    world.later(hours=2)
    run(deliver.run(app))
    (mail,) = world.channel.delivered
    assert "Kitchen 1" in mail.part("html")
    assert "Kitchen 2" in mail.part("html")


def test_a_mail_that_cannot_leave_for_a_day_is_given_up_and_its_papers_wait(world):
    world.channel = MemoryChannel([DeliveryError("451 later", retry_after=4 * 3600)] * 9)
    app = queued(world)
    for _ in range(7):
        run(deliver.run(app))
        world.later(hours=4)
    assert states(app) == {"failed": 1}
    with app.store.read() as session:
        assert [found.attempts for found in mails.listed(session)] == [7]


def test_c14_s27_s29_what_may_have_arrived_is_sent_once_more_with_the_same_bytes_and_keeps_its_papers(world):
    world.channel = MemoryChannel([DeliveryError("silence", uncertain=True)])
    app = queued(world)
    run(deliver.run(app))
    world.later(days=1)
    world.pages["hf"] = listing(1, 2)
    run(cycle.read(app))
    run(compose.run(app))
    run(deliver.run(app))
    first, second = sorted(world.channel.delivered, key=lambda mail: mail.message_id)
    assert "Kitchen 1" in first.part("html")
    assert "Kitchen 1" not in second.part("html")


def test_s25_the_servers_own_words_are_kept_and_shown(world):
    words = "mx refused the message (550 5.7.515 Access denied); publish SPF"
    world.channel = MemoryChannel([DeliveryError(words, permanent=True)])
    app = queued(world)
    run(deliver.run(app))
    assert overview.run(app).answers == (("ada@example.org", "failed", words),)
    assert overview.run(app).suppressed == ()


def test_s21_each_recipient_of_a_profile_has_a_mail_and_a_state_of_their_own(world):
    world.channel = MemoryChannel([None, DeliveryError("550", permanent=True)])
    app = queued(world, "ada@example.org", "bea@example.org")
    run(deliver.run(app))
    assert [(mail.recipient, mail.state) for mail in listed(app)] == [
        ("ada@example.org", "sent"),
        ("bea@example.org", "failed"),
    ]


def test_s31_a_server_that_complains_about_speed_gets_the_next_mails_slowly(world):
    world.channel = MemoryChannel([None] * 20 + [DeliveryError("421 rate", slow_down=True)])
    app = queued(world, *MANY)
    run(deliver.run(app))
    assert app.rate_of("").limit is not None
    assert states(app) == {"sent": 39, "queued": 1}


def test_w22_a_suppressed_subscription_gets_no_digest_at_all(world):
    world.pages["hf"] = listing(1)
    app = world.open(replace(DIFFUSION, to=("ada@example.org", "bea@example.org")))
    with app.store.write() as session:
        suppressions.add(session, "Ada@example.org", NOON, "unsubscribed", profile="ada")
    run(cycle.read(app))
    run(compose.run(app))
    assert [mail.recipient for mail in listed(app)] == ["bea@example.org"]


def test_a_profile_may_name_its_channel_and_a_broken_one_stops_no_other(world):
    chat = replace(DIFFUSION, id="chat", to=("team@example.org",), channel="team-chat")
    app = world.open(DIFFUSION, chat)
    app.channels["team-chat"] = broken = MemoryChannel([DeliveryError("no such room", channel_wide=True)])
    world.pages["hf.example"] = listing(1)
    asyncio.run(cycle.run(app))
    assert [one.recipient for one in world.channel.delivered] == ["ada@example.org"]
    assert broken.delivered == []
    world.later(minutes=2)
    asyncio.run(deliver.run(app))
    assert [one.recipient for one in broken.delivered] == ["team@example.org"]
    assert len(world.channel.delivered) == 1


def test_d15_a_channel_whose_claim_fails_breaks_off_no_delivery_of_another(world, monkeypatch):
    hangs, claimed = asyncio.Event(), outbox.claim

    class Slow(MemoryChannel):
        async def deliver(self, envelope):
            await hangs.wait()
            return await super().deliver(envelope)

    def claim(session, *rest, channel, **named):
        if channel == "broken":
            raise StoreError("disk I/O error")
        return claimed(session, *rest, channel=channel, **named)

    async def rounds():
        working = asyncio.create_task(deliver.run(app))
        await asyncio.sleep(0.05)
        still_works = not working.done()
        hangs.set()
        with pytest.raises(StoreError):
            await working
        return still_works

    world.channel = slow = Slow()
    app = queued(world, "ada@example.org")
    app.channels["broken"] = MemoryChannel()
    monkeypatch.setattr(outbox, "channels_with_due", lambda *_: ["", "broken"])
    monkeypatch.setattr(outbox, "claim", claim)
    assert run(rounds())
    assert (len(slow.delivered), states(app)) == (1, {"sent": 1})


def test_mails_of_a_channel_that_is_gone_wait_and_the_report_says_so(world):
    app = world.open(replace(DIFFUSION, channel="team-chat"))
    world.pages["hf.example"] = listing(1)
    report = asyncio.run(cycle.run(app))
    assert any(part == "channel team-chat" and "put it back" in why for part, why in report.failures)
    app.channels["team-chat"] = MemoryChannel()
    asyncio.run(deliver.run(app))
    assert len(app.channels["team-chat"].delivered) == 1


def test_who_signed_up_on_the_pages_gets_mail_whatever_channel_the_profile_names(world):
    app = world.open(replace(DIFFUSION, channel="team-chat"))
    states = {one: SubscriptionState(1, "ada", one, NOON) for one in ("ada@example.org", "bob@example.org")}
    reader = next(iter(app.profiles))
    found = {name: compose.channel_of(app, reader, state, "daily") for name, state in states.items()}
    assert found == {"ada@example.org": "team-chat", "bob@example.org": ""}


def sent_by(world):
    before = len(world.channel.delivered)
    run(deliver.run(world.app))
    return [mail.recipient for mail in world.channel.delivered[before:]]


def paced(world, *recipients, **limits):
    """An installation whose channel has limits: mails a minute, ``server`` for the channel itself."""
    app = queued(world, *recipients)
    named = {"" if name == "server" else f"{name}.org": number for name, number in limits.items()}
    app.settings = replace(app.settings, channel=replace(app.settings.channel, limits=named))
    return app


def test_a_server_gets_so_many_mails_a_minute_from_all_workers_together(world):
    app = paced(world, *MANY, server=60)
    assert len(sent_by(world)) == 15  # what was saved up
    other = world.open(replace(DIFFUSION, to=MANY))
    other.settings = app.settings
    assert sent_by(world) == []
    world.later(seconds=10)
    assert len(sent_by(world)) == 10
    world.later(hours=1)
    assert len(sent_by(world)) == 15


def test_a_slow_server_gets_one_mail_at_a_time(world):
    paced(world, *MANY, server=1)
    assert len(sent_by(world)) == 1
    world.later(seconds=59)
    assert len(sent_by(world)) == 0
    world.later(seconds=1)
    assert len(sent_by(world)) == 1


def test_a_domain_that_takes_few_mails_holds_up_no_other(world):
    paced(world, *(f"r{one}@Slow.org" for one in range(20)), *MANY[:20], slow=8)
    sent = sent_by(world)
    assert sum(one.endswith("@Slow.org") for one in sent) == 2
    assert sum(one.endswith("@example.org") for one in sent) == 20
    world.later(seconds=15)
    assert len(sent_by(world)) == 2


def test_a_clock_that_was_set_back_stops_no_mail(world):
    paced(world, *MANY, server=60)
    world.later(days=3)
    assert len(sent_by(world)) == 15
    world.later(days=-3)
    world.later(seconds=1)
    assert sent_by(world) == []
    world.later(seconds=10)
    assert len(sent_by(world)) == 10
