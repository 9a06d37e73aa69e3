"""One whole round in which the n-th operation fails, or at which the program dies; `python -m tests.nth` tries every n."""

import logging

import pytest

from monitor.jobs import take
from monitor.types.listings import Listing
from tests import nth


@pytest.fixture(scope="module")
def lives():
    logging.disable(logging.CRITICAL)
    with nth.hooked(), nth.a_small_disk() as folder:
        yield nth.Lives(folder)
    logging.disable(logging.NOTSET)


def killed(lives, stage, most=3):
    return [str(one) for one in lives.disturbed(lives.points(stage, most=most), "dies")]


def test_c01_c02_killed_while_it_reads_a_source_it_reads_it_again_and_finds_what_it_had(lives):
    assert killed(lives, "reading sources", most=8) == []


def test_c05_killed_while_it_judges_it_comes_to_the_same_verdicts(lives):
    assert killed(lives, "comparing with the past") == []


def test_c06_killed_while_what_it_learned_is_written_it_learns_it_again(lives):
    assert killed(lives, "learning") == killed(lives, "preparing") == []


def test_c07_killed_while_one_profile_is_matched_it_matches_it_again(lives):
    assert killed(lives, "matching profiles", most=6) == []


def test_killed_while_it_looks_for_trends_it_counts_nothing_twice(lives):
    assert killed(lives, "looking for trends") == []


def test_c08_c09_c10_killed_while_it_composes_it_leaves_a_whole_digest_or_none(lives):
    assert killed(lives, "composing digests", most=8) == []


def test_c11_c15_c16_c17_killed_while_it_delivers_a_mail_comes_again_at_most_once_with_the_same_bytes(lives):
    assert killed(lives, "delivering mail", most=8) == []


def test_c19_killed_while_it_copies_or_prunes_it_loses_nothing_and_leaves_no_half_copy(lives):
    assert killed(lives, "copying", most=4) == killed(lives, "tidying up") == []


def test_d15_whatever_fails_once_is_made_good(lives):
    assert [str(one) for one in lives.disturbed(lives.points(most=1), "fails")] == []


def test_d02_where_no_space_is_left_at_a_commit_all_is_made_good_once_there_is(lives):
    if not lives.on_small_disk:
        pytest.skip("this user may mount no small disk: test_d03_... bounds the size of files instead")
    points = lives.points(kind="commit", most=2)
    assert [str(one) for one in lives.filled(points, is_journal=False)] == []


def test_d03_where_the_journal_cannot_grow_from_any_commit_on_all_is_made_good_once_it_can(lives):
    points = lives.points(kind="commit")
    assert len(points) > 20
    assert [str(one) for one in lives.filled(points, is_journal=True)] == []


def test_c03_validators_that_were_kept_without_their_papers_would_be_found(lives, monkeypatch):
    """What the harness is for: it sees the fault that transactions prevent."""
    remember = take._remember

    def too_early(session, *rest):
        session.commit()
        remember(session, *rest)
        session.commit()

    def first(app, source, taking):
        with app.store.write() as session:
            too_early(session, source, taking, Listing(()))
        return taken(app, source, taking)

    taken = take.take
    monkeypatch.setattr(take, "_remember", lambda *_all: None)
    monkeypatch.setattr("monitor.jobs.poll.take", first)
    points = lives.points("reading sources", most=12)
    assert any("never got paper" in str(one) for one in lives.disturbed(points, "dies"))
