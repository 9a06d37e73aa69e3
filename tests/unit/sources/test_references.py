"""What reference managers export: each format's papers, its hostile variants, and the lines of what cannot be read."""

from __future__ import annotations

import json
import time

import pytest

from monitor.errors import ParseError
from monitor.sources.references import MOST, read
from monitor.types.listings import Entry

BIB = r"""
@article{fog, title={Lanterns in the {Fog}}, author={Bee, Ada and M{\"u}ller, Jan}, abstract={We move a lantern.},
  eprint={2611.01234}, archiveprefix={arXiv}}
@article{broken, title={Never closed
@misc{sea, title={Sea Light}, doi={10.1000/Sea}}
"""
RIS = """TY  - JOUR
AU  - Bee, Ada
AU  - Müller, Jan
TI  - Lanterns in the Fog
AB  - We move a lantern
along a known path.
UR  - https://arxiv.org/abs/2611.01234v2
ER  -

stray words
TY  - JOUR
AU  - Nobody
ER  -
TY  - JOUR
T1  - Sea Light
DO  - 10.1000/Sea
"""
RDF = """<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:z="http://www.zotero.org/namespaces/export#"
 xmlns:dcterms="http://purl.org/dc/terms/" xmlns:bib="http://purl.org/net/biblio#" xmlns:foaf="http://xmlns.com/foaf/0.1/"
 xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:prism="http://prismstandard.org/namespaces/1.2/basic/">
<bib:Document rdf:about="http://arxiv.org/abs/2611.01234">
  <z:itemType>preprint</z:itemType>
  <bib:authors><rdf:Seq>
    <rdf:li><foaf:Person><foaf:surname>Bee</foaf:surname><foaf:givenName>Ada</foaf:givenName></foaf:Person></rdf:li>
    <rdf:li><foaf:Person><foaf:surname>Müller</foaf:surname><foaf:givenName>Jan</foaf:givenName></foaf:Person></rdf:li>
  </rdf:Seq></bib:authors>
  <dc:title>Lanterns in the Fog</dc:title>
  <dcterms:abstract>We move a lantern along a known path.</dcterms:abstract>
  <dc:identifier><dcterms:URI><rdf:value>http://arxiv.org/abs/2611.01234</rdf:value></dcterms:URI></dc:identifier>
</bib:Document>
<z:Attachment rdf:about="#item_2"><z:itemType>attachment</z:itemType><dc:title>PDF</dc:title></z:Attachment>
<bib:Article rdf:about="#item_3"><z:itemType>journalArticle</z:itemType>
  <dcterms:isPartOf><bib:Journal><dc:title>Optics</dc:title><dc:identifier>DOI 10.1000/Sea</dc:identifier></bib:Journal>
  </dcterms:isPartOf><dc:title>Sea Light</dc:title></bib:Article>
</rdf:RDF>
"""
CSV = """"Key","Item Type","Author","Title","DOI","Url","Abstract Note","Extra"
"A","preprint","Bee, Ada; Müller, Jan","Lanterns in the Fog","","","We move a lantern
along a known path.","arXiv:2611.01234 [cs]"
"B","note","","","","","",""
"C","journalArticle","","Sea Light","10.1000/Sea","","",""
"""


@pytest.mark.parametrize(
    ("name", "text"),
    [("a.bib", BIB), ("a.ris", RIS), ("a.RIS", RIS.replace("\n", "\r\n")), ("a.rdf", RDF), ("a.csv", CSV)],
)
def test_each_format_gives_title_abstract_people_and_ids(name: str, text: str) -> None:
    fog, sea = read(name, text.encode()).items
    assert isinstance(fog, Entry)
    assert isinstance(sea, Entry)
    assert (fog.title, fog.authors) == ("Lanterns in the Fog", ("Ada Bee", "Jan Müller"))
    assert fog.abstract.startswith("We move a lantern")
    assert fog.ids[0].startswith("arxiv:2611.01234")
    assert (sea.title, sea.ids) == ("Sea Light", ("doi:10.1000/sea",))


@pytest.mark.parametrize(
    ("name", "text", "lines"),
    [("a.bib", BIB, ["line 4"]), ("a.ris", RIS, ["line 10", "line 11"]), ("a.csv", CSV, ["line 4"])],
)
def test_what_cannot_be_read_is_told_with_its_line_and_the_rest_stands(name: str, text: str, lines: list[str]) -> None:
    assert [oddity.where for oddity in read(name, text.encode()).oddities] == lines


def test_a_plain_list_names_papers_as_a_profile_does() -> None:
    found = read("a.txt", b"# mine\narXiv:2611.01234\n\n  Sea Light\n\x07bell\nhttps://doi.org/10.1000/sea\n")
    assert found.items == ("arXiv:2611.01234", "Sea Light", "https://doi.org/10.1000/sea")
    assert [oddity.where for oddity in found.oddities] == ["line 5"]


def test_of_a_library_of_many_papers_the_first_count_and_all_are_counted() -> None:
    found = read("a.txt", "\n".join(f"Paper {number}" for number in range(MOST + 7)).encode())
    assert (len(found.items), found.items[-1], found.held) == (MOST, f"Paper {MOST - 1}", MOST + 7)


@pytest.mark.parametrize(
    ("name", "body", "said"),
    [
        ("a.bib", b"", "empty"),
        ("a.bib", b"no records here", "no paper"),
        ("a.ris", b"\x00\x01\x02\x03" * 50, "binary"),
        ("a.ris", b"<html><body>", "web page"),
        ("a.csv", b"name,year\nx,2026\n", "Title"),
        ("a.rdf", b"<rdf:RDF xmlns:rdf='r'>\n<a>", "line 2"),
        ("a.rdf", b"plain words", "line 1"),
        ("a.rdf", b"<!DOCTYPE r [<!ENTITY a 'aaaa'>]><r>&a;</r>", "document type"),
        ("a.rdf", b"<r>" + b"<a>" * 100 + b"</a>" * 100 + b"</r>", "deeper"),
        ("a.csv", b'title\n"' + b"a" * 200_000 + b'"\n', "line"),
        ("a.json", b'{"title": "One paper alone"}', "no list of papers"),
        ("a.json", b"<html>", "web page"),
        ("a.json", b"[1, null, [], {}]", "item 1: has no title"),
    ],
)
def test_a_file_that_is_not_what_its_ending_says_is_refused_with_the_reason(name: str, body: bytes, said: str) -> None:
    with pytest.raises(ParseError, match=said):
        read(name, body)


@pytest.mark.parametrize(
    ("name", "body"),
    [
        ("a.ris", b"TY  - JOUR\nAB  - a\n" + b"a\n" * 150_000),
        ("a.rdf", b"<r><i a='b'><itemType>x</itemType><title>" + b"&amp;" * 1_000_000 + b"</title></i></r>"),
        ("a.csv", b"title\n" + b'"a\n' * 100_000),
        ("a.bib", b"@a{b, title={" * 100_000),
        ("a.json", b"[" * 3_000_000),
    ],
)
def test_megabytes_of_nonsense_are_read_in_linear_time(name: str, body: bytes) -> None:
    start = time.process_time()
    try:
        read(name, body)
    except ParseError as refused:
        assert len(str(refused)) < 500  # noqa: PT017  # refused or read, as long as it ends
    assert time.process_time() - start < 10


SCHOLAR = {
    "title": "Lanterns in the Fog", "abstract": "We move a lantern.", "authors": [{"name": "Ada Lovelace"}, 7, {}],
    "externalIds": {"ArXiv": "2611.01234", "DOI": "10.1000/X", "CorpusId": 7},
}  # fmt: skip
WORK = {
    "title": {"title": {"value": "Lanterns in the Fog"}},
    "external-ids": {"external-id": [
        {"external-id-type": "doi", "external-id-value": "10.1000/x"},
        {"external-id-type": "arxiv", "external-id-value": "2611.01234"}, None,
    ]},
}  # fmt: skip
CSL = {
    "title": "Lanterns in the Fog", "DOI": "10.1000/x", "URL": "https://arxiv.org/abs/2611.01234",
    "author": [{"family": "Lovelace", "given": "Ada"}],
}  # fmt: skip


@pytest.mark.parametrize(
    "library",
    [
        [SCHOLAR], {"data": [{"citedPaper": SCHOLAR}]}, {"recommendedPapers": [SCHOLAR]}, {"papers": [SCHOLAR]},
        {"group": [{"work-summary": [WORK, {}]}]}, {"activities-summary": {"works": {"group": [{"work-summary": [WORK]}]}}},
        [CSL], {"items": [CSL]},
    ],
)  # fmt: skip
def test_json_of_scholar_orcid_and_zotero_names_papers_by_title_and_ids(library: object) -> None:
    (found,) = read("library.json", json.dumps(library).encode()).items
    assert isinstance(found, Entry)
    assert (found.title, set(found.ids)) == ("Lanterns in the Fog", {"arxiv:2611.01234", "doi:10.1000/x"})
    assert found.authors in ((), ("Ada Lovelace",))
    assert found.where == "item 1"


def test_json_that_is_odd_in_parts_gives_the_others() -> None:
    odd = [{"title": 7}, {"work-summary": 3}, {"title": "A", "authors": "x", "externalIds": []}, "text"]
    found = read("library.json", json.dumps(odd).encode())
    assert [one.title for one in found.items if isinstance(one, Entry)] == ["A"]
    assert [one.where for one in found.oddities] == ["item 1", "item 2", "item 4"]
