"""A candidate as a card."""

from __future__ import annotations

from collections.abc import Mapping

from monitor.digest import words
from monitor.digest.facts import Facts
from monitor.text import word_edits
from monitor.types.digests import Badge, Diff, Edit, Link, PaperCard
from monitor.types.ledger import Candidate
from monitor.types.papers import Paper
from monitor.types.verdicts import Change

_MAX_EDITS = 3
_FIRST_STORY = 0.95


def card(candidate: Candidate, facts: Facts, summaries: Mapping[int, str]) -> PaperCard:
    """Return the card of a paper; ``summaries`` maps paper ids to whole sentences."""
    paper, match = candidate.paper, candidate.best
    others = [one.topic for one in candidate.matches if one.topic != match.topic]
    why = words.why(match) + (f" (also under {words.listed(others)})" if others else "")
    return PaperCard(
        title=paper.title,
        url=paper.url or paper.pdf_url,
        byline=words.byline(paper.authors),
        facts=_facts(paper, facts),
        badge=_badge(candidate),
        why=why,
        likelihood=words.likelihood(match.probability),
        probability=match.probability,
        summary=summaries.get(paper.id, ""),
        links=links(paper),
        changes=_changes(candidate.verdict.change) if candidate.verdict.change else (),
        copies=_copies(candidate, facts),
    )


def links(paper: Paper) -> tuple[Link, ...]:
    """Return where a paper can be read, each address once."""
    named = [("Abstract", paper.url), ("PDF", paper.pdf_url), ("Code", paper.code_url)]
    if paper.key.startswith("arxiv:"):
        number = paper.key.removeprefix("arxiv:")
        named[1] = ("PDF", paper.pdf_url or f"https://arxiv.org/pdf/{number}")
        if paper.url and "huggingface.co" in paper.url:
            named[0] = ("Hugging Face", paper.url)
            named.insert(0, ("Abstract", f"https://arxiv.org/abs/{number}"))
        elif not paper.url:
            named[0] = ("Abstract", f"https://arxiv.org/abs/{number}")
    return tuple({url: Link(text, url) for text, url in reversed(named) if url}.values())[::-1]


def _facts(paper: Paper, facts: Facts) -> tuple[str, ...]:
    upvotes = words.count(paper.upvotes, "upvote") if paper.upvotes else ""
    sources = words.picked(facts.picked.get(paper.id, ())) or words.listed(paper.sources)
    return tuple(filter(None, (sources, words.age(paper, facts.at), upvotes)))


def _badge(candidate: Candidate) -> Badge:
    verdict = candidate.verdict
    if verdict.kind == "revised":
        return Badge("revised", "Revised")
    if verdict.kind == "near_duplicate":
        return Badge("near_duplicate", "Near-duplicate")
    if verdict.arrival == "late":
        announced = f", announced {words.day(verdict.listed_on)}" if verdict.listed_on else ""
        return Badge("new", f"Late{announced}")
    unusual = verdict.first_story is not None and verdict.first_story >= _FIRST_STORY
    return Badge("new", "New, unlike anything before" if unusual else "New")


def _copies(candidate: Candidate, facts: Facts) -> tuple[str, ...]:
    """Return what else of the same work is about: a copy found today, or the original of this copy."""
    if candidate.verdict.kind == "near_duplicate" and candidate.of:
        return (f"reads like “{candidate.of.title}” ({candidate.verdict.evidence})",)
    related = [f"maybe a newer version of “{candidate.of.title}”"] if candidate.of else []
    copies = (one for one in facts.candidates if one.verdict.of == candidate.paper.id)
    listed = [f"also listed as “{one.paper.title}”" for one in copies if one.verdict.kind == "near_duplicate"]
    return (*related, *listed)


def _changes(change: Change) -> tuple[Diff, ...]:
    """Return what a revision changed, in the order of interest: title, numbers, added, removed, reworded."""
    diffs: list[Diff] = []
    if change.new_title and change.old_title:
        diffs.append(_marked("Title", change.old_title, change.new_title))
    if change.numbers:
        diffs.append(Diff("Numbers", _numbers(change)))
    if change.rewritten:
        begins = [Diff("Begins", (Edit("added", sentence),)) for sentence in change.added[:1]]
        return (*diffs, Diff("Abstract", (Edit("same", "rewritten from the ground up"),)), *begins)
    diffs += [Diff("Added", (Edit("added", sentence),)) for sentence in change.added[:_MAX_EDITS]]
    diffs += [Diff("Removed", (Edit("removed", sentence),)) for sentence in change.removed[:_MAX_EDITS]]
    diffs += [_marked("Reworded", old, new) for old, new in change.edited[:_MAX_EDITS]]
    more = sum(max(0, len(part) - _MAX_EDITS) for part in (change.added, change.removed, change.edited))
    if more:
        diffs.append(Diff("More", (Edit("same", f"{words.count(more, 'further sentence')} changed"),)))
    return tuple(diffs)


def _marked(label: str, old: str, new: str) -> Diff:
    edits: list[Edit] = []
    for kind, text in word_edits(old, new):  # blanks stand between the marks, not under them
        edits += [Edit(kind, text.rstrip()), Edit("same", " ")]
    return Diff(label, tuple(edits[:-1]))


def _numbers(change: Change) -> tuple[Edit, ...]:
    edits: list[Edit] = []
    for old, new in change.numbers[:_MAX_EDITS]:
        edits += [Edit("removed", old), Edit("same", " → "), Edit("added", new), Edit("same", "; ")]
    return tuple(edits[:-1])
