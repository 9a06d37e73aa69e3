"""What may stand in ``monitor.yaml`` and in a profile, and what it becomes.

These classes are the one source of validation, of the ``*.schema.json`` files for editors, and of the key names in
errors. Text is checked as the person wrote it, and put in order afterwards.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import replace
from datetime import time, timedelta
from typing import Annotated, Any, Literal, Self

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Discriminator,
    Field,
    PlainValidator,
    Tag,
    WithJsonSchema,
    model_validator,
)

from monitor.matchers.query import QueryError, parse_query
from monitor.settings.addresses import check_address
from monitor.settings.budget import Budget, parse_budget
from monitor.settings.problems import wrong
from monitor.settings.schedule import (
    check_zone,
    in_order,
    parse_clock,
    parse_days,
    parse_interval,
    parse_schedule,
)
from monitor.settings.words import (
    check_keyword,
    check_line,
    check_name,
    check_paper,
    check_text,
    one_or_more,
    one_or_more_keywords,
)
from monitor.settings.yaml import shown
from monitor.text import fold
from monitor.types.profiles import WEEKDAYS, Keyword, Profile, Schedule, Topic, Weekday

_ID = re.compile(r"[a-z0-9][a-z0-9-]{0,63}")


class Written(BaseModel):
    """A map in a file: no key but those named here."""

    model_config = ConfigDict(frozen=True, extra="forbid", regex_engine="python-re")


def check_query(text: str) -> str:
    """Return ``text`` when it is a query; raises what a validator may raise, at the character that is wrong."""
    try:
        parse_query(text)
    except QueryError as error:
        raise wrong(f"query: {error.message}", error.hint, error.column - 1) from None
    return text


def check_id(text: str) -> str:
    """Return ``text`` when it can name a profile or a source in mails, links and the database."""
    if not _ID.fullmatch(text):
        hint = "use small letters, digits and dashes, at most 64, and start with a letter or digit"
        raise wrong(f"{shown(text)} cannot be a name here", hint)
    return text


def check_share(value: float) -> float:
    """Return ``value`` when it is between 0 and 1."""
    if not 0 < value < 1:
        hint = f"did you mean {value / 100:g}?" if 1 < value < 100 else "write a share such as 0.7"
        raise wrong(f"{value:g} is not between 0 and 1", hint)
    return value


def _not_empty(items: tuple[Any, ...]) -> tuple[Any, ...]:
    if not items:
        raise wrong("this list is empty", "write at least one item, or remove the line")
    return items


def _check_recipients(addresses: tuple[str, ...]) -> tuple[str, ...]:
    folded = [address.casefold() for address in _not_empty(addresses)]
    for number, address in enumerate(folded):
        if address in folded[:number]:
            raise wrong(f"{shown(address)} is in this list twice", "remove one: nobody gets a digest twice")
    return addresses


_id_like = {
    "type": ["string", "number"]
}  # YAML in an editor takes an unquoted 2611.01230 for a number; our reader does not

Line = Annotated[str, AfterValidator(check_line)]
Name = Annotated[str, AfterValidator(check_name)]
Text = Annotated[str, AfterValidator(check_text)]
Word = Annotated[str, AfterValidator(check_keyword), WithJsonSchema(_id_like)]
Paper = Annotated[str, AfterValidator(check_paper), WithJsonSchema(_id_like)]
Address = Annotated[
    str, AfterValidator(check_address), WithJsonSchema({"type": "string", "pattern": "^[^@\\s]+@[^@\\s]+$"})
]
Share = Annotated[
    float, AfterValidator(check_share), WithJsonSchema({"type": "number", "exclusiveMinimum": 0, "exclusiveMaximum": 1})
]
SourceName = Annotated[str, AfterValidator(check_id)]
Every = Annotated[
    timedelta,
    PlainValidator(parse_interval),
    WithJsonSchema({"type": "string", "pattern": "^[0-9]+ *[smhd]$", "examples": ["30m", "2h"]}),
]

_Lines = Annotated[tuple[Line, ...], BeforeValidator(one_or_more, json_schema_input_type=Line | list[Line])]
_Papers = Annotated[tuple[Paper, ...], BeforeValidator(one_or_more, json_schema_input_type=Paper | list[Paper])]
_Words = Annotated[tuple[Word, ...], BeforeValidator(one_or_more_keywords, json_schema_input_type=Word | list[Word])]
_Recipients = Annotated[
    tuple[Address, ...],
    AfterValidator(_check_recipients),
    BeforeValidator(one_or_more, json_schema_input_type=Address | list[Address]),
]
_Weight = Annotated[float, Field(gt=0, le=100)]
_Weighted = Annotated[dict[Word, _Weight], Tag("weighted")]
_Keywords = Annotated[
    Annotated[_Words, Tag("listed")] | _Weighted,
    Discriminator(lambda value: "weighted" if isinstance(value, dict) else "listed"),
]
_DAY_EXAMPLES = ["daily", "weekdays", "weekends", "mondays", "mon"]
_Day = Annotated[
    tuple[Weekday, ...], PlainValidator(parse_days), WithJsonSchema({"type": "string", "examples": _DAY_EXAMPLES})
]
_Days = Annotated[
    tuple[_Day, ...], AfterValidator(_not_empty), BeforeValidator(one_or_more, json_schema_input_type=_Day | list[_Day])
]
_Clock = Annotated[
    time, PlainValidator(parse_clock), WithJsonSchema({"type": "string", "pattern": "^[0-2]?[0-9]:[0-5][0-9]$"})
]
_Zone = Annotated[
    str, AfterValidator(check_zone), WithJsonSchema({"type": "string", "examples": ["Europe/Berlin", "UTC"]})
]


_Budget = Annotated[
    Budget,
    PlainValidator(parse_budget),
    WithJsonSchema(
        {
            "anyOf": [
                {"type": "integer", "minimum": 1, "maximum": 500},
                {"type": "string", "pattern": "^about +[0-9]+([.][0-9])? +(a|per) +(day|week)$"},
            ],
            "examples": [12, "about 5 a day"],
        }
    ),
]


class WrittenSchedule(Written):
    """When the digest leaves, by the clock on the wall."""

    days: _Days = Field(
        default=(WEEKDAYS,), description="daily, weekdays, weekends, mondays, or a list such as [mon, wed]"
    )
    at: _Clock = Field(default=time(8), description="Hours and minutes by the clock on the wall, such as 08:00")
    timezone: _Zone = Field(default="UTC", description="Continent and city, such as Europe/Berlin")

    def schedule(self) -> Schedule:
        """Return what this means."""
        return Schedule(in_order([day for days in self.days for day in days]), self.at, self.timezone)


class WrittenTrends(Written):
    """What to tell of rising terms and papers."""

    where: Literal["digest", "none"] = Field(
        default="digest", alias="in", description="digest: as a part of the digest"
    )
    alert: Literal["email", "none"] = Field(
        default="none", description="Kept for mails of their own; trends come with the digest"
    )


class WrittenTopic(Written):
    """One thing to follow. All parts are optional, but there must be something to look for."""

    about: Text = Field(default="", description="What the topic is about, in your own words: a sentence or an abstract")
    query: Annotated[str, AfterValidator(check_query)] | None = Field(
        default=None, description='Words with AND, OR, NOT, brackets, "phrases" and open ends*: NOT always wins'
    )
    keywords: _Keywords = Field(
        default=(), description="Words or phrases, or a map of each to its weight (1 is ordinary)"
    )
    authors: _Lines = Field(default=(), description="Names of authors to follow")
    categories: _Lines = Field(default=(), description="arXiv categories such as cs.CV")
    like: _Papers = Field(default=(), description="Papers that fit, by arXiv id, URL or title")
    unlike: _Papers = Field(default=(), description="Papers that do not fit")
    mute: _Words = Field(default=(), description="Words that keep a paper out whatever else it has")
    per_week: Annotated[float, Field(gt=0, le=10_000)] | None = Field(
        default=None, description="About how many papers a week belong, of all that your sources list"
    )
    precision: Share | None = Field(default=None, description="The share of sent papers that should be right")
    threshold: Share | None = Field(
        default=None, description="The probability from which a paper is sent; instead of precision"
    )

    @model_validator(mode="after")
    def _can_match(self) -> Self:
        if not any((self.about, self.query, self.keywords, self.authors, self.categories, self.like)):
            hint = "add a line 'about: ...', or query, keywords, authors, categories or like"
            raise wrong("this topic has nothing to look for", hint)
        if self.precision is not None and self.threshold is not None:
            raise wrong("this topic has both precision and threshold", "keep one: each settles the other")
        disliked = {fold(paper) for paper in self.unlike}
        if both := [paper for paper in self.like if fold(paper) in disliked]:
            raise wrong(f"{shown(both[0])} is under both like and unlike", "remove it from one")
        return self

    def topic(self, name: str) -> Topic:
        """Return what this means."""
        weights = self.keywords.items() if isinstance(self.keywords, dict) else ((word, 1.0) for word in self.keywords)
        return Topic(
            name=name,
            about=self.about,
            query=self.query or "",
            keywords=tuple(Keyword(word, weight) for word, weight in weights),
            authors=self.authors,
            categories=self.categories,
            like=self.like,
            unlike=self.unlike,
            mute=self.mute,
            threshold=self.threshold,
            precision=self.precision,
            per_week=self.per_week,
        )


def _as_trends(value: object) -> object:
    return {"in": value} if isinstance(value, str) else value


def _check_topics(topics: dict[str, WrittenTopic]) -> dict[str, WrittenTopic]:
    if not topics:
        raise wrong("there is no topic here", "add one: a name, and under it 'about: ...'")
    return topics


class WrittenProfile(Written):
    """A profile of Paper Monitor: who gets a digest, when, and the topics they follow."""

    name: Name | None = Field(default=None, description="What the digest is called; the file's name when absent")
    to: _Recipients = Field(description="Who gets the digest: addresses alone, without names")
    schedule: Annotated[
        WrittenSchedule, BeforeValidator(parse_schedule, json_schema_input_type=WrittenSchedule | str)
    ] = Field(default=WrittenSchedule(), description="When it leaves: a map, or a line such as 'weekdays at 08:00'")
    budget: _Budget = Field(
        default=Budget(),
        description="Papers in a digest, the rest waits while fresh; or 'about 5 a day', which settles the thresholds",
    )
    empty: Literal["explain", "skip"] = Field(
        default="explain", description="What to do on a day without papers: say why, or send nothing"
    )
    revisions: Literal["sent", "all", "none"] = Field(
        default="sent", description="Which revised papers to tell of: those sent before, all, or none"
    )
    trends: Annotated[
        WrittenTrends, BeforeValidator(_as_trends, json_schema_input_type=WrittenTrends | Literal["digest", "none"])
    ] = Field(default=WrittenTrends(), description="digest or none")
    topics: Annotated[dict[Name, WrittenTopic], AfterValidator(_check_topics)] = Field(
        max_length=200, description="The topics, each under its name"
    )

    def profile(self, profile_id: str) -> Profile:
        """Return what this means, with a fingerprint of that meaning."""
        schedule = self.schedule.schedule()
        profile = Profile(
            id=profile_id,
            name=self.name or profile_id,
            to=self.to,
            topics=tuple(topic.topic(name) for name, topic in self.topics.items()),
            schedule=schedule,
            budget=self.budget.most(len(schedule.days)),
            pace=self.budget.a_day,
            empty=self.empty,
            revisions=self.revisions,
            trends=self.trends.where,
        )
        return replace(profile, fingerprint=fingerprint(profile))


def fingerprint(profile: Profile) -> str:
    """Return 16 hex digits that change with anything that changes what is matched or sent, and with nothing else."""
    meaning = repr(replace(profile, id="", fingerprint=""))
    return hashlib.blake2b(meaning.encode(), digest_size=8).hexdigest()


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


def check_proxy(text: str) -> str:
    """Return ``text`` when it is the address of a proxy that can be used."""
    if not re.fullmatch(r"https?://[^\s/?#]+/?", text):
        raise wrong(f"{shown(text)} is no address of a proxy", "write http://proxy.example.org:3128")
    return check_line(text)


class WrittenSender(Written):
    """Who the digests come from."""

    name: Name = Field(default="Paper Monitor", description="The name that readers see")
    address: Address = Field(description="The address that readers see")
    reply_to: Address | None = Field(default=None, description="Where answers go; to the address when absent")
    postal: Text | None = Field(
        default=None, description="A postal address for the footer, which some countries ask for"
    )


class WrittenSource(BaseModel):
    """A place that lists papers. What else may stand here depends on the kind."""

    model_config = ConfigDict(frozen=True, extra="allow")

    kind: Line = Field(description="The kind of source")
    every: Every | None = Field(
        default=None, description="How often to look: 30m, 2h, 1d; when absent, as often as the kind may"
    )
    max_age: Every | None = Field(
        default=None, description="Papers published longer ago, such as 30d, are kept and not announced"
    )


class WrittenChannel(BaseModel):
    """How digests leave. What else may stand here depends on the kind."""

    model_config = ConfigDict(frozen=True, extra="allow")

    kind: Line = Field(description="The kind of channel")


class WrittenSettings(Written):
    """The settings of one Paper Monitor."""

    database: Annotated[str, AfterValidator(check_database)] = Field(
        default="monitor.db", description="A path, or an SQLAlchemy URL"
    )
    profiles: Line = Field(default="profiles", description="The folder of profiles")
    sources: dict[SourceName, Any] = Field(description="Where papers are listed, each place under a name of your own")
    channel: dict[str, Any] = Field(description="How digests leave")
    sender: WrittenSender = Field(
        default=WrittenSender(address="monitor@localhost"), description="Who the digests come from"
    )
    snapshots_keep_days: int = Field(
        default=90, ge=1, le=36_500, description="How long the raw bytes of listings are kept"
    )
    snapshots_keep_mb: int = Field(
        default=2_000, ge=10, le=1_000_000, description="How many megabytes they may take; the oldest go first"
    )
    allow_hosts: list[Line] = Field(
        default_factory=list, description="Hosts inside your own network that sources may be read from"
    )
    proxy: Annotated[str, AfterValidator(check_proxy)] | None = Field(
        default=None, description="The proxy to read sources through, http://... or https://...; none when absent"
    )
