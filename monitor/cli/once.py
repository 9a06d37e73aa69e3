"""`monitor once`: everything that is due now, once."""

from __future__ import annotations

import sys
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from monitor.cli.installation import EXIT_PARTLY, clock_at, errors_told, log_to_stderr, open_installation, run_async
from monitor.cli.tables import Told, print_table, progress

if TYPE_CHECKING:
    from monitor.app import App
    from monitor.jobs.reports import Report


@click.command("once")
@click.option("--at", type=click.DateTime(["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M%z"]), help="Act as if it were this time.")
@click.option("-v", "--verbose", count=True, help="Log what is done; -vv what is decided about each paper too.")
@click.pass_obj
def command(config: Path, at: datetime | None, verbose: int) -> None:
    """Poll, match, compose and deliver what is due now, then stop.

    Exit status 0 when all went well, 1 when a part failed (the others were done), 2 for a mistake in the
    configuration, 3 when nothing could be done.

    \b
    Examples:
      monitor once
      monitor once --at 2026-11-23T08:00
    """
    log_to_stderr(verbose)
    with errors_told(), progress() as told:
        app = open_installation(config, clock_at(at))
        report = run_async(_once(app, told))
    tell(report)
    if report.failures:
        sys.exit(EXIT_PARTLY)


async def _once(app: App, told: Told) -> Report:
    from monitor.jobs import cycle
    from monitor.store import outbox
    from monitor.store.lock import only_one

    try:
        with only_one(app.settings.database):
            with app.store.write() as session:
                outbox.release_claims(session)
            return await cycle.run(app, told)
    finally:
        await app.close()


def tell(report: Report) -> None:
    """Print what was done, what could not be read, and what failed."""
    rows = [(name.replace("_", "-"), number) for name, number in report.counts.items() if number]
    if rows:
        print_table("What was done", ("what", "count"), rows)
    elif not report.failures:
        click.echo("nothing was due; `monitor status` says what is due when")
    for part, note in report.notes:
        click.echo(f"note: {part}: {note}", err=True)
    for part, reason in report.failures:
        click.echo(f"failed: {part}: {reason}", err=True)
