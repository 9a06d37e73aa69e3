"""`monitor opml`: the feeds of a feed reader become sources."""

from __future__ import annotations

from pathlib import Path

import click

from monitor.cli.installation import errors_told, required
from monitor.text import counted


@click.command("opml")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False, exists=True))
@click.option("--write", is_flag=True, help="Put the lines into monitor.yaml instead of printing them.")
@click.pass_obj
def command(config: Path, file: Path, *, write: bool) -> None:
    """Turn the feeds in FILE, an OPML export of a feed reader, into sources.

    Prints the lines for monitor.yaml, or with --write puts them there, behind the last source. Feeds that a source
    reads already are left out.

    \b
    Examples:
      monitor opml subscriptions.opml
      monitor --config papers/monitor.yaml opml subscriptions.opml --write
    """
    from monitor.jobs.add_sources import add_sources
    from monitor.settings import opml
    from monitor.settings.load import load_settings
    from monitor.settings.yaml import read_document

    with errors_told():
        required(config)
        load_settings(config)
        document = read_document(config)
        with file.open("rb") as opened:
            found = opml.read(opened.read(opml.MAX_BYTES + 1))
        for what in found.left_out:
            click.echo(f"left out: {what}", err=True)
        feeds = opml.named(found.feeds, document.value.get("sources") or {})
        if not feeds:
            click.echo(f"all {len(found.feeds)} feeds are sources already")
            return
        for line in () if write else opml.lines(feeds):
            click.echo(f"  {line}")
        if write:
            add_sources(config.resolve(), opml.lines(feeds))
            click.echo(f"{counted(len(feeds), 'source')} put into {config}")
