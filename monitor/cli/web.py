"""`monitor web`: the pages alone."""

from __future__ import annotations

from pathlib import Path

import click

from monitor.cli.installation import errors_told, log_to_stderr, open_installation, run_async


@click.command("web")
@click.option("--hash-password", "hashes", is_flag=True, help="Ask for a password and print its hash for monitor.yaml.")
@click.pass_obj
def command(config: Path, *, hashes: bool) -> None:
    """Serve the pages alone, until SIGTERM: `monitor run` serves them too, where monitor.yaml has `web:`.

    \b
    Examples:
      monitor web
      monitor web --hash-password
    """
    if hashes:
        from monitor.web.login import hashed

        click.echo(hashed(click.prompt("Password", hide_input=True, confirmation_prompt=True)))
        return
    log_to_stderr(1)
    with errors_told():
        run_async(_serve(config))


async def _serve(config: Path) -> None:
    import asyncio
    import signal

    from monitor.web.server import serve

    app = open_installation(config)
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    try:
        await serve(app, stop)
    finally:
        await app.close()
