"""The command line: one file a command, imported when its name is typed or the list is asked for."""

from __future__ import annotations

import os
from pathlib import Path

import click
from click.exceptions import NoSuchCommand

from monitor import registry

NOT_KINDS: frozenset[str] = frozenset({"installation", "judges", "serving", "tables"})


class Commands(click.Group):
    """A group whose commands are the files beside this one."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's own signature
        """Return the names of all commands."""
        return [name.replace("_", "-") for name in registry.kinds("cli")]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command:
        """Return a command by its name. Raises click's NoSuchCommand, proposing the nearest one."""
        if cmd_name not in self.list_commands(ctx):
            raise NoSuchCommand(cmd_name, possibilities=self.list_commands(ctx), ctx=ctx)
        command: click.Command = registry.load("cli", cmd_name.replace("-", "_")).command
        return command


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(package_name="paper-monitor", prog_name="monitor")
@click.option(
    "-c", "--config", "config", type=click.Path(path_type=Path), envvar="MONITOR_CONFIG", default=Path("monitor.yaml"),
    show_default=True, help="The configuration to work with; MONITOR_CONFIG names it too.",
)  # fmt: skip
@click.pass_context
def main(ctx: click.Context, config: Path) -> None:
    """Watch listings of research papers, and mail each reader what is theirs.

    Start with `monitor demo`, then `monitor init DIR` for your own.
    """
    ctx.obj = config
    # One order of sums on any number of cores, hence the same digest; and threads gain nothing on such small work.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
