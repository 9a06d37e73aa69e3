"""``monitor evaluate matching``: what a person and a program read of it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from monitor.cli.evaluate import command
from monitor.evaluate.matching import METHODS
from monitor.evaluate.parts import Alone


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    subjects = ("diffusion models for images", "bandits with regret", "speech of rare languages")
    papers = [
        {"id": f"p{number}", "title": f"On {subjects[number % 3]}", "abstract": f"Number {number}.", "authors": ["Ada"],
         "categories": [], "published": f"2026-03-{1 + number // 3:02d}"}
        for number in range(30)
    ]  # fmt: skip
    told = {"family": "f", "query": None, "negatives": [], "after": "2026-03-06", "candidates": None, "weekly_volume": 7,
            "relevant": [f"p{number}" for number in range(15, 30, 3)]}  # fmt: skip
    cases = [
        told | {"case": "c/d", "level": "description", "about": "diffusion models", "examples": []},
        told | {"case": "c/1", "level": "1", "about": "diffusion models", "examples": ["p0"]},
        told | {"case": "e/1", "level": "1", "about": "diffusion models", "examples": ["p3"]},
    ]
    (tmp_path / "papers.jsonl").write_text("".join(json.dumps(row) + "\n" for row in papers))
    (tmp_path / "cases.jsonl").write_text("".join(json.dumps(row) + "\n" for row in cases))
    return tmp_path


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(command, ["matching", *map(str, arguments)])


def test_the_object_holds_the_figures_of_each_level(folder: Path) -> None:
    levels = json.loads(run(folder, "--json").stdout)["levels"]
    assert {level: figures["cases"] for level, figures in levels.items()} == {"description": 1, "1": 2}
    assert set(levels["1"]) == {
        "cases", "ap", "ndcg20", "rprec", "ece01", "expected_over_seen", "silent", "day_hit", "precision", "recall",
        "fit_ms", "score_ms",
    }  # fmt: skip


def test_several_methods_stand_beside_the_first(folder: Path) -> None:
    printed = json.loads(run(folder, "--json", "--method", "svm", "--method", "ours").stdout)
    assert list(printed["methods"]) == ["svm", "ours"]
    assert printed["levels"] == printed["methods"]["svm"]["levels"]
    assert printed["levels"]["description"]["ap"] is None
    assert printed["methods"]["ours"]["levels"]["description"]["ap"] == 1


def test_the_whole_curve_is_printed_of_ours_only(folder: Path) -> None:
    curve = json.loads(run(folder, "--json").stdout)["curve"]
    assert list(curve) == ["description", "1"]
    assert [step["threshold"] for step in curve["1"]] == [step / 20 for step in range(1, 20)]
    hits = [step["day_hit"] for step in curve["1"]]
    assert hits == sorted(hits, reverse=True)
    assert "curve" not in json.loads(run(folder, "--json", "--method", "bm25").stdout)
    assert "by threshold" not in run(folder, "--method", "bm25").stdout


def test_all_methods_stand_in_one_table_level_by_level(folder: Path) -> None:
    lines = run(folder, "--method", "all").stdout.splitlines()
    rows = [line.split() for line in lines[2 : 2 + 2 * len(METHODS)]]
    assert [tuple(row[:2]) for row in rows] == [(level, method) for level in ("description", "1") for method in METHODS]
    assert {row[1] for row in rows if row[2] == "none"} == {"svm", "centroid", "logistic"}
    assert all(row[0] == "description" for row in rows if row[2] == "none")
    assert "ours by threshold" in lines[2 + 2 * len(METHODS)]


def test_level_and_number_choose_the_cases(folder: Path) -> None:
    levels = json.loads(run(folder, "--json", "--level", "1", "--limit", "1").stdout)["levels"]
    assert {level: figures["cases"] for level, figures in levels.items()} == {"1": 1}


def test_what_is_wrong_with_a_folder_is_told_without_a_trace(folder: Path) -> None:
    assert "no case of level '9'; it has description, 1" in run(folder, "--level", "9").stderr
    (folder / "cases.jsonl").write_text("{}\n")
    result = run(folder)
    assert (result.exit_code, result.stdout) == (3, "")
    assert "cases.jsonl: line 1: 'case' is missing" in result.stderr


def test_each_part_is_set_beside_the_whole(folder: Path) -> None:
    parts = json.loads(run(folder, "--json", "--parts").stdout)["parts"]
    assert {level: sorted(one["parts"]) for level, one in parts.items()} == {
        "description": ["description"], "1": ["description", "linear"],
    }  # fmt: skip
    assert parts["1"]["joined"] == json.loads(run(folder, "--json").stdout)["levels"]["1"]["ap"]
    assert "gain" in run(folder, "--parts").stdout


def test_other_matchers_are_measured_by_name(folder: Path) -> None:
    parts = json.loads(run(folder, "--json", "--parts", "--matcher", "neighbours").stdout)["parts"]
    assert sorted(parts["1"]["parts"]) == ["description", "neighbours"]


def test_joining_loses_what_the_best_part_has_more() -> None:
    assert Alone(0.5, {"linear": 0.3, "description": 0.52}).gain == pytest.approx(-0.02)
