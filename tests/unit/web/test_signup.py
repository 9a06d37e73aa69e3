"""Signing up: nothing before a confirmation, the same for everybody, and never too much."""

from __future__ import annotations

import re
from datetime import timedelta
from email import message_from_bytes
from email.policy import default

import pytest

from monitor.clock import FrozenClock
from monitor.jobs import say, signup
from monitor.jobs.signup import mailbox
from monitor.store import readers
from monitor.testing import NOON
from monitor.web.limits import Limits, place_of
from tests.unit.web.conftest import BASE, OPEN, listing

FORM = {"profile": "open", "address": "eve@example.net", "at": "12:00", "timezone": "UTC", "day": ["wed", "thu", "fri"]}


def ask(place, **changes):
    return place.client.post("/subscribe", FORM | changes)


def letters(place):
    return [one for one in place.channel.delivered if one.subject.startswith("Please confirm")]


def text_of(envelope):
    body = message_from_bytes(envelope.content, policy=default).get_body(("plain",))
    assert body
    return body.get_content()


def link_in(letter):
    (path,) = set(re.findall(rf"{BASE}(/c/\S+)", text_of(letter)))
    return path


def subscribed(place):
    with place.app.store.read() as session:
        return sorted(one.recipient for one in readers.listed(session, 99) if one.is_ours)


def joined(place, **changes):
    """Sign up and confirm; returns the reader's preferences."""
    ask(place, **changes)
    place.cycle()
    page = place.client.post(link_in(letters(place)[-1])).text
    found = re.search(r'href="(/p/[^"]+)"', page)
    assert found
    return found[1]


def test_a_subscription_begins_with_a_confirmation_by_post(place):
    assert "Look into your mail" in ask(place).text
    place.cycle()
    (letter,) = letters(place)
    assert letter.recipient == "eve@example.net"
    assert b"List-Unsubscribe-Post" not in letter.content
    link = link_in(letter)
    for _ in range(3):
        assert "One click more" in place.client.get(link).text
    assert subscribed(place) == []
    assert "Welcome" in place.client.post(link).text
    assert subscribed(place) == ["eve@example.net"]
    place.cycle()
    assert place.channel.delivered[-1].recipient == "eve@example.net"
    assert place.channel.delivered[-1].subject == "3 new on kitchens & <b>baths</b>"


def test_w16_a_confirmation_counts_once_whatever_came_after_it(place):
    joined(place)
    link = link_in(letters(place)[0])
    assert "Already confirmed" in place.client.post(link).text
    with place.app.store.read() as session:
        (eve,) = [one for one in readers.listed(session, 99) if one.is_ours]
    place.client.post(place.link("unsubscribe", eve.id), {"List-Unsubscribe": "One-Click"})
    assert "Already confirmed" in place.client.post(link).text
    with place.app.store.read() as session:
        assert signup.has_left(session, eve)
    place.later(days=2)
    joined(place)
    with place.app.store.read() as session:
        assert not signup.has_left(session, eve)
    assert subscribed(place) == ["eve@example.net"]


def test_w16_a_confirmation_is_good_for_a_week(place):
    ask(place)
    place.cycle()
    place.later(days=8)
    for answer in (place.client.get(link_in(letters(place)[0])), place.client.post(link_in(letters(place)[0]))):
        assert "This link is over" in answer.text
    assert subscribed(place) == []


def test_w14_a_mailbox_gets_one_confirmation_a_day_however_it_is_written(place):
    for address in ("eve@gmail.com", "Eve@gmail.com", "e.v.e@gmail.com", "eve+x@gmail.com"):
        ask(place, address=address)
        place.cycle()
    assert [one.recipient for one in letters(place)] == ["eve@gmail.com"]
    place.later(days=1, minutes=1)
    ask(place, address="eve+y@gmail.com")
    place.cycle()
    assert len(letters(place)) == 2


def test_w14_one_place_asks_ten_times_an_hour(place):
    statuses = [ask(place, address=f"e{number}@example.net").status for number in range(12)]
    assert statuses == [200] * 10 + [429] * 2
    place.client.host = "203.0.113.8"
    assert ask(place).status == 200


def test_w14_a_thousand_places_ask_no_more_than_all_together_may(place):
    limits = place.client.post  # the form itself
    statuses = set()
    for number in range(310):
        place.client.host = f"198.51.{number // 250}.{number % 250}"
        statuses.add(limits("/subscribe", FORM | {"profile": "none"}).status)
    assert statuses == {404}
    shared = Limits(FrozenClock(NOON))
    allowed = sum(shared.allows("sign up", "", 300, 3600) for _ in range(1000))
    assert allowed == 300


def test_limits_refill_with_time_and_forget_the_oldest_places():
    clock = FrozenClock(NOON)
    limits = Limits(clock)
    assert [limits.allows("x", "a", 2, 60) for _ in range(3)] == [True, True, False]
    clock.set(NOON + timedelta(seconds=30))
    assert limits.allows("x", "a", 2, 60)
    assert not limits.allows("x", "a", 2, 60)
    clock.set(NOON)
    assert not limits.allows("x", "a", 2, 60)
    clock.set(NOON + timedelta(seconds=30))
    assert limits.allows("x", "a", 2, 60)
    for number in range(10_001):
        limits.allows("x", str(number), 2, 60)
    assert len(limits._buckets) == 10_000


def test_a_household_is_one_place():
    assert place_of("2001:db8:1:2:3::4") == place_of("2001:db8:1:2:ffff::1") != place_of("2001:db8:1:3::1")
    assert (place_of("203.0.113.7"), place_of("testclient")) == ("203.0.113.7", "testclient")


@pytest.mark.parametrize(
    ("address", "box"),
    [
        ("A.da+x@GMAIL.com", "ada@gmail.com"),
        ("a.da+x@example.org", "a.da@example.org"),
        ("+x@example.org", "+x@example.org"),
    ],
)
def test_a_mailbox_is_an_address_without_what_its_owner_may_vary(address, box):
    assert mailbox(address) == box


def test_w15_known_and_unknown_addresses_look_the_same(place):
    joined(place)
    place.later(days=2)
    known, unknown = ask(place), ask(place, address="new@example.net")
    assert known.status == unknown.status == 200
    assert known.text.replace("eve@example.net", "X") == unknown.text.replace("new@example.net", "X")
    assert known.headers.keys() == unknown.headers.keys()
    place.cycle()
    assert [one.recipient for one in letters(place)][-2:] == ["eve@example.net", "new@example.net"]


@pytest.mark.parametrize(
    "changes",
    [{"address": "x"}, {"address": "a@b@c"}, {"address": "eve@example.net\r\nBcc: x@example.net"}, {"at": "25:00"},
     {"timezone": "../etc"}, {"day": ["x"]}, {"address": ""}],
)  # fmt: skip
def test_w13_what_cannot_be_used_is_told_and_kept_in_the_form(place, changes):
    answer = ask(place, **changes)
    assert answer.status == 422
    assert 'role="alert"' in answer.text
    place.cycle()
    assert letters(place) == []


@pytest.mark.parametrize("profile", ["ada", "none", ""])
def test_a_profile_that_is_not_public_cannot_be_subscribed_to(place, profile):
    assert ask(place, profile=profile).status == 404


def test_who_bounced_gets_no_confirmation_and_nobody_learns_that(place):
    from monitor.store import suppressions

    with place.app.store.write() as session:
        suppressions.add(session, "eve@example.net", place.clock.now(), "bounced")
    assert "Look into your mail" in ask(place).text
    place.cycle()
    assert letters(place) == []


def test_a_reader_moves_to_another_address_by_a_confirmation_from_there(place):
    preferences = joined(place)
    place.later(days=2)
    page = place.client.post(preferences, {"action": "move", "address": "eva@example.org"}).text
    assert "A mail is on its way to eva@example.org" in page
    assert subscribed(place) == ["eve@example.net"]
    place.cycle()
    assert letters(place)[-1].recipient == "eva@example.org"
    assert "Moved" in place.client.post(link_in(letters(place)[-1])).text
    assert subscribed(place) == ["eva@example.org"]


def test_w22_who_unsubscribed_and_is_named_in_a_file_again_gets_mail_only_after_confirming(place):
    place.client.post(place.link("unsubscribe", 2), {"List-Unsubscribe": "One-Click"})
    place.later(days=1)
    place.pages["date=2026-03-05"] = listing(11)
    sent = len(place.channel.delivered)
    place.cycle()  # OPEN.to names them still
    assert "operator@example.org" not in {one.recipient for one in place.channel.delivered[sent:]}
    ask(place, address="operator@example.org")
    place.cycle()
    place.client.post(link_in(letters(place)[-1]))
    place.cycle()
    assert place.channel.delivered[-1].recipient == "operator@example.org"


def test_one_subscribers_words_are_their_own(place):
    joined(place)
    sent = len(place.channel.delivered)
    place.cycle()
    text = text_of(place.channel.delivered[sent])
    mute = re.findall(rf"{BASE}(/mute/\S+)", text)[0]
    page = place.client.post(mute, {"what": "kitchen 12"}).text
    assert "for all readers" not in page
    assert say.listed(place.app, OPEN) == []
    place.later(days=1)
    place.pages["date=2026-03-05"] = listing(11, 12)
    sent = len(place.channel.delivered)
    place.cycle()
    of = {one.recipient: one.content for one in place.channel.delivered[sent:]}
    assert b"Kitchen 12" in of["operator@example.org"]
    assert b"Kitchen 12" not in of["eve@example.net"]
    assert b"Kitchen 11" in of["eve@example.net"]
    with place.app.store.read() as session:
        reasons = session.connection().exec_driver_sql("SELECT reason FROM placements WHERE subscription_id = 3")
        assert "not wanted" in {reason for (reason,) in reasons}


def test_a_confirmation_that_cannot_leave_is_tried_again_for_a_day(place):
    from monitor.errors import DeliveryError

    place.channel._failures = iter([DeliveryError("busy")])
    ask(place)
    report = place.cycle()
    assert ("confirmation to eve@example.net", "busy") in report.failures
    place.cycle()
    assert len(letters(place)) == 1
    place.cycle()
    assert len(letters(place)) == 1


def test_wishes_are_forgotten_after_a_month(place):
    ask(place)
    place.cycle()
    old = link_in(letters(place)[0])
    place.clock.set(place.clock.now() + timedelta(days=29))
    ask(place, address="x@example.net")
    with place.app.store.read() as session:
        wish = readers.signup(session, 1)
    assert wish
    assert wish.address == "x@example.net"
    assert "This link is over" in place.client.post(old).text  # though the number was given out again
    assert subscribed(place) == []
