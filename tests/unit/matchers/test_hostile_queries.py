"""No query, however it is made, costs more than its limits allow. ``tests.bench.queries`` prints the milliseconds."""

from __future__ import annotations

import sys
from collections.abc import Callable

import pytest

from monitor.matchers.grammar import _MAX_TERM, MAX_CHARACTERS, MAX_WORDS
from monitor.matchers.postings import Postings
from monitor.matchers.query import QueryError, matching, parse_query
from tests.bench.queries import hostile, hostile_paper

MOST_CALLS = 60_000
"""Of functions, for reading a query and putting it to one paper: about 10 ms."""


@pytest.mark.parametrize("query", [pytest.param(query, id=name) for name, query in hostile()])
def test_a_hostile_query_is_refused_in_a_line_or_answered_with_bounded_work(query: str) -> None:
    postings = Postings([hostile_paper(1, 1_500)])
    refused: list[QueryError] = []
    parse_query.cache_clear()

    def ask() -> None:
        try:
            matching(parse_query(query).root, postings)
        except QueryError as error:
            refused.append(error)

    assert _calls(ask) < MOST_CALLS
    assert all(len(str(error)) < 300 and error.hint for error in refused)


def test_the_limits_hold_to_the_word_and_to_the_character() -> None:
    parse_query(" ".join(["ab"] * MAX_WORDS))
    parse_query("a" * _MAX_TERM)
    parse_query("ab".ljust(MAX_CHARACTERS))
    for beyond in ('"' + " ".join(["ab"] * (MAX_WORDS // 2 + 1)) + '" ' * 2, "a" * (_MAX_TERM + 1)):
        with pytest.raises(QueryError):
            parse_query(beyond)
    for beyond in (" ".join(["ab"] * (MAX_WORDS + 1)), "ab".ljust(MAX_CHARACTERS + 1)):
        with pytest.raises(QueryError, match="more than"):
            parse_query(beyond)


def _calls(what: Callable[[], None]) -> int:
    counted = 0

    def count(_frame: object, event: str, _argument: object) -> None:
        nonlocal counted
        counted += event in ("call", "c_call")

    sys.setprofile(count)
    try:
        what()
    finally:
        sys.setprofile(None)
    return counted
