"""Two matchers in one digest: whose paper is where, and that neither has an advantage."""

import random
from collections import Counter
from datetime import date

import pytest

from monitor.digest.compose import compose
from monitor.digest.draft import draft
from monitor.digest.facts import Facts
from monitor.digest.select import select
from monitor.testing import NOON, paper, profile, topic
from monitor.types.ledger import Candidate
from monitor.types.verdicts import Match, Verdict

READER = profile(topic("t"), experiment=("description",), budget=4)


def candidate(number, own, other):
    match = Match(number, "t", max(own, other), tried=(own, other))
    return Candidate(Verdict(number, "new", NOON, id=number), paper(number), (match,))


def facts(*candidates, reader=READER, day=4):
    return Facts(reader, "ada@example.org", NOON, date(2026, 3, day), candidates)


def test_each_matcher_places_its_best_paper_that_is_left():
    placed = draft(([1, 2, 3, 4], [4, 1, 2, 3]), "any")
    assert (placed[1], placed[4]) == (0, 1)
    assert list(placed)[:2] in ([1, 4], [4, 1])
    assert sorted(placed) == [1, 2, 3, 4]


@pytest.mark.parametrize("seed", range(50))
def test_teams_differ_by_one_paper_at_most_wherever_the_budget_cuts(seed):
    chance = random.Random(seed)
    one, two = ([*range(11)] for _ in range(2))
    chance.shuffle(one)
    chance.shuffle(two)
    teams = list(draft((one, two), str(seed)).values())
    for cut in range(len(teams) + 1):
        sizes = Counter(teams[:cut])
        assert abs(sizes[0] - sizes[1]) <= 1


def test_the_coin_is_fair_and_the_same_for_the_same_day():
    firsts = Counter(next(iter(draft(([1, 2], [1, 2]), f"ada 2026-03-{day}").values())) for day in range(400))
    assert 160 < firsts[0] < 240
    assert draft(([1, 2, 3], [3, 2, 1]), "ada") == draft(([1, 2, 3], [3, 2, 1]), "ada")


def test_a_digest_keeps_who_placed_each_paper():
    made = select(facts(*(candidate(number, number / 10, 1 - number / 10) for number in range(1, 9))))
    teams = {one.paper_id: one.team for one in made.placements}
    assert Counter(teams.values()) == {"linear": 2, "description": 2}
    assert teams[8] == teams[7] == "linear"
    assert teams[1] == teams[2] == "description"
    assert made.waiting == 4


def test_without_an_experiment_nobody_is_named():
    made = select(facts(candidate(1, 0.9, 0.2), reader=profile(topic("t"))))
    assert [one.team for one in made.placements] == [""]


def test_the_reader_is_told_of_the_experiment_and_not_of_the_teams():
    given = facts(candidate(1, 0.9, 0.2), candidate(2, 0.3, 0.8))
    told = compose(given, select(given), {})
    assert "An experiment runs" in told.receipt.notes[-1]
    assert "linear" not in repr(told)
    assert "experiment" not in repr(compose(facts(reader=profile(topic("t"))), select(facts()), {}))
