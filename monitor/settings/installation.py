"""What may stand in ``monitor.yaml``."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Annotated, Any, Literal

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
)

from monitor.settings.fields import Address, Age, Every, Line, Name, SourceName, Text, Written
from monitor.settings.problems import wrong
from monitor.settings.values import Role
from monitor.settings.web import WrittenWeb
from monitor.settings.words import (
    check_line,
)
from monitor.settings.yaml import shown

LONGEST_SPREAD = timedelta(hours=6)


def check_database(text: str) -> str:
    """Return ``text`` when it is a path, or a URL of a database that Paper Monitor speaks."""
    scheme, is_url, _ = text.partition("://")
    if is_url and not re.fullmatch(r"(?:sqlite|postgresql)(?:\+[a-z0-9]+)?", scheme):
        hint = (
            "write postgresql://..."
            if scheme.startswith("postgres")
            else "write a path such as monitor.db, or postgresql://..."
        )
        raise wrong(f"{shown(scheme)} is no database that can be used", hint)
    return check_line(text)


def check_spread(length: timedelta) -> timedelta:
    """Return ``length`` when a digest that leaves so long after its hour is still that morning's."""
    if length > LONGEST_SPREAD:
        raise wrong("digests cannot leave so long after their hour", "write at most 6h")
    return length


def check_proxy(text: str) -> str:
    """Return ``text`` when it is the address of a proxy that can be used."""
    if not re.fullmatch(r"https?://[^\s/?#]+/?", text):
        raise wrong(f"{shown(text)} is no address of a proxy", "write http://proxy.example.org:3128")
    return check_line(text)


def check_endpoint(text: str) -> str:
    """Return ``text`` when it is the address of an endpoint, without a user or password."""
    if not re.fullmatch(r"https?://[^\s/?#@]+(?:/[^\s?#]*)?", text) or not text.isascii():
        raise wrong(f"{shown(text)} is no address of an endpoint", "write http://localhost:11434/v1")
    return check_line(text)


Selector = Annotated[str, Field(pattern=r"^[A-Za-z0-9](?:[A-Za-z0-9.-]{0,61}[A-Za-z0-9])?$")]


PerMinute = Annotated[int, Field(ge=1, le=1_000_000)]
Domain = Annotated[str, Field(pattern=r"^[a-z0-9-]+(\.[a-z0-9-]+)+$", max_length=253)]


class WrittenSender(Written):
    """Who the digests come from."""

    name: Name = Field(default="Paper Monitor", description="The name that readers see")
    address: Address = Field(description="The address that readers see")
    reply_to: Address | None = Field(default=None, description="Where answers go; to the address when absent")
    postal: Text | None = Field(
        default=None, description="A postal address for the footer, which some countries ask for"
    )
    dkim: dict[Selector, Annotated[str, Field(max_length=64_000)]] = Field(
        default_factory=dict,
        max_length=4,
        description="Keys that sign each mail: a selector in the DNS, and ${file:dkim.pem}, RSA or Ed25519",
    )


class WrittenSource(BaseModel):
    """A place that lists papers. What else may stand here depends on the kind."""

    model_config = ConfigDict(frozen=True, extra="allow")

    kind: Line = Field(description="The kind of source")
    every: Every | None = Field(
        default=None, description="How often to look: 30m, 2h, 1d; when absent, as often as the kind may"
    )
    max_age: Age | None = Field(
        default=None, description="Papers published longer ago, such as 30d, are kept and not announced"
    )


class WrittenChannel(BaseModel):
    """How digests leave. What else may stand here depends on the kind."""

    model_config = ConfigDict(frozen=True, extra="allow")

    kind: Line = Field(description="The kind of channel")
    a_minute: PerMinute | None = Field(
        default=None, description="How many mails a minute may leave at most, over all workers; any number when absent"
    )
    domains: dict[Domain, PerMinute] = Field(
        default_factory=dict,
        max_length=100,
        description="How many mails a minute the recipients of one domain may get at most, such as {example.org: 60}",
    )

    def limits(self) -> dict[str, int]:
        """Return the mails a minute by domain; an empty one is the channel itself."""
        return ({"": self.a_minute} if self.a_minute else {}) | self.domains


class WrittenBackup(Written):
    """Copies of the database on schedule."""

    folder: Line = Field(default="backups", description="Where they are written")
    every: Every = Field(default=timedelta(days=1), description="How often: 12h, 1d")
    keep: int = Field(default=7, ge=1, le=1_000, description="How many are kept; the oldest go first")


class WrittenEngine(Written):
    """Where jobs run."""

    kind: Literal["local", "procrastinate"] = Field(
        default="local",
        description="In this process (local), or in all that run `monitor worker` on one PostgreSQL database",
    )
    profiles: int = Field(default=500, ge=1, le=100_000, description="How many profiles a worker takes at a time")
    mails: int = Field(default=500, ge=1, le=100_000, description="How many mails a worker takes at a time")


class WrittenEmbeddings(Written):
    """A model of your own for the matcher ``embeddings``. Nothing is ever downloaded."""

    folder: Line = Field(description="The folder of its files, model.onnx and tokenizer.json")
    minutes: Annotated[float, Field(gt=0, le=60)] = Field(
        default=10.0, description="How many minutes of each hour it may take; what is over is judged without it"
    )


class WrittenSummaries(Written):
    """A language model that sums papers up. Without it a summary is made of the abstract's own sentences."""

    kind: Literal["openai"] = Field(description="What the endpoint speaks: OpenAI's chat completions")
    base_url: Annotated[str, AfterValidator(check_endpoint)] = Field(
        description="Where it answers, such as http://localhost:11434/v1"
    )
    model: Line = Field(description="The model asked there")
    api_key: Line | None = Field(default=None, description="What it wants as a password, ${env:NAME}; none when absent")
    seconds: Annotated[float, Field(gt=0, le=120)] = Field(default=20.0, description="How long one answer may take")
    a_day: Annotated[int, Field(ge=1, le=100_000)] = Field(
        default=200, description="How many papers a day (in UTC) it is asked about"
    )


class WrittenSettings(Written):
    """The settings of one Paper Monitor."""

    database: Annotated[str, AfterValidator(check_database)] = Field(
        default="monitor.db", description="A path, or an SQLAlchemy URL"
    )
    profiles: Line = Field(default="profiles", description="The folder of profiles")
    sources: dict[SourceName, Any] = Field(description="Where papers are listed, each place under a name of your own")
    channel: dict[str, Any] = Field(description="How digests leave")
    channels: dict[SourceName, dict[str, Any]] = Field(
        default_factory=dict,
        max_length=100,
        description="Other ways that profiles may choose, each under a name of your own",
    )
    sender: WrittenSender = Field(
        default=WrittenSender(address="monitor@localhost"), description="Who the digests come from"
    )
    snapshots_keep_days: int = Field(
        default=90, ge=1, le=36_500, description="How long the raw bytes of listings are kept"
    )
    snapshots_keep_mb: int = Field(
        default=2_000, ge=10, le=1_000_000, description="How many megabytes they may take; the oldest go first"
    )
    operator: Address | None = Field(
        default=None, description="Who is told, at most once a day, when something needs a person"
    )
    roles: tuple[Role, ...] = Field(
        default=("poll", "match", "deliver", "web"),
        description="What the daemon does here; all of it when absent",
        min_length=1,
    )
    engine: WrittenEngine = Field(default=WrittenEngine(), description="Where jobs run; in this process when absent")
    backup: WrittenBackup | None = Field(
        default=None, description="Copies of the database on schedule; none when absent"
    )
    mails_keep_days: int = Field(
        default=365, ge=1, le=36_500, description="How long the bytes of mails are kept; later they are drawn again"
    )
    allow_hosts: list[Line] = Field(
        default_factory=list, description="Hosts inside your own network that sources may be read from"
    )
    templates: Line | None = Field(
        default=None, description="A folder with a look of your own: a copy of templates/, changed; ours when absent"
    )
    proxy: Annotated[str, AfterValidator(check_proxy)] | None = Field(
        default=None, description="The proxy to read sources through, http://... or https://...; none when absent"
    )
    web: WrittenWeb | None = Field(default=None, description="The pages and the links in mails; none when absent")
    embeddings: WrittenEmbeddings | None = Field(
        default=None, description="A model of your own for the matcher 'embeddings'"
    )
    summaries: WrittenSummaries | None = Field(
        default=None, description="A language model that sums papers up; the abstracts' own sentences when absent"
    )
    spread: Annotated[Every, AfterValidator(check_spread)] | None = Field(
        default=None,
        description="How long after their hour digests may leave, each at a moment of its own: 10m, at most 6h",
    )
