"""Which verdicts belong to which profile, and how far each profile has read."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import delete, exists, func
from sqlmodel import Session, col, select

from monitor.store import papers
from monitor.store.portions import portions
from monitor.store.tables import MatchRow, PlacementRow, ProfileRow, SubscriptionRow, VerdictRow
from monitor.store.verdicts import as_verdict
from monitor.types.ledger import Candidate
from monitor.types.verdicts import Match, Reason, Verdict


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a profile has read: every verdict up to ``through`` was judged under ``fingerprint``."""

    fingerprint: str
    through: int


def progress(session: Session, profile: str) -> Progress | None:
    """Return how far ``profile`` has read, or ``None`` when it is new."""
    row = session.get(ProfileRow, profile)
    return Progress(row.fingerprint, row.matched_through) if row else None


def set_progress(session: Session, profile: str, fingerprint: str, through: int) -> None:
    """Note that ``profile`` has judged all up to ``through``. Belongs in the transaction that adds the matches."""
    session.merge(ProfileRow(id=profile, fingerprint=fingerprint, matched_through=through))


def forget_unplaced(session: Session, profile: str) -> None:
    """Drop the matches of ``profile`` that went into no digest yet: its file changed, so they are judged anew."""
    placed = exists().where(
        col(PlacementRow.verdict_id) == col(MatchRow.verdict_id),
        col(PlacementRow.subscription_id) == col(SubscriptionRow.id),
        col(SubscriptionRow.profile) == profile,
    )
    session.exec(delete(MatchRow).where(col(MatchRow.profile) == profile, ~placed))


def add(session: Session, profile: str, found: Iterable[tuple[Verdict, Match]], at: datetime) -> None:
    """Write matches; one that is already there stays as it is."""
    found = list(found)
    query = select(MatchRow.topic, MatchRow.verdict_id).where(MatchRow.profile == profile)
    there: set[tuple[str, int]] = set()
    for some in portions({verdict.id for verdict, _ in found}):
        there.update(session.exec(query.where(col(MatchRow.verdict_id).in_(some))).all())
    session.add_all(
        MatchRow(
            profile=profile, topic=match.topic, verdict_id=verdict.id, paper_id=match.paper_id,
            probability=match.probability, reasons=[asdict(reason) for reason in match.reasons], matched_at=at,
        )
        for verdict, match in found
        if (match.topic, verdict.id) not in there
    )  # fmt: skip


def waiting(session: Session, profile: str, subscription_id: int) -> list[Candidate]:
    """Return what matched ``profile`` and has not yet been placed for one subscription, oldest verdict first."""
    placed = select(PlacementRow.verdict_id).where(PlacementRow.subscription_id == subscription_id)
    rows = session.exec(
        select(MatchRow, VerdictRow)
        .join(VerdictRow, col(VerdictRow.id) == col(MatchRow.verdict_id))
        .where(MatchRow.profile == profile, col(MatchRow.verdict_id).not_in(placed))
        .order_by(col(VerdictRow.id), col(MatchRow.id))
    ).all()
    verdicts = {verdict.id: as_verdict(verdict) for _, verdict in rows}
    ids = {verdict.paper_id for verdict in verdicts.values()} | {one.of for one in verdicts.values() if one.of}
    known = papers.by_ids(session, ids)
    grouped: dict[int, list[Match]] = {}
    for row, _ in rows:
        grouped.setdefault(row.verdict_id, []).append(_match(row))
    return [
        Candidate(verdicts[key], known[verdicts[key].paper_id], tuple(matches), known.get(verdicts[key].of or 0))
        for key, matches in grouped.items()
    ]


def count(session: Session) -> int:
    """Return how many matches there are over all profiles."""
    return session.exec(select(func.count()).select_from(MatchRow)).one()


def _match(row: MatchRow) -> Match:
    return Match(row.paper_id, row.topic, row.probability, tuple(_reason(stored) for stored in row.reasons))


def _reason(stored: dict[str, Any]) -> Reason:
    return Reason(**stored)
