"""What a digest says: subject, contents, receipt, reasons."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from monitor.digest import phrases
from monitor.digest.compose import compose, edition, has_something
from monitor.digest.facts import Facts
from monitor.digest.select import select
from monitor.links import Links
from monitor.testing import NOON, paper, profile, topic
from monitor.types.digests import Chart, Contents, Heading, Note, Own, PaperCard, PaperLine
from monitor.types.feedback import FeedbackKind, Withheld
from monitor.types.ledger import Batch, Candidate, SourceHealth
from monitor.types.papers import Picked
from monitor.types.verdicts import Change, Match, Reason, Trend, Verdict
from monitor.words import speak

DAY = date(2026, 3, 4)
TREND = Trend("term", "keel tokens", DAY, 6, 0.4, 0.01, 3, series=(0, 0, 2, 2, 2), paper_ids=(1, 2))


def candidate(number, topic_name="diffusion", probability=0.8, kind="new", **verdict):
    made = Verdict(number, kind, NOON, id=number, **verdict)
    of = paper(verdict["of"]) if verdict.get("of") else None
    return Candidate(made, paper(number), (Match(number, topic_name, probability, (Reason("query", "ddpm"),)),), of)


def composed(*candidates, **fields):
    reader = profile(topic("diffusion"), topic("robots"), **fields.pop("profile", {}))
    facts = Facts(reader, "ada@example.org", NOON, DAY, candidates, **fields)
    return compose(facts, select(facts), {1: "A summary."})


def blocks(digest, kind):
    return [block for section in digest.sections for block in section.blocks if isinstance(block, kind)]


def test_the_subject_says_what_is_inside():
    digest = composed(
        candidate(1), candidate(2), candidate(3, kind="revised"), sent={3: NOON}, trends=(TREND,), trend_papers={}
    )
    assert digest.subject == "2 new on diffusion, 1 revised, “keel tokens” is rising"


def test_a_subject_fits_whatever_the_topics_are_called():
    reader = profile(topic("t" * 200), trends="digest")
    facts = Facts(reader, "a@example.org", NOON, DAY, (candidate(1, "t" * 200),), trends=(TREND,))
    assert len(compose(facts, select(facts), {}).subject) <= 78


def test_a_quiet_day_says_how_much_was_read():
    digest = composed(batches=(Batch("hf", DAY, 20, 20, 20, 0, 0, NOON),))
    assert digest.subject.startswith("Nothing new for ")
    (note,) = blocks(digest, Note)
    assert "20 listed papers were read" in note.text


def test_a_day_without_any_listing_says_so():
    assert "No source listed anything" in blocks(composed(), Note)[0].text


def test_papers_stand_under_their_topics_in_the_profiles_order():
    digest = composed(candidate(1, "robots", 0.99), candidate(2, "diffusion", 0.5))
    assert [block.text for block in blocks(digest, Heading)] == ["Diffusion", "Robots"]
    assert [card.title for card in blocks(digest, PaperCard)] == [paper(2).title, paper(1).title]


def test_a_revision_tells_what_changed_in_the_order_of_interest():
    change = Change(
        "Old", "New", added=("More.",), edited=(("It takes 4 steps.", "It takes 2 steps."),), numbers=(("4", "2"),)
    )
    (card,) = blocks(composed(candidate(1, kind="revised", change=change), sent={1: NOON}), PaperCard)
    assert [diff.label for diff in card.changes] == ["Title", "Numbers", "Added", "Reworded"]
    assert ("added", "2") in [(edit.kind, edit.text) for edit in card.changes[3].edits]


def reworded(*pairs):
    (card,) = blocks(composed(candidate(1, kind="revised", change=Change(edited=pairs)), sent={1: NOON}), PaperCard)
    return card.changes


def test_a_revision_shows_the_sentences_that_changed_most_and_counts_the_repairs():
    repairs = [(f"It is {word} good.", f"It is {word} fine.") for word in ("a", "b", "c")]
    large = ("One two three four five six seven.", "One two three nine ten eleven seven.")
    figure = ("It takes 4 steps in all.", "It takes 2 steps in all.")
    first, second, more = reworded(*repairs, large, figure)
    gone = [[edit.text for edit in diff.edits if edit.kind == "removed"] for diff in (first, second)]
    assert gone == [["four five six"], ["4"]]
    assert more.edits[0].text == "3 further sentences changed"
    assert len(reworded(repairs[0])) == 1


def test_a_sentence_with_little_left_of_it_stands_beside_the_new_one():
    ((old, _, new),) = (
        diff.edits for diff in reworded(("We map the drift of old clocks.", "Bees love the clover of rain."))
    )
    assert (old.kind, old.text, new.kind) == ("removed", "We map the drift of old clocks.", "added")


def test_a_withheld_copy_is_named_with_its_original():
    (line,) = blocks(
        composed(candidate(2, kind="near_duplicate", of=1, evidence="same authors"), sent={1: NOON}), PaperLine
    )
    assert paper(1).title in line.note
    assert "same authors" in line.note


def test_a_trend_is_told_with_counts_unless_the_profile_wants_none():
    (chart,) = blocks(composed(trends=(TREND,)), Chart)
    assert chart.note == "6 papers in the last 3 listing days, where 0.4 were to be expected."
    assert blocks(composed(trends=(TREND,), profile={"trends": "none"}), Chart) == []


def test_what_counts_as_something():
    facts = Facts(profile(), "a@example.org", NOON, DAY)
    assert not has_something(facts, select(facts))


def test_the_first_digest_says_that_little_is_known_until_enough_papers_are_named():
    def notes(named, **fields):
        wanted = tuple(f"2603.{number:05d}" for number in range(named))
        reader = profile(topic("t", like=wanted, query="x"))
        facts = Facts(reader, "ada@example.org", NOON, DAY, **fields)
        return " ".join(compose(facts, select(facts), {}).receipt.notes)

    assert "Not enough to be sure yet" in notes(19)
    assert "some 20 papers" in notes(0)
    assert "Not enough" not in notes(20)
    assert "Not enough" not in notes(0, since=NOON)


def receipt(**fields):
    return [(line.source, line.batch, line.text, line.state) for line in composed(**fields).receipt.lines]


def test_the_receipt_counts_what_was_announced_and_read():
    batch = Batch("hf", DAY, 20, 18, 10, 1, 1, NOON)
    text = "20 announced, 18 read: 10 new, 1 revised, 1 near-duplicate, 6 seen before"
    assert receipt(batches=(batch,)) == [("hf", "Wed 4 Mar", text, "late")]


def test_empty_batches_share_a_line_and_many_full_ones_too():
    days = [DAY + timedelta(days=n) for n in range(7)]
    full = tuple(Batch("hf", day, 2, 2, 2, 0, 0, NOON) for day in days[:5])
    empty = tuple(Batch("hf", day, 0, 0, 0, 0, 0, NOON) for day in days[5:])
    assert receipt(batches=full + empty) == [
        ("hf", "Wed 4 Mar to Sun 8 Mar", "5 batches, 10 announced, 10 read: 10 new", "ok"),
        ("hf", "", "nothing announced on Mon 9 Mar and Tue 10 Mar", "ok"),
    ]


def test_a_suspect_and_a_missed_batch_are_late_and_say_why():
    suspect = Batch("hf", DAY, 2, 2, 2, 0, 0, NOON, state="suspect", note="2 papers where 20 are usual")
    missed = Batch("hf", DAY - timedelta(days=1), 0, 0, 0, 0, 0, NOON, state="missed", note="missed; asked for later")
    assert receipt(batches=(missed, suspect)) == [
        ("hf", "Tue 3 Mar", "missed; asked for later", "late"),
        ("hf", "Wed 4 Mar", "2 announced, 2 read: 2 new (2 papers where 20 are usual)", "late"),
    ]


def test_a_holiday_is_named_and_a_weekend_is_not():
    days = {date(2026, 3, 7): "Saturday", date(2026, 3, 9): "a holiday: Moon Day"}
    silent = tuple(Batch("arxiv", day, 0, 0, 0, 0, 0, NOON, state="silent", note=note) for day, note in days.items())
    assert receipt(batches=silent) == [
        ("arxiv", "", "nothing announced on Sat 7 Mar and Mon 9 Mar (a holiday: Moon Day)", "ok")
    ]


def test_what_came_late_is_said_and_the_past_is_no_part_of_the_receipt():
    late = Batch("hf", DAY, 5, 5, 5, 0, 0, NOON, late=5)
    mixed = Batch("hf", DAY + timedelta(days=1), 5, 5, 5, 0, 0, NOON, past=2)
    past = Batch("hf", DAY - timedelta(days=99), 300, 300, 300, 0, 0, NOON, past=300)
    assert [text for _, _, text, _ in receipt(batches=(past, late, mixed))] == [
        "5 announced, 5 read: 5 new, read late",
        "5 announced, 5 read: 3 new, 2 too old for news",
    ]


def test_a_late_paper_says_when_it_was_announced():
    late = candidate(1, arrival="late", listed_on=date(2026, 3, 2))
    (card,) = blocks(composed(late), PaperCard)
    assert card.badge.text == "Late, announced Mon 2 Mar"


def test_late_papers_have_a_section_of_their_own_behind_the_topics():
    late = candidate(1, arrival="late", listed_on=date(2026, 3, 2))
    digest = composed(late, candidate(2))
    named = {
        section.name: [one.title for one in section.blocks if isinstance(one, PaperCard)] for section in digest.sections
    }
    assert named["topics"] == [candidate(2).paper.title]
    assert named["late"] == [late.paper.title]
    assert [section.name for section in digest.sections][:3] == ["contents", "topics", "late"]
    assert [one.note for one in digest.sections[2].blocks if isinstance(one, Heading)] == [
        "1 paper that was announced earlier"
    ]


def test_a_topic_with_nothing_but_late_papers_is_not_quiet_and_leads_to_them():
    digest = composed(candidate(1, arrival="late", listed_on=date(2026, 3, 2)))
    (contents,) = blocks(digest, Contents)
    assert [(one.text, one.anchor) for one in contents.tallies][:1] == [("1 late", "late")]
    assert "topics" not in [section.name for section in digest.sections]


def test_a_card_says_who_listed_the_paper_when():
    picked = (Picked("arxiv", DAY), Picked("mirror", DAY), Picked("hf", DAY + timedelta(days=3), 40))
    (card,) = blocks(composed(candidate(1), picked={1: picked}), PaperCard)
    assert card.facts[0] == "arxiv, mirror, then hf 3 days later"


def test_a_failing_source_is_named_with_its_reason_and_since_when():
    failing = SourceHealth("arxiv", failures=3, failing_since=NOON - timedelta(hours=6), last_error="answered 503")
    assert receipt(health=(failing,)) == [("arxiv", "", "since Wed 4 Mar 06:00 (answered 503)", "failed")]


def test_a_source_that_was_read_long_ago_is_late():
    stale = SourceHealth("arxiv", last_ok_at=NOON - timedelta(days=2))
    assert receipt(health=(stale,)) == [("arxiv", "", "nothing new", "late")]


@pytest.mark.parametrize(
    ("reasons", "why"),
    [
        ([Reason("query", "ddpm", "title"), Reason("keyword", "mamba")], "you ask for “ddpm” in the title and “mamba”"),
        (
            [Reason("author", "Ada Lovelace"), Reason("like", "A Paper")],
            "you follow Ada Lovelace; close to what you like: “A Paper”",
        ),
        ([], "near what you describe"),
    ],
)
def test_reasons_are_told_in_the_readers_terms(reasons, why):
    assert phrases.why(speak("en"), Match(1, "t", 0.5, tuple(reasons))) == why


def test_reasons_of_many_kinds_are_told_rather_than_many_of_one():
    reasons = (
        *(Reason("query", f"q{n}") for n in range(5)),
        Reason("like", "A Paper"),
        Reason("author", "Ada"),
        Reason("about", "x"),
    )
    told = phrases.why(speak("en"), Match(1, "t", 0.9, reasons))
    assert told == "you ask for “q0” and “q1”; close to what you like: “A Paper”; you follow Ada"


def test_near_certainty_is_not_claimed_to_the_percent():
    assert phrases.likelihood(speak("en"), 0.999) == "almost surely yours, over 95%"
    assert phrases.likelihood(speak("en"), 0.5) == "probably yours, 50%"


def test_days_are_said_as_people_say_them():
    assert phrases.days(speak("en"), ("mon", "tue", "wed", "thu", "fri")) == "on weekdays"
    assert phrases.days(speak("en"), ("mon",)) == "on Mon"


LINKS = Links("https://papers.example.org", ("k" * 43,)).of_reader(7, NOON)


def test_cards_and_foot_lead_to_the_readers_own_pages():
    digest = composed(candidate(1), links=LINKS)
    (card,) = blocks(digest, PaperCard)
    assert [link.text for link in card.actions] == [
        "More like this",
        "Less like this",
        "Mute a word",
        "Follow an author",
    ]
    kinds: tuple[FeedbackKind, ...] = ("more", "less", "mute", "follow")
    assert [link.url for link in card.actions] == [f"own:{kind}/1" for kind in kinds]
    assert digest.own == tuple(Own(f"own:{kind}/1", LINKS.feedback(kind, 1)) for kind in kinds)
    assert [link.url for link in digest.links] == [LINKS.view, LINKS.preferences, LINKS.unsubscribe]
    assert digest.unsubscribe == LINKS.unsubscribe


def test_a_paper_that_names_nobody_has_nobody_to_follow():
    one, said = candidate(1), ["More like this", "Less like this", "Mute a word"]

    def actions(**names):
        (card,) = blocks(composed(replace(one, paper=replace(one.paper, **names)), links=LINKS), PaperCard)
        return [link.text for link in card.actions]

    assert actions(authors=()) == said
    assert actions(authors=(), institutions=("ETH Zurich",)) == [*said, "Follow an institution"]


def test_an_installation_without_pages_links_to_none():
    digest = composed(candidate(1))
    assert (blocks(digest, PaperCard)[0].actions, digest.links, digest.unsubscribe) == ((), (), "")


def test_what_all_are_told_names_no_reader():
    one = candidate(1)

    def known_of(name, **fields):
        reader = profile(topic("diffusion"), id=name, name=f"Papers of {name}", to=(f"{name}@example.org",))
        links = Links("https://papers.example.org", ("k" * 43,)).of_reader(len(name), NOON)
        known = {"links": links, "leave": f"mailto:{name}", **fields}
        return Facts(reader, f"{name}@example.org", NOON, DAY, (one,), **known)

    assert known_of("ada").shared == known_of("barbara").shared
    assert known_of("ada", sent={1: NOON}).shared != known_of("barbara").shared
    assert known_of("ada", links=None).shared != known_of("barbara").shared
    said = edition(known_of("ada").shared, select(known_of("ada").shared), {})
    assert "ada" not in repr((said.sections, said.receipt, said.subject, said.preheader))


def test_muted_words_and_experiments_are_a_profiles_own():
    def shared(**fields):
        reader = profile(topic("diffusion"), id="ada", **fields.pop("profile", {}))
        return Facts(reader, "ada@example.org", NOON, DAY, **fields).shared.profile.id

    assert shared() == ""
    assert shared(withheld=(Withheld("tides", 2, 7),)) == "ada"
    assert shared(profile={"experiment": ("linear2",)}) == "ada"


@pytest.mark.parametrize(
    ("authors", "places", "byline"),
    [
        (("Ada Bee",), ("Fog University",), "Ada Bee · Fog University"),
        (("A", "B", "C"), ("Fog University", "A Lab", "Lamps"), "A, B and 1 other · Fog University and 2 more"),
        ((), ("Fog University",), "Fog University"),
        ((), ("x" * 90,), "x" * 59 + "…"),
    ],
)
def test_a_card_names_where_the_paper_comes_from(authors, places, byline):
    assert phrases.byline(speak("en"), paper(1, authors=authors, institutions=places)) == byline


def test_an_institution_is_a_reason_in_words():
    reasons = (Reason("institution", "Google DeepMind"), Reason("author", "Ada"))
    assert phrases.why(speak("en"), Match(1, "t", 0.9, reasons)) == "from Google DeepMind; you follow Ada"
    assert phrases.why(speak("de"), Match(1, "t", 0.9, reasons)) == "von Google DeepMind; Sie folgen Ada"
