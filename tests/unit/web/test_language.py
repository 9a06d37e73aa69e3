"""Pages speak the language of who reads them: as chosen, as their profile does, or as their browser asks."""

from dataclasses import replace

import pytest

from monitor.app import open_app
from monitor.settings.values import ProfileSet
from monitor.web.language import asked_for
from monitor.web.routes import site
from tests.unit.web.conftest import ADA, OPEN, Client

GERMAN, ENGLISH = '<html lang="de">', '<html lang="en">'


@pytest.mark.parametrize(
    ("header", "language"),
    [
        ("de", "de"),
        ("de-AT, en;q=0.5", "de"),
        ("en;q=0.5, de;q=0.9", "de"),
        ("fr, en;q=0.3, de;q=0.2", "en"),
        ("en, de", "en"),
        ("de;q=0", "en"),
        ("fr", "en"),
        ("*", "en"),
        ("", "en"),
        ("de;q=nan, ;;,=,\x00", "en"),
        ("x," * 10_000 + "de", "en"),
    ],
)
def test_a_browsers_wish_is_met_as_far_as_we_speak_it(header, language):
    assert asked_for(header) == language


@pytest.mark.parametrize("path", ["/day", "/trending", "/topics", "/search", "/paper/1", "/subscribe/open", "/nowhere"])
def test_a_page_speaks_what_the_browser_asks_for(place, path):
    german, english = place.client.get(path, accept_language="de-CH"), place.client.get(path)
    assert (GERMAN in german.text, ENGLISH in english.text) == (True, True)
    assert ("Zum Inhalt" in german.text, "Skip to the content" in english.text) == (True, True)
    assert german.headers["vary"] == "Accept-Language, Cookie"


def test_a_language_that_was_chosen_is_remembered_and_outweighs_the_browser(place):
    answer = place.client.get("/subscribe/open?lang=de", accept_language="en")
    assert GERMAN in answer.text
    (cookie,) = answer.cookies
    assert cookie == "lang=de; Max-Age=31536000; Path=/; HttpOnly; SameSite=Lax; Secure"
    place.client.cookie = "lang=de"
    wrong = place.client.post("/subscribe", {"profile": "open", "address": "ada"})
    assert "keine brauchbare Mailadresse" in wrong.text
    assert GERMAN in place.client.get("/day").text  # a page that is kept was drawn for others before
    assert ENGLISH in place.client.get("/day?lang=en").text


@pytest.mark.parametrize("said", ["tlh", "../de", "de%0d%0aSet-Cookie:x=y", "", "DE"])
def test_a_language_that_we_do_not_speak_is_neither_spoken_nor_remembered(place, said):
    place.client.cookie = f"lang={said}"
    answer = place.client.get(f"/topics?lang={said}")
    assert (answer.cookies, ENGLISH in answer.text) == ([], True)


def test_a_page_leads_to_itself_in_every_language(place):
    page = place.client.get("/search?q=diffusion&lang=de").text
    assert 'href="?q=diffusion&amp;lang=en" hreflang="en" lang="en">English<' in page
    assert "hreflang" not in place.client.post("/subscribe", {"profile": "open", "address": "ada"}).text


def test_links_in_mails_speak_the_language_of_the_profile_unless_another_was_chosen(place):
    app = open_app(
        place.app.settings, ProfileSet(place.app.settings.profiles, (replace(ADA, language="de"), OPEN)),
        clock=place.clock, fetcher=place.app.fetcher, channel=place.channel,
    )  # fmt: skip
    client = Client(site(app))
    for path in (place.link("preferences", 1), place.link("unsubscribe", 1), place.link("more", 1, 1)):
        assert GERMAN in client.get(path, accept_language="en").text
        assert ENGLISH in client.get(path + "?lang=en").text
    app.store.close()


def test_the_operators_pages_are_in_english_and_say_so(place):
    page = place.client.get("/operator/login?lang=de").text
    assert (ENGLISH in page, "hreflang" in page) == (True, False)
