"""The figures of a pair, each beside the formula that its name promises, written down plainly."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

import pytest

from monitor.novelty import coefficients
from monitor.novelty.common_words import SHARES, UNKNOWN_SHARE
from monitor.novelty.pairs import (
    AUTHOR_FEATURES,
    TEXT_FEATURES,
    Print,
    Rarity,
    author_features,
    cosine,
    jaccard,
    overlap,
    surnames,
    text_features,
)
from monitor.text import fold
from monitor.types.papers import Paper

AT = datetime(2026, 3, 2, tzinfo=UTC)


def paper(title: str, abstract: str = "", *authors: str) -> Paper:
    return Paper(1, "", title, abstract, AT, authors=authors)


ONE = paper("Zorb: quux flim", "Nimp zorb quux zorb plit of 3.5 and 42 wunt.", "Ada Lovelace", "Bob Quist", "Cy Marr")
TWO = paper("Zorb: quux blat drum", "Nimp zorb quux zorb of 3.5 or 7.", "Ada Lovelace", "Dan Olsen")
OTHER = paper("Quux flim", "Plit zorb quux.", "Bob Quist")
NAMED = paper("Flim: quux zorb", "Plit zorb quux.", "Bob Quist", "Cy Marr", "Eve Tann", "Flo Unger")


@pytest.fixture
def rarity() -> Rarity:
    found = Rarity()
    found.count([["zorb", "quux"], ["zorb"], ["wunt"]] * 50)
    return found


def plainly(
    one: Paper, two: Paper, numbers: list[set[str]], names: list[float], weights: Mapping[str, float]
) -> list[float]:
    titles = [set(fold(each.title).split()) for each in (one, two)]
    words = [fold(each.abstract).split() for each in (one, two)]
    texts = [Counter(fold(each.title).split() + fold(each.abstract).split()) for each in (one, two)]
    vectors = [{word: (1 + math.log(times)) * weights[word] for word, times in text.items()} for text in texts]
    lengths = [math.sqrt(sum(value**2 for value in vector.values())) for vector in vectors]
    alike = sum(value * vectors[1].get(word, 0) for word, value in vectors[0].items()) / (lengths[0] * lengths[1])

    def mass(some: set[str]) -> float:
        return sum(weights[word] for word in some)

    def shares(some: set[str], others: set[str]) -> tuple[float, float]:
        return mass(some & others) / min(mass(some), mass(others)), mass(some & others) / mass(some | others)

    runs = [{tuple(some[at : at + 3]) for at in range(len(some) - 2)} for some in words]
    both = len(runs[0] & runs[1])
    shorter, longer = sorted(map(len, runs))
    title_jaccard = len(titles[0] & titles[1]) / len(titles[0] | titles[1])
    containment, abstract_jaccard = shares(set(words[0]), set(words[1]))
    return [
        title_jaccard, shares(*titles)[0], alike, containment, abstract_jaccard,
        both / shorter, both / longer, math.sqrt(both / shorter), math.sqrt(both / longer),
        len(numbers[0] & numbers[1]) / max(1, len(numbers[0] | numbers[1])),
        math.log(1 + len(numbers[0] & numbers[1])),
        *names,
        min(map(len, words)) / max(map(len, words)),
        float(fold(one.title).split()[0] == fold(two.title).split()[0]),
        min(8.0, max(weights[word] for word in texts[0].keys() & texts[1].keys())),
        alike * title_jaccard, alike * abstract_jaccard,
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("one", "two", "numbers", "names"),
    [
        (ONE, TWO, [{"3.5", "42"}, {"3.5", "7"}], [1.0, 0.0, 0.0]),
        (ONE, OTHER, [{"3.5", "42"}, set()], [0.0, 1.0, 0.0]),
        (OTHER, TWO, [set(), {"3.5", "7"}], [0.0, 1.0, 0.0]),
        (ONE, NAMED, [{"3.5", "42"}, set()], [0.0, 0.0, 1.0]),
        (OTHER, OTHER, [set(), set()], [0.0, 0.0, 0.0]),
    ],
    ids=["one name", "a name lost", "a name found", "other names", "itself"],
)
def test_the_figures_of_two_texts_are_what_they_are_called(
    rarity: Rarity, one: Paper, two: Paper, numbers: list[set[str]], names: list[float]
) -> None:
    mine, theirs = Print.of(one, rarity), Print.of(two, rarity)
    found = dict(zip(TEXT_FEATURES, text_features(mine, theirs, cosine(mine, theirs)), strict=True))
    expected = dict(zip(TEXT_FEATURES, plainly(one, two, numbers, names, rarity.weights), strict=True))
    assert found == pytest.approx(expected)


@pytest.mark.parametrize(
    ("one", "two", "shared", "smaller", "together", "first"),
    [(ONE, TWO, 1, 2, 4, 1.0), (ONE, NAMED, 2, 3, 5, 0.0), (OTHER, ONE, 1, 1, 3, 0.0)],
)
def test_the_figures_of_two_lists_of_authors_are_what_they_are_called(
    rarity: Rarity, one: Paper, two: Paper, shared: int, smaller: int, together: int, first: float
) -> None:
    found = author_features(Print.of(one, rarity), Print.of(two, rarity), 0.5)
    share, told = shared / together, max(_told(one, two, rarity.weights), _told(two, one, rarity.weights))
    figures = [share, shared / smaller, share * 0.5, math.log(1 + shared), first, share * told]
    assert dict(zip(AUTHOR_FEATURES, found, strict=True)) == pytest.approx(
        dict(zip(AUTHOR_FEATURES, figures, strict=True))
    )


def _told(one: Paper, two: Paper, weights: Mapping[str, float]) -> float:
    title, text = set(fold(one.title).split()), {*fold(two.title).split(), *fold(two.abstract).split()}
    return sum(weights[word] for word in title & text) / sum(weights[word] for word in title)


def test_rarity_mixes_what_was_counted_with_abstracts_at_large(rarity: Rarity) -> None:
    assert rarity.share("zorb") == pytest.approx((100 + 2000 * UNKNOWN_SHARE) / 2150)
    assert rarity.share("model") == pytest.approx(2000 * SHARES["model"] / 2150)
    assert rarity.weights["zorb"] == pytest.approx(-math.log(rarity.share("zorb")))
    before = rarity.weights["nimp"]
    rarity.count([["nimp"]])
    assert rarity.weights["nimp"] < before


def test_the_rarest_shared_word_counts_eight_at_most() -> None:
    rarity = Rarity()
    rarity.count([["other"]] * 60_000)
    one = Print.of(paper("Zorb", "Zorb quux flim."), rarity)
    assert rarity.weights["zorb"] > 8
    assert text_features(one, one, 1.0)[TEXT_FEATURES.index("rarest shared word")] == 8.0


def test_shares_of_nothing_are_nothing() -> None:
    assert (jaccard(set(), set()), overlap(set(), {1}), overlap({1}, {1, 2}), jaccard({1}, {1, 2})) == (0, 0, 1, 0.5)
    rarity = Rarity()
    empty = Print.of(paper("", ""), rarity)
    assert (empty.length, cosine(empty, empty)) == (1.0, 0.0)
    assert text_features(empty, empty, 0.0) == [0.0] * 15 + [1.0] + [0.0] * 3  # both begin with no word


def test_what_a_print_knows_of_its_paper() -> None:
    rarity = Rarity()
    printed = Print.of(ONE, rarity)
    assert printed.name == "zorb"
    assert sorted(printed.surnames) == ["lovelace", "marr", "quist"]
    assert not surnames(["", " ", ", "])
    assert sorted(printed.first_author) == ["lovelace"]
    assert (Print.of(OTHER, rarity).name, printed.year, printed.doi) == ("", None, "")
    assert Print.of(Paper(1, "doi:10.1/x", "T", "", AT, published=AT), rarity).doi == "10.1/x"
    assert Print.of(Paper(1, "doi:10.1/x", "T", "", AT, published=AT), rarity).year == 2026


def test_each_weight_that_is_shipped_stands_beside_the_figure_that_it_was_fitted_for() -> None:
    shipped = re.findall(r"-?[\d.]+,  # (.+)", Path(coefficients.__file__).read_text(encoding="utf-8"))
    assert shipped == [*TEXT_FEATURES, *TEXT_FEATURES, *AUTHOR_FEATURES]
    one = Print.of(ONE, Rarity())
    assert len(shipped) == 2 * len(text_features(one, one, 1.0)) + len(author_features(one, one, 1.0))
