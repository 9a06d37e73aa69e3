"""What a reader follows always comes, and what withholds a paper always wins."""

from __future__ import annotations

from itertools import product
from typing import Any

import pytest

from monitor.matchers.fusion import Examples, Space, fit_topic
from monitor.testing import paper, topic
from monitor.types.papers import Paper
from monitor.types.profiles import Topic
from monitor.types.verdicts import Judgement

ORCID = "0000-0002-1825-0097"
FAR = paper(
    90, title="Bandits with Delayed Feedback", abstract="Regret bounds hold although rewards arrive late.",
    authors=("Grace Hopper", "Ada Lovelace"), author_ids=("", ORCID), categories=("econ.EM",),
)  # fmt: skip
NONE = Examples()
ELSEWHERE: dict[str, dict[str, Any]] = {
    "nothing else": {},
    "about": {"about": "Protein folding with graph networks."},
    "query": {"query": "protein AND folding"},
    "keywords": {"about": "Proteins.", "query": "protein"},
    "categories": {"categories": ("q-bio.BM",)},
    "threshold": {"about": "Protein folding.", "threshold": 0.999},
    "rules": {"about": "Protein folding.", "matchers": ("rules",)},
}
FOLLOWED = ("Ada Lovelace", "Lovelace, A.", ORCID, "regret bound*", "Delayed")


def judged(space: Space, made: Topic, one: Paper = FAR, examples: Examples = NONE) -> Judgement:
    return fit_topic(made, examples, space).judge([one])[0]


@pytest.mark.parametrize(("ways", "followed"), list(product(ELSEWHERE, FOLLOWED)))
def test_what_is_followed_comes_whatever_else_the_topic_asks_for(space: Space, ways: str, followed: str) -> None:
    asked = ELSEWHERE[ways]
    if asked:
        assert judged(space, topic("t", **asked)).stage != "matched"
    found = judged(space, topic("t", follow=(followed,), **asked))
    assert found.stage == "matched"
    assert found.match.probability > 0.999
    (reason,) = [reason for reason in found.match.reasons if reason.kind == "follow"]
    assert reason.text == ("Ada Lovelace" if followed == ORCID else followed)
    assert reason == found.match.reasons[0]


@pytest.mark.parametrize("followed", ["Bob Lovelace", "0000-0001-5109-3700", "Lovelace", "regret", "~Ada_Lovelace1"])
def test_nothing_else_comes_by_it_and_a_surname_alone_is_only_a_word(space: Space, followed: str) -> None:
    other = paper(91, title="Planning", abstract="An agent plans.", authors=FAR.authors, author_ids=FAR.author_ids)
    assert judged(space, topic("t", follow=(followed,)), other).stage == "below"


WITHHELD: dict[str, tuple[dict[str, Any], Examples, str]] = {
    "mute": ({"mute": ("bandit*",)}, NONE, "muted"),
    "not": ({"query": "diffusion NOT bandits"}, NONE, "excluded"),
    "unlike": ({}, Examples(unliked=(FAR,)), "muted"),
    "mute and not": ({"mute": ("bandits",), "query": "NOT regret"}, NONE, "muted"),
    "liked already": ({"about": "Bandits."}, Examples(liked=(FAR,)), "below"),
}


@pytest.mark.parametrize(("rule", "followed", "ways"), list(product(WITHHELD, FOLLOWED, ELSEWHERE)))
def test_what_withholds_a_paper_wins_over_what_is_followed(space: Space, rule: str, followed: str, ways: str) -> None:
    said, examples, stage = WITHHELD[rule]
    found = judged(space, topic("t", **{**ELSEWHERE[ways], **said, "follow": (followed,)}), FAR, examples)
    assert found.stage == stage
