"""The figures of ``monitor evaluate matching``, each on numbers that can be checked by hand."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from monitor.evaluate import matching


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


def test_cases_are_read_by_level_and_number(folder: Path) -> None:
    assert [case.name for case in matching.read_cases(folder)] == ["c/1", "c/d"]
    assert [case.name for case in matching.read_cases(folder, level="description")] == ["c/d"]
    assert len(matching.read_cases(folder, limit=0)) == 0


def test_only_papers_from_before_the_day_are_fitted_and_only_later_ones_judged(folder: Path) -> None:
    papers, cases = matching.read_papers(folder), matching.read_cases(folder, level="1")
    (outcome,) = matching.outcomes(papers, cases)
    assert {paper.key for paper in outcome.judge.space.papers} == {f"p{number}" for number in range(15)}
    assert len(outcome.relevant) == 15
    assert outcome.relevant.sum() == 5


def test_candidates_that_are_named_are_the_only_ones(folder: Path) -> None:
    papers, cases = matching.read_papers(folder), matching.read_cases(folder, level="description")
    (outcome,) = matching.outcomes(papers, cases)
    assert outcome.relevant.tolist() == [True, False, False]


def test_the_table_has_all_figures_of_each_level_in_order(folder: Path) -> None:
    table = matching.table(matching.outcomes(matching.read_papers(folder), matching.read_cases(folder)))
    assert list(table) == ["description", "1"]
    assert set(table["1"]) == {
        "cases", "ap", "ndcg20", "rprec", "ece01", "expected_over_seen", "silent", "day_hit", "precision", "recall",
        "fit_ms", "score_ms",
    }  # fmt: skip
    assert table["1"]["ap"] == pytest.approx(1)
    json.dumps(table)


def test_days_without_a_relevant_paper_should_be_silent_and_the_others_hit(folder: Path) -> None:
    papers, cases = matching.read_papers(folder), matching.read_cases(folder, level="1")
    (outcome,) = matching.outcomes(papers, cases)
    silent, hit = matching.days(outcome)
    assert silent is None
    assert hit is not None
    assert 0 <= hit <= 1
