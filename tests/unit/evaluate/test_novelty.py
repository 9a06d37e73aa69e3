"""The figures of ``monitor evaluate novelty`` and ``store``, each on papers that can be looked at."""

from __future__ import annotations

import gzip
import json
import lzma
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from monitor.cli import main
from monitor.errors import ParseError
from monitor.evaluate import novelty, store
from monitor.novelty.pairs import Rarity

KELP = {
    "title": "Kelp: Aligning Tide Gauges in Small Harbours",
    "abstract": "We study how tide gauges in small harbours disagree about the height of storm surges. Our method aligns "
    "seven gauges with a harmonic prior and finds that 83.4 % of the disagreement comes from drifting clocks.",
    "authors": ["Moreau, Ada", "Lindqvist, Bo"],
}
BEES = {
    "title": "How Bumblebees Learn the Order of Clover Fields",
    "abstract": "Bumblebees return to the same clover field for many days. We follow 220 marked bees with a cheap camera "
    "and show that the order of their visits is learned on the first morning.",
    "authors": "Eun Park and Zoe Quist",
}
KELP_AGAIN = "KELP: ALIGNING TIDE GAUGES IN SMALL HARBOURS"
SHORT = {"title": "Kelp: aligning tide gauges in small harbours", "authors": "A. Moreau, B. Lindqvist", "year": 2020}


def pair(one, two, same, kind=None):
    return {"a": one, "b": two, "same": same} | ({"kind": kind} if kind else {})


PAIRS = [
    pair({**KELP, "title": KELP_AGAIN}, KELP, 1, "copy"),
    pair(SHORT, KELP, 1, "record"),
    pair(BEES, {**BEES, "title": "Other", "abstract": "Another text about the weather on Mars."}, 1, "lost"),
    pair(BEES, KELP, 0),
    pair(BEES, {**BEES, "title": BEES["title"] + "!"}, 0, "alarm"),
]


def test_precision_recall_and_kinds_are_counted_over_the_pairs():
    figures = novelty.judge_pairs(novelty.read_pairs(PAIRS))
    assert figures.linked == figures.told == novelty.Agreement(2 / 3, 2 / 3)
    assert figures.told.f1 == pytest.approx(2 / 3)
    assert figures.kinds == {
        ("alarm", False): (1, 1.0, 1.0),
        ("copy", True): (1, 1.0, 1.0),
        ("lost", True): (1, 0.0, 0.0),
        ("other", False): (1, 0.0, 0.0),
        ("record", True): (1, 1.0, 1.0),
    }
    assert figures.pairs_per_s > 0


def test_figures_of_nothing_are_nought():
    figures = novelty.judge_pairs([])
    assert (figures.told.precision, figures.told.recall, figures.told.f1) == (0, 0, 0)


@pytest.mark.parametrize(
    ("answer", "abstract", "told"),
    [("same", "x", 1), ("related", "x", 0), ("related", "", 1), (None, "x", 0), (None, "", 0)],
)
def test_related_is_told_as_one_work_only_where_no_more_can_be_said(monkeypatch, answer, abstract, told):
    monkeypatch.setattr(novelty, "relation", lambda *_: answer)
    figures = novelty.judge_pairs(novelty.read_pairs([pair(KELP, {"title": "K", "abstract": abstract}, 1)]))
    assert (figures.told.recall, figures.linked.recall) == (told, int(answer is not None))


def test_a_paper_is_cleaned_as_a_source_s_entry_is():
    row = {
        "title": " Fr\\'echet\nmeans ",
        "abstract": "x\u202ey",
        "authors": "Bee, A., Dee, C.",
        "year": "2019",
        "doi": "https://doi.org/10.1000/A",
    }
    paper = novelty.paper_of(row, 3)
    assert (paper.id, paper.key, paper.title, paper.abstract) == (3, "doi:10.1000/a", "Fréchet means", "xy")
    assert paper.authors == ("A. Bee", "C. Dee")
    assert paper.published is not None
    assert paper.published.year == 2019


@pytest.mark.parametrize("year", [None, "", "?", "in press", 0, "99999999", -5, [1]])
def test_a_year_that_is_none_is_left_out(year):
    assert novelty.paper_of({"title": "t", "year": year}, 1).published is None


def test_equal_dois_are_one_work_and_a_title_alone_never_is():
    same = novelty.read_pairs([pair({"title": "A", "doi": "10.1000/x"}, {"title": "B", "doi": "10.1000/X"}, 1)])[0]
    assert novelty.relation(same.one, same.two, Rarity()) == "same"
    bare = novelty.read_pairs([pair({"title": "Editorial"}, {"title": "Editorial"}, 1)])[0]
    assert novelty.relation(bare.one, bare.two, Rarity()) is None


def test_a_library_s_flags_are_found_and_groups_without_one_are_counted():
    rows: list[dict[str, Any]] = [
        KELP | {"duplicate": False},
        {**KELP, "title": KELP_AGAIN} | {"duplicate": True},
        BEES | {"duplicate": False},
        BEES | {"duplicate": False},
        {"title": "Nothing Like It in the World at All", "duplicate": True},
    ]
    figures = novelty.judge_library(rows)
    assert (figures.papers, figures.flagged, figures.found, figures.groups, figures.without_flag) == (5, 2, 1, 2, 1)


@pytest.mark.parametrize("authors", [None, 5, [1, None], {"a": 1}, "", []])
def test_odd_authors_cost_no_error(authors):
    assert isinstance(novelty.paper_of({"title": "t", "authors": authors}, 1).authors, tuple)


@pytest.mark.parametrize("content", [b"[1]\n", b"{\n", b"\xff\xfe\n", b"[" * 100_000, b"5\n"])
def test_a_line_that_cannot_be_read_is_named(tmp_path: Path, content):
    (tmp_path / "a.jsonl").write_bytes(content)
    with pytest.raises(ParseError, match=r"a\.jsonl cannot be read"):
        list(novelty.read_lines(tmp_path / "a.jsonl"))


@pytest.mark.parametrize(
    "row", [{}, {"a": 1, "b": {}, "same": 1}, {"a": {}, "b": {}}, {"a": {}, "b": {}, "same": "yes"}]
)
def test_a_row_that_is_no_pair_is_named(row):
    with pytest.raises(ParseError, match="pair 2"):
        novelty.read_pairs([PAIRS[0], row])


@pytest.mark.parametrize(("name", "opened"), [("a.jsonl", open), ("a.jsonl.gz", gzip.open), ("a.jsonl.xz", lzma.open)])
def test_files_may_be_compressed(tmp_path: Path, name, opened):
    with opened(tmp_path / name, "wt") as out:
        out.write('{"n": 1}\n{"n": 2}\n')
    assert [row["n"] for row in novelty.read_lines(tmp_path / name)] == [1, 2]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    known = [KELP | {"id": "k"}, BEES | {"id": "b"}]
    arriving = [
        {**KELP, "title": KELP_AGAIN, "partner": "k", "kind": "revised"},
        {
            "title": "Nothing Like It",
            "abstract": "A text about the weather on Mars and its dust.",
            "partner": "b",
            "kind": "renamed",
        },
        {**BEES, "partner": None, "kind": "fresh"},
        {"title": "Dust", "abstract": "Dust settles on the moon for many years.", "partner": None, "kind": "fresh"},
    ]
    for name, rows in (("store", known), ("queries", arriving)):
        (tmp_path / f"{name}.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    return tmp_path


def test_a_store_s_figures_are_counted_by_kind(folder: Path):
    figures = store.judge_store(*store.read_folder(folder))
    assert figures.store == 2
    assert figures.kinds["revised"] == store.KindFigures(1, 1, 1, 1, 0, 0)
    assert figures.kinds["renamed"] == store.KindFigures(1, 1, 0, 0, 0, 0)
    assert figures.kinds["fresh"] == store.KindFigures(2, 0, 0, 0, 1, 1)
    assert figures.kinds["fresh"].share is None
    told = store.store_json(figures)
    assert told["found"] == {"renamed": 0.0, "revised": 1.0}
    assert (told["false_merges"], told["queries"]) == (1, 4)


def test_another_print_of_the_partner_in_the_store_is_as_good_and_any_other_paper_is_not(folder: Path):
    with (folder / "store.jsonl").open("a") as out:
        out.write(json.dumps(KELP | {"id": "again"}) + "\n")
    for partner, wrong in (("again", 0), ("k", 0), ("b", 1)):
        (folder / "queries.jsonl").write_text(
            json.dumps({**KELP, "title": KELP_AGAIN, "partner": partner, "kind": "x"})
        )
        found = store.judge_store(*store.read_folder(folder)).kinds["x"]
        assert (found.found, found.false_merges) == (1 - wrong, wrong)


def test_an_unknown_partner_is_named(folder: Path):
    (folder / "queries.jsonl").write_text(json.dumps({"title": "t", "partner": "zz"}))
    with pytest.raises(ParseError, match="zz"):
        store.read_folder(folder)


def run(*arguments):
    return CliRunner().invoke(main, ["evaluate", *map(str, arguments)])


def test_the_command_prints_tables_and_json(folder: Path):
    file = folder / "pairs.jsonl"
    file.write_text("".join(json.dumps(row) + "\n" for row in PAIRS))
    table = run("novelty", file)
    assert table.exit_code == 0
    assert "told as one work" in table.output
    assert "alarm" in table.output
    told = json.loads(run("novelty", file, "--json").output)
    assert {"precision", "recall", "f1", "by_kind", "pairs_per_s"} <= told.keys()
    assert told["by_kind"] == {"copy": 1.0, "lost": 0.0, "record": 1.0}
    table = run("store", folder)
    assert "renamed" in table.output
    assert {"found", "false_merges", "queries", "ms_per_query"} <= json.loads(
        run("store", folder, "--json").output
    ).keys()


def test_the_command_reads_a_library(tmp_path: Path):
    (tmp_path / "library.jsonl").write_text(json.dumps(KELP | {"duplicate": True}))
    assert "groups without a flag" in run("novelty", tmp_path / "library.jsonl").output
    assert json.loads(run("novelty", tmp_path / "library.jsonl", "--json").output)["flagged"] == 1


def test_what_cannot_be_read_is_said_and_no_traceback(tmp_path: Path):
    (tmp_path / "bad.jsonl").write_text('{"a": \n')
    for arguments in (("novelty", tmp_path / "bad.jsonl"), ("store", tmp_path)):
        ended = run(*arguments)
        assert ended.exit_code == 3, ended.output
        assert "Traceback" not in ended.output
    assert "line 1" in run("novelty", tmp_path / "bad.jsonl").output
