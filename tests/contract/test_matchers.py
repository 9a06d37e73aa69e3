"""What every kind of matcher found on disk promises."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from monitor.matchers._encoder import Encoder
from monitor.matchers.parts import Examples, Part
from monitor.matchers.space import Space, build_space
from monitor.registry import kinds, load
from monitor.testing import paper, topic
from monitor.types.papers import Paper
from monitor.types.profiles import Keyword, Topic
from tests import model_folder

HOSTILE = (
    paper(901, title="", abstract="", authors=(), categories=()),
    paper(902, title="\x00\u202e<script>", abstract="{{ 7*7 }} %s \\", authors=("", "\n", ","), categories=("", ".")),
    paper(903, title="漢字" * 500, abstract="(a+)+$ " * 2_000, authors=("A" * 5_000,)),
    paper(904, title="a" * 10_000, abstract="-" * 10_000),
)


@pytest.fixture(scope="module")
def papers() -> list[Paper]:
    subjects = ("denoising of images", "bandits with regret", "speech of rare languages", "folding of proteins")
    return [paper(number, title=f"Study {number} on {subjects[number % 4]}") for number in range(1, 25)]


@pytest.fixture(scope="module")
def space(papers: list[Paper], tmp_path_factory: pytest.TempPathFactory) -> Space:
    words = sorted({word for one in papers for word in f"{one.title} {one.abstract}".lower().split()})
    made = build_space(papers)
    made.encoder = Encoder(model_folder.make(tmp_path_factory.mktemp("model"), tuple(words)))
    return made


@pytest.fixture(params=kinds("matchers"))
def kind(request: pytest.FixtureRequest) -> Any:
    return load("matchers", request.param)


@pytest.fixture
def part(kind: Any, papers: list[Paper], space: Space) -> Part:
    """The kind, fitted to a topic that gives every kind something to do."""
    asks = topic(
        about="Denoising of images",
        query="denoising OR regret",
        keywords=(Keyword("images", 2.0),),
        authors=("A. Lovelace",),
        categories=("cs.LG",),
    )
    fitted: Part | None = kind.fit(asks, Examples(liked=tuple(papers[3:6]), unliked=tuple(papers[6:8])), space)
    assert fitted is not None
    return fitted


def test_there_are_kinds() -> None:
    assert {"rules", "linear", "linear2", "neighbours", "embeddings", "description"} <= set(kinds("matchers"))


def test_a_kind_has_nothing_to_say_about_an_empty_topic(kind: Any, space: Space) -> None:
    assert kind.fit(Topic("empty"), Examples(), space) is None


def test_a_kind_gives_one_finite_score_a_paper(part: Part, papers: list[Paper], space: Space) -> None:
    for batch in (papers, papers[:1], list(HOSTILE), []):
        scores = part.scores(space.features(batch))
        assert scores.shape == (len(batch),)
        assert np.isfinite(scores).all()


def test_a_papers_score_does_not_depend_on_its_company(part: Part, papers: list[Paper], space: Space) -> None:
    together = part.scores(space.features(papers))
    turned = part.scores(space.features(papers[::-1]))[::-1]
    assert together == pytest.approx(turned, abs=1e-5)


def test_a_kind_tells_which_scale_it_speaks_in(part: Part) -> None:
    assert part.scale in ("similarity", "log-odds")
    assert all(isinstance(note, str) for note in part.notes)


def test_reasons_have_a_text_and_a_weight(part: Part, papers: list[Paper], space: Space) -> None:
    for batch in (papers, list(HOSTILE)):
        features = space.features(batch)
        for place in range(len(batch)):
            for reason in part.reasons(features, place):
                assert reason.text.strip()
                assert reason.where in ("title", "abstract", "")
                assert np.isfinite(reason.share)


def test_a_kind_fitted_twice_says_the_same(kind: Any, papers: list[Paper], space: Space) -> None:
    asks, examples = topic(about="Denoising", query="regret"), Examples(liked=tuple(papers[:2]))
    first, second = (kind.fit(asks, examples, space).scores(space.features(papers)) for _ in range(2))
    assert np.array_equal(first, second)


def test_a_kind_ranks_what_it_was_asked_for_first(part: Part, papers: list[Paper], space: Space) -> None:
    scores = part.scores(space.features(papers))
    asked = np.array(["denoising" in one.title or "images" in one.title for one in papers])
    if part.scale == "log-odds":
        assert scores[asked].min() > scores[~asked].max() - 1e-9 or scores[asked].mean() > scores[~asked].mean()
