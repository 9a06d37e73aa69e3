from __future__ import annotations

from datetime import UTC, datetime
from time import process_time

from monitor.novelty.revision import compare
from monitor.types.papers import Paper

FIRST = "We map the drift of clocks in harbour gauges."
SECOND = "Our method reaches 91.2% on 1,400 records, e.g. those of Brest."
THIRD = "It needs neither a barometer nor a second gauge nearby."
HYPHENS = "We map the drift of clocks in har- bour-gauges."
FOURTH = "Code and records are public."


def paper(abstract: str, title: str = "Clocks of Harbour Gauges") -> Paper:
    return Paper(1, "text:1", title, abstract, datetime(2026, 3, 2, tzinfo=UTC))


def test_spacing_case_and_punctuation_are_no_change() -> None:
    old = paper(f"{FIRST} {SECOND} {THIRD}")
    new = paper(f"{FIRST}\n  {SECOND.replace(', e.g.', '; e.g.')}  {THIRD.upper()}", "Clocks of  harbour gauges")
    assert compare(old, new).is_empty


def test_a_word_divided_or_joined_is_no_change() -> None:
    assert compare(paper(FIRST), paper(HYPHENS)).is_empty


def test_a_changed_number_is_told_with_its_unit() -> None:
    change = compare(paper(f"{FIRST} {SECOND}"), paper(f"{FIRST} {SECOND.replace('91.2%', '93.5 %')}"))
    assert change.numbers == (("91.2 %", "93.5 %"),)
    assert change.edited == ((SECOND, SECOND.replace("91.2%", "93.5 %")),)
    assert (change.added, change.removed, change.new_title, change.rewritten) == ((), (), None, False)


def test_a_number_that_is_only_printed_otherwise_did_not_change() -> None:
    change = compare(paper(f"{FIRST} {SECOND}"), paper(f"{FIRST} Now {SECOND.replace('1,400', '1400')}"))
    assert change.numbers == ()
    assert len(change.edited) == 1


def test_figures_of_formulas_years_and_what_has_no_counterpart_are_no_changed_numbers() -> None:
    old = "We cut f: {0,1}^n into 4 parts for all n of O(n^{3}) as in 2017, at 88.7% and 74.1% of the cost."
    new = "We cut f: {0,2}^n into 5 parts for all n of O(n^{4}) as in 2018, at 90% of the cost."
    assert compare(paper(old), paper(new)).numbers == (("4", "5"),)


def test_a_sentence_is_found_behind_a_blank_that_was_lost() -> None:
    assert compare(paper(f"{FIRST}{THIRD} {SECOND}"), paper(f"{FIRST} {THIRD} {SECOND}")).is_empty
    assert compare(paper(f"{FIRST}{THIRD} {SECOND}"), paper(f"{FIRST} {SECOND}")).removed == (THIRD,)


def test_added_and_removed_sentences_are_whole_and_moved_ones_are_not_mentioned() -> None:
    change = compare(paper(f"{FIRST} {SECOND} {THIRD}"), paper(f"{THIRD} {FIRST} {FOURTH}"))
    assert (change.added, change.removed, change.edited) == ((FOURTH,), (SECOND,), ())


def test_a_new_title_is_told() -> None:
    change = compare(paper(FIRST), paper(FIRST, "Drifting Clocks"))
    assert (change.old_title, change.new_title) == ("Clocks of Harbour Gauges", "Drifting Clocks")
    assert not change.is_empty


def test_an_abstract_with_little_left_of_the_old_one_is_rewritten_and_shows_its_first_sentence() -> None:
    change = compare(paper(f"{FIRST} {SECOND} {THIRD}"), paper("Bees love clover. Rain makes them forget. They learn."))
    assert change.rewritten
    assert (change.added, change.removed) == (("Bees love clover.",), ())


def test_a_source_that_prints_no_abstract_removed_nothing() -> None:
    assert compare(paper(FIRST), paper("")).is_empty
    assert compare(paper(""), paper(FIRST)).is_empty


def test_an_endless_abstract_is_compared_in_bounded_time() -> None:
    start = process_time()
    compare(paper("One two three four. " * 20_000), paper("Five six seven eight. " * 20_000))
    assert process_time() - start < 5


def _words(*letters: str) -> str:
    return " ".join(f"{letter}word" for letter in letters).capitalize() + "."


def test_the_most_alike_sentences_are_paired_and_each_only_once() -> None:
    old = f"{_words('a', 'b', 'c', 'd')} {_words('a', 'b', 'c', 'x')}"
    change = compare(paper(old), paper(_words("a", "b", "c", "d", "e")))
    assert change.edited == ((_words("a", "b", "c", "d"), _words("a", "b", "c", "d", "e")),)
    assert change.removed == (_words("a", "b", "c", "x"),)
    change = compare(paper(_words("a", "b", "c", "d", "e")), paper(old))
    assert change.added == (_words("a", "b", "c", "x"),)


def test_of_sentences_that_are_equally_alike_the_nearest_in_place_are_paired() -> None:
    same = [_words("a", "b", "c", letter) for letter in "wxyz"]
    change = compare(paper(" ".join(same[:2])), paper(" ".join(same[2:])))
    assert change.edited == ((same[0], same[2]), (same[1], same[3]))


def test_sentences_share_three_tenths_of_their_words_or_are_two_sentences() -> None:
    kept = f"{FIRST} {SECOND} {THIRD} "
    for shared, edited in (("abc", 1), ("ab", 0)):
        old, new = _words(*"abcdefghij"), _words(*shared, *"klmnopq"[: 10 - len(shared)], *"rst"[: 3 - len(shared)])
        change = compare(paper(kept + old), paper(kept + new))
        assert (len(change.edited), len(change.added)) == (edited, 1 - edited)


def test_a_repeated_word_counts_as_often_as_both_say_it() -> None:
    kept = f"{FIRST} {SECOND} {THIRD} "
    change = compare(paper(kept + _words(*"aaaaaab")), paper(kept + _words(*"acdefgh")))
    assert (change.added, change.edited) == ((_words(*"acdefgh"),), ())


def test_with_three_tenths_of_its_sentences_left_an_abstract_is_not_rewritten() -> None:
    same, others = [FIRST, SECOND, THIRD], [_words(*five) for five in ("abcde", "fghij", "klmno", "pqrst", "uvwxy")]
    more = [_words(*(letter * 2 for letter in five)) for five in ("abcde", "fghij", "klmno", "pqrst", "uvwxy")]
    before, after = [*same, *others, *("Bees love clover.", "Rain makes them forget.")], [*same, *more]
    after += ["Gulls dive.", "Nobody counts waves twice."]
    assert not compare(paper(" ".join(before)), paper(" ".join(after))).rewritten
    assert compare(paper(" ".join([*before, "They learn slowly."])), paper(" ".join(after))).rewritten


def test_of_several_numbers_with_one_unit_those_that_changed_are_told_and_lost_ones_are_not() -> None:
    old, new = "It takes 4 hours, 5 ports and 30 % of the fuel.", "It takes 4 hours, 6 ports and 20 % of the fuel."
    assert compare(paper(old), paper(new)).numbers == (("5", "6"), ("30 %", "20 %"))
    assert compare(paper(old), paper("It takes 4 hours, many ports and 20 % of the fuel.")).numbers == (
        ("30 %", "20 %"),
    )


def test_a_sentence_keeps_its_partner_in_place_when_an_equally_alike_one_stands_elsewhere() -> None:
    first, other, last = _words(*"abcw"), _words(*"mnop"), _words(*"abcx")
    change = compare(paper(f"{other} {FIRST} {first}"), paper(f"{_words(*'abcy')} {FIRST} {last}"))
    assert change.edited == ((first, last),)
