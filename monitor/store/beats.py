"""The sign that a daemon lives where a server holds the database: no lock file lies there for others to look at.

Each machine has one, so that a container's health check asks after its own; those of machines that are gone, as each
new container leaves one, are dropped after a day. Times are the server's.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from socket import gethostname

import sqlalchemy as sa
from sqlalchemy.exc import DatabaseError

from monitor.store.engine import Store, connect_to
from monitor.store.tables import MarkRow

_GONE = timedelta(days=1)
_MARKS = MarkRow.metadata.tables["marks"]


def _name() -> str:
    return f"alive {gethostname()}"


def beat(store: Store, now: datetime) -> None:
    """Say that all is well on this machine now."""
    with store.write(alone=False) as session:
        session.merge(MarkRow(name=_name(), at=now, text=""))
        session.execute(sa.delete(_MARKS).where(_MARKS.c.name.startswith("alive "), _MARKS.c.at < now - _GONE))


def stop(store: Store) -> None:
    """Take the sign back, at an orderly end; others at work on this machine give it again."""
    with store.write(alone=False) as session:
        session.execute(sa.delete(_MARKS).where(_MARKS.c.name == _name()))


def silent_for(database: str) -> float | None:
    """Return for how many seconds no daemon of this machine has beaten; ``None`` when none is seen at work.

    None is seen either where the server does not answer, or its database was never used.
    """
    engine = connect_to(database)
    try:
        with engine.connect() as connection:
            query = sa.select(_MARKS.c.at, sa.func.clock_timestamp()).where(_MARKS.c.name == _name())
            found = connection.execute(query).first()
    except DatabaseError:
        return None
    finally:
        engine.dispose()
    return None if found is None else float((found[1] - found[0]).total_seconds())
