"""What the ledger of a source that announces by the day notices: silence, suspicion, missed days, the past."""

import asyncio
from datetime import UTC, date, datetime, timedelta

import pytest

from monitor.errors import FetchError, MonitorError
from monitor.ingest.fetch import Fetched, Validators
from monitor.jobs import backfill, compose, cycle, judge, ledger, match, poll, prune, replay, split
from monitor.store import batches, digests, matches, papers, sources, verdicts
from monitor.testing import NOON, profile, topic
from monitor.types.listings import Answer

LANTERN = profile(topic("lanterns", query="lantern*"), id="ada", to=("ada@example.org",))
WEDNESDAY = NOON.date()


@pytest.fixture
def sky(world, lanterns):
    """A world with one source of the toy kind; ``days`` are its pages by date, ``pages`` all others."""
    del lanterns
    world.days = {}
    world.pages = {}

    def answer(url):
        tail = url.removeprefix("https://sky.example/")
        return world.pages[url] if url in world.pages else world.days.get(tail, b"lanterns\n")

    world.fetcher._answer = answer
    world.open(LANTERN, sources=("sky",), kind="lanterns")
    return world


def run(job):
    return asyncio.run(job)


def page(*numbers, more="", published=""):
    lines = [
        f"arxiv:2603.{number:05d} | Lantern {number} | It shines {_word(number)}.{published}" for number in numbers
    ]
    return "\n".join(["lanterns", *lines, *([f"next: {more}"] if more else [])]).encode()


def _word(number):
    return " ".join(f"{chr(97 + digit)}{number}{chr(110 + digit)}" for digit in range(12))


def source(world):
    return world.app.sources[0]


def batch(world, day=WEDNESDAY):
    with world.app.store.read() as session:
        return next(one for one in batches.last(session, "sky", 99) if one.declared == day)


def health(world):
    with world.app.store.read() as session:
        return sources.health(session, "sky")


def said(world):
    with world.app.store.read() as session:
        return verdicts.between(session, 0, NOON - timedelta(days=400))


def asked(world):
    return [url.removeprefix("https://sky.example/") for _, url, _ in world.fetcher.asked]


# --- whole, silent, suspect ----------------------------------------------------------------------------------------


def test_a_kind_is_added_with_one_file(sky):
    sky.days[str(WEDNESDAY)] = page(1, 2)
    assert run(cycle.read(sky.app)).counts["new"] == 2
    found = batch(sky)
    assert (found.announced, found.read, found.new, found.state) == (2, 2, 2, "whole")


def test_f02_an_empty_working_day_is_suspect_and_asked_again_soon_without_validators(sky):
    report = run(poll.run(sky.app))
    assert batch(sky).state == "suspect"
    assert "empty, though papers were due" in report.notes[0][1]
    assert health(sky).next_poll_at - NOON == timedelta(minutes=20)
    sky.days[str(WEDNESDAY)] = page(1)
    sky.later(minutes=20)
    run(poll.run(sky.app))
    assert [validators for _, _, validators in sky.fetcher.asked] == [Validators(), Validators()]
    assert (batch(sky).state, batch(sky).new) == ("whole", 1)
    assert health(sky).next_poll_at - sky.clock.now() == timedelta(hours=1)


def test_f03_an_empty_sunday_is_silent_and_nobody_is_told(sky):
    sky.later(days=4)
    report = run(poll.run(sky.app))
    assert report.notes == []
    assert (batch(sky, date(2026, 3, 8)).state, batch(sky, date(2026, 3, 8)).note) == ("silent", "Sunday")


def test_a_day_with_a_quarter_of_the_usual_papers_is_suspect(sky):
    for number in range(6):
        sky.days[str(sky.clock.now().date())] = page(*range(number * 20, number * 20 + (20 if number < 5 else 2)))
        run(poll.run(sky.app))
        sky.later(days=1 if sky.clock.now().weekday() != 5 else 2)
    with sky.app.store.read() as session:
        states = [(one.announced, one.state, one.note) for one in batches.last(session, "sky", 6)]
    assert states[0] == (2, "suspect", "2 papers where 20 are usual")
    assert {state for _, state, _ in states[1:]} == {"whole"}


def test_a_growing_day_is_open_until_it_is_over_and_weighed_then_also_when_nothing_changed(sky, monkeypatch, lanterns):
    monkeypatch.setattr(lanterns, "GROWS", True, raising=False)
    requests = lanterns.past
    monkeypatch.setattr(
        lanterns, "requests", lambda options, today: requests(options, today - timedelta(days=1), today)
    )
    sky.days |= {str(WEDNESDAY): page(1), "2026-03-03": page(2)}
    run(poll.run(sky.app))
    assert (batch(sky).state, batch(sky, date(2026, 3, 3)).state) == ("open", "whole")
    sky.later(days=1)
    sky.days["2026-03-05"] = page(3)
    run(poll.run(sky.app))
    assert (batch(sky).state, batch(sky, date(2026, 3, 5)).state) == ("whole", "open")
    sky.later(days=1)
    run(poll.run(sky.app))
    assert batch(sky, date(2026, 3, 6)).state == "open"
    sky.later(days=1)
    assert "empty, though papers were due" in run(poll.run(sky.app)).notes[0][1]


# --- missed days ---------------------------------------------------------------------------------------------------


def test_days_that_were_missed_are_read_afterwards_and_their_papers_come_late(sky):
    sky.days[str(WEDNESDAY)] = page(1)
    run(cycle.read(sky.app))
    sky.later(days=5)  # Monday: Thursday to Saturday were missed, Sunday is silent
    sky.days |= {"2026-03-05": page(5), "2026-03-06": page(6), "2026-03-07": page(7), "2026-03-09": page(9)}
    run(cycle.read(sky.app))
    assert asked(sky)[1:] == ["2026-03-09", "2026-03-05", "2026-03-06", "2026-03-07"]
    assert [(one.arrival, one.listed_on.day) for one in said(sky)] == [
        ("on time", 4), ("on time", 9), ("late", 5), ("late", 6), ("late", 7),
    ]  # fmt: skip
    assert (batch(sky, date(2026, 3, 6)).state, batch(sky, date(2026, 3, 6)).late) == ("whole", 1)
    with sky.app.store.read() as session:
        assert matches.count(session) == 5


def test_a_missed_day_that_cannot_be_had_stays_in_the_ledger_and_is_asked_for_again(sky):
    sky.days[str(WEDNESDAY)] = page(1)
    run(poll.run(sky.app))
    sky.later(days=3)
    sky.days |= {"2026-03-07": page(7), "2026-03-05": FetchError("sky", "answered 500")}
    run(poll.run(sky.app))
    assert batch(sky, date(2026, 3, 5)).state == "missed"
    assert ledger.run(sky.app, 5)[0].state.startswith("failing")
    sky.days["2026-03-05"] = page(5)
    sky.later(hours=2)
    run(poll.run(sky.app))
    assert (batch(sky, date(2026, 3, 5)).state, batch(sky, date(2026, 3, 5)).late) == ("whole", 1)


def test_yesterday_is_given_a_day_of_patience(sky):
    sky.days[str(WEDNESDAY)] = page(1)
    run(poll.run(sky.app))
    sky.days["2026-03-05"] = FetchError("sky", "answered 503")
    sky.later(days=1)
    run(poll.run(sky.app))
    assert "2026-03-05" not in asked(sky)[2:]


# --- what is no news -----------------------------------------------------------------------------------------------


def test_f29_what_was_published_long_ago_is_kept_and_not_announced(sky):
    sky.days[str(WEDNESDAY)] = page(1)
    run(poll.run(sky.app))
    sky.later(days=1)
    sky.days["2026-03-05"] = page(2, published="|2026-01-20") + b"\n" + page(3, published="|2026-03-01")[9:]
    run(cycle.read(sky.app))
    assert [one.paper_id for one in said(sky)] == [1, 3]
    assert (batch(sky, date(2026, 3, 5)).new, batch(sky, date(2026, 3, 5)).past) == (2, 1)


def test_the_first_reading_does_not_announce_the_past(sky):
    past = (Answer("https://sky.example/2026-03-04", page(1), NOON), date(2026, 2, 1))
    reading = poll._reading(source(sky), health(sky), source_requests(sky))
    assert reading.is_first
    assert past[1] < WEDNESDAY
    from monitor.ingest.arrival import arrival

    assert arrival(None, past[1], NOON, reading) == "past"
    assert arrival(None, WEDNESDAY - timedelta(days=2), NOON, reading) == "on time"


def source_requests(world):
    from monitor.app import source_kind

    return source_kind(source(world)).requests(source(world).options, WEDNESDAY)


def test_f30_a_feed_that_comes_back_whole_under_new_names_is_one_line_and_no_digest(sky, monkeypatch, lanterns):
    monkeypatch.delattr(lanterns, "silence")
    requests = lanterns.requests
    monkeypatch.setattr(
        lanterns, "requests", lambda options, today: tuple(_undated(one) for one in requests(options, today))
    )
    for number in range(6):
        sky.days[str(sky.clock.now().date())] = page(*range(number * 10, number * 10 + 10))
        run(cycle.read(sky.app))
        sky.later(days=1)
    sky.days[str(sky.clock.now().date())] = page(*range(1000, 1300))
    report = run(cycle.read(sky.app))
    assert "300 new items at once" in dict(report.notes)["sky"]
    with sky.app.store.read() as session:
        assert matches.count(session) == 60
        assert papers.count(session) == 360


def _undated(request):
    from dataclasses import replace

    return replace(request, batch=None)


# --- pages ---------------------------------------------------------------------------------------------------------


def test_a_listing_in_pages_is_read_to_its_end_and_counts_as_one_batch(sky):
    sky.days[str(WEDNESDAY)] = page(1, 2, more="https://sky.example/p2")
    sky.pages["https://sky.example/p2"] = page(3, more="https://sky.example/p3")
    sky.pages["https://sky.example/p3"] = page(4)
    run(poll.run(sky.app))
    assert (batch(sky).announced, batch(sky).new) == (4, 4)


def test_a_page_that_points_to_itself_ends_the_listing(sky):
    sky.days[str(WEDNESDAY)] = page(1, more=f"https://sky.example/{WEDNESDAY}")
    run(poll.run(sky.app))
    assert len(sky.fetcher.asked) == 1


def test_pages_after_one_that_did_not_change_are_asked_all_the_same(sky):
    sky.days[str(WEDNESDAY)] = page(1, more="https://sky.example/p2")
    sky.pages["https://sky.example/p2"] = page(2)
    run(poll.run(sky.app))
    sky.pages["https://sky.example/p2"] = page(2, 3)
    sky.later(hours=1)
    run(poll.run(sky.app))
    assert (batch(sky).announced, batch(sky).new) == (3, 3)


# --- politeness ----------------------------------------------------------------------------------------------------


def test_f17_an_address_that_moved_for_good_is_asked_there_next_time(sky):
    here, there = f"https://sky.example/{WEDNESDAY}", "https://new.example/today"
    answer = Answer(there, page(1), NOON)
    sky.pages[here] = Fetched(answer, Validators('"a"'), moved_to=there)
    sky.pages[there] = Fetched(None, Validators('"a"'))
    run(poll.run(sky.app))
    sky.later(hours=1)
    run(poll.run(sky.app))
    assert [(url, validators.etag) for _, url, validators in sky.fetcher.asked] == [(here, None), (there, '"a"')]
    assert batch(sky).new == 1


def test_f18_validators_that_changed_with_a_304_are_sent_next_time(sky):
    here = f"https://sky.example/{WEDNESDAY}"
    sky.pages[here] = Fetched(Answer(here, page(1), NOON), Validators('"a"'))
    run(poll.run(sky.app))
    sky.pages[here] = Fetched(None, Validators('"b"'))
    for _ in range(2):
        sky.later(hours=1)
        run(poll.run(sky.app))
    assert [validators.etag for *_, validators in sky.fetcher.asked] == [None, '"a"', '"b"']


def test_f19_a_source_that_is_gone_for_good_is_left_alone_until_its_settings_change(sky):
    sky.days[str(WEDNESDAY)] = FetchError("sky", "gone for good", status=410)
    assert run(poll.run(sky.app)).failures == [("sky", "gone for good")]
    sky.later(days=3)
    run(poll.run(sky.app))
    assert len(sky.fetcher.asked) == 1
    assert ledger.run(sky.app, 5)[0].state == "gone for good: gone for good"
    ledger.ask_again(sky.app, source(sky), sky.clock.now())
    run(poll.run(sky.app))
    assert len(sky.fetcher.asked) == 2


@pytest.mark.parametrize(("asked_for", "waits"), [(timedelta(hours=5), 5), (timedelta(minutes=1), 1)])
def test_f20_a_source_waits_as_long_as_it_asked_for_and_never_less_than_its_own_pause(sky, asked_for, waits):
    sky.days[str(WEDNESDAY)] = FetchError("sky", "answered 503", status=503, retry_after=asked_for)
    run(poll.run(sky.app))
    assert health(sky).next_poll_at - NOON == timedelta(hours=waits)


def test_no_source_is_asked_while_its_server_calls_its_answer_fresh(sky):
    here = f"https://sky.example/{WEDNESDAY}"
    sky.pages[here] = Fetched(Answer(here, page(1), NOON), Validators(), fresh_for=timedelta(hours=7))
    run(poll.run(sky.app))
    assert health(sky).next_poll_at - NOON == timedelta(hours=7)


def test_a_program_that_dies_while_it_asks_does_not_ask_again_at_once(sky):
    def die(url):
        raise KeyboardInterrupt(url)

    sky.fetcher._answer = die
    with pytest.raises(KeyboardInterrupt):
        run(poll.run(sky.app))
    assert health(sky).next_poll_at - NOON == timedelta(minutes=5)


# --- the past ------------------------------------------------------------------------------------------------------


def test_the_past_is_read_page_by_page_kept_under_its_days_and_never_announced(sky):
    sky.days |= {"2026-01-05": page(1, more="https://sky.example/p2"), "2026-01-06": page(3)}
    sky.pages["https://sky.example/p2"] = page(2)
    done = run(backfill.run(sky.app, source(sky), date(2026, 1, 5), date(2026, 1, 6)))
    assert (done.read, done.new, done.finished_at) == (3, 3, NOON)
    run(cycle.run(sky.app))
    with sky.app.store.read() as session:
        listed = [(day, paper) for day, _, paper in papers.first_listed(session, 0, 10)]
        assert matches.count(session) == 0
    assert [(day.day, paper.title, paper.first_seen.date().day) for day, paper in listed] == [
        (5, "Lantern 1", 5), (5, "Lantern 2", 5), (6, "Lantern 3", 6),
    ]  # fmt: skip
    assert batch(sky, date(2026, 1, 5)).past == 2


def test_a_reading_of_the_past_that_was_broken_off_goes_on_where_it_stood(sky):
    days = {"2026-01-05": page(1), "2026-01-06": page(2, more="https://sky.example/p2"), "2026-01-07": page(4)}
    sky.days |= days
    sky.pages["https://sky.example/p2"] = FetchError("sky", "answered 500")
    with pytest.raises(FetchError):
        run(backfill.run(sky.app, source(sky), date(2026, 1, 5), date(2026, 1, 7)))
    sky.fetcher.asked.clear()
    sky.pages["https://sky.example/p2"] = page(3)
    done = run(backfill.run(sky.app, source(sky), date(2026, 1, 5), date(2026, 1, 7)))
    assert (done.read, done.new) == (4, 4)
    assert asked(sky) == ["p2", "2026-01-07"]
    sky.fetcher.asked.clear()
    run(backfill.run(sky.app, source(sky), date(2026, 1, 5), date(2026, 1, 7)))
    assert asked(sky) == []


def test_a_page_whose_token_ran_out_is_begun_again(sky):
    sky.days["2026-01-05"] = page(1, more="https://sky.example/token")
    sky.pages["https://sky.example/token"] = FetchError("sky", "answered 503")
    with pytest.raises(FetchError):
        run(backfill.run(sky.app, source(sky), date(2026, 1, 5), date(2026, 1, 5)))
    sky.pages["https://sky.example/token"] = b"bad token"
    sky.days["2026-01-05"] = page(1, 2)
    assert run(backfill.run(sky.app, source(sky), date(2026, 1, 5), date(2026, 1, 5))).new == 2


def test_a_past_whose_page_points_to_itself_ends(sky):
    sky.days["2026-01-05"] = page(1, more="https://sky.example/p2")
    sky.pages["https://sky.example/p2"] = page(2, more="https://sky.example/p2")
    with pytest.raises(FetchError, match="points to itself"):
        run(backfill.run(sky.app, source(sky), date(2026, 1, 5), date(2026, 1, 5)))


def test_a_kind_without_a_past_says_so(sky, monkeypatch, lanterns):
    monkeypatch.delattr(lanterns, "past")
    with pytest.raises(MonitorError, match="shows the present only"):
        run(backfill.run(sky.app, source(sky), WEDNESDAY, WEDNESDAY))


# --- read again ----------------------------------------------------------------------------------------------------


def test_a_replay_tells_what_todays_parser_reads_otherwise(sky, monkeypatch, lanterns):
    sky.days[str(WEDNESDAY)] = page(1, 2, 3)
    run(poll.run(sky.app))
    assert [one.differs for one in replay.run(sky.app, source(sky))] == [False]
    parse = lanterns.parse

    def other(options, answer):
        body = answer.body.replace(b"arxiv:2603.00001", b"arxiv:2603.00009").replace(b"Lantern 1 ", b"Lamp ")
        return parse(options, Answer(answer.url, body.replace(b"It shines c", b"It glows c"), answer.fetched_at))

    monkeypatch.setattr(lanterns, "parse", other)
    (found,) = replay.run(sky.app, source(sky))
    assert (found.before, found.now) == (3, 3)
    assert (found.lost, found.gained) == (("arxiv:2603.00001",), ("arxiv:2603.00009",))
    monkeypatch.setattr(lanterns, "parse", lambda options, _answer: parse(options, Answer("", b"x", NOON)))
    (found,) = replay.run(sky.app, source(sky))
    assert found.differs
    assert "begins with 'lanterns'" in found.reason


def test_the_bytes_of_snapshots_go_when_they_are_too_many(sky, monkeypatch):
    for number in range(3):
        sky.days[str(sky.clock.now().date())] = page(*range(number * 500, number * 500 + 500))
        run(poll.run(sky.app))
        sky.later(days=1)
    with sky.app.store.read() as session:
        from monitor.store import snapshots

        sizes = snapshots.totals(session)["sky"]
    with sky.app.store.write() as session:
        assert snapshots.drop_bodies(session, NOON - timedelta(days=1), sizes[1] - 1) == 1
    assert len(list(replay.run(sky.app, source(sky)))) == 2
    run(prune.run(sky.app))


# --- one paper, many sources ---------------------------------------------------------------------------------------


@pytest.fixture
def two(sky):
    """Two sources of the toy kind: sky and sea."""
    sky.app.store.close()
    pages = sky.pages
    sky.fetcher._answer = lambda url: pages.get(url.split("/")[2].split(".")[0], b"lanterns\n")
    sky.open(LANTERN, sources=("sky", "sea", "land"), kind="lanterns")
    return sky


def test_f40_a_paper_of_three_sources_on_three_days_is_announced_once(two):
    two.pages["sky"] = b"lanterns\narxiv:2603.00001 | Lantern light | It shines far over the sea."
    run(cycle.read(two.app))
    two.later(days=1)
    two.pages["sea"] = b"lanterns\narxiv:2603.00001v2 doi:10.1000/x | Lantern light | It shines far over the sea!"
    run(cycle.read(two.app))
    two.later(days=1)
    two.pages["land"] = b"lanterns\ndoi:10.1000/X | Lantern-light | It shines  far over the sea."
    run(cycle.read(two.app))
    assert [one.kind for one in said(two)] == ["new"]
    with two.app.store.read() as session:
        (paper,) = papers.after(session, 0)
    assert paper.sources == ("sky", "sea", "land")


def test_a_join_is_recorded_and_a_split_holds_against_every_later_listing(two):
    two.pages["sky"] = b"lanterns\ndoi:10.1000/x | Lantern light | It shines far over the sea."
    two.pages["sea"] = b"lanterns\ndoi:10.1000/x | Lantern weights | How heavy are they, all in all?"
    run(cycle.read(two.app))
    (joined,) = split.story(two.app, "10.1000/x").joins
    assert (joined.source, joined.key) == ("sea", "doi:10.1000/x")
    made = split.run(two.app, "10.1000/x", "sea")
    assert (made.title, made.sources) == ("Lantern weights", ("sea",))
    two.later(hours=2)
    two.pages["sea"] += b"\nx | Another lantern | Altogether different words here."
    run(cycle.read(two.app))
    with two.app.store.read() as session:
        assert sorted(paper.title for paper in papers.after(session, 0)) == [
            "Another lantern", "Lantern light", "Lantern weights",
        ]  # fmt: skip
        assert papers.titled(session, "Lantern light")[0].sources == ("sky",)
    assert [one.kind for one in said(two)] == ["new"] * 3


def test_two_papers_that_an_entry_shows_to_be_one_are_merged_and_nobody_gets_them_twice(two):
    two.pages["sky"] = b"lanterns\narxiv:2603.00001 | Lantern light | It shines far over the sea."
    run(cycle.run(two.app))
    two.later(hours=2)
    two.pages["sea"] = b"lanterns\ndoi:10.1000/x | On the light of lanterns | In which a far shine is considered."
    run(cycle.read(two.app))
    two.pages["land"] = b"lanterns\narxiv:2603.00001 doi:10.1000/x | Lantern light | It shines far over the sea."
    two.later(hours=2)
    run(cycle.read(two.app))
    with two.app.store.read() as session:
        assert papers.count(session) == 1
        assert [paper.title for paper in papers.after(session, 0)] == ["Lantern light"]
    assert [join.other_id for join in split.story(two.app, "10.1000/x").joins] == [None, 2]
    two.later(days=1)
    run(compose.run(two.app))
    with two.app.store.read() as session:
        state = digests.begin(session, "ada", "ada@example.org", NOON)
        assert digests.fates(session, "ada", "ada@example.org", 1) != []
        assert matches.waiting(session, "ada", state.id) == []
    split.run(two.app, "10.1000/x", "land")
    two.later(hours=2)
    two.pages["land"] = two.pages["land"].replace(b"far over", b"even farther over")
    run(cycle.read(two.app))
    with two.app.store.read() as session:
        assert papers.count(session) == 2


def test_one_source_that_takes_long_does_not_hold_up_the_others(two):
    order, others = [], asyncio.Event()

    async def fetch(source, request, validators):
        if source == "sky":
            await asyncio.wait_for(others.wait(), 30)
        order.append(source)
        if {"sea", "land"} <= set(order):
            others.set()
        return Fetched(Answer(request.url, page(1), NOON), Validators())

    two.fetcher.fetch = fetch
    run(poll.run(two.app))
    assert order[-1] == "sky"


def test_what_is_not_judged_yet_is_not_matched(sky):
    sky.days[str(WEDNESDAY)] = page(1)
    run(poll.run(sky.app))
    run(match.run(sky.app))
    with sky.app.store.read() as session:
        assert matches.count(session) == 0
    run(judge.run(sky.app))
    run(match.run(sky.app))
    with sky.app.store.read() as session:
        assert matches.count(session) == 1


def test_the_moment_of_a_frozen_world_is_a_wednesday():
    assert datetime(2026, 3, 4, 12, tzinfo=UTC) == NOON
    assert WEDNESDAY.weekday() == 2
