"""The first mail of a subscription: there is no last one to count from, and a source that was not asked yet."""

from datetime import date

from monitor.digest.compose import compose
from monitor.digest.facts import Facts
from monitor.digest.select import select
from monitor.testing import NOON, paper, profile, topic
from monitor.types.ledger import Batch, Candidate, SourceHealth
from monitor.types.verdicts import Match, Reason, Verdict

FACTS = Facts(
    profile(topic("moss"), name="Moss and lichen"),
    "eva@example.org",
    NOON,
    date(2026, 3, 4),
    (
        Candidate(
            Verdict(1, "new", NOON, id=1),
            paper(1, title="Counting Moss Species from Street View", url="https://huggingface.co/papers/2603.00001"),
            (
                Match(
                    1, "moss", 0.97, (Reason("phrase", "moss species", "abstract"), Reason("like", "Lichen at Scale"))
                ),
            ),
        ),
    ),
    batches=(Batch("hf", date(2026, 3, 4), 18, 18, 18, 0, 0, NOON),),
    health=(SourceHealth("hf", last_ok_at=NOON), SourceHealth("arxiv")),
    listed=18,
)
DIGEST = compose(FACTS, select(FACTS), {1: "We count moss species from photographs of streets."})
