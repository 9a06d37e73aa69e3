"""`monitor config`: what may stand in the files, and what holds now."""

from __future__ import annotations

from pathlib import Path

import click

from monitor.cli.installation import configuration, errors_told


@click.group("config")
def command() -> None:
    """Explain every key of the files, or show what holds now.

    \b
    Examples:
      monitor config reference profile
      monitor config show
    """


@command.command("reference")
@click.argument("file", type=click.Choice(["monitor", "profile"]))
def reference_command(file: str) -> None:
    """Print every key of monitor.yaml or of a profile: what may stand there, and what it does.

    \b
    Example:
      monitor config reference profile
    """
    from monitor.settings.reference import reference

    click.echo(reference(file), nl=False)


@command.command("show")
@click.pass_obj
def show_command(config: Path) -> None:
    """Print the configuration with all that holds by default. Passwords are left out.

    \b
    Example:
      monitor config show
    """
    from monitor.settings.shown import as_shown

    with errors_told():
        loaded = configuration(config)
    for line in as_shown(loaded):
        click.echo(line)
