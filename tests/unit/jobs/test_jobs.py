"""The jobs, joined as the daemon joins them, on a frozen clock."""

import asyncio
import json
import random
from dataclasses import replace
from datetime import timedelta

import pytest

from monitor.errors import DeliveryError, FetchError
from monitor.jobs import compose, cycle, deliver, match, poll, prune, topics, unread
from monitor.store import digests, mails, matches, outbox, papers, snapshots, sources, verdicts
from monitor.testing import NOON, profile, topic
from tests.unit.jobs.conftest import DIFFUSION, listing


def run(job):
    return asyncio.run(job)


def count(world, table):
    with world.app.store.read() as session:
        return sum(table.tally(session).values())


def test_a_source_is_asked_when_it_is_due_and_not_before(world):
    app = world.open()
    run(poll.run(app))
    run(poll.run(app))
    assert len(world.fetcher.asked) == 1
    world.later(hours=1)
    run(poll.run(app))
    assert len(world.fetcher.asked) == 2


def test_f21_the_validators_of_the_last_answer_are_sent_back(world):
    world.pages["hf"] = listing(1)
    app = world.open()
    run(poll.run(app))
    world.later(hours=1)
    run(poll.run(app))
    assert [asked[2].etag for asked in world.fetcher.asked] == [None, f'"{len(listing(1))}"']


def test_f23_a_body_that_did_not_change_is_not_read_again(world):
    world.pages["hf"] = listing(1)
    app = world.open()
    assert run(poll.run(app)).counts["listings"] == 1
    world.later(hours=1)
    assert run(poll.run(app)).counts["listings"] == 0


def test_one_source_that_fails_does_not_stop_the_others_and_is_asked_ever_less(world):
    world.pages = {"bad": FetchError("bad", "answered 503"), "good": listing(1, 2)}
    app = world.open(sources=("bad", "good"))
    report = run(poll.run(app))
    assert report.failures == [("bad", "answered 503")]
    assert report.counts["new"] == 2
    pauses = []
    for _ in range(3):
        with app.store.read() as session:
            health = sources.health(session, "bad")
        pauses.append((health.next_poll_at - world.clock.now()) / timedelta(hours=1))
        world.clock.set(health.next_poll_at)
        run(poll.run(app))
    assert pauses == [1, 2, 4]


def test_f38_an_answer_that_is_no_listing_is_kept_and_stated_and_loses_nothing(world):
    world.pages["hf"] = b"<html>log in</html>"
    app = world.open()
    (failure,) = run(poll.run(app)).failures
    assert failure[0] == "hf"
    with app.store.read() as session:
        assert snapshots.one(session, 1).answer.body == b"<html>log in</html>"
    world.pages["hf"] = listing(1)
    world.later(hours=2)
    assert run(poll.run(app)).counts["new"] == 1


def test_c04_an_error_while_a_listing_is_written_leaves_none_of_it(world, monkeypatch):
    world.pages["hf"] = listing(1, 2, 3)
    app = world.open()
    record = papers.record

    def failing(*arguments):
        record(*arguments)
        raise OSError("the disk is gone")

    monkeypatch.setattr(papers, "record", failing)
    assert "the disk is gone" in run(poll.run(app)).failures[0][1]
    monkeypatch.undo()
    with app.store.read() as session:
        assert papers.count(session) == 0
    world.later(hours=2)
    world.pages["hf"] = listing(
        3, 2, 1
    )  # under other ids than the first time: what failed must not look like an original
    assert run(poll.run(app)).counts["new"] == 3


def test_a_round_sends_each_reader_one_digest_with_what_matches(world):
    world.pages["hf"] = listing(1, 2)
    app = world.open(DIFFUSION, profile(topic("robots", query="robot*"), id="bea", to=("bea@example.org",)))
    run(cycle.run(app))
    assert [mail.recipient for mail in world.channel.delivered] == ["ada@example.org", "bea@example.org"]
    assert b"Kitchen 2" in world.channel.delivered[0].content
    assert b"Kitchen" not in world.channel.delivered[1].content
    run(cycle.run(app))
    assert len(world.channel.delivered) == 2


def test_one_person_in_two_profiles_gets_a_paper_once(world):
    world.pages["hf"] = listing(1)
    app = world.open(DIFFUSION, replace(DIFFUSION, id="bis"))
    run(cycle.run(app))
    assert [b"Kitchen 1" in mail.content for mail in world.channel.delivered] == [True, False]


def test_a_first_digest_waits_until_something_was_read(world):
    world.pages["hf"] = FetchError("hf", "no network")
    app = world.open()
    run(cycle.run(app))
    assert world.channel.delivered == []
    world.pages["hf"] = listing(1)
    world.later(hours=2)
    run(cycle.run(app))
    assert len(world.channel.delivered) == 1


def test_no_digest_is_composed_before_everything_read_was_judged(world):
    world.pages["hf"] = listing(1)
    app = world.open()
    run(poll.run(app))
    run(compose.run(app))
    assert count(world, digests) == 0
    run(match.run(app))
    run(compose.run(app))
    assert count(world, digests) == 1


def test_an_edited_profile_judges_the_last_days_anew_and_repeats_nothing(world):
    world.pages["hf"] = listing(1, 2)
    app = world.open(replace(DIFFUSION, topics=(topic("one", query='"kitchen 1"'),)))
    run(cycle.run(app))
    app.profiles = replace(app.profiles, profiles=(replace(DIFFUSION, fingerprint="edited"),))
    world.later(days=1)
    run(cycle.run(app))
    first, second = (mail.content for mail in world.channel.delivered)
    assert (b"Kitchen 1<" in first, b"Kitchen 2<" in first) == (True, False)
    assert (b"Kitchen 1<" in second, b"Kitchen 2<" in second) == (False, True)


def test_one_profile_that_fails_does_not_stop_the_others(world, monkeypatch):
    world.pages["hf"] = listing(1)
    app = world.open(profile(topic("t", query="x"), id="aaa", to=("aaa@example.org",)), DIFFUSION)
    judge_of = topics.judge_of

    def failing(app, session, asked):
        if asked.name == "t":
            raise RuntimeError("poison")
        return judge_of(app, session, asked)

    monkeypatch.setattr(unread, "judge_of", failing)
    report = run(cycle.run(app))
    assert ("profile aaa", "RuntimeError: poison") in report.failures
    assert [mail.recipient for mail in world.channel.delivered] == ["ada@example.org"]


def test_a_stage_that_breaks_as_a_whole_does_not_hold_back_queued_mail(world, monkeypatch):
    world.pages["hf"] = listing(1)
    app = world.open()
    run(cycle.read(app))
    run(compose.run(app))

    async def broken(_app, **_options):
        raise RuntimeError("poll is broken")

    monkeypatch.setattr(poll, "run", broken)
    report = run(cycle.run(app))
    assert ("reading sources", "RuntimeError: poll is broken") in report.failures
    assert len(world.channel.delivered) == 1


def queued(world, *recipients):
    world.pages["hf"] = listing(1)
    app = world.open(replace(DIFFUSION, to=recipients or ("ada@example.org",)))
    run(cycle.read(app))
    run(compose.run(app))
    return app


def states(world):
    with world.app.store.read() as session:
        return outbox.tally(session)


def test_s18_a_mail_refused_for_now_is_tried_again_with_the_same_bytes(world):
    world.channel = type(world.channel)([DeliveryError("greylisted")])
    app = queued(world)
    run(deliver.run(app))
    assert states(world) == {"queued": 1}
    with app.store.read() as session:
        assert outbox.due(session, world.clock.now() + timedelta(seconds=59), 9) == []
    world.later(minutes=1)
    run(deliver.run(app))
    assert states(world) == {"sent": 1}


def test_the_pause_that_a_server_asks_for_is_kept(world):
    world.channel = type(world.channel)([DeliveryError("slow down", retry_after=300)])
    app = queued(world)
    run(deliver.run(app))
    with app.store.read() as session:
        assert outbox.due(session, NOON + timedelta(seconds=299), 9) == []
        assert len(outbox.due(session, NOON + timedelta(seconds=300), 9)) == 1


def test_s25_a_mail_refused_for_good_is_not_tried_again(world):
    world.channel = type(world.channel)([DeliveryError("no", permanent=True)])
    app = queued(world)
    run(deliver.run(app))
    world.later(days=2)
    run(deliver.run(app))
    assert states(world) == {"failed": 1}
    assert world.channel.delivered == []


def test_c14_a_mail_whose_fate_is_unknown_is_sent_once_more_and_then_left_alone(world):
    world.channel = type(world.channel)([DeliveryError("silence", uncertain=True)] * 3)
    app = queued(world)
    for _ in range(3):
        run(deliver.run(app))
        world.later(hours=2)
    assert states(world) == {"uncertain": 1}
    with app.store.read() as session:
        assert [mail.attempts for mail in mails.listed(session)] == [2]


def test_s19_one_refused_recipient_does_not_stop_the_others(world):
    world.channel = type(world.channel)([DeliveryError("unknown user", permanent=True)])
    app = queued(world, "nobody@example.org", "ada@example.org")
    run(deliver.run(app))
    assert [mail.recipient for mail in world.channel.delivered] == ["ada@example.org"]


def test_s13_a_broken_channel_is_tried_once_and_the_other_mails_wait_untouched(world):
    world.channel = type(world.channel)([DeliveryError("wrong password", channel_wide=True)])
    app = queued(world, "ada@example.org", "bea@example.org")
    report = run(deliver.run(app))
    assert ("delivery", "the other mails wait until the channel works again") in report.failures
    assert world.channel.delivered == []
    world.later(minutes=1)
    run(deliver.run(app))
    assert len(world.channel.delivered) == 2


def test_bytes_of_old_listings_are_let_go_and_what_was_read_stays(world):
    world.pages["hf"] = listing(1)
    app = world.open()
    run(poll.run(app))
    world.later(days=89)
    run(prune.run(app))
    with app.store.read() as session:
        assert snapshots.one(session, 1).answer.body
    world.later(days=2)
    assert run(prune.run(app, dry=True)).counts["snapshots dropped"] == 1
    with app.store.read() as session:
        assert snapshots.one(session, 1).answer.body  # it was only said
    assert run(prune.run(app)).counts["snapshots dropped"] == 1
    with app.store.read() as session:
        assert papers.count(session) == 1
    assert run(prune.run(app)).counts["snapshots dropped"] == 0


@pytest.mark.parametrize(
    ("last", "through"),
    [(0, 0), (1_999, 1_999), (2_000, 2_000), (2_265, 2_000), (2_266, 2_200), (2_492, 2_200), (2_493, 2_420)],
)
def test_a_large_store_shapes_the_space_anew_with_each_tenth_a_little_later(last, through):
    assert topics.generation(last) == through


def test_the_same_store_profiles_and_time_give_the_same_bytes(tmp_path):
    from tests.unit.jobs.conftest import World

    mails = []
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        world = World(tmp_path / name)
        world.pages["hf"] = listing(1, 2, 3)
        app = world.open()
        app.message_key = "what lies in that store"
        run(cycle.run(app))
        mails.append(world.channel.delivered[0])
        app.store.close()
    assert mails[0] == mails[1]


def usual(*numbers):
    """Papers that share some of their words, as those of one field do."""
    field = [f"term{number}" for number in range(300)]
    texts = (" ".join(random.Random(number).choices(field, k=30)) for number in numbers)
    found = (json.loads(listing(number, summary=text)) for number, text in zip(numbers, texts, strict=True))
    return json.dumps([entry for entries in found for entry in entries]).encode()


def test_what_is_unlike_anything_before_needs_a_month_of_past(world):
    world.pages["hf"] = usual(*range(1, 121))
    app = world.open()
    run(cycle.read(app))
    world.later(days=29)
    world.pages["hf"] = listing(200, publishedAt="2026-04-02T00:00:00Z")
    run(cycle.read(app))
    world.later(days=2)
    world.pages["hf"] = listing(
        201, title="Basalt Quarries", summary="Basalt columns sing when struck by frozen hammers.",
        publishedAt="2026-04-04T00:00:00Z",
    )  # fmt: skip
    run(cycle.read(app))
    with app.store.read() as session:
        *_, before, after = (verdict.first_story for verdict in verdicts.between(session, 0, NOON))
    assert before is None
    assert after is not None
    assert after > 0.9


def test_matches_that_were_placed_survive_an_edit(world):
    world.pages["hf"] = listing(1)
    app = world.open()
    run(cycle.run(app))
    with app.store.write() as session:
        matches.forget_unplaced(session, ["ada"])
        assert matches.count(session) == 1


LEARNING = profile(topic("diffusion", about="Diffusion models"), id="ada", to=("ada@example.org",))


def test_a_topic_is_fitted_once_over_many_days_and_again_after_an_edit(world):
    app = world.open(LEARNING)
    for day in range(4):
        world.pages["hf"] = listing(day + 1)
        run(cycle.run(app))
        world.later(days=1)
    generations = app.compared.through
    with app.store.read() as session:
        for _ in range(5):
            topics.judge_of(app, session, LEARNING.topics[0])
    assert app.compared.shelf.fits == 1, "one fit for the last generation of the space"
    assert generations == 4


def test_after_a_restart_with_nothing_changed_nothing_is_fitted(world):
    world.pages["hf"] = listing(2)
    before = world.open(LEARNING)
    run(cycle.run(before))
    assert before.compared.shelf.fits == 1
    app = world.open(LEARNING)
    with app.store.read() as session:
        judge = topics.judge_of(app, session, LEARNING.topics[0])
    assert judge.parts
    assert app.compared.shelf.fits == 0


def test_what_was_fitted_is_kept_beside_the_database_not_in_the_folder_of_the_settings(world, tmp_path):
    world.pages["hf"] = listing(2)
    app = world.open(LEARNING)
    app.settings = replace(app.settings, folder=tmp_path / "etc", database=str(tmp_path / "state" / "monitor.db"))
    run(cycle.run(app))
    assert [path.name for path in tmp_path.glob("*/fitted")] == ["fitted"]
    assert (tmp_path / "state" / "fitted").is_dir()


def test_the_next_space_is_made_beforehand_and_taken_whole(world, monkeypatch):
    app = world.open()
    monkeypatch.setattr(topics, "SMALL", 10)
    newest = [10]
    monkeypatch.setattr(papers, "last_id", lambda _session: newest[0])
    with app.store.read() as session:
        at_work = topics.space_of(app, session)
        assert not topics.prepare(app)
        newest[0] = 100
        small = topics.space_of(app, session)
        assert small is not at_work
        boundary = next(n for n in range(101, 200) if topics.generation(n, ahead=True) > topics.generation(100))
        newest[0] = boundary
        assert topics.space_of(app, session) is small, "a little later than it is made"
        assert topics.prepare(app)
        assert not topics.prepare(app)
        assert topics.space_of(app, session) is small
        ready = app.compared.coming[1]
        newest[0] = boundary * 104 // 100
        assert topics.space_of(app, session) is ready
        assert app.compared.shelf.fits == 0
