"""What was rising on each listing day."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import delete, func
from sqlmodel import Session, col, select

from monitor.store.tables import TrendRow
from monitor.types.verdicts import Trend

COOLDOWN = timedelta(days=30)
"""A thing that is noted again within this time is still the same rise; readers are told of a rise once."""

_LISTS = ("series", "paper_ids", "also")


def replace_day(session: Session, day: date, trends: Iterable[Trend], at: datetime) -> None:
    """Write what was rising on ``day``, as seen ``at`` a moment, in place of what was written for that day before."""
    query = select(TrendRow).where(TrendRow.day >= day - COOLDOWN, TrendRow.day <= day)
    begun: dict[tuple[str, str], datetime] = {}
    for row in session.exec(query):
        begun[row.kind, row.name] = min(row.begun_at, begun.get((row.kind, row.name), at))
    session.exec(delete(TrendRow).where(col(TrendRow.day) == day))
    for trend in trends:
        stored = asdict(trend) | {"day": day.isoformat()}
        since = begun.get((trend.kind, trend.name), at)
        session.add(TrendRow(day=day, kind=trend.kind, name=trend.name, begun_at=since, trend=stored))


def before(session: Session, day: date, span: timedelta) -> list[Trend]:
    """Return the trends of terms noted in the ``span`` before ``day``, oldest first."""
    query = select(TrendRow).where(TrendRow.kind == "term", TrendRow.day < day, TrendRow.day >= day - span)
    return [_trend(row.trend) for row in session.exec(query.order_by(col(TrendRow.day)))]


def begun_between(session: Session, after: datetime | None, until: datetime) -> list[Trend]:
    """Return each rise that was first noted after one moment up to another, in its latest state, strongest first."""
    query = select(TrendRow).where(TrendRow.begun_at <= until).order_by(col(TrendRow.day))
    if after is not None:
        query = query.where(TrendRow.begun_at > after)
    latest = {(row.kind, row.name): _trend(row.trend) for row in session.exec(query)}
    return sorted(latest.values(), key=lambda trend: (trend.q, -trend.seen, trend.name))


def count(session: Session) -> int:
    """Return how many different things were ever seen rising."""
    names = select(TrendRow.kind, TrendRow.name).distinct().subquery()
    return session.exec(select(func.count()).select_from(names)).one()


def _trend(stored: dict[str, Any]) -> Trend:
    lists = {name: tuple(stored[name]) for name in _LISTS}
    values: dict[str, Any] = stored | lists | {"day": date.fromisoformat(stored["day"])}
    return Trend(**values)
