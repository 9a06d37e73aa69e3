"""What feeds try must be shown as it is typed, or not at all (faults F31 to F35)."""

from __future__ import annotations

import random
import re
import unicodedata
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from monitor.render.html import render_html
from monitor.render.text import render_text
from monitor.types.digests import (
    Badge,
    Bar,
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

_TAG = re.compile(r"</?([a-zA-Z!][^\s>/]*)")

MARKUP = (
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<svg onload=alert(1)>",
    "<math><mtext><img></math>",
    "<style>*{}</style>",
    "</style></title></table></body>",
    "<form action=//x>",
    "<base href=//x>",
    "<!-- x -->",
    "]]>",
    "<meta http-equiv=refresh content=0>",
    '"><b>',
    "'><b>",
    "<plaintext>",
    "<template>",
    "&lt;b&gt; &amp; &#60;",
)
LITERAL = (
    "p < 0.05 and x > y",
    "A&B",
    r"LaTeX $\alpha$ \\ x",
    "{{ 7*7 }}",
    "{% raw %}",
    "{# c #}",
    "%s",
    "=cmd|x",
    "${x}",
)


def all_over(said: str, url: str | None = "https://example.org/") -> Digest:
    """A digest that says one thing wherever something can be said."""
    blocks = (
        Contents((Tally(said, said, said),)),
        Heading(said, said, said),
        Text(said),
        Note(said, "warning"),
        PaperCard(
            said,
            url,
            said,
            (said,),
            Badge("new", said),
            said,
            said,
            said,
            (Link(said, url or ""),),
            (Diff(said, (Edit("added", said), Edit("removed", said), Edit("same", said))),),
            (said,),
            0.5,
        ),
        PaperLine(said, url, said, Badge("late", said)),
        Chart(said, said, (Bar(said, 1), Bar(said, 2)), 1, (Link(said, url or ""),)),
    )
    receipt = Receipt((ReceiptLine(said, said, said, "late"),), (said,))
    return Digest(
        "p",
        said,
        "a@example.org",
        date(2026, 1, 5),
        datetime(2026, 1, 5, tzinfo=UTC),
        said,
        said,
        (Section("any", blocks),),
        receipt,
        said,
        links=(Link(said, url or ""),),
    )


@pytest.fixture
def templates(root: Path) -> Path:
    return root / "templates"


@pytest.mark.parametrize("said", MARKUP)
def test_markup_in_any_text_adds_no_element_to_the_page(templates: Path, said: str) -> None:
    plain = [tag.lower() for tag in _TAG.findall(render_html(all_over("plain"), templates))]
    assert [tag.lower() for tag in _TAG.findall(render_html(all_over(said), templates))] == plain


@pytest.mark.parametrize("said", [*LITERAL, "<b>", "&amp;"])
def test_what_looks_like_code_is_shown_as_it_was_typed(templates: Path, said: str) -> None:
    escaped = said.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    assert f'<p dir="auto" style="margin:0 0 14px">{escaped}</p>' in render_html(all_over(said), templates)
    assert f"\n{said}\n" in render_text(all_over(said), templates)


def test_controls_bidi_overrides_and_towers_of_marks_reach_neither_drawing(templates: Path) -> None:
    said = "a\x00b\x1b[31mc\u202ed\u2066e\u200bf\ufeffg\x85h\u2028i" + "\u0301" * 200 + "\r\nBcc: x\ttab"
    for drawn in (render_html(all_over(said), templates), render_text(all_over(said), templates)):
        odd = {char for char in drawn if unicodedata.category(char) in {"Cc", "Cf", "Zl", "Zp"}} - {"\n"}
        assert odd == set()
        assert "\u0301" * 4 not in drawn


def test_joined_emoji_and_scripts_with_joiners_stay_whole(templates: Path) -> None:
    for said in ("👩‍👩‍👧‍👦 paper", "می‌خواهم", "क्‍ष", "🇩🇪🏽"):
        assert said in render_html(all_over(said), templates)
        assert said in render_text(all_over(said), templates)


def test_random_text_never_changes_the_structure_of_the_page(templates: Path) -> None:
    chance = random.Random(7)
    plain = [tag.lower() for tag in _TAG.findall(render_html(all_over("plain"), templates))]
    letters = "<>&\"'`=/\\{}%#!-\x00\r\n\t\u202e\u200d\u0301aZ9é漢ع👩 "
    for _ in range(200):
        said = "x" + "".join(chance.choices(letters, k=chance.randint(1, 40)))
        assert [tag.lower() for tag in _TAG.findall(render_html(all_over(said), templates))] == plain
        render_text(all_over(said), templates)
