"""What many digests are made from, read ahead in a few statements for all of them together."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from monitor.digest.due import due_slot
from monitor.jobs.heard import heard
from monitor.jobs.shared import Shared
from monitor.store import batches, digests, feedback, matches, near_misses, papers, stories, verdicts
from monitor.store.engine import Session
from monitor.types.ledger import Candidate, NearMiss, Slot, SubscriptionState
from monitor.types.profiles import Profile

FIRST_LOOK_BACK = timedelta(days=8)
"""How old the trends in a subscription's first digest may be."""

Due = tuple[Profile, SubscriptionState, Slot]


def due(shared: Shared, session: Session, some: Sequence[tuple[Profile, SubscriptionState]]) -> Iterator[Due]:
    """Yield those whose digest is due now, with the digest; not those whose matches are still being written."""
    ids = {profile.id for profile, _ in some}
    reached, speaking = matches.progress_of(session, ids), feedback.speaking(session, ids)
    last = verdicts.last_id(session)
    shared.know("speaking", speaking)
    for profile, state in some:
        announced = _announced(session, profile.schedule.after, state.last_composed_at)
        slot = due_slot(profile.schedule, shared.now, state.last, announced=announced)
        done = reached.get(profile.id)
        if slot is None or done is None or done.through < last:
            continue
        wanted = heard(session, profile) if profile.id in speaking else profile
        if done.fingerprint == wanted.fingerprint:
            yield profile, state, slot


def _announced(session: Session, source: str, since: datetime | None) -> bool:
    """Return whether a source has announced something since a subscription's last digest; no source always has."""
    return not source or since is None or batches.announced_since(session, source, since)


def read(shared: Shared, session: Session, some: Sequence[Due]) -> dict[int, list[Candidate]]:
    """Return what waits for each subscription, by its id; what else their digests ask for is shared from here on."""
    waiting = matches.waiting_of(session, [(profile.id, state.id) for profile, state, _ in some])
    _read_of_profiles(shared, session, some)
    ids = {
        key: frozenset(one.id for each in found for one in (each.paper, each.of) if one)
        for key, found in waiting.items()
    }
    near: dict[int, list[NearMiss]] = {state.id: shared.once(_near(profile, state), list) for profile, state, _ in some}
    asked = {key: ids[key] | {one.paper.id for one in near[key]} for key in ids}
    every = frozenset[int]().union(*asked.values())
    picked = papers.picked(session, every)
    sent = digests.sent_to_each(session, {state.recipient for _, state, _ in some}, every)
    for profile, state, _ in some:
        shared.know(("picked", ids[state.id]), {one: picked[one] for one in ids[state.id] if one in picked})
        if profile.id not in shared.once("speaking", set[str]):  # a reader's own words may leave fewer papers
            theirs = sent[state.recipient]
            shared.know(("sent", state.id), {one: theirs[one] for one in asked[state.id] if one in theirs})
    return waiting


def _read_of_profiles(shared: Shared, session: Session, some: Sequence[Due]) -> None:
    ids = {profile.id for profile, _, _ in some}
    for name, scores in stories.of(session, ids).items():
        shared.know(("stories", name), scores)
    for since in {state.last_composed_at for _, state, _ in some}:
        theirs = [(profile, state) for profile, state, _ in some if state.last_composed_at == since]
        names, moment = {profile.id for profile, _ in theirs}, since or shared.now - FIRST_LOOK_BACK
        near = near_misses.falling_short(session, names, moment)
        withholding = matches.withholding(session, names, moment)
        for profile, state in theirs:
            shared.know(_near(profile, state), near.get(profile.id, []))
            if profile.id not in withholding:
                shared.know(("withheld", profile.id, since), ())


def _near(profile: Profile, state: SubscriptionState) -> tuple[str, str, datetime | None]:
    return "near", profile.id, state.last_composed_at
