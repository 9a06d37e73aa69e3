"""Every page of the site, as everybody gets it, before judges that are not ours; a new page is judged by itself."""

from __future__ import annotations

import asyncio

import pytest
from starlette.routing import Route

from monitor.web.routes import routes
from tests.acceptance.test_judges import judgement, modules, nu_errors, serious
from tests.acceptance.test_look import browser
from tests.lived_in import Seen, live_in, walked
from tests.unit.web.conftest import BASE

__all__ = ["browser", "modules"]


@pytest.fixture(scope="module")
def world(tmp_path_factory):
    """An installation in which everything has happened."""
    made = live_in(tmp_path_factory.mktemp("lived-in") / "home")
    yield made
    asyncio.run(made.app.close())


@pytest.fixture(scope="module")
def seen(world):
    """What its routes answered, and what a page of each says in German."""
    seen = walked(world)
    of_each = {one.route: one.name.split()[1] for one in seen if one.is_page and one.name.startswith("GET")}
    german = [(route, path, world.client.get(path, accept_language="de")) for route, path in of_each.items()]
    return [*seen, *(Seen(f"GET {path} in German", route, answer) for route, path, answer in german)]


@pytest.fixture(scope="module")
def style(seen):
    """The style sheet."""
    return next(one.answer for one in seen if one.route == "/style.css")


@pytest.fixture(scope="module")
def pages(seen):
    """The pages, each once, and one of each route in German."""
    return list({one.answer.body: one for one in seen if one.is_page}.values())


@pytest.fixture(scope="module")
def files(pages, tmp_path_factory):
    """The pages as files, and which page each is."""
    folder = tmp_path_factory.mktemp("pages")
    named = {folder / f"{number}.html": one.name for number, one in enumerate(pages)}
    for path, one in zip(named, pages, strict=True):
        path.write_bytes(one.answer.body)
    return {str(path): name for path, name in named.items()}


def test_every_route_was_walked(seen):
    asked = {(one.name.split()[0], one.route) for one in seen if one.answer.status < 400}
    ours = {(method, one.path) for one in routes() if isinstance(one, Route) for method in one.methods or ()}
    refused = {("POST", "/operator/readers")}  # nobody's mail came back
    assert {(method, path) for method, path in ours if method != "HEAD"} - asked == refused


def test_html_validate_finds_no_error_in_a_page(modules, files):
    found = judgement(modules, "page", files)
    assert {files[path]: one["html_validate"] for path, one in found.items() if one["html_validate"]} == {}
    assert len(found) == len(files) >= 60


def test_the_nu_validator_finds_no_error_in_a_page(modules, files):
    assert [(files[url.removeprefix("file:")], line, said) for url, line, said in nu_errors(modules, files)] == []


@pytest.mark.browser
@pytest.mark.parametrize(("scheme", "width"), [("light", 1200), ("dark", 320)])
def test_axe_finds_nothing_serious_in_a_page_and_it_fits(modules, browser, pages, style, scheme, width):
    axe = (modules / "axe-core" / "axe.min.js").read_text(encoding="utf-8")
    with browser.new_context(color_scheme=scheme, viewport={"width": width, "height": 900}) as context:
        page, found = context.new_page(), {}
        for one in pages:
            show(page, one, style)
            wide = page.evaluate("document.documentElement.scrollWidth")
            if wrong := [*serious(page, axe), *([("wide", wide)] if wide > width else [])]:
                found[one.name] = wrong
    assert found == {}


def show(page, one, style):
    """Let a browser show what was answered, with the headers that came with it; it may ask for nothing else."""

    def fulfil(route):
        answer = one.answer if route.request.is_navigation_request() else style
        assert route.request.url.startswith(BASE)
        route.fulfill(status=200, headers=answer.headers, body=answer.body)

    page.unroute_all()
    page.route("**/*", fulfil)
    page.goto(f"{BASE}/{abs(hash(one.name))}")


@pytest.mark.browser
def test_the_editor_completes_keys_and_values_and_works_without_a_script(seen, browser):
    said = {one.name.removeprefix("GET "): one.answer for one in seen}

    def fulfil(route):
        answer = said[route.request.url.removeprefix(BASE).partition("?")[0]]
        route.fulfill(status=answer.status, headers=answer.headers, body=answer.body)

    with browser.new_context() as context, browser.new_context(java_script_enabled=False) as plain:
        for each in (context, plain):
            page = each.new_page()
            page.route("**/*", fulfil)
            page.goto(f"{BASE}/operator/profiles/ada")
            page.fill("#text", "schedule:\n  da")
            assert page.is_visible("#completions") == (each is context)
        page = context.pages[0]
        page.press("#text", "End")
        page.click("#completions >> text=days")
        page.keyboard.type("week")
        assert page.locator("#completions button").all_inner_texts() == ["weekdays", "weekends"]
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        page.keyboard.type("\ntopics:\n  my-own:\n    que")
        page.click("#completions >> text=query")
        assert page.input_value("#text") == "schedule:\n  days: weekdays\ntopics:\n  my-own:\n    query: "
