"""Papers from the institutions that a reader follows, however listings print these."""

from __future__ import annotations

import tracemalloc

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.matchers.fusion import Examples, Space, fit_topic
from monitor.matchers.institutions import asked, forms, institutions
from monitor.matchers.postings import Postings, members
from monitor.matchers.query import holds, parse_query
from monitor.testing import paper, topic
from monitor.types.profiles import Topic

NONE = Examples()


def is_meant(wanted: str, printed: str) -> bool:
    return not asked(wanted).isdisjoint(forms(printed))


@pytest.mark.parametrize(
    ("wanted", "printed"),
    [
        ("University of Oxford", "Univ. of Oxford"),
        ("Univ. Oxford", "UNIVERSITY OF OXFORD"),
        ("University of Oxford", "Department of Physics, University of Oxford, Oxford, UK"),
        ("University of Oxford", "Department of Physics of the University of Oxford"),
        ("ETH Zürich", "ETH Zurich"),
        ("DeepMind", "Google DeepMind"),
        ("Google", "Google DeepMind"),
        ("Deep Mind", "DeepMind"),
        ("PennState", "Penn State"),
        ("BAAI", "Beijing Academy of Artificial Intelligence (BAAI)"),
        ("Beijing Academy of Artificial Intelligence (BAAI)", "BAAI"),
        ("University of Edinburgh", "EdinburghNLP - Natural Language Processing Group at the University of Edinburgh"),
        ("University of California, Berkeley", "University of California Berkeley"),
        ("University of California", "University of California, Berkeley, CA"),
        ("University of Texas at Austin", "University of Texas, Austin"),
        ("King's College London", "King’s College London"),
        ("Bell Labs", "Nokia, Bell Laboratories"),
        ("Massachusetts Institute of Technology", "Massachusetts Inst. of Technology"),
        ("東京大学", "東京大学"),
    ],
)
def test_forms_of_a_name_are_one_institution(wanted: str, printed: str) -> None:
    assert is_meant(wanted, printed)


@pytest.mark.parametrize(
    ("wanted", "printed"),
    [
        ("MIT", "Massachusetts Institute of Technology"),
        ("MIT", "MITRE"),
        ("York University", "University of York"),
        ("York University", "New York University"),
        ("University of Washington", "Washington University"),
        ("University of Hong Kong", "The Chinese University of Hong Kong"),
        ("Hong Kong University", "Hong Kong University of Science and Technology"),
        ("Google DeepMind", "Google"),
        ("Meta", "Institute of Metallurgy"),
        ("DeepMind", ""),
        ("---", "---"),
    ],
)
def test_institutions_that_only_sound_alike_are_two(wanted: str, printed: str) -> None:
    assert not is_meant(wanted, printed)


@pytest.mark.parametrize("printed", ["of, the (at) " * 2_000, "a " * 100_000, "univ" * 50_000, ",;()[]" * 30_000])
def test_a_hostile_name_has_few_forms(printed: str) -> None:
    assert len(forms(printed)) <= 1_000
    assert sum(map(len, forms(printed))) <= 3_000_000


FROM_OXFORD = paper(
    95, title="Bandits with Delayed Feedback", abstract="Regret bounds hold although rewards arrive late.",
    institutions=("Dept. of Statistics, Univ. of Oxford", "Google DeepMind"), categories=("econ.EM",),
)  # fmt: skip
FROM_NOWHERE = paper(96, title="Planning", abstract="An agent plans.", categories=("econ.EM",))


def stage(space: Space, made: Topic, one: object = FROM_OXFORD) -> str:
    return fit_topic(made, NONE, space).judge([one])[0].stage  # type: ignore[list-item]


@pytest.mark.parametrize("key", ["institutions", "follow"])
def test_what_an_institution_writes_comes_with_the_reason(space: Space, key: str) -> None:
    made = topic("t", **{key: ("University of Oxford",)})
    assert (stage(space, made), stage(space, made, FROM_NOWHERE)) == ("matched", "below")
    (reason,) = fit_topic(made, NONE, space).judge([FROM_OXFORD])[0].match.reasons
    assert (reason.kind, reason.text) == (
        ("institution", "Dept. of Statistics, Univ. of Oxford") if key == "institutions" else ("follow", made.follow[0])
    )


def test_beside_a_description_an_institution_only_tips_the_scales(space: Space) -> None:
    about = {"about": "Protein folding with graph networks."}
    assert stage(space, topic("t", **about, institutions=("Google",))) == "below"
    plain, tipped = (
        fit_topic(topic("t", **about, **more), NONE, space) for more in ({}, {"institutions": ("Google",)})
    )
    odds = [float(judge.log_odds(space.features([FROM_OXFORD]))[0]) for judge in (plain, tipped)]
    assert odds[1] - odds[0] == pytest.approx(1.5)


def test_a_query_may_ask_for_an_institution() -> None:
    assert holds(parse_query('bandits org:"univ. oxford"'), FROM_OXFORD)
    assert not holds(parse_query("bandits NOT org:DeepMind"), FROM_OXFORD)
    assert not holds(parse_query("org:DeepMind"), FROM_NOWHERE)


def test_the_paper_says_which_of_its_institutions_is_meant() -> None:
    assert institutions("DeepMind", FROM_OXFORD) == ["Google DeepMind"]


NAMES = st.lists(
    st.sampled_from(["University", "Univ.", "of", "the", "at", "Oxford", "York", "New", "(", ")", ",", "Lab", "DeepMind"]),
    min_size=1, max_size=9,
).map(" ".join)  # fmt: skip


@given(wanted=NAMES, printed=st.lists(st.lists(NAMES, max_size=3), min_size=1, max_size=5))
def test_a_batch_finds_what_each_paper_says_of_itself(wanted: str, printed: list[list[str]]) -> None:
    some = [paper(number, institutions=tuple(names)) for number, names in enumerate(printed)]
    found = set(members(Postings(some).by_institution(wanted)))
    assert found == {place for place, one in enumerate(some) if institutions(wanted, one)}


def test_a_large_batch_with_many_institutions_takes_little_memory() -> None:
    some = [
        paper(number, institutions=tuple(f"Department {number}-{n} of Fog and Mist, University of Town {n}, City {number}" for n in range(20)))
        for number in range(400)
    ]  # fmt: skip
    tracemalloc.start()
    try:
        assert Postings(some).by_institution("University of Town 7").bit_count() == 400
        assert tracemalloc.get_traced_memory()[1] < 15_000_000
    finally:
        tracemalloc.stop()
