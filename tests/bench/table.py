"""Figures as a table, for people."""

from __future__ import annotations

import sys
from collections.abc import Iterable

from rich.console import Console
from rich.table import Table

from tests.bench.figure import Figure


def show(figures: Iterable[Figure]) -> None:
    """Print figures of one benchmark, once all are known."""
    made = empty()
    add(made, figures)
    draw(made)


def empty() -> Table:
    made = Table("", "measured", "beside", "ratio", "growth", "asked", box=None, header_style="bold", pad_edge=False)
    for column in (made.columns[1], made.columns[3], made.columns[4]):
        column.justify = "right"
    return made


def add(made: Table, figures: Iterable[Figure]) -> None:
    for one in figures:
        made.add_row(one.name, amount(one.measured, one.unit), beside(one), times(one), power(one), verdict(one))


def draw(made: Table) -> None:
    Console(width=None if sys.stdout.isatty() else 170).print(made)


def amount(number: float, unit: str) -> str:
    return f"{number:,.0f} {unit}" if abs(number) >= 100 else f"{number:.3g} {unit}"


def beside(one: Figure) -> str:
    return "" if one.peer is None else f"{amount(one.peer, one.unit)}, {one.beside}"


def times(one: Figure) -> str:
    if one.ratio is None or one.gain is None:
        return ""
    return f"1/{one.gain:.3g}" if one.asked.startswith("gain") else f"{one.ratio:.3g}"


def power(one: Figure) -> str:
    return "" if one.growth is None else f"n^{one.growth:.2f}"


def verdict(one: Figure) -> str:
    return f"[red]{one.asked}: no[/red]" if one.holds is False else one.asked
