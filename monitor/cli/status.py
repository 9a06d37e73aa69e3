"""`monitor status`: how the installation fares."""

from __future__ import annotations

import sys
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from monitor.cli.installation import EXIT_PARTLY, clock_at, errors_told, json_text, open_installation, run_async
from monitor.cli.tables import print_table
from monitor.clock import SystemClock
from monitor.text import counted

if TYPE_CHECKING:
    from monitor.jobs.overview import Overview
    from monitor.types.ledger import SourceHealth
    from monitor.types.queue import QueueOverview


@click.command("status")
@click.option("--at", type=click.DateTime(["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M%z"]), help="Act as if it were this time.")
@click.option("--json", "as_json", is_flag=True, help="Print all of it as one JSON object.")
@click.option("--alive", is_flag=True, help="Only say whether the daemon is at work; for a container's health check.")
@click.pass_obj
def command(config: Path, at: datetime | None, *, as_json: bool, alive: bool) -> None:
    """Show sources, batches, the next digests and the outbox. Exit status 1 when something needs a person.

    \b
    Examples:
      monitor status
      monitor status --alive
    """
    if alive:
        _alive(config)
        return
    with errors_told():
        app = open_installation(config, clock_at(at))
        try:
            from monitor.jobs import overview

            view = overview.run(app)
        finally:
            run_async(app.close())
    if as_json:
        click.echo(json_text({**asdict(view), "needs_a_person": view.needs_a_person}))
    else:
        _print(view)
    if view.needs_a_person:
        sys.exit(EXIT_PARTLY)


def _alive(config: Path) -> None:
    from monitor.settings.load import database_of
    from monitor.store.lock import STOPPED, silent_for

    silent = silent_for(database_of(config), SystemClock().now())
    if silent is None or silent > STOPPED:
        click.echo("no daemon is at work" if silent is None else f"the daemon has not moved for {silent:.0f} s")
        sys.exit(EXIT_PARTLY)
    click.echo("the daemon is at work")


def _print(view: Overview) -> None:
    print_table(
        "Sources", ("source", "last read", "next", "state"),
        [(one.name, _time(one.last_ok_at), _time(one.next_poll_at), _state(one)) for one in view.sources],
    )  # fmt: skip
    if view.batches:
        print_table(
            "Batches of the last 7 days", ("source", "date", "announced", "read", "new", "revised", "copies"),
            [(b.source, b.declared, b.announced, b.read, b.new, b.revised, b.copies) for b in view.batches],
        )  # fmt: skip
    print_table(
        "Next digests", ("profile", "to", "leaves"),
        [(p, r, _time(when) if when else "after the first reading") for p, r, when in view.next_digests],
    )  # fmt: skip
    mails = ", ".join(f"{number} {state}" for state, number in sorted(view.outbox.items())) or "none yet"
    counts = ((view.papers, "paper"), (view.matches, "match"), (view.trends, "trend"))
    click.echo(f"{', '.join(counted(*each) for each in counts)}; mails: {mails}")
    for recipient, state, text in view.answers:
        click.echo(f"  {recipient}: {state}: {text}")
    for channel in view.channels:
        since, until = _time(channel.failing_since), _time(channel.paused_until)
        click.echo(f"the channel {channel.name} fails since {since} and rests until {until}: {channel.reason}")
    for one in view.suppressed:
        click.echo(str(one))
    if view.queue.workers or view.queue.queues:
        _print_queue(view.queue)
    if view.backup:
        click.echo(f"last backup: {_time(view.backup)}")
    for trouble in view.troubles:
        click.echo(f"! {trouble}")


def _print_queue(queue: QueueOverview) -> None:
    print_table(
        "Queues", ("queue", "waiting", "being done", "resting", "waiting for"),
        [(one.name, one.waiting, one.doing, one.resting, f"{one.lag:.0f} s") for one in queue.queues],
    )  # fmt: skip
    click.echo(f"workers, each counted once for each group of queues that it serves: {queue.workers}")
    for one in queue.resting:
        click.echo(f"  {one.key} broke off {one.times} times and rests until {_time(one.until)}")


def _state(source: SourceHealth) -> str:
    return source.last_error or ("ok" if source.last_ok_at else "not read yet")


def _time(moment: datetime | None) -> str:
    return f"{moment:%Y-%m-%d %H:%M} UTC" if moment else "-"
