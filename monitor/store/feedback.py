"""What readers said of what came. Nothing is deleted: what is taken back keeps its row."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import func
from sqlmodel import Session, col, select

from monitor.errors import NotFoundError
from monitor.store.portions import portions
from monitor.store.tables import FeedbackRow
from monitor.types.feedback import Feedback, FeedbackKind


def add(session: Session, profile: str, feedback: Feedback, recipient: str = "") -> int:
    """Write what a reader of ``profile`` said and return its id; with ``recipient``, it holds for them alone."""
    row = FeedbackRow(
        profile=profile, topic=feedback.topic, kind=feedback.kind, paper_id=feedback.paper_id, text=feedback.text,
        at=feedback.at, recipient=recipient,
    )  # fmt: skip
    session.add(row)
    session.flush()
    assert row.id is not None
    return row.id


def take_back(session: Session, profile: str, feedback_id: int, at: datetime) -> Feedback:
    """Take one word back and return it. Raises NotFoundError when the profile's readers said no such thing."""
    row = session.get(FeedbackRow, feedback_id)
    if row is None or row.profile != profile:
        raise NotFoundError("feedback", str(feedback_id), f"`monitor feedback {profile}` lists what was said")
    row.undone_at = row.undone_at or at
    session.add(row)
    return _feedback(row)


def of_profile(session: Session, profile: str, recipient: str = "") -> list[Feedback]:
    """Return all that was said about a profile's papers, oldest first, also what was taken back.

    For all its readers, or, with ``recipient``, for that one alone.
    """
    said = select(FeedbackRow).where(FeedbackRow.profile == profile, FeedbackRow.recipient == recipient)
    rows = session.exec(said.order_by(col(FeedbackRow.id)))
    return [_feedback(row) for row in rows]


def state(session: Session, profile: str, recipient: str = "") -> str:
    """Return what changes with every word that is said or taken back, and is empty while nothing was said."""
    said, last, undone = session.exec(
        select(func.count(), func.max(FeedbackRow.id), func.count(col(FeedbackRow.undone_at))).where(
            FeedbackRow.profile == profile, FeedbackRow.recipient == recipient
        )
    ).one()
    return f"{said}.{last}.{undone}" if said else ""


def standing(session: Session, profile: str) -> dict[str, int]:
    """Return how many words of each kind hold, of all readers of a profile: what was taken back is left out."""
    held = select(FeedbackRow.kind, func.count()).where(FeedbackRow.profile == profile)
    rows = session.exec(held.where(col(FeedbackRow.undone_at).is_(None)).group_by(FeedbackRow.kind))
    return dict(sorted(rows.all()))


def speaking(session: Session, profiles: Collection[str]) -> set[str]:
    """Return of which profiles any reader ever said something, for all of its readers or for themselves."""
    said = select(FeedbackRow.profile).distinct()
    found = (session.exec(said.where(col(FeedbackRow.profile).in_(some))) for some in portions(profiles))
    return {profile for rows in found for profile in rows}


def _feedback(row: FeedbackRow) -> Feedback:
    kind: FeedbackKind = row.kind  # type: ignore[assignment]  # only kinds are written
    return Feedback(kind, row.at, row.topic, row.paper_id, row.text, row.id or 0, row.undone_at)
