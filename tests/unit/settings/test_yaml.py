"""Files that are no YAML, or YAML that does not mean what it looks like."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from textwrap import dedent
from typing import TYPE_CHECKING, TypeAlias

import pytest

from monitor.settings.yaml import MAX_BYTES, MAX_DEPTH, MAX_NODES, Document, read_document

if TYPE_CHECKING:
    from tests.unit.settings.conftest import Problems

Read: TypeAlias = Callable[[str | bytes], Document]
Fails: TypeAlias = Callable[[str | bytes], tuple[int, int, str, str]]


@pytest.fixture
def read(tmp_path: Path) -> Read:
    """Return what one file holds."""

    def read(text: str | bytes) -> Document:
        path = tmp_path / "f.yaml"
        path.write_bytes(text if isinstance(text, bytes) else dedent(text).lstrip("\n").encode())
        return read_document(path)

    return read


@pytest.fixture
def fails(read: Read, problems: Problems) -> Fails:
    """Return the one problem that stops the reading, as (line, column, message, hint)."""

    def fails(text: str | bytes) -> tuple[int, int, str, str]:
        (problem,) = problems(lambda: read(text))
        return problem.line, problem.column, problem.message, problem.hint

    return fails


@pytest.mark.parametrize(
    ("text", "line", "column", "says"),
    [
        ("a: b\n\tc: d\n", 2, 1, "tab"),
        ("a:\n\t- b\n", 2, 1, "tab"),
        ("a: |\n\ttext\n", 2, 1, "tab"),
        ("name:Ada\nto: x\n", 1, 5, "a blank is missing after the colon"),
        ("to: x\nname:Ada\nbudget: 3\n", 2, 5, "a blank is missing after the colon"),
        ('a: "b\nc: d\n', 1, 4, "quote is opened here and never closed"),
        ("a: 'b\nc: d\n", 1, 4, "quote is opened here and never closed"),
        ("a: 'it's'\n", 1, 8, "does not fit what stands before it"),
        ("a: [b, c\nd: e\n", 1, 4, "never closed"),
        ("a: {b: c\nd: e\n", 1, 4, "never closed"),
        ("a:\n  b: c\n d: e\n", 3, 2, "does not fit"),
        ("- a\nb: c\n", 2, 1, "a list item is expected"),
        ("a: - b\n", 1, 4, "a list item is not expected"),
        ('a: "\\q"\n', 1, 5, "escape"),
        ("a\nb: c\n", 2, 2, "':' is not expected"),
        ("a: ]\n", 1, 4, "a value is expected"),
    ],
)
def test_k01_broken_syntax_is_placed_and_put_in_words(
    fails: Fails, text: str, line: int, column: int, says: str
) -> None:
    found = fails(text)
    assert found[:2] == (line, column)
    assert says in found[2]
    assert found[3]


def test_k02_duplicate_keys_name_both_lines_and_keep_the_first(read: Read) -> None:
    document = read("to: a\nname: b\nto: c\n")
    (problem,) = document.problems
    assert (problem.line, problem.column) == (3, 1)
    assert "'to' is here twice: on line 1 and on line 3" in problem.message
    assert document.value == {"to": "a", "name": "b"}


def test_k02_duplicate_keys_are_found_at_any_depth(read: Read) -> None:
    document = read("a:\n  - {b: 1, c: {d: 1, d: [2, 3]}}\n")
    assert [(problem.line, problem.column) for problem in document.problems] == [(2, 22)]


def test_k04_plain_text_stays_what_it_looks_like(read: Read) -> None:
    text = """
        lang: no
        other: on
        at: 12:30:45
        octal: 010
        version: 1.10
        id: 2611.01230
        day: 2026-11-21
        yes: true
        hex: 0x1F
        big: 1e3
    """
    assert read(text).value == {
        "lang": "no",
        "other": "on",
        "at": "12:30:45",
        "octal": "010",
        "version": "1.10",
        "id": "2611.01230",
        "day": "2026-11-21",
        "yes": "true",
        "hex": "0x1F",
        "big": "1e3",
    }


def test_k04_only_what_is_absent_or_null_is_nothing(read: Read) -> None:
    assert read("a:\nb: ~\nc: null\nd: 'null'\ne: ''\n").value == {
        "a": None,
        "b": None,
        "c": None,
        "d": "null",
        "e": "",
    }


def test_k05_an_anchor_bomb_is_refused_before_it_grows(read: Read) -> None:
    bomb = "a: &a [x, x, x, x, x, x, x, x, x]\n" + "".join(
        f"{new}: &{new} [{', '.join(['*' + old] * 9)}]\n" for old, new in zip("abcdefgh", "bcdefghi", strict=True)
    )
    document = read(bomb)
    assert any("&a" in problem.message and "anchor" in problem.message for problem in document.problems)
    assert any("*a" in problem.message and "alias" in problem.message for problem in document.problems)
    assert document.value["b"] == [None] * 9


def test_k05_an_anchor_that_holds_itself_is_refused(read: Read) -> None:
    document = read("a: &a {b: *a}\n")
    assert len(document.problems) == 2
    assert document.is_unread(("a", "b"))


@pytest.mark.parametrize("opening", ["[", "{a: ", "- "])
def test_k05_deep_nesting_is_refused_without_a_crash(fails: Fails, opening: str) -> None:
    line, column, message, _ = fails("a: [" + opening * 20_000 if opening != "- " else "- " * 20_000)
    assert f"more than {MAX_DEPTH} levels" in message
    assert line == 1
    assert column < 120


def test_k05_a_megabyte_of_brackets_is_refused_without_a_crash(fails: Fails) -> None:
    assert "levels deep" in fails("[" * (MAX_BYTES - 10))[2]


def test_k05_too_many_values_are_refused(fails: Fails) -> None:
    assert f"{MAX_NODES:,} values" in fails("".join(f"k{number}: 1\n" for number in range(MAX_NODES)))[2]


def test_k05_a_large_file_is_refused_unread(tmp_path: Path, problems: Problems) -> None:
    path = tmp_path / "f.yaml"
    path.touch()
    os.truncate(path, 100_000_000)
    (problem,) = problems(lambda: read_document(path))
    assert "larger than 1 MB" in problem.message


@pytest.mark.parametrize("tag", ["!!python/object/apply:os.system", "!custom", "!!str", "!"])
def test_k06_tags_are_refused(read: Read, tag: str) -> None:
    document = read(f"a: {tag} [b]\nc: d\n" if tag != "!!str" else f"a: {tag} b\nc: d\n")
    (problem,) = document.problems
    assert (problem.line, problem.column) == (1, 4)
    assert "is a tag" in problem.message
    assert document.is_unread(("a",))


@pytest.mark.parametrize(
    ("text", "line", "column", "says"),
    [
        ("", 1, 1, "empty"),
        ("# only a comment\n\n", 1, 1, "empty"),
        ("- a\n- b\n", 1, 1, "found a list"),
        ("just words\n", 1, 1, "found text"),
        ("---\n", 2, 1, "found nothing"),
        ("a: b\n---\nc: d\n", 2, 1, "second document"),
        ("a: b\n\u00a0\u00a0c: d\n", 2, 1, "no-break space"),
        ("a:\n  -\u00a0b\n", 2, 4, "no-break space"),
        ("a:\u00a0b\n", 1, 3, "no-break space"),
        ("a: b\n\u200bc: d\n", 2, 1, "zero width space"),
        ("a: b\nc: d\0e\n", 2, 5, "U+0000"),
        ("a: \x1b[31mred\n", 1, 4, "U+001B"),
        (b"\xff\xfea\0:\0 \0b\0", 1, 1, "UTF-16"),
        (b"a\0:\0 \0b\0\n\0", 1, 1, "UTF-16"),
        (b"a: b\nc: caf\xe9\n", 2, 7, "0xe9 is not UTF-8"),
        ("? [a, b]\n: c\n", 1, 3, "a key is expected"),
    ],
)
def test_k07_what_is_no_single_map_of_text_is_refused_clearly(
    fails: Fails, text: str | bytes, line: int, column: int, says: str
) -> None:
    found = fails(text)
    assert found[:2] == (line, column)
    assert says in found[2]


def test_k07_a_byte_order_mark_windows_line_ends_and_pasted_blanks_are_read(read: Read) -> None:
    document = read("\ufeffa: b\r\nc: no\u00a0break\u2028here\r\n".encode())
    assert document.value == {"a": "b", "c": "no\u00a0break here"}
    assert document.problem(("c",), "x").line == 2


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("a: @x\n", "text cannot start with '@'"),
        ("a: %x\n", "text cannot start with '%'"),
        ("a: `x`\n", "text cannot start with '`'"),
        ("a: *\n", "'*' or '&' cannot start text"),
        ("%x: a\n", "cannot start with '%'"),
        ("title: a: b\n", "':' is not expected"),
    ],
)
def test_k08_signs_that_need_quotes_are_named(fails: Fails, text: str, says: str) -> None:
    assert says in fails(text)[2]
    assert "quotes" in fails(text)[3]


def test_k08_signs_that_need_none_keep_their_meaning(read: Read) -> None:
    assert read("- C# papers\n".replace("- ", "a: ")).value == {"a": "C# papers"}
    assert read("a: [c++, f#, 'x: y', -keyword]\n").value == {"a": ["c++", "f#", "x: y", "-keyword"]}


@pytest.mark.parametrize(
    ("name", "says"),
    [("pipe", "not a regular file"), ("folder", "not a regular file"), ("none", "no such file")],
)
def test_k13_pipes_folders_and_missing_files_do_not_block(
    tmp_path: Path, problems: Problems, name: str, says: str
) -> None:
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "folder").mkdir()
    (problem,) = problems(lambda: read_document(tmp_path / name))
    assert says in problem.message


@pytest.mark.parametrize(
    ("scalar", "text", "offset"),
    [("abcXd", "abcXd", 3), ("'it''s X'", "it's X", 5), (r'"a\"\u00e9\n X"', 'a"é\n X', 5), ("é日X", "é日X", 2)],
)
def test_a_place_inside_a_scalar_counts_quotes_and_escapes(read: Read, scalar: str, text: str, offset: int) -> None:
    document = read(f"key: {scalar}\n")
    assert document.value["key"] == text
    problem = document.problem(("key",), "x", offset=offset)
    assert problem.source_line[problem.column - 1] == "X"


def test_a_place_inside_a_block_is_the_start_of_the_block(read: Read) -> None:
    problem = read("key: >\n  one\n  two\n").problem(("key",), "x", offset=5)
    assert (problem.line, problem.column) == (1, 6)


def test_a_shown_line_holds_no_secret_no_escape_and_is_not_long(read: Read) -> None:
    document = read("c: {password: hunter2, b: 1}\nd: 'x\u202ey'\ne: " + "y" * 500 + "\n")
    assert "hunter2" not in str(document.problem(("c", "b"), "x"))
    assert "\u202e" not in str(document.problem(("d",), "x"))
    assert len(document.problem(("e",), "x").source_line) == 160
