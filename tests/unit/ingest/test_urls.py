"""Which addresses may be opened, and how they are written."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.ingest.urls import plain, redirected


@pytest.mark.parametrize(
    ("url", "written"),
    [
        ("HTTP://Example.ORG", "http://example.org/"),
        ("https://example.org:8443/a?b=c#d", "https://example.org:8443/a?b=c"),
        ("https://example.org./", "https://example.org/"),
        ("https://example.org/a%2Fb/%C3%A9?q=a+b&c=(d)", "https://example.org/a%2Fb/%C3%A9?q=a+b&c=(d)"),
        ("https://example.org/é ü", "https://example.org/%C3%A9%20%C3%BC"),
        ("https://bücher.example/", "https://xn--bcher-kva.example/"),
        ("http://①②⑦.⓪.⓪.①/", "http://127.0.0.1/"),
        ("http://[2001:DB8::1]:80/", "http://[2001:db8::1]:80/"),
        ("http://export.arxiv.org/api/query?search_query=cat:cs.LG&start=0", "http://export.arxiv.org/api/query?search_query=cat:cs.LG&start=0"),
    ],
)  # fmt: skip
def test_an_address_is_written_one_way(url, written):
    assert plain(url) == written
    assert plain(written) == written


@pytest.mark.parametrize(
    "url",
    [
        "file:///etc/passwd", "ftp://example.org/", "data:,x", "javascript:alert(1)", "example.org", "", "http://", "//x/",
        "http://user@example.org/", "http://a:b@example.org/", "http://@example.org/", "http:\\\\example.org\\",
        "http://example.org\\@127.0.0.1/", "http://example.org/\nX: y", "http://exa\tmple.org/", "http://example.org/\x00",
        "http://127%2e0.0.1/", "http://[fe80::1%25eth0]/", "http://exa mple.org/", "http://example.org:port/",
        "http://example.org:99999/", "http://[::1/", f"http://{'a' * 300}.org/{'x' * 4000}", "http://ex℀mple.org/",
    ],
)  # fmt: skip
def test_f13_f14_f16_no_other_address_is_opened(url):
    with pytest.raises(ValueError, match=r".+"):
        plain(url)


def test_f14_a_password_is_not_shown():
    with pytest.raises(ValueError, match="user name") as refused:
        plain("http://ada:secret@example.org/")
    assert "secret" not in str(refused.value)


@pytest.mark.parametrize(
    ("location", "there"),
    [
        ("/b", "https://example.org/b"),
        ("c?d", "https://example.org/a/c?d"),
        ("//other.example.org/", "https://other.example.org/"),
        ("https://other.example.org", "https://other.example.org/"),
    ],
)
def test_a_redirect_is_followed_from_where_it_is_found(location, there):
    assert redirected("https://example.org/a/b", location) == there


def test_f13_https_never_becomes_http_again():
    with pytest.raises(ValueError, match="plain http"):
        redirected("https://example.org/", "http://example.org/")
    assert redirected("http://example.org/", "https://example.org/") == "https://example.org/"


@given(st.text(max_size=60) | st.text(max_size=60).map(lambda text: f"http://{text}"))
def test_whatever_is_written_is_ascii_and_has_a_host_or_is_refused(url):
    try:
        written = plain(url)
    except ValueError:
        return
    assert written.isascii()
    assert written.isprintable()
    assert " " not in written
    assert written.startswith(("http://", "https://"))
    assert "@" not in written.split("/")[2]
