"""The one place that picks concrete classes: what the jobs work with, opened from the settings."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, cast

from monitor import registry
from monitor.channels import Channel, ChannelKind
from monitor.clock import Clock, SystemClock
from monitor.ingest.fetch import Fetcher, HttpFetcher
from monitor.render.message import Sender
from monitor.settings.load import ProfileSet, Settings, SourceSettings
from monitor.sources import SourceKind
from monitor.store.engine import Store, open_store

if TYPE_CHECKING:
    from monitor.matchers.fusion import Space
    from monitor.novelty.near_duplicates import CopyIndex


@dataclass(slots=True)
class CopyIndexCache:
    """The index of all texts, kept between polls: a poll adds what is new instead of reading the whole past again."""

    index: CopyIndex | None = None
    through: int = 0

    def forget(self) -> None:
        """Drop the index: a poll that failed may have put papers into it that the store does not hold."""
        self.index, self.through = None, 0


@dataclass(slots=True)
class SpaceCache:
    """The space in which papers are compared, kept until the store has grown by a tenth."""

    space: Space | None = None
    through: int = -1


@dataclass(slots=True)
class App:
    """An installation, open: its settings, its store, its ways in and out.

    ``profiles`` is replaced whole when the files change; a job takes it once and so works with one version.
    """

    settings: Settings
    profiles: ProfileSet
    store: Store
    clock: Clock
    fetcher: Fetcher
    channel: Channel
    copies: CopyIndexCache = field(default_factory=CopyIndexCache)
    compared: SpaceCache = field(default_factory=SpaceCache)

    @property
    def sources(self) -> tuple[SourceSettings, ...]:
        """The configured sources, in the order of monitor.yaml."""
        return self.settings.sources

    @property
    def sender(self) -> Sender:
        """Who the mails come from."""
        sender = self.settings.sender
        return Sender(sender.name, sender.address, sender.reply_to)

    async def close(self) -> None:
        """Let go of connections and files."""
        await self.fetcher.close()
        await self.channel.close()
        self.store.close()


def open_app(
    settings: Settings,
    profiles: ProfileSet,
    *,
    clock: Clock | None = None,
    fetcher: Fetcher | None = None,
    channel: Channel | None = None,
) -> App:
    """Return the installation that ``settings`` describe. Raises StoreError when its database cannot be used."""
    clock = clock or SystemClock()
    return App(
        settings=settings,
        profiles=profiles,
        store=open_store(settings.database),
        clock=clock,
        fetcher=fetcher or HttpFetcher(clock, settings.sender.address, settings.allow_hosts),
        channel=channel or open_channel(settings.channel.kind, settings.channel.options),
    )


def source_kind(source: SourceSettings) -> SourceKind:
    """Return the kind of a configured source."""
    return cast("SourceKind", registry.load("sources", source.kind))


def open_channel(kind: str, options: Any) -> Channel:
    """Return a channel of ``kind``; nothing is connected yet."""
    return cast("ChannelKind", registry.load("channels", kind)).open_channel(options)
