"""`monitor sources`: every source, how it fares, and what it announced day by day."""

from __future__ import annotations

import sys
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from monitor import registry
from monitor.cli.installation import EXIT_PARTLY, errors_told, open_installation, run_async
from monitor.cli.tables import print_table
from monitor.text import counted

if TYPE_CHECKING:
    from monitor.jobs.ledger import SourceLedger
    from monitor.types.ledger import Batch


@click.command("sources")
@click.argument("name", required=False)
@click.option("-n", "number", default=5, show_default=True, help="How many announcements of each source to show.")
@click.option("--again", is_flag=True, help="Have source NAME asked at the next round, whatever it answered last.")
@click.option("--kinds", is_flag=True, help="List the kinds of source instead.")
@click.option("--kind", help="Print the page of help of one kind instead.")
@click.pass_obj
def command(config: Path, name: str | None, *, number: int, again: bool, kinds: bool, kind: str | None) -> None:
    """Show each source, how it fares, and the ledger of what it announced.

    Exit status 1 when a source fails or is gone.

    \b
    Examples:
      monitor sources
      monitor sources arxiv -n 30
      monitor sources --kind arxiv
    """
    with errors_told():
        if kinds or kind:
            _explain_kinds(kind)
            return
        app = open_installation(config)
        try:
            from monitor.jobs import ledger

            if name:
                source = app.settings.source(name)
                if again:
                    ledger.ask_again(app, source, app.clock.now())
            shown = [one for one in ledger.run(app, number) if name in (None, one.source.name)]
        finally:
            run_async(app.close())
    _print(shown)
    if not all(one.is_well for one in shown):
        sys.exit(EXIT_PARTLY)


def _explain_kinds(kind: str | None) -> None:
    if kind:
        click.echo((registry.load("sources", kind).__doc__ or "").strip())
        return
    print_table("Kinds of source", ("kind", "reads"), registry.summaries("sources").items())


def _print(shown: list[SourceLedger]) -> None:
    print_table(
        "Sources", ("source", "kind", "last read", "next", "kept", "state"),
        [
            (
                one.source.name, one.source.kind, _time(one.health.last_ok_at), _time(one.health.next_poll_at),
                f"{counted(one.snapshots, 'answer')}, {one.snapshot_bytes / 1e6:.1f} MB", one.state,
            )
            for one in shown
        ],
    )  # fmt: skip
    for one in shown:
        if one.batches:
            columns = ("date", "announced", "read", "new", "revised", "copies", "late", "past", "state")
            print_table(f"\n{one.source.name}", columns, [_row(batch) for batch in one.batches])


def _row(batch: Batch) -> tuple[object, ...]:
    note = f"{batch.state}: {batch.note}" if batch.note else batch.state
    return (
        f"{batch.declared:%a} {batch.declared}", batch.announced, batch.read, batch.new, batch.revised, batch.copies,
        batch.late, batch.past, note,
    )  # fmt: skip


def _time(moment: datetime | None) -> str:
    return f"{moment:%Y-%m-%d %H:%M} UTC" if moment else "-"
