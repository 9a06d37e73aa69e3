"""What libyaml's complaints mean, in the words of someone who writes a configuration and not a parser."""

from __future__ import annotations

import re
from typing import TypeAlias

import yaml

Explanation: TypeAlias = tuple[int, int, str, str]
"""Line and column from 1, what is wrong, and what to do."""

_NO_BLANK = re.compile(r"^(?:\s*(?:- )?)[A-Za-z_][\w-]*(:)(?=[^\s/:])(?!.*: )")
_TAB_INDENT = re.compile(r"^ *\t")

_MEANINGS: tuple[tuple[str, bool, str, str], ...] = (
    # libyaml's words; whether its context mark is the better place; what is wrong; what to do
    ("unexpected end of stream", True, "a quote is opened here and never closed", "close it, or remove it"),
    ("unexpected document indicator", True, "a quote is opened here and never closed", "close it, or remove it"),
    (
        "mapping values are not allowed",
        False,
        "a ':' is not expected here",
        "put text that holds ': ' in quotes; check the indentation",
    ),
    (
        "sequence entries are not allowed",
        False,
        "a list item is not expected here",
        "start each '- item' on a line of its own",
    ),
    ("',' or ']'", True, "the list that is opened here is never closed, or lacks a comma", "check '[', ',' and ']'"),
    ("',' or '}'", True, "the map that is opened here is never closed, or lacks a comma", "check '{', ',' and '}'"),
    (
        "unknown escape character",
        False,
        "this is no escape in double quotes",
        "write \\\\ for a backslash, or use single quotes",
    ),
    ("alphabetic or numeric character", True, "a '*' or '&' cannot start text", "put it in quotes"),
    (
        "could not find expected ':'",
        True,
        "a ':' is missing on this line",
        "write 'key: value', or put the text in quotes",
    ),
    (
        "did not find expected key",
        False,
        "this does not fit what stands before it",
        "check the indentation and the quotes",
    ),
    ("'-' indicator", False, "a list item is expected here", "start it with '- ', or check the indentation"),
    ("a tab character", False, "a tab indents this line", "use blanks: YAML refuses tabs"),
    (
        "expected node content",
        False,
        "a value is expected here",
        "check the brackets; put text that starts with a sign in quotes",
    ),
    ("scanning a directive", False, "a line cannot start with '%'", "put the text in quotes"),
)


def explain_syntax(error: yaml.MarkedYAMLError, lines: list[str]) -> Explanation:
    """Return where reading broke off and why. ``lines`` are those of the file."""
    mark = error.problem_mark or error.context_mark
    line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
    return (
        _tab(lines, line)
        or _missing_blank(lines, line)
        or _bad_start(error, lines, line, column)
        or _by_words(error, line, column)
    )


def _tab(lines: list[str], line: int) -> Explanation | None:
    if line <= len(lines) and (found := _TAB_INDENT.match(lines[line - 1])):
        return line, found.end(), "a tab indents this line", "use blanks: YAML refuses tabs"
    return None


def _missing_blank(lines: list[str], line: int) -> Explanation | None:
    for number in (line, line - 1):
        if 0 < number <= len(lines) and (found := _NO_BLANK.match(lines[number - 1])):
            return number, found.end(1), "a blank is missing after the colon", f"write {found[0].strip()} and a blank"
    return None


def _bad_start(error: yaml.MarkedYAMLError, lines: list[str], line: int, column: int) -> Explanation | None:
    if "cannot start any token" not in (error.problem or ""):
        return None
    sign = lines[line - 1][column - 1 : column] if line <= len(lines) else ""
    if sign == "\t":
        return line, column, "a tab indents this line", "use blanks: YAML refuses tabs"
    return line, column, f"text cannot start with {sign!r}", "put it in quotes"


def _by_words(error: yaml.MarkedYAMLError, line: int, column: int) -> Explanation:
    said = f"{error.context or ''} {error.problem or ''}"
    for words, at_context, message, hint in _MEANINGS:
        if words in said:
            mark = error.context_mark if at_context else None
            return (mark.line + 1, mark.column + 1, message, hint) if mark else (line, column, message, hint)
    return (
        line,
        column,
        f"this is not YAML: {(error.problem or 'unreadable').strip()}",
        "check quotes, brackets and indentation",
    )
