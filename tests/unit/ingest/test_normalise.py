"""The gate between parser and store."""

from datetime import UTC, datetime

import pytest

from monitor.ingest.normalise import clean_entry, normalise, web_url
from monitor.types.listings import Entry, Listing

AT = datetime(2026, 3, 4, 12, tzinfo=UTC)


def test_f33_line_breaks_and_control_characters_in_a_title_become_nothing_or_a_blank():
    title = clean_entry(Entry("Fast\r\nBcc: all@example.org\x00\x1b[31m\u202e end"), AT).title
    assert title == "Fast Bcc: all@example.org[31m end"


def test_f34_combining_marks_are_limited():
    assert len(clean_entry(Entry("Z" + "\u0301" * 200), AT).title) <= 4


def test_f32_comparisons_ampersands_and_braces_stay_as_they_are():
    abstract = clean_entry(Entry("t", "We see p < 0.05 & {{ 7*7 }} and %s."), AT).abstract
    assert abstract == "We see p < 0.05 & {{ 7*7 }} and %s."


def test_latex_that_has_a_plain_reading_is_read():
    assert (
        clean_entry(Entry(r"Fr\'echet means of $\alpha$-stable {\em noise}"), AT).title
        == "Fréchet means of α-stable noise"
    )


def test_f10_lengths_and_author_lists_are_capped():
    entry = clean_entry(Entry("t" * 60_000, "a " * 40_000, tuple(f"N {i}" for i in range(5_000))), AT)
    assert len(entry.title) <= 500
    assert len(entry.abstract) <= 20_000
    assert len(entry.authors) == 100


def test_names_written_family_first_are_turned():
    assert clean_entry(Entry("t", authors=("Lovelace, Ada", "Charles Babbage")), AT).authors == (
        "Ada Lovelace",
        "Charles Babbage",
    )


def test_f28_a_date_from_the_future_is_pulled_to_the_next_day_and_an_absurd_one_is_dropped():
    future = clean_entry(Entry("t", published=datetime(2099, 1, 1, tzinfo=UTC)), AT).published
    assert future == datetime(2026, 3, 5, 12, tzinfo=UTC)
    assert clean_entry(Entry("t", published=datetime(1, 1, 1, tzinfo=UTC)), AT).published is None


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)",
        "data:text/html,x",
        "https://user:pw@example.org/",
        "https://x/\nBcc:",
        'https://x/"a',
        "http://[",
    ],
)
def test_links_that_are_not_plain_web_addresses_are_dropped(url):
    assert web_url(url) is None


def test_an_entry_without_a_title_becomes_an_oddity_with_its_place():
    listing = normalise(Listing((Entry("\u200b", where="line 9"), Entry("Good")), announced=2), AT)
    assert [entry.title for entry in listing.entries] == ["Good"]
    assert [str(oddity) for oddity in listing.oddities] == ["line 9: no title"]
