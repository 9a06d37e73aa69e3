"""How much of one answer is read. What is over a limit is cut and said, and the rest stands."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from monitor.text import shorten
from monitor.types.listings import Entry, Listing, Oddity

MAX_ENTRIES = 10_000
MAX_AUTHORS = 100
MAX_TITLE = 500
MAX_ABSTRACT = 20_000
MAX_ODDITIES = 200
MAX_MEMORY = 16_000_000
"""Bytes that the texts of one listing may take: ten megabytes of an answer with rare letters become forty here."""


def gather(
    items: Sequence[Entry | Oddity], batch: date | None = None, notes: Sequence[Oddity] = (), announced: int = 0
) -> Listing:
    """Return the Listing of ``items``, one for each thing that the source holds: an Entry, or the Oddity it became.

    ``notes`` are oddities that stand for no item. Entries without a rank get their place among the items. The source
    holds ``announced`` things, where that is more than the items.
    """
    announced = max(announced, len(items))
    entries: list[Entry] = []
    oddities = list(notes)
    place = taken = 0
    for place, item in enumerate(items[:MAX_ENTRIES], start=1):
        if isinstance(item, Oddity):
            oddities.append(item)
            continue
        entry, cut = _cut(item)
        entries.append(entry if entry.rank is not None else replace(entry, rank=place))
        oddities += [Oddity(item.where, what) for what in cut]
        taken += sys.getsizeof(entry.title) + sys.getsizeof(entry.abstract)
        if taken > MAX_MEMORY:
            break
    if len(items) > place or announced > MAX_ENTRIES:
        oddities.append(
            Oddity(f"item {place + 1}", f"{announced - place} more items left out: {place} are read at most")
        )
    return Listing(tuple(entries), batch, announced, _some(oddities))


def _cut(entry: Entry) -> tuple[Entry, list[str]]:
    cut: list[str] = []
    if len(entry.title) > MAX_TITLE:
        cut.append(f"the title has {len(entry.title)} characters and was cut to {MAX_TITLE}")
        entry = replace(entry, title=shorten(entry.title, MAX_TITLE))
    if len(entry.abstract) > MAX_ABSTRACT:
        cut.append(f"the abstract has {len(entry.abstract)} characters and was cut to {MAX_ABSTRACT}")
        entry = replace(entry, abstract=shorten(entry.abstract, MAX_ABSTRACT))
    if len(entry.authors) > MAX_AUTHORS:
        cut.append(f"{len(entry.authors)} authors, of whom the first {MAX_AUTHORS} were kept")
        kept = entry.authors[:MAX_AUTHORS], entry.author_ids[:MAX_AUTHORS]
        entry = replace(entry, authors=kept[0], author_ids=kept[1])
    return entry, cut


def _some(oddities: list[Oddity]) -> tuple[Oddity, ...]:
    if len(oddities) <= MAX_ODDITIES:
        return tuple(oddities)
    left = len(oddities) - MAX_ODDITIES
    return (*oddities[:MAX_ODDITIES], Oddity(oddities[MAX_ODDITIES].where, f"and {left} more oddities like these"))
