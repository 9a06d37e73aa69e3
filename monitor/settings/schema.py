"""What may stand in a profile, and what it becomes.

These classes are the one source of validation, of the ``*.schema.json`` files for editors, and of the key names in
errors. Text is checked as the person wrote it, and put in order afterwards.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import replace
from datetime import time
from typing import Annotated, Literal, Self, TypeAlias

from pydantic import (
    AfterValidator,
    BeforeValidator,
    Field,
    model_validator,
)

from monitor.settings.budget import Budget
from monitor.settings.fields import (
    Authors,
    AWeek,
    Clock,
    Clocks,
    Dates,
    Days,
    Follow,
    Institutions,
    Keywords,
    Language,
    Lines,
    Matchers,
    Name,
    Papers,
    PapersADigest,
    Recipients,
    Share,
    SourceName,
    Text,
    Words,
    Written,
    Zone,
    check_query,
)
from monitor.settings.problems import wrong
from monitor.settings.schedule import (
    in_order,
    parse_schedule,
)
from monitor.settings.yaml import shown
from monitor.text import fold
from monitor.types.profiles import WEEKDAYS, Alerts, Example, Keyword, Profile, Schedule, Topic
from monitor.words import DEFAULT

Expand: TypeAlias = Callable[[tuple[str, ...]], tuple[Example, ...]]


class WrittenSchedule(Written):
    """When the digest leaves, by the clock on the wall."""

    days: Days = Field(
        default=(WEEKDAYS,), description="daily, weekdays, weekends, mondays, or a list such as [mon, wed]"
    )
    at: Clocks = Field(
        default=(time(8),), description="Hours and minutes by the clock on the wall, such as 08:00; one or several"
    )
    timezone: Zone = Field(default="UTC", description="Continent and city, such as Europe/Berlin")

    monthly: bool = Field(default=False, description="Only on the first of these days in a month")
    quiet: Dates = Field(
        default=(), description="Dates without a digest, such as 2026-12-24 or 2026-12-24 to 2027-01-02"
    )
    after: SourceName | None = Field(default=None, description="The source whose announcement to wait for")
    by: Clock = Field(default=time(14), description="How long to wait for it")

    def schedule(self) -> Schedule:
        """Return what this means."""
        days = in_order([day for days in self.days for day in days])
        return Schedule(days, self.at, self.timezone, self.monthly, self.quiet, self.after or "", self.by)


class WrittenTrends(Written):
    """What to tell of rising terms and papers."""

    where: Literal["digest", "none"] = Field(
        default="digest", alias="in", description="digest: as a part of the digest"
    )
    alert: SourceName = Field(
        default="none",
        description="How a rise is told at once, when it begins: email, as digests leave; a name under 'channels:' in "
        "monitor.yaml; or none",
    )
    within: Literal["my topics", "everything"] = Field(
        default="my topics", description="Which rises: those with two papers that match a topic, or all"
    )
    at_most: AWeek = Field(default=3, description="Mails about rises in a week, such as 3/week")


class WrittenAlerts(Written):
    """Which papers are told at once, in a mail of their own."""

    authors: bool = Field(default=False, description="Papers of the authors that a topic follows")
    velocity: Annotated[float, Field(ge=0.95, lt=1)] | None = Field(
        default=None, description="Papers with more upvotes than this share of papers of their age, such as 0.99"
    )
    probability: Share | None = Field(default=None, description="Papers that are at least this likely to belong")


class WrittenOnly(Written):
    """What a paper must be to be sent, beside matching."""

    first_story: Share = Field(
        description="The share of papers, of all or of the topic, that are less unlike what came before"
    )


class WrittenExperiment(Written):
    """Another matcher, tried against the profile's own in the same digests."""

    other: Matchers = Field(alias="with", description="The kind of matcher that is tried, or several that are joined")


class WrittenTopic(Written):
    """One thing to follow. All parts are optional, but there must be something to look for."""

    about: Text = Field(default="", description="What the topic is about, in your own words: a sentence or an abstract")
    query: Annotated[str, AfterValidator(check_query)] | None = Field(
        default=None, description='Words with AND, OR, NOT, brackets, "phrases" and open ends*: NOT always wins'
    )
    keywords: Keywords = Field(
        default=(), description="Words or phrases, or a map of each to its weight (1 is ordinary)"
    )
    authors: Authors = Field(default=(), description="Authors by name, ORCID or OpenReview id")
    institutions: Institutions = Field(
        default=(), description="Universities, companies and laboratories, by name as listings print them"
    )
    follow: Follow = Field(
        default=(),
        description="Authors (full name or id), institutions and terms whose papers always come, unless muted",
    )
    categories: Lines = Field(default=(), description="arXiv categories such as cs.CV")
    like: Papers = Field(
        default=(),
        description="Papers that fit, by arXiv id, URL or title, or files of them: .bib .ris .rdf .csv .json .txt .pdf",
    )
    unlike: Papers = Field(default=(), description="Papers that do not fit")
    mute: Words = Field(default=(), description="Words that keep a paper out whatever else it has")
    per_week: Annotated[float, Field(gt=0, le=10_000)] | None = Field(
        default=None, description="About how many papers a week belong, of all that your sources list"
    )
    precision: Share | None = Field(default=None, description="The share of sent papers that should be right")
    threshold: Share | None = Field(
        default=None, description="The probability from which a paper is sent; instead of precision"
    )

    @model_validator(mode="after")
    def _can_match(self) -> Self:
        named = (self.authors, self.institutions, self.follow, self.categories, self.like)
        if not any((self.about, self.query, self.keywords, *named)):
            hint = "add a line 'about: ...', or query, keywords, authors, institutions, follow, categories or like"
            raise wrong("this topic has nothing to look for", hint)
        if self.precision is not None and self.threshold is not None:
            raise wrong("this topic has both precision and threshold", "keep one: each settles the other")
        disliked = {fold(paper) for paper in self.unlike}
        if both := [paper for paper in self.like if fold(paper) in disliked]:
            raise wrong(f"{shown(both[0])} is under both like and unlike", "remove it from one")
        return self

    def topic(self, name: str, matchers: tuple[str, ...], expanded: Expand) -> Topic:
        """Return what this means for a profile of these matchers; ``expanded`` puts papers for the files of them."""
        weights = self.keywords.items() if isinstance(self.keywords, dict) else ((word, 1.0) for word in self.keywords)
        return Topic(
            name=name,
            about=self.about,
            query=self.query or "",
            keywords=tuple(Keyword(word, weight) for word, weight in weights),
            authors=self.authors,
            institutions=self.institutions,
            follow=self.follow,
            categories=self.categories,
            like=expanded(self.like),
            unlike=expanded(self.unlike),
            mute=self.mute,
            threshold=self.threshold,
            precision=self.precision,
            per_week=self.per_week,
            matchers=matchers,
        )


_AS_DIGESTS = ("none", "email")


def _as_trends(value: object) -> object:
    return {"in": value} if isinstance(value, str) else value


def _check_topics(topics: dict[str, WrittenTopic]) -> dict[str, WrittenTopic]:
    if not topics:
        raise wrong("there is no topic here", "add one: a name, and under it 'about: ...'")
    return topics


class WrittenProfile(Written):
    """A profile of Paper Monitor: who gets a digest, when, and the topics they follow."""

    name: Name | None = Field(default=None, description="What the digest is called; the file's name when absent")
    to: Recipients = Field(description="Who gets the digest: addresses alone, without names")
    schedule: Annotated[
        WrittenSchedule, BeforeValidator(parse_schedule, json_schema_input_type=WrittenSchedule | str)
    ] = Field(default=WrittenSchedule(), description="When it leaves: a map, or a line such as 'weekdays at 08:00'")
    budget: PapersADigest = Field(
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
    near_misses: Literal["digest", "none"] = Field(
        default="digest", description="digest: name the best few new papers that fell just short of a threshold"
    )
    alerts: WrittenAlerts = Field(default=WrittenAlerts(), description="Papers that are told at once")
    matcher: Matchers = Field(
        default=("linear",),
        description="What learns from examples, beside rules and description; 'rules' asks for rules alone",
    )
    experiment: WrittenExperiment | None = Field(
        default=None, description="Another matcher that shares the digests, to see which is better: {with: KIND}"
    )
    boost: Literal["none", "first_story"] = Field(
        default="none", description="first_story: papers unlike all that came before them stand further up"
    )
    only: WrittenOnly | None = Field(
        default=None, description="Send nothing new below this: {first_story: 0.95} keeps to the most unusual"
    )
    language: Language = Field(default=DEFAULT, description="The language of the mail around the papers, such as de")
    public: bool = Field(default=False, description="Whether anybody may see it on the pages and subscribe to it")
    channel: SourceName | None = Field(
        default=None, description="How the digest leaves: a name under 'channels:' in monitor.yaml"
    )
    topics: Annotated[dict[Name, WrittenTopic], AfterValidator(_check_topics)] = Field(
        max_length=200, description="The topics, each under its name"
    )

    @model_validator(mode="after")
    def _compares_two(self) -> Self:
        if self.experiment and self.experiment.other == self.matcher:
            hint = "write another under 'with:', or remove 'experiment'"
            raise wrong(f"the experiment compares {'+'.join(self.matcher)} with itself", hint)
        return self

    def _alerts(self) -> Alerts:
        rises, papers = self.trends, self.alerts
        return Alerts(
            trends=rises.alert != "none", mine=rises.within == "my topics", at_most=rises.at_most,
            authors=papers.authors, velocity=papers.velocity, probability=papers.probability,
            channel="" if rises.alert in _AS_DIGESTS else rises.alert,
        )  # fmt: skip

    def profile(self, profile_id: str, expanded: Expand = tuple) -> Profile:
        """Return what this means, with a fingerprint of that meaning; ``expanded`` puts papers for files of them."""
        schedule = self.schedule.schedule()
        profile = Profile(
            id=profile_id,
            name=self.name or profile_id,
            to=self.to,
            topics=tuple(topic.topic(name, self.matcher, expanded) for name, topic in self.topics.items()),
            schedule=schedule,
            budget=self.budget.most(len(schedule.days)),
            pace=self.budget.a_day,
            empty=self.empty,
            revisions=self.revisions,
            trends=self.trends.where,
            near_misses=self.near_misses,
            alerts=self._alerts(),
            public=self.public,
            experiment=self.experiment.other if self.experiment else (),
            language=self.language,
            channel=self.channel or "",
            boost=self.boost,
            first_story=self.only.first_story if self.only else None,
        )
        return replace(profile, fingerprint=fingerprint(profile))


_UNSAID = (", institutions=()",)
"""Parts that came later: a profile that says nothing of them is the one it was, and no upgrade judges it anew."""


def fingerprint(profile: Profile) -> str:
    """Return 16 hex digits that change with anything that changes what is matched or sent, and with nothing else."""
    meaning = repr(replace(profile, id="", public=False, fingerprint=""))
    for unsaid in _UNSAID:
        meaning = meaning.replace(unsaid, "")
    return hashlib.blake2b(meaning.encode(), digest_size=8).hexdigest()
