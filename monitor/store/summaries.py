"""What a language model said of papers, kept by what it was asked: nothing is asked twice."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import func
from sqlmodel import Session, col, select

from monitor.store.portions import portions
from monitor.store.tables import SummaryRow


def of(session: Session, fingerprints: Collection[str]) -> dict[str, str]:
    """Return what was said, by fingerprint; ``""`` where it could not be shown."""
    found: dict[str, str] = {}
    for some in portions(fingerprints):
        rows = session.exec(select(SummaryRow).where(col(SummaryRow.fingerprint).in_(some)))
        found.update((row.fingerprint, row.text) for row in rows)
    return found


def keep(session: Session, fingerprint: str, text: str, at: datetime) -> None:
    """Keep what was said."""
    session.merge(SummaryRow(fingerprint=fingerprint, text=text, at=at))


def count_since(session: Session, moment: datetime) -> int:
    """Return how many answers came since a moment."""
    return session.exec(select(func.count()).select_from(SummaryRow).where(SummaryRow.at >= moment)).one()
