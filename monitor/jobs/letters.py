"""Mail the confirmations that people asked for on the pages, in the look of a digest."""

from __future__ import annotations

import asyncio
import logging
from zoneinfo import ZoneInfo

from monitor.app import App
from monitor.errors import DeliveryError, RenderError
from monitor.jobs import right_time, signup
from monitor.jobs.draw import draw
from monitor.jobs.reports import Report
from monitor.render.message import build_message
from monitor.store import channels, readers, suppressions
from monitor.types.digests import Digest, Envelope, Link, Receipt, Section, Text
from monitor.types.profiles import Profile
from monitor.types.readers import Signup
from monitor.words import speak

log = logging.getLogger(__name__)

_AT_ONCE = 100


async def run(app: App) -> Report:
    """Mail what is due; one that cannot leave now is tried at the next round, for a day."""
    report = Report()
    now = app.clock.now()
    with app.store.read() as session:
        if right_time.doubt(session, now):
            return report
        health = channels.health(session, "")
        due = readers.due(session, now - signup.ONE_MAIL, _AT_ONCE)
        unwanted = suppressions.among(session, [one.address for one in due])
    if not due or app.links is None or (health.paused_until and health.paused_until > now):
        return report
    dead = {address for (address, _), why in unwanted.items() if why.reason != "unsubscribed"}
    try:
        for one in due:
            await _mail(app, one, report, is_dead=suppressions.key(one.address) in dead)
    finally:
        await app.channel.close()
    return report


async def _mail(app: App, wish: Signup, report: Report, *, is_dead: bool) -> None:
    profile = app.profiles.get(wish.profile)
    if profile is None or is_dead:
        return await asyncio.to_thread(_done, app, wish, left=False)
    try:
        await app.channel.deliver(await asyncio.to_thread(letter, app, wish, profile))
    except (DeliveryError, RenderError) as error:
        report.failures.append((f"confirmation to {wish.address}", str(error)))
        if isinstance(error, DeliveryError) and not error.permanent:
            return None
        return await asyncio.to_thread(_done, app, wish, left=False)
    report.counts["confirmations"] += 1
    return await asyncio.to_thread(_done, app, wish, left=True)


def _done(app: App, wish: Signup, *, left: bool) -> None:
    with app.store.write() as session:
        readers.mailed(session, wish.id, app.clock.now() if left else None)


def letter(app: App, wish: Signup, profile: Profile) -> Envelope:
    """Return the mail that asks whether somebody at an address wants what was asked for."""
    assert app.links is not None
    say = speak(profile.language)
    kind = "move" if wish.subscription is not None else "join"
    at = wish.asked_at.astimezone(ZoneInfo((wish.schedule or profile.schedule).timezone))
    blocks = (
        Text(say(f"confirm-{kind}", profile=profile.name)),
        Link(say("confirm-link"), app.links.url("confirm", *signup.name_of(wish))),
        Text(say("confirm-ignore")),
    )
    digest = Digest(
        profile_id=profile.id,
        profile_name=profile.name,
        recipient=wish.address,
        local_date=at.date(),
        at=at,
        subject=say("confirm-subject", profile=profile.name),
        preheader=say("confirm-ignore"),
        sections=(Section("confirm", blocks),),
        receipt=Receipt(()),
        why_sent=say("confirm-why", address=wish.address, site=app.links.base_url),
        kind=f"confirm-{wish.id}",
        language=say.language,
    )
    return build_message(
        digest, draw(app, digest)[0], app.sender, message_id_key=app.links.token("confirm", *signup.name_of(wish))
    )
