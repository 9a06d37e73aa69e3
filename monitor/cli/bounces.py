"""`monitor bounces`: take in what mail servers say later."""

from __future__ import annotations

import os
from pathlib import Path

import click

from monitor.cli.installation import opened


@click.command("bounces")
@click.argument("place", metavar="FILE|imaps://USER@HOST/FOLDER")
@click.pass_obj
def command(config: Path, place: str) -> None:
    """Read bounces and complaints: a message, an mbox, a Maildir, or what is unread in a mailbox on an IMAP server.

    A mailbox that is gone gets no more mail after three hard bounces, or after two that are a week apart; a reader who
    complains gets none at once. Only reports that return the Message-ID of a mail of ours count. The password of an
    IMAP server is taken from MONITOR_IMAP_PASSWORD.

    \b
    Examples:
      monitor bounces /var/mail/bounce
      monitor bounces imaps://bounce@imap.example.org/INBOX
    """
    with opened(config) as app:
        from monitor.channels._mailbox import reports_in
        from monitor.cli.once import tell
        from monitor.jobs import bounces

        with reports_in(place, os.environ.get("MONITOR_IMAP_PASSWORD", "")) as messages:
            tell(bounces.run(app, messages))
