"""`monitor explain`: why a paper is, or is not, in a digest."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from monitor.cli.installation import errors_told, open_installation, run_async

if TYPE_CHECKING:
    from monitor.jobs.explain import Explanation


@click.command("explain")
@click.argument("profile")
@click.argument("paper")
@click.pass_obj
def command(config: Path, profile: str, paper: str) -> None:
    """Say what each topic of PROFILE makes of PAPER (an id, a URL or words of its title), and where it went.

    \b
    Examples:
      monitor explain ada 2303.16203
      monitor explain ada "diffusion model is secretly"
    """
    with errors_told():
        app = open_installation(config)
        try:
            from monitor.jobs import explain

            found = explain.run(app, app.profiles.named(profile), paper)
        finally:
            run_async(app.close())
    tell(found)


def tell(found: Explanation) -> None:
    """Print what each topic makes of a paper, and where it went."""
    click.echo(f"{found.paper.title}\n  {found.paper.key}, first seen {found.paper.first_seen:%Y-%m-%d %H:%M} UTC")
    for verdict in found.verdicts:
        detail = f": {verdict.evidence}" if verdict.evidence else ""
        click.echo(f"  {verdict.kind.replace('_', '-')} on {verdict.at:%Y-%m-%d} from {verdict.source}{detail}")
    for judgement in found.judgements:
        match = judgement.match
        click.echo(
            f"\n{match.topic}: {judgement.stage} at {match.probability:.0%}, sent from {judgement.threshold:.0%}"
        )
        if judgement.detail:
            click.echo(f"  {judgement.detail}")
        for reason in match.reasons:
            where = f" in the {reason.where}" if reason.where else ""
            click.echo(f"  {reason.share:4.0%}  {reason.kind}: {reason.text}{where}")
    for doubt in found.doubts:
        click.echo(f"\nnote: {doubt}")
    for recipient, fate in found.fates:
        click.echo(f"\n{recipient}: {fate}")
