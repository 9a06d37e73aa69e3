"""Papers as BibTeX: what comes out is read again as what went in."""

import re
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.sources.bibtex import entries
from monitor.testing import paper
from monitor.types.listings import Entry
from monitor.web.bibtex import bibtex


def read(*papers):
    return list(entries(bibtex(papers).encode()))


def test_a_paper_is_read_again_as_it_was():
    one = paper(
        7,
        title="50% of k-NN & BERT_base",
        authors=("Ada Lovelace", "Émilie du Châtelet"),
        url="https://x.example/a_b%20c",
    )
    (found,) = read(one)
    assert (found.title, found.abstract, found.authors) == (one.title, one.abstract, one.authors)
    assert found.ids[0] == one.key
    assert str(found.published)[:10] == str(one.published)[:10]


def test_a_paper_known_by_its_doi_says_so():
    (found,) = read(paper(key="doi:10.1000/a_b", url=None))
    assert found.ids == ("doi:10.1000/a_b",)


def test_a_group_and_a_name_with_a_comma_stay_one_author():
    names = ("The Lantern and Fog Group", "Ada Bee, Jr.")
    (found,) = read(paper(authors=names))
    assert len(found.authors) == 2
    assert found.authors[0] == names[0]


def test_each_record_has_a_key_of_its_own_that_tells_author_and_year():
    at = datetime(2026, 3, 1, tzinfo=UTC)
    said = bibtex([paper(1, published=at), paper(2, published=at), paper(3, authors=(), published=at)])
    assert re.findall(r"@article\{(.*),", said) == ["lovelace2026-1", "lovelace2026-2", "paper2026-3"]


@given(st.lists(st.text(max_size=40), min_size=1, max_size=3), st.text(max_size=80))
def test_no_text_of_a_paper_ends_its_record_or_starts_another(authors, text):
    title = f"Lanterns {text}"
    found = read(paper(1, title=title, abstract=text, authors=tuple(authors)), paper(2))
    assert [type(one) for one in found] == [Entry, Entry]
    assert found[1].title == paper(2).title


@pytest.mark.parametrize("text", ["a} @article{x, title = {no}", "a\n@article{x, title={no}}", "\\", "}{", "%"])
def test_text_made_to_break_out_stays_text(text):
    found = read(paper(1, title=f"T {text}", abstract=text, authors=(text,)), paper(2))
    assert len(found) == 2
    assert found[0].title.startswith("T ")
