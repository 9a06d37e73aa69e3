"""How SQLite goes about what a page asks."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sqlalchemy import event

from monitor.store.engine import Store
from monitor.store.plainly import Glance


def plans_of(store: Store, page: Callable[[], object]) -> dict[str, list[str]]:
    """Return the steps of the plan of each question that ``page`` asks (EXPLAIN QUERY PLAN), by the question."""
    asked: dict[str, Any] = {}
    ask, engine = Glance.ask, store._engine

    def note(_connection: object, _cursor: object, statement: str, values: Any, *_: object) -> None:
        asked.setdefault(statement, values)

    def noting(glance: Glance, text: str, values: Any = ()) -> Any:
        asked.setdefault(text, values)
        return ask(glance, text, values)

    Glance.ask = noting  # type: ignore[method-assign, assignment]
    event.listen(engine, "before_cursor_execute", note)
    try:
        page()
    finally:
        event.remove(engine, "before_cursor_execute", note)
        Glance.ask = ask  # type: ignore[method-assign]
    questions = [one for one in asked if one.lstrip().upper().startswith(("SELECT", "WITH"))]
    with engine.connect() as connection:
        return {
            one: [row[3] for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {one}", asked[one])]
            for one in questions
        }
