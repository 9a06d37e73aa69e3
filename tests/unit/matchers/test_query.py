"""The boolean language: what it means, what it refuses, and that it stays fast whatever it is given."""

from __future__ import annotations

import random
import subprocess
import sys
import time

import pytest

from monitor.matchers.postings import Postings, members
from monitor.matchers.query import (
    QueryError,
    evidence,
    excluded_by,
    holds,
    matching,
    parse_query,
    parse_term,
    term_hits,
)
from monitor.testing import paper

CLASSIFIER = paper(
    1,
    title="Diffusion Models as Zero-Shot Classifiers",
    abstract="A DDPM scores every label. Fréchet distances and C++ code come with it; k-NN is the baseline.",
    authors=("Alexei A. Efros", "Jean-Baptiste Émile Müller"),
    categories=("cs.CV", "stat.ML"),
    sources=("hf_daily",),
)


@pytest.mark.parametrize(
    "query",
    [
        "diffusion",
        "DIFFUSION models",
        '"diffusion models"',
        '"diffusion model*"',
        '"diffus* models"',
        "zero-shot",
        '"zero shot"',
        "frechet",
        "FRÉCHET",
        "C++",
        "k-NN",
        "classif*",
        "medical OR ddpm",
        "medical OR diffusion AND ddpm",
        "(medical OR diffusion) ddpm",
        "diffusion NOT medical",
        "NOT NOT diffusion",
        "title:diffusion",
        'title:("zero shot" AND classif*)',
        "abstract:ddpm",
        "diffusion NEAR/2 models",
        "classif* NEAR/5 diffusion",
        '"every label" NEAR ddpm',
        "(medical OR classif*) NEAR/5 (survey OR diffusion)",
        "NOT diffusion NEAR/1 classif*",
        "zer* NEAR/1 shot",
        "shot NEAR/1 zer*",
        "author:Efros",
        'author:"A. Efros"',
        'author:"Efros, Alexei"',
        'author:"J.-B. Muller"',
        "cat:cs.CV",
        "cat:cs",
        "cat:STAT.*",
        "source:hf_daily",
        "after:2026-03-01",
        "“diffusion models”",
        "diffusion\u00a0models",
    ],
)
def test_a_query_holds_for_what_a_reader_means_by_it(query: str) -> None:
    assert holds(parse_query(query), CLASSIFIER)


@pytest.mark.parametrize(
    "query",
    [
        "medical",
        "classif",
        "classifier",
        '"models diffusion"',
        '"classifiers a"',
        "title:ddpm",
        "abstract:diffusion",
        "C",
        "C#",
        "diffusion NOT ddpm",
        "medical OR diffusion AND survey",
        "diffusion NEAR/4 classif*",
        "diffusion NEAR/9 ddpm",
        "distances NEAR/9 dist*",
        "NOT diffusion NEAR/2 models",
        'author:"B. Efros"',
        "author:Alexei",
        "cat:cs.LG",
        "cat:c",
        "source:arxiv",
        "after:2026-03-05",
    ],
)
def test_a_query_does_not_hold_for_anything_else(query: str) -> None:
    assert not holds(parse_query(query), CLASSIFIER)


@pytest.mark.parametrize(
    ("query", "column", "hint"),
    [
        ("", 1, "words"),
        ("   ", 1, "words"),
        ("(diffusion", 1, "')'"),
        ("diffusion)", 10, "before it"),
        ("diffusion OR", 13, "both sides"),
        ("AND diffusion", 1, "both sides"),
        ("()", 2, "both sides"),
        ("diffusion and models", 11, "AND"),
        ("diffusion || models", 11, "OR"),
        ("diffusion -medical", 11, "NOT medical"),
        ("titel:diffusion", 1, "did you mean 'title'?"),
        ("title: a: b", 8, "quotation marks"),
        ('"never closed', 1, '"phrase"'),
        ("cl*ssifier", 1, "cl*"),
        ("*", 1, "letters"),
        ("a*", 1, "letters"),
        ("@", 1, "word"),
        ("diffusion #", 11, "word"),
        ("after:March", 7, "YYYY-MM-DD"),
        ("a NEAR/3 (b AND c)", 3, "NEAR/5"),
        ("a NEAR/3 cat:cs", 3, "NEAR/5"),
        ("a NEAR/3 (NOT b)", 3, "NEAR/5"),
        ("a NEAR/3 b NEAR/3 c", 12, "AND"),
        ("a NEAR/0 b", 3, "NEAR/1"),
        ("a NEAR/101 b", 3, "NEAR/100"),
        ("a NEAR/x b", 3, "NEAR/1"),
        ("a near/3 b", 3, "NEAR/3"),
        ("a w/3 b", 3, "NEAR/3"),
        ("author:Efr*", 11, "surname"),
        ("title:", 7, "both sides"),
    ],
)
def test_what_cannot_be_read_is_refused_at_its_column_with_a_proposal(query: str, column: int, hint: str) -> None:
    with pytest.raises(QueryError) as refused:
        parse_query(query)
    assert refused.value.column == column
    assert hint in refused.value.hint
    assert str(refused.value).startswith(f"column {column}: ")


@pytest.mark.parametrize(
    ("query", "meant"),
    [("@x", "x"), ("%x", "x"), ("C# papers", '"C#" papers'), ("a' b", "a b"), ("gpt-4.5", '"gpt 4 5"')],
)
def test_odd_characters_have_their_plain_meaning(query: str, meant: str) -> None:
    held = paper(1, title="x c# papers a b gpt 4 5")
    assert holds(parse_query(query), held)
    assert holds(parse_query(meant), held)


@pytest.mark.parametrize(
    "query",
    ["x" * 10_001, "(" * 51 + "x" + ")" * 51, "NOT " * 51 + "x", "word " * 501, "title:" * 60 + "x"],
    ids=["characters", "parentheses", "nots", "terms", "fields"],
)
def test_a_query_beyond_the_limits_is_refused(query: str) -> None:
    with pytest.raises(QueryError, match="more than"):
        parse_query(query)


@pytest.mark.parametrize("query", ["(" * 50 + "x" + ")" * 50, "NOT " * 50 + "x", "word " * 500])
def test_a_query_at_the_limits_is_read(query: str) -> None:
    parse_query(query)


def test_any_text_is_either_read_or_refused_at_a_column_inside_it() -> None:
    draw = random.Random(7)
    pieces = [
        '"',
        "(",
        ")",
        "AND",
        "OR",
        "NOT",
        "NEAR/3",
        "title:",
        "after:",
        "a",
        "b*",
        "*",
        "-c",
        "é",
        "漢字",
        " ",
        "\n",
        ":",
    ]
    columns = []
    for _ in range(3_000):
        text = "".join(draw.choice(pieces) + draw.choice(["", " "]) for _ in range(draw.randrange(12)))
        try:
            holds(parse_query(text), CLASSIFIER)
        except QueryError as refused:
            columns.append((refused.column, len(text)))
    assert len(columns) > 1_000
    assert all(1 <= column <= length + 1 for column, length in columns)


def test_evidence_names_the_terms_that_hit_as_they_were_written_and_where() -> None:
    query = parse_query('("diffusion model*" OR ddpm) AND classif* NOT survey')
    assert [(one.text, one.where) for one in evidence(query, CLASSIFIER)] == [
        ("diffusion model*", "title"),
        ("ddpm", "abstract"),
        ("classif*", "title"),
    ]
    assert sum(one.share for one in evidence(query, CLASSIFIER)) == pytest.approx(1)


def test_what_keeps_a_paper_out_is_named_as_it_was_written() -> None:
    assert excluded_by(parse_query('diffusion NOT (survey OR "zero shot")'), CLASSIFIER) == "zero shot"
    assert excluded_by(parse_query("NOT ddpm"), CLASSIFIER) == "ddpm"
    assert excluded_by(parse_query("diffusion NOT survey"), CLASSIFIER) is None


def test_a_not_inside_an_or_keeps_nothing_out() -> None:
    query = parse_query("(medical NOT ddpm) OR diffusion")
    assert excluded_by(query, CLASSIFIER) is None
    assert holds(query, CLASSIFIER)


def test_a_keyword_is_one_phrase_found_in_the_title_first() -> None:
    assert term_hits("zero-shot classif*", CLASSIFIER) == "title"
    assert term_hits("ddpm", CLASSIFIER) == "abstract"
    assert term_hits("ddpm diffusion", CLASSIFIER) is None


@pytest.mark.parametrize("text", ["", "   ", "***", "*", "a*", "sur*vey", "x" * 10_001])
def test_a_keyword_without_a_word_is_refused(text: str) -> None:
    with pytest.raises(QueryError):
        parse_term(text)


def test_a_keyword_that_would_hang_a_regular_expression_is_only_words() -> None:
    hostile = paper(1, title="a" * 50_000, abstract="ab " * 50_000)
    started = time.process_time()
    assert term_hits("(a+)+$", hostile) is None
    for query in ('"ab ab ab ab ab ab x"', "ab NEAR/1 ba", '"ab* ab* ab* xx*"'):
        assert not holds(parse_query(query), hostile)
    assert time.process_time() - started < 5


def test_a_phrase_in_a_script_without_blanks_is_found_inside_a_run() -> None:
    held = paper(1, title="拡散モデルによる分類", abstract="")
    assert holds(parse_query("モデル"), held)
    assert not holds(parse_query("ルデモ"), held)


def test_a_batch_gives_the_same_answers_as_its_papers_alone() -> None:
    batch = [
        CLASSIFIER,
        paper(2),
        paper(3, title="Medical diffusion", abstract="ddpm"),
        paper(4, title="", abstract=""),
    ]
    for text in (
        "diffusion",
        "NOT diffusion",
        '"medical diff*" OR ddpm',
        "cat:cs.LG",
        "a NEAR/3 many",
        "denoising NOT ddpm",
    ):
        query = parse_query(text)
        found = list(members(matching(query.root, Postings(batch))))
        assert found == [place for place, one in enumerate(batch) if holds(query, one)]


def test_checking_a_query_loads_no_scientific_library() -> None:
    code = "import sys, monitor.matchers.query; print({'numpy', 'scipy', 'sklearn'} & set(sys.modules))"
    answer = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert answer.stdout.strip() == "set()"
