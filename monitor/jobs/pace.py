"""From "about 5 a day" to a threshold: the probability that about so many papers a day have passed of late."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from monitor.app import App
from monitor.jobs.heard import heard
from monitor.jobs.topics import best_probabilities
from monitor.store import matches, verdicts
from monitor.store.engine import Session
from monitor.types.profiles import Profile
from monitor.types.verdicts import NEWS

LOOK_BACK = timedelta(days=28)
LEAST, MOST = 0.2, 0.95
"""Bounds of what is found: under the one nothing is likely, over the other nothing is left to choose from."""
_ENOUGH_PAPERS, _ENOUGH_DAYS = 50, 3


def threshold(probabilities: Sequence[float], days: int, a_day: float) -> float | None:
    """Return the threshold that ``a_day`` of the papers of ``days`` days would have passed.

    ``None`` while three days and fifty papers are not there to tell.
    """
    if days < _ENOUGH_DAYS or len(probabilities) < _ENOUGH_PAPERS:
        return None
    ranked = sorted(probabilities, reverse=True)
    place = round(a_day * days)
    found = ranked[place - 1] if 0 < place <= len(ranked) else (LEAST if place else MOST)
    return round(min(max(found, LEAST), MOST), 4)


def with_threshold(profile: Profile, found: float | None) -> Profile:
    """Return ``profile`` with a threshold for the topics that name none themselves."""
    if found is None:
        return profile
    topics = (
        replace(topic, threshold=found) if topic.threshold is None and topic.precision is None else topic
        for topic in profile.topics
    )
    return replace(profile, topics=tuple(topics))


def as_judged(session: Session, profile: Profile) -> Profile:
    """Return ``profile`` as its papers were judged last: with its readers' feedback, and its pace made a threshold."""
    now, done = heard(session, profile), matches.progress(session, profile.id)
    return with_threshold(now, done.threshold) if done and profile.pace is not None else now


def find(app: App, session: Session, profile: Profile) -> float | None:
    """Return the threshold for a profile's pace by the papers of the last 28 days; ``None`` while they are too few."""
    assert profile.pace is not None
    now = app.clock.now()
    recent = [one for one in verdicts.between(session, 0, now - LOOK_BACK) if one.kind in NEWS]
    if not recent:
        return None
    plain = replace(profile, topics=tuple(replace(one, threshold=None, precision=None) for one in profile.topics))
    return threshold(best_probabilities(app, session, plain, recent), _days(recent[0].at, now), profile.pace)


def _days(first: datetime, now: datetime) -> int:
    return (now.date() - first.date()).days + 1
