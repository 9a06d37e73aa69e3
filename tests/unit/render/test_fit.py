"""What does not fit into a page, what is drawn once, and templates that do not end."""

from __future__ import annotations

import quopri
import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from monitor.errors import RenderError
from monitor.render import html as page_of
from monitor.render import limits
from monitor.render import text as text_of
from monitor.render.encoding import body, quoted_printable
from monitor.render.html import render_html
from monitor.render.mail import render
from monitor.render.message import Sender, build_message
from monitor.render.text import render_text
from monitor.types.digests import Contents, Link, Own, PaperCard, PaperLine, Receipt, ReceiptLine, Tally, Text
from tests.unit.render.test_pages import EVERY_BLOCK, Page, card, digest

LIMIT = 90 * 1024
KANJI = "拡散モデルは分類器でもある：ラベルなしで学ぶ表現とその限界についての実験的考察。" * 4


@pytest.fixture
def templates(root: Path) -> Path:
    return root / "templates"


def cards(count: int, **changes: object) -> list[PaperCard]:
    return [card(number, probability=1 - number / 300, **changes) for number in range(count)]


@pytest.mark.parametrize(("count", "changes"), [(40, {}), (20, {"summary": KANJI, "title": KANJI[:60]}), (200, {})])
def test_m06_a_page_never_passes_its_limit_and_keeps_its_footer(
    templates: Path, count: int, changes: dict[str, object]
) -> None:
    whole = digest(
        *cards(count, **changes), links=(Link("Unsubscribe", "https://example.org/u/1"),), postal="Main St 1"
    )
    drawn = render(whole, templates)
    assert drawn.bodies is not None
    assert LIMIT * 0.8 < len(drawn.bodies[1][1]) <= LIMIT
    assert all(words in drawn.html for words in ("Because.", "Unsubscribe", "Main St 1", "5 announced, 5 read"))
    assert drawn.text.count("https://arxiv.org/abs/") == count
    page = Page(drawn.html)
    assert page.with_class("card")
    shown = [url for url in page.links if url.startswith("https://arxiv.org/abs/")]
    assert shown == sorted(shown)[: len(shown)]  # the least likely, which stand last here, give way first
    assert (f"{count - len(shown)} more" in page.text) == (len(shown) < count)


def test_the_least_likely_card_gives_way_wherever_it_stands(templates: Path) -> None:
    likely = [replace(one, probability=0.9) for one in cards(40)]
    likely[3] = replace(likely[3], probability=0.1)
    page = Page(render_html(digest(*likely), templates))
    briefs = [given for _, given in page.with_class("brief")]
    assert len(briefs) < 40
    html = render_html(digest(*likely), templates)
    assert html.index('class="line"') < html.index("Paper Number 4 ")


def test_what_is_left_out_is_linked_where_there_is_a_page(templates: Path) -> None:
    html = render_html(digest(*cards(200), page="https://example.org/d/1"), templates)
    assert "https://example.org/d/1" in Page(html).links


def test_even_a_page_of_nothing_but_notes_fits(templates: Path) -> None:
    html = render_html(digest(*(Text(KANJI * 9) for _ in range(90))), templates)
    assert len(body(html)[1]) <= LIMIT
    assert "5 announced, 5 read" in html


def test_the_bytes_of_pieces_are_those_of_the_whole(templates: Path) -> None:
    own = (Own("own:more/1", "https://example.org/?a=b&c=d"),)
    whole = digest(*EVERY_BLOCK, *cards(3, why="=é”", actions=(Link("More", "own:more/1"),)), own=own)
    drawn = render(whole, templates)
    assert drawn.bodies is not None
    for (name, coded), text in zip(drawn.bodies, (drawn.text, drawn.html), strict=True):
        assert name == "quoted-printable"
        assert quopri.decodestring(coded).decode().replace("\r\n", "\n") == text
        assert max(map(len, coded.split(b"\r\n"))) <= 76
    sender = Sender("x", "a@example.org")
    assert build_message(whole, drawn, sender, message_id_key="k").part("html") == drawn.html


@pytest.mark.parametrize("text", ["", "x", "a = b", "x" * 75, "x" * 76, " ", "end ", "é" * 80, "a\nb", "\n", "tab\t"])
def test_pieces_of_quoted_printable_join_to_what_they_were(text: str) -> None:
    joined = b"".join(quoted_printable(part) for part in (text, "|", text, "\n"))
    assert quopri.decodestring(joined).decode().replace("\r\n", "\n") == f"{text}|{text}\n"


def test_one_readers_words_never_reach_another(templates: Path) -> None:
    for name in ("ada", "bob"):
        own = (Own("own:more/1", f"https://x.example/{name}"),)
        theirs = card(why=f"for {name} <only>", likelihood=f"likely {name}", actions=(Link("More", "own:more/1"),))
        drawn = render(digest(theirs, profile_name=f"{name}'s", why_sent=f"as {name} asked", own=own), templates)
        other = "bob" if name == "ada" else "ada"
        assert name in drawn.html
        assert other not in drawn.html + drawn.text
        assert f"for {name} &lt;only&gt;" in drawn.html
        assert f"https://x.example/{name}" in drawn.text


def test_readers_of_one_block_have_their_own_links_in_it(templates: Path) -> None:
    same = card(78, actions=(Link("More", "own:more/78"),))
    for name, other in (("ada", "bob"), ("bob", "ada")):
        drawn = render(digest(same, own=(Own("own:more/78", f"https://x.example/{name}"),)), templates)
        for text in (drawn.html, drawn.text):
            assert f"https://x.example/{name}" in text
            assert f"https://x.example/{other}" not in text


def test_what_is_nobodys_has_no_links_of_a_reader(templates: Path) -> None:
    line = PaperLine("A Line", "https://example.org/79", actions=(Link("More of it", "own:more/79"),))
    drawn = render(digest(card(79, actions=(Link("More of it", "own:more/79"),)), line), templates)
    assert "More of it" not in drawn.html + drawn.text
    assert "own:" not in drawn.html + drawn.text


def test_what_readers_share_is_drawn_once(templates: Path) -> None:
    def mail(name: str) -> None:
        own = (Own("own:more/77", f"https://x.example/{name}"),)
        theirs = card(77, why=f"for {name}", likelihood=name, actions=(Link("More", "own:more/77"),))
        to = {"subject": name, "recipient": f"{name}@example.org"}
        render(digest(theirs, profile_name=name, why_sent=name, own=own, **to), templates)

    mail("ada")
    before = [piece.cache_info().misses for piece in (page_of._piece, page_of._page, text_of._piece, text_of._page)]
    mail("bob")
    assert [
        piece.cache_info().misses for piece in (page_of._piece, page_of._page, text_of._piece, text_of._page)
    ] == before


def test_an_odd_action_is_no_link(templates: Path) -> None:
    for url, own in (("javascript:alert(1)", "https://example.org/"), ("own:more/1", "javascript:alert(1)")):
        drawn = render(digest(card(actions=(Link("More", url),)), own=(Own("own:more/1", own),)), templates)
        assert "javascript:" not in drawn.html + drawn.text


@pytest.mark.parametrize(
    "loop",
    [
        "{% for a in range(90000) %}{% for b in range(90000) %}{% endfor %}{% endfor %}",
        "{% set r = range(90000) %}{% for a in r %}{% for b in r %}{% for c in r %}{% endfor %}{% endfor %}{% endfor %}",
        '{{ "x" * 1000000000 }}',
        "{% for a in range(90000) %}{{ 'much too much text for any mail ' }}{% endfor %}",
    ],
)
def test_k18_a_template_that_does_not_end_is_stopped(
    templates: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, loop: str
) -> None:
    own = shutil.copytree(templates, tmp_path / "templates")
    page = own / "email" / "digest.html.j2"
    page.write_text(page.read_text().replace("{{ blocks_here }}", loop))
    monkeypatch.setattr(limits, "SECONDS", 0.2)
    with pytest.raises(RenderError, match=r"did not end|may not use \*|characters, over"):
        render_html(digest(card()), own)


def test_text_is_filled_to_the_width_of_what_each_reader_gets(templates: Path) -> None:
    text = render_text(digest(card(why="word " * 60)), templates)
    assert max(map(len, text.splitlines())) <= 72


def test_a_line_says_what_its_card_said() -> None:
    brief = card(byline="Ada and 2 others", likelihood="likely yours").brief
    assert brief == PaperLine(card().title, card().url, "Ada and 2 others · likely yours", card().badge)


def test_a_long_receipt_and_long_contents_leave_room_for_papers(templates: Path) -> None:
    lines = tuple(ReceiptLine(f"source-{number}", "Fri 20 Nov", "9 announced, 9 read") for number in range(30))
    top = Contents(tuple(Tally(f"Topic {number}", "3 new", f"t{number}") for number in range(13)))
    drawn = render(digest(top, *cards(12), receipt=Receipt(lines)), templates)
    assert len(Page(drawn.html).with_class("card")) == 12
