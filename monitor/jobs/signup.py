"""What people do with their subscriptions on the pages. All of it can be done twice and is then done once."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from monitor.app import App
from monitor.store import outbox, readers, suppressions
from monitor.store.engine import Session
from monitor.types.profiles import Profile, Schedule
from monitor.types.readers import Reader, Signup

ONE_MAIL = timedelta(days=1)
"""A mailbox gets one confirmation in this time, however often and for whatever it is asked."""
VALID = timedelta(days=7)

_WITH_DOTS_IGNORED = frozenset({"gmail.com", "googlemail.com"})


@dataclass(frozen=True, slots=True)
class Confirmed:
    """What a confirmation came to.

    ``used``: it was confirmed before, and may have been undone since. ``over``: too old, or unknown. ``closed``: the
    profile is not public any more. ``taken``: the new address has this subscription already.
    """

    outcome: Literal["joined", "moved", "used", "over", "closed", "taken"]
    subscription: int | None = None
    signup: Signup | None = None


def mailbox(address: str) -> str:
    """Return an address without what its owner may vary: case, a ``+tag``, and dots where they mean nothing."""
    local, _, domain = address.casefold().rpartition("@")
    local = local.partition("+")[0] or local
    return f"{local.replace('.', '') if domain in _WITH_DOTS_IGNORED else local}@{domain}"


def ask(app: App, profile: Profile, address: str, schedule: Schedule | None, subscription: int | None = None) -> None:
    """Write down that somebody wants ``profile`` at ``address``; a job mails the confirmation.

    The same is done for every address, known or not, so that nobody learns which ones are.
    """
    now = app.clock.now()
    wish = Signup(0, profile.id, address, now, schedule, subscription)
    with app.store.write() as session:
        readers.drop_signups(session, now - 4 * VALID)
        readers.ask(session, wish, mailbox(address), now - ONE_MAIL)


def name_of(wish: Signup) -> tuple[int, int]:
    """Return what the link of a confirmation names: ids are given out again, a second of time is not."""
    return wish.id, int(wish.asked_at.timestamp())


def waiting(app: App, name: tuple[int, ...]) -> Confirmed:
    """Return what a confirmation would come to now; nothing is written."""
    with app.store.read() as session:
        return _look(app, session, name)


def confirm(app: App, name: tuple[int, ...]) -> Confirmed:
    """Let a wish come true, because somebody who reads mail at its address says so."""
    now = app.clock.now()
    with app.store.write() as session:
        found = _look(app, session, name)
        wish = found.signup
        if wish is None or found.outcome not in ("joined", "moved") or not readers.confirm(session, wish.id, now):
            return found
        if wish.subscription is not None:
            moved = readers.move(session, wish.subscription, wish.address)
            return Confirmed("moved" if moved else "taken", wish.subscription, wish)
        for scope in ("", wish.profile):
            suppressions.lift(session, wish.address, profile=scope)
        joined = readers.join(session, wish.profile, wish.address, wish.schedule, now)
        return Confirmed("joined", joined, wish)


def _look(app: App, session: Session, name: tuple[int, ...]) -> Confirmed:
    wish = readers.signup(session, name[0])
    if wish is None or name_of(wish) != name or app.clock.now() - wish.asked_at > VALID:
        return Confirmed("over")
    if wish.confirmed_at is not None:
        return Confirmed("used", signup=wish)
    if wish.subscription is not None:
        return Confirmed("moved", wish.subscription, wish)
    public = any(one.id == wish.profile and one.public for one in app.profiles)
    return Confirmed("joined" if public else "closed", signup=wish)


def leave(app: App, reader: Reader) -> None:
    """Send no more of this profile to this person, and nothing that is queued either."""
    now = app.clock.now()
    with app.store.write() as session:
        suppressions.add(session, reader.recipient, now, "unsubscribed", profile=reader.profile, note="on the pages")
        outbox.withdraw(session, reader.id, now)


def come_back(app: App, reader: Reader) -> None:
    """Take an unsubscription back: whoever holds the link gets mail at that very address."""
    with app.store.write() as session:
        suppressions.lift(session, reader.recipient, profile=reader.profile)


def has_left(session: Session, reader: Reader) -> bool:
    """Return whether a person gets nothing of this subscription, by their own word or because mail bounced."""
    found = suppressions.among(session, [reader.recipient])
    return any((suppressions.key(reader.recipient), scope) in found for scope in ("", reader.profile))


def choose(app: App, reader: Reader, schedule: Schedule | None, until: date | None) -> None:
    """Write a person's own hours (``None`` for those of the profile), and until when they want nothing."""
    with app.store.write() as session:
        readers.choose(session, reader.id, schedule)
        readers.pause(session, reader.id, until)


def forget(app: App, reader: Reader) -> None:
    """Delete all that is known about the person.

    Whom the operator's profiles still name keeps one line, the address itself among those never to be mailed.
    """
    named = [one for one in app.profiles if reader.recipient.casefold() in map(str.casefold, one.to)]
    with app.store.write() as session:
        readers.forget(session, reader.recipient)
        if named:
            now = app.clock.now()
            suppressions.add(session, reader.recipient, now, "unsubscribed", note="asked to be forgotten")
