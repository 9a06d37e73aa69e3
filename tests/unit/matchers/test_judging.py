"""What a topic's judge says of papers: hard rules, evidence, probabilities, reasons."""

import random

import pytest

from monitor.matchers.fusion import Examples, build_space, fit_topic
from monitor.testing import paper, topic
from monitor.types.profiles import Keyword

SUBJECTS = {
    "diffusion": "diffusion models denoise images step by step and classify them zero-shot with a generative classifier",
    "robots": "robot arms grasp objects with tactile sensors and learn manipulation policies from demonstrations",
    "weather": "weather models forecast precipitation and wind over complex terrain with neural operators",
    "proteins": "protein structures fold and bind ligands and language models of sequences predict stability",
}


ORDINARY = ["we", "show", "that", "this", "method", "improves", "results", "over", "strong", "baselines", "in", "cases"]


def papers(subject, number, start=0):
    """Papers on a subject: its words in any order among words of any kind."""
    made = []
    for count in range(number):
        draw = random.Random(f"{subject}{count}{start}")
        own = draw.sample(SUBJECTS[subject].split(), 9)
        others = draw.sample(ORDINARY, 9)
        text = draw.sample(own + others, 18)
        made.append(
            paper(
                start + count + 1,
                title=" ".join(own[:4]).title(),
                abstract=" ".join(text) + ".",
                authors=("Nobody Else",),
            )
        )
    return made


@pytest.fixture(scope="module")
def store():
    return [one for place, name in enumerate(SUBJECTS) for one in papers(name, 15, 100 * place)]


@pytest.fixture(scope="module")
def space(store):
    return build_space(store)


def judged(space, made, batch, liked=(), unliked=()):
    return fit_topic(made, Examples(tuple(liked), tuple(unliked)), space).judge(batch)


ABOUT = topic("t", about="Diffusion models used as zero-shot classifiers.")


def test_a_description_alone_finds_its_papers_and_leaves_the_others(space, store):
    found = {one.match.paper_id for one in judged(space, ABOUT, store) if one.stage == "matched"}
    assert len(found & set(range(1, 16))) >= 8
    assert len(found - set(range(1, 16))) <= 1


def test_examples_alone_find_papers_like_them(space, store):
    learned = judged(space, topic("t", like=("x",)), store, liked=store[15:19])
    ranked = sorted(learned, key=lambda one: -one.match.probability)
    assert sum(16 <= one.match.paper_id - 85 <= 30 for one in ranked[:8]) >= 6


def test_a_query_alone_matches_exactly_where_it_holds(space, store):
    stages = {one.match.paper_id: one.stage for one in judged(space, topic("t", query="robot AND grasp"), store)}
    for one in store:
        text = f"{one.title} {one.abstract}".lower().replace(".", "").split()
        assert (stages[one.id] == "matched") == ("robot" in text and "grasp" in text)


@pytest.mark.parametrize("made", [ABOUT, topic("t", query="diffusion"), topic("t", keywords=(Keyword("diffusion"),))])
def test_mute_always_wins(space, made):
    muted = topic("t", about=made.about, query=made.query, keywords=made.keywords, mute=("survey",))
    loud = paper(900, title="Diffusion Models as Zero-Shot Classifiers: A Survey", abstract=SUBJECTS["diffusion"])
    (one,) = judged(space, muted, [loud])
    assert one.stage == "muted"
    assert "survey" in one.detail


def test_the_not_of_a_query_always_wins(space):
    medical = paper(901, title="Diffusion Models as Zero-Shot Classifiers", abstract=SUBJECTS["diffusion"] + " medical")
    (one,) = judged(space, topic("t", about=ABOUT.about, query="diffusion NOT medical"), [medical])
    assert one.stage == "excluded"
    assert "medical" in one.detail


def test_papers_that_the_reader_names_are_no_news_to_them(space, store):
    (liked,) = judged(space, topic("t", like=("x",)), store[:1], liked=store[:1])
    (unliked,) = judged(space, topic("t", about=ABOUT.about), store[:1], unliked=store[:1])
    assert "matched" not in (liked.stage, unliked.stage)


def test_what_the_reader_does_not_like_counts_against_its_kind(space, store):
    without = judged(space, ABOUT, store[5:15])
    against = judged(space, ABOUT, store[5:15], unliked=store[:5])
    assert sum(one.match.probability for one in against) < sum(one.match.probability for one in without)


@pytest.mark.parametrize("name", ["Alexei A. Efros", "A. Efros", "alexei efros"])
def test_an_author_is_followed_under_any_form_of_the_name(space, name):
    theirs = paper(902, title="On Something Else", abstract="Nothing to see.", authors=("Alexei A. Efros",))
    (one,) = judged(space, topic("t", authors=(name,)), [theirs])
    assert one.stage == "matched"
    assert one.match.reasons[0].kind == "author"


def test_a_query_beside_a_description_is_evidence_and_no_filter(space, store):
    both = topic("t", about=ABOUT.about, query="tactile")
    found = {one.match.paper_id for one in judged(space, both, store) if one.stage == "matched"}
    assert found & set(range(1, 16))


def test_a_threshold_of_the_reader_is_kept(space, store):
    strict = judged(space, topic("t", about=ABOUT.about, threshold=0.9), store)
    assert all((one.stage == "matched") == (one.match.probability >= 0.9) for one in strict)
    assert all(one.threshold == 0.9 for one in strict)


def test_more_precision_means_a_higher_threshold(space, store):
    thresholds = [
        judged(space, topic("t", about=ABOUT.about, precision=p), store[:1])[0].threshold for p in (0.5, 0.7, 0.9)
    ]
    assert thresholds == sorted(thresholds)
    assert thresholds[0] < thresholds[-1]


def test_probabilities_and_shares_are_what_they_claim(space, store):
    made = topic("t", about=ABOUT.about, query="diffusion", keywords=(Keyword("zero-shot"),))
    for one in judged(space, made, store):
        assert 0 <= one.match.probability <= 1
        assert sum(reason.share for reason in one.match.reasons) <= 1.01
        if one.stage == "matched":
            assert one.match.reasons


def test_reasons_are_words_that_the_paper_or_the_profile_prints(space, store):
    matched = [one for one in judged(space, ABOUT, store) if one.stage == "matched"]
    known = {one.id: f"{one.title} {one.abstract}".lower() for one in store}
    for one in matched:
        for reason in one.match.reasons:
            if reason.kind == "phrase":
                assert all(word in known[one.match.paper_id] for word in reason.text.lower().split())


def test_the_same_papers_give_the_same_judgements_whatever_their_order(store):
    first = judged(build_space(store), ABOUT, store)
    second = judged(build_space(store[::-1]), ABOUT, store)
    assert first == second


@pytest.mark.parametrize("about", ["the of and", "x", "Диффузионные модели", "!!!"])
def test_k17_a_description_that_says_little_judges_and_does_not_crash(space, store, about):
    assert len(judged(space, topic("t", about=about), store)) == len(store)


@pytest.mark.parametrize("number", [0, 1, 8])
def test_it_works_on_the_first_day(number):
    known = papers("diffusion", number)
    one = judged(build_space(known), ABOUT, [*known, *papers("robots", 3, 500)])
    assert len(one) == number + 3
    assert all(not (judgement.stage == "matched" and judgement.match.paper_id > 500) for judgement in one)
