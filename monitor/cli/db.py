"""`monitor db`: the database as a whole."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from monitor.cli.installation import configuration, errors_told
from monitor.cli.tables import print_table


@click.group("db")
def command() -> None:
    """Move the database to a server.

    \b
    Example:
      monitor db copy postgresql://monitor@db.example.org/monitor
    """


@command.command("copy")
@click.argument("url")
@click.pass_obj
def copy(config: Path, url: str) -> None:
    """Copy the SQLite database of this installation into an empty PostgreSQL database, and compare them row by row.

    The daemon must be stopped, and nothing be changed meanwhile. A copy that was broken off goes on where it was with
    the same command. Then write the URL under `database:` in monitor.yaml. A password is read from PGPASSWORD or
    ~/.pgpass, so that it need not stand in the command.

    \b
    Example:
      monitor db copy postgresql://monitor@db.example.org/monitor
    """
    with errors_told():
        loaded = configuration(config)
        from monitor.store.lock import only_one
        from monitor.store.transfer import transfer

        def told(table: str, rows: int) -> None:
            if sys.stderr.isatty():
                click.echo(f"{table}: {rows} rows more", err=True)

        with only_one(loaded.settings.database):
            found = transfer(loaded.settings.database, url, told)
        print_table(
            "The same in both", ("table", "rows", "sha256"), [(one.table, one.rows, one.sha256[:16]) for one in found]
        )
        click.echo(f"all of it is there; write it under `database:` in {config.name}")
