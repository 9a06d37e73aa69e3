"""What was rising on each listing day, and the counted terms from which that follows."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import delete, func
from sqlmodel import Session, col, select

from monitor.store.tables import TermSheetRow, TrendRow
from monitor.store.upsert import upsert
from monitor.types.verdicts import Trend

COOLDOWN = timedelta(days=30)
"""A thing that is noted again within this time is still the same rise; readers are told of a rise once."""

_LISTS = ("series", "paper_ids", "also", "sources")
_DATES = ("day", "since", "begun")


def replace_day(session: Session, day: date, trends: Iterable[Trend], at: datetime) -> None:
    """Write what was rising on ``day``, as seen ``at`` a moment, in place of what was written for that day before."""
    query = select(TrendRow).where(TrendRow.day >= day - COOLDOWN, TrendRow.day <= day).order_by(col(TrendRow.day))
    begun: dict[tuple[str, str, str | None], datetime] = {}
    states: dict[tuple[str, str, str | None], tuple[str, datetime]] = {}
    for row in session.exec(query):
        key = row.kind, row.name, row.trend.get("begun")
        begun[key] = min(row.begun_at, begun.get(key, at))
        states[key] = row.trend.get("state", "rising"), row.state_at or row.begun_at
    session.exec(delete(TrendRow).where(col(TrendRow.day) == day))
    for trend in trends:
        key = trend.kind, trend.name, trend.begun.isoformat() if trend.begun else None
        state, state_at = states.get(key, (trend.state, at))
        session.add(
            TrendRow(
                day=day, kind=trend.kind, name=trend.name, begun_at=begun.get(key, at),
                state_at=state_at if state == trend.state else at, trend=_stored(trend),
            )
        )  # fmt: skip


def told(session: Session, day: date, span: timedelta) -> list[Trend]:
    """Return the rises of terms and authors noted in the ``span`` before ``day``, each as it stood last."""
    query = (
        select(TrendRow)
        .where(TrendRow.kind != "paper", TrendRow.day < day, TrendRow.day >= day - span)
        .order_by(col(TrendRow.day), TrendRow.kind, TrendRow.name)
    )
    latest: dict[tuple[str, str, date | None], Trend] = {}
    for row in session.exec(query):
        trend = _trend(row.trend)
        latest[trend.kind, trend.name, trend.begun] = trend
    return list(latest.values())


def changed_between(session: Session, after: datetime | None, until: datetime) -> list[Trend]:
    """Return each rise that began or changed its state after one moment up to another, as it stands now.

    Those that began come first, the strongest ahead.
    """
    query = select(TrendRow).where(TrendRow.begun_at <= until, col(TrendRow.state_at) <= until)
    if after is not None:
        query = query.where(col(TrendRow.state_at) > after)
    latest: dict[tuple[str, str], tuple[bool, Trend]] = {}
    for row in session.exec(query.order_by(col(TrendRow.day))):
        latest[row.kind, row.name] = after is not None and row.begun_at <= after, _trend(row.trend)
    ordered = sorted(latest.values(), key=lambda one: (one[0], one[1].q, -one[1].seen, one[1].name))
    return [trend for _, trend in ordered]


def noted(session: Session, since: date, until: date) -> list[Trend]:
    """Return what was noted on the listing days from one date to another, oldest day first, the surest ahead."""
    query = select(TrendRow).where(TrendRow.day >= since, TrendRow.day <= until)
    found = [_trend(row.trend) for row in session.exec(query)]
    return sorted(found, key=lambda trend: (trend.day, trend.q, -trend.seen, trend.name))


def count(session: Session) -> int:
    """Return how many different things were ever seen rising."""
    names = select(TrendRow.kind, TrendRow.name).distinct().subquery()
    return session.exec(select(func.count()).select_from(names)).one()


def counted_through(session: Session) -> int:
    """Return the highest id of a paper whose terms are counted, 0 when there is none."""
    return session.exec(select(func.max(TermSheetRow.through))).one() or 0


def sheets(session: Session, *, since: date, until: date, after: int = 0) -> list[tuple[date, str, bytes]]:
    """Return the sheets of the days from one date to another that hold papers with an id above ``after``.

    Oldest first: day, source and what the trends room packed.
    """
    query = (
        select(TermSheetRow)
        .where(TermSheetRow.day >= since, TermSheetRow.day <= until, TermSheetRow.through > after)
        .order_by(col(TermSheetRow.day), TermSheetRow.source)
    )
    return [(row.day, row.source, row.packed) for row in session.exec(query)]


def sheet(session: Session, day: date, source: str) -> bytes | None:
    """Return one packed sheet, or ``None`` when there is none."""
    row = session.get(TermSheetRow, (day, source))
    return row.packed if row else None


def put_sheet(session: Session, day: date, source: str, packed: bytes, through: int) -> None:
    """Write a sheet in place of the former one of its day and source; ``through`` is the highest id of its papers."""
    row = {"day": day, "source": source, "packed": packed, "through": through}
    upsert(session, TermSheetRow, [row], ("packed", "through"))


def _stored(trend: Trend) -> dict[str, Any]:
    dates = {name: value.isoformat() for name in _DATES if (value := getattr(trend, name))}
    return asdict(trend) | dates


def latest(session: Session) -> list[Trend]:
    """Return what was rising on the last listing day that was looked at, the surest first."""
    last = select(func.max(TrendRow.day)).scalar_subquery()
    found = [_trend(row.trend) for row in session.exec(select(TrendRow).where(TrendRow.day == last))]
    return sorted(found, key=lambda trend: (trend.q, -trend.seen, trend.name))


def _trend(stored: dict[str, Any]) -> Trend:
    lists = {name: tuple(stored.get(name, ())) for name in _LISTS}
    dates = {name: date.fromisoformat(value) for name in _DATES if (value := stored.get(name))}
    values: dict[str, Any] = stored | lists | dates
    return Trend(**values)
