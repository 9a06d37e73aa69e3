"""How far the past of each source was read, so that a reading that was broken off goes on where it stood."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlmodel import Session

from monitor.store.tables import BackfillRow


@dataclass(frozen=True, slots=True)
class Backfill:
    """A reading of the days ``first`` to ``last`` of a source.

    ``request`` questions are done and ``url`` is the page to go on with, if the next one was begun; ``read`` entries
    were read, ``new`` papers were among them.
    """

    source: str
    first: date
    last: date
    request: int = 0
    url: str | None = None
    read: int = 0
    new: int = 0
    finished_at: datetime | None = None


def get(session: Session, source: str, first: date, last: date) -> Backfill:
    """Return how far a reading of the past got; one never begun stands at its beginning."""
    row = session.get(BackfillRow, (source, first, last))
    return Backfill(**row.model_dump()) if row else Backfill(source, first, last)


def put(session: Session, state: Backfill) -> None:
    """Write how far it got. Belongs in the transaction that stores a page's papers."""
    session.merge(
        BackfillRow(
            source=state.source, first=state.first, last=state.last, request=state.request, url=state.url,
            read=state.read, new=state.new, finished_at=state.finished_at,
        )
    )  # fmt: skip
