"""What the settings room hands out: plain values, checked, with every path absolute."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Literal

from pydantic import BaseModel

from monitor.errors import ConfigProblem, NotFoundError
from monitor.registry import did_you_mean
from monitor.types.profiles import Profile

Role = Literal["poll", "match", "deliver", "web"]

MAX_AGE = timedelta(days=30)
"""What was published longer ago is no news, unless a kind or a person says otherwise."""


@dataclass(frozen=True, slots=True)
class SourceSettings:
    """One configured source. ``options`` is of its kind's ``Options``; ``every`` is how often it is asked.

    What was published longer ago than ``max_age`` is kept, and not announced.
    """

    name: str
    kind: str
    every: timedelta
    options: BaseModel
    max_age: timedelta = MAX_AGE


@dataclass(frozen=True, slots=True)
class ChannelSettings:
    """How digests leave. ``options`` is an instance of the kind's ``Options``.

    ``limits`` are mails a minute, over all workers, by the recipient's domain; an empty domain is the channel itself.
    """

    kind: str
    options: BaseModel
    limits: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class EmbeddingsSettings:
    """A model that makes vectors: the folder of its files, and how many minutes of each hour it may take."""

    folder: Path
    minutes: float = 10.0


@dataclass(frozen=True, slots=True)
class SummariesSettings:
    """A language model that sums papers up: where it answers, and how many papers a day it is asked about."""

    base_url: str
    model: str
    key: str = field(default="", repr=False)
    seconds: float = 20.0
    a_day: int = 200


@dataclass(frozen=True, slots=True)
class DkimKey:
    """A private key in PEM, and the selector under which its public part stands in the DNS."""

    selector: str
    key: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class SenderSettings:
    """Who digests come from. ``postal`` is an address on paper for the footer; it may have several lines."""

    name: str = "Paper Monitor"
    address: str = "monitor@localhost"
    reply_to: str | None = None
    postal: str | None = None
    dkim: tuple[DkimKey, ...] = ()


@dataclass(frozen=True, slots=True)
class WebSettings:
    """Where the pages are reached from outside, where the program listens, and who may see the operator's pages.

    ``key`` holds the secrets that sign links, one a line, the newest last; ``password_hash`` is argon2's.
    ``user_header`` is believed from ``proxies`` only. ``edit`` lets the operator's pages write profiles.
    """

    base_url: str
    host: str = "127.0.0.1"
    port: int = 8000
    key: str | None = field(default=None, repr=False)
    password_hash: str | None = field(default=None, repr=False)
    user_header: str | None = None
    proxies: tuple[str, ...] = ()
    edit: bool = False


@dataclass(frozen=True, slots=True)
class BackupSettings:
    """Copies of the database on schedule: where, how often, and how many are kept."""

    folder: Path
    every: timedelta
    keep: int


@dataclass(frozen=True, slots=True)
class EngineSettings:
    """Where jobs run, and how many profiles or mails one order for workers holds."""

    kind: str = "local"
    profiles: int = 500
    mails: int = 500


@dataclass(frozen=True, slots=True)
class Settings:
    """What ``monitor.yaml`` says.

    ``folder`` is where it lies; ``database`` is an SQLAlchemy URL or the path of an SQLite file. ``channel`` is how
    digests leave, unless a profile names one of ``channels``; those of one hour leave within ``spread`` after it.
    """

    path: Path
    folder: Path
    database: str = field(repr=False)  # a URL may hold a password
    profiles: Path
    sources: tuple[SourceSettings, ...]
    channel: ChannelSettings
    sender: SenderSettings
    channels: Mapping[str, ChannelSettings] = field(default_factory=dict)
    snapshots_keep_days: int = 90
    snapshots_keep_mb: int = 2_000
    engine: EngineSettings = EngineSettings()
    backup: BackupSettings | None = None
    operator: str | None = None
    roles: tuple[Role, ...] = ("poll", "match", "deliver", "web")
    mails_keep_days: int = 365
    allow_hosts: tuple[str, ...] = ()
    templates: Path | None = None
    proxy: str | None = field(default=None, repr=False)  # it may hold a password
    web: WebSettings | None = None
    embeddings: EmbeddingsSettings | None = None
    summaries: SummariesSettings | None = None
    spread: timedelta = timedelta()

    @property
    def state(self) -> Path:
        """The folder of what is made besides the database: beside its file, or beside monitor.yaml with a server."""
        database = self.database.removeprefix("sqlite:///")
        return self.folder if "://" in database else Path(database).parent

    def source(self, name: str) -> SourceSettings:
        """Return one configured source. Raises NotFoundError, with the nearest name."""
        for source in self.sources:
            if source.name == name:
                return source
        raise NotFoundError("source", name, did_you_mean(name, (source.name for source in self.sources)))


@dataclass(frozen=True, slots=True)
class ProfileSet:
    """All profiles of a folder, by id. ``warnings`` are about what works but will disappoint."""

    folder: Path
    profiles: tuple[Profile, ...]
    warnings: tuple[ConfigProblem, ...] = ()

    def __iter__(self) -> Iterator[Profile]:
        return iter(self.profiles)

    def __len__(self) -> int:
        return len(self.profiles)

    def named(self, profile_id: str) -> Profile:
        """Return one profile. Raises NotFoundError, with the nearest id."""
        if profile := self.get(profile_id):
            return profile
        raise NotFoundError("profile", profile_id, did_you_mean(profile_id, (profile.id for profile in self.profiles)))

    def get(self, profile_id: str) -> Profile | None:
        """Return one profile, ``None`` when there is none of that id."""
        return next((profile for profile in self.profiles if profile.id == profile_id), None)


@dataclass(frozen=True, slots=True)
class Loaded:
    """One whole configuration, read at one time."""

    settings: Settings
    profiles: ProfileSet
    warnings: tuple[ConfigProblem, ...] = ()
