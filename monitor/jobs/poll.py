"""Ask the sources that are due, page by page, and what they announced while nobody listened."""

from __future__ import annotations

import asyncio
import hashlib
import logging
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from pathlib import Path

from monitor.app import App, past_of, silence_of, source_kind
from monitor.errors import FetchError, ParseError, SourceError
from monitor.ingest.arrival import Reading
from monitor.ingest.batches import is_open, missed, weigh
from monitor.ingest.fetch import Validators
from monitor.ingest.folder import read_folder
from monitor.jobs.reports import Report
from monitor.jobs.take import Taken, Taking, take
from monitor.settings.load import SourceSettings
from monitor.store import batches, sources
from monitor.types.ledger import BatchState, SourceHealth
from monitor.types.listings import Answer, Request

log = logging.getLogger(__name__)

AT_ONCE = 4
"""Sources asked at one time; requests to one site still wait for each other."""
MOST_PAGES = 50
"""Pages of one listing that a poll follows."""
MOST_MISSED = 5
"""Missed announcements that one poll asks for; the next poll goes on."""
_LONGEST_WAIT = timedelta(hours=12)
_AFTER_A_CRASH = timedelta(minutes=5)
_SUSPECT_AGAIN = timedelta(minutes=20)
_JITTER = 0.1


@dataclass(slots=True)
class _Poll:
    """What one poll of one source has come to so far. ``turn`` is set when the sources before it are done."""

    turn: asyncio.Event
    report: Report = field(default_factory=Report)
    errors: list[SourceError] = field(default_factory=list)
    wait: timedelta = timedelta()
    taken: list[Taken] = field(default_factory=list)
    addresses: list[str] = field(default_factory=list)
    is_suspect: bool = False


async def run(app: App, *, look_in_folders: bool = False) -> Report:
    """Poll every source that is due; folders on request also when they are not.

    A few are asked at a time, and written in the order of monitor.yaml: who was first to list a paper is not left to
    the speed of servers.
    """
    now = app.clock.now()
    names = [source.name for source in app.sources]
    health = {one.name: one for one in await asyncio.to_thread(_healths, app, names)}
    places = asyncio.Semaphore(AT_ONCE)

    async def in_turn(source: SourceSettings, turn: asyncio.Event, following: asyncio.Event) -> Report:
        async with places:
            try:
                return await poll(app, source, turn)
            finally:
                await turn.wait()
                following.set()

    due = [source for source in app.sources if _is_due(source, health[source.name], now, look_in_folders)]
    turns = [asyncio.Event() for _ in range(len(due) + 1)]
    turns[0].set()
    report = Report()
    for one in await asyncio.gather(*(in_turn(*each) for each in zip(due, turns, turns[1:], strict=False))):
        report.add(one)
    return report


def _healths(app: App, names: list[str]) -> list[SourceHealth]:
    with app.store.read() as session:
        return sources.all_health(session, names)


def _is_due(source: SourceSettings, health: SourceHealth, now: datetime, look_in_folders: bool) -> bool:  # noqa: FBT001 - passed on from `run`
    if health.gone == settings_of(source):
        return False
    if health.gone or health.next_poll_at is None or health.next_poll_at <= now:
        return True
    return look_in_folders and is_folder(source, now.date())


def is_folder(source: SourceSettings, today: date) -> bool:
    """Whether a source is a folder of this machine, which costs nobody anything to look into."""
    return all(request.url.startswith("file:") for request in source_kind(source).requests(source.options, today))


def settings_of(source: SourceSettings) -> str:
    """Return 16 hex digits that change with what a source asks for."""
    return hashlib.sha256(f"{source.kind} {source.options!r}".encode()).hexdigest()[:16]


async def poll(app: App, source: SourceSettings, turn: asyncio.Event) -> Report:
    """Poll one source: write each answer that is not the one we had, in a transaction of its own.

    Nothing is written before ``turn`` is set.
    """
    going = _Poll(turn)
    health = await asyncio.to_thread(_begin, app, source)
    try:
        requests = source_kind(source).requests(source.options, app.clock.now().date())
        reading = _reading(source, health, requests)
        for request in requests:
            await _follow(app, source, request, reading, going)
        await asyncio.to_thread(_weigh, app, source, going)
        if not going.errors:
            await _catch_up(app, source, health, going)
    except Exception as error:  # one bad source must not stop the others
        log.exception("source %s failed", source.name)
        going.errors.append(SourceError(source.name, f"{type(error).__name__}: {error}"))
    await asyncio.to_thread(_settle, app, source, going)
    return going.report


def _begin(app: App, source: SourceSettings) -> SourceHealth:
    now = app.clock.now()
    with app.store.write() as session:
        health = sources.health(session, source.name)
        sources.begun(session, source.name, now + min(source.every, _AFTER_A_CRASH))
    return health


def _reading(source: SourceSettings, health: SourceHealth, requests: Iterable[Request]) -> Reading:
    from_files = all(request.url.startswith("file:") for request in requests)
    return Reading(
        "poll",
        is_first=health.first_ok_at is None and not from_files,
        is_daily=silence_of(source) is not None,
        max_age=source.max_age,
    )


async def _follow(app: App, source: SourceSettings, request: Request, reading: Reading, going: _Poll) -> None:
    """Take the answers to a request and to the pages after it; a page that fails ends the listing."""
    asked: set[str] = set()
    following: Request | None = request
    while following and following.url not in asked and len(asked) < MOST_PAGES:
        asked.add(following.url)
        try:
            if following.url.startswith("file:"):
                await _folder(app, source, following, reading, going)
                return
            following = await _page(app, source, following, reading, going)
        except SourceError as error:
            going.errors.append(error)
            return


async def _folder(app: App, source: SourceSettings, request: Request, reading: Reading, going: _Poll) -> None:
    path = Path(request.url.removeprefix("file:"))
    found, oddities = await read_folder(source.name, path, app.clock, request.endings)
    going.report.notes += [(source.name, str(oddity)) for oddity in oddities]
    known = await asyncio.to_thread(_known, app, source)
    for answer in found:
        sha256 = hashlib.sha256(answer.body).hexdigest()
        if answer.url in known and known[answer.url].sha256 == sha256:
            continue
        try:
            await _take(app, source, Taking(request, answer, sha256, reading, address=answer.url), going)
        except ParseError as error:  # one bad file must not stop the others
            going.errors.append(error)


async def _page(app: App, source: SourceSettings, request: Request, reading: Reading, going: _Poll) -> Request | None:
    """Take one answer over the network and return the request for the page after it, if there is one."""
    last = (await asyncio.to_thread(_known, app, source)).get(request.url)
    asked = Validators(last.etag, last.last_modified) if last else Validators()
    there = last.moved_to if last and last.moved_to else request.url
    got = await app.fetcher.fetch(source.name, replace(request, url=there), asked)
    going.wait = max(going.wait, got.fresh_for or timedelta())
    moved_to = got.moved_to or (last.moved_to if last else None)
    if last and (got.answer is None or _sha256(got.answer) == last.sha256):
        etag, modified = got.validators.etag, got.validators.last_modified
        remembered = replace(last, etag=etag, last_modified=modified, moved_to=moved_to)
        if remembered != last:
            await asyncio.to_thread(_remember, app, source, request.url, remembered)
        return replace(request, url=last.next_url) if last.next_url else None
    if got.answer is None:
        return None
    taking = Taking(
        request, got.answer, _sha256(got.answer), reading, address=request.url,
        etag=got.validators.etag, last_modified=got.validators.last_modified, moved_to=moved_to,
    )  # fmt: skip
    taken = await _take(app, source, taking, going)
    following = taken.listing.next
    return replace(following, batch=following.batch or request.batch) if following else None


def _sha256(answer: Answer) -> str:
    return hashlib.sha256(answer.body).hexdigest()


def _known(app: App, source: SourceSettings) -> dict[str, sources.LastAnswer]:
    with app.store.read() as session:
        return sources.last_answers(session, source.name)


def _remember(app: App, source: SourceSettings, url: str, last: sources.LastAnswer) -> None:
    with app.store.write() as session:
        sources.remember_answer(session, source.name, url, last, app.clock.now())


async def _take(app: App, source: SourceSettings, taking: Taking, going: _Poll) -> Taken:
    await going.turn.wait()
    taken = await asyncio.to_thread(take, app, source, taking)
    going.taken.append(taken)
    if taking.address:
        going.addresses.append(taking.address)
    going.wait = max(going.wait, taken.listing.every or timedelta())
    going.report.counts["listings"] += 1
    going.report.count(kind for kind in taken.found if kind not in ("on time", "past"))
    going.report.notes += taken.notes
    return taken


def _weigh(app: App, source: SourceSettings, going: _Poll) -> None:
    """Say of each announcement that was read whether it is whole; a suspect one is asked again without validators."""
    taken = {one.day: one for one in going.taken}
    with app.store.read() as session:
        open_days = batches.open_days(session, source.name)
    now = app.clock.now()
    over = {day: None for day in open_days if not is_open(day, now) and not going.errors}
    weighed = {day: _weighed(app, source, day, one, going) for day, one in (over | taken).items()}
    if not weighed:
        return
    with app.store.write() as session:
        for day, (state, note) in weighed.items():
            batches.settle(session, source.name, day, state, note)
            if state == "suspect":
                going.is_suspect = True
                going.report.notes.append((source.name, f"{day}: {note}; it is asked again"))
                sources.forget(session, source.name, going.addresses)


def _weighed(app: App, source: SourceSettings, day: date, taken: Taken | None, going: _Poll) -> tuple[BatchState, str]:
    """Return the state of one announcement; ``taken`` is the last answer about it, if this poll got one."""
    silence = silence_of(source)
    grows = getattr(source_kind(source), "GROWS", False)
    with app.store.read() as session:
        announced = batches.announced(session, source.name, day)
        usual = batches.sizes(session, source.name, day)
    if silence is None and taken is not None:
        announced = sum(one.listing.announced for one in going.taken if one.day == day)
        usual = [] if taken.is_dated else usual
    quiet = silence(day) if silence else _skipped(taken)
    return weigh(announced, usual, quiet, is_open=grows and is_open(day, app.clock.now()), is_daily=silence is not None)


def _skipped(taken: Taken | None) -> str:
    if taken is None or taken.day.weekday() not in taken.listing.silent_days:
        return ""
    return f"the source lists nothing on a {taken.day:%A}"


async def _catch_up(app: App, source: SourceSettings, health: SourceHealth, going: _Poll) -> None:
    """Ask for announcements that were due and never read; what they hold comes late."""
    silence, past = silence_of(source), past_of(source)
    if silence is None or health.first_ok_at is None:
        return
    now = app.clock.now()
    days = await asyncio.to_thread(_missed, app, source, health.first_ok_at.date(), now.date())
    reading = Reading("missed", is_daily=True, max_age=source.max_age)
    for day in days[-MOST_MISSED:] if past else ():
        before = len(going.errors)
        for request in past(source.options, day, day) if past else ():
            await _follow(app, source, request, reading, going)
        if len(going.errors) > before:
            return


def _missed(app: App, source: SourceSettings, since: date, today: date) -> tuple[date, ...]:
    """Return the days whose announcement is still missing, and write them into the ledger."""
    silence = silence_of(source)
    assert silence is not None
    with app.store.read() as session:
        known = batches.days(session, source.name)
    days = missed(known, since, today, silence)
    if days:
        can = past_of(source) is not None
        note = "missed; it is asked for afterwards" if can else "missed, and this kind shows the present only"
        with app.store.write() as session:
            batches.miss(session, source.name, days, app.clock.now(), note)
    return days


def _settle(app: App, source: SourceSettings, going: _Poll) -> None:
    """Note how the poll went and when the source is due again, with a little chance so that not all ask at once.

    A source that fails waits twice as long with each failure in a row, and never less than it asked for.
    """
    now, chance = app.clock.now(), 1 + _JITTER * app.chance.random()
    with app.store.write() as session:
        if not going.errors:
            every = min(source.every, _SUSPECT_AGAIN) if going.is_suspect else source.every
            sources.succeeded(session, source.name, now, now + max(every, going.wait) * chance)
            going.report.counts["sources read"] += 1
            return
        reasons = list(dict.fromkeys(error.reason for error in going.errors))
        going.report.failures += [(source.name, reason) for reason in reasons]
        asked = [error for error in going.errors if isinstance(error, FetchError)]
        if any(error.status == 410 for error in asked):
            sources.gone(session, source.name, now, settings_of(source), "; ".join(reasons))
            return
        before = min(sources.health(session, source.name).failures, 10)
        wait = min(source.every * 2**before, max(_LONGEST_WAIT, source.every))
        wait = max([wait, going.wait, *(error.retry_after for error in asked if error.retry_after)])
        sources.failed(session, source.name, now, now + wait * chance, "; ".join(reasons))
