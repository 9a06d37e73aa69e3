"""Each fault of the catalogue has a test, a reason, or a line that owns up to having neither."""

from pathlib import Path

from tests.faults import by_fault, names_of_tests, read

TESTS = Path(__file__).resolve().parents[2]
CATALOGUE = read((TESTS / "faults.md").read_text(encoding="utf-8"))
NAMED = by_fault(names_of_tests()).keys() | CATALOGUE.reasons.keys() | CATALOGUE.untried.keys()


def test_no_fault_is_forgotten():
    assert [fault for fault in CATALOGUE.ids if fault not in NAMED] == []


def test_the_catalogue_names_199_faults_and_nothing_else_is_named():
    assert len(set(CATALOGUE.ids)) == len(CATALOGUE.ids) == 199
    assert NAMED - set(CATALOGUE.ids) == set()


def test_a_name_carries_as_many_ids_as_it_tries():
    assert by_fault(["test_c14_s27_the_same_bytes", "test_nothing"]) == {
        "C14": ["test_c14_s27_the_same_bytes"],
        "S27": ["test_c14_s27_the_same_bytes"],
    }


def test_reasons_and_gaps_are_kept_apart():
    got = read("* Crash: C01 to C03\n* C01 no such thing\n\n## Not tried yet\n\n* C02 a kill\n")
    assert got.ids == ("C01", "C02", "C03")
    assert (got.reasons, got.untried) == ({"C01": "no such thing"}, {"C02": "a kill"})
