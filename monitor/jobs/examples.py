"""Which papers the lines of ``like`` and ``unlike`` mean, and which of them mean several or none."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Literal

from monitor.ingest import identity
from monitor.store import papers
from monitor.store.engine import Session
from monitor.text import fold, shorten
from monitor.types.listings import Entry
from monitor.types.papers import Paper
from monitor.types.profiles import Example, Profile, Topic

if TYPE_CHECKING:
    from monitor.matchers.fusion import Examples

_LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)
_MOST_DOUBTS = 20
"""Lines of a profile that are looked into: nobody reads more at once."""
_NEAREST = 3
_LIKENESS = 86
"""From which likeness of two titles (rapidfuzz's WRatio, 0 to 100) one may be meant by the other."""


@dataclass(frozen=True, slots=True)
class Doubt:
    """A line of a topic that does not mean one paper: ``papers`` are those that it could mean, or comes near to."""

    topic: str
    key: Literal["like", "unlike"]
    name: str
    is_known: bool
    papers: tuple[Paper, ...]

    def __str__(self) -> str:
        """Return the line, what is wrong with it and what to write instead."""
        named = "; ".join(f"{paper.key} “{shorten(paper.title, 80)}”" for paper in self.papers)
        line = f"{self.topic}, {self.key} {shorten(self.name, 80)!r}"
        if self.is_known:
            return f"{line} could mean {len(self.papers)} papers, and all count; write the id of one: {named}"
        if identity.lookup_keys(self.name):
            return f"{line}: no source listed this paper yet, so it says nothing"
        return f"{line}: no paper here has this title" + (f"; did you mean {named}?" if named else "")


def examples_of(session: Session, topic: Topic) -> Examples:
    """Return what a topic's lines stand for; a paper that is both liked and not is not wanted."""
    from monitor.matchers.fusion import Examples  # late: whoever asks is about to judge

    found = _meant(session, (*topic.like, *topic.unlike))
    unliked = _each_once(paper for name in topic.unlike for paper in _standing_for(name, found[name]))
    unwanted = {paper.key for paper in unliked if paper.key}
    liked = _each_once(paper for name in topic.like for paper in _standing_for(name, found[name]))
    wanted = tuple(paper for paper in liked if paper.key not in unwanted)
    return Examples(wanted, tuple(unliked), dict(topic.faded))


def example(session: Session, name: Example) -> Sequence[Paper]:
    """Return the papers that one line means; one that is not in the store stands for itself, by what is said of it."""
    return _standing_for(name, _meant(session, (name,))[name])


def doubts(session: Session, profile: Profile) -> list[Doubt]:
    """Return the lines of a profile that mean several papers of the store or none, the first twenty."""
    lines = [
        (topic.name, key, name)
        for topic in profile.topics
        for key, names in (("like", topic.like), ("unlike", topic.unlike))
        for name in names
    ]
    meant = _meant(session, [name for _, _, name in lines])
    doubtful = [line for line in lines if _is_doubtful(line[2], meant[line[2]])][:_MOST_DOUBTS]
    is_sought = any(not meant[name] and _title(name) for _, _, name in doubtful)
    titles = {key: fold(title) for key, title in papers.titles(session).items()} if is_sought else {}
    return [_doubt(session, topic, key, name, meant[name], titles) for topic, key, name in doubtful]


def _meant(session: Session, names: Sequence[Example]) -> dict[Example, list[Paper]]:
    """Return the papers of the store that each line means: by its keys, or else by its title."""
    keys = {name: _keys(name) for name in names}
    carried = papers.by_keys(session, {key for some in keys.values() for key in some})
    found = {name: _each_once(carried[key] for key in keys[name] if key in carried) for name in names}
    unknown = {name: _title(name) for name in names if not found[name] and _title(name)}
    titled = papers.bearing(session, set(unknown.values()))
    return found | {name: titled.get(fold(title), []) for name, title in unknown.items()}


def _keys(name: Example) -> tuple[str, ...]:
    return identity.keys(name, "") if isinstance(name, Entry) else identity.lookup_keys(name)


def _title(name: Example) -> str:
    if isinstance(name, Entry):
        return name.title
    return "" if identity.lookup_keys(name) else name


def _standing_for(name: Example, found: Sequence[Paper]) -> Sequence[Paper]:
    if found or not _title(name):
        return found
    if isinstance(name, str):
        return [Paper(id=0, key="", title=name, abstract="", first_seen=_LONG_AGO)]
    return [
        Paper(
            id=0, key=identity.keys(name, "")[0], title=name.title, abstract=name.abstract, first_seen=_LONG_AGO,
            authors=name.authors, categories=name.categories, url=name.url,
        )
    ]  # fmt: skip


def _each_once(some: Iterator[Paper]) -> list[Paper]:
    return list({paper.key or paper.title: paper for paper in some}.values())


def _is_doubtful(name: Example, found: Sequence[Paper]) -> bool:
    return len(found) > 1 or (not found and isinstance(name, str))


def _doubt(
    session: Session, topic: str, key: str, name: Example, found: Sequence[Paper], titles: Mapping[int, str]
) -> Doubt:
    written = f"{name.title} ({name.where})" if isinstance(name, Entry) else name
    near = found or _nearest(session, _title(name), titles)
    return Doubt(topic, "like" if key == "like" else "unlike", written, bool(found), tuple(near))


def _nearest(session: Session, title: str, titles: Mapping[int, str]) -> list[Paper]:
    from rapidfuzz import process
    from rapidfuzz.fuzz import WRatio

    if not title:
        return []
    best = process.extract(fold(title), titles, scorer=WRatio, score_cutoff=_LIKENESS, limit=_NEAREST)
    known = papers.by_ids(session, [paper_id for _, _, paper_id in best])
    return [known[paper_id] for _, _, paper_id in best if paper_id in known]
