"""Finished mails and what becomes of them."""

from datetime import timedelta

import pytest

from monitor.errors import ConflictError
from monitor.store import digests, outbox
from monitor.testing import NOON, envelope

SOON = NOON + timedelta(minutes=20)


@pytest.fixture
def queued(store):
    """One mail in the outbox."""
    with store.write() as session:
        state = digests.begin(session, "ada", "ada@example.org", NOON)
        digest = digests.add(
            session, state.id, NOON.date(), "daily", NOON, fingerprint="f", subject="s", papers=1, state="queued"
        )
        outbox.add(session, digest, envelope(), NOON)
    return store


def claim(store, now=NOON):
    with store.write() as session:
        due = outbox.due(session, now, 10)
        return outbox.claim(session, due[0], now, now + timedelta(minutes=20)) if due else None


def test_what_is_claimed_is_byte_for_byte_what_was_queued(queued):
    assert claim(queued).envelope == envelope()


def test_a_claimed_mail_is_nobody_elses(queued):
    claimed = claim(queued)
    with queued.write() as session:
        assert outbox.due(session, NOON, 10) == []
        assert outbox.claim(session, claimed.outbox_id, NOON, SOON) is None


def test_a_claim_that_ran_out_is_due_again_and_counts_its_attempt(queued):
    claim(queued)
    assert claim(queued, SOON).attempts == 2


def test_the_only_program_frees_the_claims_of_one_that_died(queued):
    claim(queued)
    with queued.write() as session:
        assert outbox.release_claims(session) == 1
    assert claim(queued).attempts == 2


@pytest.mark.parametrize(
    ("state", "is_due"),
    [("sent", False), ("failed", False), ("suppressed", False), ("queued", True), ("uncertain", True)],
)
def test_only_what_is_not_done_is_due_again(queued, state, is_due):
    claimed = claim(queued)
    with queued.write() as session:
        outbox.settle(session, claimed.outbox_id, state, NOON, code="250", text="ok", next_at=SOON)
    with queued.read() as session:
        assert outbox.due(session, SOON - timedelta(seconds=1), 10) == []
        assert bool(outbox.due(session, SOON, 10)) is is_due


def test_there_can_be_no_second_digest_for_a_subscription_and_local_date(queued):
    with queued.read() as session:
        state = digests.subscription(session, "ada", "ada@example.org")
    assert state is not None
    with pytest.raises(ConflictError), queued.write() as session:
        digests.add(
            session, state.id, NOON.date(), "daily", SOON, fingerprint="f", subject="s", papers=0, state="queued"
        )
