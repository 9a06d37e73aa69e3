"""How values become heights, and text becomes lines of columns."""

from __future__ import annotations

from monitor.render.columns import columns, fill, underline
from monitor.render.environment import heights
from monitor.types.digests import Bar


def test_heights_are_to_scale_and_never_fall_out_of_the_chart() -> None:
    assert heights((Bar("", 0), Bar("", 0.01), Bar("", 5), Bar("", 10), Bar("", -3)), 8) == [0, 1, 4, 8, 0]
    assert heights((Bar("", 0), Bar("", 0)), 8) == [0, 0]
    assert heights((), 8) == []


def test_columns_count_wide_letters_twice_and_marks_not_at_all() -> None:
    assert [columns(text) for text in ("abc", "漢字", "e\u0301", "한글", "ab漢")] == [3, 4, 1, 4, 4]


def test_lines_are_filled_and_start_as_told() -> None:
    assert fill("one two three", "* ", width=9) == "* one two\n  three"
    assert fill("one two three", "| ", "| ", width=9) == "| one two\n| three"
    assert fill("漢字漢字漢字", "", width=8) == "漢字漢字\n漢字"


def test_what_cannot_be_broken_keeps_a_line_of_its_own() -> None:
    assert fill("see https://example.org/long here", "- ", width=10) == "- see\n  https://example.org/long\n  here"


def test_a_line_does_not_start_with_what_closes_a_phrase() -> None:
    assert fill("漢字漢字。漢字", width=8) == "漢字漢\n字。漢字"


def test_white_space_of_every_kind_is_one_blank() -> None:
    assert fill("a\r\nb\t c\n\n") == "a b c"


def test_an_underline_is_as_wide_as_its_text() -> None:
    assert underline("漢字a", "=") == "====="
    assert len(underline("x" * 100, "=")) == 72
