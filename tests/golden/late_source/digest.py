"""One source fails, one was missed and is read late, one shrank: all is named, and a paper says that it is late."""

from datetime import date, timedelta

from monitor.digest.compose import compose
from monitor.digest.facts import Facts
from monitor.digest.select import select
from monitor.testing import NOON, paper, profile, topic
from monitor.types.ledger import Batch, Candidate, SourceHealth
from monitor.types.verdicts import Match, Reason, Verdict

DAY = date(2026, 3, 4)
LATE = Candidate(
    Verdict(1, "new", NOON, id=1, arrival="late", listed_on=date(2026, 3, 2)),
    paper(1, title="Tides in Shallow Estuaries, Learned from Gauges", authors=("Ada Lindqvist", "Bo Ek", "Cy Fox")),
    (Match(1, "tides", 0.72, (Reason("query", "estuar*", "title"), Reason("author", "Ada Lindqvist"))),),
)
FACTS = Facts(
    profile(topic("tides"), topic("sediment"), name="Coasts"),
    "ida@example.org",
    NOON,
    DAY,
    (LATE,),
    batches=(
        Batch("arxiv", date(2026, 3, 2), 40, 40, 40, 0, 0, NOON, late=40),
        Batch("arxiv", date(2026, 3, 3), 0, 0, 0, 0, 0, NOON, state="missed", note="missed; asked for later"),
        Batch("hf", DAY, 3, 3, 2, 0, 1, NOON, state="suspect", note="3 papers where 18 are usual"),
    ),
    health=(
        SourceHealth("arxiv", last_ok_at=NOON),
        SourceHealth("hf", last_ok_at=NOON),
        SourceHealth("journal", failures=9, failing_since=NOON - timedelta(hours=31), last_error="answered 503"),
    ),
    missed=(date(2026, 3, 3),),
    since=NOON - timedelta(days=2),
    listed=1_204,
    postal="Coast Lab, Quay 3, 1000 Harbour",
)
DIGEST = compose(
    FACTS, select(FACTS), {1: "A network reads tide gauges. It halves the error of the usual harmonic model."}
)
