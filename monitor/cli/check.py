"""`monitor check`: read the whole configuration and say what is wrong with it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from monitor.cli.installation import errors_told, read_configuration
from monitor.text import counted

if TYPE_CHECKING:
    from monitor.types.profiles import Schedule


@click.command("check")
@click.pass_obj
def command(config: Path) -> None:
    """Read monitor.yaml and all profiles, and print every mistake.

    Exit status 0 when there is none, 2 when something is wrong. A warning is about what works but will disappoint.

    \b
    Example:
      monitor --config papers/monitor.yaml check
    """
    from monitor.store import glance

    with errors_told():
        loaded = read_configuration(config)
    settings = loaded.settings
    click.echo(f"{config}: {counted(len(settings.sources), 'source')}, channel {settings.channel.kind}")
    for profile in loaded.profiles:
        topics = ", ".join(topic.name for topic in profile.topics)
        click.echo(f"  {profile.id}: {topics}; to {', '.join(profile.to)}; {_when(profile.schedule)}")
    named = [(recipient, profile.id) for profile in loaded.profiles for recipient in profile.to]
    unwanted = [one for one in glance.suppressions(settings.database) if any(one.concerns(*each) for each in named)]
    warnings = [*loaded.warnings, *unwanted]
    for warning in warnings:
        click.echo(f"warning: {warning}", err=True)
    click.echo(f"no mistakes, {counted(len(warnings), 'warning')}" if warnings else "all is right")


def _when(schedule: Schedule) -> str:
    """Return a schedule as profiles write it: what speaks to readers takes longer to load than a hundred profiles."""
    from monitor.settings.schedule import DAYS

    days = next((word for word, stands_for in DAYS.items() if stands_for == schedule.days), " ".join(schedule.days))
    hours = " and ".join(f"{hour:%H:%M}" for hour in schedule.at)
    after = f"after {schedule.after}, from {hours} to {schedule.by:%H:%M}" if schedule.after else f"at {hours}"
    first = "monthly" if days == "daily" else f"the first of {days}"
    return f"{first if schedule.monthly else days} {after} ({schedule.timezone})"
