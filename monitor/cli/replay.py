"""`monitor replay`: what today's parser makes of the answers that we keep."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from monitor.cli.installation import EXIT_PARTLY, errors_told, open_installation, run_async
from monitor.cli.tables import print_table
from monitor.clock import SystemClock

if TYPE_CHECKING:
    from monitor.jobs.replay import Replayed


@click.command("replay")
@click.argument("source")
@click.option("--since", type=click.DateTime(["%Y-%m-%d"]), help="Only answers fetched since a day (UTC).")
@click.option("--all", "everything", is_flag=True, help="List also the answers that are read as before.")
@click.pass_obj
def command(config: Path, source: str, *, since: datetime | None, everything: bool) -> None:
    """Read the kept answers of SOURCE again and tell what would differ today. Nothing is written.

    Exit status 1 when something differs.

    \b
    Examples:
      monitor replay arxiv
      monitor replay hugging-face --since 2026-11-01 --all
    """
    with errors_told():
        app = open_installation(config, SystemClock())
        try:
            from monitor.jobs import replay

            after = since.replace(tzinfo=UTC) if since else None
            replayed = list(replay.run(app, app.settings.source(source), after))
        finally:
            run_async(app.close())
    different = [one for one in replayed if one.differs]
    shown = replayed if everything else different
    if shown:
        print_table(
            f"{source}, read again", ("fetched", "answer", "then", "now", "lost", "gained", "changed", "such as"),
            [_row(one) for one in shown],
        )  # fmt: skip
    click.echo(f"answers read again: {len(replayed)}; read otherwise than when they came: {len(different)}")
    if different:
        sys.exit(EXIT_PARTLY)


def _row(one: Replayed) -> tuple[object, ...]:
    example = next(iter((*one.lost, *one.changed, *one.gained)), "")
    such_as = one.reason or (f"could not be read: {one.former_reason}" if one.former_reason else example)
    return (
        f"{one.fetched_at:%Y-%m-%d %H:%M}", one.url, one.before, one.now, len(one.lost), len(one.gained),
        len(one.changed), such_as,
    )  # fmt: skip
