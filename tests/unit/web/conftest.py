"""The pages of an installation on a frozen clock, asked without a network."""

from __future__ import annotations

import asyncio
import json
import random
import shutil
from dataclasses import dataclass, field
from datetime import timedelta
from urllib.parse import urlencode

import pytest

from monitor.app import open_app
from monitor.clock import FrozenClock
from monitor.jobs import cycle
from monitor.settings.values import (
    ChannelSettings,
    ProfileSet,
    SenderSettings,
    Settings,
    SourceSettings,
    WebSettings,
)
from monitor.sources import hf_daily
from monitor.testing import NOON, FakeFetcher, MemoryChannel, profile, topic
from monitor.web.routes import site

ADA = profile(topic("diffusion", query='"diffusion model*"'), id="ada", to=("ada@example.org",))
OPEN = profile(
    topic("diffusion", query='"diffusion model*"', about="Denoising, step by step."),
    topic("kitchens & <b>baths</b>", query="kitchen"),
    id="open",
    name="Diffusion <i>weekly</i>",
    to=("operator@example.org",),
    public=True,
)
BASE = "https://papers.example.org"


@dataclass
class Answer:
    """What came back."""

    status: int
    headers: dict[str, str]
    body: bytes
    cookies: list[str] = field(default_factory=list)

    @property
    def text(self):
        return self.body.decode()


class Client:
    """A browser without scripts: GET, HEAD and POST of forms."""

    def __init__(self, pages):
        self._pages = pages
        self.host = "203.0.113.7"
        self.cookie = ""

    def get(self, path, method="GET", **headers):
        return self.send(method, path, b"", headers)

    def visit(self, asked, **headers):
        """Ask for many paths by their methods, one after the other, in one event loop, and return what came back."""

        async def all_of_them():
            return [await _asked(self._pages, self._scope(method, path, b"", headers), b"") for method, path in asked]

        return asyncio.run(all_of_them())

    def post(self, path, form=None, **headers):
        body = urlencode(form or {}, doseq=True).encode()
        return self.send("POST", path, body, {"content-type": "application/x-www-form-urlencoded"} | headers)

    def send(self, method, path, body, headers):
        return asyncio.run(_asked(self._pages, self._scope(method, path, body, headers), body))

    def _scope(self, method, path, body, headers):
        path, _, query = path.partition("?")
        sent = {"host": "papers.example.org", "content-length": str(len(body))} | (
            {"cookie": self.cookie} if self.cookie else {}
        )
        sent |= {name.replace("_", "-"): value for name, value in headers.items()}
        return {
            "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": method, "scheme": "http",
            "path": _unquoted(path), "raw_path": path.encode(), "query_string": query.encode(), "root_path": "",
            "headers": [(name.lower().encode(), value.encode("latin-1")) for name, value in sent.items()],
            "client": (self.host, 5), "server": ("127.0.0.1", 8000),
        }  # fmt: skip


def _unquoted(path):
    from urllib.parse import unquote

    return unquote(path)


async def _asked(pages, scope, body):
    messages = [{"type": "http.request", "body": body, "more_body": False}]
    answer = Answer(0, {}, b"")

    async def receive():
        return messages.pop() if messages else {"type": "http.disconnect"}

    async def send(message):
        if message["type"] == "http.response.start":
            answer.status = message["status"]
            for name, value in message["headers"]:
                answer.headers[name.decode()] = value.decode("latin-1")
                if name == b"set-cookie":
                    answer.cookies.append(value.decode())
        else:
            answer.body += message.get("body", b"")

    await pages(scope, receive, send)
    return answer


class Place:
    """An installation with pages: a source that lists what ``pages`` holds, and mails in ``channel``."""

    def __init__(self, tmp_path, profiles=(ADA, OPEN), **web):
        self.clock = FrozenClock(NOON)
        self.pages: dict[str, bytes] = {}
        self.channel = MemoryChannel()
        source = SourceSettings(
            "hf", "hf_daily", timedelta(hours=1), hf_daily.Options(base_url="https://hf.example", days=1)
        )
        settings = Settings(
            path=tmp_path / "monitor.yaml",
            folder=tmp_path,
            database=str(tmp_path / "monitor.db"),
            profiles=tmp_path,
            sources=(source,),
            channel=ChannelSettings("file", hf_daily.Options()),
            sender=SenderSettings(address="monitor@example.org"),
            web=WebSettings(BASE, **web),
        )
        fetcher = FakeFetcher(
            lambda url: next((page for part, page in self.pages.items() if part in url), b"[]"), self.clock
        )
        self.app = open_app(
            settings, ProfileSet(tmp_path, tuple(profiles)), clock=self.clock, fetcher=fetcher, channel=self.channel,
            chance=Punctual(),
        )  # fmt: skip
        self.client = Client(site(self.app))

    def later(self, **span):
        self.clock.set(self.clock.now() + timedelta(**span))

    def cycle(self):
        return asyncio.run(cycle.run(self.app))

    def link(self, purpose, *numbers):
        assert self.app.links
        return self.app.links.url(purpose, *numbers).removeprefix(BASE)


class Punctual(random.Random):
    """Chance that adds nothing: what is due at noon is due at noon."""

    def random(self):
        return 0.0


def words(seed, number):
    draw = random.Random(seed)
    return " ".join("".join(draw.choices("abcdefghiklmnoprstu", k=7)) for _ in range(number))


def listing(*numbers, **changed):
    """A day of the Hugging Face API with one paper for each number."""
    papers = [
        {
            "id": f"2603.{number:05d}",
            "title": f"{words(number, 3).title()} by Diffusion Models in Kitchen {number}",
            "summary": f"A diffusion model meets {words(-number, 30)}.",
            "authors": [{"name": "Ada Lovelace"}, {"name": "Björk Guðmundsdóttir"}],
            "upvotes": number,
            "publishedAt": "2026-03-03T00:00:00.000Z",
            **changed,
        }
        for number in numbers
    ]
    return json.dumps(
        [{"paper": paper, "title": paper["title"], "publishedAt": paper["publishedAt"]} for paper in papers]
    ).encode()


@pytest.fixture(scope="session")
def first_day(tmp_path_factory):
    """A folder with a database in which one day was read and mailed, and the mails of that day."""
    folder = tmp_path_factory.mktemp("first-day")
    made = Place(folder)
    made.pages["date=2026-03-04"] = listing(1, 2, 3)
    made.cycle()
    asyncio.run(made.app.close())
    return folder, made.channel.delivered


@pytest.fixture
def place(tmp_path, first_day):
    folder, mails = first_day
    for file in folder.glob("monitor.db*"):
        shutil.copy(file, tmp_path)
    made = Place(tmp_path)
    made.pages["date=2026-03-04"] = listing(1, 2, 3)
    made.channel.delivered.extend(mails)
    yield made
    asyncio.run(made.app.close())
