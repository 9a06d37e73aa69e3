"""A weekly mail whose words are German: a revision, a copy that is not sent again, a rising term, a muted word, a near miss."""

from dataclasses import replace
from datetime import date, time, timedelta

from monitor.digest.compose import compose
from monitor.digest.facts import Facts
from monitor.digest.select import select
from monitor.testing import NOON, paper, profile, topic
from monitor.types.feedback import Withheld
from monitor.types.ledger import Batch, Candidate, NearMiss
from monitor.types.profiles import Schedule
from monitor.types.verdicts import Change, Match, Reason, Trend, Verdict

DAY = date(2026, 3, 4)
CHANGE = Change(
    "Glaciers from Orbit", "Glaciers from Orbit and Air", added=("We add flights over twelve glaciers.",),
    edited=(("The error falls by 12%.", "The error falls by 17%."),), numbers=(("12%", "17%"),),
)  # fmt: skip
MATCH = Match(1, "gletscher", 0.81, (Reason("query", "glacier*", "title"), Reason("about", "Eis und Gletscher")))
REVISED = Candidate(Verdict(1, "revised", NOON, id=1, change=CHANGE), paper(1, title=CHANGE.new_title), (MATCH,))
COPY = Candidate(
    Verdict(3, "near_duplicate", NOON, id=2, of=2, evidence="96 % of its abstract's words, same authors"),
    paper(3, title="Ice Flow, Once More"), (replace(MATCH, paper_id=3),), paper(2, title="Ice Flow"),
)  # fmt: skip
NEW = Candidate(Verdict(4, "new", NOON, id=3), paper(4, title="Permafrost in the Wild"), (replace(MATCH, paper_id=4),))
WEEKLY = Schedule(days=("wed",), at=(time(7, 30),), timezone="Europe/Berlin")
FACTS = Facts(
    profile(topic("gletscher"), topic("schneehoehe"), name="Eis & Schnee", schedule=WEEKLY, language="de"),
    "jörg@example.org".replace("ö", "oe"),
    NOON,
    DAY,
    (REVISED, COPY, NEW),
    sent={1: NOON - timedelta(days=9), 2: NOON - timedelta(days=9)},
    trends=(Trend("term", "ice shelf", DAY, 9, 1.4, 0.002, 5, series=(0, 1, 0, 0, 2, 3, 4), also=("ice shelves",)),),
    batches=tuple(Batch("arxiv", DAY - timedelta(days=back), 210, 210, 180, 20, 2, NOON) for back in range(5, -1, -1)),
    withheld=(Withheld("survey", 3, 12),),
    kind="weekly",
    since=NOON - timedelta(days=7),
    listed=40_321,
    near=(NearMiss(paper(5, title="Avalanches After Rain"), "schneehoehe", 0.44, 0.5),),
)
DIGEST = compose(FACTS, select(FACTS), {4: "Sensors in the wild measure permafrost."})
