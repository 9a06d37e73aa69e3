"""One space for all topics: the same whatever the order, sensible from the first day on, and bounded."""

from __future__ import annotations

import random
from datetime import timedelta
from pathlib import Path

import numpy as np
import pytest

from monitor.matchers import background as background_file
from monitor.matchers import space as spaces
from monitor.matchers.background import background
from monitor.matchers.space import Space, build_space
from monitor.testing import NOON, paper
from monitor.types.papers import Paper


def test_the_order_of_the_store_changes_nothing(store: list[Paper], space: Space) -> None:
    shuffled = store[:]
    random.Random(1).shuffle(shuffled)
    other = build_space(shuffled)
    assert other.vocabulary == space.vocabulary
    assert np.array_equal(other.idf, space.idf)
    assert np.array_equal(other.features(store).axes, space.features(store).axes)


def test_common_words_weigh_little_on_the_first_day(space: Space) -> None:
    weight = {term: float(space.idf[column]) for term, column in space.vocabulary.items()}
    assert weight["training"] < weight["diffusion"] < weight["protein folding"]
    assert "model" not in weight


def test_how_common_a_term_is_is_counted_over_the_store_and_the_background() -> None:
    ground = background()
    space = build_space([paper(number, title="Zyzzyva diffusion", abstract="") for number in (1, 2, 3)])
    theirs = ground.document_counts[ground.terms.index("diffusion")] * spaces.BACKGROUND_PAPERS / ground.papers
    share = {
        term: papers / (3 + spaces.BACKGROUND_PAPERS)
        for term, papers in (("diffusion", 3 + theirs), ("zyzzyva", 3), ("zyzzyva diffusion", 3))
    }
    weighed = {term: space.idf[space.vocabulary[term]] for term in share}
    total = 3 + ground.papers
    assert weighed == pytest.approx({term: np.log((1 + total) / (1 + of * total)) + 1 for term, of in share.items()})
    assert list(space.vocabulary) == sorted(space.vocabulary)


def test_an_empty_store_has_a_space() -> None:
    space = build_space([])
    assert space.features([paper(1, title="Diffusion models")]).tfidf.nnz > 0
    assert space.papers_a_week is None


def test_papers_without_a_known_word_have_rows_of_zeros(space: Space) -> None:
    features = space.features([paper(1, title="", abstract=""), paper(2, title="漢字", abstract="\x00")])
    assert features.tfidf.nnz == 0
    assert np.isfinite(features.axes).all()


def test_papers_are_read_once_for_all_topics(space: Space, store: list[Paper]) -> None:
    first = space.features(store[:3])
    assert space.features([*store[:3]]) is first
    assert space.features([*store[:2], paper(3, title="Another")]) is not first


def test_what_is_kept_is_bounded(space: Space, store: list[Paper], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(spaces, "_MOST_KEPT", 5)
    for number in range(10):
        space.features([paper(number), paper(number + 1)])
    assert sum(map(len, space._read)) <= 5


def test_between_rounds_less_is_kept_what_was_asked_for_last(space: Space, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(spaces, "_KEPT_BETWEEN", 5)
    some = [[paper(number), paper(number + 1)] for number in range(100, 110)]
    read = [space.features(each) for each in some]
    space.let_go()
    assert space.features(some[-1]) is read[-1]
    assert space.features(some[-2]) is read[-2]
    assert space.features(some[0]) is not read[0]


def test_only_the_newest_papers_shape_a_space(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(spaces, "MOST_PAPERS", 2)
    ages = [paper(number, title=f"Number {number}", first_seen=NOON - timedelta(days=number)) for number in range(1, 6)]
    assert [one.id for one in build_space(ages).papers] == [2, 1]


def test_a_store_of_some_weeks_knows_how_many_papers_a_week_come() -> None:
    daily = [paper(number, first_seen=NOON - timedelta(days=number % 30)) for number in range(300)]
    assert build_space(daily).papers_a_week == pytest.approx(70, rel=0.05)


def test_the_shipped_background_is_small_and_holds_terms_and_numbers_only() -> None:
    file = Path(background_file.__file__).with_name("background.npz")
    assert file.stat().st_size < 1_000_000
    ground = background()
    assert ground.bags.shape == (3000, len(ground.terms))
    assert max(len(term.split()) for term in ground.terms) == 2
