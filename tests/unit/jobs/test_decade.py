"""What a tick asks does not grow with the years; `python -m tests.bench.decade` measures ten of them."""

from __future__ import annotations

import re
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy import event

from tests.bench.decade import LOOKS, opened, tidied, written

_GROWING = "papers|sightings|verdicts|matches|paper_keys|prints|outbox|placements|digests|receipts"
_WHOLE = re.compile(rf"SCAN (?:{_GROWING})\b")
_MOST_STEPS = 20_000
"""Steps of SQLite's machine for twenty readers; to read all of their digests of a year would take 155,000."""


@pytest.fixture(scope="module")
def history(tmp_path_factory):
    """A year of twenty readers' mails and 100,000 papers."""
    folder = tmp_path_factory.mktemp("history") / "installation"
    written(folder, 100_000, days=365, readers=20).store.close()
    return folder


@contextmanager
def watched(app):
    """The steps that SQLite takes, counted in hundreds, and what it is asked."""
    seen: dict[str, Any] = {"steps": 0, "asked": {}}

    def count():
        seen["steps"] += 100

    def connected(connection, *_):
        connection.set_progress_handler(count, 100)

    def note(connection, _cursor, statement, parameters, *_):
        connected(connection.connection.driver_connection)
        seen["asked"].setdefault(statement, parameters)

    event.listen(app.store._engine, "before_cursor_execute", note)
    yield seen
    event.remove(app.store._engine, "before_cursor_execute", note)


def plans(app, asked):
    kinds = ("SELECT", "WITH", "UPDATE", "DELETE")
    with app.store._engine.connect() as connection:
        return [
            (row[3], statement)
            for statement, parameters in asked.items()
            if statement.lstrip().upper().startswith(kinds) and not isinstance(parameters, list)
            for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters)
        ]


@pytest.mark.parametrize("name", LOOKS)
def test_d14_what_a_tick_asks_reads_no_whole_history(history, name):
    app = opened(history)
    LOOKS["whose digest is due"](app)  # what is brought up to date at a start
    with watched(app) as seen:
        LOOKS[name](app)
    assert seen["asked"]
    assert [plan for plan in plans(app, seen["asked"]) if _WHOLE.match(plan[0])] == []
    assert seen["steps"] < _MOST_STEPS
    app.store.close()


def test_d14_tidying_up_reads_no_paper(history):
    app = opened(history)
    with watched(app) as seen:
        tidied(app)
    found = plans(app, seen["asked"])
    assert [plan for plan in found if _WHOLE.match(plan[0])] == []
    near = [step for step, statement in found if "DELETE FROM near_misses" in statement]
    assert near == [
        "SCAN near_misses",
        "CORRELATED SCALAR SUBQUERY 1",
        "SEARCH verdicts USING INTEGER PRIMARY KEY (rowid=?)",
    ]
    assert seen["steps"] < 400_000
    app.store.close()
