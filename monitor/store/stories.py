"""How unlike all before them the papers of each topic were: the last so many scores, packed.

A paper is ranked among what came under its topic before. Kept so, that is a row for each topic; read from the matches,
it would be a thousand rows for each digest.
"""

from __future__ import annotations

import struct
from collections import defaultdict
from collections.abc import Collection, Iterable

from sqlalchemy import delete
from sqlmodel import Session, col, select

from monitor.store.portions import portions
from monitor.store.tables import MatchRow, StoryRow, VerdictRow
from monitor.store.upsert import upsert

KEPT = 200
"""Scores of one topic, the newest: two weeks of a broad one, a year of a narrow one."""
_STEPS = 10_000

_Topic = tuple[str, str]


def add(session: Session, found: Iterable[tuple[str, str, float | None]]) -> None:
    """Note scores of what was matched just now, each with profile and topic, in the order in which it came.

    Topics of which nothing is kept get what the ledger of matches says, in which the new ones stand already.
    """
    new: dict[_Topic, list[float]] = defaultdict(list)
    for profile, topic, score in found:
        if score is not None:
            new[profile, topic].append(score)
    known = _kept(session, {profile for profile, _ in new})
    afresh = _of_matches(session, {profile for profile, topic in new if (profile, topic) not in known})
    kept = {each: [*known[each], *scores] if each in known else afresh.get(each, []) for each, scores in new.items()}
    rows = [
        {"profile": profile, "topic": topic, "scores": _packed(scores[-KEPT:])}
        for (profile, topic), scores in kept.items()
    ]
    upsert(session, StoryRow, rows, ("scores",))


def of(session: Session, profiles: Collection[str]) -> dict[str, dict[str, list[float]]]:
    """Return the scores of each of some profiles by topic, lowest first."""
    found: dict[str, dict[str, list[float]]] = {profile: {} for profile in profiles}
    for (profile, topic), scores in _kept(session, profiles).items():
        found[profile][topic] = sorted(scores)
    return found


def forget(session: Session, profiles: Collection[str]) -> None:
    """Drop those of some profiles: their files changed, and so did what comes under their topics."""
    for some in portions(profiles):
        session.exec(delete(StoryRow).where(col(StoryRow.profile).in_(some)))


def _kept(session: Session, profiles: Collection[str]) -> dict[_Topic, list[float]]:
    query = select(StoryRow.profile, StoryRow.topic, StoryRow.scores)
    rows = (row for some in portions(profiles) for row in session.exec(query.where(col(StoryRow.profile).in_(some))))
    return {(profile, topic): _unpacked(scores) for profile, topic, scores in rows}


def _of_matches(session: Session, profiles: Collection[str]) -> dict[_Topic, list[float]]:
    query = (
        select(MatchRow.profile, MatchRow.topic, VerdictRow.first_story)
        .join(VerdictRow, col(VerdictRow.id) == col(MatchRow.verdict_id))
        .where(MatchRow.withheld == "", col(VerdictRow.first_story).is_not(None))
        .order_by(col(MatchRow.verdict_id))
    )
    found: dict[_Topic, list[float]] = defaultdict(list)
    for some in portions(profiles):
        for profile, topic, score in session.exec(query.where(col(MatchRow.profile).in_(some))):
            found[profile, topic].append(score or 0.0)
    return found


def _packed(scores: Collection[float]) -> bytes:
    return struct.pack(f"<{len(scores)}H", *[round(score * _STEPS) for score in scores])


def _unpacked(packed: bytes) -> list[float]:
    return [step / _STEPS for step in struct.unpack(f"<{len(packed) // 2}H", packed)]
