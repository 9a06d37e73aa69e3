"""`monitor resend`: a mail of the past, once more."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import click

from monitor.cli.installation import opened


@click.command("resend")
@click.argument("day", metavar="DATE", type=click.DateTime(["%Y-%m-%d"]))
@click.option("--profile", required=True, help="Whose digest.")
@click.option("--to", "recipient", help="Only to this recipient of the profile.")
@click.option("--dry-run", is_flag=True, help="Only say what would be sent.")
@click.pass_obj
def command(config: Path, day: datetime, profile: str, recipient: str | None, *, dry_run: bool) -> None:
    """Queue the mail of DATE again: the same bytes under the same Message-ID. It leaves at the next round.

    \b
    Example:
      monitor resend 2026-11-21 --profile ada --to ada@example.org
    """
    from monitor.jobs import mailroom

    with opened(config) as app:
        for mail in mailroom.of_digest(app, profile, day.date(), recipient):
            if dry_run:
                size = len(mailroom.as_queued(app, mail).content)
                click.echo(f"would send again: {mail.subject} to {mail.recipient}, {size} bytes, {mail.message_id}")
            else:
                mailroom.send_again(app, mail)
                click.echo(f"queued again: {mail.subject} to {mail.recipient}, {mail.message_id}")
