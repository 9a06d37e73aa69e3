"""What each entry of a listing means."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from monitor.ingest.decide import decide, keyed_entries, seal
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


@pytest.mark.parametrize("mark", ["…", "..."])
def test_another_piece_of_an_abstract_is_no_revision_and_the_whole_of_it_completes_a_piece(mark):
    whole = f"We light lamps by the sea. {LONG}Ships come home."
    first, second = (paper_entry(abstract=text) for text in (f"We light{mark} {LONG[:99]}{mark}", f"{mark}{LONG[29:]}"))
    assert decided(second, "hf", [stored(first)]).kind == "seen"
    assert decided(replace(second, title="Larger Models"), "hf", [stored(first)]).kind == "revised"
    completed = decided(paper_entry(abstract=whole), "arxiv", [stored(first)])
    assert (completed.kind, completed.paper.abstract) == ("seen", whole)


def test_a_text_in_other_spelling_leaves_what_we_hold():
    finding = decided(paper_entry(abstract=LONG.upper()), "arxiv", [stored(paper_entry(), sources=("hf", "arxiv"))])
    assert (finding.kind, finding.paper.abstract, finding.is_changed) == ("seen", LONG, False)


def test_an_old_papers_replacement_is_not_announced_as_new():
    finding = decided(paper_entry("v4", announcement="replace"))
    assert finding.kind == "revised"
    assert finding.evidence == "version 4 of a paper from before we watched"
    crossed = decided(paper_entry(announcement="replace-cross"))
    assert (crossed.kind, crossed.evidence) == ("revised", "a new version of a paper from before we watched")


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


def test_a_copy_that_shares_one_of_its_keys_is_left_out_and_what_follows_is_not():
    listing = Listing((
        paper_entry(),
        paper_entry(ids=("arxiv:2303.16203", "doi:10.1000/lamp")),
        Entry("Another", "Of other things.", ids=("arxiv:2404.00001",)),
    ))  # fmt: skip
    assert [names[0] for _, names in keyed_entries(listing, "hf")] == ["arxiv:2303.16203", "arxiv:2404.00001"]


def test_a_seal_is_for_all_that_is_printed_of_the_paper_but_no_figures():
    entry = paper_entry(authors=("Ada Bee",), code_url="https://code.example/a")
    figures = {"where": "line 12", "rank": 3, "upvotes": 7, "comments": 2, "stars": 9, "announcement": "cross"}
    for name, value in figures.items():
        assert seal(replace(entry, **{name: value})) == seal(entry), name
    for name in ("title", "abstract", "url", "pdf_url", "code_url", "one_liner", "language"):
        assert seal(replace(entry, **{name: "other \ud800"})) != seal(entry), name
    assert seal(replace(entry, authors=())) != seal(entry)


def test_a_finding_holds_the_seal_and_the_fingerprint_of_its_print():
    ((entry, names),) = keyed_entries(Listing((paper_entry("v3"),)), "hf")
    assert decide(entry, names, "hf", {}, AT).print == Print(names[-1].partition(":")[2], 3, seal(entry))
    assert decide(entry, names, "hf", {}, AT, b"sealed").print.seal == b"sealed"


def test_what_led_to_a_paper_is_told_when_a_source_prints_it_for_the_first_time():
    known = stored(paper_entry())
    assert decided(paper_entry(), "hf", [known]).by == ""
    assert decided(paper_entry(), "arxiv", [known]).by == "arxiv:2303.16203"


def test_a_paper_is_changed_when_a_print_adds_to_it():
    known = stored(paper_entry())
    assert not decided(paper_entry(), "hf", [known]).is_changed
    assert decided(paper_entry(pdf_url="https://a.example/p.pdf"), "hf", [known]).is_changed


def test_two_records_to_which_the_ids_of_one_entry_lead_are_one_work():
    by_arxiv = stored(paper_entry())
    by_doi = stored(paper_entry(ids=("doi:10.1000/lamp",), title="Other Words"), id=8)
    both = paper_entry(ids=("arxiv:2303.16203", "doi:10.1000/lamp"))
    assert decided(both, "hf", [by_arxiv, by_doi]).others == (8,)
    assert decided(both, "hf", [by_arxiv]).others == ()
    of_another = stored(paper_entry(ids=("doi:10.1000/lamp", "arxiv:2404.00001"), title="Other Words"), id=9)
    assert decided(both, "hf", [by_arxiv, of_another]).others == ()
    by_text = KnownPaper(by_doi.paper, frozenset({decided(both).keys[-1]}))
    assert decided(both, "hf", [by_arxiv, by_text]).others == ()


def test_ids_of_two_kinds_do_not_contradict_each_other():
    assert decided(paper_entry(ids=("doi:10.1000/lamp",)), "journal", [stored(paper_entry())]).kind == "seen"


def test_versions_that_sources_tell_count_and_those_that_they_do_not_tell_do_not():
    known = stored(paper_entry("v1"))
    prints = {**known.prints, "arxiv": Print("a", 3), "captures": Print("b")}
    other = {"abstract": "Other words. " * 20}
    assert decided(paper_entry("v2", **other), "arxiv", [replace(known, prints=prints)]).kind == "seen"
    assert decided(paper_entry("v4", **other), "arxiv", [replace(known, prints=prints)]).kind == "revised"
    assert decided(paper_entry(**other), "hf", [replace(known, prints=prints)]).kind == "revised"


def test_ids_of_authors_once_known_stay_and_middle_names_do_not_matter():
    known = stored(paper_entry(authors=("Ada B. Bee",)), author_ids=("~A1",))
    again = paper_entry(authors=("Ada B. Bee",), author_ids=("~A2",))
    assert decided(again, "openreview", [known]).paper.author_ids == ("~A1",)
    bare = stored(paper_entry(authors=("Ada B. Bee",)))
    other_initial = paper_entry(authors=("Ada Cecily Bee",), author_ids=("~A1",))
    assert decided(other_initial, "openreview", [bare]).paper.author_ids == ("~A1",)
    assert decided(paper_entry(authors=("Ada B. Bee",)), "arxiv", [known]).paper.author_ids == ("~A1",)


FACTS = {
    "authors": ("Ada Bee",), "url": "https://a.example/1", "pdf_url": "https://a.example/1.pdf", "published": AT,
    "code_url": "https://code.example/1", "language": "en", "published_precision": "day", "categories": ("cs.CV",),
    "upvotes": 3, "one_liner": "It says so.",
}  # fmt: skip


def test_a_print_adds_what_was_missing_and_takes_nothing_away():
    bare, full = paper_entry(), paper_entry(**FACTS)
    for known, printed in ((bare, full), (full, bare)):
        paper = decided(printed, "arxiv", [stored(known)]).paper
        assert {name: getattr(paper, name) for name in FACTS} == FACTS


def test_what_was_told_first_stays_but_for_figures_and_one_liners():
    other = {
        "authors": ("Bo Cee",), "url": "https://b.example/2", "pdf_url": "https://b.example/2.pdf",
        "published": AT.replace(year=2025), "code_url": "https://code.example/2", "language": "de",
        "published_precision": "second", "categories": ("cs.LG", "cs.CV"), "upvotes": 0, "one_liner": "It does.",
    }  # fmt: skip
    paper = decided(paper_entry(**other), "arxiv", [stored(paper_entry(**FACTS))]).paper
    taken = {"categories": ("cs.CV", "cs.LG"), "upvotes": 0, "one_liner": "It does."}
    assert {name: getattr(paper, name) for name in FACTS} == {**FACTS, **taken}


def test_every_source_adds_the_institutions_that_it_names() -> None:
    known = stored(paper_entry(institutions=("Fog University",)))
    again = decided(paper_entry(institutions=("A Lab", "Fog University")), "journal", [known])
    assert again.paper.institutions == ("Fog University", "A Lab")
    many = paper_entry(institutions=tuple(f"Place {number}" for number in range(30)))
    assert len(decided(many, "journal", [known]).paper.institutions) == 30
