"""What pages ask of the database: never all of a table that grows with the papers."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import event

from monitor.store.plainly import Glance
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
def test_no_page_reads_a_whole_table(place, path, monkeypatch):
    asked, ask = [], Glance.ask

    def noting(glance, text, values=()):
        asked.append((text, values))
        return ask(glance, text, values)

    monkeypatch.setattr(Glance, "ask", noting)

    def note(_connection, _cursor, statement, parameters, *_):
        asked.append((statement, parameters))

    engine = place.app.store._engine
    event.listen(engine, "before_cursor_execute", note)
    place.client.get(path)
    event.remove(engine, "before_cursor_execute", note)
    read = [one for one in dict.fromkeys(asked) if one[0].lstrip().upper().startswith(("SELECT", "WITH"))]
    with engine.connect() as connection:
        plans = {
            statement: [row[3] for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters)]
            for statement, parameters in read
        }
    whole = re.compile(rf"SCAN (?:{'|'.join(GROWING)})\b(?! USING COVERING INDEX ix_sightings_listed_on$)")
    assert [(step, statement) for statement, plan in plans.items() for step in plan if whole.match(step)] == []
    assert plans or path in ("/topics", "/subscribe/open", "/search")
