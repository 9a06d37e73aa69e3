from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from monitor.trends.velocity import rising_papers
from monitor.types.papers import Sighting

NOW = datetime(2026, 3, 20, 12, tzinfo=UTC)
TODAY = NOW.date()


def sighting(number: int, upvotes: int | None, age: float, listed: date = TODAY, source: str = "hf") -> Sighting:
    seen = datetime(listed.year, listed.month, listed.day, tzinfo=UTC) + timedelta(hours=age)
    return Sighting(number, source, seen, listed, upvotes=upvotes)


def past(papers: int, age: float = 12, factor: int = 1) -> list[Sighting]:
    """Papers of earlier days with 0 to 19 upvotes."""
    return [
        sighting(1000 + number, factor * (number % 20), age, TODAY - timedelta(days=3 + number % 40))
        for number in range(papers)
    ]


def test_a_paper_with_more_upvotes_than_its_like_had_at_its_age_rises() -> None:
    seen = [*past(120), sighting(1, 8, 4), sighting(1, 40, 12), sighting(2, 9, 12)]
    (trend,) = rising_papers(seen, {1: "A Fast Paper", 2: "A Usual Paper"}, NOW)
    assert (trend.kind, trend.unit, trend.name, trend.paper_ids) == ("paper", "upvotes", "A Fast Paper", (1,))
    assert (trend.seen, trend.series) == (40, (8, 40))
    assert 9 <= trend.expected <= 10
    assert trend.q <= 0.05
    assert (trend.day, trend.days) == (TODAY, 1)


def test_counts_at_another_age_are_not_compared_once_there_are_enough_at_its_own() -> None:
    seen = [*past(100, age=12), *past(100, age=70, factor=50)[:0], sighting(1, 19, 12)]
    old = [sighting(one.paper_id, 900, 72, one.listed_on) for one in past(100)]
    titles = {1: "One"}
    assert rising_papers([*seen, *old], titles, NOW) == rising_papers(seen, titles, NOW)
    assert len(rising_papers(seen, titles, NOW)) == 1


def test_a_young_installation_compares_papers_of_all_ages_after_growth() -> None:
    few = [sighting(100 + number, number % 10, 6 + number, TODAY - timedelta(days=2)) for number in range(30)]
    assert [trend.paper_ids for trend in rising_papers([*few, sighting(1, 40, 12)], {1: "One"}, NOW)] == [(1,)]
    assert rising_papers([*few, sighting(1, 6, 12)], {1: "One"}, NOW) == ()


def test_nothing_is_said_from_fewer_than_twenty_other_papers() -> None:
    assert rising_papers([*past(19), sighting(1, 500, 12)], {1: "One"}, NOW) == ()
    assert len(rising_papers([*past(20), sighting(1, 500, 12)], {1: "One"}, NOW)) == 1


def test_fewer_than_five_upvotes_or_six_hours_are_too_little() -> None:
    quiet = [sighting(2000 + number, 0, 12, TODAY - timedelta(days=3)) for number in range(100)]
    assert rising_papers([*quiet, sighting(1, 4, 12)], {1: "One"}, NOW) == ()
    assert len(rising_papers([*quiet, sighting(1, 5, 12)], {1: "One"}, NOW)) == 1
    early = [sighting(2000 + number, 0, 5, TODAY - timedelta(days=3)) for number in range(100)]
    assert rising_papers([*early, sighting(1, 50, 5)], {1: "One"}, NOW) == ()


def test_a_paper_that_left_the_listing_two_days_ago_no_longer_rises() -> None:
    gone = sighting(1, 400, 12, TODAY - timedelta(days=3))
    assert rising_papers([*past(120), gone], {1: "One"}, NOW) == ()


def test_other_sources_count_only_while_the_own_one_has_too_few() -> None:
    famous = [sighting(5000 + number, 9_000, 12, TODAY - timedelta(days=3), "other") for number in range(120)]
    ordinary = [sighting(7000 + number, 3, 12, TODAY - timedelta(days=3), "other") for number in range(120)]
    assert len(rising_papers([*past(120), *famous, sighting(1, 400, 12)], {1: "One"}, NOW)) == 1
    assert rising_papers([*past(10), *famous, sighting(1, 400, 12)], {1: "One"}, NOW) == ()
    assert len(rising_papers([*past(10), *ordinary, sighting(1, 400, 12)], {1: "One"}, NOW)) == 1


def test_later_sightings_and_papers_without_a_title_do_not_count() -> None:
    assert rising_papers([*past(120), sighting(1, 400, 12)], {}, NOW) == ()
    assert rising_papers([*past(120), sighting(1, 400, 13)], {1: "One"}, NOW) == ()
    assert rising_papers([*past(120), sighting(1, None, 12)], {1: "One"}, NOW) == ()


def test_a_paper_listed_by_two_sources_is_one_trend() -> None:
    elsewhere = [sighting(one.paper_id, one.upvotes, 12, one.listed_on, "other") for one in past(120)]
    seen = [*past(120), *elsewhere, sighting(1, 40, 12), sighting(1, 18, 12, source="other")]
    (trend,) = rising_papers(seen, {1: "One"}, NOW)
    assert trend.seen == 40
