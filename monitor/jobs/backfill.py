"""Read the past of a source: papers to compare with, kept and never announced."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta

from monitor.app import App, past_of
from monitor.errors import FetchError, MonitorError, ParseError, SourceError
from monitor.ingest.arrival import Reading
from monitor.ingest.fetch import Validators
from monitor.jobs.take import Taking, take
from monitor.settings.load import SourceSettings
from monitor.store import backfills
from monitor.store.backfills import Backfill
from monitor.text import one_line
from monitor.types.listings import Answer, Request

TRIES = 4
"""How often one page is asked for before the reading stops where it stands."""
_WAIT = timedelta(seconds=30)
_READING = Reading("past", is_daily=True)

Told = Callable[[Backfill, int], None]
"""Is told after each page how far the reading got, and of how many requests."""


def requests_for(source: SourceSettings, first: date, last: date) -> tuple[Request, ...]:
    """Return what to ask for the days ``first`` to ``last``. Raises MonitorError when the kind has no past."""
    past = past_of(source)
    if past is None:
        raise MonitorError(f"{source.name} cannot be backfilled: a source of kind {source.kind} shows the present only")
    if first > last:
        raise MonitorError(f"{first} is after {last}; give the earlier day with --from")
    return past(source.options, first, last)


async def run(app: App, source: SourceSettings, first: date, last: date, told: Told = lambda *_: None) -> Backfill:
    """Read the days ``first`` to ``last`` page by page and return how far it got; what was read before is not again.

    Raises MonitorError when the kind has no past, and SourceError when a page cannot be had: the next call goes on
    there.
    """
    requests = requests_for(source, first, last)
    state = await asyncio.to_thread(_state, app, source, first, last)
    while state.request < len(requests):
        former, state = state, await _page(app, source, requests[state.request], state)
        if (former.request, former.url) == (state.request, state.url):
            raise FetchError(source.name, f"the page {one_line(state.url or '', 200)} points to itself as the next one")
        told(state, len(requests))
    if state.finished_at is None:
        state = replace(state, finished_at=app.clock.now())
        await asyncio.to_thread(_put, app, state)
    return state


def _state(app: App, source: SourceSettings, first: date, last: date) -> Backfill:
    with app.store.read() as session:
        return backfills.get(session, source.name, first, last)


def _put(app: App, state: Backfill) -> None:
    with app.store.write() as session:
        backfills.put(session, state)


async def _page(app: App, source: SourceSettings, request: Request, state: Backfill) -> Backfill:
    """Take one page and return how far the reading got with it."""
    there = replace(request, url=state.url or request.url)
    try:
        return await _taken(app, source, there, state)
    except ParseError:
        if state.url is None:
            raise
    return await _taken(app, source, request, replace(state, url=None))  # the page's token has run out


async def _taken(app: App, source: SourceSettings, request: Request, state: Backfill) -> Backfill:
    got = await _fetched(app, source, request)
    sha256 = hashlib.sha256(got.body).hexdigest()
    taking = Taking(request, got, sha256, replace(_READING, max_age=source.max_age), backfill=state)
    taken = await asyncio.to_thread(take, app, source, taking)
    assert taken.backfill is not None
    return taken.backfill


async def _fetched(app: App, source: SourceSettings, request: Request) -> Answer:
    for attempt in range(TRIES):
        try:
            got = await app.fetcher.fetch(source.name, request, Validators())
        except FetchError as error:
            if attempt == TRIES - 1 or error.status in (403, 404, 410):
                raise
            await app.clock.sleep(max(_WAIT * 2**attempt, error.retry_after or _WAIT).total_seconds())
        else:
            if got.answer is None:
                raise SourceError(source.name, "the server says that nothing changed, though it was asked for all")
            return got.answer
    raise AssertionError("the last attempt returns or raises")
