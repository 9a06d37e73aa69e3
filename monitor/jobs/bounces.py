"""Read what mail servers say later, and stop writing to mailboxes that are gone and to readers who complain."""

from __future__ import annotations

from collections.abc import Iterable

from monitor.app import App
from monitor.channels._reports import MailReport, read_report
from monitor.jobs.reports import Report
from monitor.store import mails, suppressions
from monitor.types.ledger import Bounce


def run(app: App, messages: Iterable[bytes]) -> Report:
    """Take in the reports among ``messages``; what is no report, or about no mail of ours, is counted and left."""
    done = Report()
    for content in messages:
        found = read_report(content)
        if not found:
            done.counts["messages that are no reports"] += 1
        for one in found:
            done.count([_taken(app, one, done)])
    return done


def _taken(app: App, one: MailReport, done: Report) -> str:
    with app.store.write() as session:
        mail = mails.by_message_id(session, one.message_id)
        if mail is None:
            return "reports on mails that are not ours"
        # The address is the one that we wrote to, whatever the report says; one mail counts once.
        bounce = Bounce(mail.recipient, one.kind, mail.created_at, one.text, f"{one.kind} {mail.id}", mail.id)
        if suppressed := suppressions.note_bounce(session, bounce):
            done.notes.append(("recipient", str(suppressed)))
    return {"hard": "hard bounces", "soft": "soft bounces", "complaint": "complaints"}[one.kind]
