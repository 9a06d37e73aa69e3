"""What is announced of a stream of entries, and how much of it again: ours, and the rules of other programs.

A file holds one entry a line in the order of time: ``{"at", "source", "id"?, "title", "abstract", "gold"?}``. ``gold``
names the work; without it the id does. Entries of one source at one time are one listing. A repeat is an announced
entry of a work that was announced before; a work is missed when none of its entries is announced.

``ours`` joins entries by their keys and texts as the program does, with nothing in the store at first; a revision is
told as one, and not announced.
``id``: the id without version, where there is none the title (arxiv-sanity-lite and most others).
``guid``: the id as printed, with its version (rss2email and feed readers).
``window``: the id, forgotten after seven days (daily watchers of arXiv).
``title``, ``jaccard``: the title, or seven of ten of its words.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, datetime, timedelta
from itertools import groupby
from typing import Any

from monitor.errors import ParseError
from monitor.evaluate.rules import ALIKE_TITLES, Titles
from monitor.ingest.addresses import arxiv_id, doi
from monitor.ingest.decide import decide, keyed_entries
from monitor.ingest.identity import keys
from monitor.ingest.normalise import clean_entry
from monitor.novelty.near_duplicates import CopyIndex
from monitor.text import fold
from monitor.types.findings import Finding, KnownPaper
from monitor.types.listings import Entry, Listing

_WINDOW = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Shown:
    """One entry of the stream; ``printed`` is its id as printed, ``work`` what it is an entry of, empty if unknown."""

    at: datetime
    source: str
    entry: Entry
    printed: str
    work: str

    @property
    def name(self) -> str:
        """The id without version, or the title."""
        return keys(self.entry, self.source)[0] if self.printed else fold(self.entry.title)


Announces = Callable[[Sequence[Shown]], list[bool]]


@dataclass(frozen=True, slots=True)
class StreamFigures:
    """How many entries were announced, how many of these again, and how many works never; milliseconds an entry."""

    entries: int
    announced: int
    repeats: int
    missed: int
    ms_per_entry: float


def read_stream(rows: Sequence[dict[str, Any]]) -> list[Shown]:
    """Return the entries in the order of time. Raises ParseError for a row that holds none."""
    return sorted((_shown(number, row) for number, row in enumerate(rows, start=1)), key=lambda one: one.at)


def _shown(number: int, row: dict[str, Any]) -> Shown:
    title, printed = str(row.get("title") or ""), str(row.get("id") or "")
    try:
        at = datetime.fromisoformat(str(row["at"]))
    except (KeyError, ValueError):
        raise ParseError("", f'entry {number} needs "at", a day or time such as 2026-03-04T08:00:00Z') from None
    if not title:
        raise ParseError("", f'entry {number} has no "title"')
    at = at if at.tzinfo else at.replace(tzinfo=UTC)
    scheme = "arxiv:" if arxiv_id(printed) else "doi:" if doi(printed) else "guid:"
    ids = (scheme + printed,) if printed else ()
    entry = clean_entry(Entry(title, str(row.get("abstract") or ""), ids=ids), at)
    source = str(row.get("source") or "")
    named = keys(entry, source)[0] if printed else ""
    return Shown(at, source, entry, printed, str(row.get("gold") or named))


def judge_stream(entries: Sequence[Shown], announces: Announces) -> StreamFigures:
    """Return what a rule announces of a stream."""
    start = time.perf_counter()
    flags = announces(entries)
    spent = time.perf_counter() - start
    told = [one.work for one, announced in zip(entries, flags, strict=True) if announced and one.work]
    works = {one.work for one in entries if one.work}
    return StreamFigures(
        len(entries),
        sum(flags),
        len(told) - len(set(told)),
        len(works - set(told)),
        1000 * spent / max(1, len(entries)),
    )


def stream_json(figures: dict[str, StreamFigures]) -> dict[str, object]:
    """Return the figures as ``monitor evaluate stream --json`` prints them: ours, and all under ``methods``."""
    return asdict(figures["ours"]) | {"methods": {name: asdict(one) for name, one in figures.items()}}


# --- ours ----------------------------------------------------------------------------------------------------------


@dataclass(slots=True)
class _Known:
    """The store in small: papers by id, and whose each key is."""

    papers: dict[int, KnownPaper] = field(default_factory=dict)
    owners: dict[str, int] = field(default_factory=dict)

    def take(self, found: Finding, source: str) -> int:
        """Keep what an entry means and return its paper's id, new or known."""
        paper_id = found.paper.id or len(self.papers) + 1
        before = self.papers.get(paper_id)
        names = frozenset(found.keys) | (before.keys if before else frozenset())
        prints = {**(before.prints if before else {}), source: found.print}
        paper = replace(found.paper, id=paper_id)
        self.papers[paper_id] = KnownPaper(paper, names, prints)
        for key in found.keys:
            self.owners.setdefault(key, paper_id)
        return paper_id

    def of(self, names: Sequence[str]) -> dict[str, KnownPaper]:
        """Return the papers that carry any of these keys."""
        return {name: self.papers[self.owners[name]] for name in names if name in self.owners}


def ours(entries: Sequence[Shown]) -> list[bool]:
    """Announce what is new to the store, and no surely second copy of what was announced."""
    known, index, announced = _Known(), CopyIndex(), set[int]()
    told: dict[int, bool] = {}
    for _, moment in groupby(entries, key=lambda one: one.at):
        new: dict[int, int] = {}
        for source, group in groupby(moment, key=lambda one: one.source):
            listing = list(group)
            kept = keyed_entries(Listing(tuple(one.entry for one in listing)), source)
            places = {id(one.entry): one for one in listing}
            for entry, names in kept:
                shown = places[id(entry)]
                found = decide(entry, names, source, known.of(names), shown.at)
                paper_id = known.take(found, source)
                if found.kind == "new":
                    new[id(entry)] = paper_id
        index.add([known.papers[paper_id].paper for paper_id in new.values()])
        for place, paper_id in new.items():
            copy = index.find(known.papers[paper_id].paper)
            told[place] = copy is None or copy.relation != "same" or copy.paper_id not in announced
            if told[place]:
                announced.add(paper_id)
    return [told.get(id(one.entry), False) for one in entries]


# --- the rules of others -------------------------------------------------------------------------------------------


def by_id(entries: Sequence[Shown]) -> list[bool]:
    """Announce each id once."""
    return _once([one.name for one in entries])


def by_guid(entries: Sequence[Shown]) -> list[bool]:
    """Announce each id once as it is printed: a second version is another one."""
    return _once([f"{one.source} {one.printed}" if one.printed else one.name for one in entries])


def by_window(entries: Sequence[Shown]) -> list[bool]:
    """Announce what no entry of the last seven days named."""
    last: dict[str, datetime] = {}
    flags = []
    for one in entries:
        flags.append(one.name not in last or one.at - last[one.name] > _WINDOW)
        last[one.name] = one.at
    return flags


def by_title(entries: Sequence[Shown]) -> list[bool]:
    """Announce each title once."""
    return _once([fold(one.entry.title) for one in entries])


def by_like_title(entries: Sequence[Shown]) -> list[bool]:
    """Announce what shares less than seven of ten title words with all before it."""
    titles, flags = Titles(ALIKE_TITLES), []
    for number, one in enumerate(entries):
        flags.append(titles.find(one.entry.title) is None)
        titles.add(one.entry.title, number)
    return flags


def _once(names: Sequence[str]) -> list[bool]:
    seen: set[str] = set()
    return [not (name in seen or seen.add(name)) for name in names]  # type: ignore[func-returns-value]


METHODS: dict[str, Announces] = {
    "ours": ours, "id": by_id, "guid": by_guid, "window": by_window, "title": by_title, "jaccard": by_like_title,
}  # fmt: skip
