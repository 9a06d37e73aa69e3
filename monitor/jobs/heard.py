"""A profile as its file and its readers' feedback together have it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import TypeVar

from monitor.store import feedback, papers
from monitor.store.engine import Session
from monitor.types.feedback import Feedback
from monitor.types.profiles import Profile, Topic

T = TypeVar("T")
HALF_LIFE = timedelta(days=180)
"""After so long a word about a paper counts half.

Half-lives from 60 days to two years rank alike on lists that people keep (average precision within .002 with 20
examples and with all, where a half-life of 60 days costs .001 with 20), so it is as short as costs nothing: readers'
interests move on, and lists' subjects do not.
"""


def heard(session: Session, profile: Profile, recipient: str = "") -> Profile:
    """Return ``profile`` with what its readers said: papers liked and not, words muted, authors and terms followed.

    With ``recipient``, with what that reader said for themselves alone.

    Its fingerprint changes with every word, so that what waits is judged anew.
    """
    said = [one for one in feedback.of_profile(session, profile.id, recipient) if one.undone_at is None]
    state = feedback.state(session, profile.id, recipient)
    if not state:
        return profile
    return replace(with_words(session, profile, said), fingerprint=f"{profile.fingerprint}:{state}")


def with_words(session: Session, profile: Profile, said: Sequence[Feedback]) -> Profile:
    """Return ``profile`` with some words in it."""
    known = papers.by_ids(session, {one.paper_id for one in said if one.paper_id})
    keys = {paper_id: paper.key for paper_id, paper in known.items()}
    faded = fading(said, keys)
    topics = tuple(
        _heard(topic, [one for one in said if one.topic in ("", topic.name)], keys, faded) for topic in profile.topics
    )
    return replace(profile, topics=topics)


def fading(said: Sequence[Feedback], keys: Mapping[int, str]) -> dict[str, float]:
    """Return how much each word about a paper still counts, by the paper's key: half after each ``HALF_LIFE``.

    Ages are counted from the last such word, so that interests do not fade while a reader says nothing.
    """
    words = (one for one in said if one.kind in ("more", "less"))
    about = {keys[one.paper_id]: one.at for one in words if one.paper_id and one.paper_id in keys}
    last = max(about.values(), default=None)
    return {key: round(0.5 ** ((last - at) / HALF_LIFE), 3) for key, at in about.items()} if last else {}


def _heard(topic: Topic, said: Sequence[Feedback], keys: Mapping[int, str], faded: Mapping[str, float]) -> Topic:
    last = {one.paper_id: one.kind for one in said if one.paper_id}  # of one paper, the last word holds
    more = [keys[paper_id] for paper_id, kind in last.items() if kind == "more" and paper_id in keys]
    less = [keys[paper_id] for paper_id, kind in last.items() if kind == "less" and paper_id in keys]
    written = (*topic.like, *topic.unlike)  # what stands in the file holds today
    return replace(
        topic,
        like=_joined([name for name in topic.like if name not in less], more),
        unlike=_joined([name for name in topic.unlike if name not in more], less),
        mute=_joined(topic.mute, [one.text for one in said if one.kind == "mute"]),
        follow=_joined(topic.follow, [one.text for one in said if one.kind == "follow"]),
        faded=(*topic.faded, *((key, faded[key]) for key in (*more, *less) if key not in written)),
    )


def _joined(first: Sequence[T], second: Sequence[T]) -> tuple[T, ...]:
    return tuple(dict.fromkeys((*first, *second)))
