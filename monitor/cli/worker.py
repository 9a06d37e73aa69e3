"""`monitor worker`: one of many processes that share a PostgreSQL database and its queue."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from monitor.cli.installation import errors_told, logged, required, run_async
from monitor.errors import MonitorError

if TYPE_CHECKING:
    from monitor.settings.load import Loaded


@click.command("worker")
@click.option(
    "--role", "roles", multiple=True, type=click.Choice(["poll", "match", "deliver"]),
    help="Only this part of the work, can be repeated; `roles:` in monitor.yaml when absent.",
)  # fmt: skip
@click.pass_obj
@logged
def command(config: Path, roles: tuple[str, ...]) -> None:
    """Run as one of many workers, on any number of machines, until SIGTERM.

    They share one PostgreSQL database, `engine: {kind: procrastinate}` in monitor.yaml, and the same profiles.

    \b
    Examples:
      monitor worker
      monitor worker --role deliver
    """

    def load(path: Path) -> Loaded:
        from monitor.settings.load import load_all

        loaded = load_all(path)
        if loaded.settings.engine.kind == "local":
            raise MonitorError("workers need `engine: {kind: procrastinate}` in monitor.yaml; alone, use `monitor run`")
        named = replace(loaded.settings, roles=roles) if roles else loaded.settings  # type: ignore[arg-type]
        return replace(loaded, settings=named)

    with errors_told():
        required(config)
        from monitor.daemon.service import serve

        run_async(serve(config, load))
