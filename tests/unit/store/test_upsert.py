"""Many rows in one statement, on each kind of database."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import event

from monitor.store.tables import HostRow
from monitor.store.upsert import insert_all, insert_missing, upsert

NOON = datetime(2026, 3, 4, 12, tzinfo=UTC)
WHOLE = {"site": "lamp", "free_at": NOON}
WAYS = {
    "insert_missing": lambda session, rows: insert_missing(session, HostRow, rows, free_at=NOON, site="lamp"),
    "insert_all": lambda session, rows: insert_all(session, HostRow, [one | WHOLE for one in rows]),
    "upsert": lambda session, rows: upsert(session, HostRow, [one | WHOLE for one in rows], ["holder"]),
}


@pytest.mark.parametrize("way", WAYS)
def test_rows_that_are_written_are_not_asked_back(store, way):
    said = []
    with store.write() as session:
        bind = session.get_bind()
        event.listen(bind, "before_cursor_execute", lambda *told: said.append(told[2]))
        WAYS[way](session, [{"holder": "a"}])
    (insert,) = [one for one in said if one.lstrip().startswith("INSERT")]
    assert "RETURNING" not in insert
