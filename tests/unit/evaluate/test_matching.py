"""The figures of ``monitor evaluate matching``, each on numbers that can be checked by hand."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from monitor.errors import MonitorError
from monitor.evaluate import curves, matching
from monitor.evaluate.cases import Case, read_cases, read_papers
from monitor.types.papers import Paper


def flags(text: str) -> matching.Flags:
    return np.array([letter == "x" for letter in text])


def test_average_precision_is_the_mean_precision_at_each_hit() -> None:
    assert matching.average_precision(flags("x.x.")) == pytest.approx((1 + 2 / 3) / 2)
    assert matching.average_precision(flags("....")) == 0


def test_ndcg_is_one_for_a_perfect_ranking_and_less_for_a_worse() -> None:
    assert matching.ndcg(flags("xx.."), 20) == pytest.approx(1)
    assert matching.ndcg(flags(".x"), 20) == pytest.approx(np.log2(2) / np.log2(3))
    assert matching.ndcg(flags("..x"), 2) == 0


def test_r_precision_looks_as_deep_as_there_are_hits() -> None:
    assert matching.r_precision(flags("x.x.")) == 0.5


def test_ties_stay_in_the_order_given() -> None:
    assert matching.ranking(np.array([0.1, 0.5, 0.5])).tolist() == [1, 2, 0]


def test_calibration_error_weighs_bins_by_their_pairs_and_ignores_the_improbable() -> None:
    said = np.array([0.05, 0.25, 0.25, 0.95])
    seen = np.array([True, True, False, True])
    assert matching.calibration_error(said, seen) == pytest.approx((abs(0.5 - 1) + 0.05) / 3)
    assert matching.calibration_error(np.array([0.01]), np.array([True])) == 0


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    days = [f"2026-03-{day:02d}" for day in range(1, 11)]
    subjects = ("diffusion models for images", "bandits with regret", "speech of rare languages")
    papers = [
        {"id": f"p{number}", "title": f"On {subjects[number % 3]}", "abstract": f"Number {number}.", "authors": ["Ada"],
         "categories": [], "published": days[number // 3]}
        for number in range(30)
    ]  # fmt: skip
    case = {
        "level": "1", "family": "f", "about": "diffusion models", "query": None, "negatives": [], "after": "2026-03-06",
        "candidates": None, "weekly_volume": 7, "case": "c/1", "examples": ["p0"],
        "relevant": [f"p{number}" for number in range(15, 30, 3)],
    }  # fmt: skip
    chosen = case | {"case": "c/d", "level": "description", "examples": [], "candidates": ["p0", "p1", "p2"], "relevant": ["p0"],
                     "after": None, "weekly_volume": None}  # fmt: skip
    (tmp_path / "papers.jsonl").write_text("".join(json.dumps(row) + "\n" for row in papers))
    (tmp_path / "cases.jsonl").write_text("".join(json.dumps(row) + "\n" for row in (case, chosen)))
    return tmp_path


def read(folder: Path, level: str | None = None) -> tuple[dict[str, Paper], list[Case]]:
    papers = read_papers(folder)
    return papers, read_cases(folder, papers, level=level)


def test_only_papers_from_before_the_day_are_fitted_and_only_later_ones_judged(folder: Path) -> None:
    (outcome,) = matching.outcomes(*read(folder, "1"))
    assert {paper.key for paper in outcome.judge.space.papers} == {f"p{number}" for number in range(15)}
    assert len(outcome.relevant) == 15
    assert outcome.relevant.sum() == 5


def test_candidates_that_are_named_are_the_only_ones(folder: Path) -> None:
    (outcome,) = matching.outcomes(*read(folder, "description"))
    assert outcome.relevant.tolist() == [True, False, False]


def test_without_a_day_all_papers_but_the_examples_are_judged(folder: Path) -> None:
    papers, (case,) = read(folder, "1")
    (outcome,) = matching.outcomes(papers, [replace(case, after=None, negatives=("p1",))])
    assert len(outcome.relevant) == 28


def test_a_case_without_candidates_is_named(folder: Path) -> None:
    papers, (case,) = read(folder, "1")
    with pytest.raises(MonitorError, match="case 'c/1' has no paper to judge"):
        list(matching.outcomes(papers, [replace(case, after=date(2027, 1, 1))]))


def test_what_the_query_excludes_cannot_be_sent(folder: Path) -> None:
    papers, (case,) = read(folder, "1")
    (one,) = matching.outcomes(papers, [replace(case, topic=replace(case.topic, query="On NOT speech"))])
    assert one.sendable.sum() == 10
    assert one.sent.sum() <= 10


def test_the_table_has_all_figures_of_each_level_in_order(folder: Path) -> None:
    table = matching.table(matching.outcomes(*read(folder)))
    assert list(table) == ["description", "1"]
    assert set(table["1"]) == {
        "cases", "ap", "ndcg20", "rprec", "ece01", "expected_over_seen", "silent", "day_hit", "precision", "recall",
        "fit_ms", "score_ms",
    }  # fmt: skip
    assert table["1"]["ap"] == pytest.approx(1)
    json.dumps(table)


def test_every_method_is_compared_on_the_same_cases_and_may_have_none_at_a_level(folder: Path) -> None:
    told: list[str] = []
    found = matching.compare(*read(folder), ("ours", "svm"), told.append)
    assert {method: {level: len(one) for level, one in levels.items()} for method, levels in found.items()} == {
        "ours": {"description": 1, "1": 1},
        "svm": {"description": 0, "1": 1},
    }
    assert found["ours"]["1"][0].relevant.tolist() == found["svm"]["1"][0].relevant.tolist()
    assert len(told) == 4
    assert set(matching.figures(found["svm"]["description"]).values()) == {0, None}


def test_of_a_rival_only_the_ranking_and_the_times_are_told(folder: Path) -> None:
    found = matching.compare(*read(folder, "1"), ("svm",), lambda _: None)
    told = {name for name, value in matching.figures(found["svm"]["1"]).items() if value is not None}
    assert told == {"cases", "ap", "ndcg20", "rprec", "fit_ms", "score_ms"}


def outcome(*days: str, least: float = 0.5, withheld: bool = False) -> matching.Outcome:
    """A day is its papers, each a tenth of probability; a relevant one has a star before it: ``"3 *7"``."""
    papers = [(day, mark) for day, marks in enumerate(days, start=1) for mark in marks.split()]
    scores = np.array([int(mark.lstrip("*")) / 10 for _, mark in papers])
    nothing: Any = None
    return matching.Outcome(
        nothing, scores, np.array([mark.startswith("*") for _, mark in papers]), 1.0, 1.0, nothing, (),
            np.full(len(papers), not withheld), scores >= least, tuple(date(2026, 1, day) for day, _ in papers),
    )  # fmt: skip


def test_days_without_a_relevant_paper_should_be_silent_and_the_others_hit() -> None:
    silent, hit = matching.days(outcome("3 4", "6", "*7 2", "*4 9"))
    assert (silent.tolist(), hit.tolist()) == ([True, False], [True, False])
    silent, hit = matching.days(outcome("*7"))
    assert (silent.tolist(), hit.tolist()) == ([], [True])


def test_the_curve_tells_for_each_threshold_what_days_would_bring() -> None:
    steps = curves.curve([outcome("3 4", "6", "*7 2", "*4 9")], (0.35, 0.5, 0.65, 0.8))
    assert [(step.silent, step.day_hit) for step in steps] == [(0, 1), (0.5, 0.5), (1, 0.5), (1, 0)]


def test_the_curve_counts_the_days_of_all_cases_together() -> None:
    (step,) = curves.curve([outcome("9", "1"), outcome("*9"), outcome("1", "*1")], (0.5,))
    assert step.silent == pytest.approx(2 / 3)
    assert step.day_hit == 0.5
    assert curves.curve([], (0.5,)) == [curves.Step(0.5, None, None)]


def test_a_paper_that_a_rule_withholds_is_never_sent_at_any_threshold() -> None:
    assert curves.curve([outcome("9", "*9", withheld=True)], (0.05,)) == [curves.Step(0.05, 1.0, 0.0)]
