"""Ask the sources that are due, and write what their listings mean."""

from __future__ import annotations

import asyncio
import hashlib
import logging
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path

from monitor.app import App, source_kind
from monitor.errors import FetchError, ParseError
from monitor.ingest.decide import decide, keyed_entries
from monitor.ingest.fetch import Validators
from monitor.ingest.folder import read_folder
from monitor.ingest.normalise import normalise
from monitor.jobs.reports import Report
from monitor.novelty.first_story import first_story
from monitor.novelty.near_duplicates import CopyIndex
from monitor.novelty.revision import compare
from monitor.settings.load import SourceSettings
from monitor.store import papers, sources, verdicts
from monitor.store.engine import Session
from monitor.types.findings import Finding
from monitor.types.listings import Answer, Listing, Request
from monitor.types.verdicts import Verdict, VerdictKind

log = logging.getLogger(__name__)
_LONGEST_WAIT = timedelta(hours=12)
_ENOUGH_PAST = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class _Fresh:
    """An answer that we have not had, and the address that it is remembered under."""

    address: str
    answer: Answer
    validators: Validators

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.answer.body).hexdigest()


async def run(app: App, *, look_in_folders: bool = False) -> Report:
    """Poll every source that is due, one after the other; folders on request also when they are not."""
    report = Report()
    now = app.clock.now()
    with app.store.read() as session:
        health = {one.name: one for one in sources.all_health(session, [source.name for source in app.sources])}
    for source in app.sources:
        due_at = health[source.name].next_poll_at
        if due_at is None or due_at <= now or (look_in_folders and _is_folder(source, now)):
            report.add(await poll(app, source))
    return report


def _is_folder(source: SourceSettings, now: datetime) -> bool:
    requests = source_kind(source).requests(source.options, now.date())
    return all(request.url.startswith("file:") for request in requests)


async def poll(app: App, source: SourceSettings) -> Report:
    """Poll one source: write each answer that is not the one we had, in a transaction of its own."""
    report = Report()
    reasons: list[str] = []
    for request in source_kind(source).requests(source.options, app.clock.now().date()):
        try:
            for fresh in await _fresh_answers(app, source, request, report):
                try:
                    report.add(await asyncio.to_thread(_take, app, source, fresh))
                except ParseError as error:  # one bad file or page must not stop the others
                    reasons.append(error.reason)
        except FetchError as error:
            reasons.append(error.reason)
        except Exception as error:  # one bad source must not stop the others
            log.exception("source %s failed", source.name)
            reasons.append(f"{type(error).__name__}: {error}")
    _settle(app, source, list(dict.fromkeys(reasons)), report)
    return report


async def _fresh_answers(app: App, source: SourceSettings, request: Request, report: Report) -> list[_Fresh]:
    """Return the answers to a request that differ from what the same addresses answered last."""
    with app.store.read() as session:
        last = sources.last_answers(session, source.name)
    if request.url.startswith("file:"):
        found, oddities = await read_folder(source.name, Path(request.url.removeprefix("file:")), app.clock)
        report.notes += [(source.name, str(oddity)) for oddity in oddities]
        fetched = [_Fresh(answer.url, answer, Validators()) for answer in found]
    else:
        known = last.get(request.url)
        asked = Validators(known.etag, known.last_modified) if known else Validators()
        got = await app.fetcher.fetch(source.name, request, asked)
        fetched = [_Fresh(request.url, got.answer, got.validators)] if got.answer else []
    return [one for one in fetched if one.address not in last or last[one.address].sha256 != one.sha256]


def _take(app: App, source: SourceSettings, fresh: _Fresh) -> Report:
    """Read one answer and write all that it means, or nothing of it."""
    report = Report()
    answer = fresh.answer
    last = sources.LastAnswer(fresh.sha256, fresh.validators.etag, fresh.validators.last_modified)
    try:
        listing = normalise(source_kind(source).parse(source.options, answer), answer.fetched_at)
    except ParseError as error:
        with app.store.write() as session:
            day = answer.fetched_at.date()
            sources.add_snapshot(session, source.name, answer, fresh.sha256, None, day, error.reason)
            if answer.url.startswith("file:"):  # it is read again only when it changes; a page may be whole next time
                sources.remember_answer(session, source.name, fresh.address, last)
        raise ParseError(source.name, f"{answer.url}: {error.reason}") from error
    try:
        with app.store.write() as session:
            report.count(_write(app, session, source.name, fresh, listing))
            sources.remember_answer(session, source.name, fresh.address, last)
    except BaseException:
        app.copies.forget()
        raise
    report.counts["listings"] += 1
    report.notes += [(f"{source.name}: {answer.url}", str(oddity)) for oddity in listing.oddities]
    return report


def _write(app: App, session: Session, source: str, fresh: _Fresh, listing: Listing) -> list[VerdictKind]:
    """Write a listing and all that it means; returns the kind of each entry's verdict."""
    at = fresh.answer.fetched_at
    day = listing.batch or at.date()
    snapshot_id = sources.add_snapshot(session, source, fresh.answer, fresh.sha256, listing, day)
    entries = keyed_entries(listing, source)
    known = papers.known(session, {key for _, names in entries for key in names})
    index = _copy_index(app, session)
    made: list[Verdict] = []
    for entry, names in entries:
        finding = _with_change(decide(entry, names, source, known, at))
        paper_id = papers.record(session, finding, source, snapshot_id, day, at)
        made.append(_verdict(finding, paper_id, source, at, index))
        app.copies.through = max(app.copies.through, paper_id)
    for verdict in _with_first_stories(session, made, at):
        if verdict.kind != "seen":
            verdicts.add(session, verdict)
    kinds = [verdict.kind for verdict in made]
    sources.count_batch(session, source, day, at, kinds)
    return kinds


def _with_first_stories(session: Session, made: list[Verdict], at: datetime) -> list[Verdict]:
    """Say of each new paper how far it stands from the past, once there is a month of past to stand from."""
    new = [verdict.paper_id for verdict in made if verdict.kind == "new"]
    past = papers.since(session, at - timedelta(days=180)) if new else []
    if not past or at - past[0].first_seen < _ENOUGH_PAST:
        return made
    known = {paper.id: paper for paper in past}
    scores = dict(zip(new, first_story([known[paper_id] for paper_id in new], past), strict=True))
    return [replace(verdict, first_story=scores.get(verdict.paper_id)) for verdict in made]


def _with_change(finding: Finding) -> Finding:
    """Say what a revision changed; one that a reader would not notice is no revision."""
    if finding.kind != "revised" or finding.former is None:
        return finding
    change = compare(finding.former, finding.paper)
    if change.is_empty:
        return replace(finding, kind="seen", paper=replace(finding.paper, version=finding.former.version))
    return replace(finding, change=change)


def _verdict(finding: Finding, paper_id: int, source: str, at: datetime, index: CopyIndex) -> Verdict:
    """Return what the paper is to us: a new one that says what an older one says is a near-duplicate of it."""
    verdict = Verdict(paper_id, finding.kind, at, source=source, change=finding.change, evidence=finding.evidence)
    if finding.paper.id:
        return verdict
    paper = replace(finding.paper, id=paper_id)
    copy = index.find(paper) if finding.kind == "new" else None
    index.add([paper])
    if copy is None:
        return verdict
    kind: VerdictKind = "near_duplicate" if copy.relation == "same" else "new"
    return replace(verdict, kind=kind, of=copy.paper_id, evidence=copy.evidence)


def _copy_index(app: App, session: Session) -> CopyIndex:
    """Return the index of all papers in the store, with those that came since it was last used."""
    if app.copies.index is None:
        app.copies.index = CopyIndex(papers.after(session, 0))
    else:
        app.copies.index.add(papers.after(session, app.copies.through))
    app.copies.through = papers.last_id(session)
    return app.copies.index


def _settle(app: App, source: SourceSettings, reasons: list[str], report: Report) -> None:
    """Note how the poll went. A source that fails waits twice as long with each failure in a row."""
    now = app.clock.now()
    with app.store.write() as session:
        if not reasons:
            sources.succeeded(session, source.name, now, now + source.every)
            report.counts["sources read"] += 1
            return
        before = min(sources.health(session, source.name).failures, 10)
        wait = min(source.every * 2**before, max(_LONGEST_WAIT, source.every))
        sources.failed(session, source.name, now, now + wait, "; ".join(reasons))
    report.failures += [(source.name, reason) for reason in reasons]
