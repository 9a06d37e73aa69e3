"""What pages ask of the database: never all of a table that grows with the papers."""

from __future__ import annotations

import re

import pytest

from tests.plans import plans_of
from tests.unit.web.test_listings import PAGES

GROWING = (
    "papers",
    "alike",
    "sightings",
    "verdicts",
    "matches",
    "paper_keys",
    "snapshots",
    "outbox",
    "placements",
    "feedback",
)
ASKED = [
    *PAGES, "/day.atom", "/search?q=diffusion+AND+NOT+kitchen", "/search?q=kitchen&from=2026-03-04&to=2026-03-04",
    "/search?topic=open%2Fdiffusion", "/search?from=2026-03-04", "/topic/open/diffusion?before=3", "/month/2026-03?page=2",
]  # fmt: skip


@pytest.mark.parametrize("path", ASKED)
def test_no_page_reads_a_whole_table(place, path):
    plans = plans_of(place.app.store, lambda: place.client.get(path))
    whole = re.compile(rf"SCAN (?:{'|'.join(GROWING)})\b(?! USING COVERING INDEX ix_sightings_listed_on$)")
    assert [(step, statement) for statement, plan in plans.items() for step in plan if whole.match(step)] == []
    assert plans or path in ("/topics", "/subscribe/open", "/search")
