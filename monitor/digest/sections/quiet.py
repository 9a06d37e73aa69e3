"""What did not come, and why: quiet topics, withheld copies."""

from __future__ import annotations

from collections.abc import Mapping

from monitor.digest import words
from monitor.digest.facts import Facts, Selection
from monitor.digest.sections.contents import title_of
from monitor.types.digests import Badge, Block, Heading, Note, PaperLine, Section
from monitor.types.feedback import Withheld
from monitor.types.ledger import Candidate

_MAX_COPIES = 5


def section(facts: Facts, selection: Selection, _summaries: Mapping[int, str]) -> Section | None:
    """Return a line for each topic without a paper and for each copy that was withheld."""
    blocks: list[Block] = []
    silent = [topic.name for topic in facts.profile.topics if not selection.of_topic(topic.name)]
    read = sum(batch.read for batch in facts.batches)
    if silent:
        blocks.append(Note(_silence(silent, read, everything=len(silent) == len(facts.profile.topics))))
    blocks += [Note(_withheld(one, facts.profile.id)) for one in facts.withheld]
    if selection.copies:
        blocks.append(Heading("Not sent again", "second copies of papers that you have"))
        blocks += [_copy(candidate) for candidate in selection.copies[:_MAX_COPIES]]
    return Section("quiet", tuple(blocks)) if blocks else None


def _silence(topics: list[str], read: int, *, everything: bool) -> str:
    names = words.listed(title_of(topic) for topic in topics)
    if not read:
        return f"Quiet: {names}. No source listed anything since your last digest."
    what = "nothing here passed your threshold" if everything else "nothing passed its threshold"
    return f"Quiet: {names}. {words.count(read, 'listed paper')} were read and {what}."


def _withheld(one: Withheld, profile: str) -> str:
    kept = f"You muted “{one.word}”: {words.count(one.papers, 'paper')} withheld."
    return f"{kept} To undo: monitor feedback {profile} --undo {one.undo}" if one.undo else kept


def _copy(candidate: Candidate) -> PaperLine:
    original = f"copy of “{candidate.of.title}”" if candidate.of else "copy of a paper you have"
    note = f"{original} ({candidate.verdict.evidence})" if candidate.verdict.evidence else original
    return PaperLine(candidate.paper.title, candidate.paper.url, note, Badge("near_duplicate", "A copy"))
