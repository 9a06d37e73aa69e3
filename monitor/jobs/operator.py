"""What needs a person, and one mail a day at most that says so."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from datetime import datetime, timedelta

from monitor.app import App
from monitor.jobs import right_time
from monitor.jobs.reports import Report
from monitor.render.message import build_note
from monitor.settings.values import Settings
from monitor.store import channels, marks, outbox, sources
from monitor.store.engine import Session
from monitor.types.ledger import SourceHealth

LASTING = timedelta(hours=24)
"""What fails for shorter than this often mends itself."""
PAUSE = timedelta(hours=24)


async def run(app: App) -> Report:
    """Tell the operator what has been failing for a day, or that an edit cannot be used; once a day at most.

    Raises DeliveryError when the mail could not be handed over; it is then tried at the next run.
    """
    report = Report()
    operator, now = app.settings.operator, app.clock.now()
    if operator is None:
        return report
    found, told = await asyncio.to_thread(_look, app, now)
    if not found or (told is not None and now - told < PAUSE):
        return report
    subject = found[0] if len(found) == 1 else f"{found[0]}, and {len(found) - 1} more"
    text = "\n".join(
        ["Paper Monitor needs a person:", "", *(f"* {one}" for one in found), "", "`monitor status` says more.", ""]
    )
    envelope = build_note(f"Paper Monitor: {subject}", text, app.sender, operator, now)
    await app.channel.deliver(envelope)
    await asyncio.to_thread(_note, app, now)
    report.counts["notes to the operator"] += 1
    return report


def troubles(session: Session, settings: Settings, now: datetime) -> Iterator[str]:
    """Yield, a sentence each, what will not mend itself: lasting failures, mails given up or held, a bad edit."""
    yield from _of_the_whole(session, now)
    for one in sources.all_health(session, [source.name for source in settings.sources]):
        if is_lasting(one, now):
            assert one.failing_since
            yield f"the source {one.name} fails since {_time(one.failing_since)}: {one.last_error}"
    yield from _of_mails(session, settings, now)


def but_for_sources(session: Session, settings: Settings, now: datetime) -> Iterator[str]:
    """Yield the troubles that are no source's, for whoever looks at each source anyway."""
    yield from _of_the_whole(session, now)
    yield from _of_mails(session, settings, now)


def is_lasting(source: SourceHealth, now: datetime) -> bool:
    """Whether a source has failed for so long that a person should look."""
    return source.failing_since is not None and now - source.failing_since >= LASTING


def _of_mails(session: Session, settings: Settings, now: datetime) -> Iterator[str]:
    """Yield what is wrong with channels, mails and backups."""
    for channel in channels.all_health(session):
        if channel.failing_since and now - channel.failing_since >= LASTING:
            name = channel.name or "by default"
            yield f"the channel {name} fails since {_time(channel.failing_since)}: {channel.reason}"
    tally = outbox.tally(session)
    for state in ("failed", "held"):
        if number := tally.get(state):
            yield f"{number} mail{'s are' if number > 1 else ' is'} {state}; see `monitor outbox`"
    plan, last = settings.backup, marks.get(session, "backup")
    if plan and last and now - last[0] > plan.every + LASTING:
        yield f"the last backup is of {_time(last[0])}"


def _of_the_whole(session: Session, now: datetime) -> Iterator[str]:
    """Yield what holds up everything: the clock, the configuration, a restore that nobody confirmed."""
    if doubt := right_time.doubt(session, now):
        yield f"no mail leaves: {doubt}"
    if wrong := marks.get(session, "configuration"):
        yield f"the configuration cannot be used since {_time(wrong[0])}, and the last good one holds: {wrong[1]}"
    if restored := marks.get(session, "restore"):
        yield f"mails are held since {restored[1]} was restored; `monitor restore --confirm` lets them leave"


def _look(app: App, now: datetime) -> tuple[list[str], datetime | None]:
    with app.store.read() as session:
        if right_time.doubt(session, now):
            return [], None  # this would be a mail too
        told = marks.get(session, "operator told")
        return list(troubles(session, app.settings, now)), told[0] if told else None


def _note(app: App, now: datetime) -> None:
    with app.store.write() as session:
        marks.put(session, "operator told", now)


def _time(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d %H:%M} UTC"
