"""`monitor experiment`: which of two matchers a reader likes better."""

from __future__ import annotations

from pathlib import Path

import click

from monitor.cli.installation import errors_told, open_installation, run_async
from monitor.cli.tables import print_table


@click.command("experiment")
@click.argument("profile", required=False)
@click.pass_obj
def command(config: Path, profile: str | None) -> None:
    """Report which matcher of an experiment finds more of what readers want.

    A profile with `experiment: {with: linear2}` gets its papers from its own matcher and from linear2 in turn, without
    saying which came from which. A day is won by the matcher whose papers got more `more` than `less`.

    \b
    Examples:
      monitor experiment
      monitor experiment ada
    """
    with errors_told():
        app = open_installation(config)
        try:
            from monitor.jobs import experiment

            if profile:
                app.profiles.named(profile)
            found = experiment.run(app, profile)
        finally:
            run_async(app.close())
    if not found:
        click.echo("no experiment runs; `experiment: {with: linear2}` in a profile begins one")
    for one in found:
        print_table(
            f"{one.profile}: {one.days} days, {one.ties} tied",
            ("matcher", "papers", "wanted", "unwanted", "days won"),
            [(team.name, team.papers, team.wanted, team.unwanted, team.days_won) for team in (one.own, one.other)],
        )
        if one.won:
            click.echo(f"{one.other.name} won {one.won.share:.0%} ({one.won.low:.0%} to {one.won.high:.0%})")
        click.echo(one.says)
