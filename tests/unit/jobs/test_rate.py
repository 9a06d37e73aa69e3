"""How fast a server lets us go."""

import pytest

from monitor.types.rate import Rate


def at_ten_a_second(rate):
    for number in range(100):
        rate.took(number / 10)
    return 10.0


def test_s31_nothing_is_held_back_until_a_server_complains():
    rate = Rate()
    assert [rate.wait(0.0) for _ in range(1000)] == [0.0] * 1000


def test_s31_a_complaint_halves_what_went_before():
    rate = Rate()
    now = at_ten_a_second(rate)
    rate.complained(now)
    assert rate.limit == pytest.approx(5.0, rel=0.05)
    assert rate.wait(now) == pytest.approx(0.2, rel=0.05)
    assert rate.wait(now) == pytest.approx(0.4, rel=0.05)  # the second mail waits behind the first


def test_s31_complaints_about_mails_under_way_together_halve_once():
    rate = Rate()
    now = at_ten_a_second(rate)
    for _ in range(16):
        rate.complained(now)
    assert rate.limit == pytest.approx(5.0, rel=0.05)
    rate.complained(now + 30)
    assert rate.limit == pytest.approx(2.5, rel=0.05)


def test_s31_the_rate_recovers_by_a_tenth_a_minute_and_then_is_free_again():
    rate = Rate()
    now = at_ten_a_second(rate)
    rate.complained(now)
    rate.took(now + 59)
    assert rate.limit == pytest.approx(5.0, rel=0.05)
    rate.took(now + 61)
    assert rate.limit == pytest.approx(5.5, rel=0.05)
    for minute in range(2, 9):
        rate.took(now + 61 * minute)
    assert rate.limit is None


def test_a_server_that_always_complains_still_gets_a_mail_a_minute():
    rate = Rate()
    for minute in range(50):
        rate.complained(minute * 61.0)
    assert rate.limit == pytest.approx(1 / 60)
