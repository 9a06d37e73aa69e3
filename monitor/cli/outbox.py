"""`monitor outbox`: the mails, what became of each, and what a person may do about it."""

from __future__ import annotations

import sys
from datetime import datetime
from pathlib import Path

import click

from monitor.cli.installation import EXIT_PARTLY, opened
from monitor.cli.tables import print_table

STATES = ("queued", "claimed", "sent", "uncertain", "failed", "suppressed", "held")
_ids = click.argument("ids", type=int, nargs=-1)


@click.group("outbox", invoke_without_command=True)
@click.option("--state", "states", type=click.Choice(STATES), multiple=True, help="Only mails in this state.")
@click.option("--limit", default=30, show_default=True, help="How many, the newest first.")
@click.pass_context
def command(ctx: click.Context, states: tuple[str, ...], limit: int) -> None:
    """List the mails, the newest first; the commands below look at one, or do something about it.

    \b
    Examples:
      monitor outbox --state failed --state held
      monitor outbox show 17
      monitor outbox retry
      monitor outbox hold --all
    """
    if ctx.invoked_subcommand:
        return
    from monitor.store import mails

    with opened(ctx.obj) as app, app.store.read() as session:
        found = mails.listed(session, states, limit)  # type: ignore[arg-type]
        print_table(
            "Outbox", ("mail", "state", "to", "profile", "date", "tries", "next", "subject"),
            [
                (one.id, one.state, one.recipient, one.profile, one.local_date, one.attempts,
                 _time(one.next_attempt_at) if one.state in ("queued", "uncertain") else "-", one.subject)
                for one in found
            ],
        )  # fmt: skip


@command.command("show")
@click.argument("number", type=int)
@click.option("--raw", is_flag=True, help="Print the message itself, byte for byte.")
@click.pass_obj
def show(config: Path, number: int, *, raw: bool) -> None:
    """Show one mail: its headers, and what was answered to each attempt."""
    from monitor.errors import NotFoundError
    from monitor.jobs import mailroom
    from monitor.store import mails

    with opened(config) as app:
        with app.store.read() as session:
            mail, receipts = mails.one(session, number), mails.receipts(session, number)
        if mail is None:
            raise NotFoundError("mail", str(number), "`monitor outbox` lists what there is")
        content = mailroom.as_queued(app, mail).content
    if raw:
        sys.stdout.buffer.write(content)
        return
    click.echo(content.partition(b"\r\n\r\n")[0].decode("ascii").replace("\r\n", "\n"))
    click.echo(f"\n{mail.state}, {len(content)} bytes, {'kept' if mail.kept else 'drawn again'}, {mail.fingerprint}")
    for one in receipts:
        click.echo(f"  {_time(one.at)} {one.outcome}: {one.code} {one.text}")


@command.command("retry")
@_ids
@click.pass_obj
def retry(config: Path, ids: tuple[int, ...]) -> None:
    """Try mails IDS, or all that wait, at the next round; a channel that rests is tried at once."""
    from monitor.jobs import mailroom

    with opened(config) as app:
        done = mailroom.retry(app, ids)
    _told("will be tried at the next round", ids, done)


@command.command("hold")
@_ids
@click.option("--all", "everything", is_flag=True, help="All that wait, for example after a backup was restored.")
@click.pass_obj
def hold(config: Path, ids: tuple[int, ...], *, everything: bool) -> None:
    """Keep mails IDS from leaving until they are released."""
    _move(config, ids, everything=everything, into="held", out_of=("queued", "uncertain"))


@command.command("release")
@_ids
@click.option("--all", "everything", is_flag=True, help="All that are held.")
@click.pass_obj
def release(config: Path, ids: tuple[int, ...], *, everything: bool) -> None:
    """Let held mails IDS leave."""
    _move(config, ids, everything=everything, into="queued", out_of=("held",))


@command.command("suppress")
@click.argument("recipient")
@click.option("--profile", default="", help="Only the mails of this profile.")
@click.pass_obj
def suppress(config: Path, recipient: str, profile: str) -> None:
    """Send RECIPIENT no more mail, whatever the profiles say."""
    from monitor.store import suppressions

    with opened(config) as app, app.store.write() as session:
        news = suppressions.add(session, recipient, app.clock.now(), "operator", profile=profile)
    click.echo(f"{recipient} gets no more mail" if news else f"{recipient} got none already")


@command.command("lift")
@click.argument("recipient")
@click.option("--profile", default="", help="As it was suppressed: for this profile only.")
@click.pass_obj
def lift(config: Path, recipient: str, profile: str) -> None:
    """Send RECIPIENT mail again, and forget the bounces. For somebody who left of their own will, ask them first."""
    from monitor.errors import NotFoundError
    from monitor.store import suppressions

    with opened(config) as app, app.store.write() as session:
        if not suppressions.lift(session, recipient, profile=profile):
            raise NotFoundError("suppression", recipient, "`monitor status` lists those of the profiles")
    click.echo(f"{recipient} gets mail again, from the next digest on")


def _move(config: Path, ids: tuple[int, ...], *, everything: bool, into: str, out_of: tuple[str, ...]) -> None:
    from monitor.store import mails

    if bool(ids) == everything:
        raise click.UsageError("give the numbers of mails, or --all")
    with opened(config) as app, app.store.write() as session:
        wanted = ids or tuple(one.id for one in mails.listed(session, out_of, limit=100_000))  # type: ignore[arg-type]
        done = mails.move(session, wanted, into, out_of=out_of)  # type: ignore[arg-type]
    _told("held" if into == "held" else "released", wanted, done)


def _told(deed: str, wanted: tuple[int, ...], done: list[int]) -> None:
    click.echo(f"{len(done)} mail{'' if len(done) == 1 else 's'}: {deed}")
    if left := sorted(set(wanted) - set(done)):
        numbers = ", ".join(map(str, left))
        click.echo(f"left as they are: {numbers} (done, on their way, or in a later digest); see `monitor outbox show`")
        sys.exit(EXIT_PARTLY)


def _time(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d %H:%M}"
