from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta

from monitor.novelty.first_story import first_story
from monitor.types.papers import Paper

TODAY = datetime(2026, 3, 2, tzinfo=UTC)
USUAL = [
    "gauge",
    "harbour",
    "clock",
    "drift",
    "surge",
    "tide",
    "record",
    "barometer",
    "harmonic",
    "prior",
    "error",
    "height",
    "storm",
    "method",
    "sea",
    "level",
]
STRANGE = [
    "clover",
    "bumblebee",
    "rain",
    "field",
    "memory",
    "morning",
    "camera",
    "visit",
    "order",
    "night",
    "flower",
    "nectar",
    "wing",
    "colony",
    "queen",
]


def paper(number: int, vocabulary: list[str], days_ago: float = 0) -> Paper:
    words = random.Random(number).choices(vocabulary, k=30)
    seen = TODAY - timedelta(days=days_ago)
    return Paper(number, f"text:{number}", " ".join(words[:5]), " ".join(words[5:]), seen)


PAST = [paper(number, USUAL, 1 + number % 50) for number in range(150)]


def test_a_paper_unlike_the_past_stands_higher_than_one_like_it() -> None:
    usual, strange = first_story([paper(900, USUAL), paper(901, STRANGE)], PAST)
    assert usual is not None
    assert strange == 1.0
    assert usual < 0.98


def test_the_percentiles_of_ordinary_papers_spread_over_the_whole_range() -> None:
    scores = [
        score
        for score in first_story([paper(number, USUAL) for number in range(1000, 1200)], PAST)
        if score is not None
    ]
    assert len(scores) == 200
    assert 0.35 < sum(scores) / len(scores) < 0.65
    assert sum(score >= 0.9 for score in scores) < 45


def test_nothing_is_said_while_fewer_than_a_hundred_papers_are_known() -> None:
    assert first_story([paper(900, STRANGE)], PAST[:99]) == [None]
    assert first_story([paper(900, STRANGE)], PAST[:100]) != [None]
    assert first_story([], PAST) == []


def test_what_lies_too_far_back_or_in_the_future_does_not_count() -> None:
    late = [paper(number, USUAL, days_ago=-3) for number in range(300, 420)]
    old = [paper(number, USUAL, days_ago=200) for number in range(500, 620)]
    assert first_story([paper(900, USUAL)], [*late, *old]) == [None]


def test_a_paper_that_the_past_holds_too_is_not_compared_with_itself() -> None:
    strange = paper(901, STRANGE)
    assert first_story([strange], [*PAST, strange]) == first_story([strange], PAST)
