"""Colours of the page: readable in light and in dark, and never quite black or white."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

LIGHT = [
    ("ink", "sheet"),
    ("ink", "tint"),
    ("ink", "page"),
    ("muted", "sheet"),
    ("muted", "tint"),
    ("muted", "page"),
    ("accent", "sheet"),
    ("accent", "page"),
    ("accent", "accent-tint"),
    ("sheet", "accent"),
    ("alarm", "alarm-tint"),
    ("alarm", "page"),
    ("ink", "alarm-tint"),
]
DARK = [
    (".page", ".sheet"),
    ("h1", ".sheet"),
    (".small", ".sheet"),
    (".likelihood", ".sheet"),
    (".foot", ".page"),
    (".act", ".sheet"),
    (".act", ".page"),
    (".badge", ".badge"),
    (".new", ".sheet"),
    (".first_story", ".first_story"),
    (".late", ".late"),
    ("ins", "ins"),
    ("del", ".sheet"),
    (".alarm", ".warning"),
    (".alarm", ".page"),
    (".page", ".warning"),
    (".receipt th", ".page"),
]


def contrast(one: str, other: str) -> float:
    """The ratio of WCAG 2.2, from 1 to 21."""
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def _luminance(colour: str) -> float:
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@pytest.fixture
def light(root: Path) -> dict[str, str]:
    sheet = (root / "templates/email/style.css").read_text()
    return dict(re.findall(r"--([\w-]+): (#\w{6});", sheet))


@pytest.fixture
def dark(root: Path) -> dict[tuple[str, str], str]:
    """The colour of each selector and property on dark screens; a later rule wins."""
    rules = (root / "templates/email/adapt.css").read_text().partition("prefers-color-scheme: dark")[2]
    return {
        (selector.strip(), name): colour
        for selectors, declared in re.findall(r"([^{}]+)\{([^{}]+)\}", rules.partition("{")[2])
        for name, colour in re.findall(r"([\w-]+): (#\w{6}) !important", declared)
        for selector in selectors.split(",")
    }


def test_contrast_is_what_the_standard_says() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize(("text", "ground"), LIGHT)
def test_light_text_is_readable(light: dict[str, str], text: str, ground: str) -> None:
    assert contrast(light[text], light[ground]) >= 4.5


@pytest.mark.parametrize(("text", "ground"), DARK)
def test_dark_text_is_readable(dark: dict[tuple[str, str], str], text: str, ground: str) -> None:
    assert contrast(dark[text, "color"], dark[ground, "background"]) >= 4.5


def test_no_colour_is_pure_black_or_white(root: Path) -> None:
    for name in ("style.css", "adapt.css"):
        assert not re.search(
            r"#(?:fff|000)(?:fff|000)?\b|\b(?:black|white)\b", (root / "templates/email" / name).read_text()
        )


def test_no_text_is_smaller_than_14_pixels(root: Path) -> None:
    for name in ("style.css", "adapt.css"):
        css = (root / "templates/email" / name).read_text()
        sizes = [
            int(size) for pair in re.findall(r"font-size: (\d+)|font: (?:\d+ )?(\d+)px", css) for size in pair if size
        ]
        assert all(size >= 14 or size == 0 for size in sizes)  # 0 is for cells that are drawn and say nothing
