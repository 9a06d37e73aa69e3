"""What readers say, and what it changes; and why a paper did not come."""

import asyncio
from datetime import timedelta

import pytest

from monitor.errors import MonitorError, NotFoundError
from monitor.jobs import cycle, say, why_not
from monitor.jobs.heard import _heard, fading, heard
from monitor.store import digests, matches
from monitor.testing import NOON, profile, topic
from monitor.types.feedback import Feedback
from tests.unit.jobs.conftest import listing

READER = profile(
    topic("diffusion", query='"diffusion model*"'), topic("kitchens", about="Kitchens and their tiles"),
    id="ada", to=("ada@example.org",),
)  # fmt: skip


def run(job):
    return asyncio.run(job)


def first_day(world):
    world.pages["hf"] = listing(1, 2, 3)
    world.open(READER)
    run(cycle.read(world.app))


@pytest.fixture
def read(world):
    return world.after(first_day)


def waiting(world):
    with world.app.store.write() as session:
        state = digests.begin(session, "ada", READER.to[0], NOON)
        return sorted({one.paper.id for one in matches.waiting(session, "ada", state.id)})


def hears(world):
    with world.app.store.read() as session:
        return heard(session, READER)


def test_nothing_said_is_the_profile_itself(read):
    assert hears(read) is READER


def test_a_muted_word_withholds_papers_and_the_digest_says_how_many_and_how_to_undo_it(read):
    assert waiting(read) == [1, 2, 3]
    said = say.run(read.app, READER, "mute", "kitchen 2")
    run(cycle.run(read.app))
    (envelope,) = read.channel.delivered
    assert "Kitchen 1" in envelope.part("html")
    assert "in Kitchen 2" not in envelope.part("html")
    assert "1 paper withheld" in envelope.part("html")
    assert f"monitor feedback ada --undo {said.feedback.id}" in envelope.part("html")


def test_a_word_that_is_taken_back_lets_its_papers_come(read):
    said = say.run(read.app, READER, "mute", "kitchen 2")
    run(cycle.read(read.app))
    assert waiting(read) == [1, 3]
    say.take_back(read.app, READER, said.feedback.id)
    run(cycle.read(read.app))
    assert waiting(read) == [1, 2, 3]
    assert hears(read).topics == READER.topics


def test_less_of_a_paper_keeps_it_out_of_every_topic(read):
    say.run(read.app, READER, "less", "2603.00002")
    assert [one.unlike for one in hears(read).topics] == [("arxiv:2603.00002",)] * 2
    run(cycle.read(read.app))
    assert waiting(read) == [1, 3]


def test_more_of_a_paper_holds_for_the_topic_that_it_came_under(read):
    assert say.run(read.app, READER, "more", "2603.00002").feedback.topic == "diffusion"
    assert [one.like for one in hears(read).topics] == [("arxiv:2603.00002",), ()]


def test_the_last_word_about_a_paper_holds(read):
    say.run(read.app, READER, "less", "2603.00002")
    say.run(read.app, READER, "more", "2603.00002")
    assert hears(read).topics[0].like == ("arxiv:2603.00002",)
    assert [one.unlike for one in hears(read).topics] == [(), ("arxiv:2603.00002",)]


def test_what_was_said_long_ago_counts_less_than_what_was_said_last(read):
    say.run(read.app, READER, "more", "2603.00001")
    read.later(days=180)
    say.run(read.app, READER, "more", "2603.00002")
    read.later(days=90)
    assert hears(read).topics[0].faded == (("arxiv:2603.00001", 0.5), ("arxiv:2603.00002", 1.0))
    before = hears(read)
    read.later(days=900)
    assert hears(read) == before


def test_what_stands_in_the_file_does_not_fade(read):
    said = [Feedback("more", NOON, "diffusion", 1), Feedback("more", NOON + timedelta(days=360), "diffusion", 2)]
    assert fading(said, {1: "a", 2: "b"}) == {"a": 0.25, "b": 1.0}
    assert fading([], {}) == {}
    asks = topic("diffusion", like=("a",), query="x")
    assert _heard(asks, said, {1: "a", 2: "b"}, {"a": 0.25, "b": 1.0}).faded == (("b", 1.0),)


def test_a_followed_author_holds_for_all_topics(read):
    say.run(read.app, READER, "follow", "Ada Lovelace")
    assert [one.follow for one in hears(read).topics] == [("Ada Lovelace",)] * 2
    run(cycle.read(read.app))
    assert waiting(read) == [1, 2, 3]
    say.run(read.app, READER, "mute", "kitchen 2")
    run(cycle.read(read.app))
    assert waiting(read) == [1, 3]


def test_what_holds_no_word_can_be_neither_muted_nor_followed(read):
    with pytest.raises(MonitorError, match="cannot be muted"):
        say.run(read.app, READER, "mute", "***")
    with pytest.raises(MonitorError, match="cannot be followed"):
        say.run(read.app, READER, "follow", "***")


@pytest.mark.parametrize(
    ("kind", "what", "where", "message"),
    [
        ("more", "2603.99999", "", "no paper named"),
        ("more", "2603.00001", "cooking", "no topic 'cooking'"),
        ("mute", "***", "", "cannot be muted"),
    ],
)
def test_what_cannot_be_said_is_told(read, kind, what, where, message):
    with pytest.raises(MonitorError, match=message):
        say.run(read.app, READER, kind, what, where)


def test_nobody_takes_back_what_others_said(read):
    said = say.run(read.app, READER, "mute", "kitchen")
    with pytest.raises(NotFoundError):
        say.take_back(read.app, profile(id="carl"), said.feedback.id)


# --- why not -------------------------------------------------------------------------------------------------------

NARROW = profile(topic("diffusion", query='"diffusion model*"', mute=("kitchen",)), id="ada", to=("ada@example.org",))
OTHER = profile(topic("bees", query="bees"), id="ada", to=("ada@example.org",))


def test_why_not_names_the_word_to_unmute_and_what_else_it_would_let_in(world):
    world.pages["hf"] = listing(1, 2)
    world.open(NARROW)
    run(cycle.read(world.app))
    found = why_not.run(world.app, NARROW, "2603.00001")
    assert [(edit.topic, edit.line, edit.also) for edit in found.edits] == [
        ("diffusion", "mute: take out 'kitchen'", 1)
    ]


def test_why_not_names_an_edit_that_was_tried_out(world):
    world.pages["hf"] = listing(1, 2)
    world.open(OTHER)
    run(cycle.read(world.app))
    found = why_not.run(world.app, OTHER, "2603.00001")
    assert found.explanation.judgements[0].stage == "outside"
    assert found.edits
    assert found.edits[0].line.startswith('keywords: add "')
    assert found.edits[0].also == 0
    assert len(found.edits) <= 3


def test_why_not_of_a_paper_that_came_names_no_edit(read):
    assert why_not.run(read.app, READER, "2603.00001").edits == ()
