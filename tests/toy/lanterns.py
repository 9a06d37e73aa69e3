"""Lanterns of an imaginary observatory, one a line: the whole of a source kind that somebody adds.

::

    sources:
      observatory:
        kind: lanterns
        base_url: https://observatory.example

A line reads ``id | title | abstract | published``; ``next: <address>`` points to the next page. Nothing is announced on
Sundays.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from pydantic import BaseModel, ConfigDict, Field

from monitor.errors import ParseError
from monitor.types.listings import Answer, Entry, Listing, Oddity, Request

EVERY = timedelta(hours=1)


class Options(BaseModel):
    """What may stand beside ``kind: lanterns``."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    base_url: str = Field(default="https://observatory.example", description="The observatory.")


def requests(options: Options, today: date) -> tuple[Request, ...]:
    """Ask for today's lanterns."""
    return past(options, today, today)


def past(options: Options, first: date, last: date) -> tuple[Request, ...]:
    """Ask for the lanterns of each day."""
    days = [first + timedelta(days=number) for number in range((last - first).days + 1)]
    return tuple(Request(f"{options.base_url}/{day}", batch=day) for day in days)


def silence(options: Options, day: date) -> str:
    """Nothing is announced on Sundays."""
    return "Sunday" if day.weekday() == 6 else ""


def parse(options: Options, answer: Answer) -> Listing:
    """Return the lanterns of one page."""
    if not answer.body.startswith(b"lanterns"):
        raise ParseError("", "expected a page that begins with 'lanterns'")
    entries: list[Entry] = []
    oddities: list[Oddity] = []
    following = None
    for number, line in enumerate(answer.body.decode("utf-8", "replace").splitlines()[1:], start=2):
        if line.startswith("next: "):
            following = Request(line.removeprefix("next: "))
            continue
        fields = [field.strip() for field in line.split("|")]
        if len(fields) < 3:
            oddities.append(Oddity(f"line {number}", "is no lantern"))
            continue
        published = datetime.fromisoformat(fields[3]).replace(tzinfo=UTC) if len(fields) > 3 else None
        ids = tuple(name for name in fields[0].split() if ":" in name)
        entries.append(Entry(fields[1], fields[2], ids=ids, published=published, where=f"line {number}"))
    return Listing(tuple(entries), None, len(entries) + len(oddities), tuple(oddities), next=following)
