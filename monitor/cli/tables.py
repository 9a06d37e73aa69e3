"""Tables for people: drawn by rich at a terminal, plain columns elsewhere."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Protocol

import click


def print_table(title: str, columns: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Print rows under column names; cells are shown as text, never read as markup."""
    texts = [[str(cell) for cell in row] for row in rows]
    if sys.stdout.isatty():
        from rich.console import Console
        from rich.table import Table
        from rich.text import Text

        table = Table(*columns, title=title, title_justify="left", header_style="bold")
        for row in texts:
            table.add_row(*(Text(cell) for cell in row))
        Console().print(table)
        return
    click.echo(title)
    widths = [max(len(row[column]) for row in [list(columns), *texts]) for column in range(len(columns))]
    for row in [list(columns), *texts]:
        click.echo("  " + "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())


@contextmanager
def counting(what: str) -> Iterator[Callable[[int, int, int], None]]:
    """Give a function that shows how far a count got: done, of how many, and entries read. A bar at a terminal."""
    if not sys.stdout.isatty():
        yield lambda _done, _of, _read: None
        return
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns) as bar:
        task = bar.add_task(what, total=None)
        yield lambda done, of, read: bar.update(
            task, completed=done, total=of, description=f"{what}, {read} entries so far"
        )


def _silent(stage: str) -> None:
    """Show nothing: nobody looks."""


class Told(Protocol):
    """What a long piece of work tells its progress to."""

    def __call__(self, stage: str) -> None:
        """Show what is being done now."""
        ...


@contextmanager
def progress(total: int | None = None) -> Iterator[Told]:
    """Give a function that shows each stage; draws a bar or a spinner when standard output is a terminal."""
    if not sys.stdout.isatty():
        yield _silent
        return
    from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

    columns = [SpinnerColumn(), TextColumn("{task.description}"), TimeElapsedColumn()]
    if total:
        columns.insert(2, BarColumn())
    with Progress(*columns, transient=True) as bar:
        task = bar.add_task("starting", total=total)

        def show(stage: str) -> None:
            bar.update(task, description=stage, advance=1)

        yield show
