"""The operator's pages: for nobody else, by forms of our own, and every act is written down."""

from __future__ import annotations

import asyncio
import base64
import re
from pathlib import Path

import pytest

from monitor.jobs import say
from monitor.store import readers
from monitor.web.guard import POLICY
from monitor.web.login import hashed
from monitor.web.operator import EDITOR_POLICY
from tests.unit.web.conftest import BASE, Place, listing

PASSWORD = "a lantern in the kitchen"
PAGES = [
    "/operator",
    "/operator/mails",
    "/operator/readers",
    "/operator/profiles",
    "/operator/profiles/ada",
    "/operator/log",
]
FILE = "to: [ada@example.org]\ntopics: {diffusion: {query: 'diffusion model*'}}\n"


@pytest.fixture(scope="module")
def password_hash():
    return hashed(PASSWORD)


@pytest.fixture
def office(tmp_path, password_hash):
    made = Place(tmp_path, password_hash=password_hash, proxies=("10.0.0.1",), user_header="X-Remote-User")
    (tmp_path / "ada.yaml").write_text(FILE)
    made.pages["date=2026-03-04"] = listing(1, 2)
    made.cycle()
    yield made
    asyncio.run(made.app.close())


def log_in(office, password=PASSWORD, **headers):
    answer = office.client.post("/operator/login", {"password": password}, **({"origin": BASE} | headers))
    if answer.cookies:
        office.client.cookie = answer.cookies[0].partition(";")[0]
    return answer


def key(office, path="/operator"):
    found = re.search(r'name="key" value="([^"]+)"', office.client.get(path).text)
    assert found
    return found[1]


@pytest.mark.parametrize("path", PAGES)
def test_strangers_are_led_to_the_form(office, path):
    answer = office.client.get(path)
    assert (answer.status, answer.headers["location"]) == (303, "/operator/login")
    office.client.cookie = "operator=x.y.z"
    assert office.client.get(path).status == 303


@pytest.mark.parametrize("path", PAGES)
def test_the_operator_sees_every_page(office, path):
    assert log_in(office).status == 303
    answer = office.client.get(path)
    assert answer.status == 200
    assert answer.headers["cache-control"] == "no-store"


def test_before_anything_was_read_the_status_says_so_and_shows_no_empty_table(tmp_path, password_hash):
    bare = Place(tmp_path, password_hash=password_hash)
    log_in(bare)
    shown = bare.client.get("/operator").text
    assert ("not read yet" in shown, "after the first reading" in shown, "Batches" in shown) == (True, True, False)
    bare.pages["date=2026-03-04"] = listing(1)
    bare.cycle()
    shown = bare.client.get("/operator").text
    assert ("not read yet" in shown, "after the first reading" in shown, "Batches" in shown) == (False, False, True)
    assert "1 paper, 3 matches, 0 trends" in shown
    asyncio.run(bare.app.close())


def test_the_cookie_is_for_us_alone(office):
    (cookie,) = log_in(office).cookies
    assert {"HttpOnly", "Secure", "SameSite=strict", "Path=/"} <= set(cookie.split("; "))


def test_a_wrong_password_opens_nothing_and_is_not_tried_for_ever(office):
    assert log_in(office, "wrong").status == 422
    for _ in range(10):
        log_in(office, "wrong")
    assert log_in(office).status == 422  # even the right one waits now
    assert not office.client.cookie


@pytest.mark.parametrize("origin", ["https://evil.example", "null", "", "http://papers.example.org"])
def test_w08_a_form_from_elsewhere_logs_nobody_in(office, origin):
    assert log_in(office, origin=origin).status == 403


@pytest.mark.parametrize("path", ["/operator/logout", "/operator/readers", "/operator/profiles/ada"])
def test_w08_every_act_needs_a_form_of_this_very_session(office, path):
    log_in(office)
    good = key(office)
    form = {"text": FILE, "action": "try", "recipient": "x@example.org", "profile": ""}
    for wrong in ("", "x", good[:-1], good.swapcase()):
        assert office.client.post(path, form | {"key": wrong}, origin=BASE).status == 403
    for origin in ("https://evil.example", "null", ""):
        assert office.client.post(path, form | {"key": good}, origin=origin).status == 403
    office.client.cookie = ""
    log_in(office)
    assert office.client.post(path, form | {"key": good}, origin=BASE).status == 403  # of another session


def test_a_proxy_names_the_operator_and_nobody_else_can(office):
    assert office.client.get("/operator", x_remote_user="root").status == 303
    office.client.host = "10.0.0.1"
    assert office.client.get("/operator", x_remote_user="root").status == 200
    assert office.client.get("/operator").status == 303
    found = re.search(r'name="key" value="([^"]+)"', office.client.get("/operator", x_remote_user="root").text)
    assert found
    form = {"key": found[1]}
    assert office.client.post("/operator/logout", form, origin=BASE, x_remote_user="root").status == 303


def test_an_edit_is_tried_and_nothing_is_written(office, tmp_path):
    log_in(office)
    form = {"key": key(office), "action": "try", "text": FILE + "name: Tried\n"}
    page = office.client.post("/operator/profiles/ada", form, origin=BASE).text
    assert "What it would have sent" in page
    assert "2 new on diffusion" in page
    wrong = office.client.post("/operator/profiles/ada", form | {"text": "to: x\ntopcs: {}\n"}, origin=BASE)
    assert wrong.status == 422
    assert "did you mean" in wrong.text
    saved = office.client.post("/operator/profiles/ada", form | {"action": "save"}, origin=BASE)
    assert "cannot be edited here" in saved.text
    assert Path(tmp_path / "ada.yaml").read_text() == FILE


def test_an_edit_is_saved_where_the_settings_allow_it_and_written_down(tmp_path, password_hash):
    office = Place(tmp_path, password_hash=password_hash, edit=True)
    (tmp_path / "ada.yaml").write_text(FILE)
    log_in(office)
    form = {"key": key(office), "action": "save", "text": FILE + "name: Saved\r\n"}
    assert "Saved; it holds" in office.client.post("/operator/profiles/ada", form, origin=BASE).text
    assert (tmp_path / "ada.yaml").read_text() == FILE + "name: Saved\n"
    assert office.client.post("/operator/profiles/ada", form | {"text": "x"}, origin=BASE).status == 422
    assert (tmp_path / "ada.yaml").read_text() == FILE + "name: Saved\n"
    with office.app.store.read() as session:
        assert [(what, of) for _, _, what, of in readers.notes(session, 9)] == [("saved", "ada"), ("logged in", "")]
    assert office.client.post("/operator/profiles/..%2fada", form, origin=BASE).status == 404
    asyncio.run(office.app.close())


def test_a_report_card_counts_what_was_sent_and_what_readers_say(office):
    log_in(office)
    card = office.client.get("/operator/profiles/ada").text
    assert re.search(r"Mails sent</th><td>1<.*Feedback that holds</th><td>none yet<", card, re.DOTALL)
    ada = office.app.profiles.named("ada")
    say.run(office.app, ada, "more", "arxiv:2603.00001")
    say.run(office.app, ada, "mute", "lantern", recipient="ada@example.org")
    say.take_back(office.app, ada, say.run(office.app, ada, "less", "arxiv:2603.00002").feedback.id)
    card = office.client.get("/operator/profiles/ada").text
    assert "Feedback that holds</th><td>1 more, 1 mute<" in card


def test_only_the_editor_may_run_a_script_and_only_ours(office):
    log_in(office)
    page = office.client.get("/operator/profiles/ada")
    assert page.headers["content-security-policy"] == EDITOR_POLICY == f"{POLICY}; script-src 'self'"
    scripts = re.findall(r'<script src="(/editor\.js\?v=\w+)" defer></script>', page.text)
    assert page.text.count("<script") == len(scripts) == 1
    assert office.client.get(scripts[0]).headers["content-type"].startswith("text/javascript")
    assert office.client.get("/operator").headers["content-security-policy"] == POLICY


def test_w18_health_is_two_letters_and_figures_need_the_password(office):
    assert office.client.get("/healthz").body == b"ok\n"
    closed = office.client.get("/metrics")
    assert closed.status == 401
    assert "password_hash" in closed.text
    said = base64.b64encode(f"x:{PASSWORD}".encode()).decode()
    answer = office.client.get("/metrics", authorization=f"Basic {said}")
    assert answer.status == 200
    assert "monitor_papers 2.0" in answer.text
    assert "monitor_needs_a_person 0.0" in answer.text
    assert re.search(r'^monitor_source_read_timestamp_seconds\{source="\w+"\} [\d.e+]+$', answer.text, re.MULTILINE)
    assert "example" not in answer.text
    for wrong in ("Basic x", "Basic " + base64.b64encode(b"x:y").decode(), "Bearer x"):
        assert office.client.get("/metrics", authorization=wrong).status == 401


def test_w17_a_request_that_is_too_much_is_refused(office):
    send = office.client.send
    kind = {"content-type": "application/x-www-form-urlencoded"}
    assert send("POST", "/subscribe", b"x", kind | {"content-length": "1000000000"}).status == 413
    assert send("POST", "/subscribe", b"x" * 200_000, kind | {"content-length": "1"}).status == 413
    assert send("POST", "/subscribe", b"x", kind | {"content-length": "-1"}).status == 413
    assert send("GET", "/search?q=" + "x" * 5_000, b"", {}).status == 414
    assert send("POST", "/subscribe", b"&".join(b"a=b" for _ in range(1000)), kind).status == 400


def test_w12_nothing_leads_where_a_request_says(office):
    for path in (
        "/topics/",
        "//evil.example",
        "/operator/login?next=https://evil.example",
        "/paper/1?url=https://evil.example",
    ):
        answer = office.client.get(path, host="evil.example")
        assert "evil" not in answer.headers.get("location", "")
