"""Figures: what is held against what, and what counts as worse."""

import json
from dataclasses import asdict

import pytest

from tests.bench.__main__ import benchmarks, measure, told
from tests.bench.figure import Figure, growth, race, worse


@pytest.mark.parametrize(
    ("figure", "judged", "holds"),
    [
        (Figure("x", 3.0, "s", 2.0, "peer", "ratio <= 2"), 1.5, True),
        (Figure("x", 5.0, "s", 2.0, "peer", "ratio <= 2"), 2.5, False),
        (Figure("x", 0.1, "s", 2.0, "peer", "gain >= 20"), 20.0, True),
        (Figure("x", 0.2, "s", 2.0, "peer", "gain >= 20"), 10.0, False),
        (Figure("x", 0.2, "s", asked="growth <= 1.1", growth=1.3), 1.3, False),
        (Figure("x", 4.0, "ms", asked="<= 5"), 4.0, True),
        (Figure("x", 0.9, "F1", asked=">= 0.99"), 0.9, False),
        (Figure("x", 0.0, "MB", 2.0, "peer", "gain >= 2"), float("inf"), True),
        (Figure("x", 0.9, "F1"), 0.9, None),
    ],
)
def test_a_figure_is_held_against_what_is_asked_of_it(figure, judged, holds):
    assert figure.judged == pytest.approx(judged)
    assert figure.holds is holds


@pytest.mark.parametrize("asked", ["<= fast", "ratio <= 2", "growth <= 1", "speed >= 3"])
def test_a_bound_that_cannot_be_held_against_anything_is_refused(asked):
    with pytest.raises(ValueError, match="x: nothing to hold against"):
        Figure("x", 1.0, "s", asked=asked)


def test_worse_is_what_moved_the_wrong_way_by_more_than_the_noise():
    def run(cost, rate, noisy, ratio):
        return [
            Figure("cost", cost, "s"),
            Figure("rate", rate, "mails/s"),
            Figure("noisy", noisy, "s", noise=0.5),
            Figure("ratio", ratio, "s", 1.0, "peer", "ratio <= 2"),
        ]

    old = run(1.0, 100.0, 1.0, 1.0)
    assert list(worse(old, run(1.05, 95.0, 1.4, 1.05))) == []
    assert list(worse(old, run(0.5, 200.0, 0.5, 0.5))) == []
    assert [line.split(":")[0] for line in worse(old, run(1.2, 80.0, 1.6, 1.2))] == ["cost", "rate", "noisy", "ratio"]


def test_a_slower_machine_is_not_worse_where_there_is_a_peer():
    old = [Figure("x", 1.0, "s", 1.0, "peer", "ratio <= 2")]
    assert list(worse(old, [Figure("x", 3.0, "s", 3.0, "peer", "ratio <= 2")])) == []
    assert list(worse(old, [])) == ["x: no longer measured"]


def test_growth_is_the_exponent():
    assert growth([10, 100, 1000], [3, 30, 300]) == pytest.approx(1.0)
    assert growth([10, 100, 1000], [5, 5, 5]) == pytest.approx(0.0)
    assert growth([10, 100, 1000], [1, 100, 10_000]) == pytest.approx(2.0)


def test_a_race_takes_turns_and_keeps_the_best():
    ran, moments = [], iter([0, 5, 0, 1, 0, 3, 0, 1, 0, 4, 0, 2])
    ours, theirs = race(lambda: ran.append("a"), lambda: ran.append("b"), clock=lambda: next(moments))
    assert ran == ["a", "b"] * 3
    assert (ours.best, theirs.best) == (3, 1)
    assert (ours.noise, theirs.noise) == pytest.approx((1 / 3, 0))


def test_figures_of_a_process_that_was_stopped_within_a_line_are_kept():
    one = Figure("x", 1.0, "s", 2.0, "peer", "gain >= 2", noise=0.1)
    line = json.dumps(asdict(one))
    assert told(f"something else\n{line}\n{line[:20]}") == (one,)


def test_benchmarks_are_found_on_disk():
    assert {"ingest", "delivery", "render"} <= set(benchmarks())
    assert not {"figure", "cases", "__main__"} & set(benchmarks())


def test_a_benchmark_that_fails_is_named_with_what_it_said_last():
    outcome = measure("not_there", seconds=60)
    assert (outcome.figures, outcome.left_out) == ((), "")
    assert outcome.failed == "ModuleNotFoundError: No module named 'tests.bench.not_there'"


def test_a_benchmark_that_does_not_end_is_stopped():
    assert measure("not_there", seconds=0.01).failed == "did not end within 0.01 seconds"
