"""`monitor audit`: whether the promises were kept."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from pathlib import Path

import click

from monitor.cli.installation import EXIT_PARTLY, clock_at, errors_told, open_installation, run_async

PROMISES = {1: "nothing lost", 2: "nothing twice", 3: "one digest a local date", 4: "at least once, said plainly"}


@click.command("audit")
@click.option("--json", "as_json", is_flag=True, help="Print a JSON list of what breaks a promise.")
@click.pass_obj
def command(config: Path, *, as_json: bool) -> None:
    """Check the whole ledger against the promises, and print what breaks one. Exit status 1 when something does.

    \b
    Example:
      monitor audit
    """
    with errors_told():
        app = open_installation(config, clock_at(None))
        try:
            from monitor.jobs import audit

            found = audit.run(app)
        finally:
            run_async(app.close())
    if as_json:
        click.echo(json.dumps([asdict(one) for one in found], indent=1))
    else:
        for number, promise in PROMISES.items():
            broken = [one.what for one in found if one.promise == number]
            click.echo(f"{number}. {promise}: {f'{len(broken)} violations' if broken else 'kept'}")
            for what in broken:
                click.echo(f"   {what}")
    if found:
        sys.exit(EXIT_PARTLY)
