"""Which papers a digest holds, and where the others went."""

from dataclasses import replace
from datetime import date, timedelta

from monitor.digest.facts import Facts
from monitor.digest.select import FRESH, select
from monitor.testing import NOON, paper, profile
from monitor.types.ledger import Candidate, NearMiss
from monitor.types.verdicts import Match, Verdict


def candidate(number, probability=0.8, kind="new", of=None, at=NOON, verdict_id=None):
    verdict = Verdict(number, kind, at, id=verdict_id or number, of=of)
    return Candidate(verdict, paper(number), (Match(number, "t", probability),), paper(of) if of else None)


def facts(*candidates, **fields):
    return Facts(profile(**fields.pop("profile", {})), "ada@example.org", NOON, date(2026, 3, 4), candidates, **fields)


def fates(selection):
    return {one.verdict_id: one.reason for one in selection.placements}


def test_the_likeliest_papers_come_first_within_the_budget_and_the_rest_waits():
    chosen = select(facts(candidate(1, 0.5), candidate(2, 0.9), candidate(3, 0.7), profile={"budget": 2}))
    assert [one.paper.id for one in chosen.chosen] == [2, 3]
    assert chosen.waiting == 1
    assert fates(chosen) == {2: "sent", 3: "sent"}


def test_a_paper_over_budget_waits_until_it_is_stale_and_then_has_a_reason():
    stale = NOON - FRESH - timedelta(seconds=1)
    selection = select(facts(candidate(1, 0.9), candidate(2, 0.5, at=stale), profile={"budget": 1}))
    assert fates(selection) == {1: "sent", 2: "over budget"}
    assert selection.waiting == 0


def test_a_paper_that_this_person_was_sent_does_not_come_again():
    assert fates(select(facts(candidate(1), sent={1: NOON}))) == {1: "already sent"}


def test_a_copy_of_a_paper_that_was_sent_is_withheld_and_told():
    selection = select(facts(candidate(2, kind="near_duplicate", of=1), sent={1: NOON}))
    assert fates(selection) == {2: "copy"}
    assert [one.paper.id for one in selection.again] == [2]


def test_a_copy_beside_its_original_is_withheld_however_likely_it_is():
    selection = select(facts(candidate(2, 0.99, kind="near_duplicate", of=1), candidate(1, 0.4)))
    assert fates(selection) == {1: "sent", 2: "copy"}


def test_a_copy_whose_original_the_reader_never_had_comes():
    assert fates(select(facts(candidate(2, kind="near_duplicate", of=1)))) == {2: "sent"}


def revision(**fields):
    return facts(candidate(1, kind="revised", verdict_id=9), **fields)


def test_a_revision_comes_to_whom_the_paper_was_sent():
    assert fates(select(revision(sent={1: NOON}))) == {9: "sent"}
    assert fates(select(revision())) == {9: "revision not wanted"}


def test_the_profile_may_want_all_revisions_or_none():
    assert fates(select(revision(profile={"revisions": "all"}))) == {9: "sent"}
    assert fates(select(revision(sent={1: NOON}, profile={"revisions": "none"}))) == {9: "revision not wanted"}


def test_a_paper_revised_before_it_was_sent_comes_once_as_new():
    selection = select(facts(candidate(1), candidate(1, kind="revised", verdict_id=9)))
    assert fates(selection) == {1: "sent", 9: "already sent"}


def test_every_candidate_is_chosen_placed_or_waiting():
    many = [
        candidate(n, n / 100, kind="near_duplicate" if n % 3 == 0 else "new", of=n - 1 if n % 3 == 0 else None)
        for n in range(1, 40)
    ]
    selection = select(facts(*many, sent={5: NOON, 8: NOON}, profile={"budget": 7}))
    assert len(selection.placements) + selection.waiting == len(many)
    assert len(selection.chosen) == 7


def story(number, score, probability=0.8, verdict_id=None):
    made = candidate(number, probability, verdict_id=verdict_id)
    return replace(made, verdict=replace(made.verdict, first_story=score, nearest=70), nearest=paper(70))


def test_the_papers_unlike_all_before_them_stand_further_up_where_a_profile_wants_it():
    papers = story(1, 0.1, 0.8), story(2, 0.99, 0.7), story(3, 0.99, 0.5)
    assert [one.paper.id for one in select(facts(*papers)).chosen] == [1, 2, 3]
    boosted = select(facts(*papers, profile={"boost": "first_story"}))
    assert [one.paper.id for one in boosted.chosen] == [2, 1, 3]


def test_a_profile_that_wants_first_stories_alone_gets_no_other_and_its_revisions():
    papers = story(1, 0.94), story(2, 0.95), candidate(3), candidate(4, kind="revised")
    selection = select(facts(*papers, profile={"first_story": 0.95, "revisions": "all"}))
    assert fates(selection) == {1: "no first story", 2: "sent", 3: "no first story", 4: "sent"}


def test_what_is_unusual_for_its_topic_is_a_first_story_too():
    usual = {"t": [number / 100 for number in range(60)]}
    assert facts(stories=usual).first_story(story(1, 0.7)) == 1.0
    assert facts(stories=usual).first_story(story(1, 0.3)) == 30.5 / 60
    assert facts(stories={"t": usual["t"][:29]}).first_story(story(1, 0.7)) == 0.7


def test_only_the_first_of_its_kind_today_is_called_so():
    assert select(facts(story(1, 0.96), story(2, 0.99), story(3, 0.5))).first_story == 2
    assert select(facts(story(1, 0.94))).first_story is None
    assert select(facts(candidate(1))).first_story is None


def near(number, probability=0.45, topic="t", threshold=0.5):
    return NearMiss(paper(number), topic, probability, threshold)


def test_the_three_nearest_of_what_fell_just_short_are_named_each_once():
    short = (near(1, 0.4), near(2, 0.49), near(3, 0.45), near(4, 0.48), near(4, 0.3, "u"), near(5, 0.85, "v", 0.9))
    assert [(one.paper.id, one.topic) for one in select(facts(near=short)).near] == [(2, "t"), (4, "t"), (3, "t")]


def test_what_the_reader_knows_from_elsewhere_is_no_near_miss():
    unwanted = candidate(3)
    selection = select(facts(candidate(1), near=tuple(map(near, range(1, 5))), sent={2: NOON}, unwanted=(unwanted,)))
    assert [one.paper.id for one in selection.near] == [4]


def test_nothing_is_a_near_miss_while_papers_that_matched_wait():
    assert select(facts(candidate(1), near=(near(5),), profile={"budget": 1})).near
    assert not select(facts(candidate(1), candidate(2), near=(near(5),), profile={"budget": 1})).near
