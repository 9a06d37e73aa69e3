"""Reading columns without objects."""

from __future__ import annotations

from typing import Any

from sqlmodel import Session


def plainly(session: Session, query: Any, **values: Any) -> Any:
    """Return the rows of a query of columns; ``values`` are those that it asks for.

    The mapper of objects is left out: it costs several times the reading. A query that is put together once, for all
    its values, costs least.
    """
    if session.autoflush:
        session.flush()
    return session.connection().execute(query, values)
