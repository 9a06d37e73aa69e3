"""`monitor completion`: what a shell needs to complete commands and options."""

from __future__ import annotations

import click
from click.shell_completion import get_completion_class


@click.command("completion")
@click.argument("shell", type=click.Choice(["bash", "fish", "zsh"]))
@click.pass_context
def command(ctx: click.Context, shell: str) -> None:
    """Print the script that makes SHELL complete commands and options.

    \b
    Examples:
      monitor completion bash > ~/.local/share/bash-completion/completions/monitor
      monitor completion fish > ~/.config/fish/completions/monitor.fish
    """
    kind = get_completion_class(shell)
    assert kind is not None
    click.echo(kind(ctx.find_root().command, {}, "monitor", "_MONITOR_COMPLETE").source())
