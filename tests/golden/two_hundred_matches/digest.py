"""A budget of 200 that is filled: the best as cards, more as lines, the rest in the text part, and a page under 90 KB."""

from datetime import date

from monitor.digest.compose import compose
from monitor.digest.facts import Facts
from monitor.digest.select import select
from monitor.testing import NOON, paper, profile, topic
from monitor.types.ledger import Batch, Candidate
from monitor.types.verdicts import Match, Reason, Verdict

TOPICS = ("sparse-attention", "robot-hands")
CANDIDATES = tuple(
    Candidate(
        Verdict(number, "new", NOON, id=number),
        paper(
            number, title=f"Paper {number} of a Very Long Day on {TOPICS[number % 2].replace('-', ' ')}, Part {number}"
        ),
        (Match(number, TOPICS[number % 2], 0.95 - number / 500, (Reason("query", "attention", "title"),)),),
    )
    for number in range(1, 231)
)
FACTS = Facts(
    profile(*(topic(name) for name in TOPICS), name="Everything", budget=200),
    "mo@example.org",
    NOON,
    date(2026, 3, 4),
    CANDIDATES,
    batches=(Batch("arxiv", date(2026, 3, 4), 2_000, 2_000, 2_000, 0, 0, NOON),),
    listed=12_345,
    since=NOON,
)
DIGEST = compose(FACTS, select(FACTS), dict.fromkeys(range(1, 201), "A method is proposed. It is tested."))
