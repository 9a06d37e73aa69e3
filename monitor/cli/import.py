"""`monitor import`: what `monitor export` wrote, and what other programs know of their readers, taken in."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import click

from monitor.cli.installation import configuration, errors_told, required
from monitor.text import counted


class _Import(click.Group):
    """What is no program's name is the path of a file that was exported."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Return what is left of ``args``, as click does."""
        asks = not args or args[0] in {*self.commands, *ctx.help_option_names}
        return super().parse_args(ctx, args if asks else ["file", *args])


@click.group("import", cls=_Import)
def command() -> None:
    """Take in a FILE that `monitor export` wrote, or the readers of another program.

    \b
    Examples:
      monitor import ada.jsonl --dry-run
      monitor import lite ~/arxiv-sanity-lite/data
      monitor import zotero ~/Zotero/zotero.sqlite --to ada@example.org
      monitor import rss2email ~/.config/rss2email.cfg
    """


@command.command("file")
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--dry-run", is_flag=True, help="Try it all, and write nothing.")
@click.pass_obj
def file_command(config: Path, file: Path, *, dry_run: bool) -> None:
    """Take in FILE, which `monitor export` wrote: a whole store into an empty one, a part beside what is there.

    The word `file` need not be written. The daemon must be stopped. All of it is written or, when a line is odd,
    nothing. Mails that had not left are held: look at `monitor outbox`, and `monitor outbox release` lets them leave.

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


_to = click.option("--to", default="", metavar="ADDRESS", help="For those whose address is not known.")
_zone = click.option("--timezone", "zone", default="UTC", show_default=True, help="Their time zone.")
_dry = click.option("--dry-run", is_flag=True, help="Print what would be written, and write nothing.")


@command.command("lite")
@click.argument("folder", type=click.Path(path_type=Path, exists=True))
@_to
@_zone
@_dry
@click.pass_obj
def lite(config: Path, /, folder: Path, **said: Any) -> None:
    """Bring the readers of arxiv-sanity-lite: a profile each, a topic a tag, which likes the papers of the tag.

    FOLDER is its `data`, with `dict.db` and `papers.db`; addresses come along where readers gave one.

    \b
    Example:
      monitor import lite ~/arxiv-sanity-lite/data --to ada@example.org
    """
    _bring(config, "lite", folder, {}, **said)


@command.command("zotero")
@click.argument("library", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--settings", "written", type=click.Path(path_type=Path, exists=True, dir_okay=False),
              help="custom.yaml of zotero-arxiv-daily: its receiver, categories and collections.")  # fmt: skip
@_to
@_zone
@_dry
@click.pass_obj
def zotero(config: Path, /, library: Path, written: Path | None, **said: Any) -> None:
    """Bring a Zotero library: a profile with a topic a collection, which likes the papers of the collection.

    LIBRARY is zotero.sqlite of Zotero's data folder, or a file that Zotero exported (.rdf .csv .bib .ris .json).

    \b
    Examples:
      monitor import zotero ~/Zotero/zotero.sqlite --to ada@example.org
      monitor import zotero library.rdf --settings custom.yaml --dry-run
    """
    with errors_told():
        from monitor.settings.yaml import read_document

        settings = read_document(written).value if written else {}
    _bring(config, "zotero", library, settings, **said)


@command.command("rss2email")
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@_to
@_zone
@_dry
@click.pass_obj
def rss2email(config: Path, /, file: Path, **said: Any) -> None:
    """Bring the feeds of rss2email: a source each, and a profile for each address with a topic a feed.

    FILE is its rss2email.cfg.

    \b
    Example:
      monitor import rss2email ~/.config/rss2email.cfg --dry-run
    """
    _bring(config, "rss2email", file, {}, **said)


def _bring(
    config: Path, program: str, path: Path, settings: Mapping[str, Any], *, to: str, zone: str, dry_run: bool
) -> None:
    with errors_told():
        required(config)
        from monitor import registry
        from monitor.jobs import move

        planned = move.plan(config, registry.load("moves", program).read(path, settings), to, zone)
        for what in planned.left_out:
            click.echo(f"left out: {what}", err=True)
        if dry_run:
            click.echo("".join(f"  {line}\n" for line in planned.sources), nl=False)
            for name, (draft, files) in planned.profiles.items():
                click.echo(f"--- {name}.yaml\n{draft.text()}" + "".join(f"--- {file}\n" for file in files), nl=False)
            return
        for made, liked in move.carry_out(config, planned):
            click.echo(f"made {made}" + (f", which likes {counted(liked, 'paper')}" if liked else ""))
    sources, profiles = counted(len(planned.sources), "source"), counted(len(planned.profiles), "profile")
    click.echo(f"{sources} and {profiles} came from {program}")
