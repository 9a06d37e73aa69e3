"""`monitor proof`: one mail before judges that are not ours."""

from __future__ import annotations

import subprocess
import tempfile
from pathlib import Path

import click

from monitor.cli.installation import errors_told


@click.command("proof")
@click.argument("profile")
@click.option("--days", default=7, show_default=True, help="How many days the digest covers.")
@click.pass_obj
def command(config: Path, profile: str, *, days: int) -> None:
    """Let validators, an accessibility checker and spam filters judge the digest that PROFILE would get.

    Nothing is sent. Judges that are not installed are named, with how to get them. Ends with status 1 when one finds
    something.

    \b
    Example:
      monitor proof ada
    """
    from monitor.cli.judges import JUDGES, MissingError
    from monitor.cli.preview import drafted

    with errors_told():
        draft = drafted(config, profile, days, None)
    objections = 0
    with tempfile.TemporaryDirectory() as folder:
        page = Path(folder, "mail.html")
        page.write_text(draft.html, encoding="utf-8")
        for names, judge in JUDGES.items():
            try:
                for name, found in judge(page, draft.content):
                    objections += len(found)
                    click.echo("\n".join([f"{name}: {'nothing' if not found else ''}".rstrip(), *found]))
            except MissingError as missing:
                click.echo(f"{names}: not here; {missing}")
            except (subprocess.SubprocessError, OSError, ValueError) as error:
                objections += 1
                click.echo(f"{names}: failed: {error}")
    if objections:
        raise SystemExit(1)
