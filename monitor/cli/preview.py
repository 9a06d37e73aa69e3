"""`monitor preview`: what a reader would get."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from monitor.cli.installation import clock_at, errors_told, open_installation, run_async

if TYPE_CHECKING:
    from monitor.app import App


@click.command("preview")
@click.argument("profile")
@click.option(
    "--days", default=7, show_default=True, help="How many days the digest covers, as if nothing had been sent."
)
@click.option("--to", "target", type=click.Path(path_type=Path, dir_okay=False), help="Where to write the page.")
@click.option("--text", is_flag=True, help="Print the text part instead.")
@click.option("--open", "opens", is_flag=True, help="Open the page in a browser.")
@click.option("--at", type=click.DateTime(["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M%z"]), help="Act as if it were this time.")
@click.pass_obj
def command(
    config: Path, profile: str, *, days: int, target: Path | None, text: bool, opens: bool, at: datetime | None
) -> None:
    """Show the digest of PROFILE as its file stands now, without sending anything.

    \b
    Examples:
      monitor preview ada --open
      monitor preview ada --days 30 --text
    """
    with errors_told():
        app = open_installation(config, clock_at(at))
        try:
            subject, html, plain = _draw(app, profile, days)
        finally:
            run_async(app.close())
    if text:
        click.echo(plain)
        return
    target = target or Path(f"preview-{profile}.html")
    target.write_text(html, encoding="utf-8")
    click.echo(f"{subject}\n{target.resolve()}")
    if opens:
        click.launch(str(target.resolve()))


def _draw(app: App, profile_id: str, days: int) -> tuple[str, str, str]:
    from monitor.jobs import preview

    profile = app.profiles.named(profile_id)
    digest, rendered, _ = preview.run(app, profile, profile.to[0], days)
    return digest.subject, rendered.html, rendered.text
