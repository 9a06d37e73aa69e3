from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta

from monitor.novelty.first_story import Past
from monitor.types.papers import Paper

TODAY = datetime(2026, 3, 2, tzinfo=UTC)
USUAL, STRANGE = ([f"{letter}{number}" for number in range(400)] for letter in "us")


def paper(number: int, vocabulary: list[str], days_ago: float = 0) -> Paper:
    words = random.Random(number).choices(vocabulary, k=30)
    seen = TODAY - timedelta(days=days_ago)
    return Paper(number, f"text:{number}", " ".join(words[:5]), " ".join(words[5:]), seen)


PAST = [paper(number, USUAL, 1 + number % 50) for number in range(150)]


def score(newcomer: Paper, past: list[Paper]) -> float | None:
    found = Past(past).stories([newcomer])
    return found[newcomer.id].score if found else None


def test_a_paper_unlike_the_past_stands_higher_than_one_like_it() -> None:
    found = Past(PAST).stories([paper(900, USUAL), paper(901, STRANGE)])
    assert found[901].score == 1.0
    assert found[900].score < 0.98


def test_the_nearest_paper_of_the_past_is_named() -> None:
    strange = Paper(7000, "", " ".join(STRANGE[:99]), " ".join(STRANGE[99:]), TODAY - timedelta(days=9))
    assert Past([*PAST, strange]).stories([paper(901, STRANGE)])[901].nearest == 7000


def test_the_percentiles_of_ordinary_papers_spread_over_the_whole_range() -> None:
    found = Past(PAST).stories([paper(number, USUAL) for number in range(1000, 1200)])
    scores = [story.score for story in found.values()]
    assert len(scores) == 200
    assert 0.35 < sum(scores) / len(scores) < 0.65
    assert sum(score >= 0.9 for score in scores) < 45


def test_nothing_is_said_while_fewer_than_a_hundred_papers_or_a_month_are_known() -> None:
    assert score(paper(900, STRANGE), PAST[:99]) is None
    assert score(paper(900, STRANGE), PAST[:100]) is not None
    assert score(paper(900, STRANGE), [paper(number, USUAL, 1 + number % 29) for number in range(150)]) is None
    assert Past(PAST).stories([]) == {}


def test_what_lies_too_far_back_or_in_the_future_does_not_count() -> None:
    late = [paper(number, USUAL, days_ago=-3) for number in range(300, 420)]
    old = [paper(number, USUAL, days_ago=200) for number in range(500, 620)]
    assert score(paper(900, USUAL), [*late, *old]) is None


def test_papers_of_one_moment_are_not_held_against_each_other() -> None:
    strange, other = paper(901, STRANGE), paper(902, STRANGE)
    assert Past([*PAST, strange, other]).stories([strange]) == Past(PAST).stories([strange])


def test_what_came_yesterday_counts_from_today_on() -> None:
    past, yesterday = Past(PAST), [paper(number, STRANGE, days_ago=1) for number in range(800, 806)]
    assert past.stories(yesterday)[800].score == 1.0
    past.add(yesterday)
    assert past.stories([paper(901, STRANGE)])[901].nearest in range(800, 806)


def test_a_past_that_grew_is_the_past_that_was_read_at_once() -> None:
    grown = Past()
    for start in range(0, len(PAST), 40):
        grown.add(PAST[start : start + 40])
    newcomers = [paper(901, STRANGE), paper(900, USUAL)]
    assert grown.stories(newcomers) == Past(PAST).stories(newcomers)


def test_what_is_kept_only_to_measure_others_is_no_past_of_today() -> None:
    twin = Paper(7000, "", " ".join(STRANGE[:99]), " ".join(STRANGE[99:]), TODAY - timedelta(days=220))
    past = [paper(number, USUAL, 1 + number % 235) for number in range(900)]
    assert Past([*past, twin]).stories([paper(901, STRANGE)])[901].nearest != 7000
