"""Which of two matchers wins, by what readers say."""

import asyncio
from datetime import date, timedelta

import pytest

from monitor.jobs import cycle, experiment, say
from monitor.store import digests
from monitor.testing import NOON, profile, topic
from monitor.types.feedback import Feedback
from monitor.types.ledger import Drafted
from monitor.types.verdicts import Judgement, Match
from tests.unit.jobs.conftest import listing

READER = profile(topic("diffusion", query='"diffusion model*"'), experiment=("description",))
OWN, OTHER = "linear", "description"
DAY = date(2026, 3, 1)


def drafted(day, paper, team):
    return Drafted(DAY + timedelta(days=day), NOON + timedelta(days=day), paper, team)


def word(kind, paper, day=50, **fields):
    return Feedback(kind, NOON + timedelta(days=day), paper_id=paper, **fields)


def days(won, lost, tied=0, silent=0):
    """An experiment in which each day each matcher placed one paper."""
    number = won + lost + tied + silent
    placed = [drafted(day, 2 * day + team + 1, (OWN, OTHER)[team]) for day in range(number) for team in (0, 1)]
    said = [word("more", 2 * day + 2) for day in range(won + tied)]
    said += [word("more", 2 * day + 1) for day in range(won, won + tied + lost)]
    return experiment.stand(READER, placed, said)


def test_days_are_won_by_the_matcher_whose_papers_are_wanted():
    found = days(3, 1, tied=2, silent=4)
    assert (found.own.days_won, found.other.days_won, found.ties, found.days) == (1, 3, 2, 10)
    assert (found.own.papers, found.own.wanted) == (10, 3)
    assert found.won
    assert (found.won.share, found.won.of) == (0.75, 4)


def test_less_and_mute_speak_against_more_and_follow_for_a_matcher():
    placed = [drafted(0, 1, OWN), drafted(0, 2, OTHER), drafted(1, 3, OWN), drafted(1, 4, OTHER)]
    found = experiment.stand(READER, placed, [word("less", 1), word("follow", 3), word("mute", 4)])
    assert (found.own.days_won, found.other.days_won) == (1, 1)
    assert (found.own.wanted, found.own.unwanted, found.other.unwanted) == (1, 1, 1)


def test_only_the_last_word_about_a_paper_counts_and_none_that_was_taken_back():
    placed = [drafted(0, 1, OWN), drafted(0, 2, OTHER)]
    said = [word("more", 1), word("less", 1), word("more", 2, undone_at=NOON), word("more", None), word("more", 9)]
    found = experiment.stand(READER, placed, said)
    assert (found.own.wanted, found.own.unwanted, found.other.wanted) == (0, 1, 0)


def test_a_word_counts_for_the_last_digest_before_it():
    placed = [drafted(0, 1, OWN), drafted(2, 1, OTHER)]
    assert experiment.stand(READER, placed, [word("more", 1, day=1)]).own.days_won == 1
    assert experiment.stand(READER, placed, [word("more", 1, day=3)]).other.days_won == 1


def test_an_earlier_experiment_with_another_matcher_does_not_count():
    found = experiment.stand(READER, [drafted(0, 1, "neighbours"), drafted(1, 2, OTHER)], [word("more", 1)])
    assert (found.days, found.won) == (1, None)


def test_two_readers_of_one_profile_make_one_day():
    found = experiment.stand(READER, [drafted(0, 1, OWN), drafted(0, 1, OWN)], [word("more", 1)])
    assert (found.days, found.own.papers) == (1, 1)


@pytest.mark.parametrize(
    ("won", "lost", "says"),
    [
        (6, 0, "description is better"),
        (0, 6, "linear is better"),
        (5, 0, "too early to tell: about 1 more day at this rate"),
        (3, 1, "too early to tell: about 13 more days at this rate"),
        (2, 2, "too early to tell: no difference in sight"),
        (0, 0, "too early to tell: nobody has said more or less of its papers yet"),
    ],
)
def test_a_winner_is_named_when_chance_would_hardly_make_one(won, lost, says):
    assert days(won, lost).says == says


def test_days_without_a_word_make_it_take_longer():
    assert days(5, 0, silent=5).days_needed == 2


def test_the_sign_test_is_two_sided_and_exact():
    assert experiment.by_chance(6, 0) == 2 / 64
    assert experiment.by_chance(7, 1) == pytest.approx(18 / 256)
    assert experiment.by_chance(2, 2) == experiment.by_chance(0, 0) == 1


def test_a_paper_comes_when_either_matcher_would_send_it(monkeypatch):
    from monitor.jobs.match import tried

    low = Judgement(Match(1, "t", 0.3), "below", 0.5)
    high = Judgement(Match(1, "t", 0.8), "matched", 0.5)
    muted = Judgement(Match(1, "t", 0.8), "muted", 0.5)
    assert (tried(low, high).stage, tried(low, high).match.tried) == ("matched", (0.3, 0.8))
    assert (tried(high, low).stage, tried(high, low).match.tried) == ("matched", (0.8, 0.3))
    assert tried(muted, high).stage == "muted"


def test_what_readers_say_of_a_digest_decides_the_experiment(world):
    world.pages["hf"] = listing(1, 2, 3)
    app = world.open(READER)
    asyncio.run(cycle.run(app))
    with app.store.read() as session:
        placed = digests.drafted(session, READER.id)
    assert {one.team for one in placed} == {OWN, OTHER}
    liked = next(one.paper_id for one in placed if one.team == OTHER)
    world.later(hours=1)
    say.run(app, READER, "more", f"2603.0000{liked}")
    (found,) = experiment.run(app)
    assert (found.other.days_won, found.own.days_won, found.days) == (1, 0, 1)
    assert "linear" not in world.channel.delivered[0].part("html")
    assert "An experiment runs" in world.channel.delivered[0].part("html")
    assert experiment.run(app, "nobody") == []
