"""Papers in the order of what they mean, by a tiny real model."""

from __future__ import annotations

from pathlib import Path

import pytest

from monitor.matchers._encoder import Encoder
from monitor.matchers.embeddings import encoded
from monitor.matchers.meaning import Meaning
from monitor.testing import paper
from tests import model_folder

WORDS = ("fog", "lantern", "tower", "water")
PAPERS = [paper(number, title=WORDS[number % 4], abstract=f"{WORDS[number % 4]}.") for number in range(1, 9)]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return model_folder.make(tmp_path_factory.mktemp("model"), WORDS)


def test_the_nearest_come_first_and_equal_ones_in_their_order(folder: Path) -> None:
    meaning = Meaning(Encoder(folder))
    meaning.take_in(PAPERS, 100)
    assert meaning.nearest("tower", 2) == [2, 6]
    assert set(meaning.nearest("water tower", 4)) == {2, 3, 6, 7}
    assert (len(meaning), meaning.waiting, meaning.last) == (8, [], 8)
    assert meaning.nearest("", 5) == []
    assert Meaning(Encoder(folder)).nearest("tower", 5) == []


def test_vectors_that_a_matcher_made_are_known_and_others_wait_the_newest_first(folder: Path) -> None:
    encoder = Encoder(folder)
    encoded(encoder, PAPERS[:2])
    meaning = Meaning(encoder)
    meaning.take_in(PAPERS[:3], 0)
    assert (len(meaning), meaning.waiting) == (2, [3])
    fresh = [paper(number, title=f"fog {number}") for number in (11, 12, 13)]
    meaning.take_in(fresh, 0)
    assert meaning.next_waiting(2) == [12, 13]
    meaning.take_in(fresh[1:], 1)
    assert (len(meaning), meaning.waiting) == (3, [12, 3, 11])


def test_only_so_many_papers_are_held(folder: Path) -> None:
    meaning = Meaning(Encoder(folder), most=3)
    meaning.take_in(PAPERS, 100)
    assert sorted(meaning.nearest("fog", 9)) == [6, 7, 8]
    meaning.take_in([paper(number) for number in range(20, 30)], 0)
    assert len(meaning.waiting) == 3
