"""What a stream of entries announces again and misses: ours beside other rules."""

import json

import pytest
from click.testing import CliRunner

from monitor.cli import main
from monitor.errors import ParseError
from monitor.evaluate.rules import Titles
from monitor.evaluate.stream import METHODS, judge_stream, read_stream

TIDE = "We map the drift of clocks in harbour gauges from four years of records and two storms near Brest."
BEES = "Bumblebees remember clover after rain, which a camera over three colonies shows morning by morning."
ROWS = [
    {"at": "2026-03-02", "source": "arxiv", "id": "2603.00001v1", "title": "Clocks of Harbour Gauges", "abstract": TIDE},
    {"at": "2026-03-02", "source": "arxiv", "id": "2603.00002v1", "title": "Clover and Rain", "abstract": BEES},
    {"at": "2026-03-03", "source": "hf", "title": "Clocks of harbour gauges", "abstract": TIDE, "gold": "arxiv:2603.00001"},
    {"at": "2026-03-04", "source": "arxiv", "id": "2603.00001v2", "title": "Clocks of Gauges", "abstract": f"{TIDE} New."},
    {"at": "2026-03-20", "source": "arxiv", "id": "2603.00002v1", "title": "Clover and Rain", "abstract": BEES},
]  # fmt: skip


def figures(method, rows=ROWS):
    found = judge_stream(read_stream(rows), METHODS[method])
    return found.announced, found.repeats, found.missed


@pytest.mark.parametrize(
    ("method", "expected"),
    [
        ("ours", (2, 0, 0)),
        ("id", (3, 1, 0)),
        ("guid", (4, 2, 0)),
        ("window", (4, 2, 0)),
        ("title", (3, 1, 0)),
        ("jaccard", (2, 0, 0)),
    ],
)
def test_each_rule_announces_again_what_it_does_not_recognise(method, expected):
    assert figures(method) == expected


def test_a_reworded_print_without_an_id_is_a_copy_to_ours_alone():
    title = "The Drifting Clocks of Harbour Gauges"
    again = {"at": "2026-03-05", "source": "blog", "title": title, "abstract": TIDE.replace("We map", "We chart")}
    rows = [ROWS[0] | {"gold": "tide"}, again | {"gold": "tide"}]
    assert figures("ours", rows) == (1, 0, 0)
    assert {figures(method, rows) for method in METHODS if method != "ours"} == {(2, 1, 0)}


def test_a_rule_that_takes_two_works_for_one_misses_the_second():
    rows = [
        {"at": "2026-03-02", "id": "2603.00001", "title": "Editorial", "abstract": TIDE},
        {"at": "2026-03-03", "id": "2603.00002", "title": "Editorial", "abstract": BEES},
    ]
    assert figures("title", rows) == (1, 0, 1)
    assert figures("ours", rows) == (2, 0, 0)


def test_what_is_no_entry_is_told_with_its_number():
    with pytest.raises(ParseError, match='entry 2 needs "at"'):
        read_stream([ROWS[0], {"title": "Undated"}])
    with pytest.raises(ParseError, match='entry 1 has no "title"'):
        read_stream([{"at": "2026-03-02"}])


def test_the_most_alike_title_is_found_by_few_words():
    titles = Titles(0.7)
    for number, title in enumerate(["a b c d e f g", "a b c d e f g h", "x y z"]):
        titles.add(title, number)
    assert titles.find("b a c d e f g h") == 1
    assert titles.find("x y q") is None


def run(*arguments):
    return CliRunner().invoke(main, ["evaluate", *map(str, arguments)])


@pytest.mark.parametrize("name", ["stream", "novelty", "store", "matching"])
def test_a_file_that_is_not_there_is_told(tmp_path, name):
    asked = run(name, tmp_path / "none")
    assert asked.exit_code == 2
    assert "none" in asked.stderr


@pytest.mark.parametrize("name", ["store", "matching"])
def test_a_folder_without_its_files_is_told(tmp_path, name):
    asked = run(name, tmp_path)
    assert isinstance(asked.exception, SystemExit)
    assert asked.exit_code == 3
    assert ".jsonl" in asked.stderr


def test_the_table_and_the_object_hold_all_rules(tmp_path):
    file = tmp_path / "entries.jsonl"
    file.write_text("\n".join(map(json.dumps, ROWS)), encoding="utf-8")
    told = json.loads(run("stream", file, "--json").stdout)
    assert [told[name] for name in ("entries", "announced", "repeats", "missed")] == [5, 2, 0, 0]
    assert told["methods"]["guid"]["repeats"] == 2
    assert {*told["methods"]} == {*METHODS}
    assert all(name in run("stream", file).stdout for name in METHODS)
