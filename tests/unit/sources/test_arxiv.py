"""arXiv's daily feeds and the answers of its query interface."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from pydantic import ValidationError

from monitor.errors import ParseError
from monitor.sources import arxiv
from monitor.types.listings import Answer, Listing

_NOW = datetime(2026, 11, 20, 9, tzinfo=UTC)
_OPTIONS = arxiv.Options(categories=("cs.CV", "cs.LG"))
_RSS = """<?xml version='1.0' encoding='UTF-8'?>
<rss xmlns:arxiv="http://arxiv.org/schemas/atom" xmlns:dc="http://purl.org/dc/elements/1.1/" version="2.0"><channel>
<title>cs.CV+cs.LG updates on arXiv.org</title><link>http://rss.arxiv.org/rss/cs.CV+cs.LG</link>
<lastBuildDate>Fri, 20 Nov 2026 05:00:17 +0000</lastBuildDate><pubDate>Fri, 20 Nov 2026 00:00:00 -0500</pubDate>
<skipDays><day>Sunday</day><day>Saturday</day></skipDays>{items}</channel></rss>"""


def _item(name: str = "2203.01250v3", kind: str = "new", title: str = "On the Patience of Optimizers") -> str:
    return f"""<item><title>{title}</title><link>https://arxiv.org/abs/{name.split("v", maxsplit=1)[0]}</link>
<description>arXiv:{name} Announce Type: {kind} \nAbstract: We show that p &lt; 0.05 for $\\alpha &lt; 2$ in all tasks.</description>
<guid isPermaLink="false">oai:arXiv.org:{name}</guid><category>cs.LG</category><category>stat.ML</category>
<pubDate>Fri, 20 Nov 2026 00:00:00 -0500</pubDate><arxiv:announce_type>{kind}</arxiv:announce_type>
<dc:rights>http://creativecommons.org/licenses/by/4.0/</dc:rights><arxiv:DOI>10.1000/XYZ</arxiv:DOI>
<dc:creator>Ada Bee, Carl Dee (MIT, USA) and Eve O'Eff</dc:creator></item>"""


def _read(body: str, options: arxiv.Options = _OPTIONS) -> Listing:
    return arxiv.parse(options, Answer("https://rss.arxiv.org/rss/cs.CV+cs.LG", body.encode(), _NOW))


def test_all_categories_are_asked_for_in_one_request() -> None:
    urls = [
        arxiv.requests(options, date(2026, 11, 20))[0].url
        for options in (_OPTIONS, _OPTIONS.model_copy(update={"format": "atom"}))
    ]
    assert urls == ["https://rss.arxiv.org/rss/cs.CV+cs.LG", "https://rss.arxiv.org/atom/cs.CV+cs.LG"]


@pytest.mark.parametrize(
    "category", ["cs.CV", "math", "math.GT", "cond-mat.mtrl-sci", "q-bio.NC", "hep-th", "physics.atom-ph"]
)
def test_every_form_of_category_is_accepted(category: str) -> None:
    assert arxiv.Options(categories=(category,)).categories == (category,)


@pytest.mark.parametrize(
    "category", ["", "cs/CV", "cs.CV+cs.LG", "../x", "cs.CV?x", "CS.cv", "cs CV", "cs.CV\n", "c" * 50]
)
def test_what_is_no_category_is_refused(category: str) -> None:
    with pytest.raises(ValidationError):
        arxiv.Options(categories=(category,))


def test_an_item_of_the_feed_is_read_in_full() -> None:
    entry = _read(_RSS.format(items=_item())).entries[0]
    assert entry.ids == ("arxiv:2203.01250v3", "doi:10.1000/xyz")
    assert entry.title == "On the Patience of Optimizers"
    assert entry.abstract == "We show that p < 0.05 for $\\alpha < 2$ in all tasks."
    assert entry.authors == ("Ada Bee", "Carl Dee", "Eve O'Eff")
    assert entry.categories == ("cs.LG", "stat.ML")
    assert entry.announcement == "new"
    assert (entry.url, entry.pdf_url) == ("https://arxiv.org/abs/2203.01250", "https://arxiv.org/pdf/2203.01250v3")
    assert (entry.published, entry.published_precision) == (datetime(2026, 11, 20, 5, tzinfo=UTC), "day")


@pytest.mark.parametrize(
    ("printed", "batch"),
    [
        ("Fri, 20 Nov 2026 00:00:00 -0500", date(2026, 11, 20)),
        ("Thu, 19 Nov 2026 23:59:00 -0500", date(2026, 11, 19)),
        ("Fri, 20 Nov 2026 04:30:00 +0000", date(2026, 11, 19)),  # still Thursday evening in New York
        ("Wed, 17 Jun 2026 04:30:00 +0000", date(2026, 6, 17)),  # summer time
    ],
)
def test_the_batch_is_the_announcement_day_in_new_york(printed: str, batch: date) -> None:
    assert _read(_RSS.replace("Fri, 20 Nov 2026 00:00:00 -0500", printed).format(items=_item())).batch == batch


def test_f03_an_empty_weekend_feed_is_an_answer_with_its_day() -> None:
    listing = _read(_RSS.format(items=""))
    assert (listing.entries, listing.announced, listing.batch, listing.oddities) == ((), 0, date(2026, 11, 20), ())


def test_f03_all_the_days_are_heeded_on_which_the_feed_says_that_nothing_comes() -> None:
    assert _read(_RSS.format(items=_item())).silent_days == {5, 6}
    assert _read(_ATOM).silent_days == frozenset()


def test_only_the_announcements_asked_for_are_read_and_counted() -> None:
    feed = _RSS.format(
        items="".join(
            _item(f"2611.0000{n}v1", kind) for n, kind in enumerate(["new", "cross", "replace", "replace-cross"])
        )
    )
    assert [entry.announcement for entry in _read(feed).entries] == ["new", "cross", "replace"]
    assert _read(feed).announced == 3
    options = arxiv.Options(categories=("cs.CV",), announce=("replace-cross",))
    assert [entry.announcement for entry in _read(feed, options).entries] == ["replace-cross"]


def test_the_announcement_is_found_in_the_description_where_it_has_no_element_of_its_own() -> None:
    feed = _RSS.format(items=_item(kind="replace")).replace("<arxiv:announce_type>replace</arxiv:announce_type>", "")
    entry = _read(feed).entries[0]
    assert (entry.announcement, entry.published) == ("replace", None)
    assert entry.abstract.startswith("We show")


def test_f36_one_paper_announced_twice_in_an_answer_is_one_entry_with_the_stronger_flag() -> None:
    cross = _item(kind="cross").replace("stat.ML", "cs.CV")
    listing = _read(_RSS.format(items=cross + _item(kind="new")))
    assert [(entry.announcement, entry.categories) for entry in listing.entries] == [
        ("new", ("cs.LG", "cs.CV", "stat.ML"))
    ]
    assert listing.announced == 1


@pytest.mark.parametrize("name", ["math.GT/0309136v1", "hep-th/9901001v2", "2203.01250v12", "0704.0001v1"])
def test_f37_old_and_high_ids_are_read(name: str) -> None:
    assert _read(_RSS.format(items=_item(name))).entries[0].ids[0] == f"arxiv:{name}"


_ATOM = """<?xml version="1.0" encoding="UTF-8"?><feed xmlns:arxiv="http://arxiv.org/schemas/atom"
xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns="http://www.w3.org/2005/Atom"><id>http://rss.arxiv.org/atom/cs.CV</id>
<title>cs.CV updates on arXiv.org</title><updated>2026-11-20T05:00:17+00:00</updated><entry>
<id>oai:arXiv.org:2611.01234v1</id><title>A Title</title><updated>2026-11-20T05:00:17+00:00</updated>
<link href="https://arxiv.org/abs/2611.01234" rel="alternate" type="text/html"/>
<summary>arXiv:2611.01234v1 Announce Type: cross \nAbstract: Text.</summary><category term="cs.CV"/>
<published>2026-11-20T00:00:00-05:00</published><arxiv:announce_type>cross</arxiv:announce_type>
<dc:creator>Ada Bee, Carl Dee</dc:creator></entry></feed>"""


def test_the_atom_feed_says_the_same_as_the_rss_feed() -> None:
    listing = _read(_ATOM)
    entry = listing.entries[0]
    assert (listing.batch, entry.ids, entry.announcement) == (date(2026, 11, 20), ("arxiv:2611.01234v1",), "cross")
    assert (entry.abstract, entry.authors) == ("Text.", ("Ada Bee", "Carl Dee"))


_QUERY = """<?xml version='1.0' encoding='UTF-8'?><feed xmlns:opensearch="http://a9.com/-/spec/opensearch/1.1/"
xmlns:arxiv="http://arxiv.org/schemas/atom" xmlns="http://www.w3.org/2005/Atom"><id>https://arxiv.org/api/x</id>
<title>arXiv Query</title><updated>2026-11-20T05:00:17Z</updated><opensearch:totalResults>9</opensearch:totalResults>
<opensearch:startIndex>0</opensearch:startIndex>{entries}</feed>"""
_RESULT = """<entry><id>http://arxiv.org/abs/2606.13677v1</id><title>A Title over\n  Two Lines</title>
<published>2026-06-11T17:59:49Z</published><updated>2026-06-12T17:59:49Z</updated><summary>Less than &lt;1 minute.</summary>
<link href="https://arxiv.org/abs/2606.13677v1" rel="alternate" type="text/html"/><category term="cs.RO"/><category term="68T07"/>
<link href="https://arxiv.org/pdf/2606.13677v1" rel="related" type="application/pdf" title="pdf"/><arxiv:doi>10.1000/Q</arxiv:doi>
<author><name>Ada Bee</name></author><author><name>C. Karen Dee</name></author></entry>"""


def test_an_answer_of_the_query_interface_is_read_and_has_no_batch() -> None:
    listing = _read(_QUERY.format(entries=_RESULT))
    entry = listing.entries[0]
    assert (listing.batch, entry.announcement, entry.title) == (None, None, "A Title over Two Lines")
    assert (entry.ids, entry.categories) == (("arxiv:2606.13677v1", "doi:10.1000/q"), ("cs.RO",))
    assert entry.authors == ("Ada Bee", "C. Karen Dee")
    assert (entry.published, entry.published_precision) == (datetime(2026, 6, 11, 17, 59, 49, tzinfo=UTC), "second")
    assert entry.pdf_url == "https://arxiv.org/pdf/2606.13677v1"
    assert entry.abstract == "Less than <1 minute."


def test_f02_an_answer_that_counts_results_and_sends_none_is_an_error() -> None:
    with pytest.raises(ParseError, match="ask again"):
        _read(_QUERY.format(entries=""))
    assert _read(_QUERY.replace(">9<", ">0<").format(entries="")).entries == ()


def test_an_error_of_the_query_interface_is_no_paper() -> None:
    error = "<entry><id>https://arxiv.org/api/errors#bad_id</id><title>Error</title><summary>incorrect id format</summary></entry>"
    with pytest.raises(ParseError, match="incorrect id format"):
        _read(_QUERY.format(entries=error))


def test_affiliations_are_read_of_all_authors_and_are_no_categories() -> None:
    places = ("Fog &amp; Mist &quot;Lab&quot;", "mit", *(f"Place {number}" for number in range(60)))
    printed = "".join(f"<arxiv:affiliation>{place}</arxiv:affiliation>" for place in places)
    person = f"<author><name>Eve Eff</name>{printed}</author>"
    (entry,) = _read(_QUERY.format(entries=_RESULT.replace("<author>", f"{person}<author>", 1))).entries
    assert entry.institutions[:3] == ('Fog & Mist "Lab"', "mit", "Place 0")
    assert (entry.categories, entry.authors) == (("cs.RO",), ("Eve Eff", "Ada Bee", "C. Karen Dee"))
