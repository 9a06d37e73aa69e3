"""Nothing on a reader's page is left in English: each message has its translation, and what is wrong is a message."""

import re

import pytest
from fluent.syntax import FluentParser, ast

from monitor.digest.evidence import evidence_in
from monitor.matchers.grammar import QueryError, parse_query, parse_term
from monitor.resources import folder
from monitor.words import speak
from tests.unit.web.conftest import BASE

LOOK = folder("templates")
SAME = {
    "link-code", "link-hugging-face", "link-pdf", "pattern-month", "pattern-weekday", "program", "trend-sources",
}  # fmt: skip
REFUSED = (
    "", "(a", "a )", "a OR", "()", "a and b", "a w/3 b", "a -b", "titel:x", "qqq:x", '"a', "a*b", "a*", "@", "after:x",
    "a NEAR (b c)", "a NEAR b NEAR c", "a NEAR/0 b", "author:A*", "NOT " * 60 + "a", "x " * 501, "x " * 9_000,
    "x" * 2_000,
)  # fmt: skip
_WORD = re.compile(r"[^\W\d_]{2,}")


def catalogue(language):
    tree = FluentParser().parse((LOOK / "words" / f"{language}.ftl").read_text())
    return {one.id.name: said(one.value) for one in tree.body if isinstance(one, ast.Message)}


def said(pattern):
    """Return the words of a message, without its facts."""
    found = []
    for part in pattern.elements:
        if isinstance(part, ast.TextElement):
            found.append(part.value)
        elif isinstance(part.expression, ast.SelectExpression):
            found += [said(one.value) for one in part.expression.variants]
    return " ".join(" ".join(found).split())


def test_every_message_has_a_translation_of_its_own():
    english, german = catalogue("en"), catalogue("de")
    assert english.keys() == german.keys()
    same = {name for name in english if english[name] == german[name] and _WORD.search(english[name])}
    assert same == SAME


@pytest.mark.parametrize("query", REFUSED)
def test_what_is_wrong_with_a_query_is_told_in_the_readers_language(query):
    with pytest.raises(QueryError) as refused:
        parse_query(query)
    english, german = (refused.value.said(speak(language)) for language in ("en", "de"))
    assert english == f"{refused.value.message}; {refused.value.hint}"
    assert (german != english, str(refused.value)) == (True, f"column {refused.value.column}: {english}")


def test_what_is_wrong_with_a_word_is_told_in_the_readers_language():
    with pytest.raises(QueryError) as refused:
        parse_term("x" * 2_000)
    assert "mehr als die 1.000" in refused.value.said(speak("de"))


def test_a_search_that_cannot_be_read_is_told_in_german(place):
    answer = place.client.get("/search?q=a+AND", accept_language="de")
    assert answer.status == 422
    assert "Spalte 6: die Suche endet, wo ein Wort stehen müsste; schreiben Sie ein Wort" in answer.text


@pytest.mark.parametrize(
    ("evidence", "german"),
    [
        ("same title, 92 % of its abstract's words, same authors",
         "gleicher Titel, 92 % der Wörter der Zusammenfassung, dieselben Autoren"),
        ("1 author in common", "1 gemeinsamer Autor"),
        ("3 authors in common", "3 gemeinsame Autoren"),
        ("no authors in common", "keine gemeinsamen Autoren"),
        ("version 2 of a paper from before we watched", "Fassung 2 einer Arbeit aus der Zeit, bevor wir zusahen"),
        ("a new version of a paper from before we watched",
         "eine neue Fassung einer Arbeit aus der Zeit, bevor wir zusahen"),
    ],
)  # fmt: skip
def test_why_papers_are_taken_for_one_is_told_in_the_readers_language(evidence, german):
    assert evidence_in(speak("de"), evidence) == german
    assert evidence_in(speak("en"), evidence) == evidence


def test_evidence_in_other_words_stays_as_it_is():
    assert evidence_in(speak("de"), "somebody said so, same title") == "somebody said so, gleicher Titel"


def test_a_fault_of_our_own_is_told_in_our_look_and_in_the_readers_language(place, monkeypatch, caplog):
    monkeypatch.setattr("monitor.web.listings.trends.latest", lambda _: 1 / 0)
    answer = place.client.get("/trending", accept_language="de")
    assert (answer.status, "Hier ging etwas kaputt" in answer.text, BASE not in answer.text) == (500, True, True)
    assert "ZeroDivisionError" in caplog.text
    assert "division" not in answer.text
