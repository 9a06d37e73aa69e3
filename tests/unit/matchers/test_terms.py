"""What counts as a term, and how a term is shown again."""

from __future__ import annotations

import pytest

from monitor.matchers.terms import TITLE_WEIGHT, counts, singular, surfaces, terms


@pytest.mark.parametrize("word", ["t-SNE", "k-NN", "C++", "3D", "GPT-4"])
def test_names_with_signs_stay_whole(word: str) -> None:
    assert word.lower() in terms(f"We use {word} here")


def test_a_hyphenated_word_meets_its_parts() -> None:
    assert {"zero-shot", "zero", "shot", "zero shot", "shot classifier"} <= set(terms("zero-shot classifiers"))


def test_words_that_say_nothing_and_bare_numbers_are_no_terms() -> None:
    assert terms("the of 2024 and a 17") == []


@pytest.mark.parametrize(
    ("plural", "one"),
    [("models", "model"), ("studies", "study"), ("classes", "class"), ("boxes", "box"), ("analysis", "analysis"),
     ("loss", "loss"), ("gas", "gas"), ("corpus", "corpus")],
)  # fmt: skip
def test_plurals_are_folded_and_other_words_kept(plural: str, one: str) -> None:
    assert singular(plural) == one


def test_a_title_weighs_more_than_an_abstract() -> None:
    found = counts("Diffusion models", "diffusion of ink")
    assert found["diffusion"] == TITLE_WEIGHT + 1
    assert found["ink"] == 1


def test_a_term_is_shown_as_it_was_printed_and_not_across_a_clause() -> None:
    shown = dict(surfaces("Zero-Shot Classifiers, (Diffusion) models."))
    assert shown["classifier"] == "Classifiers"
    assert shown["zero shot"] == "Zero-Shot"
    assert "classifier diffusion" not in shown
    assert shown["diffusion"] == "Diffusion"
