"""`monitor replay`: what today's program makes of what we keep, answers of sources and digests."""

from __future__ import annotations

import sys
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from monitor.cli.installation import EXIT_PARTLY, opened
from monitor.cli.tables import print_table

if TYPE_CHECKING:
    from monitor.jobs.replay import Replayed


@click.command("replay")
@click.argument("what", metavar="SOURCE|DATE")
@click.option("--since", type=click.DateTime(["%Y-%m-%d"]), help="Only answers fetched since a day (UTC).")
@click.option("--all", "everything", is_flag=True, help="List also the answers that are read as before.")
@click.option("--profile", help="Draw the mails of this profile and DATE again.")
@click.option("--to", "recipient", help="Only the mail to this recipient.")
@click.option("--output", type=click.Path(file_okay=False, path_type=Path), help="Write the mails here, as .eml.")
@click.pass_obj
def command(
    config: Path, what: str, *, since: datetime | None, everything: bool, profile: str | None, recipient: str | None,
    output: Path | None,
) -> None:  # fmt: skip
    """Do again what was done, from what is kept, and tell what would differ today. Nothing in the ledger changes.

    With a SOURCE, its kept answers are read again. With a DATE and --profile, the mails of that day are drawn again and
    compared byte for byte. Exit status 1 when something differs.

    \b
    Examples:
      monitor replay arxiv
      monitor replay hugging-face --since 2026-11-01 --all
      monitor replay 2026-11-21 --profile ada --output again
    """
    if profile is None:
        _sources(config, what, since=since, everything=everything)
    else:
        _mails(config, what, profile, recipient, output)


def _mails(config: Path, day: str, profile: str, recipient: str | None, output: Path | None) -> None:
    try:
        local_date = date.fromisoformat(day)
    except ValueError as error:
        raise click.BadParameter(f"{day!r} is no date such as 2026-11-21") from error
    with opened(config) as app:
        from monitor.jobs import mailroom

        found = [mailroom.redrawn(app, mail) for mail in mailroom.of_digest(app, profile, local_date, recipient)]
    for one in found:
        verdict = "the same bytes" if one.same else f"differs: {one.reason}"
        click.echo(f"mail {one.mail.id} to {one.mail.recipient}, {one.mail.message_id}: {verdict}")
        if output is not None and one.envelope is not None:
            output.mkdir(parents=True, exist_ok=True)
            (output / f"{one.mail.id}.eml").write_bytes(one.envelope.content)
    if not all(one.same for one in found):
        sys.exit(EXIT_PARTLY)


def _sources(config: Path, source: str, *, since: datetime | None, everything: bool) -> None:
    with opened(config) as app:
        from monitor.jobs import replay

        after = since.replace(tzinfo=UTC) if since else None
        replayed = list(replay.run(app, app.settings.source(source), after))
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
