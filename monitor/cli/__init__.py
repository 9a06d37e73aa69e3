"""The command line: one file a command, imported when its name is typed. The list reads the first line of each.

``installation`` opens what a command works on and tells its errors, ``tables`` prints for people, ``log`` is the
daemon's log; ``serving`` shows a preview in a browser, ``judges`` are the validators of ``proof``.

To add a command: a file named like it, with ``command``, a first line like theirs and an example in its help;
then its line in README.md.
"""

from __future__ import annotations

import atexit
import gc
import os
from typing import Any

import click
from click.exceptions import NoSuchCommand

from monitor import registry

NOT_KINDS: frozenset[str] = frozenset({"installation", "judges", "log", "serving", "tables"})


class Commands(click.Group):
    """A group whose commands are the files beside this one."""

    def main(self, *arguments: Any, **more: Any) -> Any:
        """Run the command that was typed."""
        atexit.register(gc.freeze)  # Python would search all that was imported for garbage: a fifth of a short command
        return super().main(*arguments, **more)

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's own signature
        """Return the names of all commands."""
        return [name.replace("_", "-") for name in registry.kinds("cli")]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command:
        """Return a command by its name. Raises click's NoSuchCommand, proposing the nearest one."""
        if cmd_name not in self.list_commands(ctx):
            raise NoSuchCommand(cmd_name, possibilities=self.list_commands(ctx), ctx=ctx)
        command: click.Command = registry.load("cli", cmd_name.replace("-", "_")).command
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002 - as above
        """Write what each command does, as its file says: to import them all takes longer than to print the list."""
        rows = []
        for name, said in registry.summaries("cli").items():
            text = said.partition(": ")[2]
            rows.append((name.replace("_", "-"), text[:1].upper() + text[1:]))
        with formatter.section("Commands"):
            formatter.write_dl(rows)


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(package_name="paper-monitor", prog_name="monitor")
@click.option(
    "-c", "--config", "config", type=click.Path(), envvar="MONITOR_CONFIG", default="monitor.yaml",
    show_default=True, help="The configuration to work with; MONITOR_CONFIG names it too.",
)  # fmt: skip
@click.pass_context
def main(ctx: click.Context, config: str) -> None:
    """Watch listings of research papers, and mail each reader what is theirs.

    Start with `monitor demo`, then `monitor init DIR` for your own.
    """
    from pathlib import Path  # late: the list of commands does without

    ctx.obj = Path(config)
    # One order of sums on any number of cores, hence the same digest; and threads gain nothing on such small work.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
