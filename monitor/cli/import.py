"""`monitor import`: what `monitor export` wrote, taken in."""

from __future__ import annotations

from pathlib import Path

import click

from monitor.cli.installation import configuration, errors_told


@click.command("import")
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--dry-run", is_flag=True, help="Try it all, and write nothing.")
@click.pass_obj
def command(config: Path, file: Path, *, dry_run: bool) -> None:
    """Take in FILE, which `monitor export` wrote: a whole store into an empty one, a part beside what is there.

    The daemon must be stopped. All of it is written or, when a line is odd, nothing. Mails that had not left are held:
    look at `monitor outbox`, and let them leave with `monitor outbox release`.

    \b
    Examples:
      monitor import ada.jsonl --dry-run
      monitor import store.jsonl
    """
    with errors_told():
        loaded = configuration(config)
        from monitor.jobs import transfer
        from monitor.store.engine import open_store
        from monitor.store.lock import only_one

        with only_one(loaded.settings.database):
            store = open_store(loaded.settings.database)
            try:
                taken = transfer.read(store, file, dry_run=dry_run)
            finally:
                store.close()
    told = ", ".join(f"{number:,} {table.replace('_', ' ')}" for table, number in sorted(taken.items())) or "nothing"
    click.echo(f"{'would take' if dry_run else 'took'} from {file}: {told}")
