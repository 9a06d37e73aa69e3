"""Which new papers fell just short of a profile's thresholds. They are kept until every digest has had its turn."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy import delete
from sqlmodel import Session, col, select

from monitor.store import papers
from monitor.store.matches import Judged
from monitor.store.plainly import Question, among
from monitor.store.portions import portions
from monitor.store.tables import NearMissRow, VerdictRow
from monitor.store.upsert import insert_missing
from monitor.types.ledger import NearMiss


def add(session: Session, found: Iterable[tuple[str, Judged]]) -> None:
    """Write near misses, each with the profile that it belongs to; one that is already there stays as it is."""
    rows = [
        {
            "profile": profile, "topic": one.match.topic, "verdict_id": one.verdict.id, "paper_id": one.match.paper_id,
            "probability": one.match.probability, "threshold": one.judgement.threshold,
        }
        for profile, one in found
    ]  # fmt: skip
    insert_missing(session, NearMissRow, rows)


def since(session: Session, profile: str, moment: datetime) -> list[NearMiss]:
    """Return what fell just short for ``profile`` since a moment, the earliest first."""
    return falling_short(session, [profile], moment).get(profile, [])


def falling_short(session: Session, profiles: Collection[str], moment: datetime) -> dict[str, list[NearMiss]]:
    """Return the same of each of some profiles that has any, by its id."""
    found: dict[str, list[Any]] = {}
    for row in _FALLING_SHORT(session, profiles=profiles, moment=moment):
        found.setdefault(row.profile, []).append(row)
    known = papers.by_ids(session, {row.paper_id for rows in found.values() for row in rows})
    return {
        profile: [NearMiss(known[row.paper_id], row.topic, row.probability, row.threshold) for row in rows]
        for profile, rows in found.items()
    }


def _asked_falling_short() -> Any:
    near = NearMissRow.metadata.tables["near_misses"].c
    at = VerdictRow.metadata.tables["verdicts"].c.at
    return (
        sa.select(near.profile, near.paper_id, near.topic, near.probability, near.threshold)
        .join(VerdictRow, col(VerdictRow.id) == near.verdict_id)
        .where(at > sa.bindparam("moment", type_=at.type), among(near.profile, "profiles"))
        .order_by(near.verdict_id, near.id)
    )


_FALLING_SHORT = Question(_asked_falling_short())


def topics_of(session: Session, profile: str, paper_id: int) -> list[str]:
    """Return the topics of ``profile`` that a paper fell just short of, the nearest first."""
    query = select(NearMissRow.topic).where(NearMissRow.profile == profile, NearMissRow.paper_id == paper_id)
    return list(dict.fromkeys(session.exec(query.order_by(col(NearMissRow.probability).desc()))))


def forget(session: Session, profiles: Collection[str]) -> None:
    """Drop those of some profiles: their files changed, so they are judged anew."""
    for some in portions(profiles):
        session.exec(delete(NearMissRow).where(col(NearMissRow.profile).in_(some)))


def forget_before(session: Session, moment: datetime) -> None:
    """Drop those of verdicts from before a moment."""
    at = select(VerdictRow.at).where(VerdictRow.id == NearMissRow.verdict_id).scalar_subquery()
    session.exec(delete(NearMissRow).where(at < moment))  # a few are kept, of many verdicts
