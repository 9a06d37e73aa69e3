"""The drawings: page and plain text."""

from __future__ import annotations

import re
import shutil
from collections import Counter
from dataclasses import replace
from datetime import UTC, date, datetime
from html import unescape
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path

import pytest

from monitor.errors import RenderError
from monitor.render.columns import columns
from monitor.render.encoding import body
from monitor.render.environment import anchor
from monitor.render.gate import link_target
from monitor.render.html import render_html
from monitor.render.text import render_text
from monitor.types.digests import (
    Badge,
    Bar,
    Block,
    Chart,
    Contents,
    Diff,
    Digest,
    Edit,
    Heading,
    Link,
    Note,
    PaperCard,
    PaperLine,
    Receipt,
    ReceiptLine,
    Section,
    Tally,
    Text,
)

_VOID = {"meta", "br", "hr", "img", "link", "input", "base"}


class Page(HTMLParser):
    """What a page is made of: elements in order with their attributes, links with their texts, and all text."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str]]] = []
        self.links: list[str] = []
        self.words: list[str] = []
        self.open: list[str] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        self.elements.append((tag, given))
        if tag == "a":
            self.links.append(given["href"])
        if tag not in _VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag, f"</{tag}> closes something else"

    def handle_data(self, data: str) -> None:
        if "style" not in self.open:
            self.words.append(data)

    @property
    def text(self) -> str:
        return " ".join("".join(self.words).split())

    def with_class(self, name: str) -> list[tuple[str, dict[str, str]]]:
        return [(tag, given) for tag, given in self.elements if name in given.get("class", "").split()]


def digest(*blocks: Block, **changes: object) -> Digest:
    made = Digest(
        profile_id="p",
        profile_name="A profile",
        recipient="ada@example.org",
        local_date=date(2026, 11, 21),
        at=datetime(2026, 11, 21, 8, tzinfo=UTC),
        subject="A subject",
        preheader="A preheader",
        sections=(Section("any", blocks),),
        receipt=Receipt((ReceiptLine("arXiv", "20 Nov", "5 announced, 5 read"),)),
        why_sent="Because.",
    )
    return replace(made, **changes)  # type: ignore[arg-type]  # a test gives what the field takes


def card(number: int = 1, **changes: object) -> PaperCard:
    made = PaperCard(
        title=f"A Title of Common Length for Paper Number {number} of a Busy Day, with a Second Line",
        url=f"https://arxiv.org/abs/2611.{number:05}",
        byline="Mara Lindqvist, Tunde Adeyemi, Ioana Petrescu and 4 more",
        facts=("cs.CV", "cs.LG", "41 upvotes", "3rd of 18 on Hugging Face"),
        badge=Badge("new", "New"),
        why="“diffusion model” in the title, “classification” in the abstract; close to two papers that you liked.",
        likelihood="Very likely for you, 91%",
        summary="Three whole sentences stand here, and each is as long as those that people write in abstracts. " * 5,
        links=tuple(Link(text, f"https://example.org/{text}/{number}") for text in ("Abstract", "PDF", "Code", "More")),
        probability=0.91,
    )
    return replace(made, **changes)  # type: ignore[arg-type]  # as above


EVERY_BLOCK: tuple[Block, ...] = (
    Contents((Tally("Topic", "1 new", "topic"), Tally("Other", "nothing"))),
    Heading("Topic", "A note on the topic", "topic"),
    Text("A paragraph."),
    Note("A calm note."),
    Note("A loud note.", "warning"),
    card(
        changes=(
            Diff("Title", (Edit("same", "Kept "), Edit("removed", "old"), Edit("same", " "), Edit("added", "new"))),
        ),
        copies=("first copy", "second copy"),
    ),
    PaperLine("A line", "https://example.org/line", "its note", Badge("near_duplicate", "A copy")),
    Chart(
        "a term",
        "9 where 2 were expected",
        (Bar("1 Nov", 1), Bar("2 Nov", 3)),
        recent=1,
        links=(Link("L", "https://example.org/c"),),
    ),
    Link("All papers", "https://example.org/all"),
    Receipt((ReceiptLine("feed", "", "no answer", "failed"),), ("a note",)),
)


@pytest.fixture
def templates(root: Path) -> Path:
    return root / "templates"


@pytest.fixture
def own_templates(templates: Path, tmp_path: Path) -> Path:
    return shutil.copytree(templates, tmp_path / "templates")


def test_the_page_says_all_that_the_blocks_say(templates: Path) -> None:
    said = Page(render_html(digest(*EVERY_BLOCK), templates)).text
    for words in (
        "A paragraph.",
        "A calm note.",
        "Please note: A loud note.",
        "its note",
        "A copy",
        "first copy; second copy",
        "9 where 2 were expected",
        "Very likely for you, 91%",
        "Failing: no answer",
        "Kept old new",
        "nothing",
    ):
        assert words in said


def test_m05_the_text_carries_every_title_and_link_of_the_page_in_the_same_order(templates: Path) -> None:
    whole = digest(*EVERY_BLOCK, links=(Link("Stop", "mailto:stop@example.org?subject=stop"),))
    page, text = Page(render_html(whole, templates)), render_text(whole, templates)
    wanted = [url for url in page.links if not url.startswith("#")]
    assert re.findall(r"(?:https?|mailto):\S+", text) == wanted
    flat = " ".join(text.split())
    assert all(title in flat for title in (card().title, "A line", "a term", "All papers", "Stop"))


@pytest.mark.parametrize("case", ["with_links_of_the_reader", "near_misses", "trend_states", "every_verdict"])
def test_m05_the_text_names_each_link_as_often_as_the_page(root: Path, case: str) -> None:
    golden = root / "tests" / "golden" / case
    page, text = (golden / "expected.html").read_text(), (golden / "expected.txt").read_text()
    linked = Counter(unescape(url) for url in re.findall(r'href="(https?:[^"]+)"', page))
    assert Counter(re.findall(r"https?:\S+", text)) == linked


def test_m05_a_text_line_has_at_most_72_columns_in_every_script(templates: Path) -> None:
    blocks: list[Block] = [
        Text("拡散モデルは分類器でもある。" * 20),
        Text("word " * 100),
        Text("한국어 " * 60),
        *EVERY_BLOCK,
    ]
    lines = render_text(digest(*blocks), templates).splitlines()
    assert max(columns(line) for line in lines) <= 72
    assert not any(line != line.rstrip() for line in lines)


def test_changes_are_marked_without_colour(templates: Path) -> None:
    whole = digest(*EVERY_BLOCK)
    assert "Title: Kept [-old-] {+new+}" in render_text(whole, templates)
    html = render_html(whole, templates)
    assert re.search(r"<del [^>]*line-through[^>]*>old</del>", html)
    assert re.search(r"<ins [^>]*underline[^>]*>new</ins>", html)


def test_a_chart_is_drawn_to_scale_with_its_recent_window_apart(templates: Path) -> None:
    chart = Chart("t", "n", tuple(Bar(str(value), value) for value in (0, 1, 2, 4)), recent=1)
    assert "0 ▁▃▅|█ 4" in render_text(digest(chart), templates)
    bars = Page(render_html(digest(chart), templates)).with_class("bar")
    assert [re.findall(r"border-bottom-width:\s*(\d+)px", given["style"])[0] for _, given in bars] == [
        "2",
        "16",
        "30",
        "58",
    ]
    assert [given["class"] for _, given in bars] == ["bar past"] * 3 + ["bar now"]


@pytest.mark.parametrize(
    ("probability", "marks", "width"),
    [(0.0, 1, 4), (0.29, 1, 20), (0.45, 2, 40), (0.72, 4, 80), (0.95, 5, 100), (1.0, 5, 100), (None, 0, None)],
)
def test_the_meter_is_as_long_as_the_probability_says(
    templates: Path, probability: float | None, marks: int, width: int | None
) -> None:
    whole = digest(card(probability=probability))
    cells = [given["style"] for _, given in Page(render_html(whole, templates)).with_class("on")]
    assert [re.findall(r"width:\s*(\d+)%", style) for style in cells] == ([] if width is None else [[str(width)]])
    assert render_text(whole, templates).count("■") == marks


def test_m06_a_page_of_twenty_papers_stays_under_90_kilobytes_on_the_wire(templates: Path) -> None:
    _, encoded = body(render_html(digest(*(card(number) for number in range(20)), *EVERY_BLOCK), templates))
    assert 40_000 < len(encoded) <= 90 * 1024


def test_m11_the_page_is_whole_and_loads_nothing(templates: Path) -> None:
    html = render_html(digest(*EVERY_BLOCK), templates)
    page = Page(html)
    assert page.open == []
    assert html.startswith("<!DOCTYPE html>")
    assert {tag for tag, _ in page.elements} <= {
        "html",
        "head",
        "meta",
        "title",
        "style",
        "body",
        "div",
        "table",
        "tbody",
        "tr",
        "td",
        "th",
        "caption",
        "p",
        "h1",
        "h2",
        "h3",
        "a",
        "span",
        "strong",
        "ins",
        "del",
    }
    assert not any(name in {"src", "background", "srcset"} for _, given in page.elements for name in given)
    assert not re.search(r"url\(|@import|@font-face|<!--", html)


def test_the_page_has_one_first_heading_and_skips_no_level(templates: Path) -> None:
    levels = [
        int(tag[1])
        for tag, _ in Page(render_html(digest(*EVERY_BLOCK), templates)).elements
        if re.fullmatch(r"h\d", tag)
    ]
    assert levels.count(1) == 1
    assert levels[0] == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))


def test_every_layout_table_says_that_it_is_one(templates: Path) -> None:
    tables = [given for tag, given in Page(render_html(digest(*EVERY_BLOCK), templates)).elements if tag == "table"]
    data = [given for given in tables if given.get("role") != "presentation"]
    assert {given["class"].split()[-1] for given in data} == {"diff", "receipt"}


def test_every_element_that_shows_text_carries_its_style(templates: Path) -> None:
    page = Page(render_html(digest(*EVERY_BLOCK), templates))
    bare = [
        tag
        for tag, given in page.elements
        if tag in {"h1", "h2", "h3", "p", "a", "td", "th", "caption"} and not given.get("style")
    ]
    assert set(bare) <= {"td"}  # cells that only hold a table with style of its own


def test_m12_the_preheader_comes_first_hidden_and_short(templates: Path) -> None:
    page = Page(render_html(digest(preheader="word " * 60), templates))
    [(_, given)] = page.with_class("preheader")
    assert "display:none" in given["style"].replace(" ", "")
    shown = page.text.split("Paper Monitor")[0].removeprefix("A subject").strip()
    assert len(shown) <= 110
    assert shown.endswith("…")


@pytest.mark.parametrize(
    ("language", "direction"), [("en", "ltr"), ("de-AT", "ltr"), ("ar", "rtl"), ("he-IL", "rtl"), ("fa", "rtl")]
)
def test_language_and_direction_are_said_on_the_page_and_again_inside(
    templates: Path, language: str, direction: str
) -> None:
    page = Page(render_html(digest(language=language), templates))
    said = [(given["lang"], given["dir"]) for _, given in page.elements if "lang" in given]
    assert said == [(language, direction)] * 2


def test_text_of_papers_runs_in_its_own_direction(templates: Path) -> None:
    html = render_html(digest(card(title="عنوان", summary="ملخص")), templates)
    assert re.search(r'dir="auto"[^>]*>عنوان<', html)
    assert re.search(r'<p dir="auto"[^>]*>ملخص<', html)


def test_the_words_around_the_papers_are_in_the_language_of_the_digest(templates: Path) -> None:
    german = digest(language="de")
    for drawn in (render_html(german, templates), render_text(german, templates)):
        assert "Was gelesen wurde" in drawn
        assert "Samstag" in drawn


def test_an_edited_style_sheet_is_seen_at_the_next_mail(own_templates: Path) -> None:
    assert "#123abc" not in render_html(digest(), own_templates)
    sheet = own_templates / "email" / "style.css"
    sheet.write_text(re.sub(r"--ink: #\w+", "--ink: #123abc", sheet.read_text()))
    assert "#123abc" in render_html(digest(), own_templates)


@pytest.mark.parametrize(
    ("name", "edit", "told"),
    [
        ("email/blocks.html.j2", ("block.byline", "block.by_line"), "by_line"),
        ("email/blocks.html.j2", ("{% macro PaperCard(block) %}", "{% macro Card(block) %}"), "PaperCard"),
        ("email/digest.html.j2", ("{{ blocks_here }}", "{% if %}"), "digest.html.j2:"),
        ("email/digest.html.j2", ("{{ digest.subject }}", "{{ digest.__class__.__mro__ }}"), "unsafe"),
        ("email/digest.html.j2", ("{{ digest.subject }}", "{{ 1 / 0 }}"), "division by zero"),
        ("text/blocks.txt.j2", ("block.byline", "block.by_line"), "by_line"),
    ],
)
def test_a_broken_template_is_told_with_file_and_line(
    own_templates: Path, name: str, edit: tuple[str, str], told: str
) -> None:
    path = own_templates / name
    path.write_text(path.read_text().replace(*edit))
    draw = render_html if name.startswith("email") else render_text
    with pytest.raises(RenderError, match=rf"\.j2:(?:\d+:)? [^\n]*{re.escape(told)}|{re.escape(told)}\d+: "):
        draw(digest(card()), own_templates)


@pytest.mark.parametrize("name", ["email/style.css", "email/adapt.css", "email/digest.html.j2"])
def test_a_missing_file_is_told_by_name(own_templates: Path, name: str) -> None:
    (own_templates / name).unlink()
    with pytest.raises(RenderError, match=re.escape(Path(name).name)):
        render_html(digest(), own_templates)


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)",
        "JaVaScRiPt:alert(1)",
        "data:text/html,x",
        "//evil.example/",
        "ftp://a.example/",
        "https://",
        "file:///etc/passwd",
        "vbscript:x",
        "",
        None,
        "http://[",
        'https://a.example/"x',
        "https://a.example/ b",
        "mailto:",
        "https://a.example/\r\nBcc: x",
        "https://\u202eexample.org",
        "https://a.example/<b>",
        " https://a.example/",
        "about:blank",
    ],
)
def test_an_odd_link_is_not_a_link(templates: Path, url: str | None) -> None:
    assert link_target(url) == ""
    drawn = digest(card(url=url, links=(Link("Read", url or ""),)), PaperLine("Line", url), Link("Alone", url or ""))
    assert Page(render_html(drawn, templates)).links == []
    assert card().title.split()[-1] in render_text(drawn, templates)


@pytest.mark.parametrize(
    "url", ["https://a.example/?a=1&b=2#c", "http://a.example", "mailto:a@example.org?subject=x%20y"]
)
def test_a_plain_link_stays_as_it_is(templates: Path, url: str) -> None:
    assert link_target(url) == url
    assert Page(render_html(digest(Link("Read", url)), templates)).links == [url]


def test_an_anchor_is_the_same_in_the_contents_and_at_the_heading(templates: Path) -> None:
    name = 'Größe & "Co" <x>'
    page = Page(render_html(digest(Contents((Tally("t", "x", name),)), Heading("t", anchor=name)), templates))
    [target] = [given["id"] for _, given in page.elements if "id" in given]
    assert page.links == [f"#{target}"]
    assert target == anchor(name) == "grösse-co-x"
