"""Signed links: short, good for one purpose and person, and nothing that was changed is read."""

from __future__ import annotations

import string
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.links import LONGEST_BASE_URL, PATHS, Links

OLD, NEW = "o" * 43, "n" * 43
LINKS = Links("https://papers.example.org", (OLD, NEW))


@given(st.sampled_from(sorted(PATHS)), st.lists(st.integers(0, 10**17), min_size=1, max_size=4))
def test_what_was_signed_is_read_again(purpose, numbers):
    assert LINKS.read(purpose, LINKS.token(purpose, *numbers)) == tuple(numbers)


def test_an_unsubscribe_link_fits_into_seventy_letters_with_the_longest_base_and_a_million_readers():
    base = "https://".ljust(LONGEST_BASE_URL, "x")
    assert len(Links(base, (NEW,)).url("unsubscribe", 9_999_999)) == 70
    assert len("https://papers.cs.some-university.edu") <= LONGEST_BASE_URL


def test_w05_no_token_is_good_for_another_purpose_or_person():
    token = LINKS.token("unsubscribe", 42)
    assert [purpose for purpose in PATHS if LINKS.read(purpose, token)] == ["unsubscribe"]
    assert LINKS.read("unsubscribe", token.replace("42.", "43.")) is None


def test_w05_no_letter_of_a_token_can_be_changed_removed_or_added():
    token = LINKS.token("unsubscribe", 42)
    letters = string.ascii_letters + string.digits + "-_.=~ \n\0é"
    changed = {token[:at] + letter + token[at + 1 :] for at in range(len(token)) for letter in letters}
    longer = {token[:at] + letter + token[at:] for at in range(len(token) + 1) for letter in letters}
    shorter = {token[:at] + token[at + 1 :] for at in range(len(token))} | {"", "42", "42.", "." + token}
    spelled = {f"0{token}", f"+{token}", f"{token}=", f"{token}\n", token.upper(), token * 2}
    assert [odd for odd in (changed | longer | shorter | spelled) - {token} if LINKS.read("unsubscribe", odd)] == []


def test_w07_a_rotated_key_leaves_old_mails_their_links_and_a_dropped_one_does_not():
    before = Links(LINKS.base_url, (OLD,)).token("unsubscribe", 42)
    assert LINKS.read("unsubscribe", before) == (42,)
    assert LINKS.token("unsubscribe", 42) != before
    assert Links(LINKS.base_url, (NEW,)).read("unsubscribe", before) is None


def test_the_keys_are_not_shown():
    assert NEW not in repr(LINKS)


@pytest.mark.parametrize("kind", ["more", "less", "mute", "follow"])
def test_a_reader_gets_links_of_their_own(kind):
    reader = LINKS.of_reader(7, datetime(2026, 3, 4, 12, tzinfo=UTC))
    _, _, token = reader.feedback(kind, 317).rpartition("/")
    assert LINKS.read(kind, token) == (7, 317)
    assert LINKS.read("view", reader.view.rpartition("/")[2]) == (7, 1772625600)
    assert reader.unsubscribe == LINKS.url("unsubscribe", 7)
    assert reader.preferences == LINKS.url("preferences", 7)
