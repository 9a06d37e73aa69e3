"""What readers ask for: profiles, topics and schedules, as the settings room hands them out."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, time, timedelta
from typing import Literal, TypeAlias

from monitor.types.listings import Entry

Weekday = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
WEEKDAYS: tuple[Weekday, ...] = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


ENOUGH_EXAMPLES = 20
"""With fewer papers named as wanted or not, likelihoods are those of topics in general rather than this one's own."""


@dataclass(frozen=True, slots=True)
class Schedule:
    """When a profile's digests leave, by the clock on the wall in ``timezone``.

    ``at`` are the hours of a day, in order; ``days`` the days of the week, of which a ``monthly`` schedule takes the
    first of each month. Nothing leaves on the dates of ``quiet`` (first and last of each span). With ``after``, a
    digest waits until that source has announced something, at most until ``by``. One reader's leaves ``delay`` after
    the hour, so that not all leave in the same second.
    """

    days: tuple[Weekday, ...] = WEEKDAYS
    at: tuple[time, ...] = (time(8),)
    timezone: str = "UTC"
    monthly: bool = False
    quiet: tuple[tuple[date, date], ...] = ()
    after: str = ""
    by: time = time(14)
    delay: timedelta = timedelta()


@dataclass(frozen=True, slots=True)
class Keyword:
    """A word or phrase (``*`` ends a word openly) and how much it counts; 1 is ordinary."""

    text: str
    weight: float = 1.0


Example: TypeAlias = str | Entry
"""A paper that a reader names: by id, URL or title, or with all that a file of theirs says of it."""


@dataclass(frozen=True, slots=True)
class Topic:
    """One thing that a reader follows. All parts are optional and combine; ``mute`` and the query's NOT always win.

    ``like`` and ``unlike`` name papers by id, URL or title, or hold what a file of the reader's says of them.
    ``institutions`` are names of places where papers come from. What ``follow`` names always comes: papers by an author
    of that name or id, from an institution of that name, or with that term.
    ``threshold`` is the probability from which a paper is
    sent; ``precision`` asks for the share of sent papers that should be right. With neither, the program's default
    holds. ``per_week`` is about how many of all announced papers the reader expects to belong, which tells a narrow
    topic from a broad one. ``matchers`` are the kinds that learn from examples, or ``rules`` for rules alone. ``faded``
    says how much examples that a reader named long ago still count, by name.
    """

    name: str
    about: str = ""
    query: str = ""
    keywords: tuple[Keyword, ...] = ()
    authors: tuple[str, ...] = ()
    institutions: tuple[str, ...] = ()
    follow: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    like: tuple[Example, ...] = ()
    unlike: tuple[Example, ...] = ()
    mute: tuple[str, ...] = ()
    threshold: float | None = None
    precision: float | None = None
    per_week: float | None = None
    matchers: tuple[str, ...] = ("linear",)
    faded: tuple[tuple[str, float], ...] = ()


MINE = 2
"""Papers of a rise that must match a reader's topics for it to be theirs."""


@dataclass(frozen=True, slots=True)
class Alerts:
    """What is worth a mail of its own, at once.

    ``trends`` asks for rises, ``mine`` for those alone of which two papers match the profile, ``at_most`` bounds their
    mails in seven days. Of papers that match, ``authors`` asks for those of a followed author, ``velocity`` for those
    whose upvotes reach that percentile of papers of their age, ``probability`` for those at least that likely.
    All leave by ``channel``, or as digests do where it is empty or a kind of channel alone.
    """

    trends: bool = False
    mine: bool = True
    at_most: int = 3
    authors: bool = False
    velocity: float | None = None
    probability: float | None = None
    channel: str = ""

    @property
    def of_papers(self) -> bool:
        """Whether any paper can raise an alert."""
        return self.authors or self.velocity is not None or self.probability is not None


@dataclass(frozen=True, slots=True)
class Profile:
    """One YAML file: who gets mail, when, and the topics they follow.

    ``id`` is the file's name without its ending. ``fingerprint`` changes with anything in the file that
    changes what is matched or sent, and is kept with each digest. ``budget`` is the most papers of one digest; ``pace``
    is about how many a day the reader wants, from which thresholds follow. ``experiment`` names the matchers that are
    tried against those of the topics, if any. ``language`` is that of the mail around the papers. ``boost`` puts what
    is unlike all before it further up; below ``first_story``, a share in [0, 1], nothing new is sent. ``alerts``
    are what leaves at once, and ``near_misses`` says whether a digest names what fell just short. Anybody may subscribe
    to a ``public`` one on the pages. ``channel`` is how the digests of those in ``to`` leave, the installation's own
    way when it is empty.
    """

    id: str
    name: str
    to: tuple[str, ...]
    topics: tuple[Topic, ...]
    schedule: Schedule = Schedule()
    budget: int = 12
    pace: float | None = None
    empty: Literal["explain", "skip"] = "explain"
    revisions: Literal["sent", "all", "none"] = "sent"
    trends: Literal["digest", "none"] = "digest"
    near_misses: Literal["digest", "none"] = "digest"
    alerts: Alerts = Alerts()
    experiment: tuple[str, ...] = ()
    language: str = "en"
    channel: str = ""
    boost: Literal["none", "first_story"] = "none"
    first_story: float | None = None
    public: bool = False
    fingerprint: str = ""


@dataclass(frozen=True, slots=True)
class Subscription:
    """One recipient of one profile: what a digest is made for."""

    profile: Profile
    recipient: str
