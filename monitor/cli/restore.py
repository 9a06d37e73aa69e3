"""`monitor restore`: a backup put back, with mails held until a person says so."""

from __future__ import annotations

from pathlib import Path

import click

from monitor.cli.installation import configuration, errors_told
from monitor.clock import SystemClock


@click.command("restore")
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False), required=False)
@click.option("--confirm", is_flag=True, help="Let mails leave again after a restore.")
@click.pass_obj
def command(config: Path, file: Path | None, *, confirm: bool) -> None:
    """Make FILE, a backup, the database again. The daemon must be stopped; what was there is put aside.

    A backup does not know what was sent after it was made. So mails are held after a restore: look at `monitor outbox`,
    and let them leave with --confirm.

    \b
    Examples:
      monitor restore /var/backups/monitor.db
      monitor restore --confirm
    """
    if (file is None) == (not confirm):
        raise click.UsageError("name a backup, or say --confirm after a restore")
    with errors_told():
        loaded = configuration(config)
        from monitor.store.lock import only_one

        if file is not None:
            from monitor.store.backup import put_back

            with only_one(loaded.settings.database):
                aside = put_back(file, loaded.settings.database, SystemClock().now())
            click.echo(f"{file} is the database now" + (f"; the one before is {aside}" if aside else ""))
            click.echo("mails are held: look at `monitor outbox`, then `monitor restore --confirm`")
            return
        from monitor.store import marks
        from monitor.store.engine import open_store

        store = open_store(loaded.settings.database)
        with store.write() as session:
            held = marks.drop(session, "restore")
        store.close()
    click.echo("mails leave again" if held else "nothing was held")
