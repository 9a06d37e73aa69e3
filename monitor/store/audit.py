"""Whether the ledger keeps the promises: nothing lost, nothing twice, one digest a local date, at least once.

Each check is a query that finds nothing when its promise was kept. Nothing is mended here.
"""

from __future__ import annotations

import gzip
import json
import zlib
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from email.parser import BytesHeaderParser
from email.policy import SMTP

from sqlalchemy import case, exists, func, or_
from sqlmodel import Session, col, select

from monitor.store.portions import portions
from monitor.store.tables import (
    DigestRow,
    JoinRow,
    KeyRow,
    MatchRow,
    OutboxRow,
    PaperRow,
    PlacementRow,
    ReceiptRow,
    SnapshotRow,
    SubscriptionRow,
    VerdictRow,
)
from monitor.types.ledger import Slot, Violation

_BLOCK = 500
_STUCK = timedelta(days=1)
_NEAR = timedelta(days=5)
"""A digest is at most three days late, and a local date is at most a day away from the date in UTC."""


def violations(session: Session, now: datetime, fresh: timedelta) -> Iterator[Violation]:
    """Yield what breaks a promise. ``fresh`` is how long a match over budget may wait for a place."""
    checks: list[tuple[int, Callable[[], Iterator[str]]]] = [
        (1, lambda: _lost_entries(session)),
        (1, lambda: _silent_failures(session)),
        (1, lambda: _lost_matches(session, fresh)),
        (1, lambda: _digests_without_mail(session)),
        (2, lambda: _sent_twice(session)),
        (3, lambda: _crowded_dates(session)),
        (3, lambda: _misdated(session)),
        (4, lambda: _other_bytes(session)),
        (4, lambda: _receipts_that_disagree(session)),
        (4, lambda: _stuck(session, now)),
    ]
    for promise, check in checks:
        for what in check():
            yield Violation(promise, what)


# --- 1: nothing lost -----------------------------------------------------------------------------------------------


def _lost_entries(session: Session) -> Iterator[str]:
    """Entries of a listing that was read, under whose key there is no paper."""
    for snapshot_id, source, packed in session.exec(
        select(SnapshotRow.id, SnapshotRow.source, SnapshotRow.contents)
        .where(SnapshotRow.state == "read", SnapshotRow.contents != b"")
        .execution_options(yield_per=_BLOCK)
    ):
        keys = {key for key, _ in json.loads(gzip.decompress(packed))}
        known: set[str] = set()
        for some in portions(keys):
            known.update(session.exec(select(KeyRow.key).where(col(KeyRow.key).in_(some))))
        for key in sorted(keys - known):
            yield f"{key} of {source} (snapshot {snapshot_id}) was read and is no paper"


def _silent_failures(session: Session) -> Iterator[str]:
    query = select(SnapshotRow.id, SnapshotRow.source).where(SnapshotRow.state != "read", SnapshotRow.reason == "")
    for snapshot_id, source in session.exec(query):
        yield f"snapshot {snapshot_id} of {source} was not read, and no reason is given"


def _lost_matches(session: Session, fresh: timedelta) -> Iterator[str]:
    """Matches that are in no digest, for no stated reason, and too old to be waiting for a place."""
    last = (
        select(DigestRow.subscription_id, func.max(DigestRow.composed_at).label("at"))
        .where(col(DigestRow.kind).not_like("alert%"))
        .group_by(col(DigestRow.subscription_id))
        .subquery()
    )
    placed = exists().where(
        col(PlacementRow.subscription_id) == col(SubscriptionRow.id),
        col(PlacementRow.verdict_id) == col(MatchRow.verdict_id),
    )
    query = (
        select(SubscriptionRow.id, MatchRow.paper_id, VerdictRow.at, last.c.at)
        .join(VerdictRow, col(VerdictRow.id) == col(MatchRow.verdict_id))
        .join(SubscriptionRow, col(SubscriptionRow.profile) == col(MatchRow.profile))
        .join(last, last.c.subscription_id == col(SubscriptionRow.id))
        .where(MatchRow.withheld == "", col(MatchRow.matched_at) < last.c.at, ~placed)
        .distinct()
    )
    for subscription_id, paper_id, at, composed in session.exec(query).all():
        if composed - at > fresh:
            one = session.get_one(SubscriptionRow, subscription_id)
            yield f"paper {paper_id} matched {one.profile} and never reached {one.recipient}, for no stated reason"


def _digests_without_mail(session: Session) -> Iterator[str]:
    mailed = exists().where(col(OutboxRow.digest_id) == col(DigestRow.id))
    for digest_id in session.exec(select(DigestRow.id).where(DigestRow.state == "queued", ~mailed)):
        yield f"digest {digest_id} was composed and has no mail"
    nowhere = select(PlacementRow.subscription_id, PlacementRow.paper_id).where(
        PlacementRow.reason == "sent", col(PlacementRow.digest_id).is_(None)
    )
    for subscription_id, paper_id in session.exec(nowhere):
        yield f"paper {paper_id} counts as sent to subscription {subscription_id}, and no digest holds it"


# --- 2: nothing twice ----------------------------------------------------------------------------------------------


def _sent_twice(session: Session) -> Iterator[str]:
    """Papers that one person got more than once, not as a revision. Papers that became one only later do not count."""
    paper = func.coalesce(col(PaperRow.merged_into), col(PaperRow.id))
    sent = (
        select(SubscriptionRow.recipient, paper.label("paper"), col(PlacementRow.placed_at), col(PlacementRow.paper_id))
        .join(SubscriptionRow, col(SubscriptionRow.id) == col(PlacementRow.subscription_id))
        .join(PaperRow, col(PaperRow.id) == col(PlacementRow.paper_id))
        .join(VerdictRow, col(VerdictRow.id) == col(PlacementRow.verdict_id))
        .where(PlacementRow.reason == "sent", VerdictRow.kind != "revised")
        .subquery()
    )
    twice = select(sent.c.recipient, sent.c.paper).group_by(sent.c.recipient, sent.c.paper).having(func.count() > 1)
    for recipient, paper_id in session.exec(twice).all():
        moments = session.exec(
            select(sent.c.placed_at, sent.c.paper_id)
            .where(sent.c.recipient == recipient, sent.c.paper == paper_id)
            .order_by(sent.c.placed_at)
        ).all()
        joined = session.exec(
            select(JoinRow.at).where(col(JoinRow.other_id).in_({one for _, one in moments})).order_by(col(JoinRow.at))
        ).all()
        if not joined or joined[-1] <= moments[-1][0]:
            yield f"paper {paper_id} was sent to {recipient} {len(moments)} times"


# --- 3: one digest a local date ------------------------------------------------------------------------------------


def _crowded_dates(session: Session) -> Iterator[str]:
    query = select(col(DigestRow.subscription_id), col(DigestRow.local_date), col(DigestRow.kind)).where(
        col(DigestRow.kind).not_like("alert%")
    )
    taken: dict[tuple[int, Slot], str] = {}
    for subscription_id, day, kind in session.exec(query.order_by(col(DigestRow.id))):
        place = (subscription_id, Slot.of(day, kind))
        if place in taken:
            yield f"subscription {subscription_id} has two digests for {day}: {taken[place]} and {kind}"
        taken[place] = kind


def _misdated(session: Session) -> Iterator[str]:
    query = select(col(DigestRow.id), col(DigestRow.local_date), col(DigestRow.composed_at))
    for digest_id, day, at in session.exec(query.execution_options(yield_per=_BLOCK)):
        if abs(at.date() - day) > _NEAR:
            yield f"digest {digest_id} for {day} was composed at {at:%Y-%m-%d %H:%M} UTC"


# --- 4: at least once, said plainly --------------------------------------------------------------------------------


def _other_bytes(session: Session) -> Iterator[str]:
    """Mails whose stored bytes are damaged, or carry another Message-ID than their row."""
    parser = BytesHeaderParser(policy=SMTP)
    query = select(OutboxRow.id, OutboxRow.message_id, OutboxRow.content).where(col(OutboxRow.content).is_not(None))
    for outbox_id, message_id, packed in session.exec(query.execution_options(yield_per=_BLOCK)):
        try:
            found = parser.parsebytes(zlib.decompress(packed or b""))["Message-ID"]
        except zlib.error:
            yield f"the stored bytes of mail {outbox_id} are damaged"
            continue
        if str(found).strip() != message_id:
            yield f"mail {outbox_id} is {message_id} by its row and {found} by its bytes"


def _receipts_that_disagree(session: Session) -> Iterator[str]:
    again = case((col(ReceiptRow.outcome) == "sent", 1), else_=-1)  # a person asked for a second one
    told = (
        select(ReceiptRow.outbox_id, func.sum(again).label("times"))
        .where(col(ReceiptRow.outcome).in_(("sent", "asked for")))
        .group_by(col(ReceiptRow.outbox_id))
        .subquery()
    )
    query = (
        select(OutboxRow.id, OutboxRow.state, func.coalesce(told.c.times, 0))
        .join(told, told.c.outbox_id == col(OutboxRow.id), isouter=True)
        .where(or_((col(OutboxRow.state) == "sent") & (func.coalesce(told.c.times, 0) != 1), told.c.times > 1))
    )
    for outbox_id, state, times in session.exec(query):
        yield f"mail {outbox_id} is {state}, and {times} receipts say that it was accepted"


def _stuck(session: Session, now: datetime) -> Iterator[str]:
    query = select(OutboxRow.id).where(col(OutboxRow.state) == "claimed", col(OutboxRow.claimed_until) < now - _STUCK)
    for outbox_id in session.exec(query):
        yield f"mail {outbox_id} was claimed over a day ago and nobody settled it"
