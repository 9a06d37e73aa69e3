"""`monitor papers`: what the store knows of a paper, and how to take back a join."""

from __future__ import annotations

from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING

import click

from monitor.cli.installation import errors_told, open_installation, run_async
from monitor.cli.tables import print_table

if TYPE_CHECKING:
    from monitor.jobs.split import Story
    from monitor.types.papers import Sighting


@click.group("papers")
def command() -> None:
    """Show a paper with its sources and names, or split what was joined wrongly.

    \b
    Examples:
      monitor papers show 2303.16203
      monitor papers split 2303.16203 lab-journal
    """


@command.command("show")
@click.argument("paper")
@click.pass_obj
def show(config: Path, paper: str) -> None:
    """Show PAPER (an id, a URL or words of its title): its names, where it was listed when, and what was joined.

    \b
    Example:
      monitor papers show 2303.16203
    """
    with errors_told():
        app = open_installation(config)
        try:
            from monitor.jobs import split

            found = split.story(app, paper)
        finally:
            run_async(app.close())
    _print(found)


@command.command("split")
@click.argument("paper")
@click.argument("source")
@click.pass_obj
def split_command(config: Path, paper: str, source: str) -> None:
    """Make what SOURCE says of PAPER a paper of its own, and keep it so.

    \b
    Example:
      monitor papers split 2303.16203 lab-journal
    """
    with errors_told():
        app = open_installation(config)
        try:
            from monitor.jobs import split

            made = split.run(app, paper, source)
        finally:
            run_async(app.close())
    click.echo(f"{made.key} is a paper of its own now: {made.title}")


def _print(found: Story) -> None:
    paper = found.paper
    people = [", ".join(paper.authors), " · ".join(paper.institutions)]
    for line in (paper.title, *(f"  {one}" for one in people if one)):
        click.echo(line)
    click.echo(f"  first seen {paper.first_seen:%Y-%m-%d %H:%M} UTC")
    click.echo(f"  version {paper.version} of its text; names: {', '.join(found.keys)}")
    by_source = sorted(found.sightings, key=lambda one: (one.source, one.seen_at))
    print_table(
        "\nListed", ("source", "first under", "last seen", "times", "upvotes", "stars"),
        [_row(name, list(seen)) for name, seen in groupby(by_source, lambda one: one.source)],
    )  # fmt: skip
    if found.joins:
        rows = [
            (
                one.source, one.key, f"{one.at:%Y-%m-%d %H:%M}", "two papers became one" if one.other_id else "",
                f"split again on {one.undone_at:%Y-%m-%d}" if one.undone_at else "",
            )
            for one in found.joins
        ]  # fmt: skip
        print_table("\nJoined", ("source", "because of", "at", "", ""), rows)


def _row(source: str, seen: list[Sighting]) -> tuple[object, ...]:
    last = seen[-1]
    votes, stars = ("" if number is None else number for number in (last.upvotes, last.stars))
    return source, min(one.listed_on for one in seen), f"{last.seen_at:%Y-%m-%d %H:%M}", len(seen), votes, stars
