"""The few papers that could be copies, out of many."""

import math
from datetime import UTC, datetime, timedelta

import pytest

from monitor.novelty import near_duplicates
from monitor.novelty.near_duplicates import CopyIndex
from monitor.novelty.search import WordIndex
from monitor.types.papers import Paper

SEEN = datetime(2026, 3, 2, tzinfo=UTC)


def paper(number, title, abstract="", hours=0):
    return Paper(number, f"text:{number}", title, abstract, SEEN + timedelta(hours=hours))


def words(name, count):
    """Words that no abstract at large holds."""
    return " ".join(f"{name}{chr(97 + at // 26)}{chr(97 + at % 26)}q" for at in range(count))


def index_of(*papers):
    return WordIndex(papers, papers)


def found(index, asked, limit=9):
    return index.candidates(asked, limit)


def test_the_one_that_shares_most_comes_first_and_no_more_than_asked_for():
    index = index_of(paper(1, "Zorb quux"), paper(2, "Zorb quux flim"), paper(3, "Nimp"))
    asked = paper(9, "Zorb quux flim flam")
    assert found(index, asked) == [2, 1]
    assert found(index, asked, 1) == [2]
    assert found(index, paper(9, "Wholly otherwise")) == []


def test_a_rare_word_weighs_more_than_two_that_are_less_rare():
    index = index_of(paper(1, "Flim"), *(paper(number, "Zorb quux") for number in range(10, 40)))
    assert found(index, paper(999, "Zorb quux flim"), 1) == [1]


def test_of_many_rare_words_the_less_rare_are_left_out():
    many = [paper(number, "Zorb") for number in range(10, 40)]
    index = index_of(paper(1, "Other", f"zorb {words('w', 48)}"), paper(2, "Other", f"zorb {words('v', 40)}"), *many)
    assert 1 not in found(index, paper(999, "Zorb"), 99)
    assert 2 in found(index, paper(999, "Zorb"), 99)


def test_older_is_what_was_seen_earlier_or_at_one_time_has_the_smaller_id():
    index = index_of(paper(1, "Zorb", hours=2), paper(2, "Zorb"), paper(3, "Zorb", hours=1), paper(5, "Zorb"))
    assert found(index, paper(3, "Zorb", hours=1)) == [2, 5]
    assert found(index, paper(4, "Zorb")) == [2]
    assert found(index, paper(2, "Zorb", hours=9)) == [1, 3, 5]  # never itself, whenever it came


def test_a_paper_is_taken_in_once_and_stays_as_it_was():
    index = index_of(paper(1, "Zorb"), paper(1, "Zorb"))
    index.add([paper(1, "Zorb quux"), paper(2, "Zorb"), paper(2, "Zorb")])
    assert len(index) == 2
    assert sorted(found(index, paper(9, "Zorb quux"))) == [1, 2]
    assert found(index, paper(9, "Quux")) == []
    assert index.rarity.weights["quux"] == index.rarity.weights["flim"]  # what was known was counted no second time


def test_an_index_is_outgrown_when_it_has_more_than_doubled():
    index = index_of(paper(1, "Zorb"), paper(2, "Zorb"))
    assert [index.is_outgrown(more) for more in (0, 2, 3)] == [False, False, True]
    index.add([paper(3, "Zorb"), paper(4, "Zorb")])
    assert [index.is_outgrown(more) for more in (0, 1)] == [False, True]


def test_words_that_many_abstracts_hold_lead_nowhere():
    index = index_of(paper(1, "The model", "We show the results of our method."))
    assert found(index, paper(9, "The method", "We show our model.")) == []


def test_who_shares_less_than_a_twentieth_of_the_weight_is_no_candidate():
    for rare, expected in ((14, [1]), (17, [])):
        index = index_of(paper(1, "Zorb"))
        assert found(index, paper(9, "Zorb", words("w", rare))) == expected


def test_all_rare_words_of_a_title_count_and_the_48_rarest_of_the_rest():
    long = words("w", 60)
    index = index_of(paper(1, long), paper(2, "Other", long))
    last = paper(9, long.split()[-1])
    assert found(index, last) == [1]
    assert found(index, paper(9, long.split()[46])) in ([1, 2], [2, 1])


@pytest.mark.parametrize("together", [True, False])
def test_rarity_is_counted_from_the_papers_that_are_there(together):
    papers = [paper(number, "Zorb") for number in range(1, 41)]
    index = index_of(*(papers if together else papers[:30]))
    if not together:
        index.add(papers[30:])
    assert index.rarity.weights["zorb"] == pytest.approx(-math.log((40 + 2000 * unknown()) / 2040))


def test_when_the_papers_have_doubled_rarity_is_counted_anew_on_an_even_sample(monkeypatch):
    monkeypatch.setattr(near_duplicates, "SAMPLE", 10)
    index = CopyIndex(paper(number, "Zorb") for number in range(1, 6))

    def weight():
        return index._index.rarity.weights["quux"]

    index.add(paper(number, "Quux") for number in range(6, 11))  # twice as many, and no more
    assert weight() == pytest.approx(-math.log((5 + 2000 * unknown()) / 2010))
    index.add(paper(number, "Flim") for number in range(11, 31))  # thirty: every fourth is counted
    assert weight() == pytest.approx(-math.log((1 + 2000 * unknown()) / 2008))
    assert found(index._index, paper(99, "Quux", hours=1)) == [6, 7, 8, 9, 10]


def unknown():
    """The share of abstracts at large that hold a word nobody knows."""
    from monitor.novelty.common_words import UNKNOWN_SHARE

    return UNKNOWN_SHARE
