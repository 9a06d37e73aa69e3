"""What did not come, and why: quiet topics, and papers that the reader has."""

from __future__ import annotations

from collections.abc import Mapping

from monitor.digest.cards import months_away
from monitor.digest.evidence import evidence_in
from monitor.digest.facts import Facts, Selection
from monitor.digest.phrases import title_of
from monitor.types.digests import Badge, Block, Heading, Note, PaperLine, Section
from monitor.types.feedback import Withheld
from monitor.types.ledger import Candidate
from monitor.words import Words

_MAX_AGAIN = 5
_MAX_NAMES = 12


def section(facts: Facts, selection: Selection, _summaries: Mapping[int, str]) -> Section | None:
    """Return a line for each topic without a paper and for each paper that is not sent again."""
    say = facts.words
    blocks: list[Block] = []
    silent = [topic.name for topic in facts.profile.topics if not selection.of_topic(topic.name)]
    read = sum(batch.read for batch in facts.batches)
    if silent:
        blocks.append(Note(_silence(silent, read, say, everything=len(silent) == len(facts.profile.topics))))
    blocks += [Note(_withheld(one, facts.profile.id, say)) for one in facts.withheld]
    if selection.again:
        blocks.append(Heading(say("not-again"), say("not-again-note"), aside=True))
        blocks += [_again(candidate, say) for candidate in selection.again[:_MAX_AGAIN]]
    return Section("quiet", tuple(blocks)) if blocks else None


def _silence(topics: list[str], read: int, say: Words, *, everything: bool) -> str:
    more = len(topics) - _MAX_NAMES
    names = say.listed([*map(title_of, topics[:_MAX_NAMES]), *([say("other-topics", count=more)] if more > 0 else [])])
    if not read:
        return say("quiet-nothing-listed", topics=names)
    return say("quiet-all" if everything else "quiet-some", topics=names, count=read)


def _withheld(one: Withheld, profile: str, say: Words) -> str:
    withheld = say("withheld", word=one.word, count=one.papers)
    if not one.undo:
        return withheld
    return say("withheld-undo", withheld=withheld, profile=profile, number=str(one.undo))


def _again(candidate: Candidate, say: Words) -> PaperLine:
    verdict, paper = candidate.verdict, candidate.paper
    if verdict.kind == "resurfaced":
        months = months_away(verdict)
        note = say("line-resurfaced", source=verdict.source, months=months)
        return PaperLine(paper.title, paper.url, note, Badge("resurfaced", say("badge-resurfaced", months=months)))
    line = say("line-copy-of", title=candidate.of.title) if candidate.of else say("line-copy")
    note = say("with-evidence", line=line, evidence=evidence_in(say, verdict.evidence)) if verdict.evidence else line
    return PaperLine(paper.title, paper.url, note, Badge("near_duplicate", say("badge-copy")))
