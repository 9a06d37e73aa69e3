"""The mail in a real browser: it fits, nothing is cut, nothing is fetched."""

import base64
import shutil
from pathlib import Path

import pytest

from tests.acceptance.installation import LISTING

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
QUIET = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip
_CASES = Path(__file__).resolve().parent.parent / "golden"
BUSY = _CASES / "with_links_of_the_reader" / "expected.html"
WIDEST = [BUSY] + [
    _CASES / case / "expected.html"
    for case in ("busy_day", "hostile_titles", "maths_and_cjk_rtl", "near_misses", "trend_states", "weekly_in_german")
]


@pytest.fixture(scope="module")
def page_of_mail(tmp_path_factory):
    from tests.acceptance.installation import PROFILE, SETTINGS, Installation

    made = Installation(tmp_path_factory.mktemp("look"))
    made.write("monitor.yaml", SETTINGS)
    made.write("profiles/ada.yaml", PROFILE)
    made.write("snapshots/one.txt", LISTING.replace("Cooling Towers", "Cooling " + "Supercalifragilistic" * 6))
    made.once("2026-03-04T09:00")
    (page,) = (made.home / "outbox").glob("*.html")
    return page


@pytest.fixture(scope="module")
def browser():
    if CHROMIUM is None:
        pytest.skip("no Chromium on this machine (Debian: apt install chromium)")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        yield started
        started.close()


@pytest.mark.browser
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [320, 640, 1200])
def test_m08_m11_the_mail_fits_at_every_width_and_fetches_nothing(browser, page_of_mail, width, scheme):
    page = browser.new_page(viewport={"width": width, "height": 900}, color_scheme=scheme)
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(page_of_mail.as_uri())
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert asked == [page_of_mail.as_uri()]
    assert page.locator("h1").count() == 1
    page.close()


@pytest.mark.browser
def test_m08_dark_is_dark(browser, page_of_mail):
    lightness = {}
    for scheme in ("light", "dark"):
        page = browser.new_page(viewport={"width": 640, "height": 900}, color_scheme=scheme)
        page.goto(page_of_mail.as_uri())
        channels = page.evaluate(
            "getComputedStyle(document.querySelector('h1')).color.match(/\\d+/g).slice(0, 3).map(Number)"
        )
        lightness[scheme] = sum(channels)
        page.close()
    assert lightness["dark"] > lightness["light"] + 200


def shown(browser, page, width, *, styled=True, text_size=1):
    """The mail as a program shows it that is so wide, keeps its style block or not, and enlarges its text."""
    opened = browser.new_page(viewport={"width": width, "height": 900})
    opened.goto(page.as_uri())
    if not styled:
        opened.evaluate("document.querySelectorAll('style').forEach(one => one.remove())")
    if text_size != 1:
        opened.evaluate(f"document.documentElement.style.zoom = {text_size}")
    return opened


@pytest.mark.browser
@pytest.mark.parametrize(
    ("width", "styled", "text_size"),
    [(320, True, 1), (320, False, 1), (640, True, 2), (640, False, 2)],
    ids=["telephone", "telephone, style block dropped", "zoom", "zoom, style block dropped"],
)
def test_m08_no_mail_scrolls_sideways_and_no_text_is_cut(browser, width, styled, text_size):
    for page in WIDEST:
        opened = shown(browser, page, width, styled=styled, text_size=text_size)
        assert opened.evaluate("document.documentElement.scrollWidth") <= width, page.parent.name
        cut = opened.evaluate(
            "[...document.querySelectorAll('.frame td, .frame p, h1, h2, h3')]"
            ".filter(one => one.innerText.trim() && one.scrollWidth > one.clientWidth + 1 && one.clientWidth)"
            ".map(one => one.innerText)"
        )
        assert cut == [], page.parent.name
        opened.close()


@pytest.mark.browser
def test_m08_without_its_style_block_a_mail_keeps_its_look(browser):
    asked = (
        "[...document.querySelectorAll('h1, h3, p, td, a')].map(one => getComputedStyle(one)).map(style => "
        "[style.color, style.fontSize, style.fontFamily, style.padding].join(' '))"
    )
    looks = []
    for styled in (True, False):
        opened = shown(browser, BUSY, 800, styled=styled)
        looks.append(opened.evaluate(asked))
        opened.close()
    assert looks[0] == looks[1]
    assert len(set(looks[0])) > 8


@pytest.mark.browser
def test_m08_a_mail_needs_no_picture(browser):
    for page in WIDEST:
        opened = shown(browser, page, 640)
        assert opened.evaluate("document.querySelectorAll('img, picture, svg, video, canvas, object').length") == 0
        assert opened.evaluate(
            "[...document.querySelectorAll('*')].every(one => getComputedStyle(one).backgroundImage === 'none')"
        )
        opened.close()


@pytest.mark.browser
def test_links_are_large_enough_for_a_thumb_and_no_word_of_the_contents_is_broken(browser):
    opened = shown(browser, BUSY, 320)
    small = "[...document.querySelectorAll('p a, td a')].filter(one => one.getBoundingClientRect().height < 44)"
    assert opened.evaluate(f"{small}.map(one => one.innerText)") == []
    opened.close()
    opened = shown(browser, BUSY, 640, styled=False, text_size=2)
    opened.evaluate("document.querySelector('.jump').innerText = 'Representation'")
    assert opened.evaluate("document.querySelector('.jump').getBoundingClientRect().height") < 2 * 60
    opened.close()


SPREAD = """async ([picture, areas]) => {
    const image = await createImageBitmap(await (await fetch("data:image/png;base64," + picture)).blob());
    const canvas = new OffscreenCanvas(image.width, image.height).getContext("2d");
    canvas.drawImage(image, 0, 0);
    const part = value => value <= 0.03928 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
    return areas.map(({x, y, width, height}) => {
        const {data} = canvas.getImageData(x, y, width, height);
        const lights = [];
        for (let at = 0; at < data.length; at += 4) {
            const [red, green, blue] = [...data.slice(at, at + 3)].map(value => part(value / 255));
            lights.push(0.2126 * red + 0.7152 * green + 0.0722 * blue);
        }
        return [lights[0], Math.max(...lights)];
    });
}"""
"""How light the ground of each area of a picture is, in its corner, and its lightest spot."""


@pytest.mark.browser
def test_m08_forced_dark_is_dark_and_readable(browser, page_of_mail):
    """A program that turns every colour by itself, and has dropped the mail's own colours for dark screens."""
    forced = browser.browser_type.launch(
        executable_path=CHROMIUM, args=[*QUIET, "--enable-features=WebContentsForceDark"]
    )
    opened = shown(forced, page_of_mail, 640, styled=False)
    where = ".sheet h1, .sheet h3, .sheet .badge, .sheet .byline, .sheet .reason, .sheet .act"
    areas = opened.evaluate(
        f"[...document.querySelectorAll('{where}')].map(one => one.getBoundingClientRect().toJSON())"
    )
    picture = base64.b64encode(opened.screenshot(full_page=True)).decode("ascii")
    spots = forced.new_page().evaluate(SPREAD, [picture, areas])
    forced.close()
    assert len(spots) > 5
    assert all(ground < 0.1 for ground, _ in spots)
    assert all((light + 0.05) / (ground + 0.05) >= 4.5 for ground, light in spots)
