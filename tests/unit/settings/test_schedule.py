"""What people write for days, hours, zones and lengths of time, each function by itself: what is meant, or what to write."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, time, timedelta

import pytest
from pydantic_core import PydanticCustomError

from monitor.settings.schedule import (
    check_clocks,
    check_zone,
    parse_age,
    parse_clock,
    parse_dates,
    parse_days,
    parse_interval,
    parse_schedule,
)

_A_DAY = ("a day's name is expected here", "write daily, weekdays, mondays or [mon, wed, fri]")
_NO_PLACE = "write continent and city, such as Europe/Berlin, or UTC"
_A_LENGTH = "write a number and a unit: 30m, 2h or 1d"


def refused(read: Callable[[object], object], value: object) -> tuple[str, str]:
    with pytest.raises(PydanticCustomError) as raised:
        read(value)
    said = raised.value.context
    assert said
    return said["message"], said["hint"]


@pytest.mark.parametrize("written", ["mon,wed", "mon, wed", "wed and mon", " Wednesdays  MON ", "mon, and wed,"])
def test_days_may_stand_beside_each_other(written: str) -> None:
    assert parse_days(written) == ("mon", "wed")


@pytest.mark.parametrize("day", ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"])
def test_a_day_has_a_short_and_a_long_name_and_a_plural(day: str) -> None:
    assert parse_days(day[:3]) == parse_days(day) == parse_days(f"{day}s") == (day[:3],)


@pytest.mark.parametrize(
    ("value", "says"),
    [
        (7, _A_DAY),
        (None, _A_DAY),
        (" , ", _A_DAY),
        (
            "mon - fri",
            (
                "'mon - fri' is a range, and ranges of days are not read",
                "write weekdays, or a list such as [fri, sat, sun, mon]",
            ),
        ),
        (
            "0",
            (
                "'0' is a number: 0 is Sunday to some programs and Monday to others",
                "name the day: mon, tue ... sun",
            ),
        ),
        ("whenever", ("'whenever' is no day", "write daily, weekdays, weekends, or a name from mon to sun")),
    ],
)
def test_what_is_no_day_is_told_with_what_to_write(value: object, says: tuple[str, str]) -> None:
    assert refused(parse_days, value) == says


@pytest.mark.parametrize(
    ("value", "at"),
    [("0:00", time(0)), (" 23:59 ", time(23, 59)), ("24:00", None), ("12:60", None)],
)
def test_a_clock_goes_from_midnight_to_a_minute_before_it(value: str, at: time | None) -> None:
    if at is not None:
        assert parse_clock(value) == at
        return
    hint = 'write hours and minutes from "00:00" to "23:59"'
    assert refused(parse_clock, value) == (f"'{value}' is not on the clock", hint)


@pytest.mark.parametrize("value", ["noon", "8", 800, None])
def test_what_is_no_time_of_day_is_told(value: object) -> None:
    hint = 'write hours and minutes from "00:00" to "23:59", such as "08:00"'
    assert refused(parse_clock, value) == (f"'{value}' is no time of day", hint)


@pytest.mark.parametrize("name", ["UTC", "Europe/Berlin", "America/Argentina/Ushuaia"])
def test_a_zone_is_a_place(name: str) -> None:
    assert check_zone(name) == name


@pytest.mark.parametrize(
    ("name", "place"),
    [
        *((short, "Europe/Paris") for short in ("CET", "cest", "MET")),
        ("WET", "Europe/Lisbon"),
        ("EET", "Europe/Athens"),
        *((short, "America/New_York") for short in ("EST", "EST5EDT")),
        *((short, "America/Chicago") for short in ("CST", "CST6CDT")),
        *((short, "America/Denver") for short in ("MST", "MST7MDT")),
        *((short, "America/Los_Angeles") for short in ("PST", "PST8PDT")),
        ("HST", "Pacific/Honolulu"),
        *((short, "UTC") for short in ("GMT", "Z")),
        ("IST", "Asia/Kolkata"),
        ("JST", "Asia/Tokyo"),
        ("BST", "Europe/London"),
        ("new york", "America/New_York"),
        ("Rome", "Europe/Rome"),
        ("Tokio", "Asia/Tokyo"),
        ("posix/Europe/Berlin", "Europe/Berlin"),
        ("right/Europe/Berlin", "Europe/Berlin"),
    ],
)
def test_a_zone_by_another_name_is_refused_with_the_place_that_is_meant(name: str, place: str) -> None:
    assert refused(check_zone, name) == (f"'{name}' is no time zone", f"did you mean '{place}'?")  # type: ignore[arg-type]
    assert check_zone(place) == place


@pytest.mark.parametrize("name", ["GMT+1", "gmt-2", "nowhere", "Greenwich"])
def test_no_zone_is_proposed_whose_sign_or_rules_would_surprise(name: str) -> None:
    """Etc/GMT+1 lies west of Greenwich, and names without a place are refused themselves."""
    _, hint = refused(check_zone, name)  # type: ignore[arg-type]
    assert "Etc/" not in hint
    assert "Greenwich" not in hint


def test_a_name_like_no_place_is_told_how_places_are_written() -> None:
    assert refused(check_zone, "qqqq") == ("'qqqq' is no time zone", _NO_PLACE)  # type: ignore[arg-type]


def test_hours_of_a_day_are_one_to_six_and_each_once() -> None:
    hours = tuple(time(hour) for hour in (18, 6, 7, 8, 9, 10, 11))
    assert check_clocks(hours[:6]) == (time(6), time(7), time(8), time(9), time(10), time(18))
    assert refused(check_clocks, hours) == ("7 hours are written here", "write from one to 6 hours a day")  # type: ignore[arg-type]
    assert refused(check_clocks, ()) == ("0 hours are written here", "write from one to 6 hours a day")  # type: ignore[arg-type]
    assert refused(check_clocks, (time(8), time(8))) == ("an hour is in this list twice", "remove one")  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("2026-12-24", (date(2026, 12, 24), date(2026, 12, 24))),
        (date(2026, 12, 24), (date(2026, 12, 24), date(2026, 12, 24))),
        (" 2026-12-24  to 2026-12-24 ", (date(2026, 12, 24), date(2026, 12, 24))),
        ("2027-01-01 to 2028-01-02", (date(2027, 1, 1), date(2028, 1, 2))),
    ],
)
def test_quiet_dates_are_a_day_or_a_span_of_at_most_a_leap_year(written: object, meant: tuple[date, date]) -> None:
    assert parse_dates(written) == meant


@pytest.mark.parametrize("written", ["easter", "2026-12-24 to", "2026-12-01 to 2026-12-02 to 2026-12-03", None])
def test_what_is_no_date_is_told(written: object) -> None:
    shown = str(written).strip()
    assert refused(parse_dates, written) == (
        f"'{shown}' is no date",
        "write 2026-12-24, or 2026-12-24 to 2027-01-02",
    )


@pytest.mark.parametrize("written", ["2027-01-01 to 2028-01-03", "2026-12-24 to 2026-12-23"])
def test_a_span_too_long_or_backwards_is_told(written: str) -> None:
    hint = "write the earlier day first, and at most a year"
    assert refused(parse_dates, written) == (f"'{written}' is no span of days", hint)


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("30s", timedelta(seconds=30)),
        (" 1 m ", timedelta(minutes=1)),
        ("2h", timedelta(hours=2)),
        ("31d", timedelta(days=31)),
    ],
)
def test_a_length_of_time_is_a_number_and_a_unit(written: str, meant: timedelta) -> None:
    assert parse_interval(written) == meant


def test_a_paper_may_be_older_than_a_pause_may_be_long() -> None:
    assert parse_age("180d") == timedelta(days=180)
    assert refused(parse_age, "36501d") == ("'36501d' is out of range", "write more than nothing and at most 36500d")


@pytest.mark.parametrize(
    ("written", "says"),
    [
        (30, ("'30' is no length of time", _A_LENGTH)),
        (None, ("'None' is no length of time", _A_LENGTH)),
        ("1w", ("'1w' is no length of time", _A_LENGTH)),
        ("0s", ("'0s' is out of range", "write more than nothing and at most 31d")),
        ("32d", ("'32d' is out of range", "write more than nothing and at most 31d")),
    ],
)
def test_what_is_no_length_of_time_is_told(written: object, says: tuple[str, str]) -> None:
    assert refused(parse_interval, written) == says


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        (None, None),
        ({"at": "08:00"}, {"at": "08:00"}),
        ({"days": "first monday", "at": "08:00"}, {"days": ["monday"], "monthly": True, "at": "08:00"}),
        ("weekdays AT 8:00 and 9:00,10:00", {"days": ["weekdays"], "at": ["8:00", "9:00", "10:00"]}),
        ("every weekend at 9:00", {"days": ["weekends"], "at": ["9:00"]}),
        ("first monday\nor so", {"days": ["monday\nor so"], "monthly": True}),
    ],
)
def test_a_line_is_taken_apart_into_what_a_schedule_holds(written: object, meant: object) -> None:
    assert parse_schedule(written) == meant


def test_a_line_of_two_hundred_letters_is_read_and_a_longer_one_is_not() -> None:
    assert parse_schedule("d" * 200) == {"days": ["d" * 200]}
    assert refused(parse_schedule, "d" * 201) == (
        "this is too long for a schedule",
        "write it like 'weekdays at 08:00'",
    )


def test_cron_is_told_what_to_write() -> None:
    hint = "write it in words, such as 'weekdays at 08:00'"
    assert refused(parse_schedule, "0 8 * * *") == ("'0 8 * * *' looks like cron, and cron is not read here", hint)
