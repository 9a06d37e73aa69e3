"""`monitor man`: the manual page, made from the help of every command."""

from __future__ import annotations

import re
from collections.abc import Iterator

import click


@click.command("man")
@click.pass_context
def command(ctx: click.Context) -> None:
    """Print the manual page: all commands and options in man(7) format.

    \b
    Example:
      monitor man > /usr/local/share/man/man1/monitor.1
    """
    root = ctx.find_root().command
    assert isinstance(root, click.Group)
    for line in _page(root, click.Context(root, info_name="monitor")):
        click.echo(line)


def _page(group: click.Group, ctx: click.Context) -> Iterator[str]:
    from importlib.metadata import version

    summary = (group.help or "").strip().partition("\n")[0].rstrip(".")
    yield f'.TH MONITOR 1 "" "paper-monitor {version("paper-monitor")}" "Paper Monitor"'
    yield from (".SH NAME", f"monitor \\- {_roff(summary)}")
    yield from (".SH SYNOPSIS", ".B monitor", "[\\fIoptions\\fR] \\fIcommand\\fR [\\fIarguments\\fR]")
    yield from (".SH DESCRIPTION", *_paragraphs(group.help or ""))
    yield ".SH OPTIONS"
    yield from _options(group, ctx)
    yield ".SH COMMANDS"
    yield from _commands(group, ctx)
    yield ".SH EXIT STATUS"
    for number, meaning in (
        ("0", "all is well"),
        ("1", "something needs a person, or a part of the work failed"),
        ("2", "the configuration or the command line cannot be used"),
        ("3", "the work could not be done"),
    ):
        yield from (".TP", f".B {number}", meaning)


def _commands(group: click.Group, ctx: click.Context) -> Iterator[str]:
    for name in group.list_commands(ctx):
        one = group.get_command(ctx, name)
        if one is None or one.hidden:
            continue
        inner = click.Context(one, parent=ctx, info_name=name)
        usage = " ".join(part for part in (inner.command_path, *one.collect_usage_pieces(inner)))
        yield from (f".SS {_roff(usage)}", *_paragraphs(one.help or ""))
        yield from _options(one, inner)
        if isinstance(one, click.Group):
            yield from _commands(one, inner)


def _options(one: click.Command, ctx: click.Context) -> Iterator[str]:
    for parameter in one.get_params(ctx):
        record = parameter.get_help_record(ctx)
        if record and record[1] and "--help" not in record[0]:
            yield from (".TP", f"\\fB{_roff(record[0])}\\fR", _roff(record[1]))


def _paragraphs(text: str) -> Iterator[str]:
    """Yield the paragraphs of a help text; those marked with \\b keep their lines."""
    for number, part in enumerate(re.split(r"\n\s*\n", text.strip())):
        if number:
            yield ".PP"
        lines = [line.strip() for line in part.strip().splitlines()]
        if lines and lines[0] == "\b":
            yield from (".nf", *(_roff(line) for line in lines[1:]), ".fi")
        else:
            yield _roff(" ".join(lines))


def _roff(text: str) -> str:
    """Return text as man(7) takes it: no backslash of its own, dashes that can be copied, no line that is a request."""
    escaped = text.replace("\\", "\\e").replace("-", "\\-").replace("`", "\\(ga")
    return f"\\&{escaped}" if escaped.startswith((".", "'")) else escaped
