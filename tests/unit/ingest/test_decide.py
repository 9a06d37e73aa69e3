"""What each entry of a listing means."""

from datetime import UTC, datetime

import pytest

from monitor.ingest.decide import decide, keyed_entries
from monitor.types.findings import KnownPaper, Print
from monitor.types.listings import Entry, Listing
from monitor.types.papers import Paper

AT = datetime(2026, 3, 4, tzinfo=UTC)
LONG = "We study a thing at length. " * 10


def decided(entry, source="hf", known=()):
    ((kept, names),) = keyed_entries(Listing((entry,)), source)
    return decide(kept, names, source, {key: paper for paper in known for key in paper.keys}, AT)


def stored(entry, source="hf", **fields):
    """The paper that the store holds after it saw ``entry``."""
    finding = decided(entry, source)
    paper = Paper(**{**{name: getattr(finding.paper, name) for name in Paper.__slots__}, "id": 7, **fields})
    return KnownPaper(paper, frozenset(finding.keys), {source: finding.print})


def paper_entry(version="", **fields):
    return Entry(**{"title": "Small Models", "abstract": LONG, "ids": (f"arxiv:2303.16203{version}",), **fields})


def test_a_paper_never_seen_is_new():
    finding = decided(paper_entry())
    assert (finding.kind, finding.paper.id, finding.paper.key) == ("new", 0, "arxiv:2303.16203")


def test_the_same_entry_again_is_seen_and_adds_its_source():
    finding = decided(paper_entry(), "arxiv", [stored(paper_entry())])
    assert finding.kind == "seen"
    assert finding.paper.sources == ("hf", "arxiv")


def test_ids_of_authors_are_taken_over_only_for_the_same_people_in_the_same_order():
    bee_and_dee = stored(paper_entry(authors=("Ada Bee", "Carl Dee")))
    for authors, taken in ((("A. Bee", "C. Dee"), ("~A1", "")), (("C. Dee", "A. Bee"), ()), (("A. Bee",), ())):
        print_with_ids = paper_entry(authors=authors, author_ids=("~A1", "")[: len(authors)])
        assert decided(print_with_ids, "openreview", [bee_and_dee]).paper.author_ids == taken
    nobody = stored(paper_entry())
    assert decided(paper_entry(authors=("A B",), author_ids=("~A1",)), "openreview", [nobody]).paper.author_ids == (
        "~A1",
    )


def test_a_source_that_contradicts_itself_has_revised_the_paper():
    finding = decided(
        paper_entry(abstract=LONG + "Now with proofs too."),
        "hf",
        [stored(paper_entry(abstract=LONG[:-29] + "Old end here, and more."))],
    )
    assert finding.kind == "revised"
    assert finding.former is not None
    assert finding.paper.version == 2


def test_another_sources_wording_is_no_revision():
    assert decided(paper_entry(abstract="Other words. " * 20), "arxiv", [stored(paper_entry())]).kind == "seen"


def test_a_higher_version_from_another_source_is_a_revision():
    known = stored(paper_entry("v1"))
    assert decided(paper_entry("v2", abstract="Other words. " * 20), "arxiv", [known]).kind == "revised"


def test_an_older_version_that_arrives_late_changes_nothing():
    known = stored(paper_entry("v3"))
    finding = decided(paper_entry("v2", abstract="Older words. " * 20), "arxiv", [known])
    assert (finding.kind, finding.paper.abstract) == ("seen", LONG)


@pytest.mark.parametrize("abstract", ["", "code: https://example.org", LONG[:150]])
def test_a_poorer_print_is_no_revision(abstract):
    finding = decided(paper_entry(abstract=abstract), "hf", [stored(paper_entry())])
    assert (finding.kind, finding.paper.abstract) == ("seen", LONG)


def test_a_cut_abstract_is_completed_without_a_revision():
    finding = decided(paper_entry(abstract=LONG), "hf", [stored(paper_entry(abstract=LONG[:200]))])
    assert (finding.kind, finding.paper.abstract) == ("seen", LONG)


def test_an_old_papers_replacement_is_not_announced_as_new():
    finding = decided(paper_entry("v4", announcement="replace"))
    assert finding.kind == "revised"
    assert "version 4" in finding.evidence


def test_one_text_under_two_arxiv_ids_stays_two_papers():
    other = paper_entry(ids=("arxiv:2404.00001",))
    assert decided(other, "hf", [stored(paper_entry())]).kind == "new"


def test_a_text_without_id_joins_the_paper_that_has_one():
    assert decided(paper_entry(ids=()), "captures", [stored(paper_entry())]).kind == "seen"


def test_one_link_for_a_whole_feed_names_none_of_its_items():
    listing = Listing(tuple(Entry(f"Title {n}", f"Abstract {n}", url="https://example.org/news") for n in range(3)))
    assert all(not any(key.startswith("url:") for key in names) for _, names in keyed_entries(listing, "feed"))
    assert len(keyed_entries(listing, "feed")) == 3


def test_a_doubled_entry_counts_once_even_when_one_copy_lacks_the_id():
    listing = Listing((paper_entry(), paper_entry(), paper_entry(ids=())))
    assert len(keyed_entries(listing, "hf")) == 1


def test_a_print_that_any_source_had_before_is_no_revision():
    known = stored(paper_entry())
    other = decided(paper_entry(abstract="Other words. " * 20), "arxiv").print
    known = KnownPaper(known.paper, known.keys, {**known.prints, "arxiv": Print(other.fingerprint)})
    assert decided(paper_entry(abstract="Other words. " * 20), "hf", [known]).kind == "seen"


def test_the_same_version_in_other_words_is_no_revision():
    known = stored(paper_entry("v2"))
    assert decided(paper_entry("v2", abstract="Other words. " * 20), "arxiv", [known]).kind == "seen"
