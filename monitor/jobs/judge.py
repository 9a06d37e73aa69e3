"""Compare what came with all papers before it: copies are told from new papers, and first stories get their score."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Mapping, Sequence
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
from monitor.types.verdicts import Copy, Verdict, VerdictKind

if TYPE_CHECKING:
    from monitor.novelty.first_story import Past, Story
    from monitor.novelty.search import WordIndex

AT_ONCE = 500
"""Verdicts judged in one transaction; a program that dies goes on after the last one."""
MOST_KNOWN = 300_000
"""Copies are looked for among the newest papers, between so many and twice as many: in memory each takes half a kB."""
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
        words, past = _known(app, session, waiting[0])
        new = [known[one.paper_id] for one in waiting if one.kind == "new" and one.paper_id in known]
        stories, copies = past.stories(new), _copied(session, new, words)
        judged = [_judged(one, copies.get(one.paper_id), stories.get(one.paper_id)) for one in waiting]
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


def _copied(session: Session, new: Sequence[Paper], words: WordIndex) -> dict[int, Copy]:
    """Return what each of ``new`` that copies an older paper copies, by its id."""
    from monitor.novelty.near_duplicates import CANDIDATES, copies  # late: an idle daemon does without

    alike = {paper.id: words.candidates(paper, CANDIDATES) for paper in new}
    texts = papers.by_ids(session, {one for ids in alike.values() for one in ids})
    found: dict[int, Copy] = {}
    for paper in new:
        older = {texts[one].id: texts[one] for one in alike[paper.id] if one in texts}  # two may be one by now
        older.pop(paper.id, None)
        if copied := copies(paper, older.values(), words.rarity):
            found[paper.id] = copied[0]
    return found


def _judged(verdict: Verdict, copy: Copy | None, story: Story | None) -> Verdict:
    """Return what the paper is to us: a new one that says what an older one says is a near-duplicate of it."""
    if verdict.kind != "new":
        return verdict
    if story:
        verdict = replace(verdict, first_story=story.score, nearest=story.nearest)
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


def _known(app: App, session: Session, first: Verdict) -> tuple[WordIndex, Past]:
    """Return the index of the newest papers and the texts of the last months, with what came since the last use."""
    from monitor.novelty.first_story import KEPT, Past  # late: an idle daemon does without
    from monitor.novelty.search import SAMPLE, WordIndex

    cache, app.known = app.known, PastCache()  # kept when it is whole: an index with a hole would miss copies
    through = papers.last_id(session)
    if cache.past is None:
        cache.past = Past(papers.since(session, first.at - KEPT))
    else:
        cache.past.add(list(papers.after(session, cache.through)))
    if cache.words is None or cache.words.is_outgrown(through - cache.through):
        before, step = max(0, through - MOST_KNOWN), 1 + min(through, MOST_KNOWN) // SAMPLE
        cache.words = WordIndex(papers.after(session, before), papers.after(session, before, step))
    else:
        cache.words.add(papers.after(session, cache.through))
    cache.through, app.known = through, cache
    return cache.words, cache.past
