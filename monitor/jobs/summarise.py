"""Ask the operator's language model for summaries ahead of the digests, which never wait for it."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from datetime import timedelta

from monitor.app import App
from monitor.errors import SummaryError
from monitor.jobs.reports import Report
from monitor.store import matches, summaries
from monitor.summaries.extractive import summarize
from monitor.summaries.openai import Endpoint
from monitor.types.papers import Paper

RECENT = timedelta(days=3)
"""What matched earlier and was not sent waits over budget: it is summarised by its own sentences if it comes."""
A_ROUND = 40
"""Papers asked about before sources are read again."""
REST = timedelta(minutes=15)
"""How long an endpoint that gave no answer is left alone."""


async def run(app: App) -> Report:
    """Ask for the likeliest papers of each profile, as far as the day's budget goes; a failure ends the round."""
    report = Report()
    now, asked = app.clock.now(), app.summaries
    if asked is None or (app.summaries_rest and now < app.summaries_rest):
        return report
    for paper in await asyncio.to_thread(_wanted, app, asked):
        try:
            said = await asked.summarize(paper.title, paper.abstract)
        except SummaryError as error:
            app.summaries_rest = app.clock.now() + REST
            report.failures.append(("summaries", f"{error}; the abstracts' own sentences stand in"))
            break
        report.count(["summaries" if said else "summaries refused"])
        await asyncio.to_thread(_keep, app, asked.fingerprint(paper.title, paper.abstract), said)
    return report


def _wanted(app: App, asked: Endpoint) -> list[Paper]:
    """Return the papers to ask about, each once, as many as the day (in UTC) still allows."""
    now, settings = app.clock.now(), app.settings.summaries
    with app.store.read() as session:
        midnight = now.replace(hour=0, minute=0, second=0, microsecond=0)
        left = (settings.a_day if settings else 0) - summaries.count_since(session, midnight)
        if left <= 0:
            return []
        found = {
            paper.id: paper
            for profile in app.profiles
            for paper in matches.likeliest(session, profile.id, now - RECENT, profile.budget)
        }
        named = {asked.fingerprint(one.title, one.abstract): one for one in found.values() if one.abstract}
        known = summaries.of(session, named)
    return [paper for name, paper in named.items() if name not in known][: min(left, A_ROUND)]


def _keep(app: App, fingerprint: str, said: str) -> None:
    with app.store.write() as session:
        summaries.keep(session, fingerprint, said, app.clock.now())


def summaries_of(app: App, papers: Iterable[Paper]) -> dict[int, str]:
    """Return a summary of each paper by its id: what the model said, if that is there, else sentences of its own."""
    listed = list(papers)
    said: dict[int, str] = {}
    if asked := app.summaries:
        named = {paper.id: asked.fingerprint(paper.title, paper.abstract) for paper in listed}
        with app.store.read() as session:
            known = summaries.of(session, set(named.values()))
        said = {key: known.get(name, "") for key, name in named.items()}
    return {one.id: said.get(one.id) or summarize(one.title, one.abstract) for one in listed}
