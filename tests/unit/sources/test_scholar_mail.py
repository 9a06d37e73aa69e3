"""Mails of Google Scholar alerts."""

import time
from contextlib import suppress
from datetime import UTC, date, datetime
from email.message import EmailMessage
from pathlib import Path

import pytest

from monitor.errors import ParseError
from monitor.sources import scholar_mail
from monitor.types.listings import Answer

NOW = datetime(2026, 11, 21, tzinfo=UTC)
RESULT = """
<h3 style="font-weight:normal;margin:0"><span style="color:#1a0dab">[PDF]</span>
<a href="https://scholar.google.com/scholar_url?url={url}&amp;hl=en&amp;sa=X&amp;oi=scholaralrt" class="gse_alrt_title"
style="color:#1a0dab">{title}</a></h3><div style="color:#006621;line-height:18px">{by}</div>
<div class="gse_alrt_sni" style="line-height:17px">{snippet}</div><div><a href="https://scholar.google.com/x">Save</a></div>
"""
LAMPS = RESULT.format(
    url="https://arxiv.org/pdf/2611.01234", title="<b>Lanterns</b> in the Fog &amp; Rain",
    by="A Bee, C Dee, É Eff… - arXiv preprint arXiv:2611.01234, 2026", snippet="… one lantern along <br>\na path …",
)  # fmt: skip
JOURNAL = RESULT.format(
    url="https://journal.example/a%3Fid%3D7",
    title="Kettles",
    by="B Kett - Journal of Kettles, 2026 - Elsevier",
    snippet="",
)


def mail(html, **headers):
    made = EmailMessage()
    made["From"] = "Google Scholar Alerts <scholaralerts-noreply@google.com>"
    for name, value in ({"Date": "Fri, 20 Nov 2026 23:10:00 -0800"} | headers).items():
        made[name] = value
    made.set_content("See the page.")
    made.add_alternative(html, subtype="html", cte="quoted-printable")
    return made.as_bytes()


def parsed(body):
    return scholar_mail.parse(scholar_mail.Options(path=Path("mails")), Answer("file:1.eml", body, NOW))


def test_an_alert_is_read_as_google_sends_it():
    listing = parsed(mail(f"<html><body>{LAMPS}{JOURNAL}</body></html>"))
    assert (listing.batch, listing.announced, listing.oddities) == (date(2026, 11, 20), 2, ())
    lamps, kettles = listing.entries
    assert (lamps.title, lamps.abstract) == ("Lanterns in the Fog & Rain", "… one lantern along a path …")
    assert lamps.authors == ("A Bee", "C Dee", "É Eff")
    assert (lamps.ids, lamps.url) == (("arxiv:2611.01234",), "https://arxiv.org/pdf/2611.01234")
    assert (kettles.title, kettles.abstract, kettles.authors) == ("Kettles", "", ("B Kett",))
    assert (kettles.ids, kettles.url) == ((), "https://journal.example/a?id=7")


def test_a_link_that_is_none_is_left_out_and_a_result_without_a_title_is_told():
    listing = parsed(mail(LAMPS.replace("https://arxiv.org", "javascript:") + JOURNAL.replace(">Kettles<", "> <")))
    assert listing.entries[0].url is None
    assert listing.entries[0].ids == ("arxiv:2611.01234",)  # as its second line names it
    assert [str(one) for one in listing.oddities] == ["result 2: has no title"]


@pytest.mark.parametrize("when", ["yesterday", "Fri, 99 Nov 2026 10:00:00 +0000", "Fri, 20 Nov 0 10:00:00 +9999"])
def test_a_date_that_is_none_leaves_the_day_to_the_file(when):
    assert parsed(mail(LAMPS).replace(b"Fri, 20 Nov 2026 23:10:00 -0800", when.encode())).batch is None


@pytest.mark.parametrize("body", [b"", mail("<p>Hello</p>"), mail(LAMPS).replace(b"text/html", b"text/x")])
def test_another_mail_is_no_alert(body):
    with pytest.raises(ParseError, match="no alert of Google Scholar"):
        parsed(body)


@pytest.mark.parametrize(
    "html",
    [
        "<a " * 300_000,
        "<a class=gse_alrt_title " * 40_000,
        "<a class=gse_alrt_title>" * 40_000,
        "gse_alrt_sni<div>" * 60_000,
    ],
)
def test_hostile_mails_end(html):
    began = time.process_time()
    with suppress(ParseError):
        parsed(b"Content-Type: text/html\n\n" + html.encode())
    assert time.process_time() - began < 2
