"""Which papers a digest holds: the best within the budget, nothing twice, and a reason for each one left out."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from functools import partial

from monitor.digest.draft import draft, teams_of
from monitor.digest.facts import Facts, Selection
from monitor.types.ledger import Candidate, NearMiss, Placement, PlacementReason

FRESH = timedelta(days=14)
"""A paper over budget waits this long for a place."""
FIRST_STORY = 0.95
"""From this score on, the day's first paper of its kind is called so."""
NEAR = 3
"""So many papers that fell just short are named at most."""
_BOOST = 0.2
"""What is most unlike all before it goes ahead of what is so much more probable, where a profile wants it."""


def select(facts: Facts) -> Selection:
    """Return what goes into the digest and where every other candidate went or that it waits."""
    eligible: dict[int, Candidate] = {}
    left_out: list[tuple[Candidate, PlacementReason]] = []
    for candidate in sorted(facts.candidates, key=partial(_worth, facts)):
        reason = _reason_against(candidate, facts, eligible)
        if reason:
            left_out.append((candidate, reason))
        else:
            eligible[candidate.paper.id] = candidate
    ranked, teams = _ranked(list(eligible.values()), facts)
    chosen, over = ranked[: facts.profile.budget], ranked[facts.profile.budget :]
    stale = [one for one in over if facts.at - one.verdict.at > FRESH]
    placements = [_place(one, "sent", teams.get(one.verdict.id, "")) for one in chosen]
    placements += [_place(one, "over budget") for one in stale]
    placements += [_place(one, reason) for one, reason in left_out]
    placements += [_place(one, "not wanted") for one in facts.unwanted]
    return Selection(
        chosen=tuple(chosen),
        again=tuple(one for one, reason in left_out if _is_told_of(one, reason)),
        waiting=len(over) - len(stale),
        first_story=_first_story(chosen, facts),
        near=() if over else _near(facts),
        placements=tuple(placements),
    )


def _near(facts: Facts) -> tuple[NearMiss, ...]:
    """Return the papers that came nearest to a threshold and that the reader knows from nowhere else, each once."""
    known = facts.sent.keys() | {one.paper.id for one in (*facts.candidates, *facts.unwanted)}
    found: dict[int, NearMiss] = {}
    for one in sorted(facts.near, key=lambda one: -one.odds):
        if one.paper.id not in known:
            found.setdefault(one.paper.id, one)
    return tuple(found.values())[:NEAR]


def _is_told_of(candidate: Candidate, reason: PlacementReason) -> bool:
    """Whether the reader is told, in a line, that a paper is about which they have."""
    return reason == "copy" or (reason == "already sent" and candidate.verdict.kind == "resurfaced")


def _first_story(chosen: Sequence[Candidate], facts: Facts) -> int | None:
    scores = {one.verdict.id: facts.first_story(one) or 0.0 for one in chosen if one.nearest}
    best = max(scores, key=scores.__getitem__, default=0)
    return best if scores.get(best, 0.0) >= FIRST_STORY else None


def _ranked(eligible: Sequence[Candidate], facts: Facts) -> tuple[list[Candidate], dict[int, str]]:
    """Return the candidates, best first, and in an experiment which matcher placed each, by the verdict's id."""
    teams = teams_of(facts.profile)
    if not teams:
        return sorted(eligible, key=partial(_worth, facts)), {}
    known = {one.verdict.id: one for one in eligible}
    rankings = [
        sorted(known, key=lambda key, team=number: _worth(facts, known[key], known[key].tried(team)))  # type: ignore[misc]
        for number in range(len(teams))
    ]
    placed = draft(rankings, f"{facts.profile.id} {facts.local_date}")
    return [known[key] for key in placed], {key: teams[team] for key, team in placed.items()}


def _worth(facts: Facts, candidate: Candidate, probability: float | None = None) -> tuple[bool, float, int]:
    """Order: originals before copies, then the more probable (or more unlike all before it), then the earlier."""
    likely = candidate.best.probability if probability is None else probability
    if facts.profile.boost == "first_story":
        likely += _BOOST * (facts.first_story(candidate) or 0.0)
    return candidate.verdict.kind == "near_duplicate", -likely, candidate.verdict.id


def _reason_against(candidate: Candidate, facts: Facts, chosen: dict[int, Candidate]) -> PlacementReason | None:
    verdict, paper_id = candidate.verdict, candidate.paper.id
    if paper_id in chosen:
        return "already sent"
    if verdict.kind == "revised":
        return _reason_against_revision(candidate, facts)
    if paper_id in facts.sent:
        return "already sent"
    if verdict.kind == "near_duplicate" and (verdict.of in facts.sent or verdict.of in chosen):
        return "copy"
    least = facts.profile.first_story
    if least is not None and (facts.first_story(candidate) or 0.0) < least:
        return "no first story"
    return None


def _reason_against_revision(candidate: Candidate, facts: Facts) -> PlacementReason | None:
    waits_as_new = any(
        other.paper.id == candidate.paper.id and other.verdict.kind != "revised" for other in facts.candidates
    )
    if waits_as_new and candidate.paper.id not in facts.sent:
        return "already sent"  # the paper comes as new, in its newest words
    wanted = facts.profile.revisions
    if wanted == "all" or (wanted == "sent" and candidate.paper.id in facts.sent):
        return None
    return "revision not wanted"


def _place(candidate: Candidate, reason: PlacementReason, team: str = "") -> Placement:
    return Placement(candidate.verdict.id, candidate.paper.id, reason, team)
