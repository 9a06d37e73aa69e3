"""What a topic says of papers: the hard rules first, then how the parts combine, then why."""

from __future__ import annotations

import time
from dataclasses import replace

import numpy as np
import pytest

from monitor.matchers import description, fusion
from monitor.matchers.fusion import Examples, Space, TopicJudge, build_space, fit_topic
from monitor.matchers.query import QueryError
from monitor.testing import paper, topic
from monitor.types.papers import Paper
from monitor.types.profiles import Keyword, Topic
from monitor.types.verdicts import Judgement

NONE = Examples()
ABOUT = "Diffusion models used as classifiers or as representation learners."


def judged(space: Space, wanted: Topic, papers: list[Paper], examples: Examples = NONE) -> list[Judgement]:
    return fit_topic(wanted, examples, space).judge(papers)


def probabilities(space: Space, wanted: Topic, papers: list[Paper], examples: Examples = NONE) -> list[float]:
    return [one.match.probability for one in judged(space, wanted, papers, examples)]


# --- hard rules ------------------------------------------------------------------------------------------------------


def test_mute_wins_over_everything(space: Space, store: list[Paper]) -> None:
    wanted = topic(
        query="diffusion", keywords=(Keyword("diffusion", 9.0),), authors=("Ada Lovelace",), mute=("survey",)
    )
    found = judged(space, wanted, store)
    assert (found[11].stage, found[11].detail) == ("muted", "muted by 'survey'")
    assert [one.muted_by for one in found].count("survey") == 1
    assert found[0].stage == "matched"


def test_the_not_of_a_query_wins_even_where_the_rest_is_only_evidence(space: Space, store: list[Paper]) -> None:
    found = judged(space, topic(about=ABOUT, query="diffusion NOT medic*"), store)
    assert (found[11].stage, found[11].detail) == ("excluded", "excluded by NOT medic*")


def test_papers_that_a_reader_named_are_no_news(space: Space, store: list[Paper]) -> None:
    examples = Examples(
        liked=(store[0], paper(0, key="", title="Faster sampling for diffusion models!")), unliked=(store[1],)
    )
    found = judged(space, topic(about=ABOUT), store, examples)
    assert [found[place].stage for place in (0, 1, 2)] == ["below", "muted", "below"]
    assert "example" in found[0].detail
    assert "not wanted" in found[1].detail


def test_papers_without_a_key_are_not_taken_for_each_other(space: Space) -> None:
    examples = Examples(liked=(paper(0, key="", title="One title"),))
    found = judged(space, topic(query="title"), [paper(5, key="", title="Another title")], examples)
    assert "example" not in found[0].detail


# --- how parts combine -----------------------------------------------------------------------------------------------


def test_a_topic_with_only_a_query_matches_exactly_when_it_holds(space: Space, store: list[Paper]) -> None:
    found = judged(space, topic(query="diffusion AND classif*"), store)
    assert [place for place, one in enumerate(found) if one.stage == "matched"] == [0, 1, 11]
    assert {one.stage for one in found} == {"matched", "outside"}
    assert found[0].match.probability == pytest.approx(0.9, abs=0.02)


def test_beside_a_description_a_query_is_evidence_and_no_filter(space: Space, store: list[Paper]) -> None:
    alone = probabilities(space, topic(about=ABOUT), store)
    both = probabilities(space, topic(about=ABOUT, query="bandits"), store)
    assert both[0] == alone[0]
    assert both[10] > alone[10] + 0.2


def test_a_query_that_only_an_abstract_mentions_says_less_beside_a_description(space: Space) -> None:
    title, abstract = paper(1, title="Bandits", abstract="Rewards."), paper(2, title="Rewards", abstract="Bandits.")
    first, second = probabilities(space, topic(about=ABOUT, query="bandits"), [title, abstract])
    assert first > second > 0.02
    alone = probabilities(space, topic(query="bandits"), [title, abstract])
    assert alone[0] == alone[1]


def test_a_description_finds_its_papers_and_no_others(space: Space, store: list[Paper]) -> None:
    found = probabilities(space, topic(about=ABOUT), store)
    order = sorted(range(len(store)), key=lambda place: -found[place])
    assert set(order[:2]) == {0, 1}
    assert max(found[place] for place in (6, 7, 8, 9, 10)) < 0.1


def test_one_example_finds_its_kin(space: Space, store: list[Paper]) -> None:
    found = probabilities(space, Topic("kin"), store, Examples(liked=(store[4],)))
    assert max(range(len(store)), key=lambda place: found[place] if place != 4 else 0) == 3


def test_unwanted_examples_push_their_kin_down(space: Space, store: list[Paper]) -> None:
    plain = probabilities(space, Topic("kin"), store, Examples(liked=(store[0],)))
    pushed = probabilities(space, Topic("kin"), store, Examples(liked=(store[0],), unliked=(store[2],)))
    assert pushed[11] < plain[11]


def test_keywords_add_up_and_weigh_more_in_a_title(space: Space) -> None:
    wanted = topic(keywords=(Keyword("sampler"), Keyword("quantum*", 2.0)))
    texts = [("x", "A sampler."), ("A sampler", "x"), ("A sampler", "quantum"), ("x", "y")]
    found = probabilities(space, wanted, [paper(1, title=title, abstract=abstract) for title, abstract in texts])
    assert found[3] < 0.55 < found[0] < found[1] < found[2] <= 1


def test_an_author_is_found_under_variants_of_the_name(space: Space) -> None:
    wanted = topic(authors=("A. Efros",))
    found = judged(space, wanted, [paper(1, authors=("Alexei A. Efros",)), paper(2, authors=("Boris Efros",))])
    assert [one.stage for one in found] == ["matched", "below"]
    assert found[0].match.reasons[0].text == "Alexei A. Efros"


def test_a_category_is_weak_beside_other_wishes_and_enough_by_itself(space: Space) -> None:
    inside = paper(1, categories=("cs.CV",))
    assert judged(space, topic(categories=("cs.CV",)), [inside])[0].stage == "matched"
    assert judged(space, topic(categories=("cs.CV",), keywords=(Keyword("absent"),)), [inside])[0].stage == "below"
    out, without = paper(2, categories=("math.CO",)), paper(3, categories=())
    found = probabilities(space, topic(about=ABOUT, categories=("cs",)), [inside, out, without])
    assert found[0] > found[2] > found[1]


def test_a_paper_that_a_description_learned_from_does_not_vouch_for_itself(
    space: Space, store: list[Paper], monkeypatch: pytest.MonkeyPatch
) -> None:
    judged_fairly = probabilities(space, topic(about=ABOUT), store)
    monkeypatch.setattr(description, "_TAKEN_BACK", 0.0)
    vouching = probabilities(space, topic(about=ABOUT), store)
    assert judged_fairly[11] < vouching[11]
    assert judged_fairly[8] == pytest.approx(vouching[8], abs=0.01)


def test_authors_whom_wanted_papers_share_with_a_new_one_count(space: Space) -> None:
    liked = paper(1, title="Bandits", authors=("Barbara Liskov", "Grace Hopper"))
    known, unknown = paper(2, authors=("B. Liskov", "Grace Hopper")), paper(3, authors=("Someone Else",))
    first, second = judged(space, Topic("kin"), [known, unknown], Examples(liked=(liked,)))
    assert first.match.probability > second.match.probability
    assert ("author", "Grace Hopper") in {(one.kind, one.text) for one in first.match.reasons}


def test_a_description_gives_way_to_many_examples_and_faster_if_they_contradict_it() -> None:
    assert description._voice(np.full(1, 5.0)) > description._voice(np.full(10, 5.0)) > 0
    assert description._voice(np.full(10, 5.0)) > description._voice(np.full(10, -1.0)) > 0
    assert description._voice(np.full(20, 5.0)) == pytest.approx(21**-0.75)


# --- thresholds ------------------------------------------------------------------------------------------------------


def test_a_threshold_decides_what_is_sent_and_is_told(space: Space, store: list[Paper]) -> None:
    found = judged(space, topic(query="diffusion", threshold=0.95), store)
    assert {one.stage for one in found} == {"outside"}
    assert found[0].threshold == 0.95


def test_more_precision_asks_for_more_probability(space: Space) -> None:
    asked = [
        fit_topic(topic(about=ABOUT, precision=share), Examples(), space).threshold
        for share in (0.0, 0.5, 0.7, 0.9, 1.0)
    ]
    assert asked == sorted(set(asked))
    assert asked[0] > 0
    assert asked[-1] < 1


def test_a_reader_who_expects_few_papers_gets_lower_probabilities(space: Space, store: list[Paper]) -> None:
    few = probabilities(space, topic(about=ABOUT, per_week=0.5), store)
    many = probabilities(space, topic(about=ABOUT, per_week=50.0), store)
    assert all(one < other for one, other in zip(few, many, strict=True))


# --- reasons ---------------------------------------------------------------------------------------------------------


def test_reasons_are_in_the_readers_words_or_the_papers(space: Space, store: list[Paper]) -> None:
    wanted = topic(about=ABOUT, query='"zero shot" OR ddpm', keywords=(Keyword("text-to-image"),))
    match = judged(space, wanted, store, Examples(liked=(store[1],)))[0].match
    told = {(one.kind, one.text, one.where) for one in match.reasons}
    assert ("query", "zero shot", "title") in told
    assert ("keyword", "text-to-image", "abstract") in told
    printed = f"{store[0].title} {store[0].abstract} {ABOUT} {store[1].title}".casefold()
    assert all(one.text.casefold() in printed for one in match.reasons if one.kind in ("about", "phrase", "like"))


def test_shares_are_ordered_and_sum_to_one_at_most(space: Space, store: list[Paper]) -> None:
    for judgement in judged(space, topic(about=ABOUT, query="diffusion", authors=("Lovelace",)), store):
        shares = [one.share for one in judgement.match.reasons]
        assert shares == sorted(shares, reverse=True)
        assert sum(shares) <= 1
        assert all(share > 0 for share in shares)


def test_the_longest_phrase_of_a_description_is_told_once(space: Space, store: list[Paper]) -> None:
    match = judged(space, topic(about=ABOUT), store)[0].match
    told = [one.text for one in match.reasons if one.kind == "about"]
    assert "Diffusion models" in told
    assert len(told) == len(set(told))


def test_a_paper_below_the_threshold_is_told_its_figures(space: Space, store: list[Paper]) -> None:
    low = judged(space, topic(about=ABOUT), store)[8]
    assert low.stage == "below"
    assert f"{low.match.probability:.2f}" in low.detail
    assert "0.55" in low.detail


# --- topics that cannot work as written ------------------------------------------------------------------------------


@pytest.mark.parametrize("about", ["the of and", "42", "自然言語処理", "zzqx"])
def test_a_description_without_a_known_word_is_explained(space: Space, store: list[Paper], about: str) -> None:
    judge = fit_topic(topic(about=about), Examples(), space)
    assert "no word of the description is known" in judge.notes[0]
    assert {one.stage for one in judge.judge(store)} == {"below"}
    assert "no word" in judge.judge(store)[0].detail


def test_a_description_of_one_word_works(space: Space, store: list[Paper]) -> None:
    found = probabilities(space, topic(about="bandits"), store)
    assert max(found) == found[10]


def test_a_mute_that_takes_out_what_is_asked_for_is_explained(space: Space) -> None:
    judge = fit_topic(topic(about=ABOUT, mute=("diffusion",)), Examples(), space)
    assert any("mute 'diffusion'" in note for note in judge.notes)


def test_an_empty_topic_matches_nothing_and_says_so(space: Space, store: list[Paper]) -> None:
    judge = fit_topic(Topic("empty"), Examples(), space)
    assert {one.stage for one in judge.judge(store)} == {"below"}
    assert "nothing to look for" in judge.notes[0]


def test_a_query_that_cannot_be_read_is_refused_when_fitting(space: Space) -> None:
    with pytest.raises(QueryError):
        fit_topic(topic(query="(diffusion"), Examples(), space)


# --- promises --------------------------------------------------------------------------------------------------------


def test_judging_a_paper_alone_or_in_a_batch_gives_the_same(space: Space, store: list[Paper]) -> None:
    judge = fit_topic(topic(about=ABOUT, query="classif*"), Examples(liked=(store[1],)), space)
    together = judge.judge(store)
    for place, one in enumerate(store):
        alone = judge.judge([one])[0]
        assert alone.match.probability == pytest.approx(together[place].match.probability, abs=1e-6)
        assert alone.stage == together[place].stage


@pytest.mark.parametrize("block", [1, 5, 4_096])
def test_what_is_decided_at_once_is_what_each_judgement_says(
    space: Space, store: list[Paper], monkeypatch: pytest.MonkeyPatch, block: int
) -> None:
    monkeypatch.setattr(fusion, "_BLOCK", block)
    examples = Examples((store[2],), (store[1],))
    for wanted, given in (
        (topic(about=ABOUT, mute=("survey",), threshold=0.05), NONE),
        (topic(about=ABOUT, query="diffusion NOT medic*", threshold=0.05), examples),
        (topic(query="diffusion NOT medic*"), NONE),
        (Topic("empty"), NONE),
    ):
        judge = fit_topic(wanted, given, space)
        decided, judgements = judge.decide(store), judge.judge(store)
        assert decided.probabilities == pytest.approx([one.match.probability for one in judgements])
        assert decided.sent.tolist() == [one.stage == "matched" for one in judgements]
        assert decided.open.tolist() == [one.stage in ("matched", "below") for one in judgements]
        chances = [one.match.probability * (one.stage in ("matched", "below")) for one in judgements]
        assert decided.chances() == pytest.approx(chances)
        assert judge.decide([]).chances() == []


def test_a_fresh_copy_of_a_paper_is_judged_like_the_one_in_the_store(space: Space, store: list[Paper]) -> None:
    judge = fit_topic(topic(about=ABOUT), Examples(), space)
    copies = [replace(one) for one in store]
    assert [one.match for one in judge.judge(copies)] == [one.match for one in judge.judge(store)]


def test_the_same_topic_and_store_give_the_same_judgements(store: list[Paper]) -> None:
    wanted = topic(about=ABOUT, query="classif*")
    first, second = (fit_topic(wanted, Examples(liked=(store[1],)), build_space(store)).judge(store) for _ in range(2))
    assert first == second


@pytest.mark.parametrize("count", [0, 1, 2, 8])
def test_it_works_with_hardly_any_papers(store: list[Paper], count: int) -> None:
    space = build_space(store[:count])
    found = probabilities(space, topic(about=ABOUT), store, Examples(liked=(store[1],)))
    assert max(found[0], found[2]) > max(found[6:11])


def test_judging_no_papers_gives_no_judgements(space: Space) -> None:
    assert judged(space, topic(about=ABOUT), []) == []


def test_fitting_and_judging_are_quick(space: Space, store: list[Paper]) -> None:
    batch = [replace(store[number % 12], id=number, key=f"k{number}") for number in range(1_000)]
    space.features(batch)
    fit_topic(topic(about=ABOUT), Examples(), space)
    started = time.process_time()
    judge: TopicJudge = fit_topic(topic("again", about=ABOUT), Examples(), space)
    judge.judge(batch)
    assert time.process_time() - started < 2
