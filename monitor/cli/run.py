"""`monitor run`: the daemon."""

from __future__ import annotations

from pathlib import Path

import click

from monitor.cli.installation import errors_told, log_to_stderr, required, run_async


@click.command("run")
@click.option("-q", "--quiet", is_flag=True, help="Log warnings only.")
@click.pass_obj
def command(config: Path, *, quiet: bool) -> None:
    """Run as a daemon until SIGTERM: poll sources, send digests at each reader's hour, take over edited profiles.

    \b
    Example:
      monitor --config /etc/paper-monitor/monitor.yaml run
    """
    log_to_stderr(verbose=not quiet)
    with errors_told():
        required(config)
        from monitor.daemon.service import serve

        run_async(serve(config))
