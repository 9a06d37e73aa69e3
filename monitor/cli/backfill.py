"""`monitor backfill`: the past of a source, to compare with."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from monitor.cli.installation import errors_told, open_installation, run_async
from monitor.cli.tables import counting
from monitor.text import counted

if TYPE_CHECKING:
    from monitor.app import App
    from monitor.settings.load import SourceSettings
    from monitor.store.backfills import Backfill

_DAY = click.DateTime(["%Y-%m-%d"])


@click.command("backfill")
@click.argument("source")
@click.option("--from", "first", type=_DAY, required=True, help="The first day.")
@click.option("--to", "last", type=_DAY, help="The last day; yesterday when absent.")
@click.pass_obj
def command(config: Path, source: str, *, first: datetime, last: datetime | None) -> None:
    """Read what SOURCE announced in the past. Nothing of it is sent: new papers are compared with it.

    A reading that is broken off goes on where it stood when the same command is given again. The daemon may run
    meanwhile; both keep the pauses that a site asks for.

    \b
    Examples:
      monitor backfill hugging-face --from 2026-01-01
      monitor backfill arxiv --from 2026-09-01 --to 2026-10-31
    """
    with errors_told():
        app = open_installation(config)
        done = run_async(_run(app, app.settings.source(source), first, last))
    read, new = counted(done.read, "entry"), counted(done.new, "paper")
    click.echo(f"{done.source}, {done.first} to {done.last}: {read} read, {new} new to us")


async def _run(app: App, source: SourceSettings, first: datetime, last: datetime | None) -> Backfill:
    from datetime import timedelta

    from monitor.jobs import backfill

    try:
        until = last.date() if last else app.clock.now().date() - timedelta(days=1)
        with counting(f"reading {source.name}") as told:
            return await backfill.run(app, source, first.date(), until, lambda at, of: told(at.request, of, at.read))
    finally:
        await app.close()
