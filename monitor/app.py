"""The one place that picks concrete classes: what the jobs work with, opened from the settings."""

from __future__ import annotations

import asyncio
import os
import random
import secrets
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any, cast

from monitor import registry
from monitor.channels import Channel, ChannelKind
from monitor.clock import Clock, SystemClock
from monitor.ingest.fetch import Fetcher, HttpFetcher
from monitor.ingest.turns import LocalTurns
from monitor.links import Links
from monitor.render.message import Sender
from monitor.render.signature import SigningKey
from monitor.settings.keys import signing_keys
from monitor.settings.load import ChannelSettings, ProfileSet, SenderSettings, Settings, SourceSettings
from monitor.sources import SourceKind
from monitor.store import marks, turns
from monitor.store.clock import ServerClock
from monitor.store.engine import Store, open_store
from monitor.summaries.openai import Endpoint
from monitor.types.listings import Request
from monitor.types.rate import Rate

if TYPE_CHECKING:
    from monitor.jobs.unread import Reading
    from monitor.matchers._encoder import Encoder
    from monitor.matchers.fusion import Space
    from monitor.matchers.shelf import Shelf
    from monitor.novelty.first_story import Past
    from monitor.novelty.search import WordIndex
    from monitor.trends.table import TermTable


_LONGEST_TURN = timedelta(seconds=150)
"""A process that dies keeps its turn so long; no request takes longer."""


@dataclass(slots=True)
class PastCache:
    """What new papers are compared with, kept between rounds: each adds what came, and the past is read once."""

    words: WordIndex | None = None
    past: Past | None = None
    through: int = 0


@dataclass(slots=True)
class SpaceCache:
    """The space in which papers are compared, kept until the store has grown by a tenth, and the topics fitted in it.

    ``coming`` is the next one, made beforehand. Whoever works with a space has taken it out of here once and keeps it.
    """

    space: Space | None = None
    through: int = -1
    shelf: Shelf | None = None
    coming: tuple[int, Space] | None = None


@dataclass(slots=True)
class TermsCache:
    """The counts of terms, kept between rounds: each adds the papers that are new.

    ``seen`` is the last paper of the store when trends were last looked for to the end.
    """

    table: TermTable | None = None
    through: int = 0
    seen: int = 0


@dataclass(slots=True)
class Agenda:
    """For which profiles the store knows when their digests are due, by the clock of when; and what else ticks know.

    ``judged`` and ``alerted`` are the states of the store, and the profiles, in which nothing was left to do.
    ``reading`` is what a worker's last shard had not read.
    """

    profiles: ProfileSet | None = None
    looked_at: datetime | None = None
    judged: tuple[object, ProfileSet] | None = None
    alerted: tuple[object, ProfileSet] | None = None
    reading: Reading | None = None


@dataclass(slots=True)
class App:
    """An installation, open: its settings, its store, its ways in and out.

    ``profiles`` is replaced whole when the files change; a job takes it once and so works with one version.
    ``under_way`` counts the mails that channels have been given and not answered for; none is added once ``stopping``.
    """

    settings: Settings
    profiles: ProfileSet
    store: Store
    clock: Clock
    fetcher: Fetcher
    channel: Channel
    message_key: str = field(repr=False)
    channels: dict[str, Channel] = field(default_factory=dict)
    chance: random.Random = field(default_factory=random.Random)
    known: PastCache = field(default_factory=PastCache)
    compared: SpaceCache = field(default_factory=SpaceCache)
    terms: TermsCache = field(default_factory=TermsCache)
    agenda: Agenda = field(default_factory=Agenda)
    rates: dict[str, Rate] = field(default_factory=dict)
    links: Links | None = None
    encoder: Encoder | None = None
    stopping: bool = False
    under_way: int = 0
    summaries: Endpoint | None = None
    summaries_rest: datetime | None = None

    @property
    def sources(self) -> tuple[SourceSettings, ...]:
        """The configured sources, in the order of monitor.yaml."""
        return self.settings.sources

    @property
    def sender(self) -> Sender:
        """Who the mails come from."""
        return sender_of(self.settings.sender)

    def channel_named(self, name: str) -> Channel | None:
        """Return a channel of monitor.yaml, the default one for an empty name; ``None`` when it is not there."""
        return self.channels.get(name) if name else self.channel

    def rate_of(self, channel: str) -> Rate:
        """Return how fast a channel's server lets us go, kept between rounds."""
        return self.rates.setdefault(channel, Rate())

    def limits_of(self, channel: str) -> Mapping[str, int]:
        """Return how many mails a minute may leave by a channel, by domain; an empty one is the channel itself."""
        settings = self.settings.channels.get(channel) if channel else self.settings.channel
        return settings.limits if settings else {}

    async def close(self) -> None:
        """Let go of connections and files."""
        await self.fetcher.close()
        for channel in (self.channel, *self.channels.values()):
            await channel.close()
        self.store.close()


def sender_of(settings: SenderSettings) -> Sender:
    """Return who the mails come from, with the keys that sign them."""
    keys = tuple(SigningKey(one.selector, one.key) for one in settings.dkim)
    return Sender(settings.name, settings.address, settings.reply_to, keys=keys)


class StoredTurns:
    """The turns of all processes that share a store: sites that want pauses are asked by one of them at a time."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock
        self._local = LocalTurns(clock)
        self._holder = f"{os.getpid()}-{os.urandom(4).hex()}"

    @asynccontextmanager
    async def turn(self, site: str, pause: float) -> AsyncIterator[None]:
        """Wait for the turn at ``site`` in this process, then for it over all, and keep it."""
        async with self._local.turn(site, pause):
            if not pause:
                yield
                return
            while wait := await asyncio.to_thread(self._take, site, pause):
                await self._clock.sleep(wait)
            try:
                yield
            finally:
                await asyncio.to_thread(self._give_back, site, pause)

    def _take(self, site: str, pause: float) -> float:
        now = self._clock.now()
        with self._store.write() as session:
            free_at = turns.take(session, site, self._holder, now, now + _LONGEST_TURN)
        # A clock that was set back must not make anybody wait for years.
        return 0.0 if free_at is None else min((free_at - now).total_seconds(), _LONGEST_TURN.total_seconds() + pause)

    def _give_back(self, site: str, pause: float) -> None:
        with self._store.write() as session:
            turns.give_back(session, site, self._holder, self._clock.now() + timedelta(seconds=pause))


def open_app(
    settings: Settings,
    profiles: ProfileSet,
    *,
    clock: Clock | None = None,
    fetcher: Fetcher | None = None,
    channel: Channel | None = None,
    chance: random.Random | None = None,
) -> App:
    """Return the installation that ``settings`` describe. Raises StoreError when its database cannot be used.

    ``chance`` spreads requests over time.
    """
    store = open_store(settings.database)
    clock = clock or (ServerClock(store) if store.is_shared else SystemClock())
    return App(
        settings=settings,
        profiles=profiles,
        store=store,
        clock=clock,
        fetcher=fetcher or open_fetcher(settings, store, clock),
        channel=channel or open_channel(settings.channel),
        channels=open_channels(settings),
        message_key=open_message_key(store, clock),
        encoder=open_encoder(settings),
        summaries=open_summaries(settings),
        chance=chance or random.Random(),  # noqa: S311 - it spreads requests, it guards nothing
        links=open_links(settings),
    )


def open_links(settings: Settings) -> Links | None:
    """Return what makes and reads signed links, or ``None`` without ``web:``; a first key is made when there is none.

    Raises MonitorError when the key cannot be read or made.
    """
    return Links(settings.web.base_url, signing_keys(settings)) if settings.web else None


def open_message_key(store: Store, clock: Clock) -> str:
    """Return the secret that Message-IDs are made with, made when there is none.

    It lies in the store, so that whoever has the store, a copy of it too, can draw a mail of the past again.
    """
    with store.read() as session:
        found = marks.get(session, "message key")
    if found:
        return found[1]
    with store.write() as session:
        return marks.once(session, "message key", clock.now(), secrets.token_urlsafe(32))


def open_fetcher(settings: Settings, store: Store, clock: Clock) -> Fetcher:
    """Return what asks sources over the network; nothing is connected yet."""
    turns = StoredTurns(store, clock)
    return HttpFetcher(clock, settings.sender.address, settings.allow_hosts, turns=turns, proxy=settings.proxy)


def open_encoder(settings: Settings) -> Encoder | None:
    """Return what makes vectors with the operator's model, if there is one; it is read when it is first used."""
    if settings.embeddings is None:
        return None
    from monitor.matchers._encoder import Encoder

    kept = settings.state / "vectors.f16"
    return Encoder(settings.embeddings.folder, seconds=60 * settings.embeddings.minutes, kept=kept)


def open_summaries(settings: Settings) -> Endpoint | None:
    """Return the language model that sums papers up, if the operator named one; nothing is connected yet."""
    named = settings.summaries
    return Endpoint(named.base_url, named.model, named.key, seconds=named.seconds) if named else None


def source_kind(source: SourceSettings) -> SourceKind:
    """Return the kind of a configured source."""
    return cast("SourceKind", registry.load("sources", source.kind))


def past_of(source: SourceSettings) -> Callable[[Any, date, date], tuple[Request, ...]] | None:
    """Return what gives the requests for past announcements of a source, or ``None``: it shows the present only."""
    return getattr(source_kind(source), "past", None)


def silence_of(source: SourceSettings) -> Callable[[date], str] | None:
    """Return what says why a source announces nothing on a day; ``None`` when it does not announce by the day."""
    silence = getattr(source_kind(source), "silence", None)
    return None if silence is None else lambda day: str(silence(source.options, day))


def open_channels(settings: Settings) -> dict[str, Channel]:
    """Return the channels that profiles may name; nothing is connected yet."""
    return {name: open_channel(channel) for name, channel in settings.channels.items()}


def open_channel(channel: ChannelSettings) -> Channel:
    """Return a channel of the kind that the settings name; nothing is connected yet."""
    return cast("ChannelKind", registry.load("channels", channel.kind)).open_channel(channel.options)
