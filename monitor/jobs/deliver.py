"""Deliver the mails that are due: claim some, send each, write the receipts.

Each lane of a channel (a connection, for mail) has one mail under way and takes the next when what became of the last
is committed. Commits of lanes that end at about the same time are one commit, and claims are taken for all lanes at
once; so a program that dies leaves at most one mail a lane whose fate nobody knows.

Claims are renewed while their round goes on. Who cannot renew them begins no delivery any more, long before somebody
else takes them for abandoned: a machine that is cut off from the database sends nothing that another one sends too.
"""

from __future__ import annotations

import asyncio
import logging
import secrets
from collections import deque
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from typing import TypeVar

from monitor.app import App
from monitor.channels import Channel
from monitor.errors import DeliveryError, StoreError
from monitor.jobs import right_time, story
from monitor.jobs.reports import Report
from monitor.store import channels, marks, outbox, paces
from monitor.store.engine import Session
from monitor.types.ledger import Claim, OutboxState, Settlement

log = logging.getLogger(__name__)

T = TypeVar("T")

CLAIM = timedelta(minutes=10)
"""What ran out belongs to a program that died: another one tries again."""
RENEW = timedelta(minutes=1)
_SAFE = CLAIM / 2
"""A delivery begins only while the claim lasts so long."""

BACK_OFF = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 15, 30, 60))
JITTER = 0.1
"""The share of a pause that chance adds, so that mails refused together do not come back together."""

SETTLE_AGAIN = (1.0, 5.0, 20.0)
"""Seconds between the tries to write what became of a mail that has left."""

GIVE_UP_AFTER = timedelta(hours=24)
"""Then the papers wait for the next digest, as they do when that one is due sooner: no reader wants two at once."""


async def run(app: App, most: int | None = None) -> Report:
    """Try every mail that is due, each at most once; one that fails does not stop the others, nor does a channel.

    At ``most`` so many of each channel are tried. A channel that is broken as a whole (no server, a wrong password)
    rests: its next mail would be refused too.
    """
    report = Report()
    now = app.clock.now()
    if why := await asyncio.to_thread(right_time.held, app):
        report.hold("clock", f"mails are held: {why}")
        return report
    if restored := await _stored(app, lambda session: marks.get(session, "restore")):
        at, name = restored
        why = f"{name} was restored on {at:%Y-%m-%d}; look at `monitor outbox`, then `monitor restore --confirm`"
        report.hold("mails are held", why)
        return report
    names = await _stored(app, lambda session: outbox.channels_with_due(session, now))
    rounds = (_deliver_all(app, name, report, most) for name in names)
    for error in await asyncio.gather(*rounds, return_exceptions=True):  # all come to their end, as lanes do
        if error:
            raise error
    return report


async def _deliver_all(app: App, name: str, report: Report, most: int | None) -> None:
    now = app.clock.now()
    health = await _stored(app, lambda session: channels.health(session, name))
    if health.paused_until and health.paused_until > now:
        why = f"rests until {health.paused_until:%H:%M} UTC ({health.reason}); `monitor outbox retry` tries at once"
        report.hold(f"channel {name or 'by default'}", why)
        return
    channel = app.channel_named(name)
    if channel is None:
        why = "is not in monitor.yaml any more; put it back, or the papers of its mails go into their next digests"
        report.hold(f"channel {name}", why)
        return
    if health.failures:
        log.info("trying the channel %s again", name or "by default")
    try:
        await _Round(app, name, channel, health.failures, report, most).run()
    finally:
        await channel.close()


class _Round:
    """One pass over the due mails of one channel."""

    def __init__(self, app: App, name: str, channel: Channel, failures: int, report: Report, most: int | None) -> None:
        self._app = app
        self._name = name
        self._channel = channel
        self._failures = failures
        self._report = report
        self._left = most
        self._began = app.clock.now()
        self._rate = app.rate_of(name)
        self._limits = app.limits_of(name)
        self._broken = False
        self._exhausted = False
        self._rest: tuple[datetime, datetime, str] | None = None
        self._claims: deque[Claim] = deque()
        self._under_way: set[Claim] = set()
        self._claiming = asyncio.Lock()
        self._holder = secrets.token_hex(8)
        self._until = self._began
        self._ended: list[tuple[Settlement, asyncio.Future[None]]] = []
        self._writing: asyncio.Task[None] | None = None

    async def run(self) -> None:
        """Let each lane come to its end, also when another one fails: a mail that is broken off may come twice.

        The claim of a mail whose fate could not be written is kept, as if the program had died.
        """
        keeping = asyncio.create_task(self._keep())
        try:
            lanes = (self._lane() for _ in range(self._channel.lanes))
            for error in await asyncio.gather(*lanes, return_exceptions=True):
                if error:
                    raise error
        finally:
            keeping.cancel()
            await self._give_back((*self._claims, *self._under_way))

    async def _keep(self) -> None:
        """Renew the claims again and again, for as long as the round takes."""
        while True:
            await asyncio.sleep(RENEW.total_seconds())
            until = self._app.clock.now() + CLAIM
            try:
                await _written(self._app, partial(outbox.renew, holder=self._holder, until=until))
            except StoreError as error:
                log.warning("claims cannot be renewed: %s", error)
            else:
                self._until = until

    async def _lane(self) -> None:
        while (claim := await self._next()) is not None:
            self._under_way.add(claim)
            settlement = await self._attempt(claim)
            self._under_way.remove(claim)
            await self._commit(settlement)

    async def _next(self) -> Claim | None:
        """Return a mail to deliver now, or ``None`` when none is left, the channel is broken or the program stops."""
        if pause := self._rate.wait(_seconds()):
            await self._app.clock.sleep(pause)
        async with self._claiming:
            while not self._claims and not self._exhausted and not self._broken:
                await self._claim()
            if self._broken or self._app.stopping or not self._claims or self._is_late():
                return None
            return self._claims.popleft()

    def _is_late(self) -> bool:
        return self._until - self._app.clock.now() < _SAFE

    async def _claim(self) -> None:
        until = self._app.clock.now() + CLAIM
        most = 1 if self._rate.limit else 4 * self._channel.lanes
        if self._left is not None:
            most = min(most, self._left)
        claims = await _written(self._app, lambda session: self._claimed(session, until, most))
        self._until = until
        self._claims.extend(claims)
        if self._left is not None:
            self._left -= len(claims)
            self._exhausted = not self._left
        if not claims and not self._exhausted:  # what has no room in its pace is for the next round
            self._exhausted = bool(self._limits) or not await _stored(
                self._app, lambda session: outbox.due(session, self._began, 1, channel=self._name)
            )

    def _claimed(self, session: Session, until: datetime, most: int) -> list[Claim]:
        """Claim as many mails as there is room for, in the pace of the server and of each domain."""
        now = self._app.clock.now()
        pace = paces.Pace(session, self._name, self._limits, now) if self._limits else None
        room = pace.room() if pace else {}
        most = min(most, room.pop("", most))
        claims = outbox.claim(session, self._holder, self._began, until, most, channel=self._name, room=room)
        if pace:
            pace.spend(one.envelope.recipient for one in claims)
        return claims

    async def _attempt(self, claim: Claim) -> Settlement:
        """Send one claimed mail and return what became of it."""
        self._app.under_way += 1
        try:
            answer = await self._channel.deliver(claim.envelope)
        except DeliveryError as error:
            return self._refused(claim, error)
        except Exception as error:  # one bad mail must not stop the others
            its = story.ids(mail=claim.envelope.message_id)
            log.exception("mail to %s failed", claim.envelope.recipient, extra=its)
            return self._refused(claim, DeliveryError(f"{type(error).__name__}: {error}"))
        finally:
            self._app.under_way -= 1
        self._rate.took(_seconds())
        self._report.counts["mails sent"] += 1
        now = self._app.clock.now()
        return Settlement(claim, "sent", now, answer.code, answer.text, now)

    def _refused(self, claim: Claim, error: DeliveryError) -> Settlement:
        now = self._app.clock.now()
        if error.slow_down:
            self._rate.complained(_seconds())
        if error.channel_wide:
            return self._rested(claim, error, now)
        state = state_after(error, claim, now)
        pause = pause_after(claim.attempts, error.retry_after, self._app.chance.random())
        self._report.counts[f"mails {state}"] += 1
        self._report.failures.append((f"mail to {claim.envelope.recipient}", error.reason))
        return Settlement(
            claim, state, now, "", error.reason, now + pause, doubted=error.uncertain, bounced=error.bounced,
            returned=state == "failed" and not error.permanent and not claim.doubts,
        )  # fmt: skip

    def _rested(self, claim: Claim, error: DeliveryError, now: datetime) -> Settlement:
        """Let the channel rest, once however many lanes find out; the mail stays as it was."""
        if not self._broken:
            self._broken = True
            pause = pause_after(self._failures + 1, error.retry_after, self._app.chance.random())
            self._report.failures.append((f"channel {self._name or 'by default'}", error.reason))
            self._report.failures.append(("delivery", "the other mails wait until the channel works again"))
            self._rest = (now, now + pause, error.reason)
        return Settlement(claim, "queued", now, "", error.reason, now, counted=False)

    async def _give_back(self, claims: tuple[Claim, ...]) -> None:
        if claims:
            _tell_lost(await _written(self._app, lambda session: outbox.give_back(session, claims)))

    # --- the ledger ---

    async def _commit(self, settlement: Settlement) -> None:
        """Return when ``settlement`` is committed, with those of other lanes that wait for the same."""
        done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._ended.append((settlement, done))
        if self._writing is None or self._writing.done():
            self._writing = asyncio.create_task(self._write())
        await done

    async def _write(self) -> None:
        while self._ended:
            ended, self._ended = self._ended, []
            try:
                await self._settled([one for one, _ in ended])
            except BaseException as error:  # noqa: BLE001 - each lane raises it, and none waits for ever
                self._broken = True  # no mail may leave whose fate cannot be written
                for _, done in ended:
                    done.set_exception(error)
            else:
                for _, done in ended:
                    done.set_result(None)

    async def _settled(self, settlements: list[Settlement]) -> None:
        """Write what became of mails; when that fails, try again for a while: else they would be sent again."""
        for pause in SETTLE_AGAIN:
            try:
                return await self._settle(settlements)
            except Exception:
                log.exception("what became of %d mails could not be written; it is tried again", len(settlements))
                await self._app.clock.sleep(pause)
        return await self._settle(settlements)

    async def _settle(self, settlements: list[Settlement]) -> None:
        rest, works = self._rest, bool(self._failures) and not self._broken

        def write(session: Session) -> outbox.Settled:
            if rest:
                channels.failed(session, self._name, *rest)
            elif works:
                channels.works(session, self._name)
            found = outbox.settle(session, settlements)
            story.settled(session, settlements)
            return found

        alone = bool(rest) or works or outbox.needs_turn(settlements)
        settled = await _written(self._app, write, alone=alone)
        if rest:
            self._rest = None
        elif works:
            self._failures = 0
        _tell_lost(settled.lost)
        for found in settled.suppressions:
            why = f"gets no more mail ({found.reason}: {found.note}); `monitor outbox lift {found.recipient}` undoes it"
            self._report.failures.append((f"mail to {found.recipient}", why))


def state_after(error: DeliveryError, claim: Claim, now: datetime) -> OutboxState:
    """Return the state of a mail that was not taken.

    One whose fate is unknown is sent once more, with the same Message-ID and bytes, and then left alone (RFC 1047):
    it stays ``uncertain``, and the outbox gives it out no third time.
    """
    if error.permanent:
        return "failed"
    if error.uncertain:
        return "uncertain"
    if now - claim.created_at >= GIVE_UP_AFTER:
        return "failed"
    return "uncertain" if claim.doubts else "queued"


def pause_after(attempts: int, asked_for: float | None = None, chance: float = 0.0) -> timedelta:
    """Return the pause after the ``attempts``-th try: ours or the server's, the longer one, and a little by chance."""
    pause = BACK_OFF[min(max(attempts, 1), len(BACK_OFF)) - 1]
    return max(pause, timedelta(seconds=asked_for or 0)) * (1 + JITTER * chance)


def _tell_lost(claims: tuple[Claim, ...]) -> None:
    for one in claims:
        log.warning("mail %d was another's meanwhile, and what became of it here is not noted", one.outbox_id)


def _seconds() -> float:
    return asyncio.get_running_loop().time()


async def _stored(app: App, read: Callable[[Session], T]) -> T:
    def look() -> T:
        with app.store.read() as session:
            return read(session)

    return await asyncio.to_thread(look)


async def _written(app: App, write: Callable[[Session], T], *, alone: bool = False) -> T:
    """Run ``write`` in one transaction, in a thread: another program may hold the lock for a while."""
    return await asyncio.to_thread(app.store.run, write, alone=alone)
