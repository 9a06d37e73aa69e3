"""`monitor doctor`: what is wrong outside of the configuration."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from monitor.cli.installation import EXIT_PARTLY, configuration, errors_told, run_async

if TYPE_CHECKING:
    from monitor.channels import Channel
    from monitor.types.digests import Acceptance, Envelope


@click.group("doctor")
def command() -> None:
    """Look for what is wrong outside of the configuration.

    \b
    Example:
      monitor doctor mail
    """


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
        width = max(len(one.about) for one in found)
        for one in found:
            click.echo(f"{one.state:7}  {one.about:{width}}  {one.says}")
        if recipient:
            text = "This is a test of `monitor doctor mail`. In its headers, SPF, DKIM and DMARC should pass.\n"
            note = build_note("Paper Monitor: a test", text, sender, recipient, SystemClock().now())
            taken = run_async(_sent(opened[""], note))
            click.echo(f"sent to {recipient}: {taken.code} {taken.text}")
        if any(one.state == "bad" for one in found):
            sys.exit(EXIT_PARTLY)


async def _sent(channel: Channel, note: Envelope) -> Acceptance:
    try:
        return await channel.deliver(note)
    finally:
        await channel.close()
