"""Papers that gather upvotes faster than papers of their age do.

A paper's count is compared with the counts that other papers of its source had at the same age, in hours since they
were listed: fixed limits drift (one marks 4 to 19 % of papers, by month), and votes an hour or the Hacker News
formula order papers worse.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from math import ceil, exp
from statistics import median

from monitor.types.papers import Sighting
from monitor.types.verdicts import Trend

_LEAST_UPVOTES, _LEAST_AGE = 5, 6.0
PERCENTILE = 0.95
_SAME_AGE = 1.5
_COMPARABLE, _ENOUGH_AT_ANY_AGE = 80, 20
_LATELY, _STILL_LISTED = timedelta(days=60), timedelta(days=2)
_HALF_GROWN = 8.0


@dataclass(frozen=True, slots=True)
class _Track:
    """One paper at one source: ages in hours since the start (UTC) of its first listed day, and the upvotes it had."""

    paper_id: int
    source: str
    listed: datetime
    ages: tuple[float, ...]
    upvotes: tuple[int, ...]

    @property
    def age(self) -> float:
        return self.ages[-1]

    @property
    def now(self) -> int:
        return self.upvotes[-1]

    def at(self, age: float) -> int | None:
        """Upvotes in the sighting nearest to ``age``, or ``None`` where none lies within a factor of 1.5."""
        nearest = min(self.ages, key=lambda known: (max(known / age, age / known), known))
        return self.upvotes[self.ages.index(nearest)] if age / _SAME_AGE <= nearest <= age * _SAME_AGE else None


def rising_papers(
    sightings: Sequence[Sighting], titles: Mapping[int, str], now: datetime, percentile: float = PERCENTILE
) -> tuple[Trend, ...]:
    """Return the papers seen within two days of ``now`` (aware) with more upvotes than most papers had at their age.

    ``percentile`` says what most is, 95 % unless told.


    The comparison is with papers of the same source listed within 60 days, at ages within a factor of 1.5, at least
    80 of them. A younger installation compares any 20 papers or more, whatever their age, after dividing by what a
    typical count grows to (half after 8 hours): of the same source or, while that has too few, of all sources. With
    fewer it says nothing. Six hours and five upvotes are the least.
    One trend a paper, the surest first; ``q`` is the share of comparable papers that have as many (ties count half),
    ``expected`` their median at that age. Papers without a title in ``titles`` and sightings later than ``now`` are
    left out.
    """
    tracks = list(_tracks(sightings, now))
    best: dict[int, Trend] = {}
    for track in tracks:
        is_listed = now - track.listed - timedelta(hours=track.age) <= _STILL_LISTED
        if not is_listed or track.now < _LEAST_UPVOTES or track.age < _LEAST_AGE or track.paper_id not in titles:
            continue
        found = _standing(track, [other for other in tracks if other.paper_id != track.paper_id])
        if found and found[0] >= percentile:
            trend = _trend(track, titles[track.paper_id], *found, now)
            known = best.get(track.paper_id)
            best[track.paper_id] = min(trend, known, key=lambda one: one.q) if known else trend
    return tuple(sorted(best.values(), key=lambda trend: (trend.q, -trend.seen, trend.paper_ids)))


def _tracks(sightings: Sequence[Sighting], now: datetime) -> Iterator[_Track]:
    groups: dict[tuple[str, int], list[Sighting]] = {}
    for sighting in sightings:
        if sighting.upvotes is not None and sighting.seen_at <= now:
            groups.setdefault((sighting.source, sighting.paper_id), []).append(sighting)
    for (source, paper_id), seen in sorted(groups.items()):
        listed = datetime.combine(min(sighting.listed_on for sighting in seen), time(), UTC)
        if listed < now - _LATELY:
            continue
        seen.sort(key=lambda sighting: sighting.seen_at)
        # A source may list a day before it begins in UTC; an age of nothing has no factor of 1.5 around it.
        ages = tuple(max(0.5, (sighting.seen_at - listed) / timedelta(hours=1)) for sighting in seen)
        yield _Track(paper_id, source, listed, ages, tuple(max(0, sighting.upvotes or 0) for sighting in seen))


def _standing(track: _Track, others: Sequence[_Track]) -> tuple[float, float] | None:
    """A count's percentile and the count expected at that age, or ``None`` while too few others are known."""
    own = [other for other in others if other.source == track.source]
    same_age = [count for other in own if (count := other.at(track.age)) is not None]
    if len(same_age) >= _COMPARABLE:
        return _midrank(same_age, track.now), float(median(same_age))
    compared = own if len(own) >= _ENOUGH_AT_ANY_AGE else others
    if len(compared) < _ENOUGH_AT_ANY_AGE:
        return None
    grown = [other.now / _grown(other.age) for other in compared]
    return _midrank(grown, track.now / _grown(track.age)), median(grown) * _grown(track.age)


def _grown(age: float) -> float:
    """The share of its last count that a typical paper has after ``age`` hours; half the rest comes every eight.

    Fitted to nine polls of one day of Hugging Face papers: at 10 hours they had .63 to .67 of what they had at 23.
    """
    return 1 - exp(-age * 0.6931 / _HALF_GROWN)


def _midrank(values: Sequence[float], value: float) -> float:
    ordered = sorted(values)
    return (bisect_left(ordered, value) + bisect_right(ordered, value)) / (2 * len(ordered))


def _trend(track: _Track, title: str, percentile: float, expected: float, now: datetime) -> Trend:
    return Trend(
        kind="paper",
        name=title,
        day=now.astimezone(UTC).date(),
        seen=float(track.now),
        expected=round(expected, 2),
        q=round(1 - percentile, 4),
        days=max(1, ceil(track.age / 24)),
        series=tuple(map(float, track.upvotes)),
        paper_ids=(track.paper_id,),
        unit="upvotes",
    )
