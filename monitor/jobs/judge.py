"""Compare what came with all papers before it: copies are told from new papers, and first stories get their score."""

from __future__ import annotations

import asyncio
from collections import Counter
from dataclasses import replace
from datetime import timedelta

from monitor.app import App
from monitor.jobs.reports import Report
from monitor.novelty.first_story import first_story
from monitor.novelty.near_duplicates import CopyIndex
from monitor.store import batches, papers, verdicts
from monitor.store.engine import Session
from monitor.types.papers import Paper
from monitor.types.verdicts import Verdict, VerdictKind

AT_ONCE = 500
"""Verdicts judged in one transaction; a program that dies goes on after the last one."""
_PAST = timedelta(days=180)
_ENOUGH_PAST = timedelta(days=30)


async def run(app: App) -> Report:
    """Judge every verdict that no profile may read yet, oldest first."""
    report = Report()
    while await asyncio.to_thread(_judge_some, app, report):
        pass
    return report


def _judge_some(app: App, report: Report) -> bool:
    with app.store.read() as session:
        waiting = verdicts.unjudged(session, AT_ONCE)
        if not waiting:
            return False
        known = papers.by_ids(session, {one.paper_id for one in waiting})
        new = [known[one.paper_id] for one in waiting if one.kind == "new" and one.paper_id in known]
        index = _copy_index(app, session)
        scores = _first_stories(session, new, waiting[-1])
    judged = [_judged(one, known.get(one.paper_id), index, scores) for one in waiting]
    copies = Counter((one.source, one.listed_on) for one in judged if one.kind == "near_duplicate" and one.listed_on)
    with app.store.write() as session:
        verdicts.judge(session, judged)
        for (source, day), number in copies.items():
            batches.add_copies(session, source, day, number)
    report.counts["near_duplicate"] += copies.total()
    return True


def _judged(verdict: Verdict, paper: Paper | None, index: CopyIndex, scores: dict[int, float]) -> Verdict:
    """Return what the paper is to us: a new one that says what an older one says is a near-duplicate of it."""
    if verdict.kind != "new" or paper is None:
        return verdict
    scored = replace(verdict, first_story=scores.get(paper.id))
    copy = index.find(paper)
    if copy is None:
        return scored
    kind: VerdictKind = "near_duplicate" if copy.relation == "same" else "new"
    return replace(scored, kind=kind, of=copy.paper_id, evidence=copy.evidence)


def _first_stories(session: Session, new: list[Paper], last: Verdict) -> dict[int, float]:
    """Return how far each new paper stands from the past, once there is a month of past to stand from."""
    past = papers.since(session, last.at - _PAST) if new else []
    if not past or last.at - past[0].first_seen < _ENOUGH_PAST:
        return {}
    known = {paper.id: paper for paper in past}
    listed = [paper for paper in new if paper.id in known]
    scores = first_story(listed, past)
    return {paper.id: score for paper, score in zip(listed, scores, strict=True) if score is not None}


def _copy_index(app: App, session: Session) -> CopyIndex:
    """Return the index of all texts in the store, with those that came since it was last used."""
    if app.copies.index is None:
        app.copies.index = CopyIndex(papers.after(session, 0))
    else:
        app.copies.index.add(papers.after(session, app.copies.through))
    app.copies.through = papers.last_id(session)
    return app.copies.index
