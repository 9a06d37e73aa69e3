"""A rise in each state, an author and a paper, as the digest's own section says them."""

from datetime import UTC, date, datetime, timedelta

from monitor.digest.compose import compose
from monitor.digest.facts import Facts, Selection
from monitor.testing import paper, profile, topic
from monitor.types.verdicts import Trend

DAY = date(2026, 9, 18)
SERIES = (0, 0, 1, 0, 1, 2, 3, 5, 4, 6)


def rise(kind, name, state, days_ago, **fields):
    since = DAY - timedelta(days_ago)
    return Trend(
        kind, name, DAY, 18, 2.4, 0.004, 5, SERIES, (1, 2), state=state, since=since, begun=since, share=0.01, **fields
    )


TRENDS = (
    rise("term", "tidal lensing", "emerging", 0, sources=("arxiv", "hugging-face")),
    rise("term", "lantern policies", "rising", 3, also=("LPO",), sources=("arxiv",)),
    rise("term", "keel tokens", "peaking", 1),
    rise("author", "Ioana Petrescu", "fading", 0),
    Trend("paper", "Gauges That Count Themselves", DAY, 41, 6, 0.01, 1, (3, 12, 41), (1,), unit="upvotes"),
)

DIGEST = compose(
    Facts(
        profile=profile(topic("lanterns"), name="Lanterns"),
        recipient="kofi@example.org",
        at=datetime(2026, 9, 18, 8, 0, tzinfo=UTC),
        local_date=DAY,
        trends=TRENDS,
        trend_papers={number: paper(number) for number in (1, 2)},
        listed=1200,
    ),
    Selection(),
    {},
)
