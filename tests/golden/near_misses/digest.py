"""One paper came, and three more fell just short: each is named with what it had and what is asked for."""

from datetime import date

from monitor.digest.compose import compose
from monitor.digest.facts import Facts
from monitor.digest.select import select
from monitor.links import Links
from monitor.testing import NOON, paper, profile, topic
from monitor.types.ledger import Batch, Candidate, NearMiss
from monitor.types.verdicts import Match, Reason, Verdict

DAY = date(2026, 3, 4)
MATCH = Match(1, "tide-pools", 0.62, (Reason("about", "Life in tide pools"),))
FACTS = Facts(
    profile(topic("tide-pools", about="Life in tide pools"), topic("sea_ice", about="Ice"), name="Shore & Sea"),
    "mara@example.org",
    NOON,
    DAY,
    (Candidate(Verdict(1, "new", NOON, id=1), paper(1, title="Anemones Between Two Tides"), (MATCH,)),),
    batches=(Batch("arxiv", DAY, 210, 210, 208, 2, 0, NOON),),
    since=NOON,
    listed=40_321,
    links=Links("https://papers.example.org", ("k" * 43,)).of_reader(7, NOON),
    near=(
        NearMiss(paper(2, title="Crabs That Count <Waves> & Stones", authors=("Ida Aro",)), "tide-pools", 0.41, 0.5),
        NearMiss(paper(3, title="جليد البحر", url=None), "sea_ice", 0.4981, 0.5),
        NearMiss(paper(4, title="Kelp in Winter", authors=()), "tide-pools", 0.36, 0.5),
        NearMiss(paper(5, title="Never Named: a Fourth"), "sea_ice", 0.34, 0.5),
    ),
)
DIGEST = compose(FACTS, select(FACTS), {1: "Anemones close an hour before the tide. They keep time without light."})
