"""`monitor init`: an installation of one's own."""

from __future__ import annotations

from pathlib import Path

import click

from monitor import resources
from monitor.cli.installation import configuration, errors_told


@click.command("init")
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False))
@click.option("--to", default="you@example.org", show_default=True, help="Where your digest goes.")
@click.option("--about", default="Diffusion models used as classifiers.", help="What you follow, in a sentence.")
@click.option("--timezone", "zone", default="UTC", show_default=True, help="Your time zone, as in Europe/Berlin.")
def command(folder: Path, to: str, about: str, zone: str) -> None:
    """Make FOLDER an installation: monitor.yaml, one profile, and a folder to drop listings in.

    \b
    Example:
      monitor init papers --to ada@example.org --about "Diffusion models used as classifiers"
    """
    import shutil

    from monitor.settings.draft import Draft, DraftTopic

    if (folder / "monitor.yaml").exists():
        raise click.UsageError(f"{folder / 'monitor.yaml'} is there already; it was left as it is")
    config = resources.folder("config")
    (folder / "profiles").mkdir(parents=True, exist_ok=True)
    (folder / "snapshots").mkdir(exist_ok=True)
    for file in ("monitor.yaml", "monitor.schema.json", "profile.schema.json"):
        shutil.copy(config / file, folder / file)
    profile = Draft(to, (DraftTopic(about),), zone=zone).text()
    (folder / "profiles" / "me.yaml").write_text(profile, encoding="utf-8")
    with errors_told():
        configuration(folder / "monitor.yaml")
    click.echo(f"made {folder}; now edit {folder / 'profiles' / 'me.yaml'}, then:")
    click.echo(f"  monitor --config {folder / 'monitor.yaml'} once")
