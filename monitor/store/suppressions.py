"""Who gets no mail, whatever the YAML says, and the bounces that lead to it."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import cast

from sqlalchemy import ColumnElement, delete, func, insert, true, update
from sqlmodel import Session, col, select

from monitor.store.portions import portions
from monitor.store.tables import BounceRow, SubscriptionRow, SuppressionRow
from monitor.types.ledger import Bounce, Suppression, SuppressionReason

_WINDOW = timedelta(days=30)
_MOST_HARD = 3
_LONGEST_HARD = timedelta(days=7)


def key(address: str) -> str:
    """Return the form under which an address is suppressed: servers that tell ``Ada@`` from ``ada@`` are unheard of."""
    return address.strip().casefold()


def add(
    session: Session, recipient: str, at: datetime, reason: SuppressionReason, *, profile: str = "", note: str = ""
) -> bool:
    """Send no more mail to ``recipient``, of one profile or of any; returns whether that is news.

    What is queued for them becomes ``suppressed`` when its turn comes.
    """
    if session.get(SuppressionRow, (key(recipient), profile)) is not None:
        return False
    session.execute(
        insert(SuppressionRow).values(recipient=key(recipient), profile=profile, reason=reason, since=at, note=note)
    )
    return True


def lift(session: Session, recipient: str, *, profile: str = "") -> bool:
    """Send mail to ``recipient`` again, and forget the bounces; returns whether there was something to lift.

    For a confirmation by the reader, or a deliberate word of the operator.
    """
    session.execute(delete(BounceRow).where(col(BounceRow.recipient) == key(recipient)))
    gone = session.execute(
        delete(SuppressionRow).where(
            col(SuppressionRow.recipient) == key(recipient), col(SuppressionRow.profile) == profile
        )
    )
    mine = func.lower(SubscriptionRow.recipient) == key(recipient)
    session.execute(update(SubscriptionRow).where(mine).values(next_due_at=None))  # what is late may leave yet
    return bool(gone.rowcount)  # type: ignore[attr-defined]


def of_all(session: Session) -> tuple[Suppression, ...]:
    """Return all suppressions, oldest first."""
    return tuple(_found(session, true()).values())


def _found(session: Session, where: ColumnElement[bool]) -> dict[tuple[str, str], Suppression]:
    rows = session.exec(select(SuppressionRow).where(where).order_by(col(SuppressionRow.since)))
    return {
        (row.recipient, row.profile): Suppression(
            row.recipient, row.profile, cast("SuppressionReason", row.reason), row.since, row.note
        )
        for row in rows
    }


def among(session: Session, recipients: Collection[str]) -> dict[tuple[str, str], Suppression]:
    """Return the suppressions of ``recipients`` by (recipient in the form of ``key``, profile or "")."""
    found: dict[tuple[str, str], Suppression] = {}
    for some in portions({key(recipient) for recipient in recipients}):
        found.update(_found(session, col(SuppressionRow.recipient).in_(some)))
    return found


def note_bounce(session: Session, bounce: Bounce) -> Suppression | None:
    """Write a bounce, once for each ``report``, and return the suppression that it led to, if it did.

    A complaint suppresses at once; hard bounces do when there are three within thirty days, or two that are a week
    apart; soft ones never do.
    """
    recipient = key(bounce.recipient)
    if session.exec(select(BounceRow.id).where(BounceRow.report == bounce.report)).first() is not None:
        return None
    session.add(
        BounceRow(
            report=bounce.report, recipient=recipient, outbox_id=bounce.outbox_id, kind=bounce.kind, at=bounce.at,
            text=bounce.text,
        )
    )  # fmt: skip
    session.flush()
    if bounce.kind != "complaint" and not has_bounced_enough(_hard_bounces(session, recipient, bounce.at)):
        return None
    reason: SuppressionReason = "complained" if bounce.kind == "complaint" else "bounced"
    if not add(session, recipient, bounce.at, reason, note=bounce.text):
        return None
    return Suppression(recipient, "", reason, bounce.at, bounce.text)


def has_bounced_enough(times: list[datetime]) -> bool:
    """Whether hard bounces at ``times``, in order, show that a mailbox is gone."""
    return len(times) >= _MOST_HARD or (len(times) > 1 and times[-1] - times[0] >= _LONGEST_HARD)


def _hard_bounces(session: Session, recipient: str, until: datetime) -> list[datetime]:
    query = select(BounceRow.at).where(
        BounceRow.recipient == recipient, BounceRow.kind == "hard", BounceRow.at >= until - _WINDOW
    )
    return sorted(session.exec(query))
