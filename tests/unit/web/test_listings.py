"""Listings, papers, search and topics, in HTML and as feeds."""

from __future__ import annotations

import json
import re
import xml.etree.ElementTree as ET
from datetime import date

import pytest

from monitor.matchers._encoder import Encoder
from monitor.web.days import span_named
from monitor.web.guard import POLICY
from tests import model_folder
from tests.unit.web.conftest import ADA, listing

PAGES = [
    "/", "/day/2026-03-04", "/week/2026-W10", "/month/2026-03", "/trending", "/paper/1", "/topics", "/profile/open",
    "/topic/open/diffusion", "/search", "/search?q=diffusion", "/subscribe/open", "/archive/open",
    "/archive/open/2026-03-04",
]  # fmt: skip


@pytest.mark.parametrize("path", PAGES)
def test_every_page_is_there_and_guarded(place, path):
    answer = place.client.get(path)
    assert answer.status == 200
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert "script" not in answer.headers["content-security-policy"]
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["referrer-policy"] == "no-referrer"
    assert answer.headers["x-frame-options"] == "DENY"
    assert answer.headers["strict-transport-security"] == "max-age=31536000"
    assert not answer.cookies
    assert (
        re.findall(r"<script| style=| on\w+=|javascript:", answer.text.partition("<main")[2]) == [] or "archive" in path
    )
    assert place.client.get(path, method="HEAD").status == 200


def test_w09_the_policy_lets_nothing_inline_run():
    assert "unsafe" not in POLICY
    assert POLICY.startswith("default-src 'none'")


def test_a_day_shows_its_papers_the_most_upvoted_first(place):
    page = place.client.get("/day/2026-03-04").text
    assert re.findall(r"in Kitchen (\d)</a>", page) == ["3", "2", "1"]
    assert "3 papers" in page
    assert "▲ 3" in page
    assert '<span class="badge new">New</span>' in page
    assert "/topic/open/diffusion" in page
    assert ADA.name not in page


def test_days_lead_to_the_days_before_and_after_that_have_papers(place):
    place.later(days=3)
    place.pages["date=2026-03-07"] = listing(9)
    place.cycle()
    page = place.client.get("/day/2026-03-05").text
    assert 'href="/day/2026-03-04">← Wednesday, 4 March 2026' in page
    assert 'href="/day/2026-03-07">Saturday, 7 March 2026 →' in page
    assert "No source listed a paper" in page
    assert "in Kitchen 9" in place.client.get("/").text


def test_long_days_come_in_pages(place):
    place.later(days=1)
    place.pages["date=2026-03-05"] = listing(*range(100, 190))
    place.cycle()
    first, last = (place.client.get(f"/day/2026-03-05?page={number}").text for number in (1, 3))
    assert first.count("<article") == 40
    assert last.count("<article") == 10
    assert "page 3 of 3" in last
    wrong = place.client.get("/day/2026-03-05?page=x").text
    assert wrong.partition("<footer")[0] == first.partition("<footer")[0]


@pytest.mark.parametrize("name", ["2026-02-30", "2026-W54", "0000-00-00", "x", "9999-99-99", "2026-03-4"])
@pytest.mark.parametrize("kind", ["day", "week", "month"])
def test_a_span_that_is_none_is_not_found(place, kind, name):
    assert place.client.get(f"/{kind}/{name}").status == 404


def test_weeks_begin_on_monday_and_months_end_on_their_last_day():
    week, month = span_named("week", "2020-W53"), span_named("month", "2024-02")
    assert week
    assert month
    assert (week.first, week.last) == (date(2020, 12, 28), date(2021, 1, 3))
    assert (month.first, month.last) == (date(2024, 2, 1), date(2024, 2, 29))


def test_a_paper_shows_its_chart_its_names_and_papers_like_it(place):
    place.pages["date=2026-03-04"] = listing(1, 2, 3, upvotes=40)
    place.later(hours=2)
    place.cycle()
    page = place.client.get("/paper/1").text
    assert '<polyline points="2.0,' in page
    assert "Upvotes: from 1 on " in page
    assert "to 40 on" in page
    assert "arxiv:2603.00001" in page
    assert "Papers like it" in page
    assert "Björk Guðmundsdóttir" in page


def test_a_revision_shows_what_changed(place):
    place.pages["date=2026-03-04"] = listing(1, title="A Wholly New Title on Denoising in Kitchens")
    place.later(hours=2)
    place.cycle()
    page = place.client.get("/paper/1").text
    assert "What changed" in page
    assert "<ins>" in page
    assert "2 texts seen" in page


@pytest.mark.parametrize("path", ["/paper/99", "/paper/99999999999999999999", "/profile/ada", "/topic/ada/diffusion",
                                  "/topic/open/none", "/subscribe/ada", "/archive/ada", "/archive/open/2026-13-40",
                                  "/archive/open/2020-01-01", "/x", "/paper/x"])  # fmt: skip
def test_what_is_not_there_or_not_public_is_not_found(place, path):
    answer = place.client.get(path)
    assert answer.status == 404
    assert "Nothing here" in answer.text


def test_w09_names_from_files_and_feeds_are_text(place):
    page = place.client.get("/topics").text
    assert "Diffusion &lt;i&gt;weekly&lt;/i&gt;" in page
    topic = re.search(r'href="(/topic/open/kitchens[^"]*)"', page)
    assert topic
    found = place.client.get(topic[1])
    assert found.status == 200
    assert "kitchens &amp; &lt;b&gt;baths&lt;/b&gt;" in found.text


# --- feeds ---------------------------------------------------------------------------------------------------------

FEEDS = [
    "/day",
    "/day/2026-03-04",
    "/week/2026-W10",
    "/month/2026-03",
    "/trending",
    "/profile/open",
    "/topic/open/diffusion",
]
ATOM = "{http://www.w3.org/2005/Atom}"


@pytest.mark.parametrize("path", FEEDS)
def test_every_listing_and_topic_is_a_feed(place, path):
    answer = place.client.get(f"{path}.atom")
    assert answer.headers["content-type"].startswith("application/atom+xml")
    atom = ET.fromstring(answer.body)
    found = json.loads(place.client.get(f"{path}.json").body)
    ids = [entry.findtext(f"{ATOM}id") for entry in atom.iter(f"{ATOM}entry")]
    assert ids == [item["id"] for item in found["items"]]
    assert len(ids) == (0 if path == "/trending" else 3)
    assert found["version"] == "https://jsonfeed.org/version/1.1"
    assert found["feed_url"] == f"https://papers.example.org{path}.json"


def test_every_listing_and_paper_is_a_file_for_reference_managers(place):
    for path, papers in (("/day", 3), ("/search.bib?q=diffusion", 3), ("/paper/2", 1)):
        answer = place.client.get(path if "?" in path else f"{path}.bib")
        assert answer.headers["content-type"] == "application/x-bibtex; charset=utf-8"
        assert answer.text.count("@article{") == papers
    assert "eprint = {2603.00002}" in answer.text
    assert place.client.get("/paper/99.bib").status == 404


def test_a_reference_manager_can_read_what_a_page_is_about(place):
    page = place.client.get("/paper/2").text
    assert '<meta name="citation_title" content="' in page
    assert '<meta name="citation_author" content="Ada Lovelace">' in page
    assert '<meta name="citation_publication_date" content="2026/03/03">' in page
    assert '<meta name="citation_arxiv_id" content="2603.00002">' in page


def test_a_feed_holds_no_markup_of_a_paper(place):
    place.later(hours=2)
    place.pages["date=2026-03-04"] = listing(7, title='<script>alert(1)</script> & "Kitchens" ]]> of Diffusion Models')
    place.cycle()
    atom = ET.fromstring(place.client.get("/day.atom").body)
    assert any("alert(1)" in (title.text or "") for title in atom.iter(f"{ATOM}title"))
    assert b"<script" not in place.client.get("/day.atom").body
    assert "<script" not in place.client.get("/").text


# --- search --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("query", "papers"),
    [
        ("diffusion", {1, 2, 3}),
        ('"diffusion models in kitchen"', {1, 2, 3}),
        ("diffusion AND NOT kitchen", set()),
        ("kitch* AND 2", {2}),
        ("author:Guðmundsdóttir", {1, 2, 3}),
        ("author:Nobody", set()),
        ("title:diffusion NEAR/4 kitchen", {1, 2, 3}),
        ("NOT lantern", {1, 2, 3}),
        ("source:hf", {1, 2, 3}),
        ("after:2026-03-04", set()),
        ("(kitchen 1) OR (kitchen 3)", {1, 3}),
        ("модель", set()),
    ],
)
def test_a_search_means_what_the_line_means_in_a_profile(place, query, papers):
    from urllib.parse import quote

    page = place.client.get(f"/search?q={quote(query)}").text
    assert {int(number) for number in re.findall(r"in Kitchen (\d)</a>", page)} == papers


def test_a_search_is_narrowed_by_days_and_topic(place):
    assert place.client.get("/search?q=kitchen&from=2026-03-04&to=2026-03-04").text.count("<article") == 3
    assert place.client.get("/search?q=kitchen&from=2026-03-05").text.count("<article") == 0
    assert place.client.get("/search?topic=open%2Fdiffusion").text.count("<article") == 3
    assert place.client.get("/search?topic=open%2Fnone").text.count("<article") == 0


@pytest.mark.parametrize("query", ["q=(", "q=%22", "from=yesterday", "q=" + "x" * 501, "q=a*b*"])
def test_a_search_that_cannot_be_read_is_told_where(place, query):
    answer = place.client.get(f"/search?{query}")
    assert answer.status == 422
    assert 'role="alert"' in answer.text


def test_a_search_becomes_a_topic(place):
    import html

    import yaml

    page = place.client.get("/search?q=%22diffusion+model*%22+NOT+medical").text
    written = re.search(r"<pre><code>(.*?)</code></pre>", page, re.DOTALL)
    assert written
    topics = yaml.safe_load(html.unescape(written[1]))["topics"]
    assert list(topics.values()) == [{"query": '"diffusion model*" NOT medical'}]


def test_search_goes_on_where_it_ended(place):
    place.later(hours=2)
    place.pages["date=2026-03-04"] = listing(*range(1, 61))
    place.cycle()
    first = place.client.get("/search?q=kitchen").text
    further = re.search(r'href="(/search\?q=kitchen&amp;before=\d+)"', first)
    assert further
    second = place.client.get(further[1].replace("&amp;", "&")).text
    both = re.findall(r"in Kitchen (\d+)</a>", first) + re.findall(r"in Kitchen (\d+)</a>", second)
    assert len(both) == len(set(both)) == 50


def test_a_search_is_a_feed(place):
    assert len(json.loads(place.client.get("/search.json?q=kitchen").body)["items"]) == 3


def test_a_revised_text_is_found_by_its_new_words_and_not_by_the_old(place):
    place.pages["date=2026-03-04"] = listing(1, title="Lanterns for Diffusion Models in Kitchen 1")
    place.later(hours=2)
    place.cycle()
    assert "Lanterns" in place.client.get("/search?q=lanterns").text.partition("<main")[2].partition("<article")[2]


# --- conditional GET -----------------------------------------------------------------------------------------------


def test_who_has_a_page_already_gets_304_until_something_changes(place):
    first = place.client.get("/day/2026-03-04")
    again = place.client.get("/day/2026-03-04", if_none_match=first.headers["etag"])
    assert (again.status, again.body) == (304, b"")
    assert again.headers["etag"] == first.headers["etag"]
    place.later(hours=2)
    place.pages["date=2026-03-04"] = listing(1, 2, 3, upvotes=50)
    place.cycle()
    after = place.client.get("/day/2026-03-04", if_none_match=first.headers["etag"])
    assert after.status == 200
    assert "▲ 50" in after.text


def test_style_may_be_kept_for_ever_because_its_address_changes_with_it(place):
    page = place.client.get("/").text
    href = re.search(r'href="(/style\.css\?v=\w+)"', page)
    assert href
    assert "immutable" in place.client.get(href[1]).headers["cache-control"]


def test_where_a_paper_comes_from_is_named_can_be_followed_and_is_found(place):
    value = json.loads(listing(1, 2))
    value[0]["paper"]["organization"] = {"name": "FU", "fullname": "Fog <University>"}
    place.pages["date=2026-03-04"] = json.dumps(value).encode()
    place.later(hours=2)
    place.cycle()
    page = place.client.get("/paper/1").text
    assert '<meta name="citation_author_institution" content="Fog &lt;University&gt; (FU)">' in page
    assert '<p class="small" dir="auto">Fog &lt;University&gt; (FU)</p>' in page
    found = place.client.get('/search?q=org:"fog university"').text
    assert '/paper/1"' in found
    assert '/paper/2"' not in found
    assert '<p class="small" dir="auto">Fog &lt;University&gt; (FU)</p>' in found


# --- search by meaning ---------------------------------------------------------------------------------------------


@pytest.fixture
def understood(place, tmp_path):
    """The pages of an installation with a model, and sixty more papers that speak of fog, towers or water."""
    words = ("fog", "tower", "water")
    place.app.encoder = Encoder(model_folder.make(tmp_path / "model", words))
    papers = [
        {"paper": {"id": f"2603.{number:05d}", "title": f"{words[number % 3]} {number}", "summary": words[number % 3]}}
        for number in range(101, 161)
    ]
    place.pages["date=2026-03-04"] = json.dumps(papers).encode()
    place.later(hours=2)
    place.cycle()
    return place


def titles(page):
    return re.findall(r'dir="auto">((?:fog|tower|water) \d+)</a>', page)


def test_a_search_by_meaning_shows_the_nearest_first_and_goes_on(understood):
    first = understood.client.get("/search?q=a+tower+%28&order=meaning").text
    assert 'value="meaning" selected' in first
    assert "of the 63 newest papers" in first
    assert "    about: " in first
    further = re.search(r'href="(/search\?[^"]*before=25)"', first)
    assert further
    second = understood.client.get(further[1].replace("&amp;", "&")).text
    found = titles(first) + titles(second)
    assert (first.count("<article"), second.count("<article")) == (25, 25)
    assert len(found) == len(set(found))
    assert {title.split()[0] for title in found[:20]} == {"tower"}
    assert not any(title.startswith("tower") for title in found[20:])


def test_a_search_by_meaning_is_narrowed_and_is_a_feed(understood):
    assert titles(understood.client.get("/search?q=fog&order=meaning&from=2026-03-06").text) == []
    items = json.loads(understood.client.get("/search.json?q=water&order=meaning").body)["items"]
    assert [item["title"].split()[0] for item in items[:20]] == ["water"] * 20


def test_without_a_model_a_search_is_by_words_and_offers_nothing_else(place):
    page = place.client.get("/search?q=kitchen&order=meaning").text
    assert page.count("<article") == 3
    assert 'name="order"' not in page


def test_searches_by_meaning_are_only_so_many_from_one_place_and_a_broken_model_is_told(understood):
    answers = [understood.client.get(f"/search?q=fog+{number}&order=meaning").status for number in range(31)]
    assert answers == [200] * 30 + [422]
    assert understood.client.get("/search?q=fog").status == 200
    understood.later(minutes=5)
    (understood.app.settings.folder / "model" / "model.onnx").write_bytes(b"nothing")
    understood.app.encoder = Encoder(understood.app.settings.folder / "model")
    broken = understood.client.get("/search?q=tower&order=meaning")
    assert (broken.status, "does not work now" in broken.text) == (422, True)
