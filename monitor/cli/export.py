"""`monitor export`: the store, or what belongs to one reader or profile, as lines of JSON."""

from __future__ import annotations

from pathlib import Path

import click

from monitor.cli.installation import errors_told, open_installation, run_async
from monitor.clock import SystemClock


@click.command("export")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--profile", default="", help="Only what belongs to this profile: subscriptions, feedback, digests.")
@click.option("--reader", default="", metavar="ADDRESS", help="Only what belongs to the reader with this address.")
@click.pass_obj
def command(config: Path, file: Path, *, profile: str, reader: str) -> None:
    """Write the whole store to FILE, a row a line (JSON Lines), for `monitor import` or a program of yours.

    It holds addresses and mails, so that FILE is readable by you alone. Settings and profiles are files of yours
    and not in it.

    \b
    Examples:
      monitor export store.jsonl
      monitor export ada.jsonl --reader ada@example.org
    """
    if profile and reader:
        raise click.UsageError("say --profile or --reader")
    with errors_told():
        app = open_installation(config, SystemClock())
        try:
            from monitor.jobs import transfer

            rows = transfer.write(app.store, file.absolute(), profile=profile, reader=reader)
        finally:
            run_async(app.close())
    click.echo(f"{file}: {rows:,} rows, {file.stat().st_size / 1e6:.1f} MB")
