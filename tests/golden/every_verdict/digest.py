"""Every verdict in one mail: new, first of its kind, maybe a newer version, a copy, revised, back, late, and a flood."""

from dataclasses import replace
from datetime import date, timedelta

from monitor.digest.compose import compose
from monitor.digest.facts import Facts
from monitor.digest.select import select
from monitor.testing import NOON, paper, profile, topic
from monitor.types.ledger import Batch, Candidate
from monitor.types.verdicts import Change, Match, Reason, Verdict

DAY = date(2026, 3, 4)
CHANGE = Change(
    old_title="Sampling in Eight Steps",
    new_title="Sampling in Four Steps",
    added=("We release the weights.",),
    removed=("Code will follow.",),
    edited=(("It takes 8 steps on a large network.", "It takes 4 steps on a small network."),),
    numbers=(("8", "4"),),
)


def candidate(number, kind, probability, title, *, of=None, nearest=None, **said):
    verdict = Verdict(
        number, kind, NOON, id=number, source="arxiv", listed_on=DAY, of=of.id if of else None,
        nearest=nearest.id if nearest else None, **said,
    )  # fmt: skip
    match = Match(number, "samplers", probability, (Reason("query", "sampler", "title", 1.0),))
    return Candidate(verdict, paper(number, title=title, sources=("arxiv",)), (match,), of, nearest)


KNOWN = paper(70, title="Fewer Steps for Diffusion Samplers")
CANDIDATES = (
    candidate(1, "new", 0.97, "A Sampler That Skips", first_story=0.41, nearest=KNOWN),
    candidate(2, "new", 0.9, "Samplers Made of Sand", first_story=0.985, nearest=KNOWN),
    candidate(
        3, "related", 0.85, "Fewer Steps for Diffusion Samplers, Revisited", of=KNOWN,
        evidence="61 % of its abstract's words, same authors",
    ),
    candidate(4, "near_duplicate", 0.8, "Skipping in Samplers", of=paper(71, title="Skipping in Every Sampler"),
              evidence="94 % of its abstract's words, same authors"),
    candidate(5, "near_duplicate", 0.95, "A Sampler which Skips", of=paper(1, title="A Sampler That Skips"),
              evidence="98 % of its abstract's words, same authors"),
    candidate(6, "revised", 0.75, "Sampling in Four Steps", change=CHANGE),
    candidate(7, "resurfaced", 0.7, "The Sampler Everyone Cites", last_listed=DAY - timedelta(days=420)),
    candidate(8, "resurfaced", 0.7, "The Sampler You Have", last_listed=DAY - timedelta(days=200)),
    candidate(9, "new", 0.65, "A Sampler That Waited", arrival="late"),
)  # fmt: skip
CANDIDATES = tuple(
    replace(one, verdict=replace(one.verdict, listed_on=date(2026, 3, 2))) if one.verdict.arrival == "late" else one
    for one in CANDIDATES
)
FACTS = Facts(
    profile(topic("samplers", query="sampler"), id="samplers", name="Samplers", revisions="all"),
    "ada@example.org",
    NOON,
    DAY,
    CANDIDATES,
    sent={8: NOON - timedelta(days=200), 70: NOON},
    batches=(
        Batch("arxiv", DAY, 140, 140, 120, 9, 2, NOON),
        Batch("blog", DAY, 520, 520, 505, 0, 0, NOON, flood=500),
    ),
    since=NOON - timedelta(days=1),
    listed=4_000,
)
DIGEST = compose(FACTS, select(FACTS), {one.paper.id: f"About {one.paper.title}." for one in CANDIDATES})
