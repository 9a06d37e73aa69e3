"""Which verdicts belong to which profile, and how far each profile has read."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from functools import lru_cache
from hashlib import blake2b
from itertools import groupby
from operator import itemgetter
from typing import Any

import sqlalchemy as sa
from sqlalchemy import delete, exists, func
from sqlmodel import Session, col, select

from monitor.store import papers
from monitor.store.plainly import Question, among, plainly
from monitor.store.portions import portions
from monitor.store.tables import MatchRow, PlacementRow, ProfileRow, ReasonsRow, SubscriptionRow, VerdictRow
from monitor.store.upsert import insert_missing, upsert
from monitor.store.verdicts import as_verdict
from monitor.store.written import Written, from_json
from monitor.types.ledger import Candidate
from monitor.types.papers import Paper
from monitor.types.verdicts import Judgement, Match, Reason, Verdict


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a profile has read: every verdict up to ``through`` was judged under ``fingerprint``.

    ``threshold`` is what a pace such as "about 5 a day" came to, on the day ``paced_on``.
    """

    fingerprint: str
    through: int
    threshold: float | None = None
    paced_on: date | None = None


def progress(session: Session, profile: str) -> Progress | None:
    """Return how far ``profile`` has read, or ``None`` when it is new."""
    return progress_of(session, [profile]).get(profile)


def progress_of(session: Session, profiles: Collection[str]) -> dict[str, Progress]:
    """Return how far some profiles have read, by their ids; those that are new are left out."""
    table = ProfileRow.metadata.tables["profiles"].c
    query = sa.select(table.id, table.fingerprint, table.matched_through, table.threshold, table.paced_on)
    found = (session.execute(query.where(table.id.in_(some))) for some in portions(profiles))
    return {profile: Progress(*said) for rows in found for profile, *said in rows}


def set_progress(session: Session, reached: Mapping[str, Progress]) -> None:
    """Note how far profiles have read. Belongs in the transaction that adds the matches."""
    rows = [
        {
            "id": profile, "fingerprint": done.fingerprint, "matched_through": done.through,
            "threshold": done.threshold, "paced_on": done.paced_on,
        }
        for profile, done in reached.items()
    ]  # fmt: skip
    upsert(session, ProfileRow, rows, ("fingerprint", "matched_through", "threshold", "paced_on"))


def forget_unplaced(session: Session, profiles: Collection[str]) -> None:
    """Drop the matches of profiles that went into no digest yet: their files changed, so they are judged anew."""
    placed = exists().where(
        col(PlacementRow.verdict_id) == col(MatchRow.verdict_id),
        col(PlacementRow.subscription_id) == col(SubscriptionRow.id),
        col(SubscriptionRow.profile) == col(MatchRow.profile),
    )
    for some in portions(profiles):
        session.exec(delete(MatchRow).where(col(MatchRow.profile).in_(some), ~placed))


@dataclass(frozen=True, slots=True)
class Judged:
    """A verdict, and what one topic says of it."""

    verdict: Verdict
    judgement: Judgement

    @property
    def match(self) -> Match:
        """The paper under the topic."""
        return self.judgement.match

    @property
    def withheld(self) -> str:
        """The muted word that keeps it out, if one does."""
        return self.judgement.muted_by

    @property
    def falls_short(self) -> bool:
        """Whether its probability alone keeps it out."""
        return self.judgement.stage == "below"


def add(session: Session, found: Collection[tuple[str, Judged]], at: datetime) -> None:
    """Write matches, each with the profile that it belongs to; one that is already there stays as it is."""
    each = {id(one): one for _, one in found}.values()  # readers of a topic share one object
    written = {id(one): _written(one.match.reasons) for one in each}
    in_order = sorted(set(written.values()))  # as all workers have them: none waits for one that waits for it
    insert_missing(session, ReasonsRow, [{"hash": key, "reasons": text} for key, text in in_order])
    rows = [
        {
            "profile": profile, "topic": one.match.topic, "verdict_id": one.verdict.id, "paper_id": one.match.paper_id,
            "probability": one.match.probability, "withheld": one.withheld,
            "tried_own": one.match.tried[0] if one.match.tried else None,
            "tried_other": one.match.tried[1] if one.match.tried else None,
            "reasons": _HASHED, "reasons_hash": written[id(one)][0],
        }
        for profile, one in found
    ]  # fmt: skip
    insert_missing(session, MatchRow, rows, matched_at=at)


_HASHED = Written("[]")
"""What a match whose reasons are found by their hash holds of them itself: the column takes no NULL."""


@lru_cache(maxsize=50_000)
def _written(reasons: tuple[Reason, ...]) -> tuple[int, Written]:
    """Return reasons as they are stored, after the hash that they are found by."""
    text = json.dumps([asdict(reason) for reason in reasons])
    return int.from_bytes(blake2b(text.encode(), digest_size=8).digest(), signed=True), Written(text)


def waiting(session: Session, profile: str, subscription_id: int) -> list[Candidate]:
    """Return what matched ``profile`` and has not yet been placed for one subscription, oldest verdict first."""
    return waiting_of(session, [(profile, subscription_id)])[subscription_id]


def waiting_of(session: Session, subscriptions: Collection[tuple[str, int]]) -> dict[int, list[Candidate]]:
    """Return what waits for each subscription, given with its profile, as ``waiting`` does, by the subscription.

    What waits for several in the same way, as it does for readers of the same topic, is one object.
    """
    found: dict[int, list[_Row]] = {key: [] for _, key in subscriptions}
    for row in _WAITING(session, ids=found):
        found[row[0]].append(row[1:])
    alike = {key: tuple(rows) for key, rows in found.items()}
    of_each = {rows: _by_verdict(rows) for rows in set(alike.values())}
    made = _candidates(session, {one for each in of_each.values() for one in each})
    candidates = {rows: [made[one] for one in each] for rows, each in of_each.items()}
    return {key: candidates[rows].copy() for key, rows in alike.items()}


def _by_verdict(rows: Sequence[_Row]) -> list[tuple[int, tuple[_Said, ...]]]:
    """Return each verdict with what the rows of its matches say."""
    return [(key, tuple(row[1:] for row in run)) for key, run in groupby(rows, itemgetter(0))]


def _asked_waiting() -> Any:
    match = MatchRow.metadata.tables["matches"].c
    placed = exists().where(
        col(PlacementRow.subscription_id) == col(SubscriptionRow.id),
        col(PlacementRow.verdict_id) == match.verdict_id,
    )
    return (
        sa.select(
            col(SubscriptionRow.id), match.verdict_id, match.paper_id, match.topic, match.probability,
            match.tried_own, match.tried_other, match.reasons_hash, _own_reasons(match),
        )
        .join(SubscriptionRow, col(SubscriptionRow.profile) == match.profile)
        .where(match.withheld == "", ~placed, among(col(SubscriptionRow.id), "ids"))
        .order_by(match.verdict_id, match.id)
    )  # fmt: skip


def _own_reasons(match: Any) -> Any:
    """Return the reasons that a match holds itself, as JSON; ``None`` of one that has their hash."""
    return sa.case((match.reasons_hash.is_(None), sa.cast(match.reasons, sa.Text)))


_WAITING = Question(_asked_waiting())
_Said = tuple[int, str, float, float | None, float | None, int | None, str | None]
"""What the row of a match says: paper, topic, probability, what two matchers on trial gave, and its reasons: their
hash, or themselves as JSON."""
_Row = tuple[Any, ...]
"""A verdict's id, and what follows of one of its matches."""


def _candidates(session: Session, wanted: Collection[tuple[int, tuple[_Said, ...]]]) -> dict[Any, Candidate]:
    """Return a candidate for each verdict, by id, with what the rows of its matches say."""
    verdicts = _verdicts(session, {verdict_id for verdict_id, _ in wanted})
    known = papers.by_ids(
        session, {key for one in verdicts.values() for key in (one.paper_id, one.of, one.nearest) if key}
    )
    matches = _matches(session, {each for _, said in wanted for each in said})
    made: dict[Any, Candidate] = {}
    for verdict_id, said in wanted:
        one = verdicts[verdict_id]
        made[verdict_id, said] = Candidate(
            one,
            known[one.paper_id],
            tuple(map(matches.__getitem__, said)),
            known.get(one.of or 0),
            known.get(one.nearest or 0),
        )
    return made


def _verdicts(session: Session, ids: Collection[int]) -> dict[int, Verdict]:
    table = VerdictRow.metadata.tables["verdicts"]
    rows = (row for some in portions(ids) for row in plainly(session, sa.select(table).where(table.c.id.in_(some))))
    return {row.id: as_verdict(row) for row in rows}


def matching(session: Session, profile: str, paper_ids: Collection[int]) -> set[int]:
    """Return which of ``paper_ids`` match ``profile`` and are not withheld."""
    query = select(MatchRow.paper_id).where(MatchRow.profile == profile, MatchRow.withheld == "")
    found: set[int] = set()
    for some in portions(paper_ids):
        found.update(session.exec(query.where(col(MatchRow.paper_id).in_(some))))
    return found


def withholding(session: Session, profiles: Collection[str], since: datetime) -> set[str]:
    """Return from which of some profiles a muted word has kept a paper since a moment."""
    query = (
        select(MatchRow.profile)
        .join(VerdictRow, col(VerdictRow.id) == col(MatchRow.verdict_id))
        .where(MatchRow.withheld != "", VerdictRow.at > since)
        .distinct()
    )
    found = (session.exec(query.where(col(MatchRow.profile).in_(some))) for some in portions(profiles))
    return {profile for rows in found for profile in rows}


def withheld(session: Session, profile: str, since: datetime) -> dict[str, int]:
    """Return how many papers each muted word has kept out of ``profile`` since a moment."""
    query = (
        select(MatchRow.withheld, func.count(func.distinct(MatchRow.paper_id)))
        .join(VerdictRow, col(VerdictRow.id) == col(MatchRow.verdict_id))
        .where(MatchRow.profile == profile, MatchRow.withheld != "", VerdictRow.at > since)
        .group_by(MatchRow.withheld)
        .order_by(MatchRow.withheld)
    )
    return dict(session.exec(query).all())


def since(session: Session, profile: str, moment: datetime) -> list[tuple[datetime, Match]]:
    """Return the matches of ``profile`` since a moment, with when each paper was judged, oldest first."""
    match = MatchRow.metadata.tables["matches"].c
    query = (
        sa.select(
            col(VerdictRow.at), match.paper_id, match.topic, match.probability, match.tried_own, match.tried_other,
            match.reasons_hash, _own_reasons(match),
        )
        .join(VerdictRow, col(VerdictRow.id) == match.verdict_id)
        .where(match.profile == profile, match.withheld == "", col(VerdictRow.at) > moment)
        .order_by(col(VerdictRow.at), match.id)
    )  # fmt: skip
    rows = [(row[0], tuple(row[1:])) for row in plainly(session, query)]
    made = _matches(session, {said for _, said in rows})
    return [(at, made[said]) for at, said in rows]


def likeliest(session: Session, profile: str, since: datetime, most: int) -> list[Paper]:
    """Return the most probable papers that matched ``profile`` since a moment, at most ``most``."""
    probability = func.max(MatchRow.probability)
    query = (
        select(MatchRow.paper_id)
        .where(MatchRow.profile == profile, MatchRow.withheld == "", MatchRow.matched_at >= since)
        .group_by(col(MatchRow.paper_id))
        .order_by(probability.desc(), col(MatchRow.paper_id))
        .limit(most)
    )
    found = list(session.exec(query))
    known = papers.by_ids(session, set(found))
    return [known[key] for key in found if key in known]


def topics_of(session: Session, profile: str, paper_id: int) -> list[str]:
    """Return the topics of ``profile`` under which a paper matched, the most probable first."""
    query = select(MatchRow.topic).where(MatchRow.profile == profile, MatchRow.paper_id == paper_id)
    return list(dict.fromkeys(session.exec(query.order_by(col(MatchRow.probability).desc()))))


def count(session: Session) -> int:
    """Return how many matches there are over all profiles."""
    return session.exec(select(func.count()).select_from(MatchRow).where(MatchRow.withheld == "")).one()


def _matches(session: Session, said: Collection[_Said]) -> dict[_Said, Match]:
    """Return the match of each thing that rows say."""
    table = ReasonsRow.metadata.tables["reasons"].c
    query = sa.select(table.hash, sa.cast(table.reasons, sa.Text))
    wanted = portions({each[5] for each in said if each[5] is not None})
    shared = dict(row for some in wanted for row in plainly(session, query.where(table.hash.in_(some))))
    return {each: _match(*each[:5], shared.get(each[5], each[6])) for each in said}


def _match(
    paper_id: int, topic: str, probability: float, own: float | None, other: float | None, stored: str | None
) -> Match:
    tried = None if own is None or other is None else (own, other)
    reasons = from_json(stored) if stored else ()
    return Match(paper_id, topic, probability, tuple(Reason(**each) for each in reasons), tried)
