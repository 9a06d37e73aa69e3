"""`monitor doctor`: what is wrong outside of the configuration."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from monitor.cli.installation import EXIT_PARTLY, configuration, errors_told, run_async

if TYPE_CHECKING:
    from monitor.channels import Channel
    from monitor.jobs.doctor_mail import Finding
    from monitor.types.digests import Acceptance, Envelope


@click.group("doctor", invoke_without_command=True)
@click.option("--json", "as_json", is_flag=True, help="Print all of it as JSON.")
@click.pass_context
def command(ctx: click.Context, *, as_json: bool) -> None:
    """Look for what is wrong or weak: the machine, files, the clock, the store, sources, profiles.

    Each finding has an id and says what to do. Nothing is written. Ends with 1 when something is bad; `doctor mail`
    looks at what receivers of mail look at.

    \b
    Examples:
      monitor doctor
      monitor doctor mail
    """
    if ctx.invoked_subcommand is not None:
        return
    with errors_told():
        loaded = configuration(ctx.obj)
        from monitor.clock import SystemClock
        from monitor.jobs import doctor
        from monitor.store.lock import silent_for

        now = SystemClock().now()
        silent = silent_for(loaded.settings.database, now)
        found = doctor.run(loaded.settings, loaded.profiles, now, silent)
    if as_json:
        click.echo(json.dumps([{"id": one.about, "state": one.state, "says": one.says} for one in found], indent=1))
    _end(found, quiet=as_json)


@command.command("mail")
@click.option("--send", "recipient", metavar="ADDRESS", help="Also send a test mail there, over the default channel.")
@click.pass_obj
def mail(config: Path, recipient: str | None) -> None:
    """Look at what receivers of mail look at: SPF, DKIM and DMARC, the relay, links, the postal address.

    Nothing is sent without --send, and the database is not touched. Ends with 1 when something loses mails.

    \b
    Examples:
      monitor doctor mail
      monitor doctor mail --send me@example.org
    """
    with errors_told():
        settings = configuration(config).settings
        from monitor.app import open_channel, sender_of
        from monitor.channels._dns import texts
        from monitor.channels.email import EmailChannel
        from monitor.clock import SystemClock
        from monitor.jobs import doctor_mail
        from monitor.render.message import build_note

        sender = sender_of(settings.sender)
        opened = {name: open_channel(one) for name, one in {"": settings.channel, **settings.channels}.items()}
        relays: dict[str, doctor_mail.Relay] = {
            name: channel for name, channel in opened.items() if isinstance(channel, EmailChannel)
        }
        base_url = settings.web.base_url if settings.web else ""
        found = run_async(doctor_mail.run(sender, settings.sender.postal or "", base_url, relays, texts))
        if recipient:
            text = "This is a test of `monitor doctor mail`. In its headers, SPF, DKIM and DMARC should pass.\n"
            note = build_note("Paper Monitor: a test", text, sender, recipient, SystemClock().now())
            taken = run_async(_sent(opened[""], note))
            click.echo(f"sent to {recipient}: {taken.code} {taken.text}")
    _end(found)


async def _sent(channel: Channel, note: Envelope) -> Acceptance:
    try:
        return await channel.deliver(note)
    finally:
        await channel.close()


def _end(found: Sequence[Finding], *, quiet: bool = False) -> None:
    """Print what was found, and end with 1 when something is bad."""
    width = max(len(one.about) for one in found)
    for one in () if quiet else found:
        click.echo(f"{one.state:7}  {one.about:{width}}  {one.says}")
    if any(one.state == "bad" for one in found):
        sys.exit(EXIT_PARTLY)
