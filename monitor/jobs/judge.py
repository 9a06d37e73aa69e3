"""Compare what came with all papers before it: copies are told from new papers, and first stories get their score."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

from monitor.app import App, PastCache
from monitor.ingest.arrival import is_copied_flood
from monitor.jobs import story
from monitor.jobs.reports import Report
from monitor.store import batches, papers, verdicts
from monitor.store.engine import Session
from monitor.types.papers import Paper
from monitor.types.verdicts import Verdict, VerdictKind

if TYPE_CHECKING:
    from monitor.novelty.first_story import Past, Story
    from monitor.novelty.near_duplicates import CopyIndex

AT_ONCE = 500
"""Verdicts judged in one transaction; a program that dies goes on after the last one."""
_Batch = tuple[str, date | None]


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
        copies, past = _known(app, session, waiting[0])
        new = [known[one.paper_id] for one in waiting if one.kind == "new" and one.paper_id in known]
        stories = past.stories(new)
        judged = [_judged(one, known.get(one.paper_id), copies, stories) for one in waiting]
        floods = _floods(judged, papers.by_ids(session, {one.of for one in judged if one.of}))
    judged = [replace(one, arrival="flood") if _is_copy(one) and _batch(one) in floods else one for one in judged]
    with app.store.write() as session:
        verdicts.judge(session, judged)
        story.compared(session, judged)
        for (source, day), number in _copies(judged).items():
            if day:
                batches.add_copies(session, source, day, number, flood=(source, day) in floods)
    report.notes += [
        (source, f"{number} papers came back under new names: it lists everything anew; kept, and not announced")
        for (source, _), number in floods.items()
    ]
    report.counts["near_duplicate"] += _copies(judged).total()
    return True


def _judged(verdict: Verdict, paper: Paper | None, copies: CopyIndex, stories: Mapping[int, Story]) -> Verdict:
    """Return what the paper is to us: a new one that says what an older one says is a near-duplicate of it."""
    if verdict.kind != "new" or paper is None:
        return verdict
    if story := stories.get(paper.id):
        verdict = replace(verdict, first_story=story.score, nearest=story.nearest)
    copy = copies.find(paper)
    if copy is None:
        return verdict
    kind: VerdictKind = "near_duplicate" if copy.relation == "same" else "related"
    return replace(verdict, kind=kind, of=copy.paper_id, evidence=copy.evidence)


def _floods(judged: list[Verdict], originals: Mapping[int, Paper]) -> dict[_Batch, int]:
    """Return the batches in which a source lists everything anew, with the number of papers that came back."""
    new = Counter(_batch(one) for one in judged if one.kind in ("new", "related", "near_duplicate"))
    own = Counter(_batch(one) for one in judged if _is_copy(one) and one.source in originals[one.of or 0].sources)
    return {batch: number for batch, number in own.items() if is_copied_flood(number, new[batch])}


def _copies(judged: list[Verdict]) -> Counter[_Batch]:
    return Counter(_batch(one) for one in judged if _is_copy(one))


def _is_copy(verdict: Verdict) -> bool:
    return verdict.kind == "near_duplicate"


def _batch(verdict: Verdict) -> _Batch:
    return verdict.source, verdict.listed_on


def _known(app: App, session: Session, first: Verdict) -> tuple[CopyIndex, Past]:
    """Return the index of all texts and that of the last months, with those that came since the last use."""
    from monitor.novelty.first_story import KEPT, Past  # late: an idle daemon does without
    from monitor.novelty.near_duplicates import CopyIndex

    cache, app.known = app.known, PastCache()  # kept when it is whole: an index with a hole would miss copies
    fresh, through = papers.after(session, cache.through), papers.last_id(session)
    if cache.copies is None or cache.past is None:
        cache.copies = CopyIndex(fresh)
        cache.past = Past([one for one in fresh if one.first_seen >= first.at - KEPT])
    else:
        cache.copies.add(fresh)
        cache.past.add(fresh)
    cache.through, app.known = through, cache
    return cache.copies, cache.past
