from __future__ import annotations

import json
import lzma
from itertools import combinations
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.summaries.extractive import summarize
from monitor.text import latex_to_text, sentences, words

BACKGROUND = "Sorting has been important in many recent systems for a long time."
CLAIM = "We propose Gravel, a sorter that needs no comparisons at all."
DETAIL = "The buckets are split by the leading digit of each key in turn."
RESULT = "Gravel improves the median time by 31% on ten public workloads."
NOTICE = "Code and data are available at https://example.org/gravel for everyone."
ABSTRACT = f"{BACKGROUND} {CLAIM} {DETAIL} {RESULT} {NOTICE}"
TITLE = "Gravel: sorting without comparisons"


def test_what_was_made_and_what_came_of_it_make_the_summary() -> None:
    assert summarize(TITLE, ABSTRACT) == f"{CLAIM} {RESULT}"


PROBLEM = "Sorters of today suffer from slow comparisons of long keys."


def test_what_is_wrong_comes_first_where_the_abstract_says_it() -> None:
    text = f"{BACKGROUND} {PROBLEM} {CLAIM} {DETAIL} {RESULT} {NOTICE}"
    assert summarize(TITLE, text) == f"{PROBLEM} {CLAIM} {RESULT}"


def test_what_is_wrong_after_the_idea_is_no_problem_that_it_solves() -> None:
    assert summarize(TITLE, f"{CLAIM} {RESULT} {PROBLEM}") == f"{CLAIM} {RESULT}"


def test_a_second_claim_without_a_result_is_not_worth_its_room() -> None:
    second = "We also introduce Pebbles, a set of gravel inputs that are sorted without comparisons."
    assert summarize(TITLE, f"{CLAIM} {second} {RESULT}") == f"{CLAIM} {RESULT}"


def test_the_sentence_that_says_what_was_made_may_be_longer_than_others() -> None:
    long = "We propose Gravel, " + "a sorter for keys " * 20 + "of all sizes."  # 392 characters
    other = "We show that sorting by buckets is stable for all keys."
    assert summarize(TITLE, f"{other} {long}").endswith(long)


def test_where_only_one_fits_it_is_what_was_made() -> None:
    assert summarize(TITLE, ABSTRACT, limit=len(CLAIM)) == CLAIM


def test_a_sentence_that_leans_on_one_that_is_not_shown_is_left_out() -> None:
    leaning = "However, this does not hold for sorting strings without comparisons."
    plain = "Sorting strings without comparisons takes a second table of offsets."
    assert summarize("Sorting strings without comparisons", f"{DETAIL} {leaning} {plain}", limit=80) == plain


def test_a_sentence_may_lean_on_the_one_before_it_when_that_is_shown() -> None:
    leaning = "It achieves 31% less time than the best sorter before it."
    assert summarize(TITLE, f"{BACKGROUND} {CLAIM} {leaning} {NOTICE}") == f"{CLAIM} {leaning}"


def test_the_first_of_several_claims_counts_most() -> None:
    second = "For testing, we introduce Pebbles, a set of inputs that are hard."
    title = "Linear work on keys and words of any length with few inputs"  # one of its words is in the second
    assert summarize(title, f"{BACKGROUND} {CLAIM} {second}", limit=100) == CLAIM


def test_the_name_before_the_colon_of_a_title_counts_more_than_its_other_words() -> None:
    other = "We propose a new look at pebbles, which needs no comparisons."
    assert summarize("Gravel: from pebbles to sand in rivers", f"{BACKGROUND} {other} {CLAIM}", limit=70) == CLAIM


def test_a_sentence_that_sets_the_scene_is_not_worth_its_room() -> None:
    scene = "Rivers carry stones of all sizes to the sea in spring."
    title = "Moving stones with brooms, wind and water"
    assert summarize(title, f"{BACKGROUND} {scene} {CLAIM}", limit=200) == CLAIM


def test_words_of_the_title_decide_between_claims_of_one_kind() -> None:
    off = "We present a table of memory costs for machines of all sizes."
    on = "We present Gravel, which sorts without any comparisons of keys."
    assert summarize(TITLE, f"{BACKGROUND} {off} {on}", limit=70) == on


def test_links_and_hopes_are_not_results() -> None:
    hope = "We hope that this will improve the results of others by 10%."
    assert NOTICE not in summarize(TITLE, ABSTRACT)
    assert summarize(TITLE, f"{CLAIM} {DETAIL} {hope}").startswith(CLAIM)
    assert hope not in summarize(TITLE, f"{CLAIM} {DETAIL} {hope}")


def test_abbreviations_do_not_cut_a_sentence() -> None:
    text = "We propose a method, e.g. for sorting (cf. Fig. 2 of Knuth et al. 1973), that is 2.5x faster."
    assert summarize("A method", f"{BACKGROUND} {text}", limit=120) == text


def test_latex_is_read_and_not_printed() -> None:
    told = summarize(
        "Bounds", r"We prove a bound of $\alpha \leq 0.5\%$ for the {\em Fr\'echet} distance of sorted curves."
    )
    assert told == "We prove a bound of α ≤ 0.5% for the Fréchet distance of sorted curves."


def test_a_text_that_was_cut_by_others_does_not_end_the_summary() -> None:
    for cut in (
        "Gravel improves sorting without comparisons by 31% on",
        "Gravel improves sorting without comparisons by…",
    ):
        assert summarize(TITLE, f"{CLAIM} {cut}") == CLAIM


def test_a_lone_sentence_without_a_full_stop_is_the_abstract_and_is_shown() -> None:
    assert summarize("Sorting", "A sorter that needs no comparisons of any keys at all") != ""


LONG = "We propose " + "a very " * 50 + "long sorter."  # 373 characters
LONGER = "The time " + "of every single run " * 20 + "falls."


def test_a_short_claim_is_preferred_to_a_long_one() -> None:
    assert summarize(TITLE, f"{LONG} {CLAIM}") == CLAIM


def test_a_long_claim_is_shown_whole_where_no_short_sentence_makes_one() -> None:
    assert summarize(TITLE, f"{BACKGROUND} {LONG} {DETAIL}") == LONG


def test_when_all_are_too_long_the_shortest_is_shown_whole_up_to_twice_the_limit() -> None:
    assert summarize("Time", f"{LONGER} {LONGER[:-6]}rises a lot.") == LONGER
    assert summarize("Time", LONGER, limit=(len(LONGER) + 1) // 2) == LONGER
    assert summarize("Time", LONGER, limit=(len(LONGER) - 1) // 2) == ""


@pytest.mark.parametrize("abstract", ["", " \n ", "…", "Abstract cut ..."])
def test_nothing_to_show_is_shown_as_nothing(abstract: str) -> None:
    assert summarize(TITLE, abstract) == ""


@given(title=st.text(max_size=80), parts=st.lists(st.text(max_size=120), max_size=12), limit=st.integers(1, 400))
def test_a_summary_is_made_of_whole_sentences_whatever_comes_in(title: str, parts: list[str], limit: int) -> None:
    abstract = ". ".join(parts)
    told = summarize(title, abstract, limit=limit)
    whole = sentences(latex_to_text(abstract))
    assert len(told) <= 2 * limit
    pairs = {" ".join(some) for number in (1, 2, 3) for some in combinations(whole, number)}
    assert told in {"", *pairs}
    assert told == summarize(title, abstract, limit=limit)


def test_a_flood_of_sentences_is_not_weighed_pair_by_pair() -> None:
    flood = " ".join(f"We show that case {number} of the table can be sorted in time." for number in range(3000))
    assert "case 30 " in summarize("Case 30", flood)
    assert "case 2999 " not in summarize("Case 2999", flood)


@pytest.mark.seeds
def test_real_summaries_are_nearer_to_written_ones_than_first_sentences_of_the_same_length_are(shared: Path) -> None:
    with lzma.open(shared / "data" / "hf_daily" / "hf_daily.jsonl.xz", "rt") as lines:
        papers = [paper for paper in map(json.loads, lines) if paper.get("ai_summary")][::10]
    assert len(papers) > 200
    told = [summarize(paper["title"], paper["abstract"]) for paper in papers]
    lengths = [max(len(one), 280) for one in told]
    first = [_first_sentences(paper["abstract"], length) for paper, length in zip(papers, lengths, strict=True)]
    written = [paper["ai_summary"] for paper in papers]
    assert sum(map(_overlap, told, written)) > 1.25 * sum(map(_overlap, first, written))


def _first_sentences(abstract: str, limit: int) -> str:
    told = ""
    for sentence in sentences(latex_to_text(abstract)):
        if len(told) + 1 + len(sentence) > limit:
            break
        told = f"{told} {sentence}".strip()
    return told


def _overlap(told: str, written: str) -> float:
    """Return the harmonic mean of the shares of common words (ROUGE-1 of Lin 2004, over sets)."""
    one, other = set(words(told)), set(words(written))
    return 2 * len(one & other) / (len(one) + len(other)) if one or other else 0.0
