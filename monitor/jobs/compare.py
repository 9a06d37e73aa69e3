"""What an edit of a profile would add and drop, before it is saved."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import timedelta

from monitor.app import App
from monitor.jobs import pace
from monitor.jobs.examples import examples_of
from monitor.jobs.heard import heard
from monitor.jobs.learn import Interval, share
from monitor.jobs.match import judge_all
from monitor.jobs.topics import judge_of
from monitor.store import feedback, papers, verdicts
from monitor.store.engine import Session
from monitor.types.papers import Paper
from monitor.types.profiles import Profile
from monitor.types.verdicts import NEWS, Match, Verdict

_FOUND_BY_TOPICS = frozenset({"id", "topics", "fingerprint"})


@dataclass(frozen=True, slots=True)
class Side:
    """What one version of a profile makes of the same papers.

    ``right`` is the share of those that it lets in of which readers wanted more, ``found`` the share that it lets in of
    all of which they wanted more; ``None`` when nobody said.
    """

    matched: int
    right: Interval | None
    found: Interval | None


@dataclass(frozen=True, slots=True)
class Comparison:
    """A profile and its edit over the papers of some days: what comes, what goes, most probable first.

    ``keys`` are those of the profile, beside its topics, that the edit changes.
    """

    papers: int
    now: Side
    edited: Side
    comes: tuple[tuple[Match, Paper], ...]
    goes: tuple[tuple[Match, Paper], ...]
    keys: tuple[str, ...]


def run(app: App, saved: Profile, edited: Profile, days: int) -> Comparison:
    """Return what ``edited`` would have matched of the news of the last ``days`` days that ``saved`` would not.

    Both are judged by their files and by what readers said; a pace becomes a threshold anew for both. Nothing is
    written to the store.
    """
    since = app.clock.now() - timedelta(days=days)
    with app.store.read() as session:
        batch = [one for one in verdicts.between(session, 0, since) if one.kind in NEWS]
        known = papers.by_ids(session, {one.paper_id for one in batch})
        said = _said(session, saved, edited)
        before, now = _side(app, session, saved, batch, said)
        after, then = _side(app, session, edited, batch, said)
    return Comparison(
        len(known), now, then, _only(after, before, known), _only(before, after, known), _keys(saved, edited)
    )


def _side(
    app: App, session: Session, profile: Profile, batch: Sequence[Verdict], said: Mapping[Paper, bool]
) -> tuple[dict[int, Match], Side]:
    """Return the best match of each paper that a profile lets in, and how right it is by what was said.

    The file alone is asked about papers that were spoken of: with what readers said it would know the answers.
    """
    now = heard(session, profile)
    found = pace.find(app, session, now) if now.pace is not None else None
    matched: dict[int, Match] = {}
    for one in judge_all(app, session, pace.with_threshold(now, found), batch):
        best = matched.get(one.verdict.paper_id)
        if not one.withheld and (best is None or best.probability < one.match.probability):
            matched[one.verdict.paper_id] = one.match
    let_in = set[int]()
    for topic in pace.with_threshold(profile, found).topics:
        judged = judge_of(app, session, topic).judge(list(said))
        let_in |= {one.match.paper_id for one in judged if one.stage == "matched"}
    liked = {paper.id for paper, is_liked in said.items() if is_liked}
    right, recall = share(len(liked & let_in), len(let_in)), share(len(liked & let_in), len(liked))
    return matched, Side(len(matched), right, recall)


def _said(session: Session, *profiles: Profile) -> dict[Paper, bool]:
    """Return of which papers readers wanted more, and of which less, without those that a version's file names."""
    words = {one.paper_id: one.kind for one in feedback.of_profile(session, profiles[0].id) if not one.undone_at}
    answers = {key: kind == "more" for key, kind in words.items() if key and kind in ("more", "less")}
    examples = [examples_of(session, topic) for each in profiles for topic in each.topics]
    named = {paper.key for one in examples for paper in (*one.liked, *one.unliked)}
    return {one: answers[key] for key, one in papers.by_ids(session, answers).items() if one.key not in named}


def _only(
    these: dict[int, Match], others: dict[int, Match], known: dict[int, Paper]
) -> tuple[tuple[Match, Paper], ...]:
    left = (match for paper_id, match in these.items() if paper_id not in others)
    return tuple((one, known[one.paper_id]) for one in sorted(left, key=lambda one: (-one.probability, one.paper_id)))


def _keys(saved: Profile, edited: Profile) -> tuple[str, ...]:
    names = (one.name for one in fields(Profile) if one.name not in _FOUND_BY_TOPICS)
    return tuple(name for name in names if getattr(saved, name) != getattr(edited, name))
