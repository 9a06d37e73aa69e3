"""The words of mails: all in catalogues, the same in every language, none in the code."""

import ast
import re
from datetime import UTC, date, datetime
from pathlib import Path
from typing import get_args

import pytest
from fluent.syntax import FluentParser
from fluent.syntax import ast as fluent
from fluent.syntax.visitor import Visitor
from jinja2 import Environment

from monitor import resources
from monitor.types.ledger import PlacementReason
from monitor.words import Words, direction, languages, speak

ROOT = Path(__file__).resolve().parents[2]
DIGEST = sorted((ROOT / "monitor" / "digest").rglob("*.py"))
RENDER = sorted((ROOT / "monitor" / "render").glob("*.py"))
WEB = sorted((ROOT / "monitor" / "web").glob("*.py"))
QUERIES = ROOT / "monitor" / "matchers" / "grammar.py"
SPOKEN = [ROOT / "monitor" / "words.py", ROOT / "monitor" / "jobs" / "letters.py", QUERIES, *WEB]
TEMPLATES = sorted((ROOT / "templates").rglob("*.j2"))
OPERATORS = ("operator", "login")
"""Pages of the operator, who reads English on the command line and in monitor.yaml too."""


class Variables(Visitor):
    def __init__(self):
        self.names = set()

    def visit_VariableReference(self, node):  # noqa: N802 - the visitor's way
        self.names.add(node.id.name)


def catalogue(language):
    text = (resources.folder("templates") / "words" / f"{language}.ftl").read_text(encoding="utf-8")
    parsed = FluentParser().parse(text).body
    assert [entry.content for entry in parsed if isinstance(entry, fluent.Junk)] == []
    found = {}
    for entry in parsed:
        if isinstance(entry, fluent.Message):
            assert entry.id.name not in found, f"{entry.id.name} stands twice"
            (variables := Variables()).visit(entry)
            found[entry.id.name] = variables.names
    return found


def strings(path):
    """The strings of a module that are no docstring."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    alone = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    return [
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in alone
    ]


@pytest.mark.parametrize("path", DIGEST, ids=lambda path: path.name)
def test_no_sentence_stands_in_the_code_of_a_digest(path):
    names = set(get_args(PlacementReason))
    spoken = [text for text in strings(path) if re.search(r"[^\W\d]\s|\s[^\W\d]|^[A-Z]", text) and text not in names]
    assert spoken == [], "put what readers see into templates/words/en.ftl"


def test_every_message_is_used_and_every_used_one_is_there():
    code = "\n".join(path.read_text(encoding="utf-8") for path in [*DIGEST, *RENDER, *TEMPLATES, *SPOKEN])
    known = catalogue("en")
    begun = tuple(re.findall(r'f"([a-z]+-)\{', code)) + tuple(re.findall(r'"([a-z]+-)" ~', code))
    ended = tuple(re.findall(r'~ "(-[a-z]+)"', code))
    unused = [name for name in known if f'"{name}"' not in code and not name.startswith(begun)]
    assert [name for name in unused if not name.endswith(ended)] == []
    said = re.findall(r'\b(?:say|words|words_for\(request\))\(\s*"([a-z0-9-]+)"', code)
    assert len(said) > 60
    assert [name for name in said if name not in known and not name.endswith("-")] == []


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.name)
def test_no_word_of_a_language_stands_in_a_template(path):
    if path.parent.name != "web" or path.name.startswith(OPERATORS):
        return
    spoken = Environment().lex(CLASSES.sub("", path.read_text(encoding="utf-8")))
    quoted, plain = [], []
    for _, kind, text in spoken:
        if kind == "string" and re.search(r"[^\W\d]\s[^\W\d]|^.[A-Z][a-z]", text) and not DATES.fullmatch(text[1:-1]):
            quoted.append(text)
        plain += [text] if kind == "data" else []
    shown = re.sub(r"<[^>]*>", " ", " ".join(plain)) + " ".join(SHOWN.findall("".join(plain)))
    assert quoted == []
    assert [word for word in re.findall(r"[^\W\d_]{2,}", shown) if word not in NAMES] == []


CLASSES = re.compile(r"{% block (?:kind|room) %}\w*{% endblock %}")
NAMES = {"BibTeX", "Atom", "JSON", "Feed", "AND", "nbsp"}
DATES = re.compile(r"(?:%[A-Za-z][ :.-]?)+")
SHOWN = re.compile(r'(?:aria-label|alt|title|placeholder)="([^"{]+)"')


@pytest.mark.parametrize("language", languages())
def test_a_language_has_every_message_with_the_same_variables(language):
    assert catalogue(language) == catalogue("en")


def test_numbers_days_and_lists_follow_the_language():
    english, german = speak("en"), speak("de")
    assert (english("papers", count=1), english("papers", count=1204)) == ("1 paper", "1,204 papers")
    assert (german("papers", count=1), german("papers", count=1204)) == ("1 Arbeit", "1.204 Arbeiten")
    assert english.date("day", date(2026, 11, 20)) == "Fri 20 Nov"
    assert german.date("moment", datetime(2026, 3, 4, 7, 5, tzinfo=UTC)) == "Mi. 4. März 07:05"
    assert english.listed(["a", "b", "c"]) == "a, b and c"
    assert german.listed(["a", "b"]) == "a und b"
    assert english.listed([]) == ""


def test_a_language_without_a_catalogue_is_spoken_to_in_its_main_language_or_in_english():
    assert speak("de-AT").language == "de"
    assert speak("tlh").language == "en"
    assert (direction("ar-EG"), direction("de"), direction("../x")) == ("rtl", "ltr", "ltr")


def test_what_a_catalogue_lacks_is_an_error_with_its_name():
    broken = Words("en", "empty =\n    .attribute = x\nasks = { $fact }\n")
    with pytest.raises(LookupError, match="nothing"):
        broken("nothing")
    with pytest.raises(LookupError, match="empty"):
        broken("empty")
    with pytest.raises(LookupError, match="fact"):
        broken("asks")
