"""The papers page: its data, what a reader sees of it, and captures of it."""

from __future__ import annotations

import html
import json
import time
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from monitor.errors import ParseError
from monitor.sources import hf_page, snapshot
from monitor.types.listings import Answer, Listing

_NOW = datetime(2026, 11, 21, 9, tzinfo=UTC)
_OPTIONS = hf_page.Options()
_FOLDER = hf_page.Options(path=Path("pages"))
_ABSTRACT = (
    "We move one lantern along a known path. Depth comes out of its halo, at forty metres with an error of a tenth. "
    "Sixty nights were enough to learn the weather of a whole coast, and three of them to forget it again."
)
_LINE = "A lantern that moves along a known path measures depth in fog at forty metres with an error of a tenth."
_POST = {
    "paper": {
        "id": "2611.01234", "title": "Lanterns in the Fog", "summary": _ABSTRACT, "upvotes": 7, "ai_summary": _LINE,
        "publishedAt": "2026-11-18T17:59:00.000Z", "submittedOnDailyAt": "2026-11-20T00:51:00.000Z",
    },
    "publishedAt": "2026-11-18T12:59:00.000Z", "title": "Lanterns in the Fog", "numComments": 2,
}  # fmt: skip


def _read(body: str | bytes, url: str = "https://huggingface.co/papers/date/2026-11-19") -> Listing:
    raw = body.encode() if isinstance(body, str) else body
    return hf_page.parse(_OPTIONS, Answer(url, raw, _NOW))


def _page(props: object, quote: str = '"') -> str:
    data = html.escape(json.dumps(props))
    return (
        "<!doctype html><html><head><title>Daily Papers - Hugging Face</title></head><body>"
        f'<div class="SVELTE_HYDRATER contents" data-target="DailyPapers" data-props={quote}{data}{quote}>'
        "<h3><a href='/papers/2611.99999'>Not this one</a></h3></div></body></html>"
    )


# --- what is asked ----------------------------------------------------------------------------------------------------


def test_the_last_days_are_asked_for_and_robots_txt_is_heeded() -> None:
    requests = hf_page.requests(_OPTIONS, date(2026, 3, 1))
    assert [request.url for request in requests] == [
        f"https://huggingface.co/papers/date/{day}" for day in ("2026-03-01", "2026-02-28")
    ]
    assert [(request.batch, request.robots) for request in requests] == [
        (date(2026, 3, 1), True), (date(2026, 2, 28), True),
    ]  # fmt: skip


def test_a_folder_is_asked_for_saved_pages_only_and_has_no_past_and_no_due_day() -> None:
    (request,) = hf_page.requests(_FOLDER, date(2026, 3, 1))
    assert (request.url, request.robots) == ("file:pages", False)
    assert {".html", ".md", ".txt"} <= set(request.endings)
    assert hf_page.past(_FOLDER, date(2026, 3, 1), date(2026, 3, 2)) == ()
    assert hf_page.silence(_FOLDER, date(2026, 11, 20))


def test_the_past_is_asked_from_the_oldest_day_and_weekends_are_silent() -> None:
    asked = hf_page.past(_OPTIONS, date(2026, 2, 27), date(2026, 3, 1))
    assert [request.batch for request in asked] == [date(2026, 2, 27), date(2026, 2, 28), date(2026, 3, 1)]
    assert [hf_page.silence(_OPTIONS, date(2026, 11, day)) for day in (20, 21, 22)] == ["", "Saturday", "Sunday"]


# --- HTML -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("quote", ['"', "'"])
def test_the_pages_own_data_is_read(quote: str) -> None:
    listing = _read(_page({"dailyPapers": [_POST]}, quote))
    (entry,) = listing.entries
    assert (entry.title, entry.abstract, entry.one_liner) == ("Lanterns in the Fog", _ABSTRACT, _LINE)
    assert (entry.ids, entry.upvotes, entry.comments) == (("arxiv:2611.01234",), 7, 2)
    assert (listing.batch, listing.announced) == (date(2026, 11, 19), 1)


def test_without_a_day_in_the_address_the_papers_name_it() -> None:
    assert _read(_page({"dailyPapers": [_POST]}), "file:page.html").batch == date(2026, 11, 20)


def test_a_day_without_papers_is_an_answer() -> None:
    assert _read(_page({"dailyPapers": []})).entries == ()


_CARD = """<article class="x"><a href="/papers/2611.0{n}111"><img src="https://cdn.example/a.png"></a>
<a href="/login?next=%2Fpapers%2F2611.0{n}111"><svg viewBox="0 0 1 1"><path d="M0"/></svg><div>{votes}</div></a>
<h3 class="mb-1"><a href="/papers/2611.0{n}111" class="line-clamp-3">{title}</a></h3>
<p><a href="/papers/2611.0{n}111">{said}</a></p>
<ul><li><img alt=""></li><li>{n} authors</li></ul> · {when} <a href="/papers/2611.0{n}111#community">4</a></article>"""


def _drawn(*cards: tuple[str, str, str], head: str = "Nov 20") -> str:
    drawn = "".join(
        _CARD.format(n=n, votes=10 * n, title=title, said=said, when=when)
        for n, (title, said, when) in enumerate(cards, start=1)
    )
    return (
        "<html><head><style>a{}</style></head><body><nav><a href='/models'>Models</a></nav><main><h1>Daily Papers</h1>"
        f"<h2>by <a href='/akhaliq'><img>AK</a> and the research community</h2><p>{head}</p>{drawn}</main></body></html>"
    )


def test_without_data_headings_texts_and_links_are_read() -> None:
    listing = _read(
        _drawn(
            ("Lanterns in the Fog", f"{_ABSTRACT} p &lt; 0.05", "Published on Nov 18"),
            ("[Re] Candles &amp; Wicks", _LINE, "Nov 2, 2025"),
        ),
        "file:page.html",
    )
    first, second = listing.entries
    assert (first.title, first.abstract, first.one_liner) == ("Lanterns in the Fog", f"{_ABSTRACT} p < 0.05", None)
    assert (first.ids, first.upvotes, first.published) == (
        ("arxiv:2611.01111",), 10, datetime(2026, 11, 18, tzinfo=UTC),
    )  # fmt: skip
    assert (second.title, second.abstract, second.one_liner) == ("[Re] Candles & Wicks", "", _LINE)
    assert (second.upvotes, second.published) == (20, datetime(2025, 11, 2, tzinfo=UTC))
    assert (listing.batch, listing.oddities) == (date(2026, 11, 20), ())


@pytest.mark.parametrize(
    "body",
    [
        "<html><body><h1>Just a moment...</h1></body></html>",
        _page({"papers": []}),
        _page([1]),
        '<html><div data-target="DailyPapers" data-props="{broken"></div></html>',
        "<html>" + "<a " * 200_000,
        "<html>" + '<a href="' * 100_000,
        "<html>" + "<!--" * 200_000,
        "<html>" + "<div>" * 200_000,
        "<html><div " + "data-target=\"DailyPapers\" data-props='" * 50_000,
        '<html><div data-target="DailyPapers" data-props="' + "[" * 2_000_000 + '">',
    ],
)  # fmt: skip
def test_what_is_no_papers_page_is_refused_quickly(body: str) -> None:
    began = time.process_time()
    with pytest.raises(ParseError):
        _read(body)
    assert time.process_time() - began < 5


# --- captures ---------------------------------------------------------------------------------------------------------


def test_a_one_liner_in_a_capture_is_no_abstract_but_stays_one_where_any_text_is_read() -> None:
    text = f"### Lanterns in the Fog\n\n{_LINE}\n\n### Candles and Wicks\n\n{_ABSTRACT}\n"
    first, second = _read(text).entries
    assert (first.abstract, first.one_liner) == ("", _LINE)
    assert (second.abstract, second.one_liner) == (_ABSTRACT, None)
    plain = snapshot.parse(snapshot.Options(path=Path("x")), Answer("file:a.md", text.encode(), _NOW))
    assert [entry.abstract for entry in plain.entries] == [_LINE, _ABSTRACT]


@pytest.mark.seeds
@pytest.mark.parametrize("seed", ["000", "001", "002", "003", "004"])
def test_the_five_seeds_read_as_any_text_does(shared: Path, seed: str) -> None:
    body = next((shared / "seeds").glob(f"{seed}*.txt")).read_bytes()
    same = snapshot.parse(snapshot.Options(path=Path("x")), Answer("file:a.txt", body, _NOW))
    assert _read(body) == same
    assert len(same.entries) > 40


@pytest.mark.seeds
def test_the_real_layouts_give_ids_dates_and_one_liners(shared: Path) -> None:
    folder = shared / "data/listing_layouts"
    search = _read((folder / "layout_1_markdown_search.txt").read_bytes(), "file:a.md")
    assert [entry.ids[0] for entry in search.entries] == ["arxiv:2606.00683", "arxiv:2502.20581", "arxiv:2605.08583"]
    assert [entry.published and entry.published.year for entry in search.entries] == [2026, 2025, 2026]
    assert [bool(entry.abstract) for entry in search.entries] == [True, True, True]
    trending = _read((folder / "layout_4_trending_doubled.txt").read_bytes(), "file:a.md")
    assert [entry.stars for entry in trending.entries] == [11_300, 476, 2_140, 50_800]
    assert [bool(entry.one_liner) for entry in trending.entries] == [True, True, False, True]
    assert [bool(entry.abstract) for entry in trending.entries] == [False, False, True, False]


def test_an_address_that_is_printed_and_leads_nowhere_is_read_like_one_that_leads_there():
    page = "<html><body><h1>Daily Papers</h1><h3>Lanterns in the Fog</h3><p>Bright</p><p>{}</p><p>We move one lantern along a path.</p>"
    printed, linked = (
        hf_page.parse(
            _OPTIONS, Answer("https://huggingface.co/papers/date/2026-11-20", page.format(one).encode(), _NOW)
        )
        for one in ("https://a.example/1", '<a href="https://a.example/1">https://a.example/1</a>')
    )
    assert printed == linked
    assert [entry.title for entry in printed.entries] == ["Lanterns in the Fog"]
