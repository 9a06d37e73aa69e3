from __future__ import annotations

import math
import random
from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest

from monitor.novelty import first_story
from monitor.novelty.first_story import Past, _counted
from monitor.novelty.pairs import folded_words
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
    assert score(paper(900, STRANGE), [paper(number, USUAL, 30) for number in range(100)]) is not None
    assert score(paper(900, STRANGE), [paper(number, USUAL, 29.99) for number in range(100)]) is None
    one_before = [paper(0, USUAL, 30), *(paper(number, USUAL, 20) for number in range(1, 100))]
    assert score(paper(900, STRANGE), one_before) is not None


def test_the_past_reaches_back_half_a_year_to_the_minute() -> None:
    assert score(paper(900, STRANGE), [paper(number, USUAL, 180) for number in range(100)]) is not None
    assert score(paper(900, STRANGE), [paper(number, USUAL, 180.001) for number in range(100)]) is None


def test_what_lies_too_far_back_or_in_the_future_does_not_count() -> None:
    late = [paper(number, USUAL, days_ago=-3) for number in range(300, 420)]
    old = [paper(number, USUAL, days_ago=200) for number in range(500, 620)]
    assert score(paper(900, USUAL), [*late, *old]) is None


def test_papers_of_one_moment_are_not_held_against_each_other() -> None:
    usual, others = paper(900, USUAL), [paper(number, USUAL) for number in range(2000, 2060)]
    newcomers = [usual, *others]
    assert Past([*PAST, *newcomers]).stories([usual]) == Past(PAST).stories([usual])


def test_what_came_yesterday_counts_from_today_on() -> None:
    past, yesterday = Past(PAST), [paper(number, STRANGE, days_ago=1) for number in range(800, 806)]
    assert past.stories(yesterday)[800].score == 1.0
    past.add(yesterday)
    assert past.stories([paper(901, STRANGE)])[901].nearest in range(800, 806)


def test_words_that_were_counted_are_not_counted_again_the_next_day(monkeypatch: pytest.MonkeyPatch) -> None:
    counted: list[int] = []
    count = first_story._counted

    def noting(papers: list[Paper]) -> object:
        counted.append(len(papers))
        return count(papers)

    monkeypatch.setattr(first_story, "_counted", noting)
    past = Past(PAST)
    past.stories([paper(900, USUAL, days_ago=1)])
    past.stories([paper(901, USUAL)])
    assert counted == [147, 1, 3, 1]  # the past and the newcomer of each day


def test_scores_have_four_decimals() -> None:
    scores = [
        story.score for story in Past(PAST).stories([paper(number, USUAL) for number in range(900, 930)]).values()
    ]
    assert all(score == round(score, 4) for score in scores)
    assert len(set(scores)) > 5


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


def plainly(past: list[Paper], newcomers: list[Paper]) -> dict[int, tuple[float, int]]:
    """What the module says it does, written down word by word and slowly: a score and the nearest paper for each."""
    past = sorted(
        (one for one in past if one.first_seen >= TODAY - timedelta(days=240)), key=lambda one: one.first_seen
    )
    texts = {one.id: Counter(folded_words(f"{one.title} {one.abstract}")) for one in [*past, *newcomers]}
    holding = Counter(word for one in past for word in texts[one.id])

    def vector(one: Paper) -> dict[str, float]:
        rare = {word: math.log((1 + len(past)) / (1 + holding[word])) for word in texts[one.id]}
        weights = {
            word: (1 + math.log(texts[one.id][word])) * said for word, said in rare.items() if said >= math.log(10)
        }
        length = math.sqrt(sum(weight**2 for weight in weights.values())) or 1.0
        return {word: weight / length for word, weight in weights.items()}

    vectors = {number: vector(one) for number, one in {one.id: one for one in [*past, *newcomers]}.items()}

    def strangeness(one: Paper, others: list[Paper]) -> tuple[float, int]:
        mine = vectors[one.id]
        alike = [
            (sum(mine[word] * vectors[other.id].get(word, 0) for word in mine), -at) for at, other in enumerate(others)
        ]
        best = sorted(alike, reverse=True)
        return 1 - sum(cosine for cosine, _ in best[:5]) / 5, others[-best[0][1]].id

    def before(one: Paper, memory: timedelta) -> list[Paper]:
        return [other for other in past if one.first_seen - memory <= other.first_seen < one.first_seen]

    known = TODAY - past[0].first_seen
    recent = min(timedelta(days=60), known / 4)
    memory = min(timedelta(days=180), known - recent)
    lately = [one for one in past if one.first_seen >= TODAY - recent and len(before(one, memory)) >= 100]
    if len(lately) >= 100:
        usual = [strangeness(one, before(one, memory))[0] for one in lately]
    else:
        memory = timedelta(days=180)
        usual = [strangeness(one, [other for other in past if other is not one])[0] for one in past]
    found = {}
    for one in newcomers:
        strange, nearest = strangeness(one, before(one, memory))
        below, equal = (
            sum(other < strange - 1e-6 for other in usual),
            sum(abs(other - strange) <= 1e-6 for other in usual),
        )
        found[one.id] = (below + equal / 2) / len(usual), nearest
    return found


PASTS = {
    "a short past": [1 + at % 50 + at / 1000 for at in range(150)],
    "months": [1 + at % 120 + at / 1000 for at in range(320)],
    "long": [1 + at % 235 + at / 1000 for at in range(600)],
    "longer than counts": [1 + at % 300 + at / 1000 for at in range(700)],
    "a gap, after which the first have no past": [*[236 + at / 100 for at in range(130)], *[20 - at / 20 for at in range(390)]],
}  # fmt: skip


@pytest.mark.parametrize("days", PASTS.values(), ids=PASTS)
def test_scores_are_what_the_module_says_they_are(days: list[float]) -> None:
    past = [paper(at, USUAL, ago) for at, ago in enumerate(days)]
    newcomers = [paper(at, USUAL) for at in range(5000, 5012)] + [paper(5012, STRANGE)]
    expected = plainly(past, newcomers)
    found = Past(past).stories(newcomers)
    assert len(found) == len(newcomers)
    for name, story in found.items():
        assert story.score == pytest.approx(expected[name][0], abs=2e-3)
        assert story.nearest == expected[name][1]


def test_of_more_papers_than_are_compared_the_same_ones_are_taken_each_day(monkeypatch: pytest.MonkeyPatch) -> None:
    past = [paper(number, USUAL, 1 + number % 60) for number in range(500)]
    newcomers = [paper(number, USUAL) for number in range(5000, 5010)]
    fourth = Past([one for one in past if one.id % 4 == 0]).stories(newcomers)
    monkeypatch.setattr(first_story, "_MOST_PAST", 150)
    assert Past(past).stories(newcomers) == fourth


def test_the_usual_is_measured_on_an_even_part_of_many_papers_and_in_portions(monkeypatch: pytest.MonkeyPatch) -> None:
    past = [paper(number, USUAL, 1 + number % 60) for number in range(400)]
    newcomers = [paper(number, USUAL) for number in range(5000, 5040)]
    whole = Past(past).stories(newcomers)
    monkeypatch.setattr(first_story, "_ROWS", 7)
    assert Past(past).stories(newcomers) == whole
    monkeypatch.setattr(first_story, "_MOST_JUDGED", 100)
    part = Past(past).stories(newcomers)
    assert part != whole
    assert max(abs(part[one].score - whole[one].score) for one in whole) < 0.15


def test_an_even_part_keeps_the_last_and_holds_no_more_than_asked_for() -> None:
    assert first_story._thinned([1, 2, 3, 4], 4) == [1, 2, 3, 4]
    assert first_story._thinned([1, 2, 3, 4, 5], 4) == [1, 3, 5]
    assert first_story._thinned([1, 2, 3, 4, 5, 6], 2) == [3, 6]


def test_every_word_of_a_paper_is_counted_whatever_it_is() -> None:
    papers = [Paper(1, "text:1", "bees bees", "bees dance", TODAY), Paper(2, "text:2", "", "\udc80 lamps", TODAY)]
    counted = _counted(papers)
    assert counted.sum(axis=1).ravel().tolist() == [[4, len(folded_words("\udc80 lamps"))]]
    assert sorted(counted[0].data) == [1, 3]
