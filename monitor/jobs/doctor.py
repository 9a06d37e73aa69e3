"""What a careful operator would look at: the machine, the database, sources, profiles, the look of mails.

Each finding has an id (``about``), by which it can be looked for, and says what to do. Nothing is written.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from monitor import resources
from monitor.digest.due import next_moment
from monitor.errors import RenderError, StoreError
from monitor.jobs import doctor_machine, operator, right_time
from monitor.jobs.doctor_mail import Finding, of_postal
from monitor.render.mail import render
from monitor.settings.credentials import files_named
from monitor.settings.keys import key_file
from monitor.settings.values import ProfileSet, Settings, SourceSettings
from monitor.store import matches, sources, verdicts
from monitor.store.engine import Session, open_store
from monitor.store.lock import STOPPED
from monitor.store.migrate import is_current
from monitor.types.digests import Digest, Receipt, Section, Text
from monitor.types.ledger import Slot, SourceHealth
from monitor.types.profiles import Profile, Schedule
from monitor.types.verdicts import NEWS
from monitor.words import DEFAULT

_LOOK_BACK = timedelta(days=28)
_ENOUGH = 200
"""News in the last four weeks from which on a profile that matches none of them is odd."""
_MOST = 0.5
_SILENT = 4
"""Pauses after which a source that was not read is late."""
_SHOWN = 5


def run(settings: Settings, profiles: ProfileSet, now: datetime, silent: float | None) -> tuple[Finding, ...]:
    """Return what is good and bad; ``silent`` is for how many seconds the daemon has not moved, if there is one."""
    database = doctor_machine.database(settings)
    found = [
        daemon(silent), database, *doctor_machine.disk(settings),
        *doctor_machine.files(settings, [*files_named(settings.path), *_own_secrets(settings)]),
        *doctor_machine.zones(profiles), *doctor_machine.extras(settings), templates(settings, now),
        *(due(profile, now) for profile in profiles), *_told(settings),
    ]  # fmt: skip
    if database.state != "bad":
        found += _stored(settings, profiles, now)
    return tuple(found)


def _own_secrets(settings: Settings) -> Iterator[Path]:
    """Yield the files of our own making that hold keys or addresses."""
    if settings.web:
        yield key_file(settings)
    if "://" not in settings.database:
        yield Path(settings.database)


def daemon(silent: float | None) -> Finding:
    """Judge by the daemon's heart whether it is at work."""
    if silent is None:
        return Finding("daemon", "poor", "no daemon is at work; `monitor run` starts one, or its unit in systemd")
    if silent > STOPPED:
        return Finding("daemon", "bad", f"the daemon has not moved for {silent:.0f} s; look at its log, and restart it")
    return Finding("daemon", "good", "is at work")


def templates(settings: Settings, now: datetime) -> Finding:
    """Judge the look of mails by drawing one."""
    folder = settings.templates or resources.folder("templates")
    digest = Digest(
        profile_id="doctor", profile_name="doctor", recipient="doctor@example.org", local_date=now.date(), at=now,
        subject="doctor", preheader="", sections=(Section("doctor", (Text("doctor"),)),), receipt=Receipt(()),
        why_sent="", kind="doctor", language=DEFAULT,
    )  # fmt: skip
    try:
        render(digest, folder)
    except RenderError as error:
        return Finding("templates", "bad", f"{folder}: {error}")
    return Finding("templates", "good", f"{folder}")


def due(profile: Profile, now: datetime) -> Finding:
    """Judge whether a schedule ever comes."""
    at = next_due(profile.schedule, now)
    if at is None:
        says = f"{profile.id} is due on no date of the next two years; look at `days` and `quiet` of its schedule"
        return Finding("schedule", "bad", says)
    return Finding("schedule", "good", f"{profile.id}: {at:%Y-%m-%d %H:%M} UTC")


def next_due(schedule: Schedule, now: datetime) -> datetime | None:
    """Return when a digest that was just sent is followed by the next one."""
    today = now.astimezone(ZoneInfo(schedule.timezone)).date()
    return next_moment(schedule, now, Slot(today, len(schedule.at)))


def _told(settings: Settings) -> Iterator[Finding]:
    """Judge what readers and operators are told."""
    if settings.channel.kind == "email":
        yield of_postal(settings.sender.postal or "")
    if settings.operator is None:
        yield Finding(
            "operator", "poor", "nobody is told when something fails for a day; add `operator: you@example.org`"
        )
    if settings.backup is None:
        says = "the database is not copied on schedule; add `backup: {folder: backups, every: 1d, keep: 7}`"
        yield Finding("backup", "poor", says)


def _stored(settings: Settings, profiles: ProfileSet, now: datetime) -> list[Finding]:
    """Judge what the store says; one that is not made yet, or of an older schema, says nothing."""
    if not is_current(settings.database):
        return [Finding("store", "unknown", "says nothing yet: it is made, or brought up to date, at the next start")]
    try:
        store = open_store(settings.database)
    except StoreError as error:
        return [Finding("store", "bad", str(error))]
    try:
        with store.read() as session:
            clock = right_time.doubt(session, now)
            health = {one.name: one for one in sources.all_health(session, [one.name for one in settings.sources])}
            found = [Finding("clock", "bad" if clock else "good", clock or f"{now:%Y-%m-%d %H:%M} UTC")]
            found += [source(one, health[one.name], now) for one in settings.sources]
            found += _matched(session, profiles, now)
            found += [Finding("trouble", "bad", one) for one in operator.but_for_sources(session, settings, now)]
    finally:
        store.close()
    return found


def source(written: SourceSettings, health: SourceHealth, now: datetime) -> Finding:
    """Judge when a source was read last."""
    last = f"was read last {health.last_ok_at:%Y-%m-%d %H:%M} UTC" if health.last_ok_at else "was never read"
    if health.failures:
        times = f"{health.failures} times in a row" if health.failures > 1 else "when it was asked last"
        says = f"{written.name} {last} and failed {times}: {health.last_error}"
        is_bad = health.failures >= _SILENT or operator.is_lasting(health, now)
        return Finding("source", "bad" if is_bad else "poor", says)
    if health.last_ok_at is None or now - health.last_ok_at > max(_SILENT * written.every, timedelta(days=1)):
        return Finding("source", "poor", f"{written.name} {last}; is a daemon with the role `poll` at work?")
    return Finding("source", "good", f"{written.name} {last}")


def _matched(session: Session, profiles: Iterable[Profile], now: datetime) -> Iterator[Finding]:
    since = now - _LOOK_BACK
    listed = len({one.paper_id for one in verdicts.between(session, 0, since) if one.kind in NEWS})
    for profile in profiles:
        if matches.progress(session, profile.id):
            papers = {match.paper_id for _, match in matches.since(session, profile.id, since)}
            yield matched(profile.id, len(papers), listed)


def matched(profile: str, number: int, listed: int) -> Finding:
    """Judge whether a profile tells papers apart: one that takes all or none of many does not."""
    says = f"{profile} matches {number} of {listed} papers of four weeks"
    if listed >= _ENOUGH and number == 0:
        return Finding(
            "profile", "poor", f"{says}; `monitor profile suggest {profile}`, or a lower threshold, may help"
        )
    if listed >= _ENOUGH and number > _MOST * listed:
        return Finding("profile", "poor", f"{says}; `query`, `mute` or a higher threshold make it narrower")
    return Finding("profile", "good", says)
