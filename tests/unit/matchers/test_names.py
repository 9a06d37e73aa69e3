"""Who can be whom."""

from __future__ import annotations

import pytest

from monitor.matchers.names import same_author, surname


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
        ("Alexei Efros", "Efros"),
        ("", "Efros"),
        ("Efros", ""),
        (".", "."),
    ],
)
def test_names_that_contradict_each_other_are_two_people(wanted: str, printed: str) -> None:
    assert not same_author(wanted, printed)


def test_a_surname_is_folded() -> None:
    assert surname("Émile MÜLLER") == "muller"
    assert surname("  ") == ""
