"""A candidate as a card."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from monitor.digest import phrases
from monitor.digest.evidence import evidence_in
from monitor.digest.facts import Facts
from monitor.links import ReaderLinks
from monitor.text import word_edits
from monitor.types.digests import OWN, Badge, BadgeKind, Block, Diff, Edit, Link, Own, PaperCard, PaperLine
from monitor.types.feedback import FeedbackKind
from monitor.types.ledger import Candidate
from monitor.types.papers import Paper, Picked
from monitor.types.verdicts import COMPARED_DAYS, Change, Verdict, VerdictKind
from monitor.words import Words

_MAX_EDITS = 3
_REPAIR = 4  # words: fewer are a repair that nobody needs to be shown
_LEAST_KEPT = 0.5
_MONTH = 30.4
_NAMED: dict[VerdictKind, BadgeKind] = {
    "revised": "revised", "near_duplicate": "near_duplicate", "related": "related"
}  # fmt: skip


ACTIONS: tuple[FeedbackKind, ...] = ("more", "less", "mute", "follow")
"""What a reader can say of a paper."""
_KINDS: dict[str, FeedbackKind] = {kind: kind for kind in ACTIONS}
_CARDS = 2048
"""Cards kept at hand: readers of the same topic get the same."""


def card(candidate: Candidate, facts: Facts, summaries: Mapping[int, str], *, first_story: bool = False) -> PaperCard:
    """Return the card of a paper; ``summaries`` maps paper ids to whole sentences.

    With ``first_story`` it is called the first of its kind, and the nearest paper before it is named.
    """
    paper = candidate.paper
    day = facts.at.replace(hour=0, minute=0, second=0, microsecond=0)
    told = _Told(
        day, facts.picked.get(paper.id, ()), summaries.get(paper.id, ""), _copies(candidate, facts), first_story
    )
    return _card(candidate, facts.words, told, ACTIONS if facts.links else ())


@dataclass(frozen=True, slots=True)
class _Told:
    """What a card tells beside what its candidate says by itself; the ``day`` is the one it is read on."""

    day: datetime
    picked: tuple[Picked, ...]
    summary: str
    copies: tuple[str, ...]
    first_story: bool


@lru_cache(maxsize=_CARDS)
def _card(candidate: Candidate, say: Words, told: _Told, kinds: tuple[FeedbackKind, ...]) -> PaperCard:
    paper, match = candidate.paper, candidate.best
    others = [phrases.name_of(one.topic) for one in candidate.matches if one.topic != match.topic]
    why = phrases.why(say, match)
    if told.first_story and candidate.nearest:
        why = say("why-first-story", reasons=why, title=candidate.nearest.title)
    return PaperCard(
        title=paper.title,
        url=paper.url or paper.pdf_url,
        byline=phrases.byline(say, paper),
        facts=_facts(paper, say, told.day, told.picked),
        badge=_badge(candidate, say, first_story=told.first_story),
        why=say("why-also", reasons=why, topics=say.listed(others)) if others else why,
        likelihood=phrases.likelihood(say, match.probability),
        probability=match.probability,
        summary=told.summary,
        links=links(paper, say),
        changes=changed(candidate.verdict.change, say) if candidate.verdict.change else (),
        copies=told.copies,
        actions=actions(paper, say, kinds),
    )


def links(paper: Paper, say: Words) -> tuple[Link, ...]:
    """Return where a paper can be read, each address once."""
    named = [("abstract", paper.url), ("pdf", paper.pdf_url), ("code", paper.code_url)]
    if paper.key.startswith("arxiv:"):
        number = paper.key.removeprefix("arxiv:")
        named[1] = ("pdf", paper.pdf_url or f"https://arxiv.org/pdf/{number}")
        if paper.url and "huggingface.co" in paper.url:
            named[0] = ("hugging-face", paper.url)
            named.insert(0, ("abstract", f"https://arxiv.org/abs/{number}"))
        elif not paper.url:
            named[0] = ("abstract", f"https://arxiv.org/abs/{number}")
    return tuple({url: Link(say(f"link-{name}"), url) for name, url in reversed(named) if url}.values())[::-1]


def actions(paper: Paper, say: Words, kinds: Sequence[FeedbackKind] = ACTIONS) -> tuple[Link, ...]:
    """Return where a reader says more of a paper, as the places of their own URLs; some papers name nobody."""
    follow = "link-follow" if paper.authors else "link-follow-institution" if paper.institutions else ""
    named = {kind: follow if kind == "follow" else f"link-{kind}" for kind in kinds}
    return tuple(Link(say(name), f"{OWN}{kind}/{paper.id}") for kind, name in named.items() if name)


def own(links: ReaderLinks, blocks: Iterable[Block]) -> Iterator[Own]:
    """Yield the reader's own URL for each place that ``actions`` left in blocks."""
    for action in (action for block in blocks if isinstance(block, PaperCard | PaperLine) for action in block.actions):
        kind, _, paper_id = action.url.removeprefix(OWN).partition("/")
        yield Own(action.url, links.feedback(_KINDS[kind], int(paper_id)))


def _facts(paper: Paper, say: Words, day: datetime, picked: Sequence[Picked]) -> tuple[str, ...]:
    upvotes = say("upvotes", count=paper.upvotes) if paper.upvotes else ""
    sources = phrases.picked(say, picked) or say.listed(paper.sources)
    return tuple(filter(None, (sources, phrases.age(say, paper, day), upvotes)))


def _badge(candidate: Candidate, say: Words, *, first_story: bool) -> Badge:
    verdict = candidate.verdict
    if verdict.kind == "resurfaced":
        return Badge("resurfaced", say("badge-resurfaced", months=months_away(verdict)))
    if kind := _NAMED.get(verdict.kind):
        return Badge(kind, say(f"badge-{kind.replace('_', '-')}"))
    if verdict.arrival == "late":
        on = verdict.listed_on
        return Badge("late", say("badge-late-announced", day=say.date("day", on)) if on else say("badge-late"))
    if first_story:
        return Badge("first_story", say("badge-first-story", days=COMPARED_DAYS))
    return Badge("new", say("badge-new"))


def months_away(verdict: Verdict) -> int:
    """Return for how many months a resurfaced paper was not listed."""
    if verdict.listed_on is None or verdict.last_listed is None:
        return 0
    return round((verdict.listed_on - verdict.last_listed).days / _MONTH)


def _copies(candidate: Candidate, facts: Facts) -> tuple[str, ...]:
    """Return what else of the same work is about: a copy found today, or the original of this copy."""
    say = facts.words
    copies = tuple(say("copy-also", title=one.paper.title) for one in facts.copies.get(candidate.paper.id, ()))
    if candidate.of is None:
        return copies
    evidence = evidence_in(say, candidate.verdict.evidence)
    if candidate.verdict.kind == "near_duplicate":
        return (say("copy-of", title=candidate.of.title, evidence=evidence),)
    return (say("copy-maybe", title=candidate.of.title, evidence=evidence), *copies)


def changed(change: Change, say: Words) -> tuple[Diff, ...]:
    """Return what a revision changed, in the order of interest: title, numbers, added, removed, reworded."""
    diffs: list[Diff] = []
    if change.new_title and change.old_title:
        diffs.append(_marked(say("change-title"), change.old_title, change.new_title))
    if change.numbers:
        diffs.append(Diff(say("change-numbers"), _numbers(change)))
    if change.rewritten:
        begins = [Diff(say("change-begins"), (Edit("added", sentence),)) for sentence in change.added[:1]]
        return (*diffs, Diff(say("change-abstract"), (Edit("same", say("change-rewritten")),)), *begins)
    diffs += [Diff(say("change-added"), (Edit("added", sentence),)) for sentence in change.added[:_MAX_EDITS]]
    diffs += [Diff(say("change-removed"), (Edit("removed", sentence),)) for sentence in change.removed[:_MAX_EDITS]]
    told = _worth_telling(change.edited)
    diffs += [_marked(say("change-edited"), old, new) for old, new in told]
    more = sum(max(0, len(part) - _MAX_EDITS) for part in (change.added, change.removed))
    more += len(change.edited) - len(told)
    if more:
        diffs.append(Diff(say("change-more"), (Edit("same", say("change-more-sentences", count=more)),)))
    return tuple(diffs)


def _worth_telling(edited: Sequence[tuple[str, str]]) -> list[tuple[str, str]]:
    """Return the sentences that changed most, in the order of the text; a word here or there is told if it is all."""
    weights = {pair: _weight(*pair) for pair in edited}
    heaviest = sorted(weights, key=lambda pair: -weights[pair])[:_MAX_EDITS]
    least = min(_REPAIR, weights[heaviest[0]]) if heaviest else 0
    return [pair for pair in weights if pair in heaviest and weights[pair] >= least]


def _weight(old: str, new: str) -> int:
    """Return how many words differ; one with a figure in it counts as many as no repair has."""
    changed = [word for kind, text in word_edits(old, new) if kind != "same" for word in text.split()]
    return sum(_REPAIR if any(map(str.isdigit, word)) else 1 for word in changed)


def _marked(label: str, old: str, new: str) -> Diff:
    """Return one text with its changes marked; two texts that share less than half stand one after the other."""
    if _kept(old, new) < _LEAST_KEPT:
        return Diff(label, (Edit("removed", old), Edit("same", " "), Edit("added", new)))
    edits: list[Edit] = []
    for kind, text in word_edits(old, new):  # blanks stand between the marks, not under them
        edits += [Edit(kind, text.rstrip()), Edit("same", " ")]
    return Diff(label, tuple(edits[:-1]))


def _kept(old: str, new: str) -> float:
    """Return the share of words that stay, of the longer text."""
    same = sum(len(text.split()) for kind, text in word_edits(old, new) if kind == "same")
    return same / max(len(old.split()), len(new.split()), 1)


def _numbers(change: Change) -> tuple[Edit, ...]:
    edits: list[Edit] = []
    for old, new in change.numbers[:_MAX_EDITS]:
        edits += [Edit("removed", old), Edit("same", " → "), Edit("added", new), Edit("same", "; ")]
    return tuple(edits[:-1])
