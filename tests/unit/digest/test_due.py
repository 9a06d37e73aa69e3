"""When a digest is due."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.digest.due import cadence, due_slot, missed, moment, next_moment
from monitor.types.ledger import Slot
from monitor.types.profiles import Schedule

BERLIN = Schedule(at=(time(8),), timezone="Europe/Berlin")
WEEKDAYS = Schedule(("mon", "tue", "wed", "thu", "fri"), (time(8),), "Europe/Berlin")
TWICE = Schedule(at=(time(8), time(18)), timezone="Europe/Berlin")
FRIDAY = date(2026, 3, 6)
THURSDAY_SLOT, FRIDAY_SLOT = Slot(date(2026, 3, 5)), Slot(FRIDAY)
ZONES = sorted(available_timezones())


def at(text):
    return datetime.fromisoformat(text)


def test_the_first_digest_is_due_at_once():
    assert due_slot(WEEKDAYS, at("2026-03-07T03:00+01:00"), None) == Slot(date(2026, 3, 7))


@pytest.mark.parametrize(
    ("now", "due"),
    [
        ("2026-03-06T07:59:59+01:00", None),
        ("2026-03-06T08:00+01:00", FRIDAY_SLOT),
        ("2026-03-06T19:59+01:00", FRIDAY_SLOT),
    ],
)
def test_a_digest_is_due_from_its_hour_on(now, due):
    assert due_slot(BERLIN, at(now), THURSDAY_SLOT) == due


def test_there_is_one_digest_a_local_date():
    assert due_slot(BERLIN, at("2026-03-06T12:00+01:00"), FRIDAY_SLOT) is None


def test_nothing_is_due_on_a_day_off():
    assert due_slot(WEEKDAYS, at("2026-03-07T12:00+01:00"), FRIDAY_SLOT) is None


def test_a_daily_digest_late_by_over_twelve_hours_rolls_into_the_next_which_names_it():
    assert due_slot(BERLIN, at("2026-03-06T20:01+01:00"), THURSDAY_SLOT) is None
    assert missed(BERLIN, THURSDAY_SLOT, Slot(date(2026, 3, 7))) == (FRIDAY,)
    assert missed(BERLIN, FRIDAY_SLOT, Slot(date(2026, 3, 7))) == ()
    assert missed(BERLIN, None, FRIDAY_SLOT) == ()


def test_a_weekly_digest_waits_three_days():
    monday = Schedule(("mon",), (time(7, 30),), "UTC")
    assert due_slot(monday, at("2026-03-05T07:30+00:00"), Slot(date(2026, 2, 23))) == Slot(date(2026, 3, 2))
    assert due_slot(monday, at("2026-03-05T07:31+00:00"), Slot(date(2026, 2, 23))) is None


def test_a_monthly_digest_waits_three_days():
    first, last = Schedule(monthly=True, at=(time(8),), timezone="UTC"), Slot(date(2026, 2, 1))
    assert due_slot(first, at("2026-03-04T08:00+00:00"), last) == Slot(date(2026, 3, 1))
    assert due_slot(first, at("2026-03-04T08:01+00:00"), last) is None


def test_after_midnight_the_evening_before_is_still_due():
    late = Schedule(at=(time(23, 30),), timezone="UTC")
    assert due_slot(late, at("2026-03-07T00:10+00:00"), THURSDAY_SLOT) == FRIDAY_SLOT


def test_two_hours_a_day_are_two_digests_and_a_missed_one_rolls_into_the_next():
    assert due_slot(TWICE, at("2026-03-06T17:59+01:00"), THURSDAY_SLOT) == FRIDAY_SLOT
    assert due_slot(TWICE, at("2026-03-06T17:59+01:00"), FRIDAY_SLOT) is None
    assert due_slot(TWICE, at("2026-03-06T18:00+01:00"), FRIDAY_SLOT) == Slot(FRIDAY, 2)
    assert due_slot(TWICE, at("2026-03-06T19:00+01:00"), Slot(date(2026, 3, 5), 2)) == Slot(FRIDAY, 2)
    assert due_slot(TWICE, at("2026-03-06T17:59+01:00"), None) == FRIDAY_SLOT
    assert due_slot(TWICE, at("2026-03-06T18:00+01:00"), None) == Slot(FRIDAY, 2)
    assert (Slot(FRIDAY).kind("daily"), Slot(FRIDAY, 2).kind("daily")) == ("daily", "daily-2")
    assert Slot.of(FRIDAY, "daily-2") == Slot(FRIDAY, 2)


@pytest.mark.parametrize(
    ("schedule", "days"),
    [
        (Schedule(monthly=True), [date(2026, 1, 1), date(2026, 2, 1), date(2026, 3, 1)]),
        (Schedule(("mon",), monthly=True), [date(2026, 1, 5), date(2026, 2, 2), date(2026, 3, 2)]),
        (
            Schedule(monthly=True, quiet=((date(2026, 1, 1), date(2026, 1, 4)),)),
            [date(2026, 1, 5), date(2026, 2, 1), date(2026, 3, 1)],
        ),
    ],
)
def test_a_monthly_digest_takes_the_first_open_day_of_each_month(schedule, days):
    assert cadence(schedule) == "monthly"
    assert played(schedule, at("2025-12-31T12:00+00:00"), days=75) == [Slot(day) for day in days]


def test_nothing_leaves_on_quiet_dates():
    holidays = replace(BERLIN, quiet=((date(2026, 12, 24), date(2027, 1, 2)), (date(2027, 1, 5), date(2027, 1, 5))))
    days = [slot.day for slot in played(holidays, at("2026-12-22T20:00+00:00"), days=16)]
    assert days == [date(2026, 12, 23), date(2027, 1, 3), date(2027, 1, 4), date(2027, 1, 6), date(2027, 1, 7)]


def test_a_digest_waits_for_an_announcement_and_not_for_ever():
    waiting = replace(BERLIN, at=(time(4),), after="arxiv", by=time(14))
    early = at("2026-03-06T06:00+01:00")
    assert due_slot(waiting, early, THURSDAY_SLOT, announced=False) is None
    assert due_slot(waiting, early, THURSDAY_SLOT, announced=True) == FRIDAY_SLOT
    assert due_slot(waiting, at("2026-03-06T03:00+01:00"), THURSDAY_SLOT, announced=True) is None
    assert due_slot(waiting, at("2026-03-06T14:00+01:00"), THURSDAY_SLOT, announced=False) == FRIDAY_SLOT


def test_t01_a_time_that_the_clock_skips_is_taken_after_the_gap():
    half_past_two = Schedule(at=(time(2, 30),), timezone="Europe/Berlin")
    assert moment(half_past_two, Slot(date(2026, 3, 29))) == at("2026-03-29T03:30+02:00")


def test_t02_a_time_that_comes_twice_is_taken_once():
    half_past_two = Schedule(at=(time(2, 30),), timezone="Europe/Berlin")
    autumn = Slot(date(2026, 10, 25))
    first = moment(half_past_two, autumn)
    assert first == at("2026-10-25T02:30+02:00")
    assert due_slot(half_past_two, first, Slot(date(2026, 10, 24))) == autumn
    assert due_slot(half_past_two, first + timedelta(hours=1), autumn) is None


@pytest.mark.parametrize(
    ("zone", "day"),
    [("Africa/Cairo", date(2026, 4, 24)), ("America/Havana", date(2026, 3, 8)), ("Asia/Beirut", date(2026, 3, 29))],
)
def test_t03_midnight_that_does_not_exist_still_has_its_digest(zone, day):
    midnight = Schedule(at=(time(0),), timezone=zone)
    now = moment(midnight, Slot(day)) + timedelta(hours=1)
    assert due_slot(midnight, now, Slot(day - timedelta(days=1))) == Slot(day)


@pytest.mark.parametrize(
    ("zone", "start"),
    [
        ("Pacific/Apia", "2011-12-26T00:00+00:00"),  # 30 December 2011 never was
        ("Australia/Lord_Howe", "2026-04-01T00:00+00:00"),  # half an hour of summer time
        ("Asia/Kolkata", "2026-04-01T00:00+00:00"),
        ("Etc/GMT+5", "2026-04-01T00:00+00:00"),
    ],
)
def test_t04_odd_zones_have_one_digest_a_date_that_was(zone, start):
    schedule = Schedule(at=(time(8),), timezone=zone)
    found = [slot.day for slot in played(schedule, at(start), days=12)]
    assert len(found) == len(set(found))
    really = {(at(start) + timedelta(hours=h)).astimezone(ZoneInfo(zone)).date() for h in range(24 * 11)}
    assert set(found) >= really - {min(really), max(really)}


def test_t05_other_rules_for_a_zone_do_not_repeat_a_date():
    """The same wall under a zone that is an hour ahead: what was sent for a date is sent for that date."""
    now = at("2026-03-06T07:30+00:00")
    assert due_slot(replace(BERLIN, timezone="Europe/Athens"), now, FRIDAY_SLOT) is None
    assert due_slot(replace(BERLIN, timezone="Europe/London"), now + timedelta(hours=2), FRIDAY_SLOT) is None


def test_t06_a_clock_that_jumps_sends_nothing_twice_and_no_flood():
    noon = at("2026-03-06T12:00+01:00")
    for back in (timedelta(hours=2), timedelta(days=1)):
        assert due_slot(BERLIN, noon - back, FRIDAY_SLOT) is None
    for ahead in (timedelta(days=1), timedelta(days=365)):
        later = due_slot(BERLIN, noon + ahead, FRIDAY_SLOT)
        assert later == Slot((noon + ahead).date())
        assert due_slot(BERLIN, noon + ahead, later) is None
        assert due_slot(BERLIN, noon, later) is None  # and back again


def test_t09_three_days_down_make_one_digest():
    assert played(BERLIN, at("2026-03-06T09:00+00:00"), days=0.5, last=Slot(date(2026, 3, 2))) == [FRIDAY_SLOT]


@pytest.mark.parametrize("text", ["2028-02-29", "2026-12-31", "2027-01-01", "2027-01-03"])
def test_t11_leap_days_and_the_ends_of_years_have_their_digests(text):
    day = date.fromisoformat(text)
    assert due_slot(BERLIN, moment(BERLIN, Slot(day)), Slot(day - timedelta(days=1))) == Slot(day)


def test_t12_other_hours_and_zones_on_the_same_day_make_no_second_digest():
    now = at("2026-03-06T12:00+01:00")
    edits = [replace(BERLIN, at=(time(11),)), replace(BERLIN, timezone="Asia/Kolkata"), replace(BERLIN, days=("fri",))]
    assert [due_slot(edit, now, FRIDAY_SLOT) for edit in edits] == [None, None, None]


hours = st.builds(  # at least two hours apart: closer ones, or two in one gap, may come to the same tick
    lambda places, minute: [time(2 * place, minute) for place in sorted(places)],
    st.sets(st.integers(0, 11), min_size=1, max_size=3),
    st.integers(0, 59),
)


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(ZONES), hours, st.integers(min_value=2025, max_value=2035), st.sampled_from([3, 9]))
def test_in_every_zone_every_local_day_has_exactly_its_digests(zone, times, year, month):
    schedule = Schedule(at=tuple(times), timezone=zone)
    found = played(schedule, datetime(year, month, 1, tzinfo=UTC), days=40, step=timedelta(minutes=15))
    per_day = [slot for slot in found if found[0].day < slot.day < found[-1].day]
    days = sorted({slot.day for slot in per_day})
    assert per_day == [Slot(day, number + 1) for day in days for number in range(len(schedule.at))]
    assert days == [days[0] + timedelta(days=n) for n in range(len(days))]
    assert len(days) >= 37


def played(schedule, now, days, last=None, step=timedelta(minutes=15)):
    """What a ticking daemon sends, the ledger starting the day before."""
    last = last or Slot(now.astimezone(ZoneInfo(schedule.timezone)).date(), len(schedule.at))
    sent, end = [], now + timedelta(days=days)
    while now < end:
        due = due_slot(schedule, now, last)
        if due is not None:
            sent.append(due)
            last = due
        now += step
    return sent


def test_the_next_moment_is_the_hour_of_the_next_day_on():
    assert next_moment(WEEKDAYS, at("2026-03-06T12:00+01:00"), FRIDAY_SLOT) == at("2026-03-09T08:00+01:00")
    assert next_moment(WEEKDAYS, at("2026-03-06T08:30+01:00"), None) == at("2026-03-06T08:30+01:00")
    assert next_moment(BERLIN, at("2026-03-06T12:00+01:00"), THURSDAY_SLOT) == at("2026-03-06T12:00+01:00")
    assert next_moment(TWICE, at("2026-03-06T12:00+01:00"), FRIDAY_SLOT) == at("2026-03-06T18:00+01:00")
    assert next_moment(Schedule(monthly=True), at("2026-03-06T12:00+00:00"), FRIDAY_SLOT) == at(
        "2026-04-01T08:00+00:00"
    )
    for_ever = replace(BERLIN, quiet=((date(2026, 1, 1), date(2030, 1, 1)),))
    assert next_moment(for_ever, at("2026-03-06T12:00+01:00"), FRIDAY_SLOT) is None


def test_the_next_moment_is_neither_one_that_was_missed_nor_one_of_a_date_that_had_its_digest():
    assert next_moment(BERLIN, at("2026-03-06T21:00+01:00"), THURSDAY_SLOT) == at("2026-03-07T08:00+01:00")
    later_hour = replace(BERLIN, at=(time(18),))
    assert next_moment(later_hour, at("2026-03-06T12:00+01:00"), FRIDAY_SLOT) == at("2026-03-07T18:00+01:00")
    clock_set_back = at("2026-03-03T12:00+01:00")
    assert next_moment(BERLIN, clock_set_back, FRIDAY_SLOT) == at("2026-03-07T08:00+01:00")


def test_a_delay_lets_a_digest_leave_later():
    late = replace(BERLIN, delay=timedelta(minutes=7))
    assert moment(late, FRIDAY_SLOT) == at("2026-03-06T08:07+01:00")
