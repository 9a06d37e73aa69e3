"""`monitor run`: the daemon."""

from __future__ import annotations

from pathlib import Path

import click

from monitor.cli.installation import errors_told, logged, required, run_async


@click.command("run")
@click.pass_obj
@logged
def command(config: Path) -> None:
    """Run as a daemon until SIGTERM: poll sources, send digests at each reader's hour, take over edited profiles.

    \b
    Examples:
      monitor --config /etc/paper-monitor/monitor.yaml run
      monitor run --log json
    """
    with errors_told():
        required(config)
        from monitor.daemon.service import serve

        run_async(serve(config))
