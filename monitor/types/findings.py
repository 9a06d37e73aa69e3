"""What one entry of a listing means for the store: the arrow between ``ingest.decide`` and ``store.papers``."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from monitor.types.listings import Entry
from monitor.types.papers import Paper
from monitor.types.verdicts import Change, VerdictKind


@dataclass(frozen=True, slots=True)
class Print:
    """What one source printed of a paper last. ``seal`` is a hash of all of it, figures aside."""

    fingerprint: str
    version: int | None = None
    seal: bytes = b""


@dataclass(frozen=True, slots=True)
class KnownPaper:
    """A paper of the store with what is needed to decide on a new print of it. ``prints`` is keyed by source."""

    paper: Paper
    keys: frozenset[str]
    prints: Mapping[str, Print] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Finding:
    """One entry, decided.

    ``paper`` is the paper as it stands after this entry (``id`` 0 when it is new); ``former`` is how it stood before,
    when the text changes. ``keys`` are its names that this entry gives, strongest first. ``by`` is the key that led to
    a paper that this source had not printed before, and ``others`` are papers of the store that this entry shows to be
    the same work. ``is_changed`` says whether the paper's row differs from what is stored. ``change`` is filled in by
    novelty.
    """

    kind: VerdictKind
    entry: Entry
    paper: Paper
    keys: tuple[str, ...]
    print: Print
    former: Paper | None = None
    change: Change | None = None
    evidence: str = ""
    by: str = ""
    others: tuple[int, ...] = ()
    is_changed: bool = True


@dataclass(frozen=True, slots=True)
class Showing:
    """One snapshot as its papers are written: by which source, ``at`` what moment (aware UTC), under which day."""

    source: str
    snapshot_id: int
    day: date
    at: datetime
