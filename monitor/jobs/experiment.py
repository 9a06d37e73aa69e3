"""Which of two matchers a reader likes better, by what they say of the papers that each placed.

A day is won by the matcher whose papers got more wanted words (``more``, ``follow``) over unwanted ones (``less``,
``mute``); days on which both got the same, or nobody said a word, decide nothing (Radlinski, Kurup and Joachims 2008).
Whether the days won could be chance is told by the sign test (Dixon and Mood 1946), two-sided.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from monitor.app import App
from monitor.digest.draft import teams_of
from monitor.jobs.learn import Interval, share
from monitor.store import digests, feedback
from monitor.types.feedback import Feedback
from monitor.types.ledger import Drafted
from monitor.types.profiles import Profile

CHANCE = 0.05
"""A result that chance brings this rarely is called one."""
_WORTH = {"more": 1, "follow": 1, "less": -1, "mute": -1}
_MOST_DAYS = 1_000


@dataclass(frozen=True, slots=True)
class Team:
    """One matcher of an experiment: the papers it placed, the words for and against them, and the days it won."""

    name: str
    papers: int
    wanted: int
    unwanted: int
    days_won: int


@dataclass(frozen=True, slots=True)
class Experiment:
    """How an experiment stands. ``days`` had a digest in which it ran, ``ties`` of them were said equally well of.

    ``won`` is the share of decided days that the tried matcher won, ``None`` before the first.
    """

    profile: str
    own: Team
    other: Team
    days: int
    ties: int
    won: Interval | None

    @property
    def says(self) -> str:
        """The result, or that it is too early to tell and how many more days it would take."""
        ahead, behind = sorted((self.own, self.other), key=lambda team: -team.days_won)
        if by_chance(ahead.days_won, behind.days_won) <= CHANCE:
            return f"{ahead.name} is better"
        needed = self.days_needed
        if not needed:
            return f"too early to tell: {self._why}"
        return f"too early to tell: about {needed:,} more {'day' if needed == 1 else 'days'} at this rate"

    @property
    def _why(self) -> str:
        return "no difference in sight" if self.won else "nobody has said more or less of its papers yet"

    @property
    def days_needed(self) -> int | None:
        """How many more days would settle it if they went as those so far; ``None`` where no number of them would."""
        decided = self.own.days_won + self.other.days_won
        for total in range(decided + 1, _MOST_DAYS if decided else 0):
            won = round(max(self.own.days_won, self.other.days_won) / decided * total)
            if by_chance(won, total - won) <= CHANCE:
                return math.ceil((total - decided) * self.days / decided)
        return None


def run(app: App, only: str | None = None) -> list[Experiment]:
    """Return how the experiment of each profile that has one stands, or of the one named ``only``."""
    with app.store.read() as session:
        return [
            stand(profile, digests.drafted(session, profile.id), feedback.of_profile(session, profile.id))
            for profile in app.profiles
            if profile.experiment and only in (None, profile.id)
        ]


def stand(profile: Profile, drafted: Sequence[Drafted], said: Iterable[Feedback]) -> Experiment:
    """Return how the present experiment of ``profile`` stands; what other matchers placed before is left out."""
    teams = teams_of(profile)
    placed = [one for one in drafted if one.team in teams]
    worth: Counter[tuple[date, str]] = Counter()
    heard: dict[str, list[int]] = {team: [] for team in teams}
    for word in _last(said):
        paper = next((one for one in reversed(placed) if one.paper_id == word.paper_id and one.at <= word.at), None)
        if paper:
            worth[paper.local_date, paper.team] += _WORTH[word.kind]
            heard[paper.team].append(_WORTH[word.kind])
    ahead = [worth[day, teams[1]] - worth[day, teams[0]] for day in {day for day, _ in worth}]
    papers = Counter(team for _, _, team in {(one.local_date, one.paper_id, one.team) for one in placed})
    own, other = (
        Team(team, papers[team], heard[team].count(1), heard[team].count(-1), sum(sign * by > 0 for by in ahead))
        for team, sign in zip(teams, (-1, 1), strict=True)
    )
    days = len({one.local_date for one in placed})
    won = share(other.days_won, own.days_won + other.days_won)
    return Experiment(profile.id, own, other, days, ahead.count(0), won)


def by_chance(won: int, lost: int) -> float:
    """Return how likely chance alone makes the days at least so unequal (two-sided sign test)."""
    total, most = won + lost, max(won, lost)
    ways = sum(math.comb(total, days) for days in range(most, total + 1))
    return min(1.0, float(2 * ways / 2**total))


def _last(said: Iterable[Feedback]) -> list[Feedback]:
    """Return the last word about each paper, of those that were not taken back."""
    return list({one.paper_id: one for one in said if one.paper_id and not one.undone_at}.values())
