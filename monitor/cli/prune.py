"""`monitor prune`: let go of what is only kept for a while."""

from __future__ import annotations

from pathlib import Path

import click

from monitor.cli.installation import opened, run_async
from monitor.text import counted


@click.command("prune")
@click.option("--dry-run", is_flag=True, help="Say what would be let go, and keep it.")
@click.pass_obj
def command(config: Path, *, dry_run: bool) -> None:
    """Let go of the bytes of old listings and mails now, as the daemon does once a day.

    `snapshots_keep_days`, `snapshots_keep_mb` and `mails_keep_days` in monitor.yaml say what is old. Papers, matches,
    and what was sent to whom are never forgotten, and a mail that was let go can be drawn again. The daemon may be
    running.

    \b
    Examples:
      monitor prune --dry-run
      monitor prune
    """
    with opened(config) as app:
        from monitor.jobs import prune

        report = run_async(prune.run(app, dry=dry_run))
    listings, mails = report.counts["snapshots dropped"], report.counts["mails let go"]
    told = f"the bytes of {counted(listings, 'listing')} and {counted(mails, 'mail')}"
    click.echo(f"{told} would be let go" if dry_run else f"let go of {told}")
