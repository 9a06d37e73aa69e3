"""One answer of a source on its way into the store: read, decided, written whole or not at all."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time

from monitor.app import App, source_kind
from monitor.errors import ParseError
from monitor.ingest.arrival import LONG_ABSENCE, Reading, arrival, is_flood
from monitor.ingest.decide import decide, keyed_entries, seal
from monitor.ingest.normalise import normalise
from monitor.jobs import story
from monitor.novelty.revision import compare
from monitor.settings.load import SourceSettings
from monitor.store import batches, papers, snapshots, sources, verdicts
from monitor.store.backfills import Backfill, put
from monitor.store.engine import Session
from monitor.types.findings import Finding, Showing
from monitor.types.listings import Answer, Entry, Listing, Request
from monitor.types.verdicts import UNANNOUNCED, Arrival, Verdict


@dataclass(frozen=True, slots=True)
class Taking:
    """An answer, the request that it answers, and what is to be remembered of it.

    ``address`` is what the answer's hash and validators are remembered under; ``None`` remembers nothing. ``backfill``
    is written with the papers when this is a page of the past.
    """

    request: Request
    answer: Answer
    sha256: str
    reading: Reading
    address: str | None = None
    etag: str | None = None
    last_modified: str | None = None
    moved_to: str | None = None
    backfill: Backfill | None = None


@dataclass(frozen=True, slots=True)
class Taken:
    """What was read and written: the listing, the day it counts under, and what became of each entry.

    ``is_dated`` says whether the day is one that the source or the question names, and not just that of our asking.
    """

    listing: Listing
    day: date
    found: tuple[str, ...] = ()
    notes: tuple[tuple[str, str], ...] = ()
    backfill: Backfill | None = None
    is_dated: bool = False

    @property
    def new(self) -> int:
        """How many papers the store had not held before."""
        return self.found.count("new")


_Entries = list[tuple[Entry, tuple[str, ...]]]


@dataclass(slots=True)
class _Keyed:
    """The entries of a listing with their keys; ``contents`` is what a replay compares with."""

    entries: _Entries
    contents: list[tuple[str, str]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.contents = [(names[0], names[-1].removeprefix("text:")) for _, names in self.entries]


def take(app: App, source: SourceSettings, taking: Taking) -> Taken:
    """Read one answer and write all that it means. Raises ParseError, naming the source, when it is no listing."""
    with ThreadPoolExecutor(1) as beside:
        packed = beside.submit(snapshots.pack, taking.answer.body)
        try:
            listing = read(source, taking.answer)
        except ParseError as error:
            _keep_unread(app, source, taking, error.reason)
            raise ParseError(source.name, f"{taking.answer.url}: {error.reason}") from error
    day = listing.batch or taking.request.batch or taking.answer.fetched_at.date()
    keyed = _Keyed(list(keyed_entries(listing, source.name)))
    with app.store.write() as session:
        snapshot_id = snapshots.add(
            session, source.name, taking.answer, taking.sha256, day, listing, packed=packed.result(),
            contents=keyed.contents,
        )  # fmt: skip
        taken = _write(
            session, Showing(source.name, snapshot_id, day, taking.answer.fetched_at), taking, listing, keyed
        )
        _remember(session, source, taking, listing)
        if taking.backfill:
            further = _further(taking.backfill, taken)
            put(session, further)
            taken = replace(taken, backfill=further)
    return taken


def _further(state: Backfill, taken: Taken) -> Backfill:
    """Return how far a reading of the past got with one more page."""
    following = taken.listing.next
    return replace(
        state,
        request=state.request if following else state.request + 1,
        url=following.url if following else None,
        read=state.read + len(taken.listing.entries),
        new=state.new + taken.new,
    )


def read(source: SourceSettings, answer: Answer) -> Listing:
    """Return the listing in an answer, cleaned. Raises ParseError, with source ``""``, when there is none."""
    return normalise(source_kind(source).parse(source.options, answer), answer.fetched_at)


def contents_of(source: SourceSettings, listing: Listing) -> snapshots.Contents:
    """Return the first key and the fingerprint of each work in a listing."""
    return tuple(_Keyed(list(keyed_entries(listing, source.name))).contents)


def _keep_unread(app: App, source: SourceSettings, taking: Taking, reason: str) -> None:
    answer = taking.answer
    with app.store.write() as session:
        day = taking.request.batch or answer.fetched_at.date()
        snapshots.add(session, source.name, answer, taking.sha256, day, None, reason=reason)
        if answer.url.startswith("file:"):  # it is read again only when it changes; a page may be whole next time
            _remember(session, source, taking, Listing(()))


def _remember(session: Session, source: SourceSettings, taking: Taking, listing: Listing) -> None:
    if taking.address is None:
        return
    last = sources.LastAnswer(
        taking.sha256, taking.etag, taking.last_modified, taking.moved_to, listing.next.url if listing.next else None
    )
    sources.remember_answer(session, source.name, taking.address, last, taking.answer.fetched_at)


def _write(session: Session, whole: Showing, taking: Taking, listing: Listing, keyed: _Keyed) -> Taken:
    found: list[str] = []
    notes = tuple((f"{whole.source}: {taking.answer.url}", str(oddity)) for oddity in listing.oddities)
    for listed_on, entries in _by_day(taking, listing, whole.day, keyed).items():
        showing = replace(whole, day=listed_on)
        made = _write_entries(session, entries, showing, taking.reading)
        if listing.batch is None and taking.request.batch is None:
            made, flood = _without_flood(session, made, showing)
            notes += flood
        story.listed(session, made)
        made = [one for one in made if one.kind != "seen"]
        verdicts.add(session, [one for one in made if one.arrival not in UNANNOUNCED], judged=False)
        verdicts.add(session, [one for one in made if one.arrival in UNANNOUNCED], judged=True)
        found += [one.kind for one in made] + [one.arrival for one in made] + ["seen"] * (len(entries) - len(made))
    if taking.reading.purpose != "past" or listing.batch or taking.request.batch:
        batches.count(session, whole.source, whole.day, whole.at, found)
    return Taken(listing, whole.day, tuple(found), notes, is_dated=bool(listing.batch or taking.request.batch))


def _by_day(taking: Taking, listing: Listing, day: date, keyed: _Keyed) -> dict[date, _Entries]:
    """Return the entries under the day they are listed on: a harvest of the past holds many days without naming them.

    There each paper counts for the day it was published.
    """
    if taking.reading.purpose != "past" or listing.batch or taking.request.batch:
        return {day: keyed.entries}
    days: dict[date, _Entries] = {}
    for entry, names in keyed.entries:
        days.setdefault(entry.published.date() if entry.published else day, []).append((entry, names))
    return days


def _write_entries(session: Session, entries: _Entries, showing: Showing, reading: Reading) -> list[Verdict]:
    """Write the papers of one day and return a verdict on each that was not printed just as before."""
    seals = {names[0]: seal(entry) for entry, names in entries}
    again = papers.unchanged(session, showing.source, seals)
    back = _back(session, set(again.values()), showing, reading)
    papers.see_again(session, {again[names[0]]: entry for entry, names in entries if names[0] in again}, showing)
    changed = [(entry, names) for entry, names in entries if names[0] not in again]
    first_seen = _first_seen(reading, showing.day, showing.at)
    known = papers.known(session, {key for _, names in changed for key in names}, showing.source)
    findings = [
        _with_change(decide(entry, names, showing.source, known, first_seen, seals[names[0]]))
        for entry, names in changed
    ]
    back |= _back(session, {one.paper.id for one in findings if one.kind == "seen"}, showing, reading)
    ids = papers.record(session, findings, showing)
    made = [_verdict(paper_id, finding, reading, showing) for paper_id, finding in zip(ids, findings, strict=True)]
    return [one for one in made if one.paper_id not in back] + [_resurfaced(*each, showing) for each in back.items()]


def _back(session: Session, ids: set[int], showing: Showing, reading: Reading) -> dict[int, date]:
    """Return which of the papers ``ids`` are back after a long absence, with the day they were listed on last."""
    if reading.purpose != "poll" or reading.is_first:
        return {}
    return papers.absent(session, ids, showing, showing.day - LONG_ABSENCE)


def _resurfaced(paper_id: int, last_listed: date, showing: Showing) -> Verdict:
    return Verdict(
        paper_id, "resurfaced", showing.at, source=showing.source, listed_on=showing.day, last_listed=last_listed
    )


def _first_seen(reading: Reading, day: date, at: datetime) -> datetime:
    """Return when a new paper of this answer was first seen: the past was seen on its own day, not on ours."""
    return min(at, datetime.combine(day, time(), UTC)) if reading.purpose == "past" else at


def _with_change(finding: Finding) -> Finding:
    """Say what a revision changed; one that a reader would not notice is no revision."""
    if finding.kind != "revised" or finding.former is None:
        return finding
    change = compare(finding.former, finding.paper)
    if change.is_empty:
        return replace(finding, kind="seen", paper=replace(finding.paper, version=finding.former.version))
    return replace(finding, change=change)


def _verdict(paper_id: int, finding: Finding, reading: Reading, showing: Showing) -> Verdict:
    arrived: Arrival = arrival(finding.entry.published, showing.day, showing.at, reading)
    return Verdict(
        paper_id, finding.kind, showing.at, source=showing.source, change=finding.change, evidence=finding.evidence,
        arrival=arrived, listed_on=showing.day,
    )  # fmt: skip


def _without_flood(
    session: Session, made: list[Verdict], showing: Showing
) -> tuple[list[Verdict], tuple[tuple[str, str], ...]]:
    """Take a feed that comes back whole, under new names or old ones, for what it is: no news."""
    news = sum(one.kind in ("new", "resurfaced") and one.arrival == "on time" for one in made)
    if not is_flood(news, batches.news(session, showing.source, showing.day)):
        return made, ()
    flood = f"{news} new items at once, likely a feed that was moved or imported again: kept, and not announced"
    return [replace(one, arrival="flood") for one in made if one.kind != "resurfaced"], ((showing.source, flood),)
