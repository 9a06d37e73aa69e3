"""One page through many extractors: whatever they keep or break, the pairs are the same."""

from __future__ import annotations

import textwrap
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from monitor.sources import snapshot
from monitor.types.listings import Answer, Listing

_NOW = datetime(2026, 11, 21, 9, tzinfo=UTC)
_HEAD = (
    "new\n\nGet trending papers in your email inbox once a day!\n\nGet trending papers in your email inbox!\n\nSubscribe\n\n"
    "Daily Papers\n\nbyAK and the research community\n\nJul 31\n\n"
)
_PAPERS = "https://huggingface.co/papers/2606.{:05}"
_LOGIN = "https://huggingface.co/login?next=%2Fpapers%2F2606.{:05}"
Pairs = list[tuple[str, str]]


def _read(text: str) -> Listing:
    return snapshot.parse(snapshot.Options(path=Path("x")), Answer("file:x/a.md", text.encode(), _NOW))


def _wrapped(text: str, width: int) -> str:
    return "\n".join(textwrap.wrap(text, width, break_long_words=False, break_on_hyphens=False))


def _markdown(pairs: Pairs) -> str:
    return _HEAD.replace("Daily Papers", "# Daily Papers").replace(
        "byAK", "## by [AK](https://huggingface.co/akhaliq)"
    ) + "".join(
        f"[{3 * n or '-'}]({_LOGIN.format(n)})\n\n### [{title}]({_PAPERS.format(n)})\n\n[{abstract}]({_PAPERS.format(n)})\n\n"
        f"[- ![](https://cdn.example/a.jpg)\\\\\n- ![](https://cdn.example/b.svg)\\\\\n- 8 authors]({_PAPERS.format(n)})\n\n"
        f"·\n\nFeb 27, 2025[7]({_PAPERS.format(n)}#community)\n\n"
        for n, (title, abstract) in enumerate(pairs)
    )


def _references(pairs: Pairs) -> str:
    body = "".join(
        f"[\n{3 * n or '-'}\n][{2 * n + 1}]\n\n### [{title}][{2 * n + 2}]\n\n[\n\n{_wrapped(abstract, 120)}\n\n][{2 * n + 2}]\n"
        f"[[lab] Some Lab][{900 + n}]\n·\nFeb 27, 2025 [ 7][{2 * n + 2}]\n"
        for n, (title, abstract) in enumerate(pairs)
    )
    targets = "".join(
        f"[{2 * n + 1}]: {_LOGIN.format(n)}\n[{2 * n + 2}]: /papers/2606.{n:05}\n[{900 + n}]: /some-lab\n"
        for n, _ in enumerate(pairs)
    )
    return f"{_HEAD}{body}\n{targets}"


def _bare_links(pairs: Pairs) -> str:
    return _HEAD + "".join(
        f" [-] {3 * n or '-'}\n\n{_LOGIN.format(n)}\n\n{title}\n\n{_PAPERS.format(n)}\n\n{abstract}\n\n{_PAPERS.format(n)}\n\n"
        f"[\n\n8 authors]({_PAPERS.format(n)})\n\n Some Lab\n\nhttps://huggingface.co/some-lab\n\n·\n\nFeb 27, 2025\n\n7\n\n"
        f"{_PAPERS.format(n)}#community\n\n"
        for n, (title, abstract) in enumerate(pairs)
    )


def _trending(pairs: Pairs) -> str:
    def card(n: int, title: str, abstract: str, published: str) -> str:
        return (
            f"Submitted by\n\n[Image: none]\n\nuser{n}\n\n### [{title}]({_PAPERS.format(n)})\n\n\n{abstract}\n\n\n"
            f"[[Image: lab] Some Lab](https://huggingface.co/some-lab) · {published}Feb 27, 2025\n\n\n"
            f"[Upvote\n\n{3 * n or '-'}]({_LOGIN.format(n)})\n\n[GitHub 1.3k](https://github.com/a/b) "
            f"[arXiv Page](https://arxiv.org/abs/2606.{n:05})\n\n"
        )

    cards = (card(n, *pair, "Published on ") + card(n, *pair, "") for n, pair in enumerate(pairs))
    return _HEAD.replace("Jul 31\n\n", "") + "".join(cards)


def _copied(pairs: Pairs) -> str:
    return _HEAD + "".join(
        f"{3 * n or '-'}\n{title}\n{abstract}\n·\n8 authors\n·\nFeb 27, 2025\n7\n"
        for n, (title, abstract) in enumerate(pairs)
    )


def _headings(pairs: Pairs) -> str:
    return _HEAD + "".join(f"### {title}\n{abstract}\n- 8 authors\n\n" for title, abstract in pairs)


def _wrapped_under_headings(pairs: Pairs) -> str:
    return "".join(f"### {_wrapped(title, 60)}\n\n{_wrapped(abstract, 80)}\n\n" for title, abstract in pairs)


def _wrapped_paragraphs(pairs: Pairs) -> str:
    return _HEAD + "".join(f"{title}\n\n{_wrapped(abstract, 90)}\n\n" for title, abstract in pairs)


def _wrapped_entries(pairs: Pairs) -> str:
    return _HEAD + "".join(f"{title}\n{_wrapped(abstract, 90)}\n\n" for title, abstract in pairs)


def _with_fields(pairs: Pairs) -> str:
    return "# date: 2026-07-31\n" + "".join(
        f"\n{title}\narXiv: 2606.{n:05}\nUpvotes: {3 * n}\nComments: 7\nDate: 2025-02-27\n{_wrapped(abstract, 118)}\n"
        for n, (title, abstract) in enumerate(pairs)
    )


_LAYOUTS = [
    _markdown, _references, _bare_links, _trending, _copied, _headings, _wrapped_under_headings, _wrapped_paragraphs,
    _wrapped_entries, _with_fields,
]  # fmt: skip


@pytest.mark.seeds
@pytest.mark.parametrize("layout", _LAYOUTS, ids=lambda layout: layout.__name__.strip("_"))
def test_every_layout_of_a_real_page_gives_the_same_pairs(shared: Path, layout: Callable[[Pairs], str]) -> None:
    for path in sorted((shared / "seeds").glob("00[012]*.txt")):
        pairs = [(entry.title, entry.abstract) for entry in _read(path.read_text(encoding="utf-8")).entries]
        listing = _read(layout(pairs))
        assert [(entry.title, entry.abstract) for entry in listing.entries] == pairs
        assert (listing.announced, listing.oddities) == (len(pairs), ())


@pytest.mark.seeds
@pytest.mark.parametrize(
    "layout", [_markdown, _references, _bare_links, _trending, _with_fields], ids=lambda f: f.__name__.strip("_")
)
def test_ids_links_and_upvotes_are_taken_from_where_the_layout_keeps_them(
    shared: Path, layout: Callable[[Pairs], str]
) -> None:
    page = next((shared / "seeds").glob("000*.txt")).read_text(encoding="utf-8")
    entries = _read(layout([(entry.title, entry.abstract) for entry in _read(page).entries])).entries
    for number, entry in enumerate(entries):
        assert entry.ids == (f"arxiv:2606.{number:05}",)
        assert entry.url in {_PAPERS.format(number), f"https://arxiv.org/abs/2606.{number:05}"}
        assert entry.pdf_url == f"https://arxiv.org/pdf/2606.{number:05}"
        assert entry.upvotes == 3 * number
        assert (entry.published, entry.published_precision) == (datetime(2025, 2, 27, tzinfo=UTC), "day")


@pytest.mark.seeds
def test_counts_without_links_are_upvotes_before_a_title_and_comments_behind_a_date(shared: Path) -> None:
    page = next((shared / "seeds").glob("000*.txt")).read_text(encoding="utf-8")
    entries = _read(_copied([(entry.title, entry.abstract) for entry in _read(page).entries])).entries
    assert [entry.upvotes for entry in entries[1:]] == [3 * number for number in range(1, len(entries))]
    assert {entry.comments for entry in entries} == {7}


@pytest.mark.seeds
def test_wrapped_text_without_any_blank_line_is_read_but_for_a_few_full_lines(shared: Path) -> None:
    found = total = 0
    for path in sorted((shared / "seeds").glob("00*.txt")):
        pairs = [(entry.title, entry.abstract) for entry in _read(path.read_text(encoding="utf-8")).entries]
        listing = _read("\n".join(f"{title}\n{_wrapped(abstract, 100)}" for title, abstract in pairs))
        found += sum((entry.title, entry.abstract) in pairs for entry in listing.entries)
        total += len(pairs)
    assert found >= 0.97 * total  # 431 of 442 when this was written; no extractor we have seen writes like this


@pytest.mark.seeds
def test_the_markdown_search_page_gives_ids_upvotes_comments_and_dates(shared: Path) -> None:
    page = (shared / "data/listing_layouts/layout_1_markdown_search.txt").read_text(encoding="utf-8")
    listing = _read(page)
    assert listing.batch == date(2026, 10, 2)
    assert listing.oddities == ()
    assert [(entry.ids, entry.upvotes, entry.comments) for entry in listing.entries] == [
        (("arxiv:2606.00683",), 101, 6),
        (("arxiv:2502.20581",), 0, None),
        (("arxiv:2605.08583",), 1, 1),
    ]
    days = [datetime(2026, 5, 29, tzinfo=UTC), datetime(2025, 2, 27, tzinfo=UTC), datetime(2026, 5, 8, tzinfo=UTC)]
    assert [entry.published for entry in listing.entries] == days
    assert all("[" not in entry.title and "](" not in entry.abstract for entry in listing.entries)
    assert "tracing knowledge flows" in listing.entries[1].abstract


@pytest.mark.seeds
def test_the_doubled_entries_of_the_trending_page_appear_once_with_their_code(shared: Path) -> None:
    page = (shared / "data/listing_layouts/layout_4_trending_doubled.txt").read_text(encoding="utf-8")
    listing = _read(page)
    assert (len(listing.entries), listing.announced, listing.batch, listing.oddities) == (4, 4, None, ())
    assert [entry.stars for entry in listing.entries] == [11_300, 476, 2_140, 50_800]
    assert all(entry.code_url and entry.code_url.startswith("https://github.com/") for entry in listing.entries)
    assert listing.entries[3].title.endswith("end-to-end multi-modal document conversion")
    assert [entry.rank for entry in listing.entries] == [1, 2, 3, 4]


def test_a_paper_under_a_heading_whose_abstract_is_missing_takes_no_neighbours_text() -> None:
    page = _markdown(
        [("A First Paper on Tides", "Tides rise. " * 30), ("A Second", "@"), ("A Third One", "Moons pull. " * 30)]
    )
    listing = _read(page.replace("[@](", "[]("))
    assert [entry.title for entry in listing.entries] == ["A First Paper on Tides", "A Second", "A Third One"]
    assert listing.entries[1].abstract == ""
    assert listing.entries[2].abstract.startswith("Moons pull.")
