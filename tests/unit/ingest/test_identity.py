"""What makes two entries one work."""

from datetime import UTC, datetime

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from monitor.ingest.addresses import canonical_url, id_in
from monitor.ingest.decide import keyed_entries
from monitor.ingest.identity import keys, lookup_keys, version
from monitor.types.listings import Entry, Listing


def entry(**fields):
    return Entry(**{"title": "A title", "abstract": "An abstract.", **fields})


@pytest.mark.parametrize("rest", ["abs/2303.16203", "pdf/2303.16203v12", "abs/2303.16203/", "pdf/2303.16203v1.pdf"])
def test_an_address_at_arxiv_says_the_same_however_it_is_written(rest):
    assert id_in(f"https://arxiv.org/{rest}") == id_in(f"HTTP://www.arxiv.org:80/{rest}#page") is not None


@pytest.mark.parametrize(
    ("printed", "key"),
    [
        ("arxiv:2303.16203v3", "arxiv:2303.16203"),
        ("arxiv:2303.16203", "arxiv:2303.16203"),
        ("arxiv:math.GT/0309136v1", "arxiv:math/0309136"),
        ("arxiv:math/0309136v12", "arxiv:math/0309136"),
        ("doi:10.48550/arXiv.2303.16203", "arxiv:2303.16203"),
        ("doi:https://doi.org/10.1145/3292500.ABC", "doi:10.1145/3292500.abc"),
        ("doi:10.48550/ARXIV.MATH/0309136", "arxiv:math/0309136"),
        ("doi:10.1016/S0140-6736(05)12345-6).", "doi:10.1016/s0140-6736(05)12345-6"),
        ("doi:10.1016/0370-2693(90)90162(a)", "doi:10.1016/0370-2693(90)90162(a)"),
        ("doi:10.1145%2F3292500.3330919", "doi:10.1145/3292500.3330919"),
        ("doi:10.1101/2020.01.01.123456v2", "doi:10.1101/2020.01.01.123456"),
        ("doi:10.21203/rs.3.rs-12345/v1", "doi:10.21203/rs.3.rs-12345"),
        ("guid:oai:arXiv.org:2303.16203v3", "arxiv:2303.16203"),
        ("guid:https://doi.org/10.1145/3292500", "doi:10.1145/3292500"),
        ("guid:http://www.Example.org/a/?utm_source=rss", "guid:here:https://example.org/a"),
        ("openreview:ryxGuJrFvS", "openreview:ryxGuJrFvS"),
        ("guid:42", "guid:here:42"),
    ],
)
def test_an_id_becomes_one_key_however_it_is_printed(printed, key):
    assert keys(entry(ids=(printed,)), "here")[0] == key


@pytest.mark.parametrize(
    "url",
    [
        "https://arxiv.org/abs/2303.16203v2",
        "http://export.arxiv.org/pdf/2303.16203.pdf",
        "https://huggingface.co/papers/2303.16203#community",
        "https://www.arxiv.org/html/2303.16203v1",
        "https://arxiv.org/abs/2303.16203v2?context=cs.LG#comments",
        "https://arxiv.org/pdf/2303.16203v2.pdf",
        "https://ar5iv.labs.arxiv.org/html/2303.16203",
        "https://hf.co/papers/2303.16203?utm_source=digest",
        "https://doi.org/10.48550/arXiv.2303.16203",
        "https://dx.doi.org/10.48550%2FarXiv.2303.16203",
    ],
)
def test_links_to_one_arxiv_paper_give_its_id(url):
    assert keys(entry(url=url), "x")[0] == "arxiv:2303.16203"


def test_a_host_that_only_ends_like_arxiv_is_not_arxiv():
    assert keys(entry(url="https://notarxiv.org/abs/2303.16203"), "x")[0].startswith("url:")


@pytest.mark.parametrize(
    ("url", "key"),
    [
        ("https://openreview.net/forum?id=ryxGuJrFvS&noteId=abc", "openreview:ryxGuJrFvS"),
        ("https://openreview.net/pdf?id=ryxGuJrFvS", "openreview:ryxGuJrFvS"),
        ("https://openreview.net/attachment?id=ryxGuJrFvS&name=code", "openreview:ryxGuJrFvS"),
        ("https://openreview.net/revisions?id=ryxGuJrFvS", "openreview:ryxGuJrFvS"),
        ("https://www.biorxiv.org/content/10.1101/2020.01.01.123456v2.full.pdf+html", "doi:10.1101/2020.01.01.123456"),
        ("https://www.biorxiv.org/content/early/2020/01/02/2020.01.01.123456", "doi:10.1101/2020.01.01.123456"),
        ("https://www.medrxiv.org/content/10.1101/2020.01.01.20123456v3?rss=1", "doi:10.1101/2020.01.01.20123456"),
        ("https://journals.sagepub.com/doi/abs/10.1177/0023677213494374?af=R", "doi:10.1177/0023677213494374"),
        ("https://dl.acm.org/doi/pdf/10.1145/3292500.3330919", "doi:10.1145/3292500.3330919"),
        ("https://pubs.acs.org/doi/full/10.1021/jacs.0c01234", "doi:10.1021/jacs.0c01234"),
        ("https://link.springer.com/content/pdf/10.1007/s10994-021-05961-4.pdf", "doi:10.1007/s10994-021-05961-4"),
        ("https://www.frontiersin.org/articles/10.3389/fpsyg.2020.00001/full", "doi:10.3389/fpsyg.2020.00001"),
        (
            "https://journals.plos.org/plosone/article?id=10.1371/journal.pone.0000001",
            "doi:10.1371/journal.pone.0000001",
        ),
        ("https://www.nature.com/articles/s41586-021-03819-2.pdf", "doi:10.1038/s41586-021-03819-2"),
        ("https://nature.com/articles/nature14539", "doi:10.1038/nature14539"),
        ("https://aclanthology.org/2023.acl-long.1.pdf", "doi:10.18653/v1/2023.acl-long.1"),
    ],
)
def test_a_publishers_link_gives_the_id_that_it_carries(url, key):
    assert keys(entry(url=url), "x")[0] == key


@pytest.mark.parametrize(
    "url",
    [
        "https://aclanthology.org/2020.lrec-1.1.pdf",  # registers no DOI
        "https://aclanthology.org/J19-1001",  # a DOI of another registrant
        "https://openreview.net/references/pdf?id=abc",  # the id of a revision
        "https://openreview.net/group?id=ICLR.cc/2020",
        "https://example.org/articles/s41586-021-03819-2",
        "https://huggingface.co/org/2303.16203",
    ],
)
def test_a_link_that_names_no_paper_for_sure_stays_a_link(url):
    assert keys(entry(url=url), "x")[0].startswith("url:")


def test_the_text_key_is_last_and_blind_to_case_accents_and_spacing():
    first = keys(Entry("Fréchet  Distances", "We show  it."), "a")
    second = keys(Entry(r"Fr\'echet distances", "We show it"), "b")
    assert first == second
    assert first[-1].startswith("text:")


def test_without_an_abstract_a_title_alone_makes_no_two_entries_one():
    first = Entry("Editorial", authors=("Ada",), url="https://x.org/1")
    for other in (
        Entry("Editorial", authors=("Bo",), url="https://x.org/1"),
        Entry("Editorial", authors=("Ada",), url="https://x.org/2"),
        Entry("Editorial", authors=("Ada",), url="https://x.org/1", published=datetime(2026, 1, 1, tzinfo=UTC)),
    ):
        assert keys(first, "a")[-1] != keys(other, "a")[-1]
    assert keys(first, "a")[-1] == keys(Entry("EDITORIAL", authors=("Ada",), url="http://www.x.org/1/#top"), "b")[-1]


def test_f25_two_editorials_of_one_feed_are_two_entries():
    listing = Listing((Entry("Editorial", url="https://x.org/1"), Entry("Editorial", url="https://x.org/2")))
    assert len(keyed_entries(listing, "x")) == 2


def test_f25_a_guid_that_changes_case_names_the_same_entry_and_a_new_guid_leaves_the_text():
    first = keys(entry(ids=("guid:ABC-1",)), "x")
    assert keys(entry(ids=("guid:abc-1",), title="Another"), "x")[0] == first[0]
    assert keys(entry(ids=("guid:zzz",)), "x")[-1] == first[-1]


def test_f25_guids_that_differ_only_in_case_within_one_feed_lose_their_say():
    one, two = entry(ids=("guid:aB",), title="One"), entry(ids=("guid:Ab",), title="Two")
    assert [names for _, names in keyed_entries(Listing((one, two)), "x")] == [keys(one, "x")[1:], keys(two, "x")[1:]]


def test_the_version_is_that_of_the_arxiv_id_or_of_a_preprints_doi():
    assert version(entry(ids=("guid:v9", "arxiv:2303.16203v3"))) == 3
    assert version(entry(ids=("arxiv:2303.16203",))) is None
    assert version(entry(ids=("arxiv:2303.16203v12",))) == 12
    assert version(entry(ids=("doi:10.1101/2020.01.01.123456v2",))) == 2
    assert version(entry(url="https://www.biorxiv.org/content/10.1101/2020.01.01.123456v4.full")) == 4
    assert version(entry(ids=("guid:v9",), url="https://example.org/v3")) is None


def test_a_url_loses_tracking_fragment_and_default_port_and_keeps_what_matters():
    assert canonical_url("HTTP://Example.ORG:80/a/?utm_source=x&id=7#top") == "https://example.org/a?id=7"
    assert canonical_url("https://example.org:8443/a") == "https://example.org:8443/a"
    assert canonical_url("https://m.example.org/%7Eada/%c3%a9?b=2&a=1") == "https://example.org/~ada/%C3%A9?a=1&b=2"
    assert canonical_url("https://example.org/?article7") != canonical_url("https://example.org/?article8")


def test_f27_a_host_in_unicode_and_in_punycode_is_one():
    assert canonical_url("https://bücher.example/a") == canonical_url("https://xn--bcher-kva.example/a")


ADDRESSES = st.one_of(
    st.text(max_size=60).map(lambda rest: f"https://example.org/{rest}"),
    st.text(max_size=60),
    st.sampled_from(
        [
            "http://a.b/%zz",
            "https://x.org//a//b/?q=%2f&q",
            "https://[::1]:80/a",
            "http://www.m.x.org",
            "https://x/%ed%a0%80",
        ]
    ),
)


@given(ADDRESSES)
@example("https://x.org/%2525?%26=%25")
@example("https://www.www.x.org/")
@example("https://m.www.x.org/")
def test_a_canonical_address_is_its_own(url):
    once = canonical_url(url)
    assert once is None or canonical_url(once) == once


@given(
    ADDRESSES,
    st.sampled_from(["utm_source", "UTM_campaign", "fbclid", "gclid", "mc_cid", "dgcid", "msclkid", "_hsenc"]),
)
def test_tracking_never_changes_the_key(url, name):
    bare = url.partition("#")[0].strip()
    tracked = f"{bare}{'&' if '?' in bare else '?'}{name}=abc"
    if canonical_url(tracked) and canonical_url(bare):
        assert keys(entry(url=tracked), "x") == keys(entry(url=bare), "x")


@pytest.mark.parametrize("url", ["javascript:alert(1)", "file:///etc/passwd", "mailto:a@b", "http://[", "//x/y"])
def test_what_is_no_web_address_has_no_key(url):
    assert canonical_url(url) is None


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("arXiv:2303.16203", "arxiv:2303.16203"),
        ("2303.16203v2", "arxiv:2303.16203"),
        ("https://arxiv.org/abs/2303.16203", "arxiv:2303.16203"),
        ("10.1145/3292500", "doi:10.1145/3292500"),
        ("DOI: 10.1145/3292500", "doi:10.1145/3292500"),
        ("arxiv.org/abs/2303.16203v1", "arxiv:2303.16203"),
        ("openreview.net/forum?id=ryxGuJrFvS", "openreview:ryxGuJrFvS"),
        ("math.GT/0309136", "arxiv:math/0309136"),
        ("openreview:ryxGuJrFvS", "openreview:ryxGuJrFvS"),
    ],
)
def test_a_person_may_name_a_paper_in_many_ways(name, key):
    assert lookup_keys(name) == (key,)


def test_a_title_is_no_key():
    assert lookup_keys("Diffusion Models Beat GANs") == ()
