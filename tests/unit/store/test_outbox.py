"""Finished mails and what becomes of them."""

from dataclasses import replace
from datetime import timedelta

import pytest

from monitor.errors import ConflictError
from monitor.store import digests, mails, outbox, suppressions
from monitor.store.tables import PaperRow, PlacementRow, VerdictRow
from monitor.testing import NOON, envelope
from monitor.types.ledger import Bounce, Settlement
from tests.plans import plans_of

SOON = NOON + timedelta(minutes=20)
HOUR = timedelta(hours=1)


def daily(state, number):
    day = NOON.date() + timedelta(days=number)
    return digests.Composed(state.id, day, "daily", NOON, fingerprint="f", subject="s", state="queued")


def queue(store, *numbers, recipient="ada@example.org", profile="ada", tree=None, priority=0):
    with store.write() as session:
        state = digests.begin(session, profile, recipient, NOON)
        for number in numbers:
            (digest,) = digests.add(session, [daily(state, number)])
            mail = outbox.Finished.of(envelope(number, recipient=recipient), tree=tree, priority=priority)
            outbox.add(session, {digest: mail}, NOON)
    return state


@pytest.fixture
def queued(store):
    """One mail in the outbox."""
    queue(store, 1)
    return store


def claims(store, now=NOON, most=10, holder="us"):
    with store.write(alone=False) as session:
        return outbox.claim(session, holder, now, now + timedelta(minutes=20), most)


def claim(store, now=NOON, holder="us"):
    return next(iter(claims(store, now, holder=holder)), None)


def settle(store, claimed, state, at=NOON, next_at=SOON, **more):
    with store.write() as session:
        return outbox.settle(session, [Settlement(claimed, state, at, "250", "ok", next_at, **more)])


def listed(store):
    with store.read() as session:
        return mails.listed(session)


def test_what_is_claimed_is_byte_for_byte_what_was_queued(queued):
    assert claim(queued).envelope == envelope()


def test_a_claimed_mail_is_nobody_elses(queued):
    claim(queued)
    assert claims(queued) == []


def test_many_are_claimed_at_once_oldest_first_and_no_more_than_asked_for(store):
    queue(store, *range(5))
    assert [one.outbox_id for one in claims(store, most=3)] == [1, 2, 3]
    assert [one.outbox_id for one in claims(store, most=3)] == [4, 5]


def test_a_claim_that_ran_out_is_due_again_and_counts_its_attempt(queued):
    claim(queued)
    assert claim(queued, SOON).attempts == 2


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_the_only_program_frees_the_claims_of_one_that_died(queued):
    claim(queued)
    with queued.write() as session:
        assert outbox.release_claims(session) == 1
    assert claim(queued).attempts == 2


def start_again(store):
    """What a program does first after the last one died: where it may not be alone, claims have to run out."""
    with store.write() as session:
        outbox.release_claims(session)


def test_c22_a_mail_on_which_the_program_died_three_times_is_held_and_the_others_go_on(store):
    queue(store, 1, 2)
    for number in range(3):
        assert claims(store, NOON + number * HOUR, most=1)[0].outbox_id == 1
        start_again(store)
    assert [one.outbox_id for one in claims(store, NOON + 3 * HOUR)] == [2]
    assert [mail.state for mail in listed(store)] == ["claimed", "held"]
    with store.read() as session:
        held = mails.receipts(session, 1)[-1]
    why = "three times the program ended while it had this mail; look at it, then `monitor outbox release 1`"
    assert (held.outcome, held.at, held.text) == ("held", NOON + 3 * HOUR, why)


def test_an_answer_forgets_the_deaths_before_it(queued):
    for number in range(2):
        claim(queued, NOON + number * HOUR)
        start_again(queued)
    settle(queued, claim(queued, NOON + 2 * HOUR), "queued", next_at=NOON)
    for number in (3, 4):
        claim(queued, NOON + number * HOUR)
        start_again(queued)
    assert claim(queued, NOON + 5 * HOUR) is not None


def test_a_mail_that_was_held_and_let_go_may_break_two_programs_again(queued):
    for number in range(3):
        claim(queued, NOON + number * HOUR)
        start_again(queued)
    assert claim(queued, NOON + 3 * HOUR) is None
    with queued.write() as session:
        assert mails.move(session, [1], "queued", out_of=["held"]) == [1]
    for number in range(4, 6):
        assert claim(queued, NOON + number * HOUR)
        start_again(queued)
    assert claim(queued, NOON + 6 * HOUR)


def test_claims_that_are_given_back_were_never_attempts(queued):
    claimed = claim(queued)
    with queued.write() as session:
        outbox.give_back(session, [claimed])
    assert claim(queued).attempts == 1


def test_what_became_of_a_mail_is_written_by_the_holder_of_its_claim_alone(queued):
    slow = claim(queued, holder="slow")
    quick = claim(queued, SOON, holder="quick")
    assert settle(queued, slow, "failed", returned=True, bounced=True).lost == (slow,)
    with queued.write() as session:
        assert outbox.give_back(session, [slow]) == (slow,)
    assert [(mail.state, mail.attempts) for mail in listed(queued)] == [("claimed", 2)]
    assert settle(queued, quick, "sent").lost == ()
    assert settle(queued, slow, "queued", next_at=NOON).lost == (slow,)
    assert [mail.state for mail in listed(queued)] == ["sent"]
    with queued.read() as session:
        assert [one.outcome for one in mails.receipts(session, 1)] == ["sent"]
        assert not suppressions.of_all(session)


def test_a_claim_that_is_renewed_does_not_run_out(queued):
    claim(queued)
    with queued.write() as session:
        assert outbox.renew(session, "others", SOON + HOUR) == 0
        assert outbox.renew(session, "us", SOON + HOUR) == 1
    assert claim(queued, SOON, holder="others") is None
    assert claim(queued, SOON + HOUR, holder="others") is not None


def room_for(store, most, **room):
    with store.write() as session:
        limits = {name.replace("_", "."): number for name, number in room.items()}
        return [one.outbox_id for one in outbox.claim(session, "us", NOON, SOON, most, room=limits)]


def test_no_more_mails_are_claimed_than_their_domains_have_room_for(store):
    queue(store, 1, 2, 3, recipient="ada@One.example")
    queue(store, 4, 5, recipient="ada@two.example")
    queue(store, 6, recipient="ada@none.example")
    assert room_for(store, 9, one_example=2, none_example=0) == [1, 2, 4, 5]
    assert room_for(store, 9, one_example=1, none_example=0) == [3]


def test_mails_for_which_there_is_no_room_hold_up_no_others(store):
    queue(store, 1, 2, 3, recipient="ada@full.example")
    queue(store, 4, recipient="ada@free.example")
    assert room_for(store, 1, full_example=0) == [4]


def test_a_mail_leaves_by_its_own_channel_alone(store):
    with store.write() as session:
        state = digests.begin(session, "ada", "ada@example.org", NOON)
        (digest,) = digests.add(session, [daily(state, 1)])
        outbox.add(session, {digest: outbox.Finished.of(envelope(1), channel="folder")}, NOON)
    assert claims(store) == []
    with store.write() as session:
        assert outbox.channels_with_due(session, NOON) == ["folder"]
        assert len(outbox.claim(session, "us", NOON, SOON, 9, channel="folder")) == 1


def test_mails_of_a_higher_priority_leave_first(store):
    queue(store, 1, 2)
    queue(store, 3, priority=1)
    assert [one.outbox_id for one in claims(store)] == [3, 1, 2]


@pytest.mark.parametrize(
    ("state", "is_due"),
    [("sent", False), ("failed", False), ("suppressed", False), ("held", False), ("queued", True), ("uncertain", True)],
)
def test_only_what_is_not_done_is_due_again(queued, state, is_due):
    settle(queued, claim(queued), state, doubted=state == "uncertain")
    assert claim(queued, SOON - timedelta(seconds=1)) is None
    assert bool(claim(queued, SOON)) is is_due


def test_c14_a_mail_of_unknown_fate_is_given_out_once_more_and_no_third_time(queued):
    settle(queued, claim(queued), "uncertain", next_at=NOON, doubted=True)
    settle(queued, claim(queued), "uncertain", next_at=NOON, doubted=False)  # refused before the dot: no new doubt
    settle(queued, claim(queued), "uncertain", next_at=NOON, doubted=True)
    assert claim(queued, SOON) is None
    assert listed(queued)[0].attempts == 3


def test_there_can_be_no_second_digest_for_a_subscription_and_local_date(queued):
    with queued.read() as session:
        state = digests.subscription(session, "ada", "ada@example.org")
    assert state is not None
    with pytest.raises(ConflictError), queued.write() as session:
        digests.add(session, [daily(state, 2), daily(state, 1)])
    with queued.read() as session:
        assert digests.tally(session) == {"queued": 1}


# --- recipients who get no mail ------------------------------------------------------------------------------------


def suppress(store, recipient="Ada@Example.org", **where):
    with store.write() as session:
        return suppressions.add(session, recipient, NOON, "unsubscribed", **where)


@pytest.mark.parametrize("profile", ["", "ada"])
def test_w22_a_queued_mail_of_a_suppressed_recipient_does_not_leave(queued, profile):
    assert suppress(queued, profile=profile)
    assert claims(queued) == []
    mail = listed(queued)[0]
    assert (mail.state, mail.attempts) == ("suppressed", 0)
    with queued.read() as session:
        (receipt,) = mails.receipts(session, 1)
    assert (receipt.outcome, receipt.at) == ("suppressed", NOON)
    assert receipt.text == "ada@example.org gets no mail since 2026-03-04 (unsubscribed)"


def test_a_suppression_of_one_profile_leaves_the_others(queued):
    suppress(queued, profile="bea")
    assert claim(queued) is not None


def test_suppressing_twice_is_no_news_and_lifting_ends_it(queued):
    assert suppress(queued)
    assert not suppress(queued, "ada@example.org")
    with queued.write() as session:
        assert suppressions.lift(session, "ADA@example.org")
        assert not suppressions.lift(session, "ada@example.org")
    assert claim(queued) is not None


def bounce(store, number, at=NOON, kind="hard"):
    with store.write() as session:
        return suppressions.note_bounce(session, Bounce("Ada@example.org", kind, at, "550 gone", f"report {number}"))


def test_s19_three_hard_bounces_suspend_a_recipient(store):
    assert [bounce(store, number, NOON + number * HOUR) is not None for number in range(3)] == [False, False, True]
    with store.read() as session:
        assert [one.reason for one in suppressions.of_all(session)] == ["bounced"]


def test_s19_two_hard_bounces_a_week_apart_suspend_a_recipient(store):
    assert bounce(store, 1) is None
    assert bounce(store, 2, NOON + timedelta(days=7)) is not None


def test_a_bounce_read_twice_counts_once(store):
    assert [bounce(store, 1) for _ in range(5)] == [None] * 5


def test_soft_bounces_and_old_ones_suspend_nobody(store):
    assert not any(bounce(store, number, kind="soft") for number in range(9))
    assert not any(bounce(store, 10 + number, NOON + timedelta(days=31 * number)) for number in range(4))


def test_a_complaint_suppresses_at_once(store):
    assert bounce(store, 1, kind="complaint").reason == "complained"


def test_s19_a_refused_recipient_counts_as_a_bounce_and_the_third_suspends(store):
    queue(store, 1, 2, 3)
    found = [settle(store, one, "failed", bounced=True) for one in claims(store)]
    assert [len(one.suppressions) for one in found] == [0, 0, 1]


def test_mails_that_arrived_or_failed_for_other_reasons_are_no_bounces(store):
    queue(store, 1, 2, 3, 4, 5, 6)
    for one in claims(store, most=3):
        settle(store, one, "sent")
    for one in claims(store):
        settle(store, one, "failed")
    with store.read() as session:
        assert not suppressions.of_all(session)


# --- what did not leave --------------------------------------------------------------------------------------------


def test_s20_what_has_not_left_when_the_next_digest_is_due_is_withdrawn_and_its_papers_wait_again(store):
    state = queue(store, 1)
    settle(store, claim(store), "queued", next_at=SOON)
    with store.write() as session:
        assert outbox.withdraw(session, state.id, SOON) == 1
        assert outbox.withdraw(session, state.id, SOON) == 0
    assert listed(store)[0].state == "failed"
    with store.read() as session:
        assert digests.tally(session) == {"withdrawn": 1}
        _, last = mails.receipts(session, 1)
    why = "it did not leave before the next digest was due, and its papers went into that one"
    assert (last.outcome, last.at, last.text) == ("failed", SOON, why)


def test_of_subscriptions_those_are_late_of_which_a_mail_has_certainly_not_left(store):
    readers = [queue(store, number, recipient=f"{number}@example.org").id for number in range(5)]
    first, second, third, fourth, _ = claims(store)
    settle(store, first, "queued")
    settle(store, second, "uncertain", doubted=True)
    settle(store, third, "sent")
    settle(store, fourth, "queued", doubted=True)  # it may have arrived
    with store.read() as session:
        assert outbox.late(session, readers, NOON.date()) == {readers[0]}
        assert outbox.late(session, readers[1:], NOON.date()) == set()
        assert outbox.late(session, readers, NOON.date() + timedelta(days=1)) == set()


def test_who_is_late_is_found_by_their_digests_however_many_mails_wait(store):
    if store._engine.dialect.name != "sqlite":
        pytest.skip("the plan of a server follows its statistics")

    def ask():
        with store.read() as session:
            outbox.late(session, [1, 2], NOON.date())

    (steps,) = plans_of(store, ask).values()
    assert not [step for step in steps if "ix_outbox_state" in step or step.startswith("SCAN")]


def placed(store, digest_id):
    """Write a paper that went into a digest."""
    with store.write() as session:
        session.add(PaperRow(id=1, key="k", title="t", abstract="a", first_seen=NOON))
        session.flush()
        session.add(VerdictRow(id=1, paper_id=1, kind="new", at=NOON))
        session.flush()
        session.add(
            PlacementRow(
                subscription_id=1, verdict_id=1, paper_id=1, digest_id=digest_id, reason="sent", placed_at=NOON
            )
        )  # fmt: skip


def waits_again(store):
    with store.read() as session:
        return session.get(PlacementRow, (1, 1)) is None


def test_the_papers_of_a_withdrawn_digest_wait_for_the_next_and_those_of_others_do_not(store):
    state = queue(store, 1)
    placed(store, digest_id=1)
    with store.write() as session:
        outbox.return_papers(session, 2)
    assert not waits_again(store)
    with store.write() as session:
        outbox.withdraw(session, state.id, SOON)
    assert waits_again(store)


@pytest.mark.parametrize("returned", [True, False])
def test_a_settlement_says_whether_the_papers_wait_again(queued, returned):
    placed(queued, digest_id=1)
    settle(queued, claim(queued), "failed", returned=returned)
    assert waits_again(queued) == returned
    with queued.read() as session:
        assert digests.tally(session) == ({"withdrawn": 1} if returned else {"queued": 1})


def test_what_was_no_attempt_leaves_no_receipt_and_does_not_count(store):
    queue(store, 1, 2)
    first, second = claims(store)
    with store.write() as session:
        settled = [Settlement(one, "queued", NOON, "", "rests", NOON, counted=one is second) for one in (first, second)]
        outbox.settle(session, settled)
    with store.read() as session:
        assert [len(mails.receipts(session, number)) for number in (1, 2)] == [0, 1]
    assert [one.attempts for one in claims(store)] == [1, 2]


@pytest.mark.parametrize(("fields", "alone"), [({}, False), ({"bounced": True}, True), ({"returned": True}, True)])
def test_who_may_suppress_a_reader_or_return_papers_needs_the_turn_to_write(queued, fields, alone):
    plain = Settlement(claim(queued), "sent", NOON, "250", "ok", NOON)
    assert outbox.needs_turn([plain, Settlement(plain.claim, "failed", NOON, "", "no", NOON, **fields)]) == alone


def test_of_claims_that_are_given_back_those_of_others_are_told(store):
    queue(store, 1, 2)
    ours, lost = claims(store)
    settle(store, lost, "sent")
    with store.write() as session:
        assert outbox.give_back(session, [ours, lost]) == (lost,)


def test_mails_are_counted_by_state_and_the_last_answers_but_successes_are_told_newest_first(store):
    queue(store, 1, 2, 3)
    for one, state in zip(claims(store), ("sent", "failed", "uncertain"), strict=True):
        settle(store, one, state)
    with store.read() as session:
        assert outbox.tally(session) == {"sent": 1, "failed": 1, "uncertain": 1}
        assert [state for _, state, _ in outbox.last_answers(session, 9)] == ["uncertain", "failed"]
        assert outbox.last_answers(session, 1) == [("ada@example.org", "uncertain", "ok")]


def test_what_is_due_is_counted_and_named_without_being_taken(store):
    queue(store, 1, 2, 3)
    settle(store, claims(store, most=1)[0], "queued", next_at=SOON)
    with store.read() as session:
        assert outbox.due(session, NOON, 9) == [2, 3]
        assert outbox.due(session, SOON, 2) == [1, 2]
        assert outbox.due(session, SOON, 9, channel="other") == []
        assert (outbox.count_due(session, NOON), outbox.count_due(session, SOON)) == (2, 3)
        assert outbox.channels_with_due(session, NOON) == [""]


def test_what_may_have_arrived_is_never_withdrawn(store):
    state = queue(store, 1, 2)
    first, _ = claims(store)
    settle(store, first, "uncertain", doubted=True)
    with store.write() as session:
        assert outbox.withdraw(session, state.id, SOON) == 0


@pytest.mark.parametrize("freed", ["by the next start", "by time"])
def test_c15_what_a_killed_program_had_is_never_withdrawn(queued, freed):
    claim(queued)
    with queued.write() as session:
        if freed == "by time":
            outbox.park(session, NOON + HOUR)
        else:
            outbox.release_claims(session)
    with queued.write() as session:
        assert outbox.withdraw(session, 1, NOON + HOUR) == 0
    assert claim(queued, NOON + HOUR).doubts == 1


def test_bytes_are_let_go_only_where_they_can_be_drawn_again(queued):
    queue(queued, 2, tree=b"{}")
    for one in claims(queued):
        settle(queued, one, "sent")
    with queued.write() as session:
        assert outbox.drop_contents(session, NOON) == 0
        assert outbox.drop_contents(session, SOON) == 1
    second, first = listed(queued)
    assert (first.kept, second.kept) == (True, False)
    assert second.fingerprint == outbox.fingerprint(envelope(2).content)
    with queued.read() as session:
        assert mails.envelope(session, 1) == envelope(1)
        assert mails.envelope(session, 2) == replace(envelope(2), content=b"")


@pytest.mark.parametrize(
    ("state", "dropped"), [("failed", 1), ("sent", 1), ("suppressed", 1), ("uncertain", 0), ("queued", 0), ("held", 0)]
)
def test_bytes_are_let_go_only_of_mails_that_are_done(store, state, dropped):
    queue(store, 1, tree=b"{}")
    settle(store, claim(store), state)
    with store.write() as session:
        assert outbox.drop_contents(session, SOON) == dropped


def test_whoever_claims_more_keeps_what_it_has_as_long(store):
    queue(store, 1, 2)
    with store.write(alone=False) as session:
        assert len(outbox.claim(session, "us", NOON, NOON + HOUR, 1)) == 1
        assert len(outbox.claim(session, "us", NOON, NOON + 2 * HOUR, 1)) == 1
        assert outbox.due(session, NOON + HOUR, 9) == []
        assert outbox.due(session, NOON + 2 * HOUR, 9) == [1, 2]


def test_a_receipt_holds_what_the_channel_answered(queued):
    settle(queued, claim(queued), "sent", at=SOON)
    with queued.read() as session:
        (receipt,) = mails.receipts(session, 1)
    assert (receipt.at, receipt.outcome, receipt.code, receipt.text) == (SOON, "sent", "250", "ok")
