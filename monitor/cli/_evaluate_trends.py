"""`monitor evaluate trends`: dated documents, replayed day by day."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click

from monitor.cli.installation import errors_told
from monitor.cli.tables import print_table

if TYPE_CHECKING:
    from monitor.evaluate.trend_profiles import Readers
    from monitor.evaluate.trends import TrendFigures

_RULES = ("ours", "mean+3sd", "growth")


@click.command("trends")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--gold",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Known rises; gold.jsonl beside FILE is taken unless told otherwise.",
)
@click.option(
    "--method",
    "rules",
    type=click.Choice((*_RULES, "all")),
    multiple=True,
    default=("ours",),
    show_default=True,
    help="Whose rule to run; may be given more than once.",
)
@click.option(
    "--nulls", type=click.IntRange(min=0), default=3, show_default=True, help="How often to permute the dates."
)
@click.option(
    "--cases",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="A folder as for `monitor evaluate matching`: how many of our alarms concern each of its readers.",
)
@click.option("--level", help="Only the cases of this level of evidence.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def trends(
    file: Path,
    *,
    gold: Path | None,
    rules: tuple[str, ...],
    nulls: int,
    cases: Path | None,
    level: str | None,
    as_json: bool,
) -> None:
    """Replay dated documents day by day, and count what would have been called rising.

    FILE holds one document a line, {"id", "day", "title", "abstract", "authors"?}; the gold file one known rise a line,
    {"term", "from", "to"}. Alarms on dates that were permuted at random are all false; an alarm was right when its
    term's share of papers in the 60 days after it is at least twice that before.

    Rules: ours; mean+3sd, a day above the mean and three deviations of 14 days; growth, five days against twenty.

    \b
    Example:
      monitor evaluate trends documents.jsonl --method all
      monitor evaluate trends documents.jsonl --cases cases --level 20
    """  # fmt: skip
    with errors_told():
        from monitor.evaluate import trends as room

        beside = file.parent / "gold.jsonl"
        known = room.read_gold(gold or beside) if gold or beside.exists() else []
        stream = room.read_stream(file)
        chosen = _RULES if "all" in rules else tuple(dict.fromkeys(rules))
        figures = {rule: room.judge(stream, known, rule, nulls) for rule in chosen}
        readers = _readers(cases, level, figures, stream.weeks) if cases else None
    if as_json:
        first = room.figures_json(next(iter(figures.values())))
        others = {rule: room.figures_json(one) for rule, one in figures.items()}
        told = {"readers": asdict(readers)} if readers else {}
        click.echo(json.dumps(first | ({"methods": others} if len(figures) > 1 else {}) | told))
        return
    _show_trends(file, figures)
    if readers:
        click.echo(
            f"{readers.count} readers: {readers.mean_per_week:.2f} alarms a week concern one, "
            f"{readers.most_per_week:.2f} the one with the most"
        )


def _readers(folder: Path, level: str | None, figures: dict[str, TrendFigures], weeks: float) -> Readers:
    from monitor.evaluate import trend_profiles

    if "ours" not in figures:
        raise click.UsageError("--cases needs our rule: --method ours")
    return trend_profiles.told(folder, level, [alarm.papers for alarm in figures["ours"].alarms], weeks)


def _show_trends(file: Path, figures: dict[str, TrendFigures]) -> None:
    columns = ("rule", "alarms/week", "on permuted dates", "recall", "delay days", "doubled", "ms/day")
    rows = [
        (
            rule, f"{one.alarms_per_week:.2f}", f"{one.null_per_week:.3f}", _share(one.recall),
            "" if one.median_delay_days is None else f"{one.median_delay_days:.0f}", _share(one.doubled),
            f"{one.ms_per_day:.1f}",
        )
        for rule, one in figures.items()
    ]  # fmt: skip
    print_table(f"{file}, replayed", columns, rows)
    ours = figures.get("ours")
    if ours and ours.authors:
        of = ours.authors
        click.echo(
            f"of authors: {of.alarms_per_week:.2f} a week, {of.null_per_week:.3f} on permuted dates"
            + ("" if of.doubled is None else f", {of.doubled:.2f} doubled")
        )
    if ours and ours.alarms:
        print_table(
            f"alarms; {ours.terms} terms in {ours.megabytes:.0f} MB", ("day", "term", "seen", "expected", "q"),
            [(one.day, one.name, f"{one.seen:g}", f"{one.expected:.1f}", f"{one.q:.2g}") for one in ours.alarms],
        )  # fmt: skip


def _share(value: float | None) -> str:
    return "" if value is None else f"{value:.3f}"
