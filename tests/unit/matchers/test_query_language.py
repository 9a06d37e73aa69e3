"""The boolean language: what may be written, and which papers it holds for."""

import contextlib
import re
from datetime import UTC, datetime
from time import process_time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.matchers.query import QueryError, evidence, excluded_by, holds, parse_query, term_hits
from monitor.testing import paper

ZERO_SHOT = paper(
    1,
    title="Your Diffusion Model Is Secretly a Zero-Shot Classifier",
    abstract="We read Fréchet distances off a generative classifier. No training is needed.",
    authors=("Alexei A. Efros", "Chloé Dupont"),
    categories=("cs.CV", "cs.LG"),
    sources=("hf",),
    first_seen=datetime(2026, 3, 4, tzinfo=UTC),
    published=datetime(2026, 3, 1, tzinfo=UTC),
)


@pytest.mark.parametrize(
    "query",
    [
        "diffusion",
        "DIFFUSION MODEL",
        '"diffusion model"',
        '"diffusion model*"',
        "classif*",
        "zero-shot",
        '"zero shot"',
        "frechet",
        "fréchet AND distances",
        "robots OR classifier",
        "diffusion NOT robots",
        "(robots OR diffusion) AND (soup OR classif*)",
        "title:secretly",
        "abstract:training",
        "title:(secretly AND diffusion)",
        'author:"A. Efros"',
        "author:dupont",
        "cat:cs.CV",
        "source:hf",
        "after:2026-01-01",
        '"diffusion model" NEAR/7 classifier',
    ],
)
def test_a_query_holds(query):
    assert holds(parse_query(query), ZERO_SHOT)


@pytest.mark.parametrize(
    "query",
    [
        "diffusions",
        '"model diffusion"',
        "robots",
        "diffusion AND robots",
        "NOT diffusion",
        "diffusion NOT classif*",
        "abstract:secretly",
        "title:training",
        'author:"B. Efros"',
        "cat:cs.RO",
        "source:arxiv",
        "after:2026-03-05",
        '"diffusion model" NEAR/6 classifier',
        "iffusion",
    ],
)
def test_a_query_does_not_hold(query):
    assert not holds(parse_query(query), ZERO_SHOT)


@pytest.mark.parametrize(
    ("query", "column"),
    [
        ("(a OR b", 1),
        ("a AND", 6),
        ('"open', 1),
        ("a )", 3),
        ("", 1),
        ("titel:x", 1),
        ("after:soon", 7),
        ("a OR OR b", 6),
    ],
)
def test_a_mistake_is_told_with_its_column_and_a_way_out(query, column):
    with pytest.raises(QueryError) as raised:
        parse_query(query)
    assert abs(raised.value.column - column) <= 1
    assert raised.value.hint


def test_the_evidence_names_the_terms_as_written_and_where_they_stand():
    found = evidence(parse_query('("diffusion model*" OR robots) AND classif* NOT survey'), ZERO_SHOT)
    assert {(reason.text, reason.where) for reason in found} == {("diffusion model*", "title"), ("classif*", "title")}


def test_what_a_not_throws_out_is_named():
    assert excluded_by(parse_query("diffusion NOT (survey OR training)"), ZERO_SHOT) == "training"
    assert excluded_by(parse_query("diffusion NOT survey"), ZERO_SHOT) is None


def test_a_single_term_says_where_it_hits():
    assert term_hits("zero-shot", ZERO_SHOT)
    assert not term_hits("few-shot", ZERO_SHOT)


WORDS = ("ant", "bee", "cat", "dog")
TERMS = st.sampled_from(WORDS)
QUERIES = st.recursive(
    TERMS,
    lambda inner: st.one_of(
        st.tuples(inner, st.sampled_from(["AND", "OR"]), inner).map(lambda parts: f"({' '.join(parts)})"),
        inner.map(lambda one: f"(NOT {one})"),
    ),
    max_leaves=8,
)


@settings(max_examples=400, deadline=None)
@given(QUERIES, st.sets(TERMS))
def test_and_or_not_mean_what_they_mean_everywhere(query, present):
    python = re.sub("ant|bee|cat|dog", lambda word: str(word[0] in present), query.lower().replace("and", "and"))
    wanted = eval(python)
    assert holds(parse_query(query), paper(1, title=" ".join(sorted(present)), abstract="")) == wanted


@settings(max_examples=300, deadline=None)
@given(st.text(alphabet='()"*:/ abANDORT-é\n', max_size=80))
def test_k08_hostile_queries_end_in_a_query_or_a_clear_error(text):
    with contextlib.suppress(QueryError):  # whatever else escapes is a crash
        holds(parse_query(text), ZERO_SHOT)


@pytest.mark.parametrize(
    "query", ["(" * 5_000 + "a" + ")" * 5_000, "a* " * 3_000, "x" * 1_000_000, "NOT " * 3_000 + "a"]
)
def test_k16_endless_queries_end_at_once(query):
    start = process_time()
    with pytest.raises(QueryError):
        parse_query(query)
    assert process_time() - start < 2
