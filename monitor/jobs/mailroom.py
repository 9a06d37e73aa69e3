"""Mails that already left, or should have: looked up, drawn again, sent again."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from monitor.app import App
from monitor.errors import DeliveryError, MonitorError, NotFoundError
from monitor.jobs.compose import finished
from monitor.render.tree import unpacked
from monitor.store import channels, mails, outbox
from monitor.types.digests import Envelope
from monitor.types.ledger import Mail, OutboxState

RETRIED: tuple[OutboxState, ...] = ("queued", "uncertain", "failed")
"""States out of which a mail is tried at once when a person says so."""


@dataclass(frozen=True, slots=True)
class Redrawn:
    """A mail of the past: its bytes as they would be drawn today, or were kept, and whether they are those of then.

    ``envelope`` is ``None`` when nothing is left to draw it from, and then ``reason`` says so.
    """

    mail: Mail
    envelope: Envelope | None
    same: bool
    reason: str = ""


def of_digest(app: App, profile: str, day: date, recipient: str | None = None) -> list[Mail]:
    """Return the mails of one profile and local date. Raises NotFoundError when there is none."""
    with app.store.read() as session:
        found = mails.of_digest(session, profile, day, recipient)
    if not found:
        to = f" to {recipient}" if recipient else ""
        raise NotFoundError("mail", f"{profile}, {day}{to}", "`monitor outbox` lists what there is")
    return found


def redrawn(app: App, mail: Mail) -> Redrawn:
    """Return a mail drawn anew from what the ledger keeps of its digest, beside the hash of what was queued then."""
    with app.store.read() as session:
        tree = mails.tree(session, mail.id)
    if tree is None:
        return Redrawn(mail, None, same=False, reason="it was made by a version that kept only its bytes")
    envelope, _ = finished(app, unpacked(tree))
    same = outbox.fingerprint(envelope.content) == mail.fingerprint
    return Redrawn(mail, envelope, same, "" if same else "templates, sender or keys are not those of that day")


def as_queued(app: App, mail: Mail) -> Envelope:
    """Return the very bytes that were queued: as kept, or drawn again when they were let go.

    Raises DeliveryError when they cannot be had any more.
    """
    if mail.kept:
        with app.store.read() as session:
            return mails.envelope(session, mail.id)
    again = redrawn(app, mail)
    if again.envelope is None or not again.same:
        raise DeliveryError(f"mail {mail.id} cannot be drawn as it was: {again.reason}; its bytes were let go")
    return again.envelope


def send_again(app: App, mail: Mail) -> None:
    """Queue a mail of the past once more: the same bytes under the same Message-ID, to be sent at the next round.

    Raises DeliveryError when its bytes cannot be had any more, and MonitorError when it waits or is on its way, or
    when its papers went into a later digest.
    """
    envelope = as_queued(app, mail)
    with app.store.write() as session:
        if not mail.kept:
            mails.give_bytes(session, mail.id, envelope.content)
        out_of: tuple[OutboxState, ...] = ("sent", "failed", "suppressed", "uncertain")
        if not mails.send_again(session, [mail.id], app.clock.now(), out_of=out_of):
            why = f"it is {mail.state}" if mail.state not in out_of else "its papers went into a later digest"
            raise MonitorError(f"mail {mail.id} is not sent again: {why}; see `monitor outbox show {mail.id}`")


def retry(app: App, ids: tuple[int, ...]) -> list[int]:
    """Try mails at the next round, whatever pause they are in; without ``ids`` all that wait, and every channel."""
    with app.store.write() as session:
        channels.works(session)
        wanted = ids or tuple(mail.id for mail in mails.listed(session, ("queued", "uncertain"), limit=100_000))
        return mails.send_again(session, wanted, app.clock.now(), out_of=RETRIED)
