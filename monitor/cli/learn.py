"""`monitor learn`: how well each profile does by its readers' own words."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from monitor.cli.installation import errors_told, open_installation, run_async
from monitor.cli.tables import print_table

if TYPE_CHECKING:
    from monitor.jobs.learn import Interval, Learned


@click.command("learn")
@click.argument("profile", required=False)
@click.pass_obj
def command(config: Path, profile: str | None) -> None:
    """Report precision, recall of what was liked, calibration, drift and what each rule earns, by readers' feedback.

    \b
    Examples:
      monitor learn
      monitor learn ada
    """
    with errors_told():
        app = open_installation(config)
        try:
            from monitor.jobs import learn

            if profile:
                app.profiles.named(profile)
            found = learn.learn(app, profile)
        finally:
            run_async(app.close())
    rows = [
        (
            one.profile,
            share(one.precision),
            share(one.recall),
            f"{one.per_day[0]:.1f}",
            "-" if one.per_day[1] is None else f"{one.per_day[1]:.1f}",
            one.drift,
        )
        for one in found
    ]
    print_table(
        "By readers' own words",
        ("profile", "right of what came", "liked found again", "a day now", "before", "drift"),
        rows,
    )
    for one in found:
        _tell(one)


def _tell(one: Learned) -> None:
    if one.unsure:
        click.echo(f"{one.profile}: {one.unsure}")
    if one.curve:
        print_table(
            f"\n{one.profile}: said and liked", ("probability", "said", "liked"),
            [(f"{each.low:.0%} to {each.high:.0%}", f"{each.said:.0%}", share(each.liked)) for each in one.curve],
        )  # fmt: skip
    if one.rules:
        print_table(
            f"\n{one.profile}: what its rules brought", ("rule", "of", "papers", "more", "less"),
            [(rule.text, rule.kind, rule.papers, rule.more, rule.less) for rule in one.rules],
        )  # fmt: skip
    for doubt in one.doubts:
        click.echo(f"\n{one.profile}: {doubt}")


def share(of: Interval | None) -> str:
    """Return a share with its interval, in words."""
    return f"{of.share:.0%} of {of.of} ({of.low:.0%} to {of.high:.0%})" if of else "nobody said"
