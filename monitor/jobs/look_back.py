"""Look back at trends: what was noted, and what would have been said from the stored past alone."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from monitor.app import App
from monitor.jobs.trends import HISTORY
from monitor.store import papers, trends
from monitor.trends.sheets import Sheet
from monitor.trends.states import KNOWN, today
from monitor.trends.table import TermTable
from monitor.trends.terms import term_hash, term_key
from monitor.types.papers import Paper
from monitor.types.verdicts import Trend


@dataclass(frozen=True, slots=True)
class Week:
    """How many of the papers that were first listed in the week from ``monday`` on carry a term."""

    monday: date
    seen: int
    papers: int


def noted(app: App, since: date, until: date, term: str = "") -> list[Trend]:
    """Return the rises noted from one listing day to another, each as it stood last, the newest first.

    With ``term``, those alone that it names or is a part of.
    """
    with app.store.read() as session:
        rows = trends.noted(session, since, until)
    latest = {(one.kind, one.name, one.begun): one for one in rows if not term or names(one, term)}
    return sorted(latest.values(), key=lambda one: (-one.day.toordinal(), one.q, one.name))


def replayed(app: App, first: date, last: date) -> list[Trend]:
    """Return what would have been said on each day: rises that begin and states that change, oldest first.

    Every day is judged by what was listed until then and by what had been said before; nothing is written.
    """
    table, latest, said = TermTable(), dict[tuple[str, str, date | None], Trend](), list[Trend]()
    with app.store.read() as session:

        def texts(wanted: Collection[int]) -> Mapping[int, Paper]:
            return papers.by_ids(session, wanted)

        packed = trends.sheets(session, since=first - HISTORY, until=last)
        for place, (day, source, sheet) in enumerate(packed):
            table.add(Sheet.unpacked(day, source, sheet))
            if place + 1 < len(packed) and packed[place + 1][0] == day:
                continue  # the day is not over
            latest = {key: one for key, one in latest.items() if one.begun and day - one.begun < KNOWN}
            for trend in today(table, texts, tuple(latest.values())):
                key = trend.kind, trend.name, trend.begun
                if day >= first and (key not in latest or latest[key].state != trend.state):
                    said.append(trend)
                latest[key] = trend
    return said


def weeks(app: App, term: str, since: date, until: date) -> list[Week]:
    """Return how many papers carry a term, week by week."""
    wanted, found = term_hash(term), dict[date, tuple[int, int]]()
    with app.store.read() as session:
        for day, source, packed in trends.sheets(session, since=since, until=until):
            sheet = Sheet.unpacked(day, source, packed)
            monday = day - timedelta(days=day.weekday())
            seen, listed = found.get(monday, (0, 0))
            found[monday] = seen + sheet.carrying(wanted), listed + len(sheet.paper_ids)
    return [Week(monday, *counts) for monday, counts in sorted(found.items())]


def names(trend: Trend, term: str) -> bool:
    """Whether a trend's name, or another one of its topic, holds ``term``."""
    key = f" {term_key(term)} "
    return any(key in f" {term_key(name)} " for name in (trend.name, *trend.also))
