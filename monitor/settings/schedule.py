"""Days, hours, time zones and intervals, as people write them. Every function raises what a validator may raise."""

from __future__ import annotations

import re
from datetime import date, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo, available_timezones

from monitor.registry import did_you_mean
from monitor.settings.problems import wrong
from monitor.settings.yaml import shown
from monitor.types.profiles import WEEKDAYS, Weekday

_FULL_NAMES = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
DAYS: dict[str, tuple[Weekday, ...]] = {
    "daily": WEEKDAYS,
    "weekdays": WEEKDAYS[:5],
    "weekends": WEEKDAYS[5:],
    **{short: (short,) for short in WEEKDAYS},
    **{full + ending: (short,) for full, short in zip(_FULL_NAMES, WEEKDAYS, strict=True) for ending in ("", "s")},
}
"""What may be written for days, and the days that it stands for."""

_CRON = re.compile(r"[\d*/,?LW#-]+(?:\s+[\w*/,?#-]+){4,5}")
_WORD = re.compile(r"[^\s,]+")
_RANGE = re.compile(r"([a-z]+)\s*-\s*([a-z]+)", re.IGNORECASE)
_CLOCK = re.compile(r"(\d{1,2}):(\d{2})")
_HOUR = r"\d[^\s,]*(?:\s?[ap]m)?"
_JOINT = r"\s*(?:,|\band\b)\s*"
_TEXT = re.compile(
    r"(?P<days>.*?)(?:(?:^|\s+)after\s+(?P<after>\S+)(?:\s+by\s+(?P<by>\S+))?)?"
    rf"(?:(?:^|\s+|\s*,\s*)(?:at\s+)?(?P<at>{_HOUR}(?:{_JOINT}{_HOUR})*))?(?:\s+(?:in\s+)?(?P<timezone>\S*/\S+|UTC))?",
    re.IGNORECASE,
)
_EVERY = re.compile(r"every\s+(?=\w)", re.IGNORECASE)
_EVERY_ONE = {"day": "daily", "weekday": "weekdays", "weekend": "weekends"}
_PLACE = re.compile(r"\d\s+(?:in\s+)?([a-z_]{3,})", re.IGNORECASE)
_MONTHLY = re.compile(r"(?:monthly(?:\s+on)?|(?:the\s+)?first)(?:\s+|$)", re.IGNORECASE)
_TO = re.compile(r"\s+to\s+")
_LONGEST_QUIET = timedelta(days=366)
_INTERVAL = re.compile(r"(\d{1,5})\s*([smhd])")
_UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days"}
_MAX_LINE = 200
_MOST_HOURS = 6
_LONGEST, _OLDEST = timedelta(days=31), timedelta(days=36_500)
_PLACES = {
    short: place
    for place, shorts in {
        "Europe/Paris": "CET MET CEST",
        "Europe/Lisbon": "WET",
        "Europe/Athens": "EET",
        "America/New_York": "EST EST5EDT",
        "America/Chicago": "CST CST6CDT",
        "America/Denver": "MST MST7MDT",
        "America/Los_Angeles": "PST PST8PDT",
        "Pacific/Honolulu": "HST",
        "UTC": "GMT Z",
        "Asia/Tokyo": "JST",
        "Asia/Kolkata": "IST",
        "Europe/London": "BST",
    }.items()
    for short in shorts.split()
}


def parse_days(value: object) -> tuple[Weekday, ...]:
    """Return the weekdays that a word such as ``weekdays``, ``mondays`` or ``wed`` stands for, in the week's order."""
    text = value.strip() if isinstance(value, str) else ""
    words = [word for word in _WORD.findall(text) if word.lower() != "and"]
    if not words:
        raise wrong("a day's name is expected here", "write daily, weekdays, mondays or [mon, wed, fri]")
    if _RANGE.fullmatch(text):
        raise wrong(
            f"{shown(text)} is a range, and ranges of days are not read",
            "write weekdays, or a list such as [fri, sat, sun, mon]",
        )
    return in_order([day for word in words for day in _day(word, str(value).find(word))])


def in_order(days: list[Weekday]) -> tuple[Weekday, ...]:
    """Return each of ``days`` once, from Monday on."""
    return tuple(day for day in WEEKDAYS if day in days)


def _day(word: str, offset: int) -> tuple[Weekday, ...]:
    if word.lower() in DAYS:
        return DAYS[word.lower()]
    if word.isdigit():
        raise wrong(
            f"{shown(word)} is a number: 0 is Sunday to some programs and Monday to others",
            "name the day: mon, tue ... sun",
            offset,
        )
    near = did_you_mean(word.lower(), DAYS)
    hint = near if near.startswith("did you mean") else "write daily, weekdays, weekends, or a name from mon to sun"
    raise wrong(f"{shown(word)} is no day", hint, offset)


def parse_clock(value: object) -> time:
    """Return the time on the wall that ``08:00`` or ``8:00`` stands for."""
    found = _CLOCK.fullmatch(value.strip()) if isinstance(value, str) else None
    if not found:
        raise wrong(
            f"{shown(str(value))} is no time of day", 'write hours and minutes from "00:00" to "23:59", such as "08:00"'
        )
    hour, minute = int(found[1]), int(found[2])
    if hour > 23 or minute > 59:
        raise wrong(f"{shown(found[0])} is not on the clock", 'write hours and minutes from "00:00" to "23:59"')
    return time(hour, minute)


def check_zone(name: str) -> str:
    """Return ``name`` when it names a time zone by continent and city (or is ``UTC``).

    Abbreviations such as EST5EDT or CET are refused although the zone database holds them: they keep their rules for
    ever, while those of a place follow its government.
    """
    if name == "UTC" or ("/" in name and not name.startswith(("posix/", "right/")) and _is_zone(name)):
        return name
    raise wrong(f"{shown(name)} is no time zone", _nearest_zone(name))


def _is_zone(name: str) -> bool:
    try:
        ZoneInfo(name)
    except (OSError, ValueError, KeyError):  # a folder; a path out of the database; not there
        return False
    return True


def _nearest_zone(name: str) -> str:
    if name.upper() in _PLACES:
        return f"did you mean {_PLACES[name.upper()]!r}?"
    by_short_name = _zones_by_short_name()
    if alias := _alias(name):
        return f"did you mean {alias!r}?"
    short = name.lower().replace(" ", "_")
    if short in by_short_name:
        return f"did you mean {by_short_name[short]!r}?"
    near = did_you_mean(short, by_short_name)
    if near.startswith("did you mean"):
        return f"did you mean {by_short_name[near.split(chr(39))[1]]!r}?"
    return "write continent and city, such as Europe/Berlin, or UTC"


def _alias(name: str) -> str:
    """Return the place that an old name of the zone database without a continent, such as Japan, stands for."""
    from babel.core import get_global  # only for who made a mistake

    places = {old.lower(): new for old, new in get_global("zone_aliases").items() if not new.startswith("Etc/")}
    return str(places.get(name.lower(), ""))


@cache
def _zones_by_short_name() -> dict[str, str]:
    zones = sorted(zone for zone in available_timezones() if "/" in zone and not zone.startswith("Etc/"))
    return {short: zone for zone in zones for short in (zone.lower().rpartition("/")[2], zone.lower())}


def check_clocks(clocks: tuple[time, ...]) -> tuple[time, ...]:
    """Return the hours of a day in order."""
    if not 0 < len(clocks) <= _MOST_HOURS:
        raise wrong(f"{len(clocks)} hours are written here", f"write from one to {_MOST_HOURS} hours a day")
    if len(set(clocks)) < len(clocks):
        raise wrong("an hour is in this list twice", "remove one")
    return tuple(sorted(clocks))


def parse_dates(value: object) -> tuple[date, date]:
    """Return the first and the last day that ``2026-12-24`` or ``2026-12-24 to 2027-01-02`` stands for."""
    try:
        first, *rest = [date.fromisoformat(part) for part in _TO.split(str(value).strip(), maxsplit=1)]
    except ValueError:
        hint = "write 2026-12-24, or 2026-12-24 to 2027-01-02"
        raise wrong(f"{shown(str(value))} is no date", hint) from None
    last = rest[0] if rest else first
    if not timedelta(0) <= last - first <= _LONGEST_QUIET:
        raise wrong(f"{shown(str(value))} is no span of days", "write the earlier day first, and at most a year")
    return first, last


def parse_schedule(value: object) -> object:
    """Return the map that a line such as ``weekdays at 08:00`` stands for.

    Other lines: ``daily``, ``every day at 08:00``, ``mondays 07:30``, ``daily at 08:00 and 18:00 Asia/Tokyo``,
    ``monthly``, ``first monday``, ``weekdays after arxiv by 12:00``. Other values are returned unchanged, but for
    ``days`` that are ``monthly``.
    """
    if isinstance(value, dict) and isinstance(value.get("days"), str):
        return {**value, **_days(value["days"])}
    if not isinstance(value, str):
        return value
    text = value.strip()
    if len(text) > _MAX_LINE:
        raise wrong("this is too long for a schedule", "write it like 'weekdays at 08:00'")
    if _CRON.fullmatch(text):
        raise wrong(
            f"{shown(text)} looks like cron, and cron is not read here",
            "write it in words, such as 'weekdays at 08:00'",
        )
    found = _TEXT.fullmatch(text)
    if not found:
        return _days(text)
    parts: dict[str, object] = {name: part.strip() for name, part in found.groupdict().items() if part and part.strip()}
    if "at" in parts:
        parts["at"] = re.split(_JOINT, str(parts["at"]), flags=re.IGNORECASE)
    elif (place := _PLACE.search(text)) and place[1].lower() not in DAYS:
        raise wrong(f"{shown(place[1])} is no time zone", _nearest_zone(place[1]), value.find(place[1]))
    return {**parts, **(_days(str(parts["days"])) if "days" in parts else {})}


def _days(text: str) -> dict[str, object]:
    if every := _EVERY.match(text):
        rest = text[every.end() :]
        text = _EVERY_ONE.get(rest.lower(), rest)
    monthly = _MONTHLY.match(text)
    if not monthly:
        return {"days": [text]}
    rest = text[monthly.end() :]
    return {"monthly": True, **({"days": [rest]} if rest else {"days": ["daily"]})}


def parse_interval(value: object) -> timedelta:
    """Return the length of ``90s``, ``30m``, ``2h`` or ``1d``, a month at most: something is done so often."""
    return _length(value, _LONGEST)


def parse_age(value: object) -> timedelta:
    """Return the length of ``60d``, a century at most: something is so old."""
    return _length(value, _OLDEST)


def _length(value: object, longest: timedelta) -> timedelta:
    found = _INTERVAL.fullmatch(value.strip()) if isinstance(value, str) else None
    if not found:
        raise wrong(f"{shown(str(value))} is no length of time", "write a number and a unit: 30m, 2h or 1d")
    length = timedelta(**{_UNITS[found[2]]: int(found[1])})
    if not timedelta(0) < length <= longest:
        raise wrong(f"{shown(found[0])} is out of range", f"write more than nothing and at most {longest.days}d")
    return length
