"""Reading a folder of topics with known answers: what is right stands, what is wrong is named with its line."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from monitor.errors import MonitorError
from monitor.evaluate.cases import read_cases, read_papers
from tests.bench.cases import cases, description

PAPER: dict[str, Any] = {
    "id": "p1", "title": "On bandits", "abstract": None, "authors": ["Ada"], "categories": ["cs.LG"], "published": "2026-03-01",
}  # fmt: skip
CASE: dict[str, Any] = {
    "case": "c/1", "level": "1", "family": "f", "about": "bandits", "query": None, "examples": ["p1"], "negatives": [],
    "candidates": None, "relevant": ["p2"], "after": "2026-03-02", "weekly_volume": 7,
}  # fmt: skip
KNOWN = ("p1", "p2")


def write(folder: Path, name: str, *rows: dict[str, Any]) -> Path:
    (folder / name).write_text("".join(json.dumps(row) + "\n" for row in rows))
    return folder


def test_a_paper_is_read_as_printed_and_its_day_is_utc(tmp_path: Path) -> None:
    other = PAPER | {"id": "p2", "published": "2026-03-01T23:30:00-05:00"}
    one, two = read_papers(write(tmp_path, "papers.jsonl", PAPER, other)).values()
    assert (one.key, one.title, one.abstract, one.authors) == ("p1", "On bandits", "", ("Ada",))
    assert one.published == datetime(2026, 3, 1, tzinfo=UTC)
    assert two.published == datetime(2026, 3, 2, 4, 30, tzinfo=UTC)


def test_a_case_is_a_topic_and_its_answers(tmp_path: Path) -> None:
    (case,) = read_cases(write(tmp_path, "cases.jsonl", CASE), KNOWN)
    assert (case.topic.about, case.topic.query, case.topic.per_week) == ("bandits", "", 7.0)
    assert (case.examples, case.relevant, case.after) == (("p1",), frozenset({"p2"}), date(2026, 3, 2))
    assert case.candidates is None


def test_cases_are_chosen_by_level_and_number(tmp_path: Path) -> None:
    rows = [CASE | {"case": f"c/{number}", "level": level} for number in range(3) for level in ("1", "5")]
    folder = write(tmp_path, "cases.jsonl", *rows)
    assert [case.name for case in read_cases(folder, KNOWN, level="5")] == ["c/0", "c/1", "c/2"]
    assert [(case.level, case.name) for case in read_cases(folder, KNOWN, limit=1)] == [("1", "c/0"), ("5", "c/0")]
    with pytest.raises(MonitorError, match="no case of level '20'; it has 1, 5"):
        read_cases(folder, KNOWN, level="20")


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"title": 7}, "line 2: 'title' is no text"),
        ({"id": "p1"}, "line 2: a second paper has the id 'p1'"),
        ({"published": "soon"}, "line 2: Invalid isoformat"),
        ({"authors": "Ada"}, "line 2: 'authors' is no list"),
    ],
)
def test_a_line_that_is_no_paper_is_named(tmp_path: Path, wrong: dict[str, Any], told: str) -> None:
    write(tmp_path, "papers.jsonl", PAPER, PAPER | {"id": "p2"} | wrong)
    with pytest.raises(MonitorError, match=told):
        read_papers(tmp_path)


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"examples": ["p9"]}, "line 1: there is no paper 'p9'"),
        ({"relevant": ["p8"]}, "line 1: there is no paper 'p8'"),
        ({"candidates": ["p7"]}, "line 1: there is no paper 'p7'"),
        ({"negatives": ["p2"]}, "line 1: 'p2' is both known and to be found"),
        ({"level": None}, "line 1: 'level' is no text"),
        ({"weekly_volume": -1}, "line 1: 'weekly_volume'"),
        ({"weekly_volume": float("nan")}, "line 1: 'weekly_volume'"),
        ({"after": 20260302}, "line 1: "),
    ],
)
def test_a_line_that_is_no_case_is_named(tmp_path: Path, wrong: dict[str, Any], told: str) -> None:
    with pytest.raises(MonitorError, match=told):
        read_cases(write(tmp_path, "cases.jsonl", CASE | wrong), KNOWN)


def test_what_is_missing_is_named(tmp_path: Path) -> None:
    with pytest.raises(MonitorError, match=r"it has no papers\.jsonl"):
        read_papers(tmp_path)
    write(tmp_path, "papers.jsonl", {name: value for name, value in PAPER.items() if name != "published"})
    with pytest.raises(MonitorError, match="line 1: 'published' is missing"):
        read_papers(tmp_path)
    (tmp_path / "papers.jsonl").write_text(json.dumps(PAPER) + "\n{not json\n")
    with pytest.raises(MonitorError, match="line 2 of"):
        read_papers(tmp_path)


def test_a_list_becomes_a_case_of_each_level_whose_examples_are_from_before_the_cut() -> None:
    days = {f"p{number:02d}": f"2026-01-{number:02d}" for number in range(1, 31)}
    profile = {"profile": "p", "repo": "r", "list": "Awesome Bandits", "path": [], "items": [[name] for name in days]}
    made = list(cases(profile, days, "2026-01-16"))
    assert [(case["level"], len(case["examples"])) for case in made] == [
        ("description", 0), ("1", 1), ("5", 5), ("20", 15), ("history", 15),
    ]  # fmt: skip
    assert max(days[name] for name in made[-1]["examples"]) == "2026-01-15"
    assert made[0]["relevant"] == sorted(days)[15:]
    assert made[0]["weekly_volume"] == round(15 / 26, 2)
    assert not list(cases(profile, days, "2026-01-08"))


def test_a_description_is_what_headings_say_without_the_jargon_of_lists() -> None:
    headings = ["Awesome-LLM-Agents", "2. Multi-Agent Papers (CVPR 2025)", "LLM Agents"]
    assert description(headings) == "LLM Agents Multi Agent"
