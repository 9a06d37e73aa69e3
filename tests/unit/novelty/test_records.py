from __future__ import annotations

import math
from datetime import UTC, datetime

import pytest

from monitor.novelty import near_duplicates
from monitor.novelty.logistic import Logistic
from monitor.novelty.near_duplicates import CopyIndex, compare
from monitor.novelty.pairs import AUTHOR_FEATURES, TEXT_FEATURES, Print, Rarity, surnames
from monitor.novelty.records import are_other_works, probability
from monitor.types.papers import Paper

FIGURES = (*TEXT_FEATURES, *AUTHOR_FEATURES)
SEEN = datetime(2026, 3, 2, tzinfo=UTC)
TITLE = "Tide Gauges Disagree in Small Harbours"
AUTHORS = ("Moreau, Ada", "Bo Lindqvist", "Okafor C.")


def record(title=TITLE, authors=AUTHORS, year=2020, key="text:1", number=1, abstract=""):
    published = datetime(year, 5, 1, tzinfo=UTC) if year else None
    return Paper(number, key, title, abstract, SEEN, authors, published=published)


def said(one, two):
    return probability(Print.of(one, Rarity()), Print.of(two, Rarity()))


@pytest.mark.parametrize(
    "other",
    [
        record(title="Tide gauges disagree, in small harbours!"),
        record(title="Tide Gauges Disagree in Small Harbors"),
        record(title="Tide Gauges Disagree in Small Harbours: Evidence from Seven Ports of the Northern Sea"),
        record(authors=("A. Moreau", "B. Lindqvist")),
        record(authors=("Bo Lindqvist", "Ada Moreau")),
        record(year=None),
    ],
)
def test_like_titles_by_common_authors_in_one_year_are_probably_one_work(other):
    assert said(record(), other) == 0.95


@pytest.mark.parametrize(
    "other",
    [
        record(title="Bees Agree in Large Fields"),
        record(title="Tide"),
        record(authors=("Zoe Quist",)),
        record(authors=("Ada Moreau", *(f"Zoe Quist{letter}" for letter in "abcdef"))[1:]),
        record(year=2017),
        record(year=2021, authors=("Ada Moreau", "Zoe Quist", "Yann Ek", "Xu Li")),
    ],
)
def test_other_titles_authors_or_years_are_other_works(other):
    assert said(record(), other) == 0


def test_a_year_later_it_is_half_as_likely():
    assert said(record(), record(year=2021)) == 0.5


def test_without_authors_only_a_long_and_equal_title_says_something():
    assert said(record(), record(authors=())) == 0.6
    assert said(record(title="Editorial"), record(title="Editorial", authors=())) == 0
    assert said(record(), record(title=TITLE + " Again", authors=())) == 0


def test_parts_and_years_in_a_title_tell_works_apart():
    assert said(record(title=f"{TITLE}: Part I"), record(title=f"{TITLE}: Part II")) == 0
    assert said(record(title=f"{TITLE} 2019"), record(title=f"{TITLE} 2020")) == 0
    assert said(record(title=f"{TITLE} 2019"), record(title=TITLE)) == 0.95


@pytest.mark.parametrize(
    ("one", "two", "other"),
    [
        ("doi:10.1000/a", "doi:10.1000/b", True),
        ("doi:10.1000/a", "doi:10.1000/a", False),
        ("doi:10.1000/a", "arxiv:2303.16203", False),
        ("doi:10.1101/2020.01.01.123456", "doi:10.1000/a", False),
        ("doi:10.1000/a", "doi:10.5281/zenodo.1", False),
        ("text:1", "doi:10.1000/a", False),
    ],
)
def test_two_dois_of_publications_are_two_works_and_a_preprints_is_none(one, two, other):
    prints = [Print.of(record(key=key), Rarity()) for key in (one, two)]
    assert are_other_works(*prints) is other
    assert (said(record(key=one), record(key=two)) == 0) is other


def test_other_dois_keep_equal_texts_apart_and_the_comparison_can_be_had_without_an_index():
    text = "We study how tide gauges in small harbours disagree about the height of storm surges, and by how much."
    one = record(key="doi:10.1000/a", number=2, abstract=text)
    assert compare(one, record(key="doi:10.1000/b", abstract=text), Rarity()) is None
    same = compare(one, record(key="arxiv:2303.16203", abstract=text), Rarity())
    assert same is not None
    assert (same.paper_id, same.relation) == (1, "same")


def test_papers_that_share_no_author_are_the_same_or_nothing(monkeypatch):
    text = "We study how tide gauges in small harbours disagree about the height of storm surges, and by how much."
    one, friend, stranger = (
        record(number=number, abstract=text, authors=names)
        for number, names in ((9, AUTHORS), (1, AUTHORS[:1]), (2, ("Zoe Quist",)))
    )
    for likely, answers in ((0.5, ("related", None)), (0.9, ("same", "same")), (0.15, (None, None))):
        odds = math.log(likely / (1 - likely))
        monkeypatch.setattr(near_duplicates, "TEXT_AND_AUTHORS", Logistic(odds, (0.0,) * len(FIGURES)))
        found = [compare(one, other, Rarity()) for other in (friend, stranger)]
        assert tuple(copy.relation if copy else None for copy in found) == answers


def test_all_copies_are_told_the_most_probable_first():
    store = [record(), record(number=2, year=2021), record(number=3, title="Bees Agree in Large Fields")]
    found = CopyIndex(store).copies(record(number=9, year=2020))
    assert [(copy.paper_id, copy.relation, copy.probability) for copy in found] == [
        (1, "related", 0.95),
        (2, "related", 0.5),
    ]


@pytest.mark.parametrize(
    ("name", "surname"),
    [
        ("Ada Moreau", "moreau"),
        ("Moreau, A.", "moreau"),
        ("Moreau A.", "moreau"),
        ("Moreau A. B.", "moreau"),
        ("Moreau AB", "moreau"),
        ("van der Berg, J.", "berg"),
        ("Sammy Davis Jr.", "davis"),
        ("Ada Li", "li"),
        ("ADA LI", "li"),
        ("J. K. X", "x"),
    ],
)
def test_a_surname_is_found_in_any_order_and_before_initials(name, surname):
    assert surnames([name]) == {surname}


REGISTRANTS = [
    "10.1101",
    "10.2139",
    "10.5281",
    "10.12688",
    "10.20944",
    "10.21203",
    "10.26434",
    "10.31219",
    "10.31234",
    "10.36227",
    "10.48550",
    "10.64898",
]


@pytest.mark.parametrize("registrant", REGISTRANTS)
def test_a_deposit_and_its_publication_may_be_one_work(registrant):
    assert said(record(key=f"doi:{registrant}/x1"), record(key="doi:10.1000/a")) == 0.95
    assert said(record(key="doi:10.1000/a"), record(key=f"doi:{registrant}/x1")) == 0.95


def test_two_years_apart_are_two_works():
    assert said(record(), record(year=2022)) == 0
    assert said(record(year=2022), record()) == 0


def test_four_words_of_a_title_tell_and_three_do_not():
    for title, likely in (("Tides of Small Harbours", 0.6), ("Tides of Harbours", 0)):
        assert said(record(title=title), record(title=title, authors=())) == likely
    for title, likely in (("Tides of Small Harbours", 0.95), ("Tides of Harbours", 0)):
        longer = f"{title}: What Seven Ports of the Northern Sea Have Told Us in Forty Years of Silence"
        assert said(record(title=title), record(title=longer)) == likely
        assert said(record(title=longer), record(title=title)) == likely


def test_a_title_with_a_few_words_more_is_the_same_title_and_one_with_as_many_others_is_not():
    said_briefly = record(title="Storm Tides")
    assert said(said_briefly, record(title="Storm Tides Explained")) == 0.95
    assert said(said_briefly, record(title="Storm Waves")) == 0
    assert said(said_briefly, record(title="Storm Tides of Seven Northern Harbours")) == 0


def test_half_of_the_authors_a_year_later_are_enough_and_fewer_are_not():
    half, fewer = ("Ada Moreau", "Bo Lindqvist"), ("Ada Moreau", "Bo Lindqvist", "Zoe Quist")
    assert said(record(authors=half[:1]), record(authors=half, year=2021)) == 0.5
    assert said(record(authors=half[:1]), record(authors=fewer, year=2021)) == 0


def test_three_of_ten_authors_are_enough():
    ten = tuple(f"A. Name{letter}" for letter in "abcdefghij")
    for shared, likely in ((3, 0.95), (2, 0)):
        others = ten[:shared] + tuple(f"B. Other{letter}" for letter in "abcdefghij")[shared:]
        assert said(record(authors=ten), record(authors=others)) == likely
