"""Many topics at once say what each says alone; and nothing is fitted twice."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from monitor.matchers import together
from monitor.matchers.fusion import Examples, Space, TopicJudge, fit_topic
from monitor.matchers.parts import weights_of
from monitor.matchers.shelf import Shelf, content_hash
from monitor.testing import paper, topic
from monitor.types.papers import Paper
from monitor.types.profiles import Keyword
from monitor.types.verdicts import Judgement

ABOUT = "Diffusion models used as classifiers or as representation learners."


@pytest.fixture
def judges(space: Space, store: list[Paper]) -> list[TopicJudge]:
    """Topics of every make: words, rules, examples, both, hard rules, nothing."""
    liked = (store[0], store[1])
    made = [
        (topic("about", about=ABOUT, threshold=0.05), Examples()),
        (topic("quiet", about=ABOUT, threshold=0.999), Examples()),
        (topic("query", query="diffusion NOT medic*"), Examples()),
        (topic("author", authors=("Ada Lovelace",), about="bandits"), Examples()),
        (topic("words", keywords=(Keyword("robust*", 2.0),), about="certified robustness", threshold=0.3), Examples()),
        (topic("like", threshold=0.05), Examples(liked)),
        (topic("both", about=ABOUT, threshold=0.05), Examples(liked, (store[6],))),
        (topic("unlike", about=ABOUT, threshold=0.05), Examples((), (store[0],))),
        (topic("mute", about=ABOUT, mute=("survey",), threshold=0.02), Examples()),
        (topic("near", threshold=0.05, matchers=("neighbours",)), Examples(liked)),
        (topic("category", categories=("cs.CV",)), Examples()),
        (topic("empty"), Examples()),
    ]
    return [fit_topic(wanted, examples, space) for wanted, examples in made]


def alone(judge: TopicJudge, papers: list[Paper]) -> list[tuple[int, Judgement]]:
    found = enumerate(judge.judge(papers))
    return [
        (place, one)
        for place, one in found
        if one.stage == "matched" or (one.muted_by and one.match.probability >= one.threshold)
    ]


def told(found: list[tuple[int, Judgement]]) -> list[object]:
    return [
        (place, one.stage, one.muted_by, round(one.match.probability, 4), [(r.kind, r.text) for r in one.match.reasons])
        for place, one in found
    ]


@pytest.mark.parametrize("block", [1, 4, 256])
def test_topics_together_say_what_each_says_alone(
    space: Space, store: list[Paper], judges: list[TopicJudge], block: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(together, "BLOCK", block)
    kept = list(together.kept_by(judges, space.features(store)))
    assert [told(one) for one in kept] == [told(alone(judge, store)) for judge in judges]
    assert [len(one) for one in kept].count(0) >= 2
    assert sum(map(len, kept)) > 10


def test_an_author_whom_the_examples_share_counts_there_too(space: Space, store: list[Paper]) -> None:
    liked = (replace(store[0], authors=("Grace Hopper",)),)
    batch = [paper(99, title="Compilers for everyone", authors=("Grace Hopper",)), *store]
    judge = fit_topic(topic("like", threshold=0.01), Examples(liked), space)
    (kept,) = together.kept_by([judge], space.features(batch))
    assert told(kept) == told(alone(judge, batch))
    assert judge.rest(space.features(batch)) is not None


def test_the_most_probable_come_first_when_only_some_are_wanted(space: Space, store: list[Paper]) -> None:
    judge = fit_topic(topic(about=ABOUT, threshold=0.01), Examples(), space)
    (all_,) = together.kept_by([judge], space.features(store))
    (best,) = together.kept_by([judge], space.features(store), most=2)
    assert len(all_) > 2
    assert [one.match.probability for _, one in best] == sorted(
        (one.match.probability for _, one in all_), reverse=True
    )[:2]


def odds(one: Judgement) -> float:
    probability, threshold = one.match.probability, one.threshold
    return probability / (1 - probability) / (threshold / (1 - threshold))


@pytest.mark.parametrize("near", [0, 2])
def test_the_best_of_what_falls_just_short_come_when_they_are_wanted(
    space: Space, store: list[Paper], judges: list[TopicJudge], near: int
) -> None:
    strict = [fit_topic(replace(judge.topic, threshold=0.6), judge.examples, space) for judge in judges]
    told_of = 0
    for judge, kept in zip(strict, together.kept_by(strict, space.features(store), near=near), strict=True):
        short = [one for one in kept if one[1].stage == "below"]
        told_of += len(short)
        assert told([one for one in kept if one not in short]) == told(alone(judge, store))
        named = {one.key for one in (*judge.examples.liked, *judge.examples.unliked)}
        below = [
            odds(one)
            for place, one in enumerate(judge.judge(store))
            if one.stage == "below" and odds(one) >= 0.5 and store[place].key not in named
        ]
        assert [odds(one) for _, one in short] == pytest.approx(sorted(below, reverse=True)[:near], rel=1e-3)
    assert (told_of > 1) == (near > 0)


@pytest.mark.parametrize(
    "rule", [{"mute": ("zero-shot",)}, {"query": "NOT zero-shot"}, {"unlike": ("x",)}], ids=["mute", "not", "unlike"]
)
def test_what_a_hard_rule_takes_out_does_not_fall_short(space: Space, store: list[Paper], rule: Any) -> None:
    def short(**fields: Any) -> list[int]:
        examples = Examples((), (store[0],) if "unlike" in fields else ())
        judge = fit_topic(topic("t", about=ABOUT, **fields), examples, space)
        strict = replace(judge, threshold=judge.judge(store[:1])[0].match.probability + 0.001)
        return [place for place, one in strict.kept(space.features(store), near=12) if one.stage == "below"]

    assert 0 in short()
    assert 0 not in short(**rule)


def test_nothing_falls_short_of_a_query_that_must_hold(space: Space, store: list[Paper]) -> None:
    judge = fit_topic(topic("t", query="diffusion AND protein"), Examples(), space)
    strict = replace(judge, threshold=judge.judge(store[:1])[0].match.probability + 0.001)
    assert list(strict.kept(space.features(store), near=12)) == []


def test_weights_are_looked_up_and_nothing_else_has_any() -> None:
    import numpy as np

    known, weights = np.array([2, 5, 9]), np.array([1, 2, 3], np.float32)
    assert weights_of(np.array([0, 2, 3, 9, 11, 5]), known, weights).tolist() == [0, 1, 0, 3, 0, 2]
    assert weights_of(np.array([1]), np.zeros(0, int), np.zeros(0, np.float32)).tolist() == [0]


def test_a_topic_is_fitted_once_for_each_change(space: Space, store: list[Paper]) -> None:
    shelf = Shelf()

    def fitted(wanted: object, *liked: Paper) -> TopicJudge:
        asked, examples = topic(about=str(wanted)), Examples(liked)
        return shelf.get(asked, examples, lambda _: fit_topic(asked, examples, space))

    first = fitted("diffusion")
    assert fitted("diffusion") is first
    assert shelf.fits == 1
    assert fitted("diffusion models") is not first
    assert fitted("diffusion", store[0]) is not first
    assert fitted("diffusion", replace(store[0], abstract="Revised.")) is not first
    assert shelf.fits == 4


def test_a_full_shelf_lets_the_oldest_go(space: Space) -> None:
    shelf = Shelf(most_weights=2_500)
    for name in ("a", "b", "a", "c", "a"):
        wanted = topic(name, categories=("cs.CV",))
        shelf.get(wanted, Examples(), lambda _, wanted=wanted: fit_topic(wanted, Examples(), space))  # type: ignore[misc]
    assert shelf.fits <= 5
    assert len(shelf._judges) == 1


def test_the_hash_follows_what_is_learned_from(store: list[Paper]) -> None:
    asked = topic(about="x", like=("2303.16203",))
    same = replace(asked, like=("https://arxiv.org/abs/2303.16203",))
    assert content_hash(asked, Examples((store[0],))) == content_hash(same, Examples((store[0],)))
    assert content_hash(asked, Examples((store[0],))) != content_hash(asked, Examples((), (store[0],)))
    faded = Examples((store[0],), (), {store[0].key: 0.5})
    assert content_hash(asked, Examples((store[0],))) != content_hash(asked, faded)
