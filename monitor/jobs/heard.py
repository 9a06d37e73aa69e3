"""A profile as its file and its readers' feedback together have it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from monitor.store import feedback, papers
from monitor.store.engine import Session
from monitor.types.feedback import Feedback
from monitor.types.profiles import Profile, Topic


def heard(session: Session, profile: Profile) -> Profile:
    """Return ``profile`` with what its readers said: papers liked and not, words muted, authors followed.

    Its fingerprint changes with every word, so that what waits is judged anew.
    """
    said = [one for one in feedback.of_profile(session, profile.id) if one.undone_at is None]
    state = feedback.state(session, profile.id)
    if not state:
        return profile
    known = papers.by_ids(session, {one.paper_id for one in said if one.paper_id})
    keys = {paper_id: paper.key for paper_id, paper in known.items()}
    topics = tuple(
        _heard(topic, [one for one in said if one.topic in ("", topic.name)], keys) for topic in profile.topics
    )
    return replace(profile, topics=topics, fingerprint=f"{profile.fingerprint}:{state}")


def _heard(topic: Topic, said: Sequence[Feedback], keys: Mapping[int, str]) -> Topic:
    last = {one.paper_id: one.kind for one in said if one.paper_id}  # of one paper, the last word holds
    more = [keys[paper_id] for paper_id, kind in last.items() if kind == "more" and paper_id in keys]
    less = [keys[paper_id] for paper_id, kind in last.items() if kind == "less" and paper_id in keys]
    return replace(
        topic,
        like=_joined([name for name in topic.like if name not in less], more),
        unlike=_joined([name for name in topic.unlike if name not in more], less),
        mute=_joined(topic.mute, [one.text for one in said if one.kind == "mute"]),
        authors=_joined(topic.authors, [one.text for one in said if one.kind == "follow"]),
    )


def _joined(first: Sequence[str], second: Sequence[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys((*first, *second)))
