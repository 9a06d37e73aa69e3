"""An installation on a frozen clock, with a fake way in and a fake way out."""

import json
import random
import shutil
import sys
import tempfile
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

import monitor.sources
from monitor import registry
from monitor.app import open_app
from monitor.clock import FrozenClock
from monitor.settings.values import ChannelSettings, ProfileSet, SenderSettings, Settings, SourceSettings
from monitor.sources import hf_daily
from monitor.testing import NOON, FakeFetcher, MemoryChannel, profile, topic

TOY = Path(__file__).resolve().parents[2] / "toy"
DIFFUSION = profile(topic("diffusion", query='"diffusion model*"'), id="ada", to=("ada@example.org",))


def _words(seed, number):
    """Words that nobody else uses: papers that share their words would be copies."""
    draw = random.Random(seed)
    return " ".join("".join(draw.choices("abcdefghiklmnoprstu", k=7)) for _ in range(number))


def listing(*numbers, **changed):
    """A day of the Hugging Face API with one paper for each number."""
    papers = [
        {
            "id": f"2603.{number:05d}",
            "title": f"{_words(number, 3).title()} by Diffusion Models in Kitchen {number}",
            "summary": f"A diffusion model meets {_words(-number, 30)}.",
            "authors": [{"name": "Ada Lovelace"}],
            "upvotes": number,
            "publishedAt": "2026-03-03T00:00:00.000Z",
            **changed,
        }
        for number in numbers
    ]
    return json.dumps(
        [{"paper": paper, "title": paper["title"], "publishedAt": paper["publishedAt"]} for paper in papers]
    ).encode()


class Punctual(random.Random):
    """Chance that adds nothing: what is due at noon is due at noon."""

    def random(self):
        return 0.0


@dataclass(frozen=True)
class Past:
    """How a world stood when what many tests begin with was over: its folder, its database on a server, and the rest."""

    folder: Path
    database: str
    now: datetime
    pages: dict[str, bytes]
    delivered: tuple[Any, ...]
    profiles: tuple[Any, ...]


_pasts: dict[tuple[Any, Any], Past] = {}
"""What was lived already in this process: by what it was, and the server that holds the database."""


class World:
    """What the installation under test sees: ``pages`` by a part of their URL, and the mails in ``channel``."""

    def __init__(self, tmp_path, database="", cluster=None):
        self._cluster = cluster
        self.database = database or str(tmp_path / "monitor.db")
        self.clock = FrozenClock(NOON)
        self.pages = {}
        self.channel = MemoryChannel()
        self.fetcher = FakeFetcher(self._answer, self.clock)
        self.tmp_path = tmp_path
        self.app: Any = None
        self._opened = []

    def _answer(self, url):
        return next((page for part, page in self.pages.items() if part in url), b"[]")

    def after(self, live):
        """Stand where ``live`` leads a world, the program just started: one world lives it, all others are copies."""
        key = live, self._cluster
        if key not in _pasts:
            live(self)
            _pasts[key] = self._past()
        past = _pasts[key]
        shutil.copytree(past.folder, self.tmp_path, dirs_exist_ok=True)
        if self._cluster:
            self._cluster.renew(self.database, past.database)
        self.clock.set(past.now)
        self.pages = dict(past.pages)
        self.channel.delivered[:] = past.delivered
        self.open(*past.profiles)
        return self

    def _past(self):
        self.close()
        folder = Path(tempfile.mkdtemp(dir=self.tmp_path.parent))
        shutil.copytree(self.tmp_path, folder, dirs_exist_ok=True)
        database = self._cluster.new_database(self.database) if self._cluster else ""
        delivered, profiles = tuple(self.channel.delivered), self.app.profiles.profiles
        return Past(folder, database, self.clock.now(), dict(self.pages), delivered, profiles)

    def open(self, *profiles, sources=("hf",), kind="hf_daily"):
        module = registry.load("sources", kind)
        days = {"days": 1} if kind == "hf_daily" else {}
        place = "url" if kind == "feed" else "base_url"
        made = tuple(
            SourceSettings(name, kind, timedelta(hours=1), module.Options(**{place: f"https://{name}.example"}, **days))
            for name in sources
        )
        settings = Settings(
            path=self.tmp_path / "monitor.yaml",
            folder=self.tmp_path,
            database=self.database,
            profiles=self.tmp_path,
            sources=made,
            channel=ChannelSettings("file", hf_daily.Options()),
            sender=SenderSettings(address="monitor@example.org"),
        )
        readers = ProfileSet(self.tmp_path, profiles or (DIFFUSION,))
        self.app = open_app(
            settings, readers, clock=self.clock, fetcher=self.fetcher, channel=self.channel, chance=Punctual()
        )
        self._opened.append(self.app.store)
        return self.app

    def close(self):
        """Let go of every store that a test opened, of which it may have opened several."""
        for store in self._opened:
            store.close()

    def later(self, **span):
        self.clock.set(self.clock.now() + timedelta(**span))


@pytest.fixture
def lanterns(monkeypatch):
    """The kind of source in ``tests/toy``, found as if somebody had put its one file beside ours."""
    monkeypatch.setattr(monitor.sources, "__path__", [*monitor.sources.__path__, str(TOY)])
    registry.kinds.cache_clear()
    yield registry.load("sources", "lanterns")
    sys.modules.pop("monitor.sources.lanterns")
    monkeypatch.undo()
    registry.kinds.cache_clear()


@pytest.fixture
def world(request, tmp_path, database):
    made = World(tmp_path, database, request.getfixturevalue("cluster") if "://" in database else None)
    yield made
    made.close()
