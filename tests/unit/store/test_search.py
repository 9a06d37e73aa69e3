"""Papers by their words, on each kind of database."""

from types import SimpleNamespace

import pytest
import sqlalchemy as sa

from monitor.jobs import search as job
from monitor.jobs.search import Search, index_of
from monitor.matchers.grammar import parse_query
from monitor.store import search
from monitor.store.words import fts5, tsquery
from monitor.types.listings import Entry
from tests.unit.store.test_papers import keep

__all__ = ["keep"]

ENTRIES = (
    Entry("Diffusion Models in the Kitchen", "A state-of-the-art model of pots.", ("Björk Guðmundsdóttir",)),
    Entry("Kitchens without Diffusion", "GPT-4 cooks in 2.5 hours.", ("Ada Lovelace",)),
    Entry("On Pots", "Diffusion is a model; a kitchen is another. Fréchet means.", ("Emily Brontë",)),
)


@pytest.fixture
def filled(store, keep):
    keep(*ENTRIES)
    return SimpleNamespace(store=store)


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("diffusion", {1, 2, 3}),
        ('"diffusion model*"', {1}),
        ("title:kitchen*", {1, 2}),
        ("diffus* AND NOT pots", {2}),
        ("(gpt-4 OR 2.5) kitchen*", {2}),
        ("state-of-the-art", {1}),
        ("frechet", {3}),
        ("author:guðmundsdóttir", {1}),
        ("author:Lovelace OR author:Bronte", {2, 3}),
        ("diffusion NEAR/3 model*", {1, 3}),
        ("NOT gpt", {1, 3}),
        ("lantern", set()),
    ],
)
def test_a_query_finds_the_same_on_every_database(filled, query, found):
    assert {one.id for one in job.run(filled, Search(query), 9).papers} == found


@pytest.mark.parametrize("query", ["diffusion", "frechet", "author:Brontë", "gpt-4", "2.5", "state-of-the-art"])
def test_the_index_itself_finds_them(filled, query):
    root = parse_query(query).root
    with filled.store.read() as session:
        query, number = search.holding(session, index_of(root))
        assert 1 <= len(session.scalars(query.order_by(number)).all()) <= (3 if "diffusion" in str(root) else 1)


def test_postgresql_looks_into_its_index(filled):
    with filled.store.read() as session:
        if session.get_bind().dialect.name == "postgresql":
            session.execute(sa.text("SET LOCAL enable_seqscan = off"))
            query, _ = search.holding(session, index_of(parse_query("diffusion").root))
            said = query.compile(session.get_bind(), compile_kwargs={"literal_binds": True})
            plan = session.connection().exec_driver_sql(f"EXPLAIN {said}".replace("%", "%%")).scalars()
            assert any("papers_words" in step for step in plan)


def test_what_is_asked_of_the_index_is_said_to_each_database():
    asked = index_of(parse_query('("a bc*" OR title:c) AND d AND NOT e').root)
    assert asked
    assert fts5(asked) == '(({title abstract} : NEAR("a" "bc"*, 20) OR {title} : "c") AND {title abstract} : "d")'
    assert tsquery(asked) == "(((a & bc:*) | (c)) & (d))"
