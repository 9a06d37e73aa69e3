"""`monitor backup`: a copy of the database, while everything runs."""

from __future__ import annotations

from pathlib import Path

import click

from monitor.cli.installation import errors_told, open_installation, run_async


@click.command("backup")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@click.pass_obj
def command(config: Path, file: Path) -> None:
    """Write a checked copy of the database to FILE. The daemon may be running.

    The settings and profiles are files of yours and not in it. `backup:` in monitor.yaml makes copies on schedule.

    \b
    Example:
      monitor backup /var/backups/monitor.db
    """
    with errors_told():
        app = open_installation(config)
        try:
            from monitor.jobs import backup

            backup.make(app, file.absolute())
        finally:
            run_async(app.close())
    click.echo(f"{file}: {file.stat().st_size / 1e6:.1f} MB, checked")
