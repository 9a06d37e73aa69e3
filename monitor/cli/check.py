"""`monitor check`: read the whole configuration and say what is wrong with it."""

from __future__ import annotations

from pathlib import Path

import click

from monitor.cli.installation import configuration, errors_told


@click.command("check")
@click.pass_obj
def command(config: Path) -> None:
    """Read monitor.yaml and all profiles, and print every mistake.

    Exit status 0 when all is right, 2 when something is not.

    \b
    Example:
      monitor --config papers/monitor.yaml check
    """
    from monitor.digest import phrases
    from monitor.store import glance
    from monitor.words import DEFAULT, speak

    with errors_told():
        loaded = configuration(config)
    settings = loaded.settings
    click.echo(f"{config}: {len(settings.sources)} sources, channel {settings.channel.kind}")
    for profile in loaded.profiles:
        topics = ", ".join(topic.name for topic in profile.topics)
        when = phrases.schedule(speak(DEFAULT), profile.schedule)
        click.echo(f"  {profile.id}: {topics}; to {', '.join(profile.to)}; {when}")
    for one in glance.suppressions(settings.database):
        if any(one.concerns(recipient, profile.id) for profile in loaded.profiles for recipient in profile.to):
            click.echo(f"warning: {one}", err=True)
    click.echo("all is right")
