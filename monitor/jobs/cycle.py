"""One whole round: poll, match, see what rises, compose, deliver."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Collection

from monitor.app import App
from monitor.jobs import alert, alike, compose, deliver, judge, letters, match, poll, prune, summarise
from monitor.jobs.reports import Report
from monitor.store import papers, trends

log = logging.getLogger(__name__)

Job = Callable[[App], Awaitable[Report]]


async def run(app: App, on_stage: Callable[[str], None] = lambda _stage: None) -> Report:
    """Do what is due now and return what was done; folders are looked into at once, for whoever just filled one.

    A stage that fails as a whole does not stop the later ones.
    """
    report = await read(app, on_stage, look_in_folders=True)
    report.add(await mail(app, on_stage))
    await _stage("tidying up", prune.run, app, report, on_stage)
    return report


async def read(
    app: App,
    on_stage: Callable[[str], None] = lambda _stage: None,
    *,
    look_in_folders: bool = False,
    roles: Collection[str] | None = None,
) -> Report:
    """Read the sources that are due and judge what came, as far as that is among ``roles``: this process's own."""
    report = Report()
    roles = app.settings.roles if roles is None else roles

    async def ask(app: App) -> Report:
        return await poll.run(app, look_in_folders=look_in_folders)

    if "poll" in roles:
        await _stage("reading sources", ask, app, report, on_stage)
        await _stage("comparing with the past", judge.run, app, report, on_stage)
        await _stage("finding papers alike", alike.run, app, report, on_stage)
    if "match" in roles:
        await _stage("matching profiles", match.run, app, report, on_stage)
        await _stage("asking for summaries", summarise.run, app, report, on_stage)
    if report.counts["listings"] or await asyncio.to_thread(_are_trends_behind, app):
        from monitor.jobs.trends import run as look_for_trends  # late: an idle daemon does without what counts

        await _stage("looking for trends", look_for_trends, app, report, on_stage)
    return report


def _are_trends_behind(app: App) -> bool:
    """Whether a round that broke off left papers whose terms are not counted."""
    with app.store.read() as session:
        last = papers.last_id(session)
        return last > app.terms.seen and last > trends.counted_through(session)


async def mail(app: App, on_stage: Callable[[str], None] = lambda _stage: None) -> Report:
    """Compose the digests that are due, mail the confirmations that people asked for, and deliver what is queued."""
    report = Report()
    await _stage("composing digests", compose.run, app, report, on_stage)
    await _stage("composing alerts", alert.run, app, report, on_stage)
    await _stage("mailing confirmations", letters.run, app, report, on_stage)
    await _stage("delivering mail", deliver.run, app, report, on_stage)
    return report


async def _stage(name: str, job: Job, app: App, report: Report, on_stage: Callable[[str], None]) -> None:
    on_stage(name)
    try:
        report.add(await job(app))
    except Exception as error:  # mails that are queued still leave when an earlier stage breaks
        log.exception("%s failed", name)
        report.failures.append((name, f"{type(error).__name__}: {error}"))
