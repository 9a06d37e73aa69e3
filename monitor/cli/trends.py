"""`monitor trends`: what is rising, what was, and what would have been said."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import click

from monitor.cli.installation import clock_at, errors_told, json_text, open_installation, run_async
from monitor.cli.tables import print_table

if TYPE_CHECKING:
    from monitor.jobs.look_back import Week
    from monitor.types.verdicts import Trend

_DATE = click.DateTime(["%Y-%m-%d"])
_MOST_BARS = 40
_DEFAULT_SPAN, _TERM_SPAN = timedelta(days=30), timedelta(days=365)


@click.command("trends")
@click.option("--term", default="", help="Only what names this term, and its papers week by week.")
@click.option("--since", type=_DATE, help="From this listing day on; the last 30 days unless told, a year with --term.")
@click.option(
    "--replay", type=(_DATE, _DATE), metavar="FROM TO", help="What would have been said on these days, as if live."
)
@click.option("--at", type=click.DateTime(["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M%z"]), help="Act as if it were this time.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@click.pass_obj
def command(
    config: Path,
    *,
    term: str,
    since: datetime | None,
    replay: tuple[datetime, datetime] | None,
    at: datetime | None,
    as_json: bool,
) -> None:
    """Show terms, authors and papers that rise faster than their own past explains, and their states.

    seen and expected are papers in the tested window, q the share of false alarms at which a rise passes.

    \b
    Examples:
      monitor trends
      monitor trends --term "world model" --since 2026-01-01
      monitor trends --replay 2026-03-01 2026-03-31
    """
    with errors_told():
        app = open_installation(config, clock_at(at))
        try:
            from monitor.jobs import look_back

            until = app.clock.now().date() + timedelta(days=1)
            first = since.date() if since else until - (_TERM_SPAN if term else _DEFAULT_SPAN)
            if replay:
                found = look_back.replayed(app, replay[0].date(), replay[1].date())
                found = [one for one in found if not term or look_back.names(one, term)]
            else:
                found = look_back.noted(app, first, until, term)
            weeks = look_back.weeks(app, term, first, until) if term and not replay else []
        finally:
            run_async(app.close())
    if as_json:
        told = [asdict(one) for one in found]
        click.echo(json_text({"trends": told, "weeks": [asdict(one) for one in weeks]}))
        return
    _show(found, weeks)


def _show(found: list[Trend], weeks: list[Week]) -> None:
    if found:
        print_table(
            "Trends", ("day", "state", "since", "kind", "name", "seen", "expected", "q", "sources"),
            [
                (
                    one.day, one.state, one.since or "", one.kind, ", ".join((one.name, *one.also[:2])),
                    f"{one.seen:g}", f"{one.expected:.1f}", f"{one.q:.2g}", ", ".join(one.sources),
                )
                for one in found
            ],
        )  # fmt: skip
    else:
        click.echo("nothing rose in these days")
    if weeks:
        most = max(1, *(one.seen for one in weeks))
        print_table(
            "Papers that carry it, week by week", ("week of", "papers", "of", ""),
            [
                (one.monday, one.seen, one.papers, "█" * round(_MOST_BARS * one.seen / most))
                for one in weeks
            ],
        )  # fmt: skip
