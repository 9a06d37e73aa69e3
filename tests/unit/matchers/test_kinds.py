"""What each kind of matcher is for; what all of them promise stands in tests/contract."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from monitor.errors import MonitorError
from monitor.matchers import embeddings, linear, linear2, neighbours
from monitor.matchers._encoder import Encoder
from monitor.matchers._interests import interests
from monitor.matchers.fusion import asked, fit_topic
from monitor.matchers.parts import Examples
from monitor.matchers.space import build_space
from monitor.testing import paper, topic
from tests import model_folder

FINE = paper(50, title="Denoising networks as classifiers", abstract="A diffusion model classifies images.")
OTHER = paper(51, title="Delayed rewards", abstract="A bandit algorithm has regret bounds.")


def scores(part: Any, space, papers):
    return part.scores(space.features(papers))


# --- which kinds are asked ------------------------------------------------------------------------------------------


def test_rules_are_always_asked_and_the_description_beside_what_learns():
    assert asked(("linear",)) == ("description", "linear", "rules")
    assert asked(("embeddings", "linear")) == ("description", "embeddings", "linear", "rules")
    assert asked(("rules",)) == ("rules",)


def test_rules_alone_hear_neither_description_nor_examples(space, store):
    asks = topic(about="Diffusion models", query="bandits", matchers=("rules",))
    judge = fit_topic(asks, Examples(liked=tuple(store[:2])), space)
    assert {one.match.paper_id for one in judge.judge(store) if one.stage == "matched"} == {11}


# --- several interests ----------------------------------------------------------------------------------------------


def rows(*directions, spread=0.3):
    draw = np.random.default_rng(3)
    made = np.array([np.eye(8)[direction] + spread * draw.normal(size=8) for direction in directions], np.float32)
    return made / np.linalg.norm(made, axis=1, keepdims=True)


def test_examples_that_fall_apart_are_several_interests():
    found = interests(rows(0, 1, 0, 1, 2, 0, 1, 2))
    assert sorted(sorted(places.tolist()) for places in found) == [[0, 2, 5], [1, 3, 6], [4, 7]]


@pytest.mark.parametrize("directions", [(), (0,), (0, 1), (0, 1, 1), (0,) * 9])
def test_examples_of_one_subject_or_too_few_are_one_interest(directions):
    made = rows(*directions) if directions else np.zeros((0, 8), np.float32)
    assert [places.tolist() for places in interests(made)] == [list(range(len(directions)))]


def test_each_interest_is_as_loud_as_the_whole_and_the_nearest_counts(space, store):
    copies = {one.key: [replace(one, key=f"{one.key}.{copy}") for copy in range(4)] for one in (store[0], store[10])}
    liked = (*copies[store[0].key], *copies[store[10].key][:2])
    learned = linear.fit(topic(), Examples(liked=tuple(replace(one, authors=()) for one in liked)), space)
    assert learned
    assert len(learned.interests) == 2
    whole = learned.standard(learned.weights.apply(space.ordinary.tfidf, space.ordinary.axes))
    read = space.features([FINE, OTHER])
    each = [standard(weights.apply(read.tfidf, read.axes)) for weights, standard in learned.interests]
    for weights, standard in learned.interests:
        own = standard(weights.apply(space.ordinary.tfidf, space.ordinary.axes))
        assert np.quantile(own - own.mean(), 0.999) == pytest.approx(np.quantile(whole, 0.999), rel=0.05)
    blurred = replace(learned, interests=()).scores(read)
    assert learned.scores(read) == pytest.approx((blurred + np.max(each, axis=0)) / 2)


# --- recency --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", [linear, linear2])
def test_an_example_that_faded_counts_less(kind, space, store):
    liked = (store[0], store[10])
    old = Examples(liked=liked, faded={store[10].key: 0.1})
    before, after = (scores(kind.fit(topic(), one, space), space, [FINE, OTHER]) for one in (Examples(liked), old))
    assert after[0] > before[0]
    assert after[1] < before[1]


@pytest.mark.parametrize("kind", [linear, linear2])
def test_an_unwanted_example_that_faded_counts_less(kind, space, store):
    given = Examples(liked=(store[0],), unliked=(store[1],))
    now, long_ago = (
        scores(kind.fit(topic(), one, space), space, [FINE])
        for one in (given, replace(given, faded={store[1].key: 0.01}))
    )
    assert long_ago[0] > now[0]


# --- linear2, neighbours, embeddings ---------------------------------------------------------------------------------


def test_a_margin_learns_something_else_than_a_regression(space, store):
    examples = Examples(liked=tuple(store[:3]))
    one, two = (scores(kind.fit(topic(), examples, space), space, store) for kind in (linear, linear2))
    assert not np.allclose(one, two, atol=0.05)
    assert np.corrcoef(one, two)[0, 1] > 0.8


def test_the_nearest_example_counts_whatever_the_others_are(space, store):
    alone = neighbours.fit(topic(), Examples(liked=(store[10],)), space)
    among: Any = neighbours.fit(topic(), Examples(liked=(store[10], store[8], store[9])), space)
    assert scores(alone, space, [OTHER])[0] > 3
    assert scores(among, space, [OTHER])[0] > scores(among, space, [FINE])[0]
    (reason,) = among.reasons(space.features([FINE, OTHER]), 1)
    assert (reason.kind, reason.text) == ("like", store[10].title)


def test_the_nearest_unwanted_example_takes_away(space, store):
    plain = neighbours.fit(topic(), Examples(liked=(store[0],)), space)
    warned = neighbours.fit(topic(), Examples(liked=(store[0],), unliked=(store[1],)), space)
    assert scores(warned, space, [store[2]])[0] < scores(plain, space, [store[2]])[0]


@pytest.fixture
def seeing(store, tmp_path):
    """A space with a tiny model."""
    words = sorted({word.strip(".,:") for one in store for word in f"{one.title} {one.abstract}".lower().split()})
    made = build_space(store)
    made.encoder = Encoder(model_folder.make(tmp_path, tuple(words)))
    return made


def test_vectors_find_what_is_like_a_description_or_an_example(seeing, store):
    described: Any = embeddings.fit(topic(about="bandits with delayed feedback"), Examples(), seeing)
    assert np.argmax(scores(described, seeing, store)) == 10
    assert described.reasons(seeing.features(store), 10)[0].kind == "about"
    learned: Any = embeddings.fit(topic(about="diffusion"), Examples(liked=(store[10],), unliked=(store[0],)), seeing)
    assert np.argmax(scores(learned, seeing, store)) == 10
    assert learned.reasons(seeing.features(store), 10)[0].text == store[10].title


def test_a_paper_without_a_vector_is_left_to_the_other_matchers(seeing, store):
    described = embeddings.fit(topic(about="bandits"), Examples(), seeing)
    seeing.encoder._seconds = 0
    assert scores(described, seeing, [OTHER])[0] == 0
    assert scores(described, seeing, store[:1])[0] != 0


def test_without_a_model_it_is_said_what_to_write(space):
    with pytest.raises(MonitorError, match="name its folder under 'embeddings'"):
        embeddings.fit(topic(about="bandits"), Examples(), space)


def test_vectors_are_fused_with_terms(seeing, store):
    asks = topic(about="bandits with delayed feedback", matchers=("linear", "embeddings"))
    judge = fit_topic(asks, Examples(liked=(store[10],)), seeing)
    assert {type(part).__name__ for part in judge.parts} == {"Described", "Embedded", "Learned"}
    (found,) = judge.judge([OTHER])
    assert found.match.probability > judge.judge([FINE])[0].match.probability
