"""What is to be done again and again: how often, in which orders, and how an order is done.

``local`` has each duty done whole. Workers that share a queue do it in shards, of the profiles or of the mails that
wait; whoever comes first in a pause puts its orders, and what one duty brings for another is put at once.
"""

from __future__ import annotations

import asyncio
import logging
from bisect import bisect_left
from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from itertools import pairwise
from operator import itemgetter

from monitor.app import App
from monitor.daemon import memory
from monitor.engine import Engine, Order, Queue
from monitor.jobs import (
    agenda,
    alert,
    backup,
    compose,
    cycle,
    deliver,
    learn,
    letters,
    match,
    operator,
    prune,
    summarise,
)
from monitor.jobs.reports import Report
from monitor.jobs.runs import place
from monitor.settings.values import ProfileSet
from monitor.store import outbox
from monitor.types.profiles import Profile

log = logging.getLogger(__name__)

READ = timedelta(seconds=30)
MAIL = timedelta(seconds=10)
TELL = timedelta(minutes=15)
TIDY = timedelta(days=1)
BACKUP = timedelta(minutes=10)
_MOST_ORDERS = 100
"""Orders for the mails that wait, at one time; those beyond are for the next tick."""


@dataclass(frozen=True, slots=True)
class Duty:
    """A job that is due ``every`` so often; ``shards`` says which orders that is now."""

    every: timedelta
    queue: Queue
    job: Callable[[Duties, Order], Awaitable[Report]]
    shards: Callable[[Duties, Order], Sequence[Order]] = lambda _duties, order: (order,)
    priority: int = 0


class Duties:
    """The duties of an installation whose jobs ``engine`` runs; it is set before the first of them is due."""

    engine: Engine

    def __init__(self, app: App) -> None:
        self.app = app
        self._held: dict[str, set[tuple[str, str]]] = {}
        self._placed: tuple[ProfileSet | None, list[tuple[str, Profile]]] = None, []
        self._duties = LOCAL if app.settings.engine.kind == "local" else SHARED

    def pauses(self) -> dict[str, timedelta]:
        """Return how often each duty is due; those of a role that this process has not are another's."""
        delivers = "deliver" in self.app.settings.roles or self._duties is SHARED
        mine = {name: duty for name, duty in self._duties.items() if delivers or duty.queue in ("poll", "match")}
        return {name: duty.every for name, duty in mine.items() if name != "deliver" or self._duties is SHARED}

    async def tick(self, name: str) -> None:
        """Have a duty done, if nobody else saw to that within its pause."""
        orders = await asyncio.to_thread(self._orders, name)
        await self.engine.tick(name, self._duties[name].every, orders)

    async def put(self, name: str) -> None:
        """Have a duty done now."""
        await self.engine.put(await asyncio.to_thread(self._orders, name))

    async def edited(self) -> None:
        """Have profiles judged anew: who edits one sees its effect now, not at the next tick."""
        await self.put("match" if "match" in self._duties else "read")

    async def do(self, order: Order) -> None:
        """Do an order, tell the log what came of it, and give back the memory that the work took."""
        report = await self._duties[order.job].job(self, order)
        held, self._held[order.job] = self._held.get(order.job, set()), report.held
        tell(report, held)
        if any(report.counts.values()):
            await asyncio.to_thread(memory.give_back)

    def _orders(self, name: str) -> Sequence[Order]:
        duty = self._duties[name]
        return duty.shards(self, Order(name, duty.queue, priority=duty.priority))

    def shard(self, order: Order) -> tuple[Profile, ...] | None:
        """Return the profiles of an order, as this process has read them, or ``None`` for all there are."""
        if not order.first and not order.end:
            return None
        placed = self.placed()
        first = bisect_left(placed, order.first, key=itemgetter(0))
        end = bisect_left(placed, order.end, key=itemgetter(0)) if order.end else len(placed)
        return tuple(profile for _, profile in placed[first:end])

    def placed(self) -> list[tuple[str, Profile]]:
        """Return all profiles by their places."""
        profiles, placed = self._placed
        if profiles is not self.app.profiles:
            profiles = self.app.profiles
            placed = sorted(((place(one), one) for one in profiles), key=itemgetter(0))
            self._placed = profiles, placed
        return placed


def by_profiles(duties: Duties, whole: Order) -> Sequence[Order]:
    """Return an order for each so many profiles; bounds leave out nobody whom only another process knows yet."""
    size = duties.app.settings.engine.profiles
    bounds = ["", *[where for where, _ in duties.placed()[size::size]], ""]
    return [replace(whole, first=first, end=end) for first, end in pairwise(bounds)]


def by_due(duties: Duties, whole: Order) -> Sequence[Order]:
    """Return those of the orders by profiles that have something to compose: at most hours there are none."""
    due = agenda.profiles_due(duties.app)
    some = [where for where, profile in duties.placed() if profile.id in due] if due else []

    def has_some(order: Order) -> bool:
        first = bisect_left(some, order.first)
        return first < len(some) and (not order.end or some[first] < order.end)

    return [one for one in by_profiles(duties, whole) if has_some(one)]


def by_mails(duties: Duties, whole: Order) -> Sequence[Order]:
    """Return an order for each so many mails that wait."""
    with duties.app.store.read() as session:
        waiting = outbox.count_due(session, duties.app.clock.now())
    number = min(-(-waiting // duties.app.settings.engine.mails), _MOST_ORDERS)
    return [replace(whole, number=one) for one in range(1, number + 1)]


def tell(report: Report, held: Collection[tuple[str, str]]) -> None:
    """Log what a job did, what it noticed, and what failed; what holds it up, once when that begins and when it ends.

    ``held`` is what held the job up when it was done last.
    """
    for part, reason in report.failures:
        if (part, reason) not in held:
            log.warning("%s: %s", part, reason)
    for part in sorted({part for part, _ in held} - {part for part, _ in report.held}):
        log.info("%s: not any more", part)
    for part, note in report.notes:
        log.info("%s: %s", part, note)
    done = {name: number for name, number in report.counts.items() if number and name != "sources read"}
    if done:
        log.info(", ".join(f"{name}: {number:,}" for name, number in done.items()))


def _whole(run: Callable[[App], Awaitable[Report]]) -> Callable[[Duties, Order], Awaitable[Report]]:
    async def job(duties: Duties, _order: Order) -> Report:
        return await run(duties.app)

    return job


async def _read(duties: Duties, _order: Order) -> Report:
    report = await cycle.read(duties.app, roles=("poll",))
    if report.counts["listings"]:
        await duties.put("match")
    return report


async def _match(duties: Duties, order: Order) -> Report:
    return await match.run(duties.app, duties.shard(order))


async def _mail(duties: Duties, order: Order) -> Report:
    shard = duties.shard(order)
    report = await compose.run(duties.app, shard)
    report.add(await alert.run(duties.app, shard))
    await duties.put("deliver")  # on its own: a slow server must not hold up the next digest
    return report


async def _letters_and_mails(duties: Duties, _order: Order) -> Report:
    report = await letters.run(duties.app)
    report.add(await deliver.run(duties.app))
    return report


async def _mails(duties: Duties, _order: Order) -> Report:
    return await deliver.run(duties.app, most=duties.app.settings.engine.mails)


LOCAL: Mapping[str, Duty] = {
    "read": Duty(READ, "poll", _whole(cycle.read)),
    "mail": Duty(MAIL, "compose", _mail),
    "deliver": Duty(MAIL, "deliver", _letters_and_mails),
    "operator": Duty(TELL, "deliver", _whole(operator.run)),
    "tidy": Duty(TIDY, "poll", _whole(prune.run)),
    "backup": Duty(BACKUP, "poll", _whole(backup.run)),
    "learn": Duty(TIDY, "poll", _whole(learn.run)),
}
SHARED: Mapping[str, Duty] = {
    "read": Duty(READ, "poll", _read, priority=1),
    "match": Duty(READ, "match", _match, by_profiles),
    "summaries": Duty(READ, "match", _whole(summarise.run)),
    "mail": Duty(MAIL, "compose", _mail, by_due),
    "letters": Duty(MAIL, "deliver", _whole(letters.run), priority=1),
    "deliver": Duty(MAIL, "deliver", _mails, by_mails),
    "operator": Duty(TELL, "deliver", _whole(operator.run)),
    "tidy": Duty(TIDY, "poll", _whole(prune.run)),
    "learn": Duty(TIDY, "poll", _whole(learn.run)),
}
