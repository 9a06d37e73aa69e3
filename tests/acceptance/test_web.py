"""A reader's whole way through the pages and the mails, in a real browser against the installed program."""

from __future__ import annotations

import asyncio
import re
import socket
import threading
import urllib.request
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy

import pytest

from tests.acceptance.installation import LISTING, Installation, wait_for
from tests.acceptance.test_look import browser
from tests.smtp import ScriptedServer, serving

__all__ = ["browser"]

PROFILE = """\
name: Diffusion weekly
to: [operator@example.org]
public: true
schedule: {days: daily, at: "00:01", timezone: UTC}
topics:
  diffusion-classifiers: {query: '"diffusion model*"'}
  water: {query: 'water'}
"""
LATER = """\
# date: {day}

Rivers and Water Rights in the Age of Cooling
arXiv: 2603.90011
Water is claimed twice in many valleys. We map three hundred rivers and find who gets it first, with open data and a
model of the courts that settle the claims.

Diffusion Models That Count Sheep
arXiv: 2603.90012
A diffusion model that draws sheep does not know how many there are. We teach one to count with a head of four layers,
and it is right in nine of ten meadows.
"""


@contextmanager
def mail_server():
    """A real SMTP server in a thread of its own."""
    server, ready, done = ScriptedServer(), threading.Event(), threading.Event()

    async def run():
        async with serving(server):
            ready.set()
            await asyncio.to_thread(done.wait)

    thread = threading.Thread(target=lambda: asyncio.run(run()))
    thread.start()
    assert ready.wait(10)
    yield server
    done.set()
    thread.join()


def free_port():
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return found.getsockname()[1]


def mails_to(server, address):
    found = [message_from_bytes(content, policy=policy.default) for content in server.messages]
    return [mail for mail in found if mail["To"] == address]


def text_of(mail):
    return mail.get_body(("plain",)).get_content()


@pytest.fixture
def world(tmp_path):
    """The daemon at work, with its pages and a mail server."""
    port = free_port()
    with mail_server() as server:
        made = Installation(tmp_path)
        made.write(
            "monitor.yaml",
            f"""\
sources: {{dropped: {{kind: snapshot, path: snapshots, every: 1s}}}}
channel: {{kind: email, host: 127.0.0.1, port: {server.port}, tls: none}}
sender: {{name: Paper Monitor, address: monitor@example.org}}
web: {{base_url: "http://127.0.0.1:{port}", listen: "127.0.0.1:{port}"}}
""",
        )
        made.write("profiles/open.yaml", PROFILE)
        made.write("snapshots/one.txt", LISTING)
        daemons = [made.start("run")]
        base = f"http://127.0.0.1:{port}"
        try:
            wait_for(lambda: _is_up(base), what="the first page")
            wait_for(lambda: mails_to(server, "operator@example.org"), what="the first digest")
            yield made, server, base, daemons
        finally:
            for daemon in daemons:
                daemon.terminate()
                daemon.communicate(timeout=60)


def _is_up(base):
    try:
        return urllib.request.urlopen(f"{base}/healthz", timeout=2).status == 200
    except OSError:
        return False


@pytest.mark.browser
@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
def test_a_readers_whole_way(world, browser, scripts):  # noqa: PLR0915 - it is one way
    made, server, base, daemons = world
    (daemon,) = daemons
    context = browser.new_context(java_script_enabled=scripts)
    page = context.new_page()
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    page.set_default_timeout(20_000)

    page.goto(base)
    assert "4 March 2026" in page.inner_text("h1")
    page.fill("header input[name=q]", "diffusion NOT sheep")
    page.click("header button")
    assert page.locator("article").count() == 1
    page.click("article h2 a")
    assert "Diffusion Models Know More" in page.inner_text("h1")

    page.goto(f"{base}/topics")
    page.click("text=Subscribe by mail")
    page.fill("#address", "eve@example.net")
    page.click("main button.main")
    assert "Look into your mail" in page.inner_text("h1")
    (letter,) = wait_for(lambda: mails_to(server, "eve@example.net"), what="the confirmation")
    page.goto(re.findall(rf"{base}/c/\S+", text_of(letter))[0])
    page.click("main button")
    assert "Welcome" in page.inner_text("h1")

    page.click("text=Preferences")
    page.fill("#at", "00:02")
    page.click("text=Save")
    assert "Saved." in page.inner_text("[role=status]")
    preferences = page.url

    digest = wait_for(lambda: mails_to(server, "eve@example.net")[1:], what="the first digest")[0]
    assert "Cooling Towers" in text_of(digest)
    mute = re.findall(rf"{base}/mute/\S+", text_of(digest))[0]
    page.goto(mute)
    page.fill("#what", "water")
    page.click("text=Mute it >> nth=1")
    assert "Noted" in page.inner_text("[role=status]")
    less = re.findall(rf"{base}/less/\S+", text_of(digest))[0]
    page.goto(less)
    page.click("main button.main")
    assert "Noted" in page.inner_text("[role=status]")
    assert page.locator(".said li").count() == 2

    page.goto(re.findall(rf"{base}/d/\S+", text_of(digest))[0])
    assert "Cooling Towers" in page.inner_text("body")
    page.goto(preferences)
    page.click("text=All digests that you got")
    assert page.locator(".issues li").count() == 1

    made.write("snapshots/two.txt", LATER.format(day=datetime.now(UTC).date()))
    daemon.terminate()
    daemon.communicate(timeout=60)
    made.once(f"{datetime.now(UTC) + timedelta(days=1):%Y-%m-%dT01:00}")
    assert "Rivers" in text_of(mails_to(server, "operator@example.org")[-1])
    following = mails_to(server, "eve@example.net")[-1]
    assert following["Message-ID"] != digest["Message-ID"]
    assert "Rivers" not in text_of(following)  # water is muted, for Eve alone
    daemons.append(made.start("web"))
    wait_for(lambda: _is_up(base), what="the pages alone")

    unsubscribe = digest["List-Unsubscribe"].split(",")[0].strip("<> ")
    assert len(unsubscribe) <= 70
    request = urllib.request.Request(unsubscribe, b"List-Unsubscribe=One-Click", method="POST")
    with urllib.request.urlopen(request) as answer:
        assert answer.status == 200
        assert "Set-Cookie" not in answer.headers
    page.goto(unsubscribe)
    assert "Unsubscribed" in page.inner_text("h1")
    assert {re.sub(r"^(https?://[^/]+).*", r"\1", url) for url in asked} == {base}
    context.close()
