from __future__ import annotations

import math
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from monitor.novelty import near_duplicates
from monitor.novelty.logistic import Logistic
from monitor.novelty.near_duplicates import CopyIndex, compare
from monitor.novelty.pairs import AUTHOR_FEATURES, TEXT_FEATURES, Rarity, folded_words
from monitor.text import fold
from monitor.types.papers import Paper

MONDAY = datetime(2026, 3, 2, tzinfo=UTC)
ABSTRACT = (
    "We study how tide gauges in small harbours disagree about the height of storm surges. Our method, called Kelp, "
    "aligns seven gauges with a harmonic prior and finds that 83.4 % of the disagreement comes from drifting clocks. "
    "On records from 41 harbours Kelp halves the error of the usual correction and needs no barometer. We publish "
    "the aligned records and the code that makes them."
)
REWRITTEN = (
    "Tide gauges in small harbours disagree about storm surges, mostly because their clocks drift. Kelp aligns seven "
    "gauges with a harmonic prior; 83.4 % of the disagreement goes away. On 41 harbours it halves the error of the "
    "usual correction without a barometer. Aligned records and code are published."
)
OTHER = (
    "Bumblebees return to the same clover field for many days. We follow 220 marked bees with a cheap camera and show "
    "that the order of their visits is learned on the first morning and forgotten after two nights of rain."
)
AUTHORS = ("Ada Moreau", "Bo Lindqvist", "Chidi Okafor", "Dana Reyes")


def paper(number: int, title: str, abstract: str, authors: tuple[str, ...] = (), seen: datetime = MONDAY) -> Paper:
    return Paper(number, f"text:{number}", title, abstract, seen, authors)


KELP = paper(1, "Kelp: Aligning Tide Gauges in Small Harbours", ABSTRACT, AUTHORS)
BEES = paper(2, "How Bumblebees Learn the Order of Clover Fields", OTHER, ("Eun Park",))


def test_a_text_printed_with_other_line_breaks_and_case_is_the_same_paper() -> None:
    again = paper(3, KELP.title.upper(), ABSTRACT.replace(". ", ".\n  "), AUTHORS)
    copy = CopyIndex([KELP, BEES]).find(again)
    assert copy is not None
    assert (copy.paper_id, copy.relation) == (1, "same")
    assert copy.probability > 0.95
    assert copy.evidence == "same title, 100 % of its abstract's words, same authors"


def test_a_renamed_and_rewritten_version_by_the_same_people_is_found_even_in_a_store_of_two() -> None:
    copy = CopyIndex([KELP, BEES]).find(paper(3, "Clock Drift Explains Disagreeing Tide Gauges", REWRITTEN, AUTHORS))
    assert copy is not None
    assert copy.paper_id == 1
    assert "same authors" in copy.evidence


def test_a_list_of_authors_cut_short_by_a_source_does_not_hide_a_copy() -> None:
    copy = CopyIndex([KELP, BEES]).find(paper(3, KELP.title, ABSTRACT, AUTHORS[:1]))
    assert copy is not None
    assert copy.relation == "same"
    assert "1 author in common" in copy.evidence


def test_another_paper_is_no_copy() -> None:
    near = "Clover fields feed marked bumblebees. We weigh the nectar of 300 flowers and find that rain dilutes it."
    assert CopyIndex([KELP, BEES]).find(paper(3, "Rain Dilutes Clover Nectar for Bumblebees", near)) is None
    assert CopyIndex([]).find(KELP) is None


def test_a_paper_is_never_a_copy_of_itself_or_of_a_newer_one() -> None:
    later = replace(KELP, id=7, first_seen=MONDAY + timedelta(days=1))
    index = CopyIndex([KELP, later])
    assert index.find(KELP) is None
    found = index.find(later)
    assert found is not None
    assert found.paper_id == 1


def test_of_two_papers_first_seen_at_one_time_the_smaller_id_is_the_older() -> None:
    twin = replace(KELP, id=5)
    index = CopyIndex([KELP, twin])
    assert index.find(KELP) is None
    found = index.find(twin)
    assert found is not None
    assert found.paper_id == 1


def test_papers_added_later_are_found_and_adding_them_twice_changes_nothing() -> None:
    index = CopyIndex([BEES])
    again = paper(9, KELP.title, ABSTRACT, AUTHORS)
    assert index.find(again) is None
    index.add([KELP])
    index.add([KELP])
    found = index.find(again)
    assert found is not None
    index.add(
        [paper(number, f"Filler {number}", f"Nothing number{number} about word{number}.") for number in range(20, 60)]
    )
    assert index.find(again) is not None


def test_a_record_without_an_abstract_is_at_most_related() -> None:
    index = CopyIndex([KELP, BEES])
    with_authors = index.find(paper(3, KELP.title, "", ("Moreau, Ada", "Lindqvist, Bo")))
    without = index.find(paper(4, KELP.title, ""))
    assert with_authors is not None
    assert without is not None
    assert (with_authors.relation, without.relation) == ("related", "related")
    assert with_authors.probability > without.probability
    assert index.find(paper(5, KELP.title, "", ("Zoe Quist",))) is None
    assert index.find(paper(6, "Tide Gauges", "", AUTHORS)) is None


def test_the_quick_way_to_folded_words_agrees_with_the_slow_one() -> None:
    for text in (
        ABSTRACT,
        "GPT-4o, don't: 3.5% (C++)\tend\n",
        "Fr\\'echet $k$-means {A} a~b ``x''",
        "naïve Größe — Ωmega",
    ):
        assert folded_words(text) == fold(text).split()


def test_hostile_text_costs_no_error() -> None:
    index = CopyIndex([KELP])
    for text in ("", " ", "\\" * 500, "{" * 500, "\U0001f600" * 300, "a " * 20_000):
        assert index.find(paper(3, text, text)) is None


def _seed_papers(shared: Path) -> list[Paper]:
    found: dict[str, Paper] = {}
    for path in sorted((shared / "seeds").glob("*.txt")):
        rows = [row for row in path.read_text(encoding="utf-8").splitlines() if row.strip()]
        start = next(at for at, row in enumerate(rows) if row.startswith("Subscribe"))
        rows[start] = rows[start].removeprefix("Subscribe")
        rows = [row for at, row in enumerate(rows) if at >= start and (len(row) >= 20 and not row.startswith("byAK"))]
        for title, abstract in zip(rows[::2], rows[1::2], strict=True):
            found.setdefault(title, paper(len(found) + 1, title, abstract))
    return list(found.values())


@pytest.mark.seeds
def test_of_the_seed_files_only_the_one_true_pair_is_a_pair(shared: Path) -> None:
    papers = _seed_papers(shared)
    assert len(papers) == 383
    index, titles = CopyIndex(papers), {one.id: one.title for one in papers}
    pairs = {frozenset((one.title, titles[copy.paper_id])) for one in papers if (copy := index.find(one))}
    assert pairs == {
        frozenset(
            (
                "Hard Patches Mining for Masked Image Modeling",
                "Bootstrap Masked Visual Modeling via Hard Patches Mining",
            )
        )
    }


@pytest.mark.seeds
def test_the_true_pair_of_the_seeds_is_found_in_a_store_of_one(shared: Path) -> None:
    pair = [one for one in _seed_papers(shared) if "Hard Patches Mining" in one.title]
    assert len(pair) == 2
    assert CopyIndex(pair[:1]).find(pair[1]) is not None


@pytest.mark.parametrize(
    ("mine", "theirs", "told"),
    [
        (("Ada Bee", "Bo Cee"), ("Ada Bee", "Bo Cee"), "same authors"),
        (("Ada Bee", "Bo Cee"), ("Bo Cee", "Ada Bee", "Di Eff"), "2 authors in common"),
        (("Ada Bee", "Bo Cee"), ("Ada Bee",), "1 author in common"),
        (("Ada Bee",), ("Bo Cee",), "no authors in common"),
        ((), ("Bo Cee",), ""),
    ],
)
def test_evidence_says_what_part_of_the_words_and_how_many_authors_are_shared(monkeypatch, mine, theirs, told):
    always = Logistic(9.0, (0.0,) * len(TEXT_FEATURES))
    monkeypatch.setattr(near_duplicates, "TEXT", always)
    monkeypatch.setattr(
        near_duplicates,
        "TEXT_AND_AUTHORS",
        replace(always, weights=(0.0,) * (len(TEXT_FEATURES) + len(AUTHOR_FEATURES))),
    )
    seen = datetime(2026, 3, 2, tzinfo=UTC)
    one = Paper(2, "text:2", "Zorb", "Quux flim nimp glorp zibble", seen, mine)
    two = Paper(1, "text:1", "Zorb", "Quux flim nimp glorp other words", seen, theirs)
    copy = compare(one, two, Rarity())
    assert copy is not None
    assert copy.evidence == ", ".join(filter(None, ["same title", "80 % of its abstract's words", told]))
    assert copy.relation == "same"


@pytest.mark.parametrize(
    ("probability", "relation"), [(0.98, "related"), (0.991, "same"), (0.21, "related"), (0.19, None)]
)
def test_without_authors_on_both_sides_only_near_certainty_makes_two_records_the_same(
    monkeypatch, probability, relation
):
    odds = math.log(probability / (1 - probability))
    monkeypatch.setattr(near_duplicates, "TEXT", Logistic(odds, (0.0,) * len(TEXT_FEATURES)))
    seen = datetime(2026, 3, 2, tzinfo=UTC)
    one, two = (Paper(number, f"text:{number}", "Zorb", "Quux flim nimp", seen) for number in (2, 1))
    copy = compare(one, two, Rarity())
    assert (copy and copy.relation) == relation


@pytest.mark.parametrize("char", "\\{$~`")
def test_one_sign_of_latex_is_enough_to_read_a_text_with_care(char: str) -> None:
    text = {"\\": r"an \'etude", "{": "an {e}tude", "$": r"an $x_1$ etude", "~": "an~etude", "`": "an `etude"}[char]
    assert folded_words(text) == fold(text).split()
    assert folded_words("\\'Etudes of nets") == ["etudes", "of", "nets"]
