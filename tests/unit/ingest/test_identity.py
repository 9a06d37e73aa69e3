"""What makes two entries one work."""

import pytest

from monitor.ingest.identity import canonical_url, keys, lookup_keys, version
from monitor.types.listings import Entry


def entry(**fields):
    return Entry(**{"title": "A title", "abstract": "An abstract.", **fields})


@pytest.mark.parametrize(
    ("printed", "key"),
    [
        ("arxiv:2303.16203v3", "arxiv:2303.16203"),
        ("arxiv:2303.16203", "arxiv:2303.16203"),
        ("arxiv:math.GT/0309136v1", "arxiv:math.gt/0309136"),
        ("doi:10.48550/arXiv.2303.16203", "arxiv:2303.16203"),
        ("doi:https://doi.org/10.1145/3292500.ABC", "doi:10.1145/3292500.abc"),
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
    ],
)
def test_links_to_one_arxiv_paper_give_its_id(url):
    assert keys(entry(url=url), "x")[0] == "arxiv:2303.16203"


def test_a_host_that_only_ends_like_arxiv_is_not_arxiv():
    assert keys(entry(url="https://notarxiv.org/abs/2303.16203"), "x")[0].startswith("url:")


def test_the_text_key_is_last_and_blind_to_case_accents_and_spacing():
    first = keys(Entry("Fréchet  Distances", "We show  it."), "a")
    second = keys(Entry(r"Fr\'echet distances", "We show it"), "b")
    assert first == second
    assert first[-1].startswith("text:")


def test_the_version_comes_from_the_arxiv_id_only():
    assert version(entry(ids=("guid:v9", "arxiv:2303.16203v3"))) == 3
    assert version(entry(ids=("arxiv:2303.16203",))) is None


def test_a_url_loses_tracking_fragment_and_default_port_and_keeps_what_matters():
    assert canonical_url("HTTP://Example.ORG:80/a/?utm_source=x&id=7#top") == "https://example.org/a?id=7"
    assert canonical_url("https://example.org:8443/a") == "https://example.org:8443/a"


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
    ],
)
def test_a_person_may_name_a_paper_in_many_ways(name, key):
    assert lookup_keys(name) == (key,)


def test_a_title_is_no_key():
    assert lookup_keys("Diffusion Models Beat GANs") == ()
