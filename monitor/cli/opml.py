"""`monitor opml`: the feeds of a feed reader become sources."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from monitor.cli.installation import errors_told, required
from monitor.errors import MonitorError

if TYPE_CHECKING:
    from monitor.settings.opml import OpmlFeed
    from monitor.settings.yaml import Document


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
        if write:
            _write(config.resolve(), document, feeds)
            click.echo(f"{len(feeds)} sources were put into {config}")
        else:
            click.echo("\n".join(opml.lines(feeds)))


def _write(path: Path, document: Document, feeds: dict[str, OpmlFeed]) -> None:
    """Replace monitor.yaml by one with the feeds, unless that could not be loaded."""
    import os
    import shutil
    import tempfile

    from monitor.settings import opml
    from monitor.settings.load import load_settings

    text = opml.inserted(document, path.read_bytes().decode(), feeds)
    if text is None:
        click.echo("\n".join(opml.lines(feeds)))
        raise MonitorError(f"the sources in {path.name} are written in braces; paste the lines above in there")
    handle, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    new = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(text.encode())
            file.flush()
            os.fsync(file.fileno())
        shutil.copymode(path, new)
        load_settings(new)
        new.replace(path)
    finally:
        new.unlink(missing_ok=True)
