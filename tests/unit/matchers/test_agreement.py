"""The boolean language agrees with its plain reference on thousands of queries, paper by paper and in batches."""

from __future__ import annotations

from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.matchers.postings import Postings, members
from monitor.matchers.query import holds, matching, parse_query
from tests.unit.matchers import reference


def test_each_of_twenty_thousand_pairs_of_query_and_paper_is_judged_as_the_reference_judges_it() -> None:
    draw = Random(20260314)
    sheets = [reference.draw_sheet(draw) for _ in range(40)]
    papers = [reference.printed(sheet, number, draw) for number, sheet in enumerate(sheets)]
    postings = Postings(papers)
    pairs = held = 0
    for _ in range(500):
        tree = reference.draw_query(draw)
        text = reference.written(tree, draw)
        query = parse_query(text)
        wanted = [place for place, sheet in enumerate(sheets) if reference.holds(tree, sheet)]
        assert [place for place, one in enumerate(papers) if holds(query, one)] == wanted, text
        assert list(members(matching(query.root, postings))) == wanted, text
        pairs += len(papers)
        held += len(wanted)
    assert pairs >= 10_000
    assert 0.2 < held / pairs < 0.8


@settings(max_examples=300, deadline=None)
@given(st.randoms(use_true_random=False))
def test_any_query_and_paper_are_judged_as_the_reference_judges_them(draw: Random) -> None:
    sheet, tree = reference.draw_sheet(draw), reference.draw_query(draw)
    text = reference.written(tree, draw)
    assert holds(parse_query(text), reference.printed(sheet, 1, draw)) == reference.holds(tree, sheet), text
