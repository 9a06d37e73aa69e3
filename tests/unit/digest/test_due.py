"""When a digest is due."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.digest.due import due_date, moment, next_moment
from monitor.types.profiles import Schedule

BERLIN = Schedule(at=time(8), timezone="Europe/Berlin")
WEEKDAYS = Schedule(("mon", "tue", "wed", "thu", "fri"), time(8), "Europe/Berlin")
FRIDAY = date(2026, 3, 6)


def at(text):
    return datetime.fromisoformat(text)


def test_the_first_digest_is_due_at_once():
    assert due_date(WEEKDAYS, at("2026-03-07T03:00+01:00"), None) == date(2026, 3, 7)


@pytest.mark.parametrize(
    ("now", "due"),
    [("2026-03-06T07:59:59+01:00", None), ("2026-03-06T08:00+01:00", FRIDAY), ("2026-03-06T19:59+01:00", FRIDAY)],
)
def test_a_digest_is_due_from_its_hour_on(now, due):
    assert due_date(BERLIN, at(now), date(2026, 3, 5)) == due


def test_there_is_one_digest_a_local_date():
    assert due_date(BERLIN, at("2026-03-06T12:00+01:00"), FRIDAY) is None


def test_nothing_is_due_on_a_day_off():
    assert due_date(WEEKDAYS, at("2026-03-07T12:00+01:00"), FRIDAY) is None


def test_a_daily_digest_late_by_over_twelve_hours_rolls_into_the_next():
    assert due_date(BERLIN, at("2026-03-06T20:01+01:00"), date(2026, 3, 5)) is None


def test_a_weekly_digest_waits_three_days():
    monday = Schedule(("mon",), time(7, 30), "UTC")
    assert due_date(monday, at("2026-03-05T07:30+00:00"), date(2026, 2, 23)) == date(2026, 3, 2)
    assert due_date(monday, at("2026-03-05T07:31+00:00"), date(2026, 2, 23)) is None


def test_after_midnight_the_evening_before_is_still_due():
    late = Schedule(at=time(23, 30), timezone="UTC")
    assert due_date(late, at("2026-03-07T00:10+00:00"), date(2026, 3, 5)) == FRIDAY


def test_t01_a_time_that_the_clock_skips_is_taken_after_the_gap():
    half_past_two = Schedule(at=time(2, 30), timezone="Europe/Berlin")
    assert moment(half_past_two, date(2026, 3, 29)) == at("2026-03-29T03:30+02:00")


def test_t02_a_time_that_comes_twice_is_taken_once():
    half_past_two = Schedule(at=time(2, 30), timezone="Europe/Berlin")
    first = moment(half_past_two, date(2026, 10, 25))
    assert first == at("2026-10-25T02:30+02:00")
    assert due_date(half_past_two, first, date(2026, 10, 24)) == date(2026, 10, 25)
    assert due_date(half_past_two, first + timedelta(hours=1), date(2026, 10, 25)) is None


def test_t03_midnight_that_does_not_exist_still_has_its_digest():
    midnight = Schedule(at=time(0), timezone="Africa/Cairo")
    assert due_date(midnight, at("2026-04-24T02:00+03:00"), date(2026, 4, 23)) == date(2026, 4, 24)


@settings(max_examples=150, deadline=None)
@given(st.sampled_from(sorted(available_timezones())), st.times(), st.integers(min_value=2025, max_value=2035))
def test_in_every_zone_every_local_day_has_exactly_one_digest(zone, hour, year):
    schedule = Schedule(at=hour.replace(second=0, microsecond=0), timezone=zone)
    now = datetime(year, 3, 1, tzinfo=UTC)
    last = now.astimezone(ZoneInfo(zone)).date()
    sent = []
    for _ in range(4 * 24 * 40):  # forty days in quarters of an hour, over the usual changes of clocks
        now += timedelta(minutes=15)
        due = due_date(schedule, now, last)
        if due is not None:
            sent.append(due)
            last = due
    # The ledger's start date itself has no digest; the last day may not have reached its hour.
    wanted = [sent[0] + timedelta(days=n) for n in range(len(sent))]
    assert sent == wanted
    assert len(sent) >= 38


def test_the_next_moment_is_the_hour_of_the_next_day_on():
    assert next_moment(WEEKDAYS, at("2026-03-06T12:00+01:00"), FRIDAY) == at("2026-03-09T08:00+01:00")
    assert next_moment(WEEKDAYS, at("2026-03-06T08:30+01:00"), None) == at("2026-03-06T08:30+01:00")
