"""What people write into forms, read strictly: a field once, in bounds, or an answer that says what is wrong."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from datetime import date, time

from pydantic_core import PydanticCustomError
from starlette.datastructures import FormData
from starlette.exceptions import HTTPException
from starlette.requests import Request

from monitor.settings.addresses import check_address
from monitor.settings.schedule import check_zone
from monitor.types.profiles import WEEKDAYS, Schedule
from monitor.web.guard import TooMuchError
from monitor.words import Words

_MOST_FIELDS = 40
logging.getLogger("python_multipart").setLevel(logging.ERROR)  # it warns of what strangers send
_LONGEST_PAUSE = 366


class FormError(Exception):
    """A field cannot be used; the message ``name`` tells the person what to write."""

    def __init__(self, name: str, /, **facts: str) -> None:
        self.name = name
        self.facts = facts
        super().__init__(name)

    def said(self, say: Words) -> str:
        """Return what to write, in the person's language."""
        return say(self.name, **self.facts)


async def read(request: Request) -> FormData:
    """Return the fields of a form (RFC 7578 or urlencoded); files are not taken."""
    try:
        return await request.form(max_files=0, max_fields=_MOST_FIELDS, max_part_size=20_000)
    except TooMuchError:
        raise
    except (HTTPException, ValueError, KeyError) as problem:
        raise HTTPException(400, "this form cannot be read") from problem


def text(form: Mapping[str, object], name: str, longest: int = 500) -> str:
    """Return one field without blanks around it; what is absent is empty."""
    value = form.get(name, "")
    if not isinstance(value, str) or len(value) > longest or not value.isprintable():
        raise FormError("wrong-field", name=name)
    return value.strip()


def address(form: Mapping[str, object], name: str = "address") -> str:
    """Return a mail address."""
    try:
        return check_address(text(form, name, 254))
    except PydanticCustomError:
        raise FormError("wrong-address") from None


def schedule(form: FormData) -> Schedule:
    """Return the days, the hour and the zone that a person chose."""
    days = tuple(day for day in WEEKDAYS if day in form.getlist("day"))
    if not days:
        raise FormError("wrong-days")
    try:
        at = time.fromisoformat(text(form, "at", 8)).replace(second=0, microsecond=0, tzinfo=None)
    except ValueError:
        raise FormError("wrong-hour") from None
    try:
        zone = check_zone(text(form, "timezone", 64))
    except PydanticCustomError:
        raise FormError("wrong-timezone") from None
    return Schedule(days, (at,), zone)


def pause(form: Mapping[str, object], today: date) -> date | None:
    """Return until when nothing is wanted, or ``None``."""
    said = text(form, "until", 10)
    if not said:
        return None
    try:
        until = date.fromisoformat(said)
    except ValueError:
        raise FormError("wrong-day") from None
    if (until - today).days > _LONGEST_PAUSE:
        raise FormError("wrong-pause")
    return until if until > today else None
