"""Finished mails and what became of them.

A row is ``queued -> claimed (until) -> sent | uncertain | failed | suppressed``, or ``held`` for a person to look at.
Whoever claims locks the rows, and everybody else passes them over; from then on only the holder of a claim writes what
became of its mail. A claim that ran out belongs to a program that died: the mail may or may not have left, so it is
tried again, and held when that happened three times.

Claiming, settling and giving back touch only rows that they lock, so many may do so at a time; what leads to a bounce
or returns papers has the turn to write first.
"""

from __future__ import annotations

import hashlib
import zlib
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from isal import isal_zlib
from sqlalchemy import ColumnElement, case, delete, exists, func, insert, or_, update
from sqlmodel import Session, col, select

from monitor.store import suppressions
from monitor.store.paces import domain
from monitor.store.portions import portions
from monitor.store.tables import DigestRow, OutboxRow, PlacementRow, ReceiptRow, Row
from monitor.store.upsert import insert_all
from monitor.types.digests import Envelope
from monitor.types.ledger import Bounce, Claim, Settlement, Suppression

MOST_DOUBTS = 2
"""Attempts without a word on what became of them: the mail is sent once more (RFC 1047), and then left alone."""
_MOST_BROKEN = 3
_LEVEL = 2
"""How hard mails are packed, by ISA-L: what zlib makes at its first level, in a seventh of the time."""
_POISONED = "three times the program ended while it had this mail; look at it, then `monitor outbox release {}`"

# As tables, not as objects: a round of 10,000 mails makes two statements a mail, and objects cost ten times that.
_OUTBOX, _DIGESTS, _READERS, _RECEIPTS = (
    Row.metadata.tables[name] for name in ("outbox", "digests", "subscriptions", "receipts")
)
_CLAIMED = (
    sa.select(
        _OUTBOX.c.id, _OUTBOX.c.message_id, _OUTBOX.c.sender, _OUTBOX.c.recipient, _OUTBOX.c.subject, _OUTBOX.c.content,
        _OUTBOX.c.attempts, _OUTBOX.c.doubts, _OUTBOX.c.created_at, _READERS.c.profile,
    )
    .join(_DIGESTS, _DIGESTS.c.id == _OUTBOX.c.digest_id)
    .join(_READERS, _READERS.c.id == _DIGESTS.c.subscription_id)
    .where(_OUTBOX.c.id.in_(sa.bindparam("mine")))
    .order_by(_OUTBOX.c.priority.desc(), _OUTBOX.c.id)
)  # fmt: skip
_SETTLED = (
    update(_OUTBOX)
    .where(_OUTBOX.c.id == sa.bindparam("mail"))
    .values(
        state=sa.bindparam("into"), next_attempt_at=sa.bindparam("next_at"), doubts=sa.bindparam("known_doubts"),
        attempts=sa.bindparam("made"), claimed_until=None, broken=0,
    )
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Settled:
    """What came of settling: suppressions that bounces led to, and claims that were another's meanwhile."""

    suppressions: tuple[Suppression, ...] = ()
    lost: tuple[Claim, ...] = ()


@dataclass(frozen=True, slots=True)
class Finished:
    """A mail as it is kept: ``content`` is packed, ``fingerprint`` that of its bytes.

    ``tree`` is what it can be drawn from again when the bytes were let go. A higher ``priority`` leaves first.
    """

    envelope: Envelope
    content: bytes
    fingerprint: str
    tree: bytes | None = None
    channel: str = ""
    priority: int = 0

    @classmethod
    def of(cls, envelope: Envelope, *, tree: bytes | None = None, channel: str = "", priority: int = 0) -> Finished:
        """Return a mail as it is kept; packing takes longer than writing, and needs no turn to write."""
        content = isal_zlib.compress(envelope.content, _LEVEL)
        return cls(replace(envelope, content=b""), content, fingerprint(envelope.content), tree, channel, priority)


def add(session: Session, mails: Mapping[int, Finished], at: datetime) -> None:
    """Queue finished mails, by the ids of their digests. Message-IDs and bytes never change from here on."""
    rows = [
        {
            "digest_id": digest_id, "message_id": one.envelope.message_id, "sender": one.envelope.sender,
            "recipient": one.envelope.recipient, "subject": one.envelope.subject, "content": one.content,
            "fingerprint": one.fingerprint, "tree": one.tree, "channel": one.channel, "priority": one.priority,
            "state": "queued", "created_at": at, "next_attempt_at": at,
        }
        for digest_id, one in mails.items()
    ]  # fmt: skip
    insert_all(session, OutboxRow, rows)


def fingerprint(content: bytes) -> str:
    """Return what says whether two messages are the same bytes: 32 hex digits (BLAKE2b)."""
    return hashlib.blake2b(content, digest_size=16).hexdigest()


# --- delivering ----------------------------------------------------------------------------------------------------


def due(session: Session, now: datetime, limit: int, *, channel: str = "") -> list[int]:
    """Return the ids of mails to try now, in the order in which they leave; claims that ran out are among them."""
    return list(session.exec(_due(now, limit, channel)))


def _due(now: datetime, limit: int, channel: str, *where: ColumnElement[bool]) -> Any:
    query = select(OutboxRow.id).where(OutboxRow.channel == channel, or_(_waiting(now), _abandoned(now)), *where)
    return query.order_by(col(OutboxRow.priority).desc(), col(OutboxRow.id)).limit(limit)


def count_due(session: Session, now: datetime) -> int:
    """Return how many mails are to be tried now, over all channels."""
    return session.exec(select(func.count()).select_from(OutboxRow).where(or_(_waiting(now), _abandoned(now)))).one()


def channels_with_due(session: Session, now: datetime) -> list[str]:
    """Return the names of the channels that have mails to try now; the default one has an empty name."""
    query = select(OutboxRow.channel).where(or_(_waiting(now), _abandoned(now))).distinct()
    return sorted(session.exec(query))


def claim(
    session: Session,
    holder: str,
    now: datetime,
    until: datetime,
    limit: int,
    *,
    channel: str = "",
    room: Mapping[str, int] | None = None,
) -> list[Claim]:
    """Take up to ``limit`` due mails, each for one attempt that counts from this moment on, in the order of leaving.

    What somebody else takes at the same time is not among them. Mails of suppressed recipients are marked as such
    instead, and so are those on which the program has broken too often, as held. ``holder`` is a name that nobody else
    uses; what it has already is its own ``until`` then too. ``room`` is for how many of some domains there is room.
    """
    park(session, now)
    renew(session, holder, until)
    mine = _with_room(session, now, limit, channel, room or {})
    session.execute(
        update(OutboxRow)
        .where(col(OutboxRow.id).in_(mine))
        .values(state="claimed", holder=holder, claimed_until=until, attempts=OutboxRow.attempts + 1)
    )
    found = session.execute(_CLAIMED, {"mine": mine}).all()
    unwanted = suppressions.among(session, [row.recipient for row in found])
    claims = []
    for row in found:
        name = suppressions.key(row.recipient)
        if why := unwanted.get((name, "")) or unwanted.get((name, row.profile)):
            _suppress(session, row.id, why, now)
        else:
            content = zlib.decompress(row.content or b"")
            envelope = Envelope(row.message_id, row.sender, row.recipient, row.subject, content)
            claims.append(Claim(row.id, envelope, row.attempts, holder, row.created_at, row.doubts))
    return claims


def _with_room(session: Session, now: datetime, limit: int, channel: str, room: Mapping[str, int]) -> list[int]:
    """Return the ids of mails to claim, which are locked then; mails for which there is no room hold up no others."""
    full = [~func.lower(col(OutboxRow.recipient)).endswith(f"@{one}") for one, number in room.items() if number < 1]
    mine = list(session.exec(_due(now, limit, channel, *full).with_for_update(skip_locked=True)))
    if not room:
        return mine
    left, found = dict(room), []
    recipients = dict(session.exec(select(OutboxRow.id, OutboxRow.recipient).where(col(OutboxRow.id).in_(mine))).all())
    for one in mine:
        name = domain(recipients[one])
        left[name] = left.get(name, limit) - 1
        if left[name] >= 0:
            found.append(one)
    return found


def renew(session: Session, holder: str, until: datetime) -> int:
    """Let all claims of one holder run ``until`` then; returns how many they are."""
    mine = (col(OutboxRow.state) == "claimed") & (col(OutboxRow.holder) == holder)
    return session.exec(update(OutboxRow).where(mine).values(claimed_until=until)).rowcount


def needs_turn(settlements: Iterable[Settlement]) -> bool:
    """Return whether settling touches more than the mails themselves, so that it needs the turn to write."""
    return any(one.bounced or one.returned for one in settlements)


def settle(session: Session, attempts: Sequence[Settlement]) -> Settled:
    """Write what became of some attempts, each with its receipt; of a claim that was lost nothing is written."""
    held = _held(session, [one.claim for one in attempts])
    lost = tuple(one.claim for one in attempts if one.claim.outbox_id not in held)
    settlements = [one for one in attempts if one.claim.outbox_id in held]
    if settlements:
        _write(session, settlements)
    bounced = [_as_bounce(one) for one in settlements if one.bounced]
    found = (suppressions.note_bounce(session, bounce) for bounce in bounced)
    return Settled(tuple(one for one in found if one), lost)


def _write(session: Session, settlements: Sequence[Settlement]) -> None:
    session.connection().execute(
        _SETTLED,
        [
            {
                "mail": one.claim.outbox_id, "into": one.state, "next_at": one.next_at,
                "known_doubts": one.claim.doubts + one.doubted, "made": one.claim.attempts - (not one.counted),
            }
            for one in settlements
        ],
    )  # fmt: skip
    for one in settlements:
        if one.returned:
            return_papers(session, session.get_one(OutboxRow, one.claim.outbox_id).digest_id)
    receipts = [
        {"outbox_id": one.claim.outbox_id, "at": one.at, "outcome": one.state, "code": one.code, "text": one.text}
        for one in settlements
        if one.counted
    ]
    if receipts:
        session.connection().execute(insert(_RECEIPTS), receipts)


def _held(session: Session, claims: Sequence[Claim]) -> set[int]:
    """Return the ids of mails whose claims still hold, and lock them."""
    holders = {claim.outbox_id: claim.holder for claim in claims}
    query = sa.select(col(OutboxRow.id), col(OutboxRow.holder)).where(
        col(OutboxRow.id).in_(holders), col(OutboxRow.state) == "claimed"
    )
    rows = session.execute(query.order_by(col(OutboxRow.id)).with_for_update())
    return {found for found, holder in rows if holders[found] == holder}


def release_claims(session: Session) -> int:
    """Free every claim and return how many there were. Only for a program that holds the lock of its database.

    On a database server others may be sending what they claimed: there, claims run out by themselves, none is freed.
    """
    if session.get_bind().dialect.name != "sqlite":
        return 0
    return _free(session, col(OutboxRow.state) == "claimed")


def _free(session: Session, which: ColumnElement[bool]) -> int:
    """Queue mails again that a program had when it died: they may have left, so their papers are not to be let go."""
    doubted = case((col(OutboxRow.doubts) == 0, 1), else_=OutboxRow.doubts)
    values = {"state": "queued", "claimed_until": None, "broken": OutboxRow.broken + 1, "doubts": doubted}
    return session.exec(update(OutboxRow).where(which).values(values)).rowcount


def give_back(session: Session, claims: Sequence[Claim]) -> tuple[Claim, ...]:
    """Undo claims of which no attempt was made; returns those that were another's meanwhile, which stay as they are."""
    held = _held(session, claims)
    session.execute(
        update(OutboxRow)
        .where(col(OutboxRow.id).in_(held))
        .values(state="queued", claimed_until=None, attempts=OutboxRow.attempts - 1)
    )
    return tuple(claim for claim in claims if claim.outbox_id not in held)


def park(session: Session, now: datetime) -> None:
    """Hold the mails on which a program has broken off three times, so that one mail cannot stop the others."""
    _free(session, _abandoned(now))
    poisoned = (col(OutboxRow.state) == "queued") & (col(OutboxRow.broken) >= _MOST_BROKEN)
    held = session.exec(
        update(OutboxRow).where(poisoned).values(state="held", broken=0).returning(col(OutboxRow.id))
    ).all()
    for (found,) in held:
        session.add(ReceiptRow(outbox_id=found, at=now, outcome="held", text=_POISONED.format(found)))


def late(session: Session, subscriptions: Collection[int], since: date) -> set[int]:
    """Return which of some subscriptions have mails of a local date from ``since`` on that have certainly not left.

    Mails of their digests are looked up, never the other way round: a morning's outbox holds those of all readers.
    """
    waits = exists().where(col(OutboxRow.digest_id) == col(DigestRow.id), _not_left())
    query = select(DigestRow.subscription_id).where(DigestRow.local_date >= since, waits)
    found = (session.exec(query.where(col(DigestRow.subscription_id).in_(some))) for some in portions(subscriptions))
    return {key for rows in found for key in rows}


def _not_left() -> ColumnElement[bool]:
    """What may have arrived, what is on its way, and what a person holds is not among these."""
    return (col(OutboxRow.state) == "queued") & (col(OutboxRow.doubts) == 0)


def withdraw(session: Session, subscription_id: int, at: datetime) -> int:
    """Give up the mails of a subscription that have not left, and let their papers wait for a digest again.

    For the moment when the next digest is due (RFC 5321, 4.5.4.1 would have us try on, and the reader would get two at
    once). Returns how many mails that were.
    """
    query = (
        select(OutboxRow.id, OutboxRow.digest_id)
        .join(DigestRow, col(DigestRow.id) == col(OutboxRow.digest_id))
        .where(DigestRow.subscription_id == subscription_id, _not_left())
        .with_for_update(of=OutboxRow)  # who claims passes them over
    )
    found: Sequence[tuple[Any, int]] = session.exec(query).all()
    for outbox_id, digest_id in found:
        why = "it did not leave before the next digest was due, and its papers went into that one"
        session.execute(update(OutboxRow).where(col(OutboxRow.id) == outbox_id).values(state="failed"))
        session.add(ReceiptRow(outbox_id=outbox_id, at=at, outcome="failed", text=why))
        return_papers(session, digest_id)
    return len(found)


def return_papers(session: Session, digest_id: int) -> None:
    """Let the papers of a digest that never arrived wait for the next one."""
    session.execute(delete(PlacementRow).where(col(PlacementRow.digest_id) == digest_id))
    session.execute(update(DigestRow).where(col(DigestRow.id) == digest_id).values(state="withdrawn"))


def drop_contents(session: Session, before: datetime) -> int:
    """Let go of the bytes of mails that were done before a moment and can be drawn again; returns how many."""
    done = col(OutboxRow.state).in_(("sent", "failed", "suppressed"))
    dropped = session.exec(
        update(OutboxRow)
        .where(
            done,
            col(OutboxRow.content).is_not(None),
            col(OutboxRow.created_at) < before,
            col(OutboxRow.tree).is_not(None),
        )
        .values(content=None)
    )
    return dropped.rowcount


def _waiting(now: datetime) -> ColumnElement[bool]:
    again = (col(OutboxRow.state) == "uncertain") & (col(OutboxRow.doubts) < MOST_DOUBTS)
    return ((col(OutboxRow.state) == "queued") | again) & (col(OutboxRow.next_attempt_at) <= now)


def _abandoned(now: datetime) -> ColumnElement[bool]:
    return (col(OutboxRow.state) == "claimed") & (col(OutboxRow.claimed_until) <= now)


def _suppress(session: Session, outbox_id: int, why: Suppression, now: datetime) -> None:
    values = {"state": "suppressed", "claimed_until": None, "attempts": OutboxRow.attempts - 1}
    session.execute(update(OutboxRow).where(col(OutboxRow.id) == outbox_id).values(values))
    words = f"{why.recipient} gets no mail since {why.since:%Y-%m-%d} ({why.reason})"
    session.add(ReceiptRow(outbox_id=outbox_id, at=now, outcome="suppressed", text=words))


def envelope_of(row: OutboxRow) -> Envelope:
    """Return a mail as it was queued; without content when its bytes were let go."""
    content = zlib.decompress(row.content) if row.content is not None else b""
    return Envelope(row.message_id, row.sender, row.recipient, row.subject, content)


def _as_bounce(one: Settlement) -> Bounce:
    outbox_id = one.claim.outbox_id
    return Bounce(one.claim.envelope.recipient, "hard", one.at, one.text, f"outbox:{outbox_id}", outbox_id)


def tally(session: Session) -> dict[str, int]:
    """Return how many mails there are in each state."""
    return dict(session.exec(select(OutboxRow.state, func.count()).group_by(OutboxRow.state)).all())


def last_answers(session: Session, limit: int) -> list[tuple[str, str, str]]:
    """Return the last answers that were not a plain success, as (recipient, state, text)."""
    query = (
        select(OutboxRow.recipient, ReceiptRow.outcome, ReceiptRow.text)
        .join(ReceiptRow, col(ReceiptRow.outbox_id) == col(OutboxRow.id))
        .where(ReceiptRow.outcome != "sent")
        .order_by(col(ReceiptRow.id).desc())
        .limit(limit)
    )
    return [(recipient, outcome, text) for recipient, outcome, text in session.exec(query)]
