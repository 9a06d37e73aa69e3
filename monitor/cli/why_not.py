"""`monitor why-not`: what dropped a paper, and the smallest edit that would let it in."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from monitor.cli.explain import tell
from monitor.cli.installation import errors_told, open_installation, run_async

if TYPE_CHECKING:
    from monitor.jobs.why_not import WhyNot


@click.command("why-not")
@click.argument("profile")
@click.argument("paper")
@click.pass_obj
def command(config: Path, profile: str, paper: str) -> None:
    """Say what kept PAPER (an id, a URL or words of its title) from PROFILE, and which edit would let it in.

    \b
    Examples:
      monitor why-not ada 2303.16203
      monitor why-not ada "diffusion model is secretly"
    """
    with errors_told():
        app = open_installation(config)
        try:
            from monitor.jobs import why_not

            found = why_not.run(app, app.profiles.named(profile), paper)
        finally:
            run_async(app.close())
    tell(found.explanation)
    _tell_edits(found, profile)


def _tell_edits(found: WhyNot, profile: str) -> None:
    if found.arrival:
        click.echo(f"\nIt was kept and not announced: {found.arrival}.")
    if any(judgement.stage == "matched" for judgement in found.explanation.judgements):
        click.echo("\nIt does match; where it went stands above.")
        return
    if not found.edits:
        click.echo("\nNo small edit would let it in; the lines above say what stands against it.")
        return
    click.echo(f"\nWhat would let it in, in {profile}.yaml:")
    for edit in found.edits:
        others = f"and {edit.also} other papers of the last 14 days" if edit.also else "and no other recent paper"
        click.echo(f"  {edit.topic}:\n    {edit.line}    # {edit.probability:.0%}; {others}")
