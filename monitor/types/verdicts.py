"""What we say about a paper: verdicts, changes, matches and trends."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

VerdictKind = Literal["new", "related", "revised", "near_duplicate", "resurfaced", "seen"]
"""``related`` is a new paper that may be a newer version of another one, ``near_duplicate`` surely says the same;
``resurfaced`` is an old one that a source lists again after a long absence."""
Arrival = Literal["on time", "late", "past", "flood"]
"""Whether a paper came with its announcement, afterwards because that was missed, is from before we watched, or came
back with everything that its site ever showed. The last two are kept and never announced."""
UNANNOUNCED: tuple[Arrival, ...] = ("past", "flood")
COMPARED_DAYS = 180
"""How far back the papers reach with which a first story is compared."""
NEWS: tuple[VerdictKind, ...] = ("new", "related")
"""Kinds of verdict on a work that nobody was sent before."""


@dataclass(frozen=True, slots=True)
class Change:
    """What a revision changed. Sentences are whole; ``edited`` pairs the old with the new wording."""

    old_title: str | None = None
    new_title: str | None = None
    added: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    edited: tuple[tuple[str, str], ...] = ()
    numbers: tuple[tuple[str, str], ...] = ()
    rewritten: bool = False

    @property
    def is_empty(self) -> bool:
        """Whether nothing that a reader would notice changed (spacing and punctuation do not count)."""
        return not (self.new_title or self.added or self.removed or self.edited or self.rewritten)


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a paper is to this installation at one moment (aware UTC).

    ``of`` is the id of the paper that a near-duplicate copies or a related paper may follow, ``evidence`` says in a few
    words why, and ``change`` is what a revision changed. ``first_story`` is a percentile in [0, 1] of how far the paper
    stands from all that came before, or ``None`` while there is too little past to say; ``nearest`` is the id of the
    paper that it stands least far from. ``listed_on`` is the batch that brought the paper, ``last_listed`` the last one
    that held a resurfaced paper before.
    """

    paper_id: int
    kind: VerdictKind
    at: datetime
    id: int = 0
    source: str = ""
    of: int | None = None
    evidence: str = ""
    change: Change | None = None
    first_story: float | None = None
    nearest: int | None = None
    arrival: Arrival = "on time"
    listed_on: date | None = None
    last_listed: date | None = None


ReasonKind = Literal["follow", "query", "keyword", "author", "institution", "category", "phrase", "like", "about"]


@dataclass(frozen=True, slots=True)
class Reason:
    """One part of why a paper matches, in the reader's own terms.

    ``text`` is the phrase, author, institution, category, example title or what is followed; ``where`` is ``title``,
    ``abstract`` or empty; ``share`` in [0, 1] is its part of the score.
    """

    kind: ReasonKind
    text: str
    where: str = ""
    share: float = 0.0


@dataclass(frozen=True, slots=True)
class Match:
    """One paper under one topic, with a probability in [0, 1] and its reasons, strongest first.

    ``tried`` is what the topic's own matcher says and what the one says that an experiment tries against it.
    """

    paper_id: int
    topic: str
    probability: float
    reasons: tuple[Reason, ...] = ()
    tried: tuple[float, float] | None = None


TrendState = Literal["emerging", "rising", "peaking", "fading"]


@dataclass(frozen=True, slots=True)
class Trend:
    """A term, an author or a paper that rises faster than its own past explains, as it stood on ``day``.

    ``series`` holds one count per listing day, oldest first, ending with the last one; ``seen`` and ``expected`` are
    counts in the tested window of ``days`` listing days, and ``q`` is the false-discovery rate at which it passes.
    ``share`` is what part of all papers in that window carry it. ``state`` holds since ``since``, and the whole rise
    since ``begun``. ``also`` are the other terms of the same topic, ``sources`` those that show its papers, the one
    with the most first. For a paper, ``name`` is its title and ``unit`` is ``upvotes``.
    """

    kind: Literal["term", "author", "paper"]
    name: str
    day: date
    seen: float
    expected: float
    q: float
    days: int
    series: tuple[float, ...] = ()
    paper_ids: tuple[int, ...] = ()
    also: tuple[str, ...] = ()
    unit: Literal["papers", "upvotes"] = "papers"
    state: TrendState = "rising"
    since: date | None = None
    begun: date | None = None
    share: float = 0.0
    sources: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Judgement:
    """What a topic's matcher says of one paper, kept or not.

    ``stage`` is where the paper's way ended: ``matched``, ``muted``, ``excluded`` (the query's NOT), ``outside`` (a
    query that must hold does not) or ``below`` (its probability is under ``threshold``). ``detail`` names the word,
    rule or figure; ``muted_by`` is the word that takes the paper out, if one does.
    """

    match: Match
    stage: Literal["matched", "muted", "excluded", "outside", "below"]
    threshold: float
    detail: str = ""
    muted_by: str = ""


@dataclass(frozen=True, slots=True)
class Copy:
    """A paper that says what an older one says. ``relation`` is ``same`` or, with less certainty, ``related``."""

    paper_id: int
    relation: Literal["same", "related"]
    probability: float
    evidence: str
