"""An installation in which everything has happened: two weeks of the sample listings, readers, words, an operator.

Its pages are walked by a crawler that follows every link and fills in every form.
"""

from __future__ import annotations

import asyncio
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from email import message_from_bytes
from email.policy import default
from html import unescape
from pathlib import Path
from typing import Any

from starlette.routing import Match, Route

from monitor.app import App, open_app
from monitor.cli import demo
from monitor.clock import FrozenClock
from monitor.jobs import cycle, say
from monitor.settings.load import load_all
from monitor.store import matches, papers, verdicts
from monitor.testing import NOON, FakeFetcher, MemoryChannel
from monitor.web.login import hashed
from monitor.web.routes import routes, site
from tests.unit.web.conftest import BASE, Answer, Client

PASSWORD = "a lantern in the kitchen"
SETTINGS = """\
sources:
  hf: {{kind: hf_daily}}
  dropped: {{kind: snapshot, path: snapshots}}
  blog: {{kind: feed, url: "https://blog.example.org/feed"}}
channel: {{kind: file, path: outbox}}
sender: {{name: Paper Monitor, address: monitor@papers.example.org}}
web: {{base_url: "{base}", password_hash: "{password}", edit: true}}
"""
_LINK = re.compile(r'<(?:a|link)\b[^>]* href="([^"]+)"')
_OF_EACH = 2
_BEFORE = NOON.replace(year=2000)


@dataclass
class LivedIn:
    """The installation, a browser at its pages, and the mails that left it."""

    app: App
    clock: FrozenClock
    channel: MemoryChannel
    client: Client

    def cycle(self, **later: float) -> None:
        """Let some time pass, and one round of all jobs."""
        self.clock.set(self.clock.now() + timedelta(**later))
        asyncio.run(cycle.run(self.app))

    def links(self, recipient: str) -> list[str]:
        """Return the paths of all our links in the mails to somebody, the last mail's first."""
        mails = [message_from_bytes(one.content, policy=default) for one in reversed(self.channel.delivered)]
        bodies = [mail.get_body(("plain",)) for mail in mails if mail["To"] == recipient]
        found = [re.findall(rf"{BASE}(/\S+)", body.get_content()) for body in bodies if body]
        return list(dict.fromkeys(path for paths in found for path in paths))

    def link(self, purpose: Any, *numbers: int) -> str:
        """Return the path of a signed link."""
        assert self.app.links
        return self.app.links.url(purpose, *numbers).removeprefix(BASE)


def live_in(folder: Path) -> LivedIn:
    """Return the installation, on the day after the last listing."""
    home = demo.make_home(folder)
    (home / "monitor.yaml").write_text(SETTINGS.format(base=BASE, password=hashed(PASSWORD)))
    for profile in ("ada", "lab"):
        path = home / "profiles" / f"{profile}.yaml"
        path.write_text(path.read_text() + "\npublic: true\n")
    asyncio.run(demo.play(home))
    loaded = load_all(home / "monitor.yaml")
    clock, channel = FrozenClock(NOON), MemoryChannel()
    app = open_app(
        loaded.settings, loaded.profiles, clock=clock, fetcher=FakeFetcher(lambda _: b"[]", clock), channel=channel
    )
    with app.store.read() as session:
        clock.set(max(one.at for one in verdicts.between(session, 0, _BEFORE)))
    made = LivedIn(app, clock, channel, Client(site(app)))
    _subscribe(made)
    _speak(made)
    return made


def _subscribe(made: LivedIn) -> None:
    """Let Eve sign up and confirm, and get a first digest; Bob has not confirmed yet; Mallory's mail comes back."""
    for address in ("eve@example.net", "bob@example.net"):
        made.client.post("/subscribe", SIGN_UP | {"address": address})
    made.cycle(minutes=5)
    (confirm,) = {path for path in made.links("eve@example.net") if path.startswith("/c/")}
    made.client.post(confirm)
    made.cycle(minutes=5)


def _speak(made: LivedIn) -> None:
    """Let Ada want more of every other paper that she got, and less of the others."""
    ada = made.app.profiles.named("ada")
    with made.app.store.read() as session:
        got = [one for _, one in matches.since(session, "ada", _BEFORE)]
        keys = [one.key for one in papers.by_ids(session, [one.paper_id for one in got]).values()]
    for number, key in enumerate(keys):
        say.run(made.app, ada, ("more", "less")[number % 2], key)


SIGN_UP = {"profile": "ada", "at": "08:00", "timezone": "Europe/Berlin", "day": ["mon", "wed", "fri"]}


@dataclass(frozen=True)
class Seen:
    """A page that somebody got: the route that answered, and what came."""

    name: str
    route: str
    answer: Answer

    @property
    def is_page(self) -> bool:
        """Whether it is HTML of our own look, and no mail shown as it was sent."""
        return self.is_html and "unsafe-inline" not in self.answer.headers["content-security-policy"]

    @property
    def is_html(self) -> bool:
        """Whether a browser shows it as a page."""
        return self.answer.headers.get("content-type", "").startswith("text/html")


def walked(world: LivedIn) -> list[Seen]:
    """Return what every route answers: as a stranger, as a reader, as the operator, and what every form says."""
    seen = [*_crawled(world), *_said(world), *_wrong(world)]
    world.client.post("/operator/login", {"password": PASSWORD})
    return seen


def _crawled(world: LivedIn) -> Iterator[Seen]:
    """Yield some pages of each route that links lead to."""
    taken: Counter[str] = Counter()
    special = list(_special(world))
    waiting, known = [*special, "/"], set[str]()
    while waiting:
        path = waiting.pop(0)
        route = route_of("GET", path.partition("?")[0])
        if path in known or (taken[route] >= _OF_EACH and path not in special):
            continue
        known.add(path)
        taken[route] += 1
        answer = world.client.get(path)
        one = Seen(f"GET {path}", route, answer)
        yield one
        if one.is_page:
            waiting += [link for found in _LINK.findall(answer.text) if (link := unescape(found)).startswith("/")]


def _special(world: LivedIn) -> Iterator[str]:
    """Yield what no link leads to, and pages that show what most pages of their route do not."""
    log_in(world)
    for route in routes():
        assert isinstance(route, Route)
        if "GET" in (route.methods or ()) and "{" not in route.path:
            yield route.path
    with world.app.store.read() as session:
        kinds = {one.kind: one.paper_id for one in verdicts.between(session, 0, _BEFORE)}
    yield from (f"/paper/{number}" for number in kinds.values())
    for kind in ("day", "week", "month", "trending", "search"):
        yield from (f"/{kind}.{form}" for form in ("atom", "json"))
    yield from ("/search?q=diffusion", "/search?q=nothing+at+all", "/search?q=%28", "/day/2026-01-01")
    of_each = {path.split("/")[1]: path for path in world.links("eve@example.net")}
    yield from of_each.values()
    yield world.link("archive", int(of_each["p"].split("/")[2].partition(".")[0]))


def _said(world: LivedIn) -> Iterator[Seen]:
    """Yield what forms answer, filled in well and badly."""
    links = {path.split("/")[1]: path for path in world.links("eve@example.net")}
    waits = {path.split("/")[1]: path for path in world.links("bob@example.net")}
    key = log_in(world)
    asked: list[tuple[str, dict[str, Any]]] = [
        ("/subscribe", SIGN_UP | {"address": "carol@example.net"}),
        ("/subscribe", SIGN_UP | {"address": "carol"}),
        *((waits["c"], {}) for _ in range(2)),
        *((links[kind], {}) for kind in ("more", "less")),
        *((links[kind], {"what": what}) for kind in ("mute", "follow") for what in ("Lantern", "")),
        (links["p"], SIGN_UP | {"action": "save", "until": ""}),
        (links["p"], SIGN_UP | {"action": "save", "at": "late"}),
        (links["p"], {"action": "move", "address": "eve@elsewhere.example"}),
        (links["u"], {"action": "leave"}),
        (links["p"], {"action": "leave"}),
        (links["u"], {"action": "back"}),
        ("/operator/login", {"password": "wrong"}),
        ("/operator/login", {"password": PASSWORD}),
        ("/operator/profiles/ada", {"key": key, "action": "try", "text": _file(world)}),
        ("/operator/profiles/ada", {"key": key, "action": "save", "text": _file(world)}),
        ("/operator/profiles/ada", {"key": key, "action": "try", "text": "to: x\ntopcs: {}\n"}),
        ("/operator/readers", {"key": key, "recipient": "nobody@example.org", "profile": ""}),
        ("/operator/logout", {"key": key}),
        (links["p"], {"action": "forget", "sure": "yes"}),
        (links["p"], {}),
    ]
    for path, form in asked:
        answer = world.client.post(path, form, origin=BASE)
        yield Seen(f"POST {path} {form.get('action', '')}", route_of("POST", path), answer)


def _file(world: LivedIn) -> str:
    return (world.app.settings.profiles / "ada.yaml").read_text()


def _wrong(world: LivedIn) -> Iterator[Seen]:
    """Yield pages of what is not there or not asked well."""
    yield Seen("GET /operator/login", "/operator/login", world.client.get("/operator/login"))
    yield Seen("GET /nowhere", "", world.client.get("/nowhere"))
    yield Seen("PUT /topics", "", world.client.get("/topics", method="PUT"))
    yield Seen(
        "POST /subscribe", "", world.client.send("POST", "/subscribe", b"--", {"content-type": "multipart/form-data"})
    )


def log_in(world: LivedIn) -> str:
    """Log the operator in, and return the key of the session's forms."""
    world.client.cookie = ""
    answer = world.client.post("/operator/login", {"password": PASSWORD}, origin=BASE)
    world.client.cookie = answer.cookies[0].partition(";")[0]
    (key,) = set(re.findall(r'name="key" value="([^"]+)"', world.client.get("/operator").text))
    return str(key)


def route_of(method: str, path: str) -> str:
    """Return the route that answers a path, or nothing."""
    scope = {"type": "http", "path": path, "method": method, "root_path": "", "headers": []}
    found = (one for one in routes() if isinstance(one, Route) and one.matches(scope)[0] == Match.FULL)
    return next((one.path for one in found), "")
