"""Papers by their keys, titles and moments."""

from datetime import timedelta

import pytest

from monitor.ingest.decide import decide, keyed_entries
from monitor.store import batches, papers, snapshots
from monitor.store.portions import portions
from monitor.testing import NOON
from monitor.types.findings import Showing
from monitor.types.listings import Answer, Entry, Listing


@pytest.fixture
def keep(store):
    """Writes entries as the poll job does, without verdicts."""

    def write(*entries, source="hf", at=NOON):
        listing = Listing(entries, announced=len(entries))
        with store.write() as session:
            snapshot = snapshots.add(session, source, Answer("u", b"x", at), "sha", at.date(), listing)
            kept = keyed_entries(listing, source)
            known = papers.known(session, {key for _, names in kept for key in names}, source)
            findings = [decide(entry, names, source, known, at) for entry, names in kept]
            return papers.record(session, findings, Showing(source, snapshot, at.date(), at))

    return write


def test_a_paper_is_found_by_every_key_that_any_source_gave_it(store, keep):
    (first,) = keep(Entry("A Title", "Words.", ids=("arxiv:2603.00001",)))
    (second,) = keep(Entry("A Title", "Words.", ids=("doi:10.1000/x",)), source="journal")
    assert first == second
    with store.read() as session:
        for key in ("arxiv:2603.00001", "doi:10.1000/x"):
            assert [paper.id for paper in papers.with_keys(session, [key])] == [first]
        assert papers.by_ids(session, [first])[first].sources == ("hf", "journal")


def test_ids_of_authors_are_kept_and_come_from_whichever_source_knows_them(store, keep):
    ids = ("", "0000-0002-1825-0097")
    (first,) = keep(Entry("A Title", "Words.", ("Ada Bee", "Carl Dee"), ids=("doi:10.1000/x",)))
    keep(Entry("A Title", "Words.", ("A. Bee", "C. Dee"), ids=("doi:10.1000/x",), author_ids=ids), source="journal")
    with store.read() as session:
        held = papers.by_ids(session, [first])[first]
    assert (held.authors, held.author_ids) == (("Ada Bee", "Carl Dee"), ids)


def test_a_revision_keeps_the_former_text(store, keep):
    old = "It takes four steps, which is a lot of steps to take in a kitchen."
    keep(Entry("A Title", old, ids=("arxiv:2603.00001",)))
    (paper_id,) = keep(
        Entry("A Title", "It takes two steps now, and nobody is tired any more at all.", ids=("arxiv:2603.00001",))
    )
    with store.read() as session:
        assert papers.by_ids(session, [paper_id])[paper_id].version == 2
        rows = session.connection().exec_driver_sql("SELECT version, abstract FROM texts").fetchall()
    assert [tuple(row) for row in rows] == [(1, old)]


@pytest.mark.parametrize(
    "title", ["Fréchet Means, Revisited", "frechet means revisited", r"Fr\'echet means -- revisited"]
)
def test_a_title_is_found_however_it_is_written(store, keep, title):
    keep(Entry("Fréchet Means: Revisited", "Words."), Entry("Fréchet Means", "Other words."))
    with store.read() as session:
        assert [paper.title for paper in papers.titled(session, title)] == ["Fréchet Means: Revisited"]


def test_wildcards_of_the_database_mean_nothing_in_a_title(store, keep):
    keep(Entry("Plain Title", "Words."))
    with store.read() as session:
        assert papers.titled(session, "%") == []
        assert papers.containing(session, "%", limit=5) == []
        assert papers.containing(session, "title plain", limit=5) != []


def test_papers_come_by_the_day_of_their_first_listing(store, keep):
    keep(Entry("One", "First words."))
    keep(Entry("Two", "Second words."), Entry("One", "First words."), at=NOON + timedelta(days=1))
    with store.read() as session:
        listed = papers.first_listed(session, 0, 10)
        assert papers.first_listed(session, listed[0][2].id, 10) == listed[1:]
    assert [(day - NOON.date(), source, paper.title) for day, source, paper in listed] == [
        (timedelta(), "hf", "One"),
        (timedelta(days=1), "hf", "Two"),
    ]


def test_the_batch_adds_up_addresses_and_keeps_the_largest_of_each(store):
    def read(url, size):
        entries = tuple(Entry(f"{url} {number}", "Words.") for number in range(size))
        with store.write() as session:
            listing = Listing(entries, announced=size)
            snapshots.add(session, "hf", Answer(url, b"x", NOON), "sha", NOON.date(), listing)
            batches.count(session, "hf", NOON.date(), NOON, ["new"] * size)

    for url, size in (("a", 3), ("b", 4), ("a", 2)):
        read(url, size)
    with store.read() as session:
        (batch,) = batches.between(session, None, NOON)
    assert (batch.announced, batch.read, batch.new) == (7, 7, 9)


def test_long_lists_are_cut():
    assert [len(some) for some in portions(range(1_201))] == [500, 500, 201]


def test_institutions_are_kept_and_come_from_every_source_that_names_one(store, keep):
    (first,) = keep(Entry("A Title", "Words.", ids=("doi:10.1000/x",)))
    for source, places in (("hf", ("A Lab",)), ("journal", ("Fog University",)), ("arxiv", ())):
        keep(Entry("A Title", "Words.", ids=("doi:10.1000/x",), institutions=places), source=source)
    with store.read() as session:
        assert papers.by_ids(session, [first])[first].institutions == ("A Lab", "Fog University")
