"""What procrastinate's own tables say, and which duties are due, for the engine that works with them.

Only a PostgreSQL database that is shared by workers has these tables; whoever opens its queue first makes them, and
brings them up to date after procrastinate was updated.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta
from importlib import metadata, resources
from typing import Any

from sqlalchemy import make_url, text
from sqlmodel import Session

from monitor.store.tables import MarkRow
from monitor.types.queue import QueueOverview, QueueState, RestingOrder

_SCHEMA = "queue schema"
_QUEUES = """
SELECT queue_name, count(*) FILTER (WHERE status = 'todo' AND attempts = 0),
       count(*) FILTER (WHERE status = 'doing'),
       count(*) FILTER (WHERE status = 'todo' AND attempts > 0),
       coalesce(extract(epoch FROM now() - min(coalesce(scheduled_at, at))
                        FILTER (WHERE status = 'todo' AND coalesce(scheduled_at, at) <= now())), 0)::float
FROM procrastinate_jobs JOIN LATERAL (
    SELECT min(at) AS at FROM procrastinate_events WHERE job_id = procrastinate_jobs.id
) AS event ON true
WHERE status IN ('todo', 'doing') GROUP BY queue_name ORDER BY queue_name
"""
_RESTING = """
SELECT lock, attempts, scheduled_at FROM procrastinate_jobs
WHERE status = 'todo' AND attempts > 0 ORDER BY attempts DESC, id LIMIT 20
"""


ALIVE = timedelta(seconds=30)
"""A worker that said nothing for so long counts as dead; it says something three times as often."""


def place(database: str) -> str:
    """Return the URL of a PostgreSQL database as its own driver reads it, or an empty text for any other database."""
    if "://" not in database or make_url(database).get_backend_name() != "postgresql":
        return ""
    return make_url(database).set(drivername="postgresql").render_as_string(hide_password=False)


def install(session: Session) -> None:
    """Make procrastinate's tables and functions, or bring them to the version that is installed here."""
    here = metadata.version("procrastinate")
    row = session.get(MarkRow, _SCHEMA)
    if row and _number(row.text) >= _number(here):
        return  # during a rolling upgrade an older worker may come last
    sql = resources.files("procrastinate.sql")
    if row is None:
        scripts = [sql / "schema.sql"]
    else:
        steps = sorted((sql / "migrations").iterdir(), key=lambda step: step.name)
        scripts = [step for step in steps if step.name.endswith(".sql") and _number(step.name) > _number(row.text)]
    for script in scripts:
        driver(session).execute(script.read_text("utf-8"))
    now = session.scalar(text("SELECT now()"))
    session.merge(MarkRow(name=_SCHEMA, at=now, text=here))


def driver(session: Session) -> Any:
    """Return the driver's own connection: what is put with it is there when the session commits, and not else."""
    return session.connection().connection.driver_connection


def due(session: Session, duty: str, now: datetime, every: timedelta) -> bool:
    """Return whether nobody did a duty within ``every``, and note that somebody does now. Needs the turn to write."""
    row = session.get(MarkRow, f"duty {duty}") or MarkRow(name=f"duty {duty}", at=now - every)
    is_due = not now - every < row.at <= now  # a clock set back makes nobody wait
    if is_due:
        row.at = now
        session.add(row)
    return is_due


def busy(session: Session, keys: Collection[str]) -> set[str]:
    """Return which of ``keys`` orders have that wait or are being done."""
    query = text("SELECT lock FROM procrastinate_jobs WHERE status IN ('todo', 'doing') AND lock = ANY(:keys)")
    return set(session.scalars(query, {"keys": list(keys)}))


def doing(session: Session, worker: int) -> list[int]:
    """Return the numbers of the jobs that the database believes a worker to be doing."""
    query = text("SELECT id FROM procrastinate_jobs WHERE status = 'doing' AND worker_id = :worker")
    return list(session.scalars(query, {"worker": worker}))


def overview(session: Session) -> QueueOverview:
    """Return how the queues fare; there are none where no worker ever was."""
    if session.get_bind().dialect.name != "postgresql" or session.get(MarkRow, _SCHEMA) is None:
        return QueueOverview()
    workers = text("SELECT count(*) FROM procrastinate_workers WHERE last_heartbeat > now() - :alive")
    return QueueOverview(
        tuple(QueueState(*row) for row in session.execute(text(_QUEUES))),
        session.scalar(workers, {"alive": ALIVE}) or 0,
        tuple(RestingOrder(*row) for row in session.execute(text(_RESTING))),
    )


def _number(version: str) -> tuple[int, ...]:
    """Return the version that a text begins with; a migration's name begins with the one that brought it."""
    return tuple(int(part) for part in version.split("_", maxsplit=1)[0].split(".")[:3] if part.isdecimal())
