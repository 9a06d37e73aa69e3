"""Text, made safe and made comparable."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.text import (
    _needs_care,
    _without_unsafe,
    clean,
    counted,
    fingerprint,
    fold,
    latex_to_text,
    one_line,
    sentences,
    shorten,
    word_edits,
    words,
)


@pytest.mark.parametrize(
    ("number", "what", "said"),
    [
        (0, "paper", "0 papers"), (1, "paper", "1 paper"), (1200, "paper", "1,200 papers"), (2, "match", "2 matches"),
        (1, "entry", "1 entry"), (2, "entry", "2 entries"), (2, "day", "2 days"),
    ],
)  # fmt: skip
def test_one_thing_is_not_told_as_several(number, what, said):
    assert counted(number, what) == said


@given(st.text())
def test_one_line_is_one_line_without_control_characters(text):
    line = one_line(text)
    assert len(line) <= 500
    assert all(char.isprintable() or char in "\u200c\u200d" for char in line)


@given(st.text())
def test_cleaning_twice_changes_nothing_more(text):
    assert clean(clean(text)) == clean(text)


@given(st.text(), st.integers(min_value=2, max_value=40))
def test_a_shortened_text_fits(text, limit):
    assert len(shorten(text, limit)) <= limit


def test_f35_a_cut_never_falls_inside_a_grapheme():
    family = "\U0001f468\u200d\U0001f469\u200d\U0001f467"
    for limit in range(2, 12):
        cut = shorten("ab" + family + "cdefgh", limit)
        assert cut.removesuffix("…") in ("", "a", "ab", "ab" + family, "ab" + family + "cdefgh"[: len(cut) - 8])


@pytest.mark.parametrize(
    ("latex", "text"),
    [
        (r"0.5\% bits", "0.5% bits"),
        (r"{\em a network}", "a network"),
        (r"S{\o}rensen and K\"{o}hler and {\v C}ech", "Sørensen and Köhler and Čech"),
        (r"\textbf{bold} words", "bold words"),
        ("estimation~(NCE)", "estimation (NCE)"),
        ("``quoted''", "“quoted”"),
        (r"$\ell_1$ and $10^{-3}$", "ℓ_1 and 10^{-3}"),
        ("costs $5 and $6 today", "costs $5 and $6 today"),
        (r"\overfeat stays", r"\overfeat stays"),
        ("R^{C-1} and FD_{DINOv2}", "R^{C-1} and FD_{DINOv2}"),
        ("{{ 7*7 }}", "{{ 7*7 }}"),
        (r"100\% of $n$ = 5", "100% of n = 5"),
    ],
)
def test_latex_with_a_plain_reading_is_read_and_the_rest_is_left(latex, text):
    assert latex_to_text(latex) == text


@given(st.text(alphabet="\\{}$~`'^_%&abc \n", max_size=200))
def test_hostile_latex_ends(text):
    assert isinstance(latex_to_text(text), str)


def test_folding_makes_two_prints_equal():
    assert fold(r"Fr\'echet--Distance:  A Study") == fold("FRÉCHET distance a study")


def test_a_fingerprint_depends_on_both_title_and_abstract():
    assert len({fingerprint("a", "b"), fingerprint("a", "c"), fingerprint("c", "b"), fingerprint("ab", "")}) == 4


def test_words_of_the_trade_stay_whole():
    assert words("t-SNE, k-NN and C++ in 3D") == ["t-sne", "k-nn", "and", "c++", "in", "3d"]


def test_abbreviations_do_not_end_sentences():
    text = "We follow Smith et al. (2020), e.g. Their rule. It works in 3 cases. See Fig. 2 for more."
    assert sentences(text) == [
        "We follow Smith et al. (2020), e.g. Their rule.",
        "It works in 3 cases.",
        "See Fig. 2 for more.",
    ]


@given(st.lists(st.sampled_from(["a", "b", "c", "d"])), st.lists(st.sampled_from(["a", "b", "c", "d"])))
def test_the_kept_and_added_words_are_the_new_text_and_the_kept_and_removed_the_old(old, new):
    edits = word_edits(" ".join(old), " ".join(new))
    assert " ".join("".join(text for kind, text in edits if kind != "removed").split()) == " ".join(new)
    assert "".join(text for kind, text in edits if kind != "added").split() == old


def test_the_words_of_an_endless_text_are_not_compared_one_by_one():
    assert [kind for kind, _ in word_edits("a b " * 40_000, "b a " * 40_000)] == ["removed", "added"]


@given(st.text(st.sampled_from("aé–𝛼 \n\t\u200b\u200d\u0301\u0316\u3000\ue000")))
def test_text_that_needs_no_care_would_come_out_of_it_unchanged(text):
    text = unicodedata.normalize("NFC", text)
    assert _needs_care(text) or _without_unsafe(text) == text


@given(st.text(st.sampled_from("aB éﬁｘ①-\u0301\u0316")))
def test_folding_drops_every_mark_and_nothing_else(text):
    bare = (char for char in unicodedata.normalize("NFKD", text) if unicodedata.category(char) != "Mn")
    assert fold(text) == " ".join("".join(bare).replace("-", " ").casefold().split())


def test_a_letter_and_its_mark_meet_when_what_stood_between_them_is_gone():
    assert clean("caf e\x7f\u0301") == clean("caf \u00e9") == "caf \u00e9"
