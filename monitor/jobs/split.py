"""Take back a join: what one source says becomes a paper of its own again, and stays so."""

from __future__ import annotations

from dataclasses import dataclass

from monitor.app import App
from monitor.errors import MonitorError, NotFoundError, ParseError
from monitor.ingest.decide import keyed_entries
from monitor.jobs.explain import find
from monitor.jobs.take import read
from monitor.registry import did_you_mean
from monitor.settings.load import SourceSettings
from monitor.store import alike, joins, papers, snapshots, verdicts
from monitor.store.engine import Session
from monitor.store.joins import Join
from monitor.types.listings import Entry
from monitor.types.papers import Paper, Sighting
from monitor.types.verdicts import Verdict


@dataclass(frozen=True, slots=True)
class Story:
    """A paper with all that the store knows of its making."""

    paper: Paper
    keys: tuple[str, ...]
    joins: tuple[Join, ...]
    sightings: tuple[Sighting, ...]


def story(app: App, name: str) -> Story:
    """Return the story of the paper that ``name`` means. Raises NotFoundError."""
    with app.store.read() as session:
        paper = find(session, name)
        return Story(
            paper,
            tuple(joins.keys_of(session, paper.id)),
            tuple(joins.of_paper(session, paper.id)),
            tuple(papers.sightings_of(session, paper.id)),
        )


def run(app: App, name: str, source: str) -> Paper:
    """Split what ``source`` says off the paper that ``name`` means, and return it as a paper of its own.

    Raises NotFoundError when there is no such paper or join, and MonitorError when the bytes that the source sent are
    no longer kept.
    """
    now = app.clock.now()
    with app.store.write() as session:
        paper = find(session, name)
        join = _join(session, paper, source)
        if join.other_id is not None:
            paper_id = joins.take_back_merge(session, join, now)
        else:
            entry, keys = _entry(app, session, join)
            own = _paper(session, paper, entry, keys, join)
            paper_id = joins.split_off(session, join, own, keys, now)
            verdicts.add(session, [Verdict(paper_id, "new", now, source=source)], judged=True)
        split = papers.by_ids(session, [paper_id])[paper_id]
        alike.keep(session, alike.find(session, alike.Named(split.id, split.title)))
        return split


def _join(session: Session, paper: Paper, source: str) -> Join:
    standing = [join for join in joins.of_paper(session, paper.id) if join.undone_at is None]
    found = [join for join in standing if join.source == source]
    if not found:
        names = sorted({join.source for join in standing})
        hint = did_you_mean(source, names) or "it was never joined with anything"
        raise NotFoundError(f"join of {paper.key} with a source", source, hint)
    return found[-1]


def _entry(app: App, session: Session, join: Join) -> tuple[Entry, tuple[str, ...]]:
    """Return what the source said of the paper last, from the bytes that we keep of it."""
    configured: list[SourceSettings] = [one for one in app.sources if one.name == join.source]
    names = set(joins.keys_of(session, join.paper_id))
    for snapshot_id in snapshots.showing(session, join.paper_id, join.source) if configured else ():
        try:
            listing = read(configured[0], snapshots.one(session, snapshot_id).answer)
        except ParseError:
            continue
        for entry, keys in keyed_entries(listing, join.source):
            if names.intersection(keys):
                return entry, keys
    raise MonitorError(
        f"what {join.source} said of it is no longer kept (or the source is no longer configured), so it cannot become "
        "a paper of its own; it can when the source lists it again"
    )


def _paper(session: Session, paper: Paper, entry: Entry, keys: tuple[str, ...], join: Join) -> Paper:
    free = [key for key in (*keys, f"split:{join.source}:{paper.key}") if not joins.has_key(session, key)]
    return Paper(
        id=0, key=free[-1], title=entry.title, abstract=entry.abstract, first_seen=join.at,
        authors=entry.authors, author_ids=entry.author_ids, institutions=entry.institutions,
        categories=entry.categories, url=entry.url, pdf_url=entry.pdf_url,
        code_url=entry.code_url, published=entry.published, published_precision=entry.published_precision,
        language=entry.language, one_liner=entry.one_liner, sources=(join.source,), upvotes=entry.upvotes,
    )  # fmt: skip
