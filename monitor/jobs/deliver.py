"""Deliver the mails that are due: claim one, send it, write the receipt."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta

from monitor.app import App
from monitor.errors import DeliveryError
from monitor.jobs.reports import Report
from monitor.store import outbox
from monitor.types.ledger import Claim, OutboxState

log = logging.getLogger(__name__)

CLAIM = timedelta(minutes=20)
"""Longer than one delivery can take: a claim that ran out belongs to a program that died."""

BACK_OFF = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 15, 30, 60))
GIVE_UP_AFTER = 30
"""Attempts: about a day with the pauses above (RFC 5321, 4.5.4.1 asks for patience)."""

_AT_ONCE = 500


async def run(app: App) -> Report:
    """Try every mail that is due, each at most once; one that fails does not stop the others.

    When the channel itself is broken (no server, a wrong password) the rest waits: the next mail would be refused too.
    """
    report = Report()
    with app.store.read() as session:
        due = outbox.due(session, app.clock.now(), _AT_ONCE)
    for outbox_id in due:
        now = app.clock.now()
        with app.store.write() as session:
            claim = outbox.claim(session, outbox_id, now, now + CLAIM)
        if claim is not None and await _deliver(app, claim, report):
            report.failures.append(("delivery", "the other mails wait until the channel works again"))
            break
    await app.channel.close()
    return report


async def _deliver(app: App, claim: Claim, report: Report) -> bool:
    """Send one claimed mail and write what became of it; returns whether the next one would be refused too."""
    try:
        answer = await app.channel.deliver(claim.envelope)
    except DeliveryError as error:
        _refused(app, claim, error, report)
        return error.channel_wide
    except Exception as error:  # one bad mail must not stop the others
        log.exception("mail to %s failed", claim.envelope.recipient)
        _refused(app, claim, DeliveryError(f"{type(error).__name__}: {error}"), report)
        return False
    _settle(app, claim, "sent", code=answer.code, text=answer.text)
    report.counts["mails sent"] += 1
    return False


def _refused(app: App, claim: Claim, error: DeliveryError, report: Report) -> None:
    state = state_after(error, claim.attempts)
    _settle(app, claim, state, code="", text=error.reason, asked_for=error.retry_after)
    report.counts[f"mails {state}"] += 1
    report.failures.append((f"mail to {claim.envelope.recipient}", error.reason))


def state_after(error: DeliveryError, attempts: int) -> OutboxState:
    """Return the state of a mail that was not taken on its ``attempts``-th try.

    One whose fate is unknown is sent once more, with the same Message-ID and bytes, and then left alone (RFC 1047).
    """
    if error.permanent or attempts >= GIVE_UP_AFTER:
        return "failed"
    if error.uncertain:
        return "uncertain" if attempts < 2 else "suppressed"
    return "queued"


def next_attempt(now: datetime, attempts: int, asked_for: float | None = None) -> datetime:
    """Return when a mail is tried again after its ``attempts``-th try: our pause or the server's, the longer one."""
    pause = BACK_OFF[min(attempts, len(BACK_OFF)) - 1]
    return now + max(pause, timedelta(seconds=asked_for or 0))


def _settle(
    app: App, claim: Claim, state: OutboxState, *, code: str, text: str, asked_for: float | None = None
) -> None:
    now = app.clock.now()
    later = next_attempt(now, claim.attempts, asked_for)
    with app.store.write() as session:
        outbox.settle(session, claim.outbox_id, state, now, code=code, text=text, next_at=later)
