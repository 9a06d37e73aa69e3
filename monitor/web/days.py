"""Days that are shown together: one, a week or a month."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta

_WEEK = re.compile(r"(\d{4})-W(\d{2})")
_MONTH = re.compile(r"(\d{4})-(\d{2})")


@dataclass(frozen=True, slots=True)
class Span:
    """Some days that belong together: how they are called, where they are shown, which come before and after."""

    kind: str
    name: str
    first: date
    last: date

    def around(self, day: date) -> Span:
        """Return the span of the same kind that holds ``day``."""
        return span_of(self.kind, day)


def span_of(kind: str, day: date) -> Span:
    """Return the day, week (ISO 8601, from Monday) or month that holds ``day``."""
    if kind == "day":
        return Span(kind, day.isoformat(), day, day)
    if kind == "week":
        year, week, weekday = day.isocalendar()
        monday = day - timedelta(days=weekday - 1)
        return Span(kind, f"{year}-W{week:02}", monday, monday + timedelta(days=6))
    first = day.replace(day=1)
    following = (first + timedelta(days=32)).replace(day=1)
    return Span(kind, f"{day:%Y-%m}", first, following - timedelta(days=1))


def span_named(kind: str, name: str) -> Span | None:
    """Return the span that an address names, or ``None``."""
    try:
        if kind == "day":
            found = span_of(kind, date.fromisoformat(name))
        elif kind == "week" and (week := _WEEK.fullmatch(name)):
            found = span_of(kind, date.fromisocalendar(int(week[1]), int(week[2]), 1))
        elif kind == "month" and (month := _MONTH.fullmatch(name)):
            found = span_of(kind, date(int(month[1]), int(month[2]), 1))
        else:
            return None
    except (ValueError, OverflowError):
        return None
    return found if found.name == name and 1900 < found.first.year < 3000 else None
