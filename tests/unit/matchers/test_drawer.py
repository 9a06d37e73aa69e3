"""What was learned lies on disk: a restart learns nothing, and what is damaged, old or too much does no harm."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from monitor.matchers.drawer import Drawer
from monitor.matchers.fusion import Examples, Space, TopicJudge, build_space, fit_topic
from monitor.matchers.shelf import Shelf
from monitor.testing import paper, topic
from monitor.types.papers import Paper
from monitor.types.profiles import Topic

ABOUT = "Diffusion models used as classifiers or as representation learners."


def asked(store: list[Paper]) -> list[tuple[Topic, Examples]]:
    """Topics that learn something: from words, from examples, from both, of two interests, by a margin."""
    both = Examples(tuple(store[:2]), (store[6],), {store[0].key: 0.5})
    copies = [replace(store[place], key=f"{place}.{copy}") for place in (0, 10) for copy in range(4)]
    return [
        (topic(about=ABOUT), Examples()),
        (topic(), Examples(tuple(store[:3]))),
        (topic(about=ABOUT, query="classif*", mute=("survey",)), both),
        (topic(), Examples(tuple(copies))),
        (topic(about=ABOUT, matchers=("linear2",)), both),
    ]


def judge_of(shelf: Shelf, space: Space, wanted: Topic, examples: Examples) -> TopicJudge:
    return shelf.get(wanted, examples, lambda known: fit_topic(wanted, examples, space, known))


def test_after_a_restart_nothing_is_learned_and_the_same_is_said(
    space: Space, store: list[Paper], tmp_path: Path
) -> None:
    first, again = (Shelf(Drawer(tmp_path, space)) for _ in range(2))
    batch = [*store, paper(99, title="Denoising networks as classifiers"), paper(98, title="", abstract="")]
    for wanted, examples in asked(store):
        before = judge_of(first, space, wanted, examples).judge(batch)
        after = judge_of(again, space, wanted, examples).judge(batch)
        assert after == before
        assert any(one.match.reasons for one in after)
    assert (first.fits, again.fits) == (5, 0)


def test_what_is_not_learned_from_may_change(space: Space, store: list[Paper], tmp_path: Path) -> None:
    shelf, examples = Shelf(Drawer(tmp_path, space)), Examples((store[0],))
    plain = topic(about=ABOUT)
    judge_of(shelf, space, plain, examples)
    for edited in (
        replace(plain, threshold=0.2),
        replace(plain, mute=("survey",)),
        replace(plain, query="bandits"),
        replace(plain, name="other"),
    ):
        judge = judge_of(shelf, space, edited, examples)
        fresh = fit_topic(edited, examples, space)
        assert judge.judge(store) == fresh.judge(store)
    assert shelf.fits == 1
    judge_of(shelf, space, plain, Examples((store[1],)))
    judge_of(shelf, space, plain, Examples((store[0],), faded={store[0].key: 0.5}))
    judge_of(shelf, space, replace(plain, about="bandits"), examples)
    assert shelf.fits == 4


def test_topics_of_rules_alone_learn_nothing_and_near_ones_are_not_kept(
    space: Space, store: list[Paper], tmp_path: Path
) -> None:
    shelf = Shelf(Drawer(tmp_path, space))
    judge_of(shelf, space, topic(query="bandits"), Examples())
    assert shelf.fits == 0
    judge_of(shelf, space, topic(matchers=("neighbours",)), Examples((store[0],)))
    assert shelf.fits == 1
    assert files(tmp_path) == []


@pytest.mark.parametrize("damage", [b"", b"PK\x03\x04", b"no archive", "cut"])
def test_a_damaged_file_is_learned_again(space: Space, store: list[Paper], tmp_path: Path, damage: bytes | str) -> None:
    judge_of(Shelf(Drawer(tmp_path, space)), space, topic(about=ABOUT), Examples())
    (path,) = files(tmp_path)
    path.write_bytes(damage if isinstance(damage, bytes) else path.read_bytes()[:-200])
    shelf = Shelf(Drawer(tmp_path, space))
    assert judge_of(shelf, space, topic(about=ABOUT), Examples()).judge(store)
    assert shelf.fits == 1


def test_objects_are_never_read(space: Space, tmp_path: Path) -> None:
    drawer = Drawer(tmp_path, space)
    drawer.write("good", {"standard": np.zeros(2)})
    (path,) = files(tmp_path)
    np.savez(path, standard=np.array([print], dtype=object))
    assert drawer.read("good") is None


def test_files_of_another_space_go(space: Space, store: list[Paper], tmp_path: Path) -> None:
    judge_of(Shelf(Drawer(tmp_path, space)), space, topic(about=ABOUT), Examples())
    revised = build_space([replace(store[0], abstract="Rewritten."), *store[1:]])
    shelf = Shelf(Drawer(tmp_path, revised))
    assert files(tmp_path) == []
    judge_of(shelf, revised, topic(about=ABOUT), Examples())
    assert shelf.fits == 1
    assert len(files(tmp_path)) == 1


def test_what_was_used_longest_ago_makes_room(space: Space, tmp_path: Path) -> None:
    some: dict[str, Any] = {"standard": np.zeros(1_000)}
    drawer = Drawer(tmp_path, space, most_bytes=40_000)
    for name in "abcd":
        drawer.write(name, some)
    for age, name in enumerate("abcd"):
        touched(tmp_path, name, age)
    assert drawer.read("a") is not None
    drawer.write("e", some)
    assert {path.stem for path in files(tmp_path)} == {"a", "c", "d", "e"}
    assert sum(path.stat().st_size for path in files(tmp_path)) <= 40_000


def test_a_folder_that_cannot_be_written_does_no_harm(space: Space, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    shelf = Shelf(Drawer(tmp_path / "file", space))
    judge_of(shelf, space, topic(about=ABOUT), Examples())
    assert shelf.fits == 1


def files(folder: Path) -> list[Path]:
    return sorted(folder.rglob("*.npz"))


def touched(folder: Path, name: str, age: int) -> None:
    (path,) = folder.rglob(f"{name}.npz")
    os.utime(path, (1_000_000 + age, 1_000_000 + age))
