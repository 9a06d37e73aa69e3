from __future__ import annotations

import random
from datetime import date, timedelta

import pytest

from monitor.testing import paper
from monitor.trends import topics
from monitor.trends.sheets import Document, sheets
from monitor.trends.table import TermTable
from monitor.trends.terms import SEVERAL_WORDS, prints, read, term_hash, term_hashes, term_key, whole
from monitor.types.verdicts import Trend

START = date(2026, 1, 5)
PHRASE = "tidal lensing"
_CHANCE = random.Random(11)
SYLLABLES = [
    "ba",
    "co",
    "du",
    "fe",
    "gi",
    "ha",
    "jo",
    "ku",
    "le",
    "mi",
    "no",
    "pa",
    "que",
    "ro",
    "su",
    "ta",
    "vi",
    "we",
    "xo",
    "zu",
]
NOUNS = ["".join(_CHANCE.choices(SYLLABLES, k=3)) for _ in range(400)]


def listing_day(place: int) -> date:
    return START + timedelta(days=place + 2 * (place // 5))


def documents(days: int, per_day: int, seed: int = 1) -> list[Document]:
    """Papers of invented words, some common and most rare, as words are."""
    chance = random.Random(seed)
    weights = [1 / (rank + 5) for rank in range(len(NOUNS))]
    made = []
    for place in range(days):
        for number in range(per_day):
            words = chance.choices(NOUNS, weights, k=40)
            text = " ".join(" ".join(words[at : at + 8]) + "." for at in range(6, 40, 8))
            made.append(Document(listing_day(place), place * per_day + number + 1, " ".join(words[:6]), text))
    return made


def planted(base: list[Document], places: list[int], titles: int = 2, phrase: str = PHRASE) -> list[Document]:
    """``base`` with the phrase in one more paper of each listed day; the first ``titles`` say it in their title."""
    out = list(base)
    days = sorted({document.day for document in base})
    taken: set[int] = set()
    for count, place in enumerate(places):
        row = next(at for at, one in enumerate(out) if one.day == days[place] and at not in taken)
        taken.add(row)
        one = out[row]
        title = f"{one.title} with {phrase.title()}" if count < titles else one.title
        out[row] = Document(one.day, one.paper_id, title, f"{one.abstract} We rely on {phrase} here.")
    return out


def rising_terms(sample: list[Document], day: date, told: tuple[Trend, ...] = ()) -> tuple[Trend, ...]:
    """What rises on a day, told from the documents of that day and before it."""
    table = TermTable()
    for sheet in sheets([one for one in sample if one.day <= day]):
        table.add(sheet)
    if not table.days or table.days[-1] != day:
        return ()
    known = {one.paper_id: one for one in sample}
    return topics.rising_terms(
        table,
        lambda wanted: {
            key: paper(key, title=known[key].title, abstract=known[key].abstract, authors=known[key].authors)
            for key in wanted
        },
        told,
    )


def found(rising: tuple[Trend, ...], phrase: str = PHRASE) -> Trend | None:
    return next((trend for trend in rising if trend.name.casefold() == phrase), None)


@pytest.mark.parametrize("places", [[7, 7, 8, 8, 9], [6, 7, 8, 8, 9, 9], [6, 7, 7, 8, 9, 9]])
def test_a_new_installation_sees_a_phrase_that_comes_up_in_its_last_days(places: list[int]) -> None:
    sample = planted(documents(10, 8), places)
    trend = found(rising_terms(sample, listing_day(9)))
    assert trend is not None
    assert trend.kind == "term"
    assert trend.seen == sum(place > 9 - trend.days for place in places)
    assert trend.expected < 1
    assert 0 < trend.q <= 0.1
    assert trend.day == listing_day(9)


def test_the_series_has_a_count_for_each_listing_day_and_the_papers_come_newest_first() -> None:
    sample = planted(documents(10, 8), [7, 7, 8, 8, 9, 9])
    trend = found(rising_terms(sample, listing_day(9)))
    assert trend is not None
    assert trend.series == (0, 0, 0, 0, 0, 0, 0, 2, 2, 2)
    days = {document.paper_id: document.day for document in sample}
    carried = [days[number] for number in trend.paper_ids]
    assert carried == sorted(carried, reverse=True)
    assert len(carried) == trend.seen


def test_the_series_ends_after_thirty_listing_days() -> None:
    sample = planted(documents(70, 6), [64, 65, 66, 66, 67, 68, 69, 69])
    trend = found(rising_terms(sample, listing_day(69)))
    assert trend is not None
    assert len(trend.series) == 30
    assert sum(trend.series) == 8


def test_with_permuted_dates_hardly_anything_rises() -> None:
    alarms = 0
    for seed in range(25):
        sample = planted(documents(10, 8, seed), [6, 7, 8, 8, 9, 9])
        days = [document.day for document in sample]
        random.Random(seed).shuffle(days)
        mixed = [Document(day, one.paper_id, one.title, one.abstract) for day, one in zip(days, sample, strict=True)]
        alarms += len(rising_terms(mixed, listing_day(9)))
    assert alarms <= 5


def test_what_was_always_common_does_not_rise() -> None:
    sample = planted(documents(10, 8), [*range(10), *range(10)], titles=20)
    assert found(rising_terms(sample, listing_day(9))) is None


def test_a_phrase_that_no_title_carries_names_no_topic() -> None:
    sample = planted(documents(10, 8), [7, 7, 8, 8, 9, 9], titles=0)
    assert found(rising_terms(sample, listing_day(9))) is None


def test_a_name_needs_but_one_title() -> None:
    sample = [
        Document(
            one.day, one.paper_id, one.title.replace("Tidal Lensing", "TiLe9"), one.abstract.replace(PHRASE, "TiLe9")
        )
        for one in planted(documents(10, 8), [7, 7, 8, 8, 9, 9], titles=1)
    ]
    assert found(rising_terms(sample, listing_day(9)), "tile9") is not None


def test_nothing_rises_before_the_sixth_listing_day_nor_on_a_day_without_listing() -> None:
    sample = planted(documents(10, 8), [3, 3, 4, 4, 4])
    assert rising_terms(sample, listing_day(4)) == ()
    assert rising_terms(sample, listing_day(9) + timedelta(days=1)) == ()
    assert rising_terms([], START) == ()


def test_variants_that_share_their_papers_are_one_trend() -> None:
    sample = planted(documents(10, 8), [7, 7, 8, 8, 9, 9], phrase="tidal lensing arrays")
    rising = rising_terms(sample, listing_day(9))
    assert [trend.name.casefold() for trend in rising] == ["tidal lensing arrays"]


def test_another_name_for_the_same_papers_joins_the_trend() -> None:
    sample = [
        Document(one.day, one.paper_id, one.title, one.abstract.replace("rely on", "rely on TiLe9, on"))
        for one in planted(documents(10, 8), [7, 7, 8, 8, 9, 9])
    ]
    first = next(one for one in sample if "TiLe9" in one.abstract)
    sample[sample.index(first)] = Document(first.day, first.paper_id, f"{first.title}: TiLe9", first.abstract)
    (trend,) = rising_terms(sample, listing_day(9))
    assert {trend.name.casefold(), *map(str.casefold, trend.also)} == {PHRASE, "tile9"}


def test_what_was_told_lately_is_not_told_again() -> None:
    sample = planted(documents(12, 8), [7, 7, 8, 8, 9, 9, 10, 11])
    first = rising_terms(sample, listing_day(9))
    assert found(first) is not None
    assert found(rising_terms(sample, listing_day(10))) is not None
    assert found(rising_terms(sample, listing_day(10), first)) is None


def test_a_name_is_found_as_new_after_sixty_days_of_history() -> None:
    sample = planted(documents(100, 15), [90, 93, 96, 99])
    trend = found(rising_terms(sample, listing_day(99)))
    assert trend is not None
    assert (trend.seen, trend.days) == (4, 20)
    assert trend.q <= 0.25


def test_the_order_of_the_documents_does_not_matter_and_a_paper_counts_on_its_first_day_alone() -> None:
    sample = planted(documents(10, 8), [7, 7, 8, 8, 9, 9])
    again = [Document(listing_day(9), one.paper_id, one.title, one.abstract) for one in sample]
    assert rising_terms([*again, *reversed(sample)], listing_day(9)) == rising_terms(sample, listing_day(9))


def keys_of(title: str, abstract: str) -> set[str]:
    """The terms of a paper, as they are compared."""
    (marks,) = read([(title, abstract, ())])
    printed = prints(title, abstract, marks.hashes.tolist())
    assert {*printed} == {*marks.hashes.tolist()}
    return {term_key(one) for some in printed.values() for one in some}


def test_terms_fold_plurals_and_hyphens_and_drop_praise_and_years() -> None:
    terms = keys_of("On-Policy Distillation for VLAs", "We propose a novel policy in 2017. GRPO-trained agents win.")
    assert {"on policy distillation", "distillation", "vla", "grpo"} <= terms
    assert not {"novel", "propose", "2017", "novel policy", "policy distillation", "trained agent"} & terms
    assert term_key("On-policy  distillations") == "on policy distillation"
    assert term_hash("On-policy  distillations") == term_hash("on policy distillation")


def test_terms_do_not_run_over_the_end_of_a_clause() -> None:
    terms = keys_of("", "Gauges in a harbour. Clover in a field, and (sea) salt.")
    assert "harbour" in terms
    assert not {"harbour clover", "sea salt"} & terms


def test_terms_hold_no_words_of_grammar_and_end_on_no_hanging_one() -> None:
    terms = keys_of("", "Sampling for oysters uses tide-aware nets, and a mixture of experts, physically moored.")
    assert {"mixture of expert", "tide aware net"} <= terms
    assert not {"sampling for oyster", "tide aware", "physically moored"} & terms


def test_genitives_and_contractions_are_no_part_of_a_word() -> None:
    assert {"gauge", "oyster gauge"} <= keys_of("", "The oyster's gauge doesn't sing; OpenAI’s does.")
    assert "openai" in keys_of("", "The oyster's gauge doesn't sing; OpenAI’s does.")
    assert not {"don t", "openai s", "oyster s"} & keys_of("", "OpenAI's oysters don't sing.")


def test_many_papers_are_read_as_each_alone() -> None:
    papers = [("Tidal Gauges", "Gauges sing. GRPO-2 wins.", ("Ada",)), ("", "", ()), ("ALL LOUD", "Tidal gauges.", ())]
    together = read(papers)
    for one, marks in zip(papers, together, strict=True):
        (alone,) = read([one])
        assert marks.hashes.tolist() == alone.hashes.tolist()
        assert marks.flags.tolist() == alone.flags.tolist()


def test_a_term_of_several_words_is_marked_so() -> None:
    (marks,) = read([("Tidal Gauges", "", ())])
    flags = dict(zip(marks.hashes.tolist(), marks.flags.tolist(), strict=True))
    assert flags[term_hash("tidal gauge")] & SEVERAL_WORDS
    assert not flags[term_hash("gauge")] & SEVERAL_WORDS


def test_twice_as_many_papers_as_expected_are_no_burst_however_certain() -> None:
    usual, lately = [*range(100), *range(100)], [*range(60, 100)]
    twice = planted(documents(100, 12), [*usual, *lately, *lately], titles=500)
    fourfold = planted(documents(100, 12), [*usual, *(6 * lately)], titles=500)
    assert found(rising_terms(twice, listing_day(99))) is None
    assert found(rising_terms(fourfold, listing_day(99))) is not None


@pytest.mark.parametrize(
    ("name", "whole_name"),
    [
        ("large language", "diffusion large language models"),
        ("large language models", "diffusion large language models"),
        ("tides", "tides"),
    ],
)
def test_a_piece_of_a_term_is_told_as_the_whole(name: str, whole_name: str) -> None:
    texts = [f"{place} tides in diffusion large language models. Sand." for place in ("Spring", "Neap", "Ebb", "Red")]
    assert whole(name, texts) == whole_name


def test_what_stands_beside_a_term_now_and_then_is_no_part_of_it() -> None:
    texts = ["Reed nets. Reed traps.", "Reed nets.", "Reed nets, reed boats."]
    assert whole("reed", texts) == "reed"
    assert whole("reed", texts[1:2]) == "reed nets"


def test_a_term_too_long_to_file_goes_by_its_parts() -> None:
    (marks,) = read([("Rule-Based Oyster Gauges", "", ())])
    assert term_hashes("tidal gauge") == [term_hash("tidal gauge")]
    assert {*term_hashes("rule-based oyster gauges")} & {*marks.hashes.tolist()}


def test_a_method_within_a_broad_field_that_was_told_is_news_and_the_field_itself_is_not() -> None:
    begun = listing_day(90)
    told = Trend("term", "gauge rings", begun, 5, 0.1, 0.01, 10, begun=begun, share=0.9)
    alone = planted(documents(100, 15), [94, 95, 96, 97, 98, 99], titles=6, phrase="tidewise gauge rings")
    among = planted(alone, [*range(88, 100), *range(88, 100)], titles=24, phrase="gauge rings")
    assert rising_terms(alone, listing_day(99), (told,)) == ()
    (news,) = rising_terms(among, listing_day(99), (told,))
    assert news.name.casefold().startswith("tidewise gauge rings")


def test_a_name_in_other_words_is_not_told_again() -> None:
    sample = planted(documents(100, 15), [92, 93, 95, 96, 97, 98, 99], titles=7)
    (trend,) = rising_terms(sample, listing_day(99))
    told = Trend("term", "Lensing models of tidal", listing_day(97), 5, 0.1, 0.01, 10, begun=listing_day(97), share=0.5)
    assert trend.name.casefold() == PHRASE
    assert rising_terms(sample, listing_day(99), (told,)) == ()
