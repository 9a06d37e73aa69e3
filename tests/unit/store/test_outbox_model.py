"""Every state that two workers can bring one mail into, with deaths at any step: explored with the store's own functions.

A worker claims, sends, and writes what became of it; it may die before sending, between the server's yes and its own
word, and over night, and then others come: another worker, the next digest, time. All reachable states are visited.
"""

import re
from collections import deque
from dataclasses import dataclass, replace
from datetime import timedelta

import pytest
from sqlalchemy import create_engine, update
from sqlalchemy.pool import StaticPool
from sqlmodel import Session, col, delete

from monitor.errors import ConflictError
from monitor.store import digests, outbox
from monitor.store.tables import DigestRow, OutboxRow, ReceiptRow, Row
from monitor.testing import NOON, envelope
from monitor.types.ledger import Claim, OutboxState, Settlement

CLAIM = timedelta(minutes=10)
MOST_DEATHS, MOST_UNKNOWN = 3, 2
"""Deaths, stalls among them, and lost answers on one way: three of the former let a mail be held."""
KEPT = ("state", "doubts", "broken", "holder", "claimed_until")


@dataclass(frozen=True)
class Worker:
    """``claim`` is what it holds, ``answer`` what its server said to it, if it was asked; ``late``: it never was."""

    claim: Claim | None = None
    answer: str = ""


@dataclass(frozen=True)
class State:
    """The mail's row, whether its papers went back, both workers, and what really happened."""

    row: tuple[object, ...]
    withdrawn: bool = False
    workers: tuple[Worker, Worker] = (Worker(), Worker())
    accepted: int = 0
    unknown: int = 0
    deaths: int = 0


class Model:
    """The outbox of one mail in memory, put into any state and moved on by the store's own functions."""

    def __init__(self):
        self.engine = create_engine("sqlite://", poolclass=StaticPool, connect_args={"check_same_thread": False})
        Row.metadata.create_all(self.engine)
        with Session(self.engine) as session:
            reader = digests.begin(session, "ada", "ada@example.org", NOON)
            self.compose(session, reader.id)
            session.commit()
        self.reader, self.done = reader.id, {}

    @staticmethod
    def compose(session, reader):
        daily = digests.Composed(reader, NOON.date(), "daily", NOON, fingerprint="f", subject="s", state="queued")
        (digest,) = digests.add(session, [daily])
        outbox.add(session, {digest: outbox.Finished.of(envelope())}, NOON)

    def start(self):
        with Session(self.engine) as session:
            return State(self._row(session))

    def _row(self, session):
        row = session.get_one(OutboxRow, 1, populate_existing=True)
        return tuple(getattr(row, name) for name in KEPT)

    def step(self, state, name, act):
        """The state after ``act(session)`` in one transaction, and what that returned; the same for all alike."""
        known = name, state.row, state.withdrawn
        if known not in self.done:
            self.done[known] = self._done(state, act)
        row, withdrawn, found = self.done[known]
        return replace(state, row=row, withdrawn=withdrawn), found

    def _done(self, state, act):
        with Session(self.engine) as session:
            values = dict(zip(KEPT, state.row, strict=True))
            session.execute(update(OutboxRow).values(next_attempt_at=NOON, attempts=1, **values))
            session.execute(update(DigestRow).values(state="withdrawn" if state.withdrawn else "queued"))
            session.execute(delete(ReceiptRow))
            found = act(session)
            session.flush()
            after = (
                self._row(session),
                session.get_one(DigestRow, 1, populate_existing=True).state == "withdrawn",
                found,
            )
            session.commit()
        return after

    # --- what can happen ---

    def following(self, state):
        """Yield all states that one step leads to."""
        yield self.next_digest(state)
        yield self.time_passes(state)
        for number, worker in enumerate(state.workers):
            if worker.claim is None:
                yield self.claims(state, number)
            elif worker.answer == "late":
                yield self.gives_back(state, number)
            elif not worker.answer:
                yield from self.sends(state, number)
                yield self.gives_back(state, number)
            else:
                yield self.settles(state, number)
            if worker.claim is not None and state.deaths < MOST_DEATHS:
                yield replace(_with(state, number, Worker()), deaths=state.deaths + 1)
                yield self.stalls(state, number)

    def next_digest(self, state):
        return self.step(state, "withdraw", lambda session: outbox.withdraw(session, self.reader, NOON))[0]

    def time_passes(self, state):
        """Claims run out; those who live renew theirs."""

        def act(session):
            session.execute(
                update(OutboxRow).where(col(OutboxRow.state) == "claimed").values(claimed_until=NOON - CLAIM)
            )
            for worker in state.workers:
                if worker.claim:
                    outbox.renew(session, worker.claim.holder, NOON + CLAIM)

        holders = tuple(worker.claim and worker.claim.holder for worker in state.workers)
        return self.step(state, ("time", holders), act)[0]

    def stalls(self, state, number):
        """A worker sleeps until its claim has run out; it sends nothing after that."""
        worker = state.workers[number]
        after = self.time_passes(_with(state, number, Worker()))
        return replace(_with(after, number, Worker(worker.claim, worker.answer or "late")), deaths=state.deaths + 1)

    def claims(self, state, number):
        holder = f"w{number}"
        after, found = self.step(
            state, ("claim", holder), lambda session: outbox.claim(session, holder, NOON, NOON + CLAIM, 1)
        )
        return _with(after, number, Worker(replace(found[0], attempts=1))) if found else after

    def sends(self, state, number):
        claim = state.workers[number].claim
        for answer in ("sent", "queued", "failed"):
            accepted = state.accepted + (answer == "sent")
            yield replace(_with(state, number, Worker(claim, answer)), accepted=accepted)
        if state.unknown < MOST_UNKNOWN:
            lost = replace(_with(state, number, Worker(claim, "uncertain")), unknown=state.unknown + 1)
            yield lost
            yield replace(lost, accepted=state.accepted + 1)

    def gives_back(self, state, number):
        claim = state.workers[number].claim
        after, _ = self.step(state, ("back", claim), lambda session: outbox.give_back(session, [claim]))
        return _with(after, number, Worker())

    def settles(self, state, number):
        told: OutboxState
        worker = state.workers[number]
        told = worker.answer if worker.answer != "queued" or not worker.claim.doubts else "uncertain"
        settlement = Settlement(worker.claim, told, NOON, "", "", NOON, doubted=worker.answer == "uncertain")
        after, _ = self.step(state, ("settle", settlement), lambda session: outbox.settle(session, [settlement]))
        return _with(after, number, Worker())


def _with(state, number, worker):
    workers = list(state.workers)
    workers[number] = worker
    return replace(state, workers=tuple(workers))


def wrong(state):
    """What promise a state breaks; empty when it keeps them all."""
    if state.accepted > 1 + state.unknown + state.deaths:
        return "it came twice, and nobody died or fell silent"
    if state.row[0] == "claimed" and state.row[1] >= outbox.MOST_DOUBTS:
        return "it is sent again and again, although it may have come"
    if state.withdrawn and state.accepted:
        return "it came, and its papers come again in the next digest"
    if state.row[0] == "sent" and not state.accepted:
        return "the ledger says that it was sent, and nobody has it"
    return ""


def explored(model):
    """All reachable states; stops at the first that breaks a promise."""
    start = model.start()
    seen, waiting = {start}, deque([start])
    while waiting:
        state = waiting.popleft()
        if broken := wrong(state):
            return seen, broken
        for after in model.following(state):
            if state.row[0] in ("sent", "failed") and after.row[0] != state.row[0]:
                return seen, "what was done is done again"
            if after not in seen:
                seen.add(after)
                waiting.append(after)
    return seen, ""


@pytest.fixture
def model():
    made = Model()
    yield made
    made.engine.dispose()


def test_c15_c26_no_state_that_two_workers_and_deaths_lead_to_breaks_a_promise(model):
    states, broken = explored(model)
    assert broken == ""
    assert {state.row[0] for state in states} == {"queued", "claimed", "sent", "uncertain", "failed", "held"}


def test_from_every_state_the_mail_comes_to_an_end_when_nothing_fails_any_more(model):
    states, _ = explored(model)
    for state in states:
        for _ in range(4):
            state = model.time_passes(replace(state, workers=(Worker(), Worker())))  # noqa: PLW2901 - it moves on
            state = model.claims(state, 0)  # noqa: PLW2901
            if claim := state.workers[0].claim:
                state = model.settles(_with(state, 0, Worker(claim, "sent")), 0)  # noqa: PLW2901
        assert state.row[0] in ("sent", "failed", "held", "uncertain")


def freed_without_doubt(session, which):
    values = {"state": "queued", "claimed_until": None, "broken": OutboxRow.broken + 1}
    return session.exec(update(OutboxRow).where(which).values(values)).rowcount


@pytest.mark.parametrize(
    ("name", "broken", "said"),
    [
        ("_free", freed_without_doubt, "its papers come again"),
        (
            "_held",
            lambda _session, claims: {one.outbox_id for one in claims},
            "done again",
        ),
        ("_waiting", lambda _now: col(OutboxRow.state).in_(("queued", "uncertain")), "again and again"),
        ("_abandoned", lambda _now: col(OutboxRow.state) == "claimed", "nobody died"),
    ],
)
def test_a_rule_that_is_left_out_is_missed(model, monkeypatch, name, broken, said):
    monkeypatch.setattr(outbox, name, broken)
    assert re.search(said, explored(model)[1])


def test_there_is_one_digest_a_date_whoever_composes_first(model):
    with Session(model.engine) as session, pytest.raises(ConflictError):
        model.compose(session, model.reader)
