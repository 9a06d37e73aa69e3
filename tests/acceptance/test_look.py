"""The mail in a real browser: it fits, nothing is cut, nothing is fetched."""

import shutil

import pytest

from tests.acceptance.installation import LISTING

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
QUIET = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip


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
