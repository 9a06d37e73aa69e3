"""Who can be whom."""

from __future__ import annotations

import pytest

from monitor.matchers.names import bylines, same_author, surname
from monitor.matchers.postings import Postings, members
from monitor.matchers.query import holds, parse_query
from monitor.testing import paper


@pytest.mark.parametrize(
    ("wanted", "printed"),
    [
        ("A. Efros", "Alexei A. Efros"),
        ("Alexei Efros", "Alexei A. Efros"),
        ("Alexei A. Efros", "A. A. Efros"),
        ("AA Efros", "Alexei A. Efros"),
        ("Efros", "Alexei A. Efros"),
        ("Efros, Alexei", "Alexei A. Efros"),
        ("ALEXEI EFROS", "Alexei Efros"),
        ("Jürgen Schmidhuber", "J. Schmidhuber"),
        ("Müller", "H. Muller"),
        ("Søren Kierkegaard", "Soren Kierkegaard"),
        ("Laurens van der Maaten", "L. van der Maaten"),
        ("van der Maaten, L.J.P.", "Laurens van der Maaten"),
        ("Jean-Baptiste Alayrac", "J.-B. Alayrac"),
        ("Martin Luther King", "Martin Luther King, Jr."),
        ("King, Martin, III", "M. King"),
        ("Efros, A. A.", "Alexei A. Efros"),
        ("Efros, AA", "Alexei A. Efros"),
        ("Wei-Lin Chen", "Weilin Chen"),
        ("Wei-Lin Chen", "Wei Lin Chen"),
        ("Wei Lin Chen", "Wei-Lin Chen"),
        ("Wei-Lin Chen", "Wei L. Chen"),
        ("Chen, Wei‐Lin", "W. Chen"),
        ("Wei LI", "Wei Li"),
        ("Weinan E", "W. E"),
        ("García-López, Ana", "A. Garcia Lopez"),
        ("Łukasz Kaiser", "Lukasz Kaiser"),
    ],
)
def test_variants_of_a_name_are_one_person(wanted: str, printed: str) -> None:
    assert same_author(wanted, printed)


@pytest.mark.parametrize(
    ("wanted", "printed"),
    [
        ("B. Efros", "Alexei A. Efros"),
        ("Alexander Efros", "Alexei Efros"),
        ("Alexei B. Efros", "Alexei A. Efros"),
        ("Alexei Efron", "Alexei Efros"),
        ("Wei-Lin Chen", "Wei Chen"),
        ("Wei Chen", "Wei-Lin Chen"),
        ("Wei-Lin Chen", "Wei-Zhao Chen"),
        ("Wei-Lin Chen", "Weizhao Chen"),
        ("Wei LI", "Wei Lu"),
        ("Jean-Baptiste Alayrac", "Baptiste Alayrac"),
        ("Alexei Efros", "Efros"),
        ("", "Efros"),
        ("Efros", ""),
        (".", "."),
    ],
)
def test_names_that_contradict_each_other_are_two_people(wanted: str, printed: str) -> None:
    assert not same_author(wanted, printed)


ORCID = "0000-0002-1825-0097"


def test_an_id_means_the_author_who_has_it_and_nobody_of_that_name() -> None:
    held = paper(1, authors=("Ada Bee", "Ada Bee", "C. Dee"), author_ids=("", ORCID, "~Carl_Dee1"))
    assert bylines(ORCID, held) == ["Ada Bee"]
    assert bylines(f"https://orcid.org/{ORCID}", held) == ["Ada Bee"]
    assert bylines("~Carl_Dee1", held) == ["C. Dee"]
    assert bylines("~Carl_Dee2", held) == []
    assert bylines(ORCID, paper(1, authors=("Ada Bee",))) == []
    assert list(members(Postings([paper(2), held]).by_author(ORCID))) == [1]
    assert holds(parse_query(f"author:{ORCID}"), held)
    assert holds(parse_query("author:~Carl_Dee1"), held)


def test_a_surname_is_folded() -> None:
    assert surname("Émile MÜLLER") == "muller"
    assert surname("  ") == ""
