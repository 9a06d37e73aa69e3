"""The rivals' recipes on a corpus small enough to tell what each should do."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any

import numpy as np
import pytest

from monitor.errors import MonitorError
from monitor.evaluate.cases import Case
from monitor.evaluate.rivals import RIVALS, Corpus, fused
from monitor.types.papers import Paper
from monitor.types.profiles import Topic

START = datetime(2026, 3, 1, tzinfo=UTC)
SUBJECTS = (
    "diffusion models denoise images",
    "bandits with sublinear regret",
    "speech corpora of rare languages",
)
WITH_EXAMPLES = ("svm", "centroid", "logistic")
WITH_WORDS = ("bm25", "rrf")


def paper(number: int, title: str, abstract: str = "", authors: tuple[str, ...] = ()) -> Paper:
    day = START + timedelta(days=number)
    return Paper(number, f"p{number}", title, abstract, day, authors=authors, published=day)


def corpus(*coming: Paper) -> Corpus:
    known = [paper(number, f"On {SUBJECTS[number % 3]}", f"Study {number}.") for number in range(12)]
    return Corpus(known, coming)


def case(about: str = "", examples: Sequence[str] = (), negatives: Sequence[str] = ()) -> Case:
    return Case("c", "1", "f", Topic("c", about=about), tuple(examples), tuple(negatives), None, frozenset(), date.max)


def scores(name: str, papers: Corpus, asked: Case) -> Any:
    scorer = RIVALS[name](papers).fit(asked)
    assert scorer is not None
    return scorer(np.arange(papers.known, len(papers.papers)))


COMING = (paper(20, "Regret of new bandits"), paper(21, "Faster diffusion models"), paper(22, "A speech corpus"))


@pytest.mark.parametrize("name", WITH_EXAMPLES)
def test_examples_bring_what_is_like_them(name: str) -> None:
    assert scores(name, corpus(*COMING), case(examples=["p0", "p3"])).argmax() == 1
    assert scores(name, corpus(*COMING), case(examples=["p1", "p4"])).argmax() == 0


@pytest.mark.parametrize("name", WITH_WORDS)
def test_a_description_brings_what_it_names(name: str) -> None:
    assert scores(name, corpus(*COMING), case(about="diffusion models")).argmax() == 1
    assert scores(name, corpus(*COMING), case(about="bandits")).argmax() == 0


@pytest.mark.parametrize("name", RIVALS)
def test_a_recipe_that_cannot_do_a_case_says_so(name: str) -> None:
    useless = case(about="diffusion") if name in WITH_EXAMPLES else case(about="quasars", examples=["p0"])
    assert RIVALS[name](corpus(*COMING)).fit(useless) is None


@pytest.mark.parametrize("name", RIVALS)
def test_papers_without_any_word_are_an_error_of_ours(name: str) -> None:
    with pytest.raises(MonitorError, match="cannot read these papers"):
        RIVALS[name](Corpus([paper(1, "?")], []))


def test_the_svm_reads_authors_and_the_others_do_not() -> None:
    known = [
        paper(number, "On bandits", f"Study {number}.", ("Noether" if number % 2 else "Lovelace",))
        for number in range(8)
    ]
    coming = [paper(20, "On bandits", "", ("Lovelace",)), paper(21, "On bandits", "", ("Noether",))]
    both = Corpus(known, coming)
    svm = scores("svm", both, case(examples=["p1", "p3"]))
    assert svm[1] > svm[0]
    logistic = scores("logistic", both, case(examples=["p1", "p3"]))
    assert logistic[1] == logistic[0]


def test_the_svm_takes_papers_to_be_judged_for_negatives() -> None:
    twins = [paper(20 + number, f"On {SUBJECTS[0]}", f"Study {number}.") for number in range(30)]
    alone, crowded = corpus(COMING[1]), corpus(COMING[1], *twins)
    asked = case(examples=["p0", "p3"])
    assert scores("svm", crowded, asked)[0] < scores("svm", alone, asked)[0]


def test_newer_examples_weigh_more_in_the_centroid() -> None:
    found = scores("centroid", corpus(paper(20, SUBJECTS[0]), paper(21, SUBJECTS[1])), case(examples=["p0", "p10"]))
    assert found[1] > found[0]


def test_papers_voted_down_count_in_the_regression() -> None:
    papers = corpus(*COMING)
    plain = scores("logistic", papers, case(examples=["p0", "p1"]))
    voted = scores("logistic", papers, case(examples=["p0"], negatives=["p1", "p4"]))
    assert plain[0] > plain[2]
    assert voted[0] < voted[2]


def test_bm25_is_what_its_formula_says_with_a_title_three_times() -> None:
    papers = Corpus(
        [paper(1, "alpha"), paper(2, "beta", "gamma"), paper(3, "delta")], [paper(4, "alpha"), paper(5, "x", "alpha")]
    )
    rarity = np.log(1 + (3 - 1 + 0.5) / (1 + 0.5))
    mean = (3 + 4 + 3) / 3  # title words three times; "x" is too short to be a word

    def worth(often: float, length: float) -> float:
        return float(rarity * often * 2.2 / (often + 1.2 * (0.25 + 0.75 * length / mean)))

    assert scores("bm25", papers, case(about="Alpha alpha")) == pytest.approx([worth(3, 3), worth(1, 1)], rel=1e-5)


def test_what_comes_has_no_say_in_what_words_are_worth() -> None:
    asked = case(about="diffusion bandits")
    few = scores("bm25", corpus(COMING[0]), asked)
    many = scores("bm25", corpus(*[COMING[0]] * 30), asked)
    assert few[0] == pytest.approx(many[0])


@pytest.mark.parametrize("name", WITH_WORDS)
def test_a_word_that_only_comes_later_is_not_known(name: str) -> None:
    assert RIVALS[name](corpus(paper(20, "Quasars"))).fit(case(about="quasars")) is None


@pytest.mark.parametrize("name", RIVALS)
def test_each_case_may_ask_for_other_papers(name: str) -> None:
    scorer = RIVALS[name](corpus(*COMING)).fit(case("diffusion models", ["p0", "p3"]))
    assert scorer is not None
    first, second = scorer(np.array([12, 13])), scorer(np.array([13, 12]))
    assert first[1] > first[0]
    assert second == pytest.approx(first[::-1])


def test_fusion_adds_reciprocal_ranks() -> None:
    found = fused(np.array([3.0, 2.0, 1.0]), np.array([0.1, 0.3, 0.2]))
    assert found == pytest.approx([1 / 61 + 1 / 63, 1 / 62 + 1 / 61, 1 / 63 + 1 / 62])
