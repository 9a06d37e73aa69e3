"""`monitor init`: an installation of one's own."""

from __future__ import annotations

from pathlib import Path

import click

from monitor import resources
from monitor.cli.installation import configuration, errors_told

PROFILE = """\
# yaml-language-server: $schema=../profile.schema.json
# One file for each reader. Every key that can stand here is in profile.schema.json and in the README.
name: My papers
to: [{to}]
schedule: {{days: weekdays, at: "08:00", timezone: {zone}}}
topics:
  {topic}:
    about: {about}
    # query: '("state space model*" OR mamba) AND NOT survey'
    # like: ["arXiv:2303.16203"]        # papers that you would have wanted, by id or title
    # mute: [survey]
"""


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
    import json
    import shutil

    if (folder / "monitor.yaml").exists():
        raise click.UsageError(f"{folder / 'monitor.yaml'} is there already; it was left as it is")
    config = resources.folder("config")
    (folder / "profiles").mkdir(parents=True, exist_ok=True)
    (folder / "snapshots").mkdir(exist_ok=True)
    for file in ("monitor.yaml", "monitor.schema.json", "profile.schema.json"):
        shutil.copy(config / file, folder / file)
    profile = PROFILE.format(to=json.dumps(to), zone=json.dumps(zone), topic=_topic(about), about=json.dumps(about))
    (folder / "profiles" / "me.yaml").write_text(profile, encoding="utf-8")
    with errors_told():
        configuration(folder / "monitor.yaml")
    click.echo(f"made {folder}; now edit {folder / 'profiles' / 'me.yaml'}, then:")
    click.echo(f"  monitor --config {folder / 'monitor.yaml'} once")


def _topic(about: str) -> str:
    words = ["".join(char for char in word.lower() if char.isalnum() and char.isascii()) for word in about.split()]
    return "-".join([word for word in words if len(word) > 3][:3]) or "topic"
