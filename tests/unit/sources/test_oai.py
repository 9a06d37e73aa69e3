"""Pages of an OAI-PMH harvest: real ones, broken ones and hostile ones."""

from __future__ import annotations

import lzma
import re
import tracemalloc
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.errors import ParseError
from monitor.sources import _oai, arxiv
from monitor.types.listings import Answer, Listing

_NOW = datetime(2026, 11, 20, 9, tzinfo=UTC)
_ASKED = "https://oaipmh.arxiv.org/oai?verb=ListRecords&metadataPrefix=arXiv&from=2026-11-01&until=2026-11-19&set=cs"
_TOKEN = "verb%3DListRecords%26metadataPrefix%3DarXiv%26from%3D2026-11-01%26until%3D2026-11-19%26set%3Dcs%26skip%3D1300"
_OPTIONS = arxiv.Options(categories=("cs.CV", "math"))
_PAGE = """<?xml version="1.0" encoding="UTF-8"?>
<OAI-PMH xmlns="http://www.openarchives.org/OAI/2.0/"><responseDate>2026-11-20T00:41:04Z</responseDate>
<request verb="ListRecords">http://oaipmh.arxiv.org/oai</request>{inside}</OAI-PMH>"""


def _record(
    name: str = "2611.01234", created: str = "2026-11-03", categories: str = "cs.CV cs.LG", title: str = "Fog"
) -> str:
    return f"""<record><header><identifier>oai:arXiv.org:{name}</identifier><datestamp>2026-11-04</datestamp>
<setSpec>cs</setSpec></header><metadata><arXiv xmlns="http://arxiv.org/OAI/arXiv/"><id>{name}</id>
<created>{created}</created><updated>2026-11-04</updated><authors><author><keyname>Bee</keyname><forenames>Ada</forenames>
<suffix>Jr</suffix><affiliation>A Lab</affiliation></author><author><keyname>The Lantern Team</keyname></author>
</authors><title>{title}</title><categories>{categories}</categories><doi>10.1000/XYZ</doi>
<abstract>  We move one lantern\n along a known path, $p &lt; 0.05$.\n</abstract></arXiv></metadata></record>"""


def _list(*records: str, token: str = "") -> str:
    last = f'<resumptionToken expirationDate="2026-11-21T00:00:00Z">{token}</resumptionToken>'
    return _PAGE.format(inside=f"<ListRecords>{''.join(records)}{last}</ListRecords>")


def _read(body: str | bytes, options: arxiv.Options = _OPTIONS, url: str = _ASKED) -> Listing:
    return arxiv.parse(options, Answer(url, body if isinstance(body, bytes) else body.encode(), _NOW))


def test_a_record_is_read_in_full() -> None:
    listing = _read(_list(_record()))
    entry = listing.entries[0]
    assert (entry.title, entry.abstract) == ("Fog", "We move one lantern along a known path, $p < 0.05$.")
    assert (entry.authors, entry.institutions) == (("Ada Bee Jr", "The Lantern Team"), ("A Lab",))
    assert (entry.ids, entry.categories) == (("arxiv:2611.01234", "doi:10.1000/xyz"), ("cs.CV", "cs.LG"))
    assert (entry.published, entry.published_precision) == (datetime(2026, 11, 3, tzinfo=UTC), "day")
    assert (entry.url, entry.pdf_url) == ("https://arxiv.org/abs/2611.01234", "https://arxiv.org/pdf/2611.01234")
    assert (entry.announcement, entry.rank, entry.where) == ("new", 1, "record 1")
    assert (listing.batch, listing.announced, listing.next, listing.oddities) == (None, 1, None, ())


def test_only_what_is_followed_is_read_and_counted() -> None:
    deleted = '<record><header status="deleted"><identifier>oai:arXiv.org:2611.1</identifier></header></record>'
    records = [
        _record("2611.00001", categories="cs.LG"),
        _record("2611.00002", categories="cs.LG cs.CV"),
        _record("2611.00003", categories="math.GT"),
        _record("2611.00004", categories="math-ph physics.math"),
        deleted,
    ]
    listing = _read(_list(*records))
    found = [(entry.ids[0], entry.announcement) for entry in listing.entries]
    assert found == [("arxiv:2611.00002", "cross"), ("arxiv:2611.00003", "new")]
    assert (listing.announced, listing.oddities) == (2, ())


@pytest.mark.parametrize("url", [_ASKED, f"https://oaipmh.arxiv.org/oai?resumptionToken={_TOKEN.replace('%', '%25')}"])
def test_what_was_submitted_long_before_the_first_day_was_replaced_and_is_kept_only_when_asked_for(url: str) -> None:
    body = _list(_record("2610.00001", "2026-10-20"), _record("2610.00002", "2026-10-01"))
    assert [entry.announcement for entry in _read(body, url=url).entries] == ["new", "replace"]
    news = _OPTIONS.model_copy(update={"announce": ("new", "cross")})
    assert [entry.ids[0] for entry in _read(body, news, url).entries] == ["arxiv:2610.00001"]
    assert _read(body, news, url).announced == 1


def test_a_page_that_does_not_know_its_question_goes_by_the_record_s_own_change() -> None:
    url = "https://oaipmh.arxiv.org/oai?verb=ListRecords&resumptionToken=1122234%7C9001"
    body = _list(_record("2610.00001", "2026-10-25"), _record("2610.00002", "2026-10-01"))
    assert [entry.announcement for entry in _read(body, url=url).entries] == ["new", "replace"]


def test_the_token_alone_asks_for_the_next_page_at_the_same_address() -> None:
    following = _read(_list(_record(), token=_TOKEN)).next
    assert following is not None
    assert following.url == (
        f"https://oaipmh.arxiv.org/oai?verb=ListRecords&resumptionToken={_TOKEN.replace('%', '%25')}"
    )
    again = _read(
        _list(_record(), token="a|b c+/&amp;"), url="http://mirror.example:8080/oai?verb=ListRecords&set=cs"
    ).next
    assert again is not None
    assert again.url == "http://mirror.example:8080/oai?verb=ListRecords&resumptionToken=a%7Cb%20c%2B%2F%26"


def test_no_matching_record_is_an_empty_listing() -> None:
    listing = _read(_PAGE.format(inside='<error code="noRecordsMatch">No matches.</error>'))
    assert (listing.entries, listing.announced, listing.next) == ((), 0, None)


@pytest.mark.parametrize(
    ("inside", "reason"),
    [
        ('<error code="badResumptionToken">it ran out</error>', r"badResumptionToken\): it ran out"),
        ('<error code="badArgument">no such set</error>', "no such set"),
        ("<error/>", "refused"),
        ("<Identify/>", "no list of records"),
        ("<ListRecords><record>", "cut off"),
        (f"<ListRecords>{_record()}", "cut off"),
        ("<a>" * 30 + "</a>" * 30, "nested"),
        ("<a " + "".join(f'a{number}="" ' for number in range(20_000)) + "/>", "huge tags"),
        ("&#65;" * 50_001, "masses of character references"),
        ("<ListRecords>" + "<record/>" * 10_001 + "</ListRecords>", "more than 10000 records"),
    ],
)
def test_what_is_no_list_of_records_is_refused_with_a_reason(inside: str, reason: str) -> None:
    with pytest.raises(ParseError, match=reason):
        _read(_PAGE.format(inside=inside))


@pytest.mark.parametrize(
    "declared",
    [
        '<!DOCTYPE OAI-PMH [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">]>',
        '<!DOCTYPE OAI-PMH SYSTEM "file:///etc/passwd">',
        "<!DOCTYPE OAI-PMH>",
    ],
)
def test_a_document_type_is_refused_before_anything_is_read(declared: str) -> None:
    body = _list(_record(title="&b;")).replace("?>", f"?>{declared}", 1)
    with pytest.raises(ParseError, match="document type"):
        _read(body)


def test_an_unreadable_record_is_reported_and_the_others_stand() -> None:
    listing = _read(_list(_record(title=" "), _record("nonsense"), "<record/>", _record()))
    assert [entry.where for entry in listing.entries] == ["record 4"]
    assert [str(oddity) for oddity in listing.oddities] == [
        "record 1: has no title", "record 2: has no arXiv id", "record 3: has no arXiv id",
    ]  # fmt: skip
    assert listing.announced == 4


def test_bytes_that_xml_forbids_cost_no_record() -> None:
    body = _list(_record(title="A\x02B &#1; C")).encode().replace(b"Fog", b"F\xffg")
    assert _read(body).entries[0].title == "A B \ufffd C"


@pytest.mark.parametrize(
    ("created", "published"),
    [("2026-11-3", datetime(2026, 11, 3, tzinfo=UTC)), ("2026-02-30", None), ("soon", None), ("9" * 9, None)],
)
def test_dates_come_unpadded_or_are_left_out(created: str, published: datetime | None) -> None:
    assert _read(_list(_record(created=created))).entries[0].published == published


def test_prefixed_elements_are_the_same_elements() -> None:
    body = re.sub(r"<(/?)(OAI-PMH|ListRecords|record|header|metadata|arXiv)\b", r"<\1o:\2", _list(_record()))
    assert _read(body.replace("xmlns=", "xmlns:o=")).entries[0].title == "Fog"


def test_one_huge_field_and_a_crowd_of_authors_take_bounded_memory() -> None:
    crowd = "<author><keyname>B</keyname></author>" * 100_000
    body = _list(_record(title="x" * 5_000_000).replace("<authors>", f"<authors>{crowd}")).encode()
    tracemalloc.start()
    listing = _read(body)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert len(listing.entries[0].title) <= 500
    assert len(listing.entries[0].authors) == 100
    assert peak < 8 * len(body)
    (record,) = _oai.read(body).records
    assert (len(record.fields["title"]), len(record.authors)) == (100_000, 5_000)


@pytest.mark.seeds
@pytest.mark.parametrize("name", ["10.xml.xz", "56.xml.xz"])
def test_every_record_of_every_real_page_is_read(shared: Path, name: str) -> None:
    body = lzma.decompress((shared / "data/oai_pmh" / name).read_bytes())
    plain = body.decode()
    alive = plain.count("<record>") - plain.count('status="deleted"')
    assert alive == 1000
    everything = arxiv.Options(
        categories=("cs", "math", "physics"), announce=("new", "cross", "replace", "replace-cross")
    )
    listing = _read(body, everything, "http://export.arxiv.org/oai2?verb=ListRecords&resumptionToken=1122234%7C9001")
    assert (len(listing.entries), listing.announced, listing.oddities) == (alive, alive, ())
    assert [entry.ids[0][6:] for entry in listing.entries] == re.findall(r"<id>(.*?)</id>", plain)
    assert all(entry.abstract and entry.authors and entry.published for entry in listing.entries)
    written = [len(re.findall("<keyname>", record)) for record in plain.split("<record>")[1:]]
    assert [len(entry.authors) for entry in listing.entries] == [min(number, 100) for number in written]
    assert listing.next is not None
    assert listing.next.url.startswith("http://export.arxiv.org/oai2?verb=ListRecords&resumptionToken=1122234%7C")
    changed = [
        date.fromisoformat(stamp) - date.fromisoformat(created)
        for stamp, created in zip(
            re.findall(r"<datestamp>(.*?)<", plain), re.findall(r"<created>(.*?)<", plain), strict=True
        )
    ]
    replaced = sum(entry.announcement in ("replace", "replace-cross") for entry in listing.entries)
    assert replaced == sum(after.days > 14 for after in changed)


@given(st.binary(max_size=300))
def test_f01_any_bytes_are_read_or_refused(body: bytes) -> None:
    for whole in (b"<OAI-PMH>" + body, b"<OAI-PMH><ListRecords>" + body + b"</ListRecords></OAI-PMH>"):
        try:
            page = _oai.read(whole)
        except ParseError as error:
            assert error.reason  # noqa: PT017  # a page or a ParseError: both are right
        else:
            assert all(isinstance(record.fields, dict) for record in page.records)
